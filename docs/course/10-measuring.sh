#!/usr/bin/env bash
# Chapter 10: how good are they? Usage: docs/course/10-measuring.sh [FOLDER]
cd "$(dirname "$0")/../.."
. docs/course/course.sh

digits=models/digits-32.safetensors
number="$(count 2000 100)"
for psi in 1 0.7 0.4; do
    tell "psi-$psi.csv" metrics --network "$digits" --data data/mnist --metrics fd_own2k,pr_own2k,swd2k,msssim2k \
        --num "$number" --trunc "$psi" --csv --threads "$threads"
done

# Sets made worse on purpose: four classes of ten, and the same hundred again and again.
stylegan generate --network "$digits" --class 0-3 --seeds "0-$((number / 4 - 1))" --outdir "$out/four-classes"
tell four-classes.csv metrics --pictures "$out/four-classes" --data data/mnist --metrics fd_own2k,pr_own2k,swd2k,msssim2k \
    --num "$number" --csv --threads "$threads"

# The classifier's answer for each picture, and the share that it recognises.
stylegan generate --network "$digits" --class 7 --seeds 0-31 --grid 8x4 --outdir "$out/sevens"
tell sevens.txt score --network models/digits-classifier.safetensors --class 7 "$out/sevens"/seed*.png

# The distance while a network learns.
train 16 --data data/mnist --cfg dcgan --cbase 256 --cmax 32 --batch 32 --glr 0.0005 --dlr 0.0005 --desc measured
stylegan metrics --run "$(echo "$out"/runs/00000-*)" --metrics fd_own1k,swd1k --num "$(count 1000 100)" --threads "$threads"

echo "Chapter 10:"
look psi-1.csv "and psi-0.7.csv, psi-0.4.csv: what truncation costs"
look four-classes.csv "missing classes: which figures notice?"
look "runs/$(basename "$(echo "$out"/runs/00000-*)")/metrics.png" "distances over a training"
