#!/bin/sh
# Lists every C and C++ file of ours, one a line, for the formatter.
set -eu

cd "$(dirname "$0")/.."
for folder in src include tests bench examples; do
    [ ! -d "$folder" ] || find "$folder" -name '*.[ch]' -o -name '*.cc'
done | sort
