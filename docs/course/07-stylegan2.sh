#!/usr/bin/env bash
# Chapter 7: what StyleGAN2 repaired. Usage: docs/course/07-stylegan2.sh [FOLDER]
cd "$(dirname "$0")/../.."
. docs/course/course.sh

small_digits
common=(--data "$out/digits.zip" --cbase 256 --cmax 32 --z-dim 32 --w-dim 32 --map-depth 2 --batch 32
    --glr 0.002 --dlr 0.002)
train 16 "${common[@]}" --cfg stylegan2 --desc usual
train 16 "${common[@]}" --cfg stylegan2 --pl-weight 0 --desc no-path-length
train 16 "${common[@]}" --cfg stylegan2 --g-reg-interval 0 --d-reg-interval 0 --desc not-lazy
train 16 "${common[@]}" --cfg stylegan1 --initial-resolution 16 --ema-kimg 0.5 --desc adain
stylegan compare "$out/runs" --labels "as published,no path length penalty,not lazy,StyleGAN with AdaIN" --cells 4x3 \
    --columns 4 --title "StyleGAN2 and its parts" --outdir "$out/compared"

# How steep the way from w to pixels is, with and without the penalty.
tell path-lengths.txt metrics --network "$(echo "$out"/runs/00000-*)" --network "$(echo "$out"/runs/00001-*)" \
    --metrics pplpx_wend --num "$(count 1000 100)" --csv

# The largest pixel of each layer by the middle one: droplets, in the network with AdaIN.
tell layers-adain.txt layers --network "$(echo "$out"/runs/00003-*)" --seeds 0-7
tell layers-demodulated.txt layers --network "$(echo "$out"/runs/00000-*)" --seeds 0-7
stylegan layers --network models/faces-64.safetensors --seeds 19,30,44 --no-sheets --outdir "$out/layers"

echo "Chapter 7:"
look compared/compare.html "seconds per kimg, lazy and not; pictures and curves"
look path-lengths.txt "path lengths with and without the penalty"
look layers/layers.png "the features of faces, layer by layer"
