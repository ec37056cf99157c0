#!/usr/bin/env bash
# Chapter 1: two networks play against each other. Usage: docs/course/01-adversarial.sh [FOLDER]
cd "$(dirname "$0")/../.."
. docs/course/course.sh

small_digits
train 20 --data "$out/digits.zip" --cfg dcgan --cbase 256 --cmax 64 --batch 32 \
    --glr 0.0005 --dlr 0.0005 --loss logistic --desc game
run="$(echo "$out"/runs/00000-*)"
stylegan progress "$run" --form strip --stages 6 --cells 4x4 --output "$out/stages.png"

# What the discriminator thinks of eight generated digits, and of eight real ones.
stylegan generate --network "$run" --seeds 0-7 --grid 8x1 --outdir "$out/generated"
unzip -qo "$out/digits.zip" '00000/img0000000[0-7].png' -d "$out/real"
tell scores.txt score --network "$run" "$out/generated"/seed*.png "$out/real/00000"/*.png --alone

echo "Chapter 1:"
look stages.png "the pictures of the same latents while the training goes on"
look "runs/$(basename "$run")/loss.png" "losses, scores and gradients: a competition, no measure of quality"
look scores.txt "scores and probabilities, first of generated digits, then of real ones"
