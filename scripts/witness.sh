#!/usr/bin/env bash
# Records what the program writes, so that two versions of its source can be compared: pictures and
# films by their decoded pixels, networks by their bytes, texts without times and paths. Sentences
# of help and of errors do not count. For changes that must not change any result:
#
#     scripts/witness.sh record FILE [--build DIR]    before: runs everything, writes hashes to FILE
#     scripts/witness.sh check FILE [--build DIR]     after: lists what differs, status 1 if anything
#     scripts/witness.sh self-test [--build DIR]      shows that one changed pixel or weight is seen
#
# DIR holds the program and the library (build). Both records must come from one machine: sums are
# rounded differently on other processors. FILE has a line HASH NAME for each result, by name.
# scripts/witness_commands.sh has the commands. Needs Python and ffmpeg (scripts/setup.sh test).
set -euo pipefail

# Whatever a result could depend on; waiting threads must not spin while two commands run.
export LC_ALL=C TZ=UTC OMP_NUM_THREADS=1 OMP_DYNAMIC=false OMP_WAIT_POLICY=passive
export PYTHONDONTWRITEBYTECODE=1
umask 022

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname "$scripts")
# shellcheck source=scripts/witness_commands.sh
. "$scripts/witness_commands.sh"

die() {
    echo "witness: $*" >&2
    exit 2
}

usage() {
    sed -n 's/^#     \(scripts.*\)/\1/p' "$scripts/witness.sh" >&2
    exit 2
}

# ---- for the groups ----

# Says so, and leaves a result that no good record has.
failed() {
    echo "witness: $group: $*" >&2
    echo "$*" >>failures.txt
}

# stylegan ARGUMENT...: the program with $threads threads or one, where a command takes that option.
stylegan() {
    case $1 in
    info | dataset | compare | progress) "$build/stylegan" "$@" ;;
    *) "$build/stylegan" "$@" --threads "${threads:-1}" ;;
    esac
}

run() {
    show /dev/null "$@"
}

show() {
    local file=$1
    shift
    stylegan "$@" >"$file" 2>"$sentences" </dev/null || {
        failed "status $?: stylegan $*"
        cat "$sentences" >&2
    }
}

refused() {
    local file=$1 status=0
    shift
    stylegan "$@" >/dev/null 2>&1 </dev/null || status=$?
    echo "$status" >"$file"
}

# keep_answers FILE ARGUMENT...: answers of batch mode; the jobs may come from standard input. A bad
# job is part of the record, so that the status does not count.
keep_answers() {
    local file=$1
    shift
    stylegan "$@" >"$file" 2>/dev/null || true
}

on_one_processor() {
    local first
    first=$(taskset -cp $$ | sed 's/.*: *//; s/[,-].*//')
    taskset -c "$first" "$@" || failed "status $?: $*"
}

# run_group NAME: runs a group in its folder in $work, hashes what it left, and removes that.
run_group() {
    group=$1
    sentences=$work/sentences.$group
    mkdir -p "$work/results/$group"
    cd "$work/results/$group"
    # After a failure the rest of the group runs all the same: what is missing then is listed.
    "witness_$group" || failed "the group's last command failed"
    hash_group "$group" >"$work/hashes.$group"
    [ "$group" = self_test ] || rm -rf "${work:?}/results/$group"
}

hash_group() {
    "$scripts/witness_hash.py" hash "$work/results/$1" "$1" "$work=WORK" "$root=PROJECT"
}

# ---- the verbs ----

prepare() {
    [ -x "$build/stylegan" ] || die "$build/stylegan is missing; build it first"
    command -v ffmpeg >/dev/null || die "ffmpeg is missing; scripts/setup.sh test installs it"
    work=$(mktemp -d)
    work=$(cd "$work" && pwd -P)
    trap 'rm -rf "$work"' EXIT
    ln -s "$root" "$work/project"
    mkdir "$work/inputs" "$work/results"
    "$scripts/witness_inputs.py" "$work/inputs"
    export work build
}

# Runs all groups, two at a time, and leaves the sorted hashes in $work/record.
run_all() {
    prepare
    # shellcheck disable=SC2086
    printf '%s\n' $witness_groups | xargs -P 2 -n 1 "$scripts/witness.sh" group ||
        die "a group could not be run to its end"
    cat "$work"/hashes.* | sort -k 2 >"$work/record"
}

record() {
    run_all
    cp "$work/record" "$1"
    echo "$(wc -l <"$1") results are in $1"
}

check() {
    [ -f "$1" ] || die "$1 is missing"
    run_all
    if "$scripts/witness_hash.py" compare "$1" "$work/record"; then
        echo "$(wc -l <"$1") results are equal"
    else
        echo "witness: results differ from $1" >&2
        exit 1
    fi
}

# expect WHAT NAME...: hashes the small set again; these results and no others must have changed.
expect() {
    local what=$1 found=0 wanted
    shift
    wanted=$(printf '%s\n' "$@" | sed '/^$/d; s/^/differs  self_test\//')
    hash_group self_test >"$work/changed"
    "$scripts/witness_hash.py" compare "$work/hashes.self_test" "$work/changed" >"$work/found" || found=$?
    if [ "$(cat "$work/found")" != "$wanted" ] || [ "$found" != $(($# > 0)) ]; then
        echo "self-test: $what: found" >&2
        cat "$work/found" >&2
        exit 1
    fi
    echo "self-test: $what: as expected"
}

self_test() {
    prepare
    "$scripts/witness.sh" group self_test
    cd "$work/results/self_test"
    expect "nothing changed"
    "$scripts/witness_hash.py" repack pictures/seed0001.png
    "$scripts/witness_hash.py" repack walk.png
    expect "the same pixels in other bytes"
    "$scripts/witness_hash.py" change-pixel pictures/seed0001.png
    expect "one pixel" pictures/seed0001.png
    "$scripts/witness_hash.py" change-pixel walk.png
    expect "one pixel of a film's last frame" pictures/seed0001.png walk.png
    "$scripts/witness_hash.py" change-weight network.safetensors
    expect "one bit of one weight" network.safetensors pictures/seed0001.png walk.png
    echo >>network.txt
    expect "one letter" network.safetensors network.txt pictures/seed0001.png walk.png
}

main() {
    local verb=${1:-} file=""
    case $verb in
    group)
        run_group "$2"
        return
        ;;
    record | check)
        [ -n "${2:-}" ] || usage
        file=$(realpath -m -- "$2")
        shift 2
        ;;
    self-test) shift ;;
    *) usage ;;
    esac
    build=$root/build
    if [ "${1:-}" = --build ] && [ $# = 2 ]; then
        build=$(realpath -m -- "$2")
    elif [ $# != 0 ]; then
        usage
    fi
    case $verb in
    record) record "$file" ;;
    check) check "$file" ;;
    self-test) self_test ;;
    esac
}

main "$@"
