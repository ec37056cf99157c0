#!/usr/bin/env bash
# Chapter 2: binary cross-entropy, and the gradient that vanishes. Usage: docs/course/02-cross-entropy.sh [FOLDER]
cd "$(dirname "$0")/../.."
. docs/course/course.sh

small_digits
# A discriminator that learns four times as fast as the generator soon finds everything out.
common=(--data "$out/digits.zip" --cfg dcgan --cbase 256 --cmax 64 --batch 32 --critic-norm layer --glr 0.0005
    --dlr 0.002)
train 8 "${common[@]}" --loss minimax --desc saturating
train 8 "${common[@]}" --loss logistic --desc non-saturating
train 8 "${common[@]}" --loss logistic --gamma 0.5 --desc non-saturating-r1
stylegan compare "$out/runs" --labels "saturating,non-saturating,non-saturating with R1" --cells 4x3 \
    --columns 4 --title "Cross-entropy, three ways" --outdir "$out/compared"

echo "Chapter 2:"
look compared/compare.html "everything on one page, for a browser"
look compared/curves.png "the generator's gradient under the saturating loss"
look compared/sheets.png "what each of them learnt"
