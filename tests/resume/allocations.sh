#!/usr/bin/env bash
# Lets allocations fail, one in each run: of `info`, `generate`, a training's step and `train --resume`. Each run must end with
# status 0 or 1, with a sentence if it is 1, and leave nothing half written. Usage: allocations.sh [own|all] [STRIDE [CASE...]];
# STRIDE 1 (the default) fails every one in turn, a larger one every STRIDEth from a random one on. STYLEGAN names the program.
# In "all", the allocations of the program's libraries fail too: crashes there are counted and listed by library and function, and
# are no failure of the test as long as they come from a library. Prints the number of runs and crashes of each case.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
stylegan=${STYLEGAN:-build/stylegan}
mode=${1:-own}
stride=${2:-1}
shift $(($# < 2 ? $# : 2))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_NUM_THREADS=1
network=tests/golden/sg2-orig-16/network.safetensors
small=(--batch 8 --gamma 1 --cbase 64 --cmax 8 --z-dim 8 --w-dim 8 --map-depth 1 --tick 0.008 --snap 1 --threads 1 --plain)

${CC:-cc} -O1 -Wall -shared -fPIC -o "$work/failing.so" tests/resume/failing_allocation.c -ldl || exit
"$stylegan" generate --network "$network" --seeds 0-15 --outdir "$work/data" --threads 1 >"$work/made" || exit
"$stylegan" train --data "$work/data" --outdir "$work/trained" "${small[@]}" --kimg 0.008 >"$work/made" 2>&1 || {
    cat "$work/made"
    exit 1
}

# What each case runs, after the words of "failing"; its results are in $work/out.
failing=()
info() { "${failing[@]}" "$stylegan" info "$network"; }
generate() { "${failing[@]}" "$stylegan" generate --network "$network" --seeds 0-1 --grid 2x1 --save-w --outdir "$work/out" --threads 1; }
train() { "${failing[@]}" "$stylegan" train --data "$work/data" --outdir "$work/out" "${small[@]}" --kimg 0.008; }
resume() { "${failing[@]}" "$stylegan" train --resume "$work"/out/0* --kimg 0.016 --threads 1; }

# Says what is wrong with the files that a run has left; nothing if all are whole.
check_files() {
    local file
    [ -e "$work/out" ] || return 0
    find "$work/out" -name '.*' -type f -printf 'left: %f\n'
    while read -r file; do
        case $file in
        *.png) [ "$(tail -c 8 "$file" | head -c 4)" = IEND ] || echo "half a picture: $file" ;;
        */training-state-*) ;;
        *.safetensors) "$stylegan" info "$file" >/dev/null 2>&1 || echo "half a network: $file" ;;
        *.json) python3 -m json.tool "$file" >/dev/null 2>&1 || echo "half a JSON file: $file" ;;
        esac
    done < <(find "$work/out" -type f -newer "$work/stamp")
}

prepare() {
    rm -rf "$work/out"
    mkdir "$work/out"
    touch "$work/stamp"
    [ "$1" = train ] && rmdir "$work/out"
    [ "$1" = resume ] && rmdir "$work/out" && cp -r "$work/trained" "$work/out"
    return 0
}

# Runs a case with the Nth allocation failing.
run_once() {
    prepare "$1"
    failing=(timeout 60 env "LD_PRELOAD=$work/failing.so" "FAIL_ALLOCATION=$2" "FAIL_IN=$mode" "COUNT_FILE=$work/count")
    "$1" >"$work/stdout" 2>"$work/stderr"
}

# Names the library that a crash came from, the first that is not the C or C++ library itself, and the innermost of its functions
# that has a name outside of it.
crash_place() {
    sed -n 's/^frame //p' "$work/stderr" |
        awk '$1 !~ /failing\.so|libc\.so|libstdc\+\+|libgcc_s|ld-linux|^\?/ {
            n = split($1, part, "/")
            if (library != "" && part[n] != library) exit
            library = part[n]
            name = $2
            if (name != "?") exit
        }
        END { if (library != "") print library, name }'
}

runs=0 crashes=0 faults=0
fault() {
    echo "FAULT $1, allocation $2: $3"
    faults=$((faults + 1))
}

# Judges the run that ended with the status $3.
judge() {
    local place left
    if (($3 >= 124)); then
        crashes=$((crashes + 1))
        place=$(crash_place)
        echo "$1: status $3 in ${place:-unknown}" >>"$work/crashes"
        if [ "$mode" = own ] || [[ "$place" = stylegan* ]]; then
            fault "$1" "$2" "ended with $3 in ${place:-unknown}"
        fi
    elif (($3 > 1)); then
        fault "$1" "$2" "status $3: $(tail -n 1 "$work/stderr")"
    elif (($3 == 1)) && ! grep -q '^stylegan: \|^virtual memory exhausted' "$work/stderr"; then # the second is popt's
        fault "$1" "$2" "status 1 without a sentence"
    fi
    left=$(check_files)
    [ -z "$left" ] || (($3 >= 124)) || fault "$1" "$2" "$left"
}

for name in "${@:-info generate train resume}"; do
    for name in $name; do
        run_once "$name" 0 || fault "$name" 0 "ended with $?: $(tail -n 1 "$work/stderr")"
        total=$(cat "$work/count")
        before=($runs $crashes)
        for ((at = 1 + RANDOM % stride; at <= total; at += stride)); do
            run_once "$name" "$at"
            judge "$name" "$at" $?
            runs=$((runs + 1))
        done
        echo "$name: $total allocations, $((runs - before[0])) runs, $((crashes - before[1])) crashes"
    done
done
[ ! -e "$work/crashes" ] || sort "$work/crashes" | uniq -c | sort -rn
echo "$mode: $runs runs, $crashes crashes, $faults faults"
exit $((faults > 0))
