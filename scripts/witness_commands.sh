# The commands that scripts/witness.sh runs, in groups; it sources this file.
#
# A group is a function witness_NAME. It runs in an empty folder of its own, and whatever it leaves
# there is hashed. These come from witness.sh:
#
#   run COMMAND ARGUMENT...           runs stylegan with one thread; it must succeed
#   show FILE COMMAND ARGUMENT...     the same, and keeps standard output as FILE
#   refused FILE COMMAND ARGUMENT...  keeps the exit status alone as FILE: sentences may change
#
# Paths are relative, so that remarks in files do not depend on the folder. Sizes are small and
# every command has the fewest seeds, frames and steps that show what its options do.
#
# shellcheck shell=bash disable=SC2034,SC2154

project=../../project # a link to the project
inputs=../../inputs   # what witness_inputs.py made
golden=$project/tests/golden
digits=$project/models/digits-32.safetensors
skip=$golden/sg2-skip-32/network.safetensors
cond=$golden/sg2-cond-gray-16/network.safetensors
stylegan1=$golden/sg1/main.pkl
sg3t=$golden/sg3-t-32/network.safetensors
sg3r=$golden/sg3-r-32/network.safetensors

# The groups, the longest first: two run at a time.
witness_groups="train_losses train_dcgan train_growing train_stylegan2 train_stylegan3 train_options
    interpolate_ways interpolate_outputs variation spectra layers golden_networks golden_convert
    generate_options generate_w generate_jobs generate_labelled style mix truncate metrics clip words compare
    sweep dataset doctor examples
    golden_pickles"

# ---- pictures ----

witness_generate_options() {
    run generate --network "$skip" --seeds 0,2-4 --grid 2x2 --outdir plain
    run generate --network "$skip" --seeds 7 --outdir truncated --trunc=-0.5,0,0.7,1.5 --grid 2x2
    run generate --network "$skip" --seeds 7 --outdir cutoff --trunc 0.3 --trunc-cutoff 3
    run generate --network "$digits" --seeds 0,1 --class 0-3 --trunc 0.8 --grid 4x2 --outdir classes
    run generate --network "$digits" --seeds 1 --class 3,5 --trunc=-0.5,0,1 --grid 3x2 --outdir both
    run generate --network "$skip" --seeds 5 --outdir exact --exact
    run generate --network "$stylegan1" --seeds 5 --outdir stylegan1 --trunc 0.5
    local mode
    for mode in const random none; do
        run generate --network "$skip" --seeds 3,4 --outdir "noise-$mode" --noise-mode "$mode"
        run generate --network "$stylegan1" --seeds 3 --outdir "noise1-$mode" --noise-mode "$mode"
    done
    local network
    for network in "$sg3t" "$sg3r"; do
        local name=${network%-32/*}
        name=${name##*/}
        run generate --network "$network" --seeds 0,1 --outdir "$name" --trunc 0.7 --grid 2x1
        run generate --network "$network" --seeds 2 --outdir "$name-moved" --translate 0.25,-0.1
        run generate --network "$network" --seeds 2 --outdir "$name-turned" --rotate 30 --anchor
        run generate --network "$network" --seeds 2 --outdir "$name-exact" --exact
    done
    run generate --network "$skip" --seeds 2 --outdir constant --translate 0.25,0 --rotate 30 \
        --move-constant
    threads=2 run generate --network "$digits" --seeds 5 --class 1 --outdir threads
    refused no-class.status generate --network "$cond" --seeds 1 --outdir refused
    refused no-move.status generate --network "$skip" --seeds 1 --outdir refused --rotate 3
}

