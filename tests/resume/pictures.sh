#!/usr/bin/env bash
# Ends `generate` with SIGINT at random moments: each picture is whole or absent, and nothing else is
# left. Usage: tests/resume/pictures.sh [TIMES (10)]; STYLEGAN names the binary.
set -euo pipefail

stylegan=${STYLEGAN:-build/stylegan}
times=${1:-10}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "$*" >&2
    exit 1
}

paint=(generate --network models/digits-32.safetensors --class 3 --threads 1)
"$stylegan" "${paint[@]}" --seeds 0-199 --outdir "$work/all" >"$work/paint.log" 2>&1
for ((i = 1; i <= times; i++)); do
    "$stylegan" "${paint[@]}" --seeds 0-199 --outdir "$work/some" >"$work/paint.log" 2>&1 &
    sleep "0.0$((RANDOM % 10))$((RANDOM % 10))"
    kill -INT $! 2>/dev/null || true
    status=0
    wait $! || status=$?
    # The command may have been quicker than the signal.
    [ "$status" -eq 0 ] || [ "$status" -eq 130 ] ||
        { cat "$work/paint.log" >&2; fail "interrupt $i: it ended with status $status"; }
    [ -d "$work/some" ] || continue
    hidden=$(find "$work/some" -name '.*' -type f)
    [ -z "$hidden" ] || fail "interrupt $i left $hidden"
    for picture in "$work"/some/*; do
        [ ! -e "$picture" ] || cmp "$picture" "$work/all/$(basename "$picture")"
    done
    rm -rf "$work/some"
done
echo "$times interrupts: each picture is whole or absent, and nothing else is left"
