#!/bin/sh
# Links the programs fully statically, with the GNU C library and with musl: nothing of theirs is
# looked up when they start. The golden test passes, and pictures are those of the usual build, up to
# one level in a hundredth of the bytes. The libraries, of which Debian has no static or no musl
# builds, are built from Debian's source packages, which come from where this system's packages come
# from. Usage: tests/platforms/static.sh [FOLDER (build-static) [COMPILER...]], by default cc and
# musl-gcc; STYLEGAN names the program to compare with.
set -eu
cd "$(dirname "$0")/../.."
folder=${1:-build-static}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- cc musl-gcc
reference=${STYLEGAN:-build/stylegan}
export OMP_WAIT_POLICY=passive LC_ALL=C
platform="static"
. tests/platforms/common.inc

command -v apt-get >/dev/null || leave_out "this is no Debian system"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

# ---- the sources of the libraries ----

fetch_sources() {
    mkdir -p "$folder/state/lists/partial" "$folder/cache/archives/partial" "$folder/sources"
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    mirror=$(package_mirror)
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $release main" >"$folder/sources.list"
    options="-o Dir::Etc::SourceList=$folder/sources.list -o Dir::Etc::SourceParts=/dev/null
        -o Dir::State=$folder/state -o Dir::Cache=$folder/cache -o Debug::NoLocking=1
        -o Acquire::Retries=3 -o APT::Sandbox::User=$(id -un)"
    apt-get $options -qq update &&
        (cd "$folder/sources" && apt-get $options -qq source zlib libpng1.6 libzip cjson popt)
}
[ -e "$folder/made" ] || fetch_sources >"$folder/sources.log" 2>&1 ||
    fail "no source packages could be had: $(tail -n 1 "$folder/sources.log")"
touch "$folder/made"
source_of() {
    (cd "$folder/sources/$1"-*/ && pwd)
}

# ---- for each compiler ----

# by_configure NAME [OPTION...], by_cmake NAME [OPTION...]: build and install one library.
by_configure() {
    name=$1
    shift
    mkdir -p "$work/$name"
    (cd "$work/$name" && CC="$compiler" CFLAGS=-O2 CPPFLAGS="-I$prefix/include" LDFLAGS="-L$prefix/lib" \
        "$(source_of "$name")/configure" --prefix="$prefix" "$@" && make -j"${JOBS:-2}" install)
}
by_cmake() {
    name=$1
    shift
    cmake -S "$(source_of "$name")" -B "$work/$name" -DCMAKE_C_COMPILER="$compiler" \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib \
        -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_FIND_ROOT_PATH="$prefix" \
        -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY \
        -DBUILD_SHARED_LIBS=OFF "$@" && cmake --build "$work/$name" -j"${JOBS:-2}" --target install
}
build_libraries() {
    by_configure zlib --static || return 1
    by_configure libpng1.6 --disable-shared --enable-static || return 1
    by_configure popt --disable-shared --enable-static --disable-nls || return 1
    by_cmake cjson -DBUILD_SHARED_AND_STATIC_LIBS=OFF -DENABLE_CJSON_TEST=OFF || return 1
    by_cmake libzip -DENABLE_COMMONCRYPTO=OFF -DENABLE_GNUTLS=OFF -DENABLE_MBEDTLS=OFF \
        -DENABLE_OPENSSL=OFF -DENABLE_BZIP2=OFF -DENABLE_LZMA=OFF -DENABLE_ZSTD=OFF \
        -DBUILD_TOOLS=OFF -DBUILD_REGRESS=OFF -DBUILD_EXAMPLES=OFF -DBUILD_DOC=OFF
}

for compiler; do
    command -v "$compiler" >/dev/null || { echo "static: $compiler is not installed, and left out"; continue; }
    work=$folder/$compiler
    prefix=$work/prefix
    mkdir -p "$prefix"
    [ -e "$work/libraries" ] || build_libraries >"$work/libraries.log" 2>&1 ||
        fail "the libraries cannot be built by $compiler: $(tail -n 1 "$work/libraries.log")"
    touch "$work/libraries"
    # musl's wrapper knows no OpenMP.
    openmp=ON
    [ "$compiler" != musl-gcc ] || openmp=OFF
    PKG_CONFIG_LIBDIR="$prefix/lib/pkgconfig" cmake -S . -B "$work/build" -DCMAKE_C_COMPILER="$compiler" \
        -DSG_STATIC=ON -DSG_ONEDNN=OFF -DSG_FIGURES=OFF -DSG_JPEG=OFF -DSG_WEBP=OFF -DSG_HEIF=OFF \
        -DSG_VIDEO=OFF -DSG_LINEAR=OFF -DSG_OPENMP=$openmp -DSG_WERROR=ON \
        -DCMAKE_FIND_ROOT_PATH="$prefix" -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY \
        $(new_generator "$work/build") \
        >"$work/configure.log" 2>&1 || fail "$compiler: it cannot be configured: $(tail -n 3 "$work/configure.log")"
    cmake --build "$work/build" -j"${JOBS:-2}" --target stylegan golden-test >"$work/build.log" || {
        grep -E 'error|warning|undefined' "$work/build.log" >&2
        fail "$compiler: it cannot be built"
    }
    if readelf -d "$work/build/stylegan" | grep NEEDED; then
        fail "$compiler: the program is not static"
    fi
    require_golden_test "$work/golden.log" "$work/build/golden-test" tests/golden
    compare_pictures "$work/build/stylegan" "$reference"
    echo "$compiler: $(tail -n 1 "$work/golden.log"); $(($(stat -c %s "$work/build/stylegan") / 1000000)) MB"
done
