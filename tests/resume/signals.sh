#!/usr/bin/env bash
# Ends a training with SIGHUP at random moments, as a terminal that is closed does, resumes it each
# time and compares the result with an undisturbed run, byte for byte; then ends `generate` with
# SIGINT at random moments: each picture is whole or absent, and nothing else is left.
# Usage: tests/resume/signals.sh [HANGUPS (5) [INTERRUPTS (10)]]; STYLEGAN names the binary.
set -euo pipefail

stylegan=${STYLEGAN:-build/stylegan}
hangups=${1:-5}
interrupts=${2:-10}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "$*" >&2
    exit 1
}

# An ended command has saved what it had, with the status of its signal, or was quicker than it.
expect_status() { # STATUS SIGNAL_STATUS LOG WHAT
    [ "$1" -eq 0 ] || [ "$1" -eq "$2" ] || { cat "$3" >&2; fail "$4 ended with status $1"; }
}

expect_nothing_hidden() { # FOLDER WHAT
    hidden=$(find "$1" -name '.*' -not -name '.' -type f)
    [ -z "$hidden" ] || fail "$2 left $hidden"
}

kimg=$(awk -v n="$hangups" 'BEGIN { printf "%.3f", 0.4 + 0.128 * n }')
options=(--data data/mnist --cond --batch 8 --gamma 1 --cbase 64 --cmax 8 --z-dim 8 --w-dim 8
    --map-depth 1 --tick 0.032 --snap 1000 --threads 1 --aug ada --p 0.3 --aug-kimg 1)
"$stylegan" train "${options[@]}" --outdir "$work/whole" --kimg "$kimg" >"$work/whole.log"
# A first run that ends by itself makes the folder.
"$stylegan" train "${options[@]}" --outdir "$work/ended" --kimg 0.032 >"$work/ended.log"
folder=$(echo "$work"/ended/00000-*)

images_so_far() {
    find "$folder" -name 'training-state-*.safetensors' | sort | tail -n 1 | sed 's/.*state-0*\([0-9]\)/\1/; s/\..*//'
}

for ((i = 1; i <= hangups; i++)); do
    before=$(images_so_far)
    "$stylegan" train --resume "$folder" --kimg "$kimg" --threads 1 >"$work/resume.log" 2>&1 &
    sleep "0.$((RANDOM % 5 + 2))$((RANDOM % 10))"
    kill -HUP $! 2>/dev/null || true
    status=0
    wait $! || status=$?
    expect_status "$status" 129 "$work/resume.log" "hangup $i"
    after=$(images_so_far)
    [ "$after" -ge "$before" ] || fail "hangup $i lost images: $before before, $after after"
    expect_nothing_hidden "$folder" "hangup $i"
done
"$stylegan" train --resume "$folder" --kimg "$kimg" --threads 1 >"$work/resume.log"
for kind in network-snapshot training-state; do
    last=$(cd "$work"/whole/00000-*; ls $kind-*.safetensors | sort | tail -n 1)
    cmp "$work"/whole/00000-*/"$last" "$folder/$last"
done
echo "$hangups hangups: nothing lost, and the same bytes as the undisturbed run at kimg $kimg"

paint=(generate --network models/digits-32.safetensors --class 3 --threads 1)
"$stylegan" "${paint[@]}" --seeds 0-199 --outdir "$work/all" >"$work/paint.log" 2>&1
for ((i = 1; i <= interrupts; i++)); do
    "$stylegan" "${paint[@]}" --seeds 0-199 --outdir "$work/some" >"$work/paint.log" 2>&1 &
    sleep "0.0$((RANDOM % 10))$((RANDOM % 10))"
    kill -INT $! 2>/dev/null || true
    status=0
    wait $! || status=$?
    expect_status "$status" 130 "$work/paint.log" "interrupt $i"
    [ -d "$work/some" ] || continue
    expect_nothing_hidden "$work/some" "interrupt $i"
    for picture in "$work"/some/*; do
        [ ! -e "$picture" ] || cmp "$picture" "$work/all/$(basename "$picture")"
    done
    rm -rf "$work/some"
done
echo "$interrupts interrupts: each picture is whole or absent, and nothing else is left"
