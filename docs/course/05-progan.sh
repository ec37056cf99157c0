#!/usr/bin/env bash
# Chapter 5: small pictures first. Usage: docs/course/05-progan.sh [FOLDER]
cd "$(dirname "$0")/../.."
. docs/course/course.sh

small_digits
common=(--data "$out/digits.zip" --cfg progan --cbase 256 --cmax 32 --z-dim 32 --batch 32 --glr 0.002 --dlr 0.002
    --ema-kimg 0.5)
train 16 "${common[@]}" --initial-resolution 4 --grow-kimg "$(kimg 2.4)" --minibatch-repeats 1 --desc growing
train 8 "${common[@]}" --initial-resolution 16 --desc whole
stylegan compare "$out/runs" --labels "growing,full size from the start" --by time --cells 4x3 --columns 5 \
    --title "Growing" --outdir "$out/compared"

echo "Chapter 5:"
look compared/sheets.png "4x4, 8x8, 16x16; and the same network at full size from the start"
look compared/curves.png "the marks are the phases; small pictures cost little time"