witness_generate_w() {
    run generate --network "$skip" --seeds 0,1 --outdir saved --save-w --trunc 0.8
    run generate --network "$skip" --projected-w saved/seed0001.npz --outdir again
    run generate --network "$skip" --projected-w "$inputs/w.npy" --outdir one-w --grid 3x1
    run generate --network "$skip" --projected-w "$inputs/w-layers.npy" --outdir layers \
        --trunc 0.5,1 --save-w --noise-mode none
    run generate --network "$skip" --seeds 3 --outdir center-seed --trunc 0.5 --new-center 42 --save-w
    run generate --network "$skip" --seeds 3 --outdir center-file --trunc 0,0.5 \
        --new-center "$inputs/center.npy"
    run generate --network "$cond" --seeds 3 --class 2 --outdir classes --save-w --trunc 0.7
    run generate --network "$stylegan1" --seeds 3 --outdir stylegan1 --save-w --trunc 0.7
    run generate --network "$sg3t" --seeds 3 --outdir stylegan3 --save-w --trunc 0.7
}

witness_generate_jobs() {
    cat >jobs.txt <<END
{"id": "a", "seed": 85, "trunc": 0.7}
{"id": 2, "seed": 86, "output": "faces/86.png", "save_w": true}
{"id": "c", "sead": 87}
not JSON

{"seed": 3, "noise_mode": "random", "output": "noise.png"}
{"seed": 3, "trunc": 0.2, "trunc_cutoff": 2, "output": "cutoff.png"}
{"seed": 3, "trunc": 0.2, "new_center": 9, "output": "center.png"}
{"seed": 3, "trunc": 0.2, "new_center": "$inputs/center.npy", "output": "center-file.png"}
{"w": "$inputs/w.npy", "w_index": 1}
{"w": "$inputs/w-layers.npy", "output": "layers.png", "class": 3}
{"seed": 1, "output": "../outside.png"}
{"seed": 1, "rotate": 30}
{"seed": -1}
END
    refused jobs.status generate --network "$skip" --jobs jobs.txt --outdir from-file
    keep_answers file.answers generate --network "$skip" --jobs jobs.txt --outdir from-file
    echo '{"seed": 3, "class": 5, "output": "five.png"}' |
        keep_answers digits.answers generate --network "$digits" --jobs - --outdir digits
    keep_answers defaults.answers generate --network "$digits" --jobs - --outdir defaults \
        --class 4 --trunc 0.6 --trunc-cutoff 5 --noise-mode none --save-w <<END
{"seed": 1}
{"seed": 1, "class": 7, "output": "seven.png", "save_w": false}
END
    keep_answers moved.answers generate --network "$sg3r" --jobs - --outdir moved --rotate 20 <<END
{"seed": 1}
{"seed": 1, "translate": [0.1, 0.2], "rotate": 0, "output": "translated.png"}
END
    rm jobs.txt
}

witness_generate_labelled() {
    local layout
    for layout in folders json csv; do
        run generate --network "$cond" --labelled --seeds 3,5 --layout $layout --outdir $layout
    done
    run generate --network "$digits" --labelled --num 11 --class 3,5 --shares 2,1 --trunc 0.8 \
        --classifier "$project/models/digits-classifier.safetensors" --outdir judged.zip
    run generate --network "$cond" --labelled --num 3 --with folders --outdir both
    refused shares.status generate --network "$cond" --labelled --num 3 --shares 1 --outdir refused
}

witness_style() {
    local pictures=$golden/style
    run style --content "$pictures/content.png" "$pictures/style0.png" --size 32 --num-steps 4 \
        --outdir pixels
    run style --content "$pictures/content.png" "$pictures/style0.png" "$pictures/style1.png" \
        --weights 0.3,0.7 --alpha 0.6 --keep-colours --size 32 --num-steps 4 --no-video \
        --network "$project/models/faces-64.safetensors" --outdir own
    run style --content "$pictures/content.png" "$pictures/style0.png" --alpha 0.7 --no-video \
        --encoder "$pictures/encoder.pth" --decoder "$pictures/decoder.pth" --outdir decoder
    run style --network "$skip" --content 3 --style 4 --no-video --outdir generator
    refused seeds.status style --content 3 --style 4 --outdir refused
    rm -f */style.json # with the seconds that it took
}

