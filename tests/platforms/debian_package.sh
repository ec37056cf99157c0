#!/bin/sh
# Builds the Debian packages of debian/ in a copy of the source and has lintian check them. Says what
# is missing and passes where debhelper, lintian or the disk's space cannot be had. Usage:
# tests/platforms/debian_package.sh
set -eu
cd "$(dirname "$0")/../.."

for tool in dpkg-buildpackage dh lintian; do
    if ! command -v "$tool" >/dev/null; then
        echo "debian_package: $tool is not installed (scripts/setup.sh platforms): not run"
        exit 0
    fi
done

work=$(mktemp -d "${TMPDIR:-/tmp}/stylegan-debian-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/stylegan"
git ls-files -z --cached --others --exclude-standard | xargs -0 tar -cf - | tar -xf - -C "$work/stylegan"

cd "$work/stylegan"
if ! dpkg-checkbuilddeps 2>"$work/missing"; then
    echo "debian_package: $(cat "$work/missing"): not run"
    exit 0
fi
dpkg-buildpackage -us -uc -b -j"${JOBS:-2}" >"$work/build.log" 2>&1 || {
    tail -40 "$work/build.log" >&2
    echo "debian_package: dpkg-buildpackage failed" >&2
    exit 1
}
# lintian refuses to run as root without the option; a first upload closes no bug.
lintian --allow-root --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs \
    "$work"/*.changes || {
    echo "debian_package: lintian has findings" >&2
    exit 1
}
for package in stylegan libstylegan0.1 libstylegan-modules libstylegan-dev; do
    ls "$work/${package}"_*.deb >/dev/null || exit 1
    dpkg-deb -x "$work/${package}"_*.deb "$work/installed"
done

# The packages together are a working installation.
cd "$work/installed/usr"
LD_LIBRARY_PATH=$(dirname lib/*/libstylegan.so.0.*) bin/stylegan generate --seeds 1 --class 3 --outdir "$work/pictures" \
    --network "$OLDPWD/tests/golden/sg2-cond-gray-16/network.safetensors" >/dev/null
[ -s "$work"/pictures/*.png ] || { echo "debian_package: the packaged program paints nothing" >&2; exit 1; }
echo "debian_package: the packages build, lintian accepts them, the program paints"
