#!/bin/sh
# Installs the Debian packages that the build needs; with "test" also those of the tests and checks;
# with "platforms" those of tests/platforms/ besides, which are large. Does nothing when all are
# there. Usage: scripts/setup.sh [build|test|platforms]
set -eu

packages="build-essential cmake ninja-build pkg-config libdnnl-dev libcjson-dev libpng-dev zlib1g-dev
    libpopt-dev libjpeg62-turbo-dev libwebp-dev unzip
    libzip-dev libcairo2-dev libavcodec-dev
    libavformat-dev libavutil-dev libswscale-dev libheif-dev libutf8proc-dev libopenblas-dev
    liblinear-dev libsvm-dev"
# libomp-dev: clang-tidy reads sources with clang's own omp.h; libclang-rt-dev: libFuzzer and sanitizers;
# ffmpeg: scripts/witness.sh compares the frames of films.
test_packages="libcmocka-dev liblmdb-dev clang clang-format clang-tidy cppcheck
    libclang-rt-dev libomp-dev python3 ffmpeg"
# debhelper, lintian: debian/ builds packages without a finding. The others: tests/platforms/ says.
platform_packages="debhelper lintian qemu-user-static debootstrap gcc-aarch64-linux-gnu
    g++-aarch64-linux-gnu musl-tools"

case "${1:-build}" in
build) ;;
test) packages="$packages $test_packages" ;;
platforms) packages="$packages $test_packages $platform_packages" ;;
*)
    echo "usage: scripts/setup.sh [build|test|platforms]" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This is not a Debian system; please see that these packages' equals are installed:" \
        $packages >&2
    exit 0
fi

missing=""
for package in $packages; do
    state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=""
elif command -v sudo >/dev/null; then
    as_root="sudo"
else
    echo "Please install these packages as root: apt-get install$missing" >&2
    exit 0
fi

# A fresh machine runs its own updates, which hold the package manager's lock for minutes.
wait="-o DPkg::Lock::Timeout=900 -o Acquire::Retries=3"
install() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q $wait "$@" </dev/null
}

# apt-get update waits for no lock by itself. Any other failure, such as of the network, is told at once.
update() {
    for attempt in $(seq 60); do
        said=$(install update 2>&1) && return 0
        case $said in
        *[Ll]ock*) ;;
        *) break ;;
        esac
        [ "$attempt" -gt 1 ] || echo "Waiting for the package manager, which another program uses ..." >&2
        sleep "${SETUP_PAUSE:-10}"
    done
    echo "$said" >&2
    return 1
}

echo "Installing:$missing"
update || echo "The lists of packages could not be brought up to date; going on with those that are there." >&2
if ! install install -y --no-install-recommends $missing; then
    echo "These packages could not be installed (see apt-get's sentences above); please install them:$missing" >&2
    exit 1
fi