witness_mix() {
    run mix --network "$digits" --class 5 --rows 0-1 --cols 10-12 --styles 0-1 --outdir digits
    run mix --network "$skip" --rows 85,10 --cols 55,82 --outdir default
    run mix --network "$skip" --row-seeds 1 --col-seeds 2,3 --col-styles 3-7 --trunc 0.7 \
        --outdir other-names
    run mix --network "$skip" --rows 1 --cols 2 --styles none --noise-mode random --outdir random
    run mix --network "$skip" --rows 1 --cols 2 --styles 0,4 --noise-mode none --exact --outdir none
    run mix --network "$stylegan1" --rows 1 --cols 2 --styles 0-3 --outdir stylegan1
    run mix --network "$sg3t" --rows 1 --cols 2 --styles 0-5 --outdir stylegan3
    run mix --figure --network "$skip" --rows 0-2 --cols 4,5 --bands 1,1,1 --outdir figure
    run mix --figure --network "$digits" --class 3 --row-seeds 0-3 --col-seeds 4,5 --bands 2,1,1 \
        --trunc 0.7 --outdir figure-digits
    run mix --figure --network "$cond" --class 3 --outdir figure-default
    run mix --network "$skip" --rows 1,2 --cols 5 --crossovers 0,3,8 --outdir crossovers
}

witness_truncate() {
    run truncate --network "$digits" --class 3,5 --seeds 4,7 --outdir digits
    run truncate --network "$skip" --seeds 0-1 --trunc 2,1.5,0 --trunc-cutoff 4 --singles --outdir cutoff
    run truncate --network "$digits" --class 3,5 --seeds 0,1 --trunc=-1,0,0.5 --transpose --outdir turned
    run truncate --network "$skip" --seeds 3 --new-center 5 --plain --outdir center
    run truncate --network "$skip" --seeds 3 --new-center "$inputs/center.npy" --trunc 0.5,0 \
        --outdir center-file
    run truncate --network "$skip" --seeds 3 --noise-mode random --trunc 1,0 --exact --outdir random
    run truncate --network "$skip" --seeds 3 --noise-mode none --trunc 1,0 --plain --outdir none
    run truncate --network "$stylegan1" --seeds 3 --trunc 1,0.5 --plain --outdir stylegan1
    run truncate --network "$sg3r" --seeds 3 --trunc 1,0.5 --plain --outdir stylegan3
}

witness_variation() {
    run variation --network "$digits" --class 5 --seeds 0-1 --samples 5 --scale 25 --outdir digits
    run variation --network "$digits" --class 5 --seeds 2 --samples 5 --crop 8,8,16 --outdir crop
    run variation --network "$skip" --seeds 5 --samples 6 --shown 2 --singles --outdir singles
    run variation --network "$skip" --seeds 5 --samples 4 --plain --trunc 0.5 --trunc-cutoff 3 \
        --outdir plain
    local layers
    for layers in none fine coarse 0-2,6; do
        run variation --network "$skip" --seeds 5 --samples 4 --plain --noise-layers $layers \
            --outdir "$layers"
    done
    run variation --network "$skip" --seeds 5 --samples 3 --plain --noise-mode const --outdir const
    run variation --network "$stylegan1" --seeds 5 --samples 4 --plain --exact --outdir stylegan1
}

witness_spectra() {
    run spectra --data "$inputs/faces" --output data
    run spectra --data "$inputs/greys" --network "$cond" --num 8 --output both
    run spectra --network "$skip" --network "$sg3t" --num 6 --seed 3 --exact --output networks
    run spectra --network "$digits" --num 10 --beta 6 --interp 2 --output options
}

witness_layers() {
    run layers --network "$skip" --seeds 1,2 --layers b8,b32.conv1 --spectrum --outdir figures
    run layers --network "$cond" --class 2 --layers b16.conv1 --colours 3 --channels 0,3 --gain 3 \
        --no-normalise --plain --outdir colours
    run layers --network "$stylegan1" --json
    run layers --network "$sg3t" --seeds 3 --trunc 0.5 --exact
}

