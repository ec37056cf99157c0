#!/bin/sh
# Compares the features of 64 pictures by Inception-v3 and VGG16, and of 16 pictures and texts by
# CLIP of ViT-B/32's size, with those of a plain PyTorch forward of the same weights, and the time of
# CLIP's image tower with PyTorch's. Usage: torch_differential.sh BUILD
set -eu

folder=$(dirname "$0")
if ! python3 -c 'import numpy, torch' 2>/dev/null && ! /usr/bin/python3 -c 'import numpy, torch' 2>/dev/null; then
    echo "features against PyTorch: skipped, since python3-torch is not installed"
    exit 0
fi
python=python3
python3 -c 'import numpy, torch' 2>/dev/null || python=/usr/bin/python3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for kind in inception vgg16; do
    "$1/feature-values" $kind "$scratch"
    $python "$folder/torch_features.py" check $kind "$scratch"
done
rm -f "$scratch"/*
"$1/clip-values" write "$scratch"
$python "$folder/torch_clip.py" check "$scratch" "$1/clip-values"
$python "$folder/torch_clip.py" bench "$scratch" "$1/clip-values"
