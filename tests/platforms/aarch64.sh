#!/bin/sh
# Builds for aarch64 by Debian's cross compiler, against that architecture's own packages, and runs
# the result as QEMU imitates it: a part of the golden test passes, and pictures are those of this
# processor's build, up to one level in a hundredth of the bytes, as aarch64 joins multiplications and
# additions everywhere. Nothing is installed for it but the compiler and QEMU, and no rights of root
# are needed. Usage: tests/platforms/aarch64.sh [FOLDER (build-aarch64) [FOLDER_OF_GOLDEN...]];
# STYLEGAN names the program to compare with.
set -eu
cd "$(dirname "$0")/../.."
folder=${1:-build-aarch64}
reference=${STYLEGAN:-build/stylegan}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- tests/golden/sg2-skip-32 tests/golden/sg2-resnet-16 tests/golden/sg1 \
    tests/golden/sg3-t-32 tests/golden/sg3-r-32 tests/golden/legacy
export OMP_WAIT_POLICY=passive LC_ALL=C
platform="aarch64"
. tests/platforms/common.inc

command -v aarch64-linux-gnu-g++ >/dev/null || leave_out "g++-aarch64-linux-gnu is not installed"
command -v qemu-aarch64-static >/dev/null || leave_out "qemu-user-static is not installed"
command -v apt-get >/dev/null || leave_out "this is no Debian system"

# ---- the other architecture's packages, in a folder ----

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
root=$folder/root
fetch_packages() {
    mkdir -p "$folder/state/lists/partial" "$folder/cache/archives/partial" "$root"
    : >"$folder/state/status"
    options="-o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State=$folder/state
        -o Dir::State::status=$folder/state/status -o Dir::Cache=$folder/cache
        -o Debug::NoLocking=1 -o Acquire::Retries=3 -o APT::Sandbox::User=$(id -un)"
    libraries=$(sed -n '/^packages=/,/"$/p' scripts/setup.sh | tr -s ' "' '\n' | grep -e '-dev$')
    apt-get $options -qq update &&
        apt-get $options -qq -y --no-install-recommends --download-only install \
            libc6-dev libstdc++-12-dev $libraries </dev/null
}
if [ ! -e "$folder/made" ]; then
    fetch_packages >"$folder/packages.log" 2>&1 ||
        fail "no packages of aarch64 could be had: $(tail -n 1 "$folder/packages.log")"
    for part in lib bin sbin; do
        mkdir -p "$root/usr/$part"
        ln -sfn "usr/$part" "$root/$part"
    done
    for package in "$folder"/cache/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$root"
    done
    touch "$folder/made"
fi

# ---- the build ----

libraries=$root/usr/lib/aarch64-linux-gnu
export PKG_CONFIG_SYSROOT_DIR="$root" PKG_CONFIG_LIBDIR="$libraries/pkgconfig:$libraries/openblas-pthread/pkgconfig:$root/usr/share/pkgconfig"
# Where the packages' alternatives would link to.
find_linked="-Wl,-rpath-link,$libraries/openblas-pthread -Wl,-rpath-link,$libraries"
cmake -S . -B "$folder/build" -DSG_WERROR=ON -DCMAKE_SYSTEM_NAME=Linux \
    -DCMAKE_SYSTEM_PROCESSOR=aarch64 -DCMAKE_SYSROOT="$root" \
    -DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc -DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++ \
    -DCMAKE_FIND_ROOT_PATH="$root" -DCMAKE_FIND_ROOT_PATH_MODE_PROGRAM=NEVER \
    -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY \
    -DCMAKE_LIBRARY_ARCHITECTURE=aarch64-linux-gnu \
    -DCMAKE_EXE_LINKER_FLAGS="$find_linked" -DCMAKE_SHARED_LINKER_FLAGS="$find_linked" \
    $(new_generator "$folder/build") \
    >"$folder/configure.log" 2>&1 || fail "it cannot be configured: $(tail -n 3 "$folder/configure.log")"
cmake --build "$folder/build" -j"${JOBS:-2}" --target stylegan golden-test >"$folder/build.log" || {
    grep -E 'error|warning' "$folder/build.log" >&2
    fail "it cannot be built"
}

# ---- runs ----

run="qemu-aarch64-static -L $root"
for golden in "$@"; do
    require_golden_test "$folder/golden.log" $run "$folder/build/golden-test" "$golden"
    echo "$golden: $(tail -n 1 "$folder/golden.log")"
done
printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$run" "$folder/build/stylegan" >"$folder/stylegan"
chmod +x "$folder/stylegan"
compare_pictures "$folder/stylegan" "$reference"
