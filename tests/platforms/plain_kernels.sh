#!/bin/sh
# Builds without oneDNN, passes the golden test and the tests of kernels and operations, and paints
# what the build with oneDNN paints, up to one level in a hundredth of the bytes: sums are split in
# other places. Usage: tests/platforms/plain_kernels.sh [BUILD_FOLDER]; STYLEGAN names the program
# with oneDNN.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build-plain}
reference=${STYLEGAN:-build/stylegan}
export OMP_WAIT_POLICY=passive
platform="plain kernels"
. tests/platforms/common.inc

cmake -S . -B "$build" -DSG_ONEDNN=OFF -DSG_WERROR=ON \
    $(new_generator "$build") >/dev/null
cmake --build "$build" -j"${JOBS:-2}" --target all tests >/dev/null
if ldd "$build/stylegan" | grep -E 'dnnl|libstdc'; then
    fail "the program links oneDNN"
fi
ctest --test-dir "$build" -j2 -R '^(kernels|ops|nn|optim)/' >"$build/ctest.log" || {
    tail -n 20 "$build/ctest.log" >&2
    fail "tests of kernels failed"
}
require_golden_test "$build/golden.log" "$build/golden-test" tests/golden
compare_pictures "$build/stylegan" "$reference"
tail -n 1 "$build/golden.log"