witness_metrics() {
    local network name
    for network in "$skip" "$sg3t" "$sg3r"; do
        name=$(basename "$(dirname "$network")")
        show "$name.txt" metrics --network "$network" --num 3 --metrics eqt50k_int,eqt50k_frac,eqr50k
    done
    show json.txt metrics --network "$sg3t" --num 2 --seed 4 --json --metrics eqr50k,eqt50k_int
    show class.txt metrics --network "$cond" --num 2 --class 1 --metrics eqt50k_frac
    show classes.txt metrics --network "$cond" --num 3 --exact --metrics eqt50k_int
}

witness_clip() {
    local clip=(--features "$inputs/clip.safetensors" --features "$inputs/merges.txt")
    show one.txt score --text "a cab" "${clip[@]}" "$inputs/faces"
    show json.txt score --text "a cab" --text "Bad &amp; &eacute;!" "${clip[@]}" "$inputs/faces" --json
    show exact.txt score --text "a cab" "${clip[@]}" "$inputs/photos" --json --exact
    show metric.txt metrics --pictures "$inputs/faces" --metrics clip_score --text "a cab" "${clip[@]}" --json
    show network.txt metrics --network "$skip" --num 3 --metrics clip_score --text "a cab" "${clip[@]}"
    show towers.txt info "$inputs/clip.safetensors"
    show merges.txt info "$inputs/merges.txt"
    refused no-text.status metrics --network "$skip" --num 3 --metrics clip_score "${clip[@]}"
}

witness_words() {
    local clip=(--features "$inputs/clip.safetensors" --features "$inputs/merges.txt")
    local faces=(--network "$project/models/faces-64.safetensors" --seeds 2 --trunc 0.7)
    local towards=(--classifier "$project/models/faces-classifier.safetensors" --towards glasses)
    run edit "${faces[@]}" "${towards[@]}" --num-steps 20 --outdir towards --save-w --strip 3
    run edit "${faces[@]}" "${towards[@]}" --num-steps 10 --outdir kept --keep all --space w --layers 2-6
    run edit "${faces[@]}" "${towards[@]}=-0.5" --num-steps 10 --outdir styles --space styles
    run edit "${faces[@]}" --text "a cab" --text "bad=-0.5" "${clip[@]}" --num-steps 5 --outdir text
    run edit "${faces[@]}" --text "a cab" --from-text bad "${clip[@]}" --num-steps 5 --outdir from \
        --film film.png --frames 3
    printf '{}\nan {}\n' >templates.txt
    XDG_CACHE_HOME=$PWD/cache run directions find --network "$skip" --method text --from-text bad --to-text cab \
        --templates templates.txt --samples 2 --threshold 0 "${clip[@]}" --output text.safetensors
    refused no-classifier.status edit "${faces[@]}" --towards glasses --outdir refused
}

# ---- moving pictures ----

