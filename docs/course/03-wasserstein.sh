#!/usr/bin/env bash
# Chapter 3: the Wasserstein distance, by clipped weights and by a penalty. Usage: docs/course/03-wasserstein.sh [FOLDER]
cd "$(dirname "$0")/../.."
. docs/course/course.sh

small_digits
common=(--data "$out/digits.zip" --cfg dcgan --cbase 256 --cmax 64 --batch 32)
train 30 "${common[@]}" --loss wgan --glr 0.0005 --dlr 0.0005 --desc clipped
train 30 "${common[@]}" --loss wgan-gp --glr 0.001 --dlr 0.0005 --desc penalised
train 30 "${common[@]}" --loss bce --gp-weight 10 --gp-points fakes --glr 0.0005 --dlr 0.0005 --desc bce-penalised
stylegan compare "$out/runs" --labels "clipped,penalty,cross-entropy with penalty" --cells 4x3 --columns 4 \
    --title "Wasserstein" --outdir "$out/compared"

echo "Chapter 3:"
look compared/curves.png "the estimate of the distance rises, then falls with the pictures' faults"
look compared/sheets.png "what each of them learnt"
