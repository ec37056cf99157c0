#!/usr/bin/env bash
# Paints with the digit network that comes along, then trains a small conditional StyleGAN2 on the
# digits in data/mnist for about three minutes and paints two sheets with that one. Usage:
# scripts/demo.sh, after make. Everything goes to out/demo.
#
# Environment: DEMO_KIMG sets the length of the training in thousands of images instead of the three
# minutes; BUILD is the build folder (build).
set -euo pipefail
cd "$(dirname "$0")/.."

# Threads that wait by spinning slow training down many times when other programs want the
# processors too.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}"

stylegan="${BUILD:-build}/stylegan"
outdir=out/demo
batch=32
networks=(--cbase 512 --cmax 48 --z-dim 64 --w-dim 64 --map-depth 2)
seconds_wanted=180
least_kimg=20
most_kimg=400

# Prints "KIMG MINUTES": the length, in steps of 5 kimg, that takes about seconds_wanted here. Path
# length regularisation (Greg) is off in the demo and is not counted; R1 (Dreg) is due in one of 16
# steps.
choose_length() {
    local phases
    phases=$("$stylegan" bench train --resolution 32 --batch "$batch" "${networks[@]}" --runs 5 \
        --json | sed -n 's|.*"name":"train/[^"]*/\([A-Za-z]*\)".*"seconds":\([^,}]*\).*|\1 \2|p')
    awk -v batch="$batch" -v wanted="$seconds_wanted" -v least="$least_kimg" -v most="$most_kimg" '
        $1 == "Gmain" || $1 == "Dmain" { step += $2 }
        $1 == "Dreg" { step += $2 / 16 }
        END {
            if (step <= 0)
                exit 1
            per_kimg = step * 1000 / batch
            kimg = int(wanted / per_kimg / 5) * 5
            kimg = kimg < least ? least : kimg > most ? most : kimg
            printf "%d %.0f\n", kimg, kimg * per_kimg / 60
        }' <<<"$phases"
}

# paint SHEET OPTION...: generates pictures with the trained network and keeps their grid as SHEET.
paint() {
    local sheet=$1
    shift
    "$stylegan" generate --network "$network" --outdir "$pictures" "$@" >/dev/null
    mv "$pictures/grid.png" "$outdir/$sheet"
    rm -rf "$pictures"
}

if [ ! -x "$stylegan" ]; then
    echo "demo: $stylegan is missing; run make first" >&2
    exit 1
fi
mkdir -p "$outdir"

pictures=$(mktemp -d "$outdir/pictures.XXXXXX")
trap 'rm -rf "$pictures"' EXIT

# What the shipped network paints.
network=models/digits-32.safetensors
echo "Painting with $network."
paint digits.png --class 0-9 --seeds 0-19 --grid 20x10
paint digits-truncation.png --class 2,3,5,8 --seeds 4 --trunc -0.5,0,0.25,0.5,0.75,1,1.25,1.5 \
    --grid 8x4
"$stylegan" mix --network "$network" --rows 0-5 --cols 10-17 --styles 0-1 --class 5 \
    --outdir "$pictures" >/dev/null
mv "$pictures/grid.png" "$outdir/digits-mixing.png"
rm -rf "$pictures"
"$stylegan" interpolate --network "$network" --seeds 0-9 --class 0-9 --frames 12 \
    --output "$outdir/digits-interpolation.png" >/dev/null

if [ -n "${DEMO_KIMG:-}" ]; then
    kimg=$DEMO_KIMG
    echo "Training on $kimg thousand digits."
else
    echo "Measuring how fast this machine trains ..."
    if ! length=$(choose_length); then
        echo "demo: the measurement failed" >&2
        exit 1
    fi
    read -r kimg minutes <<<"$length"
    echo "Training on $kimg thousand digits, which takes about $minutes minutes."
fi

"$stylegan" train --data data/mnist --outdir "$outdir" --cond --batch "$batch" --gamma 1 \
    --pl-weight 0 --glr 0.0025 --dlr 0.0025 "${networks[@]}" --tick 5 --snap 2 --kimg "$kimg"

# Run folders are numbered and snapshots carry their length with zeros in front: the last in
# alphabetical order, which is that of a pattern's matches, is the newest.
runs=("$outdir"/[0-9][0-9][0-9][0-9][0-9]-*/)
run=${runs[-1]%/}
networks_saved=("$run"/network-snapshot-*.safetensors)
network=${networks_saved[-1]}

echo "Painting two sheets."
paint classes.png --class 0-9 --seeds 0-9 --grid 10x10
paint truncation.png --class 2,3,5,8 --seeds 4 --trunc -0.5,0,0.25,0.5,0.75,1,1.25,1.5 --grid 8x4

cat <<END

By the network that comes along:
  a row for each digit:                  $outdir/digits.png
  truncation psi from -0.5 to 1.5:       $outdir/digits-truncation.png
  styles of columns on forms of rows:    $outdir/digits-mixing.png
  from digit to digit (open it in a
  browser, it moves):                    $outdir/digits-interpolation.png

By the network just trained:
Real digits, one row for each digit:     $run/reals.png
Painted along the way, noise at first:   $run/fakes-*.png
Painted at the end, one row per digit:   $outdir/classes.png
Truncation psi from -0.5 to 1.5
(the average digit is in column two):    $outdir/truncation.png

To paint more:
  $stylegan generate --class 7 --seeds 0-63 --grid 8x8 --outdir out/sevens \\
      --network $network
To train longer, which paints better digits (750: about half an hour on two cores):
  DEMO_KIMG=750 make demo
END
