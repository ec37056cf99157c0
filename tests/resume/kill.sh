#!/usr/bin/env bash
# Ends a training with a signal at random moments, resumes it each time and compares the result with
# an undisturbed run, byte for byte. SIGKILL leaves what the last snapshot has; the other signals
# (HUP, as of a terminal that is closed, INT, TERM) are answered with a snapshot of their own.
# Usage: tests/resume/kill.sh [TIMES (10) [SIGNAL (KILL)]]; STYLEGAN names the binary.
set -euo pipefail

stylegan=${STYLEGAN:-build/stylegan}
times=${1:-10}
signal=${2:-KILL}
expected=$((128 + $(kill -l "$signal")))
snap=1000
[ "$signal" != KILL ] || snap=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "$*" >&2
    exit 1
}

kimg=$(awk -v n="$times" 'BEGIN { printf "%.3f", 0.4 + 0.064 * n }')
options=(--data data/mnist --cond --batch 8 --gamma 1 --cbase 64 --cmax 8 --z-dim 8 --w-dim 8
    --map-depth 1 --tick 0.032 --snap "$snap" --threads 1 --aug ada --p 0.3 --aug-kimg 1)

"$stylegan" train "${options[@]}" --outdir "$work/whole" --kimg "$kimg" >"$work/whole.log"
# A first run that ends by itself makes the folder.
"$stylegan" train "${options[@]}" --outdir "$work/ended" --kimg 0.032 >"$work/ended.log"
folder=$(echo "$work"/ended/00000-*)

newest() { # FOLDER KIND
    find "$1" -name "$2-*.safetensors" -printf '%f\n' | sort | tail -n 1
}

images_so_far() {
    newest "$folder" training-state | sed 's/.*state-0*\([0-9]\)/\1/; s/\..*//'
}

for ((i = 1; i <= times; i++)); do
    before=$(images_so_far)
    "$stylegan" train --resume "$folder" --kimg "$kimg" --threads 1 >"$work/resume.log" 2>&1 &
    sleep "0.$((RANDOM % 9))$((RANDOM % 10))"
    kill -s "$signal" $! 2>/dev/null || true
    status=0
    wait $! || status=$?
    # The training may have been quicker than the signal.
    [ "$status" -eq 0 ] || [ "$status" -eq "$expected" ] ||
        { cat "$work/resume.log" >&2; fail "SIG$signal $i: it ended with status $status"; }
    after=$(images_so_far)
    ((after >= before)) || fail "SIG$signal $i lost a snapshot: $before images before, $after after"
    [ "$signal" = KILL ] || [ -z "$(find "$folder" -name '.*' -type f)" ] ||
        fail "SIG$signal $i left $(find "$folder" -name '.*' -type f)"
done

"$stylegan" train --resume "$folder" --kimg "$kimg" --threads 1 >"$work/resume.log"
for kind in network-snapshot training-state; do
    cmp "$(echo "$work"/whole/00000-*)/$(newest "$work/whole" $kind)" "$folder/$(newest "$folder" $kind)"
done
echo "$times times SIG$signal: nothing lost, and the same bytes as the undisturbed run at kimg $kimg"
