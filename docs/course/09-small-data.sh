#!/usr/bin/env bash
# Chapter 9: a few hundred pictures. Usage: docs/course/09-small-data.sh [FOLDER]
cd "$(dirname "$0")/../.."
. docs/course/course.sh

# 50 digits to learn from, and 200 others that the discriminator never learns.
small_digits
unzip -qo "$out/digits.zip" '00000/img000000[0-4]?.png' -d "$out/few"
unzip -qo "$out/digits.zip" '00000/img00000[34]??.png' -d "$out/others"
common=(--data "$out/few" --held-out "$out/others" --cfg dcgan --critic-norm layer --cbase 256 --cmax 64 --batch 32
    --glr 0.0005 --dlr 0.001)
train 24 "${common[@]}" --desc plain
train 24 "${common[@]}" --aug ada --aug-kimg 15 --augpipe xint=0.06,scale=0.15,rotate=0.08,xfrac=0.05 --desc ada
train 24 "${common[@]}" --data "$out/digits.zip" --held-out 200 --desc ten-thousand
stylegan compare "$out/runs" --labels "50 digits,50 digits with ADA,10000 digits" --cells 4x3 --columns 4 \
    --title "Few pictures" --outdir "$out/compared"

# A network that paints something similar is a better start than none.
mkdir "$out/blobs"
awk -F'\t' '$1 == "train" && $3 == "noto-v1" { printf "00000/img%08d.png\n", $2 }' data/faces/faces.tsv |
    xargs unzip -qjo data/faces/faces-64.zip -d "$out/blobs"
stylegan train "$out/blobs" --outdir "$out/fine" --init models/faces-64.safetensors --finetune --mirror --cfg auto \
    --gamma 1 --batch 8 --cbase 1024 --cmax 112 --z-dim 128 --w-dim 128 --kimg "$(kimg 1)" --tick "$(kimg 0.25)" --snap 2 --seed 1 --threads "$threads"
stylegan generate --network "$out/fine" --seeds 0-15 --grid 8x2 --trunc 0.7 --outdir "$out/fine-faces"
stylegan generate --network models/faces-64.safetensors --seeds 0-15 --grid 8x2 --trunc 0.7 --outdir "$out/faces"

echo "Chapter 9:"
look compared/curves.png "scores of digits seen and never seen drift apart: overfitting"
look compared/sheets.png "what each of them learnt"
look fine-faces/grid.png "88 pictures, and a network that knew faces; faces/grid.png is before"
