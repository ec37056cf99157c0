#!/usr/bin/env bash
# Chapter 6: styles. Usage: docs/course/06-stylegan.sh [FOLDER]
cd "$(dirname "$0")/../.."
. docs/course/course.sh

faces=models/faces-64.safetensors
stylegan mix --figure --network "$faces" --rows 19,3,23,61,44,50 --cols 12,30,41,46 --trunc 0.8 --outdir "$out/mixed"
stylegan mix --network "$faces" --rows 23,44 --cols 30,12 --crossovers 1,3,5,7 --trunc 0.8 --outdir "$out/crossed"
stylegan truncate --network "$faces" --seeds 19,30,44 --trunc 1.4,1,0.7,0.4,0,-0.5 --outdir "$out/truncated"
stylegan interpolate --network "$faces" --seeds 3,30 --trunc 0.8 --no-loop --strip 9 --scale 2 --output "$out/strip-w.png"
stylegan interpolate --network "$faces" --seeds 3,30 --trunc 0.8 --space z --no-loop --strip 9 --scale 2 --output "$out/strip-z.png"

# A first StyleGAN of one's own: AdaIN and noise as published.
small_digits
train 12 --data "$out/digits.zip" --cfg stylegan1 --initial-resolution 8 --grow-kimg "$(kimg 2.4)" --minibatch-repeats 1 \
    --cbase 256 --cmax 32 --z-dim 32 --w-dim 32 --map-depth 4 --batch 32 --glr 0.002 --dlr 0.002 --desc adain
run="$(echo "$out"/runs/00000-*)"
stylegan variation --network "$run" --seeds 0-3 --samples "$(count 100 4)" --scale 8 --outdir "$out/noise"
tell w.txt generate --network "$run" --seeds 0 --save-w --outdir "$out/one"

echo "Chapter 6:"
look mixed/figure.png "coarse, middle and fine styles of one face in another"
look crossed/crossovers.png "one face up to layer k, another from there on"
look truncated/truncation.png "from varied to typical to the opposite"
look strip-w.png "halfway in w; strip-z.png: halfway in z"
look noise/variation.png "what noise changes, and how much"
