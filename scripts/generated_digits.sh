#!/bin/sh
# Trains classifiers on N real digits, alone, with generated ones, and with generated ones that the
# classifier of the N real digits recognises; writes their accuracy on 5,000 other real digits to
# DIR/accuracy.csv (docs/labelled-sets.md). Ten minutes of one core. What is there is kept, so
# that a run that was stopped can go on.
#
# Usage: scripts/generated_digits.sh DIR [SEEDS] [COUNTS]
set -eu

program=${STYLEGAN:-build/stylegan}
network=models/digits-32.safetensors
out=$1
seeds=${2:-1}
counts=${3:-20 50 100 200 500 1000 5000}
generated=5000
kimg=40

# Writes COUNT digits of data/mnist from number FIRST on as IDX files to FOLDER.
cut_digits() { # FIRST COUNT FOLDER
    test -e "$3/labels-idx1-ubyte" && return
    mkdir -p "$3"
    size=$(printf '\\%03o\\%03o\\%03o\\%03o' $(($2 >> 24 & 255)) $(($2 >> 16 & 255)) \
        $(($2 >> 8 & 255)) $(($2 & 255)))
    {
        printf "\\000\\000\\010\\003$size\\000\\000\\000\\034\\000\\000\\000\\034"
        gzip -dc data/mnist/t10k-images-idx3-ubyte.gz | tail -c +$((17 + $1 * 784)) |
            head -c $(($2 * 784))
    } > "$3/images-idx3-ubyte"
    {
        printf "\\000\\000\\010\\001$size"
        gzip -dc data/mnist/t10k-labels-idx1-ubyte.gz | tail -c +$((9 + $1)) | head -c "$2"
    } > "$3/labels-idx1-ubyte"
}

# Trains on DATA in the folder RUNS; its accuracy at the end is that on the test digits.
train() { # DATA RUNS SEED
    test -e "$2/done" && return
    rm -rf "$2"
    "$program" train --cfg classifier --data "$1" --held-out "$out/test" --cond --outdir "$2" \
        --cbase 256 --cmax 32 --batch 32 --dlr 0.01 --ema-kimg 2 --kimg $kimg --tick $kimg --threads 1 --seed "$3" > /dev/null
    touch "$2/done"
}

# Adds a line to the table.
note() { # REAL KIND SEED RUNS
    accuracy=$(tail -n 1 "$4"/0*/stats.jsonl |
        sed 's/.*"Accuracy\/held_out": *{[^}]*"mean": *\([0-9.]*\).*/\1/')
    echo "$1,$2,$3,$accuracy" >> "$out/accuracy.csv"
}

cut_digits 5000 5000 "$out/test"
echo "real,set,seed,accuracy" > "$out/accuracy.csv"
test -e "$out/set-0" ||
    "$program" generate --network $network --labelled --num $generated --outdir "$out/set-0"
for seed in $seeds; do
    train "$out/set-0" "$out/run-0-$seed" "$seed"
    note 0 generated "$seed" "$out/run-0-$seed"
    for n in $counts; do
        cut_digits 0 "$n" "$out/real-$n"
        train "$out/real-$n" "$out/run-real-$n-$seed" "$seed"
        note "$n" real "$seed" "$out/run-real-$n-$seed"
        test -e "$out/set-$n" ||
            "$program" generate --network $network --labelled --num $generated \
                --with "$out/real-$n" --outdir "$out/set-$n"
        train "$out/set-$n" "$out/run-set-$n-$seed" "$seed"
        note "$n" "real and generated" "$seed" "$out/run-set-$n-$seed"
    done
done
# A classifier of few digits is seldom sure: rejection is worth its time from 100 on.
for seed in $seeds; do
    for n in $counts; do
        test "$n" -ge 100 || continue
        judge=$(ls "$out/run-real-$n-1"/0*/network-snapshot-*.safetensors | tail -n 1)
        test -e "$out/kept-$n" ||
            "$program" generate --network $network --labelled --num $generated \
                --with "$out/real-$n" --classifier "$judge" --confidence 0.5 \
                --outdir "$out/kept-$n" > "$out/kept-$n.txt" || continue
        train "$out/kept-$n" "$out/run-kept-$n-$seed" "$seed"
        note "$n" "real and kept" "$seed" "$out/run-kept-$n-$seed"
    done
done
cat "$out/accuracy.csv"