witness_interpolate_ways() {
    local space method easing
    for space in z w; do
        for method in linear spherical cubic; do
            for easing in linear smooth sine; do
                run interpolate --network "$skip" --seeds 1,5,9 --frames 3 --space $space \
                    --method $method --easing $easing --output "$space-$method-$easing.png"
            done
        done
        run interpolate --network "$cond" --seeds 1,2,3 --class 0,3,1 --frames 3 --space $space \
            --output "$space-classes.png"
        run interpolate --network "$skip" --seeds 1,2,3 --no-loop --frames 2 --space $space \
            --output "$space-open.png"
    done
    run interpolate --network "$skip" --seeds 0-4 --loop --frames 2 --output loop.png
    run interpolate --network "$skip" --seeds 0-7 --grid 2x2 --frames 3 --trunc 0.7 --output grid.png
    run interpolate --network "$skip" --seeds 0-2 --num-keyframes 4 --grid 2x1 --shuffle-seed 3 \
        --w-frames 2 --output shuffled.png
    run interpolate --network "$skip" --keyframes "$inputs/w.npy" --keyframes "$inputs/w-layers.npy" \
        --method linear --easing smooth --frames 2 --output keys.png
    run interpolate --network "$skip" --w "$inputs/w.npy" --trunc 0.5 --frames 2 --output w.png
    run interpolate --network "$skip" --seeds 1,2 --noise-mode random --frames 3 --output random.png
    run interpolate --network "$skip" --seeds 1,2 --noise-mode random --fixed-noise --frames 3 \
        --output fixed.png
    run interpolate --network "$skip" --seeds 1,2 --noise-mode none --exact --frames 3 --output none.png
    run interpolate --network "$stylegan1" --seeds 1,2 --frames 2 --output stylegan1.png
    run interpolate --network "$sg3t" --seeds 3,3 --rotate 360 --anchor --frames 4 --output spin.png
    run interpolate --network "$sg3r" --seeds 3,4 --translate 0.2,0.1 --frames 3 --output pan.png
    run interpolate --network "$skip" --seeds 0,0,2,2 --grid 2x1 --no-loop --frames 4 \
        --translate 0.125,0 --move-constant --output constant.png
    run interpolate --network "$skip" --seeds 1,2 --walk coordinates --coordinates 0,3 --strip 3 \
        --output coordinates.png
    run interpolate --network "$cond" --class 1 --seeds 1 --walk coordinates --coordinates 0-3 --space z \
        --frames 3 --output coordinates-z.png
}

witness_interpolate_outputs() {
    run interpolate --network "$digits" --seeds 0-2 --class 0-2 --frames 3 --scale 4 --output digits.mp4
    run interpolate --network "$skip" --seeds 0-15 --grid 4x2 --trunc 0.7 --frames 4 --fps 30 \
        --output walks.mp4
    run interpolate --network "$skip" --seeds 1,2 --frames 4 --quality 40 --output quality.mp4
    run interpolate --network "$skip" --seeds 1,2 --frames 4 --bitrate 80k --output bitrate.mp4
    run interpolate --network "$skip" --seeds 1,2 --no-loop --output seconds.mp4
    run interpolate --network "$skip" --seeds 1,2 --no-loop --output default.png
    run interpolate --network "$digits" --seeds 3,3 --class 0,1 --scale 3 --frames 3 --fps 5 \
        --output scaled.apng
    run interpolate --network "$skip" --seeds 1,2 --space z --no-loop --frames 3 --output frames/
    mkdir there
    run interpolate --network "$skip" --seeds 1,2 --frames 2 --scale 2 --output there
    mkdir pattern
    run interpolate --network "$skip" --seeds 1,2 --frames 2 --output pattern/walk%05d.png
}

# ---- files of networks ----

# Every file of networks, of this program and of others, is described, painted from and converted.
witness_golden_networks() {
    local file name
    while read -r file; do
        name=$(name_of "$file")
        show "$name.txt" info "$file"
        show "$name.json" info "$file" --json
        run generate --network "$file" --seeds 1 --class 1 --trunc 0.8 --outdir "$name"
    done < <(network_files)
}

