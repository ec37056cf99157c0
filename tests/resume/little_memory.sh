#!/usr/bin/env bash
# Paints and trains in less and less address space (ulimit -v): each run ends well or with a sentence, and none crashes, within
# oneDNN either. Usage: tests/resume/little_memory.sh [STEPS (60)]; STYLEGAN names the program.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
stylegan=${STYLEGAN:-build/stylegan}
steps=${1:-60}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_NUM_THREADS=1 OMP_WAIT_POLICY=passive

paint() { "$stylegan" generate --network models/faces-64.safetensors --seeds 0-1 --outdir "$work/out" --threads 1 "$@"; }
exact() { paint --exact; }
train() {
    "$stylegan" train --data data/mnist --outdir "$work/out" --cfg stylegan2 --cbase 512 --cmax 32 --batch 8 --gamma 1 \
        --kimg 0.016 --tick 0.008 --snap 1 --threads 1 --plain
}

# Runs a case in $2 KB of address space; prints its status.
run_in() {
    (
        ulimit -v "$2"
        "$1" >"$work/log" 2>&1
    )
    echo $?
}

status=0
for name in paint exact train; do
    # The least that suffices, to 1 MB, and from there down to where libraries are not even loaded.
    low=10000 high=4000000
    while ((high - low > 1000)); do
        middle=$(((low + high) / 2))
        [ "$(run_in "$name" "$middle")" -eq 0 ] && high=$middle || low=$middle
    done
    crashes=0
    for ((i = 0; i < steps; i++)); do
        limit=$((high + 2000 - i * 20000 / steps))
        case $(run_in "$name" "$limit") in
        0 | 127) ;;
        1) grep -q '^stylegan: \|^virtual memory exhausted' "$work/log" || { # the second is popt's
            echo "$name in $limit KB: status 1 without a sentence"
            status=1
        } ;;
        *)
            echo "$name in $limit KB: crashed"
            crashes=$((crashes + 1))
            status=1
            ;;
        esac
    done
    echo "$name: needs $high KB; $steps runs in up to 20 MB less, $crashes crashes"
done
exit $status
