#!/bin/sh
# Builds in Debian 13, which has oneDNN 3 and GCC 14, in a root of its own; passes the golden test and
# the tests of kernels and operations there, and paints what this system's build paints, up to one
# level in a hundredth of the bytes. Needs debootstrap and the rights of root; the packages come from
# where this system's come from. Usage: tests/platforms/debian13.sh [FOLDER (build-debian13)], which
# keeps the root for the next time; STYLEGAN names the program to compare with.
set -eu
cd "$(dirname "$0")/../.."
folder=${1:-build-debian13}
reference=${STYLEGAN:-build/stylegan}
export OMP_WAIT_POLICY=passive LC_ALL=C
platform="Debian 13"
. tests/platforms/common.inc

[ "$(id -u)" -eq 0 ] || leave_out "needs the rights of root"
command -v debootstrap >/dev/null || leave_out "debootstrap is not installed"
mirror=$(package_mirror)
[ -n "$mirror" ] || leave_out "this system names no place for packages"

mkdir -p "$folder/root" "$folder/build"
folder=$(cd "$folder" && pwd)
root=$folder/root
if [ ! -e "$folder/made" ]; then
    debootstrap --variant=minbase trixie "$root" "$mirror" >"$folder/debootstrap.log" ||
        fail "no root could be made: $(tail -n 1 "$folder/debootstrap.log")"
    touch "$folder/made"
fi

# The source is seen where it is in this system, and so is what is painted.
for place in "$PWD" "$folder" "${TMPDIR:-/tmp}"; do
    mkdir -p "$root$place"
done
leave_root() {
    for place in /proc "${TMPDIR:-/tmp}" "$folder/build" "$PWD"; do
        umount "$root$place" 2>/dev/null || true
    done
}
trap leave_root EXIT
leave_root
mount -t proc proc "$root/proc" || leave_out "file systems cannot be mounted"
mount --bind "$PWD" "$root$PWD"
mkdir -p "$root$folder/build"
mount --bind "$folder/build" "$root$folder/build"
mount --bind "${TMPDIR:-/tmp}" "$root${TMPDIR:-/tmp}"
inside() {
    chroot "$root" sh -c 'cd "$1" && shift && exec "$@"' sh "$PWD" "$@"
}

inside scripts/setup.sh test >"$folder/setup.log" 2>&1 ||
    fail "packages are missing: $(tail -n 1 "$folder/setup.log")"
inside cmake -S . -B "$folder/build" -G Ninja -DSG_WERROR=ON >"$folder/configure.log" ||
    fail "it cannot be configured: $(tail -n 3 "$folder/configure.log")"
inside cmake --build "$folder/build" -j"${JOBS:-2}" --target all tests >"$folder/build.log" || {
    grep -E 'error|warning' "$folder/build.log" >&2
    fail "it cannot be built"
}
inside ctest --test-dir "$folder/build" -j2 -R '^(kernels|ops)/' >"$folder/ctest.log" || {
    tail -n 20 "$folder/ctest.log" >&2
    fail "tests of kernels failed"
}
require_golden_test "$folder/golden.log" inside "$folder/build/golden-test" tests/golden
# The program of the other system, for the comparison.
cat >"$folder/stylegan" <<END
#!/bin/sh
exec chroot "$root" sh -c 'cd "\$1" && shift && exec "\$@"' sh "$PWD" "$folder/build/stylegan" "\$@"
END
chmod +x "$folder/stylegan"
compare_pictures "$folder/stylegan" "$reference"
sed -n 's/^#define DNNL_VERSION_\(M[A-Z]*\) *\([0-9]*\)/oneDNN, \1: \2/p' \
    "$root/usr/include/oneapi/dnnl/dnnl_version.h"
tail -n 1 "$folder/golden.log"