witness_golden_convert() {
    local file name
    while read -r file; do
        name=$(name_of "$file")
        run convert --network "$file" --output "$name.safetensors"
        show "$name.json" info "$name.safetensors" --json
    done < <(network_files)
    local part
    for part in G D G_ema G,G_ema; do
        run convert --network "$golden/sg2-skip-32/network.pkl" --parts $part --output "$part.safetensors"
    done
    for name in sg2-skip-32/network.pkl legacy/tf-skip-32/network.pkl legacy/rosinality-32/checkpoint.pt; do
        file=checkpoint-${name%/*}
        file=${file/\//-}
        run convert --network "$golden/$name" --output "$file.pt"
        run convert --network "$file.pt" --output "$file-back.safetensors"
        show "$file.txt" info "$file.pt"
        run generate --network "$file.pt" --seeds 1 --outdir "$file"
    done
    run convert --network "$golden/sg2-skip-32/network.pkl" --parts G_ema --output part.pt
    refused orig.status convert --network "$golden/sg2-orig-16/network.pkl" --output orig.pt
    refused stylegan3.status convert --network "$sg3t" --output stylegan3.pt
}

# Files that hold no network are refused by every command that reads one.
witness_golden_pickles() {
    local file name
    for file in "$golden"/pickle/*.p[kt]* "$golden"/*/expected.safetensors; do
        name=$(name_of "$file")
        refused "$name.info.status" info "$file"
        refused "$name.generate.status" generate --network "$file" --seeds 1 --outdir refused
    done
}

network_files() {
    printf '%s\n' "$digits" "$golden"/sg[123]-*/network.* "$golden"/sg3-numpy/*/network.safetensors \
        "$golden"/sg1/*.pkl "$golden"/legacy/*/network.pkl "$golden"/legacy/*/c*.pt
}

# sg2-skip-32-network.pkl for .../golden/sg2-skip-32/network.pkl
name_of() {
    local name=${1#"$golden"/}
    name=${name#"$project"/}
    echo "${name//\//-}"
}

# ---- data sets ----

witness_dataset() {
    show copy.txt dataset "$inputs/faces" copy
    show archive.txt dataset "$inputs/faces" archive.zip --max-images 9
    show labelled.txt dataset "$inputs/labelled.zip" labelled
    show back.txt dataset --source archive.zip --dest back
    show mnist.txt dataset "$project/data/mnist" digits.zip --resolution 16 --filter area --max-images 12
    show idx.txt dataset "$project/data/mnist" idx --max-images 5
    local transform filter
    for filter in lanczos box area; do
        show "$filter.txt" dataset "$inputs/photos" "$filter" --resolution 16 --filter $filter
        for transform in center-crop center-crop-wide pad; do
            show "$filter-$transform.txt" dataset "$inputs/photos" "$filter-$transform.zip" \
                --resolution 16 --filter $filter --transform $transform
        done
    done
    show wide.txt dataset "$inputs/photos" wide --resolution 16x12 --transform center-crop-wide
    mkdir inks
    local file
    for file in "$project"/tests/fuzz/corpus/jpeg/*; do
        cp "$file" "inks/${file##*/}.jpg"
    done
    show jpeg.txt dataset inks jpeg --resolution 8 --fix
    rm -r inks
}

witness_doctor() {
    refused bad.status dataset "$inputs/damaged" bad
    refused sizes.status dataset "$inputs/photos" sizes
    show skip.txt dataset "$inputs/damaged" skip --skip
    show fix.txt dataset "$inputs/damaged" fix --fix
    show skip-small.txt dataset "$inputs/damaged" skip-small.zip --skip --resolution 16
    show fix-small.txt dataset "$inputs/damaged" fix-small.zip --fix --resolution 16 --transform pad
    show greys.txt dataset "$inputs/greys" greys --resolution 8
}

# ---- training ----

