#!/bin/sh
# Builds with clang, passes the golden test and the tests of kernels for every vector width, and paints
# what GCC's build paints, up to one level in a hundredth of the bytes: compilers join multiplications
# and additions in other places. Usage: tests/platforms/clang.sh [BUILD_FOLDER]; STYLEGAN names GCC's program.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build-clang}
gcc_program=${STYLEGAN:-build/stylegan}
export OMP_WAIT_POLICY=passive
platform="clang"
. tests/platforms/common.inc
command -v clang >/dev/null || leave_out "not installed"

cmake -S . -B "$build" -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ -DSG_WERROR=ON \
    $(new_generator "$build") >/dev/null
cmake --build "$build" -j"${JOBS:-2}" --target all tests >/dev/null
ctest --test-dir "$build" -j2 -R '^(kernels|ops|metrics)/' >"$build/ctest.log" || {
    tail -n 20 "$build/ctest.log" >&2
    fail "tests of kernels failed"
}
require_golden_test "$build/golden.log" "$build/golden-test" tests/golden
compare_pictures "$build/stylegan" "$gcc_program"
tail -n 1 "$build/golden.log"
