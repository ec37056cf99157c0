#!/usr/bin/env bash
# Kills a training with SIGKILL at random moments, resumes it each time, and compares the result with
# an undisturbed run, byte for byte. Usage: tests/resume/kill.sh [KILLS (10)]; STYLEGAN names the binary.
set -euo pipefail

stylegan=${STYLEGAN:-build/stylegan}
kills=${1:-10}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

kimg=$(awk -v n="$kills" 'BEGIN { printf "%.3f", 0.4 + 0.064 * n }')
options=(--data data/mnist --cond --batch 8 --gamma 1 --cbase 64 --cmax 8 --z-dim 8 --w-dim 8
    --map-depth 1 --tick 0.032 --snap 1 --threads 1 --aug ada --p 0.3 --aug-kimg 1)

"$stylegan" train "${options[@]}" --outdir "$work/whole" --kimg "$kimg" >"$work/whole.log"
"$stylegan" train "${options[@]}" --outdir "$work/killed" --kimg 0.032 >"$work/killed.log"
folder=$(echo "$work"/killed/00000-*)

newest() {
    find "$folder" -name 'training-state-*.safetensors' | sort | tail -n 1 | sed 's/.*state-0*\([0-9]*\)\..*/\1/'
}

for ((i = 1; i <= kills; i++)); do
    before=$(newest)
    "$stylegan" train --resume "$folder" --kimg "$kimg" --threads 1 >"$work/resume.log" 2>&1 &
    sleep "0.$((RANDOM % 9))$((RANDOM % 10))"
    kill -KILL $! 2>/dev/null || true
    wait $! 2>/dev/null || true
    after=$(newest)
    if ((after < before)); then
        echo "kill $i lost a snapshot: $before images before, $after after" >&2
        exit 1
    fi
    if grep -q 'holds no training state' "$work/resume.log"; then
        echo "kill $((i - 1)) left no state to resume from" >&2
        exit 1
    fi
done

"$stylegan" train --resume "$folder" --kimg "$kimg" --threads 1 >"$work/resume.log"
for kind in network-snapshot training-state; do
    last=$(cd "$work"/whole/00000-*; ls $kind-*.safetensors | sort | tail -n 1)
    cmp "$work"/whole/00000-*/"$last" "$folder/$last"
done
echo "$kills kills: no snapshot lost, and the same bytes as the undisturbed run at kimg $kimg"