# train NAME KIMG MORE_KIMG OPTION...: trains for KIMG, stops, and goes on until MORE_KIMG. Then the
# last network is described and painted from.
train() {
    local name=$1 kimg=$2 more=$3
    shift 3
    run train --outdir "$name" --kimg "$kimg" --tick "$kimg" --snap 1 --cbase 64 --cmax 8 "$@"
    local folders=("$name"/*/)
    run train --resume "${folders[0]%/}" --kimg "$more"
    local networks=("${folders[0]}"network-snapshot-*.safetensors)
    local network=${networks[${#networks[@]} - 1]}
    show "$name.txt" info "$network"
    run generate --network "$network" --seeds 1,2 --class 1 --outdir "$name-painted"
}

faces=(--data "$inputs/faces" --batch 8)
tiny=("${faces[@]}" --z-dim 12 --w-dim 10 --map-depth 2)
dcgan=("${faces[@]}" --cfg dcgan --z-dim 12)

witness_train_stylegan2() {
    train default 0.04 0.08 --data "$inputs/faces" --batch 8 --z-dim 16 --w-dim 16 # all of its phases
    train e 0.016 0.032 "${tiny[@]}" --cfg stylegan2-e
    train auto 0.016 0.032 "${tiny[@]}" --cfg auto
    train cifar 0.016 0.032 "${tiny[@]}" --cfg cifar --mbstd-group 4
    train classes 0.016 0.032 "${tiny[@]}" --cond --mirror
    train digits 0.016 0.032 --data "$project/data/mnist" --batch 8 --cond --z-dim 8 --w-dim 8 --map-depth 2
    run train --dry-run "${tiny[@]}" --outdir dry --kimg 1
    local towards=(--network "$project/models/faces-64.safetensors" --towards glasses
        --classifier "$project/models/faces-classifier.safetensors")
    run train --cfg nada "${towards[@]}" --kimg 0.008 --outdir nada
    run train --cfg mapper "${towards[@]}" --kimg 0.016 --outdir mapper
}

witness_train_stylegan3() {
    train t 0.016 0.032 "${tiny[@]}" --cfg stylegan3-t
    train r 0.016 0.032 "${tiny[@]}" --cfg stylegan3-r --batch 4
    train classes 0.008 0.016 "${tiny[@]}" --cfg stylegan3-t --cond --batch 4 --gamma 2
}

witness_train_growing() {
    local schedule=(--initial-resolution 4 --grow-kimg 0.032 --fade-kimg 0.016 --minibatch-repeats 1)
    local growing=("${faces[@]}" --z-dim 12 "${schedule[@]}")
    train progan 0.04 0.112 --cfg progan "${growing[@]}"
    train stylegan1 0.04 0.112 --cfg stylegan1 --w-dim 10 --map-depth 2 "${growing[@]}"
    train classes 0.024 0.064 --cfg stylegan1 --cond "${growing[@]}" --map-depth 2 --w-dim 12
    train batches 0.024 0.064 --cfg progan --data "$inputs/greys" --z-dim 12 "${schedule[@]}" \
        --grow-batch 4:8,8:8,16:4 --minibatch-repeats 2 --ema-kimg 1 --loss logistic --gamma 5
    train whole 0.016 0.032 --cfg stylegan1 "${tiny[@]}" --initial-resolution 16
    train whole-progan 0.016 0.032 --cfg progan "${faces[@]}" --z-dim 12 --initial-resolution 16
}

witness_train_losses() {
    local loss
    for loss in logistic minimax lsgan hinge wgan-gp; do
        train "$loss" 0.016 0.032 "${tiny[@]}" --loss $loss
        train "progan-$loss" 0.016 0.032 --cfg progan "${faces[@]}" --z-dim 12 --loss $loss \
            --initial-resolution 8 --grow-kimg 0.016 --minibatch-repeats 1
    done
    train wgan 0.016 0.032 "${tiny[@]}" --loss wgan --clip-weights 0.5 --n-critic 2
    train penalty 0.016 0.032 "${tiny[@]}" --loss wgan-gp --gp-weight 5 --drift 0.01 --n-critic 2
    train rmsprop 0.016 0.032 "${tiny[@]}" --optimizer rmsprop
    train r2 0.016 0.032 "${tiny[@]}" --gamma 3 --r2-gamma 2
    train path 0.016 0.032 "${tiny[@]}" --pl-weight 1
    refused batch-norm.status train "${dcgan[@]}" --outdir refused --loss wgan-gp --critic-norm batch
    refused clip.status train "${tiny[@]}" --outdir refused --clip-weights 1
}

witness_train_dcgan() {
    local loss norm
    for loss in logistic minimax lsgan hinge wgan wgan-gp; do
        train "$loss" 0.016 0.032 "${dcgan[@]}" --loss $loss --n-critic 1
    done
    for norm in batch layer none; do
        train "norm-$norm" 0.016 0.032 "${dcgan[@]}" --critic-norm $norm
    done
    train adam 0.016 0.032 "${dcgan[@]}" --loss wgan --optimizer adam --clip-weights 0.05
    train r1 0.016 0.032 "${dcgan[@]}" --gamma 1 --r2-gamma 0.5
    train classes 0.016 0.032 "${dcgan[@]}" --cond
    train critic 0.04 0.08 "${dcgan[@]}" --loss wgan
}

witness_train_options() {
    train parts 0.016 0.032 "${tiny[@]}" --batch-gpu 4
    train rates 0.016 0.032 "${tiny[@]}" --glr 0.001 --dlr 0.003 --ema-kimg 1 --clip-grad 0.5
    train seed 0.016 0.032 "${tiny[@]}" --seed 7 --mbstd-group 2 --nan rollback --metrics none
    train greys 0.016 0.032 --data "$inputs/greys" --batch 4 --z-dim 8 --w-dim 8 --map-depth 1
    train archive 0.016 0.032 --data "$inputs/labelled.zip" --batch 4 --z-dim 8 --w-dim 8 --cond
    train eight 0.016 0.032 --data "$inputs/tiny" --batch 4 --z-dim 8 --w-dim 8
    threads=2 train threads 0.016 0.032 "${tiny[@]}"
    local networks=(parts/*/network-snapshot-*.safetensors)
    train start 0.016 0.032 "${tiny[@]}" --init "${networks[0]}"
    run convert --network "${networks[0]}" --output start.safetensors --parts G_ema
    train start-part 0.016 0.032 "${tiny[@]}" --init start.safetensors
}

