#!/usr/bin/env bash
# Paints with the networks that come along, then teaches the one for faces another style from 88
# pictures, in about three minutes, and paints the same seeds with both. Usage: scripts/demo.sh,
# after make. Everything goes to out/demo.
#
# Environment: DEMO_HOURS is the time for the training (0.05); BUILD is the build folder (build).
set -euo pipefail
cd "$(dirname "$0")/.."

# Threads that wait by spinning slow training down many times when other programs want the
# processors too.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}"

stylegan="${BUILD:-build}/stylegan"
outdir=out/demo
hours="${DEMO_HOURS:-0.05}"
digits=models/digits-32.safetensors
faces=models/faces-64.safetensors

# paint SHEET OPTION...: generates pictures and keeps their grid as SHEET.
paint() {
    local sheet=$1
    shift
    "$stylegan" generate --outdir "$pictures" "$@" >/dev/null
    mv "$pictures/grid.png" "$outdir/$sheet"
    rm -rf "$pictures"
}

# mix SHEET OPTION...: the same with mixed styles.
mix() {
    local sheet=$1
    shift
    "$stylegan" mix --outdir "$pictures" "$@" >/dev/null
    mv "$pictures/grid.png" "$outdir/$sheet"
    rm -rf "$pictures"
}

# take_blobs FOLDER: unpacks the training pictures of one of the sets in data/faces.
take_blobs() {
    mkdir -p "$1"
    awk -F'\t' '$1 == "train" && $3 == "noto-v1" { printf "00000/img%08d.png\n", $2 }' \
        data/faces/faces.tsv | xargs unzip -qjo data/faces/faces-64.zip -d "$1"
}

if [ ! -x "$stylegan" ]; then
    echo "demo: $stylegan is missing; run make first" >&2
    exit 1
fi
mkdir -p "$outdir"

pictures=$(mktemp -d "$outdir/pictures.XXXXXX")
trap 'rm -rf "$pictures"' EXIT

echo "Painting digits with $digits."
paint digits.png --network "$digits" --class 0-9 --seeds 0-19 --grid 20x10
paint digits-truncation.png --network "$digits" --class 2,3,5,8 --seeds 4 \
    --trunc -0.5,0,0.25,0.5,0.75,1,1.25,1.5 --grid 8x4
mix digits-mixing.png --network "$digits" --rows 0-5 --cols 10-17 --styles 0-1 --class 5
"$stylegan" interpolate --network "$digits" --seeds 0-9 --class 0-9 --frames 12 \
    --output "$outdir/digits-interpolation.png" >/dev/null

echo "Painting faces with $faces."
paint faces.png --network "$faces" --seeds 0-99 --grid 10x10
mix faces-mixing.png --network "$faces" --rows 0-5 --cols 10-17 --styles coarse
"$stylegan" interpolate --network "$faces" --seeds 0-9 --frames 12 \
    --output "$outdir/faces-interpolation.png" >/dev/null

take_blobs "$outdir/blobs"
echo "Learning the style of the pictures in $outdir/blobs."
"$stylegan" train "$outdir/blobs" --outdir "$outdir" --init "$faces" --finetune --mirror \
    --hours "$hours"

# Run folders are numbered and snapshots carry their length with zeros in front: the last in
# alphabetical order, which is that of a pattern's matches, is the newest.
runs=("$outdir"/[0-9][0-9][0-9][0-9][0-9]-*/)
run=${runs[-1]%/}
networks=("$run"/network-snapshot-*.safetensors)
network=${networks[-1]}

echo "Painting the same seeds with $network."
paint blobs.png --network "$network" --seeds 0-99 --grid 10x10

cat <<END

By the networks that come along:
  a row for each digit:                  $outdir/digits.png
  truncation psi from -0.5 to 1.5:       $outdir/digits-truncation.png
  styles of columns on forms of rows:    $outdir/digits-mixing.png, faces-mixing.png
  a hundred faces:                       $outdir/faces.png
  from one to the next (open them in a
  browser, they move):                   $outdir/digits-interpolation.png,
                                         $outdir/faces-interpolation.png

By the network just trained:
  the pictures that it learnt from:      $run/reals.png
  painted along the way:                 $run/fakes-*.png
  the seeds of faces.png at the end:     $outdir/blobs.png

To paint more:
  $stylegan generate --seeds 0-63 --grid 8x8 --outdir out/blobs \\
      --network $network
To train longer, which paints better ones:
  DEMO_HOURS=0.5 make demo
To train on pictures of your own:
  $stylegan train PICTURES --hours 3
END
