#!/bin/sh
# Makes faces-64.zip and faces-64-held-out.zip again, as faces.tsv says. Needs npm, python3, and
# rsvg-convert of Debian's librsvg2-bin (2.54.7 drew the pictures that are here).
# Usage: data/faces/make.sh [FOLDER]: where the sets are written, by default beside this script.
# STYLEGAN is the program, by default build/stylegan.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
dest=$(cd "${1:-$here}" && pwd)
stylegan=$(realpath "${STYLEGAN:-$here/../../build/stylegan}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

for package in noto@1.2.9 noto-v1@1.2.5 twemoji@1.2.5 fluent-emoji-flat@1.2.6; do
    archive=$(npm pack --silent "@iconify-json/$package")
    mkdir -p "packages/${package%@*}"
    tar -xzf "$archive" -C "packages/${package%@*}" --strip-components=1
done

make_set() { # PART FILE
    "$here/draw.py" packages "$1" "faces-$1"
    "$stylegan" dataset "faces-$1" "$dest/$2" --resolution 64 --force-channels 3 --compress
}
make_set train faces-64.zip
make_set held-out faces-64-held-out.zip
