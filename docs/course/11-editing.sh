#!/usr/bin/env bash
# Chapter 11: a picture into the network, and changed there. Usage: docs/course/11-editing.sh [FOLDER]
cd "$(dirname "$0")/../.."
. docs/course/course.sh

faces=models/faces-64.safetensors
unzip -qjo data/faces/faces-64-held-out.zip 00000/img00000000.png -d "$out"
steps="$(count 200 10)"
common=(--network "$faces" --target "$out/img00000000.png" --num-steps "$steps" --loss "discriminator,pyramid=2"
    --w-avg-samples "$(count 10000 200)" --save-video false --threads "$threads")
for space in w w+; do
    tell "projected-$space.txt" project "${common[@]}" --space "$space" --outdir "$out/projected-$space"
done
tell projected-encoder.txt project "${common[@]}" --space w+ --encoder models/faces-encoder.safetensors \
    --outdir "$out/projected-encoder"

# A direction that opens mouths to a grin, of the faces' own classifier.
stylegan directions find --network "$faces" --method boundary --classifier models/faces-classifier.safetensors \
    --attribute mouth_smiling --num "$(count 4000 400)" --output "$out/smile.safetensors"
stylegan edit --network "$faces" --seeds "$out/projected-w/projected_w.npz,30,46" --directions "$out/smile.safetensors" \
    --move mouth_smiling=2 --strip 7 --outdir "$out/smiling"

# Sums of w, and the projected face as a source of styles.
stylegan edit --network "$faces" --w "seed:19 - seed:3 + seed:23" --trunc 0.7 --outdir "$out/sum"
stylegan mix --network "$faces" --rows "$out/projected-w/projected_w.npz" --cols 12,30,41,46 --styles middle,fine \
    --outdir "$out/mixed"

# Style transfer: of seeds by the generator's styles, of pictures by AdaIN on the features of its discriminator.
stylegan style --network "$faces" --content 23 --style 30 --trunc 0.8 --no-video --outdir "$out/style-of-a-seed"
stylegan style --network "$faces" --content "$out/img00000000.png" --style docs/images/faces-to-blobs.png --size 64 \
    --num-steps "$(count 100 4)" --no-video --outdir "$out/style-of-pixels"

echo "Chapter 11:"
look projected-w/figure.png "the search in w; projected-w+ comes nearer, projected-encoder starts near"
look smiling/strip.png "one direction, on one's own picture and on two seeds"
look mixed/grid.png "one's own picture with the colours of others"
look style-of-a-seed/figure.png "the content in coarse layers, the style in fine ones"