# Tables of a grid, of draws and of rounds; the sweeps' own files have paths and seconds.
witness_sweep() {
    local measured=("${tiny[@]}" --kimg 0.032 --tick 0.016 --snap 1 --cbase 64 --cmax 8 --metrics pplpx_wend1k)
    run sweep "${measured[@]}" --outdir grid --vary gamma=0.1,10 --vary seed=0-1
    run sweep "${measured[@]}" --outdir drawn --plan random --draws 2 --vary glr=log:0.001..0.01
    run sweep "${measured[@]}" --outdir rounds --halving 2 --vary mirror=true,false
    rm -rf ./*/0* ./*/compare ./*/sweep.json ./*/sweep.lock
}

# Pictures of runs; tables of results have paths and seconds.
witness_compare() {
    local measured=("${tiny[@]}" --kimg 0.032 --tick 0.016 --snap 1 --cbase 64 --cmax 8)
    run train --outdir runs "${measured[@]}" --loss lsgan
    run train --outdir runs "${measured[@]}" --loss hinge --metrics pplpx_wend1k
    run compare runs --outdir compared --cells 2x1
    run compare runs --outdir by-steps --by steps --smooth 2 --at 0,0.032 --labels one,two
    local folders=(runs/*/)
    run progress "${folders[0]}" --output stages.png
    run progress "${folders[0]}" --output stages.gif --cells 3x2 --fps 2
    rm -rf runs ./*/compare.* ./*/runs.csv ./*/curves.csv
}

# ---- the library ----

# The examples in C, linked to the library of the build. They take all processors that they may use,
# and sums depend on how many these are, hence one.
witness_examples() {
    local name
    for name in generate train; do
        ${CC:-cc} -O1 -I"$project/include" -o "example-$name" "$project/examples/$name.c" \
            -L"$build" -Wl,-rpath,"$build" -lstylegan || failed "the example $name does not build"
    done
    on_one_processor ./example-generate "$skip" picture.png 7 >generate.txt
    on_one_processor ./example-generate "$digits" digit.png 3 5 >digit.txt
    on_one_processor ./example-train "$project/data/mnist" runs 0.064 >train.txt 2>/dev/null
    rm -f example-generate example-train
}

# A few results of each kind, for self-test.
witness_self_test() {
    run generate --network "$skip" --seeds 1,2 --outdir pictures
    run interpolate --network "$skip" --seeds 1,2 --frames 2 --output walk.png
    run interpolate --network "$skip" --seeds 1,2 --frames 2 --output walk.mp4
    run convert --network "$skip" --output network.safetensors
    show network.txt info "$skip"
    run dataset "$inputs/tiny" set.zip
}
