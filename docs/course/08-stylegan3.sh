#!/usr/bin/env bash
# Chapter 8: details that move along. Usage: docs/course/08-stylegan3.sh [FOLDER]
cd "$(dirname "$0")/../.."
. docs/course/course.sh

alias_free=tests/golden/sg3-t-32/network.safetensors
rotating=tests/golden/sg3-r-32/network.safetensors
digits=models/digits-32.safetensors
stylegan interpolate --network "$alias_free" --seeds 3,3 --translate 0.25,0 --no-loop --strip 9 --scale 3 --output "$out/moved-stylegan3.png"
stylegan interpolate --network "$digits" --class 5 --seeds 3,3 --translate 0.25,0 --move-constant --no-loop --strip 9 --scale 3 \
    --output "$out/moved-stylegan2.png"
stylegan interpolate --network "$rotating" --seeds 3,3 --rotate 90 --no-loop --strip 9 --scale 3 --output "$out/turned-stylegan3.png"
tell equivariance.txt metrics --network "$alias_free" --network "$rotating" --network "$digits" \
    --metrics eqt50k_int,eqt50k_frac,eqr50k --num "$(count 128 8)" --csv
stylegan spectra --data data/mnist --network "$digits" --num "$(count 500 50)" --output "$out/spectra"
stylegan layers --network "$alias_free" --seeds 3 --spectrum --no-sheets --outdir "$out/layers"

echo "Chapter 8:"
look moved-stylegan3.png "the whole picture moves"
look moved-stylegan2.png "the outline moves, details stay at their pixels"
look equivariance.txt "the same in decibels"
look layers/spectra.png "each layer keeps within its band"
