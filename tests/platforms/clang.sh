#!/bin/sh
# Builds with clang, passes the golden test and the tests of kernels for every vector width, and paints
# what GCC's build paints, up to one level in a hundredth of the bytes: compilers join multiplications and additions in
# other places. Usage: tests/platforms/clang.sh [BUILD_FOLDER]; STYLEGAN names GCC's program.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build-clang}
gcc_program=${STYLEGAN:-build/stylegan}
export OMP_WAIT_POLICY=passive
command -v clang >/dev/null || { echo "clang: not installed, and left out"; exit 0; }

fail() {
    echo "clang: $*" >&2
    exit 1
}

cmake -S . -B "$build" -DCMAKE_C_COMPILER=clang -DSG_WERROR=ON \
    $([ -f "$build/CMakeCache.txt" ] || ! command -v ninja >/dev/null || echo -G Ninja) >/dev/null
cmake --build "$build" -j"${JOBS:-2}" --target all tests >/dev/null
ctest --test-dir "$build" -j2 -R '^(kernels|ops|metrics)/' >"$build/ctest.log" || {
    tail -n 20 "$build/ctest.log" >&2
    fail "tests of kernels failed"
}
"$build/golden-test" tests/golden >"$build/golden.log" || {
    grep FAILED "$build/golden.log" >&2
    fail "the golden test failed"
}
[ -x "$gcc_program" ] || fail "$gcc_program is not there to compare pictures with"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for network in tests/golden/sg2-skip-32 tests/golden/sg3-t-32; do
    "$build/stylegan" generate --network "$network/network.safetensors" --seeds 0-3 --outdir "$work/clang" >/dev/null
    "$gcc_program" generate --network "$network/network.safetensors" --seeds 0-3 --outdir "$work/gcc" >/dev/null
    for seed in 0 1 2 3; do
        PYTHONPATH=scripts python3 - "$work/clang/seed000$seed.png" "$work/gcc/seed000$seed.png" <<'END'
import sys
from pathlib import Path
from witness_png import decode

pixels = [decode(Path(path).read_bytes()).frames[0][1] for path in sys.argv[1:]]
far = max(abs(a - b) for a, b in zip(*pixels))
different = sum(a != b for a, b in zip(*pixels))
print(f"{different} of {len(pixels[0])} bytes differ, by at most {far}")
sys.exit(far > 1 or 100 * different > len(pixels[0]) or len(pixels[0]) != len(pixels[1]))
END
    done
done
tail -n 1 "$build/golden.log"
