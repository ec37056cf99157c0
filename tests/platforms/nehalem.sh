#!/bin/sh
# Runs the program on an x86-64 processor without AVX, as QEMU imitates it: a part of the golden test
# passes, and pictures have the same bytes as on this processor.
# Usage: tests/platforms/nehalem.sh [BUILD_FOLDER]
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build}
# The program would start itself again through /proc, which leaves QEMU.
export OMP_WAIT_POLICY=passive
platform="nehalem"
. tests/platforms/common.inc
command -v qemu-x86_64-static >/dev/null || leave_out "qemu-user-static is not installed"
old="qemu-x86_64-static -cpu Nehalem"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for folder in sg2-skip-32 sg2-resnet-16 sg1 sg3-t-32 sg3-r-32; do
    require_golden_test "$work/log" $old "$build/golden-test" "tests/golden/$folder"
    echo "$folder: $(tail -n 1 "$work/log")"
done
for folder in sg2-skip-32 sg3-t-32; do
    network=tests/golden/$folder/network.safetensors
    $old "$build/stylegan" generate --network "$network" --seeds 0-1 --threads 1 --outdir "$work/old" >/dev/null
    "$build/stylegan" generate --network "$network" --seeds 0-1 --threads 1 --outdir "$work/new" >/dev/null
    cmp "$work/old/seed0000.png" "$work/new/seed0000.png"
    cmp "$work/old/seed0001.png" "$work/new/seed0001.png"
done
echo "nehalem: pictures have the same bytes"
