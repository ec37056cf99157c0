#!/usr/bin/env bash
# Sends SIGTERM, and SIGINT, to each command in the middle of long work: it must end within 2 seconds (SECONDS_ALLOWED), with status
# 143 or 130, or say why not, and leave no hidden file. Usage: interrupts.sh [COMMAND...]; STYLEGAN names the program.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
stylegan=${STYLEGAN:-build/stylegan}
allowed=${SECONDS_ALLOWED:-2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
network=models/faces-64.safetensors
classified=models/digits-32.safetensors
"$stylegan" generate --network "$classified" --class 0-9 --seeds 0-39 --outdir "$work/data" >"$work/made" || exit
"$stylegan" generate --network "$network" --seeds 0-2 --outdir "$work/faces" >"$work/made" || exit
mkdir "$work/many"
for copy in $(seq 30); do cp -r "$work/data" "$work/many/$copy"; done

# Long work of each command, without the program's name.
jobs_of() {
    local out=$work/out
    cat <<END
generate --network $network --seeds 0-100000 --outdir $out
generate --network $classified --labelled --num 1000000 --outdir $out.zip
mix --network $network --rows 0-400 --cols 400-800 --styles 0-3 --outdir $out
interpolate --network $network --seeds 0-3000 --frames 100 --output $out/film.mp4
truncate --network $network --seeds 0-490 --outdir $out
variation --network $network --seeds 0-3 --samples 10000 --outdir $out
spectra --network $network --num 1000000 --output $out
edit --network $network --seeds 0-400 --layer-psi 0-2=0.5 --outdir $out
edit --network $network --seeds 0-9 --towards mouth_smiling --classifier models/faces-classifier.safetensors --num-steps 100000 --outdir $out
project --network $network --target $work/faces/seed0000.png --loss pixel --num-steps 100000 --outdir $out
style --content $work/faces/seed0000.png --style $work/faces/seed0001.png --network $network --num-steps 100000 --outdir $out
layers --network $network --seeds 0-63 --outdir $out
directions find --network $network --method pca --samples 10000000 --output $out/d.safetensors
directions find --network $classified --class 1 --method pca --layer b16.conv1 --samples 10000000 --output $out/d.safetensors
directions analyse --network $network --samples 10000000 --outdir $out
metrics --network $network --metrics eqt50k_int --num 1000000
score --network models/digits-classifier.safetensors $work/many
dataset $work/many $out.zip --resolution 32
dataset $work/many $out --resolution 256
train --data $work/data --batch 16 --cbase 1024 --cmax 32 --gamma 1 --kimg 10000 --outdir $out
train --data $work/data --batch 4096 --batch-gpu 16 --cmax 64 --gamma 1 --kimg 10000 --outdir $out
train --data $work/data --batch 16 --gamma 1 --kimg 10000 --outdir $out --dry-run
train --data data/mnist --cfg fit --hours 24 --outdir $out --dry-run
sweep $work/data --vary batch=8,16 --outdir $out --kimg 1000 --cmax 64
bench ops
bench generate
END
}

faults=0
# Starts one job, sends it a signal after a second, and says how long it took to end.
try() {
    local signal=$1 wanted=$2 begun ended status=0 left seconds why="" guard=""
    shift 2
    rm -rf "$work/out" "$work/out.zip"
    mkdir "$work/out"
    "$stylegan" "$@" >"$work/stdout" 2>"$work/stderr" &
    local id=$!
    sleep "${BEFORE:-1}"
    if ! kill -0 $id 2>/dev/null; then
        wait $id
        echo "FAULT: $* ended before, with $?: $(head -n 1 "$work/stderr" | cut -c 1-150)"
        faults=$((faults + 1))
        return
    fi
    begun=$(date +%s.%N)
    kill -s "$signal" $id
    while kill -0 $id 2>/dev/null; do
        sleep 0.05
        awk "BEGIN { exit !($(date +%s.%N) - $begun > $allowed) }" && break
    done
    if kill -0 $id 2>/dev/null; then # it has to say why it goes on, and to end at a second signal
        grep -q 'second signal ends it' "$work/stderr" && why="said why, ended at once"
        kill -s "$signal" $id
        begun=$(date +%s.%N)
        (sleep 10; kill -s KILL $id) &
        guard=$!
    fi
    wait $id || status=$?
    ended=$(date +%s.%N)
    [ -z "$guard" ] || kill $guard
    seconds=$(awk "BEGIN { printf \"%.2f\", $ended - $begun }")
    left=$(find "$work" -name '.*' -type f -not -name '.stylegan.lock' | head -n 3)
    printf '%-11s %4s %6s s, status %d %s %s\n' "$1" "$signal" "$seconds" "$status" "$why" "$(echo "$*" | cut -d ' ' -f 2- | sed "s|$work/||g" | cut -c 1-80)"
    if ((status != wanted)) || [ -n "$left" ] || [ -n "$guard" -a -z "$why" ] || awk "BEGIN { exit !($seconds > $allowed + 0.2) }"; then
        echo "FAULT: $*: $seconds s, status $status, left: ${left:-nothing}; $(tail -n 1 "$work/stderr")"
        faults=$((faults + 1))
    fi
}

set -m # so that background jobs do not ignore SIGINT
while read -r -a words; do
    [ $# -eq 0 ] || [[ " $* " == *" ${words[0]} "* ]] || continue
    try TERM 143 "${words[@]}" </dev/null 2>/dev/null
    try INT 130 "${words[@]}" </dev/null 2>/dev/null
done < <(jobs_of)
echo "$faults faults"
exit $((faults > 0))
