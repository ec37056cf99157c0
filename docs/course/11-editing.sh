#!/usr/bin/env bash
# Chapter 11: a picture into the network, and changed there. Usage: docs/course/11-editing.sh [FOLDER]
cd "$(dirname "$0")/../.."
. docs/course/course.sh

# Two faces that the network was not trained on: a frowning one, and a frozen one for its colours.
faces=models/faces-64.safetensors
unzip -qjo data/faces/faces-64-held-out.zip 00000/img00000008.png 00000/img00000020.png -d "$out"
steps="$(count 200 10)"
common=(--network "$faces" --target "$out/img00000008.png" --num-steps "$steps" --loss "discriminator,pyramid=2"
    --w-avg-samples "$(count 10000 200)" --save-video false --threads "$threads")
for space in w w+; do
    tell "projected-$space.txt" project "${common[@]}" --space "$space" --outdir "$out/projected-$space"
done
tell projected-encoder.txt project "${common[@]}" --space w+ --encoder models/faces-encoder.safetensors \
    --outdir "$out/projected-encoder"

# A direction towards grins, by the gradient of the faces' own classifier.
grin=mouth_smiling+mouth_open+eyes_open+yellow
stylegan directions find --network "$faces" --method gradient --classifier models/faces-classifier.safetensors \
    --attribute "$grin" --trunc 0.7 --samples "$(count 300 20)" --output "$out/grin.safetensors"
stylegan edit --network "$faces" --seeds "$out/projected-w/projected_w.npz,201" --trunc 0.7 \
    --directions "$out/grin.safetensors" --move "$grin=1.5" --strip 5 --outdir "$out/grinning"

# Sums of w, and the projected face as a source of styles.
stylegan edit --network "$faces" --w "seed:19 - seed:3 + seed:23" --trunc 0.7 --outdir "$out/sum"
stylegan mix --network "$faces" --rows "$out/projected-w/projected_w.npz" --cols 12,30,41,46 --trunc 0.8 \
    --styles coarse --outdir "$out/mixed"

# Style transfer: of seeds by the generator's styles, of pictures by AdaIN on the features of its discriminator.
stylegan style --network "$faces" --content 44 --style 41 --trunc 0.8 --from 8 --no-video --outdir "$out/style-of-a-seed"
stylegan style --network "$faces" --content "$out/img00000008.png" --style "$out/img00000020.png" --size 64 \
    --num-steps "$(count 100 4)" --no-video --outdir "$out/style-of-pixels"

echo "Chapter 11:"
look projected-w/figure.png "the search in w; projected-w+ comes nearer, projected-encoder starts near"
look grinning/strip.png "one direction, on one's own picture and on a seed"
look mixed/grid.png "one's own picture with the shapes of others"
look style-of-a-seed/figure.png "the content in coarse layers, the style in fine ones"
look style-of-pixels/figure.png "the colours and lines of one picture in the places of another"
