#!/bin/sh
# The formatter's check, cppcheck and clang-tidy over our sources; any finding is a failure.
# Usage: scripts/lint.sh [--deep] [BUILD_FOLDER], which must hold compile_commands.json. With --deep
# clang-tidy's analyser follows as many paths of a function as it does by default, which takes ten
# times as long.
set -eu

cd "$(dirname "$0")/.."
nodes=10000
if [ "${1:-}" = --deep ]; then
    nodes=225000
    shift
fi
build=${1:-build}

for tool in clang-format clang-tidy cppcheck; do
    if ! command -v "$tool" >/dev/null; then
        echo "lint: $tool is not installed (scripts/setup.sh test installs it)" >&2
        exit 1
    fi
done
if [ ! -f "$build/compile_commands.json" ]; then
    echo "lint: $build/compile_commands.json is missing; run make first" >&2
    exit 1
fi

scripts/list_sources.sh | xargs clang-format --dry-run --Werror

# uninitvar takes an array that a function fills for uninitialised, and arrayIndexThenCheck takes
# any comparison of an index for a limit check.
cppcheck --quiet --std=c11 --language=c --enable=warning,portability,performance --inline-suppr \
    --error-exitcode=1 --suppress=missingIncludeSystem --suppress=uninitvar \
    --suppress=arrayIndexThenCheck -j2 -I src -I include src

find src -name '*.c' | sort | xargs -P2 -n4 clang-tidy --quiet -p "$build" \
    --extra-arg=-Xclang --extra-arg=-analyzer-config --extra-arg=-Xclang --extra-arg=max-nodes=$nodes
