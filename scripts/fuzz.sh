#!/bin/sh
# Runs fuzzers, two at a time. A crash, a leak, an input that takes more than 5 seconds or 500 MB is
# a failure; its input is kept in the build folder, and the message says where.
# Usage: scripts/fuzz.sh BUILD_FOLDER SECONDS [NAME...]      (all of them without names)
set -eu

cd "$(dirname "$0")/.."

# What one fuzzer finds grows in a folder of its own; the seeds stay as they are.
run_one() {
    name=$1
    found=$build/fuzz/$name
    mkdir -p "$found"
    dictionary=tests/fuzz/$name.dict
    [ -f "$dictionary" ] && dictionary=-dict=$dictionary || dictionary=
    if "$build/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 \
        -malloc_limit_mb=500 -print_final_stats=1 -artifact_prefix="$found-" $dictionary \
        "$found" "tests/fuzz/corpus/$name" >"$found.log" 2>&1; then
        echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$found.log") inputs," \
            "$(sed -n 's/.*\(cov: [0-9]* ft: [0-9]*\).*/\1/p' "$found.log" | tail -1)"
        return 0
    fi
    tail -n 60 "$found.log" >&2
    echo "fuzz_$name has found a fault; the input is named above, the whole log is $found.log" >&2
    return 1
}

if [ "$1" = --one ]; then
    build=$2
    seconds=$3
    run_one "$4"
    exit
fi

build=$1
seconds=$2
shift 2
if [ $# -eq 0 ]; then
    set -- $(ls tests/fuzz/fuzz_*.c | sed 's,.*/fuzz_\(.*\)\.c$,\1,')
fi
printf '%s\n' "$@" | xargs -P 2 -n 1 scripts/fuzz.sh --one "$build" "$seconds"
