#!/usr/bin/env bash
# Chapter 4: convolutions, layer by layer. Usage: docs/course/04-dcgan.sh [FOLDER]
cd "$(dirname "$0")/../.."
. docs/course/course.sh

small_digits
common=(--data "$out/digits.zip" --cfg dcgan --cbase 256 --cmax 64 --batch 32 --glr 0.0005 --dlr 0.0005)
train 20 "${common[@]}" --desc usual
train 20 "${common[@]}" --critic-norm none --desc no-batch-normalisation
train 20 "${common[@]}" --beta1 0.9 --desc momentum
stylegan compare "$out/runs" --labels "as published,no batch normalisation in D,beta1 0.9" --cells 4x3 --columns 4 \
    --title "DCGAN and its choices" --outdir "$out/compared"

run="$(echo "$out"/runs/00000-*)"
tell networks.txt info "$run" --layers
stylegan layers --network "$run" --seeds 0-3 --channels 0-15 --outdir "$out/layers"
stylegan interpolate --network "$run" --seeds 1,5,9 --space z --no-loop --strip 11 --scale 3 --output "$out/strip.png"

echo "Chapter 4:"
look networks.txt "the layers of both networks with their shapes"
look layers/layers.png "from a few large features to pixels"
look strip.png "the way from one latent to another"
look compared/sheets.png "with and without the recipe's parts"
