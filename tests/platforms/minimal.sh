#!/bin/sh
# Builds without any library that can be left out, passes the golden test, paints, trains, and checks
# the sentences about what is not there. Usage: tests/platforms/minimal.sh [BUILD_FOLDER]
set -eu
cd "$(dirname "$0")/../.."
source=$PWD
build=${1:-build-minimal}
network=$source/tests/golden/sg2-cond-gray-16/network.safetensors
export OMP_WAIT_POLICY=passive
platform="minimal"
. tests/platforms/common.inc

off=""
for option in ONEDNN FIGURES JPEG WEBP HEIF VIDEO LINEAR; do
    off="$off -DSG_$option=OFF"
done
cmake -S . -B "$build" -DSG_WERROR=ON $off \
    $(new_generator "$build") >/dev/null
cmake --build "$build" -j"${JOBS:-2}" --target all replay_png >/dev/null
build=$(cd "$build" && pwd)

# ---- none of the libraries is linked, or any module built ----

for file in "$build/stylegan" "$build/libstylegan.so"; do
    if ldd "$file" | grep -E 'dnnl|libstdc|cairo|libjpeg|libwebp|libheif|libav|libsw|openblas|liblinear|libsvm'; then
        fail "$file links a library that was left out"
    fi
done
! ls "$build"/stylegan-*.so 2>/dev/null || fail "modules were built"

# ---- what remains works ----

require_golden_test "$build/golden.log" "$build/golden-test" tests/golden
work=$(mktemp -d "${TMPDIR:-/tmp}/stylegan-minimal-XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
"$build/stylegan" generate --network "$network" --seeds 1,2 --class 3 --outdir pictures >log 2>&1 ||
    fail "generate failed: $(cat log)"
[ "$(ls pictures/*.png | wc -l)" -ge 2 ] || fail "generate wrote no pictures"
"$build/stylegan" train --data "$source/data/mnist" --outdir runs --kimg 0.064 --batch 8 --cbase 256 \
    --cmax 16 --snap 1 --tick 0.032 >train.log 2>&1 || fail "train failed: $(tail -3 train.log)"
ls runs/*/network-snapshot-*.safetensors >/dev/null || fail "train left no network"

# ---- sentences about the rest ----

# refuses PART COMMAND...: the command fails with a sentence that has the part.
refuses() {
    part=$1
    shift
    if "$build/stylegan" "$@" >refused 2>&1; then
        fail "stylegan $* succeeded in a build without what it needs"
    fi
    grep -q "$part" refused || fail "stylegan $* does not say \"$part\": $(cat refused)"
}
refuses "this build has no figures (cairo" spectra --data "$source/data/mnist" --num 8 --output drawn
refuses "FFmpeg's libraries, and this build was made without them" interpolate --network "$network" \
    --class 3 --seeds 1,2 --frames 2 --output film.mp4
mkdir jpegs webps
printf '\377\330\377\340\0\020JFIF\0\001\001\0\0\001\0\001\0\0\377\331' >jpegs/a.jpg
printf 'RIFF\032\0\0\0WEBPVP8L\015\0\0\0\057\0\0\0\020\007\020\021\021\210\210\376\007\0' >webps/a.webp
refuses "does not read (libjpeg was left out" spectra --data jpegs --output spectra
refuses "does not read (libwebp was left out" spectra --data webps --output spectra
echo "minimal: without oneDNN, figures, JPEG, WebP, HEIF, videos and matrices the rest works"
