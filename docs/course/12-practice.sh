#!/usr/bin/env bash
# Chapter 12: what to change first. Usage: docs/course/12-practice.sh [FOLDER]
cd "$(dirname "$0")/../.."
. docs/course/course.sh

# What a machine can do in a time: no training, only the plan.
tell plan.txt train data/mnist --hours 0.5 --dry-run --outdir "$out/none" --threads "$threads"

# Latent sizes, learning rates and architectures, the three experiments that every course sets. The metric
# takes as long at every size, so that a small run has fewer settings.
small_digits
sizes=2,16,100 rates=0.0001,0.0005,0.005
if [ "$(count 100 1)" -lt 10 ]; then
    sizes=16 rates=0.0005,0.005
fi
common=("$out/digits.zip" --batch 32 --seed 1 --tick "$(kimg 1)" --snap 100 --img-snap 2 --metrics swd1k
    --threads "$threads")
stylegan sweep "${common[@]}" --cfg dcgan --cbase 256 --cmax 32 --vary "z-dim=$sizes" --vary "glr=$rates" \
    --dlr 0.0005 --kimg "$(kimg 8)" --outdir "$out/rates"
stylegan sweep "${common[@]}" --cbase 256 --cmax 16 --z-dim 32 --glr 0.002 --dlr 0.002 \
    --vary cfg=dcgan,stylegan2 --kimg "$(kimg 4)" --outdir "$out/architectures"

echo "Chapter 12:"
look plan.txt "resolution, channels, batch and length for this machine, with the reasons"
look rates/table.csv "the trainings, sorted by their distance from the digits"
look rates/compare/compare.html "their pictures and curves"
look architectures/table.csv "two architectures for the same number of images"
