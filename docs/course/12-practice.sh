#!/usr/bin/env bash
# Chapter 12: what to change first. Usage: docs/course/12-practice.sh [FOLDER]
cd "$(dirname "$0")/../.."
. docs/course/course.sh

# What a machine can do in a time: no training, only the plan.
tell plan.txt train data/mnist --hours 0.5 --dry-run --outdir "$out/none" --threads "$threads"

# Latent sizes, learning rates and architectures, the three experiments that every course sets.
small_digits
common=("$out/digits.zip" --batch 32 --seed 1 --tick "$(kimg 2)" --snap 4 --metrics swd1k --threads "$threads")
stylegan sweep "${common[@]}" --cfg dcgan --cbase 256 --cmax 32 --vary z-dim=2,16,100 --vary glr=0.0001,0.0005,0.005 \
    --dlr 0.0005 --kimg "$(kimg 16)" --outdir "$out/rates"
stylegan sweep "${common[@]}" --cbase 256 --cmax 16 --z-dim 32 --w-dim 32 --map-depth 2 --glr 0.002 --dlr 0.002 \
    --vary cfg=dcgan,stylegan2 --kimg "$(kimg 16)" --outdir "$out/architectures"

echo "Chapter 12:"
look plan.txt "resolution, channels, batch and length for this machine, with the reasons"
look rates/compare.html "nine trainings, sorted; find the one that collapsed"
look architectures/compare.html "two architectures for the same number of images"
