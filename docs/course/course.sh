# shellcheck shell=bash
# What the scripts of the course share; each begins with `. docs/course/course.sh`.
#
# A script takes an output folder, which must not hold anything yet, out/course/NN-name by default, and
# leaves its figures there, with everything that the commands said in log.txt.
#
# Environment: SIZE is the share of the lengths of trainings and of the numbers of pictures that is taken:
# 1 makes the figures of the chapter, 0.02 takes seconds and shows that all commands work. THREADS is the
# number of threads (0: all processors); STYLEGAN is the program (build/stylegan).
set -euo pipefail

program="${STYLEGAN:-build/stylegan}"
size="${SIZE:-1}"
threads="${THREADS:-0}"
name="$(basename "$0" .sh)"
out="${1:-out/course/$name}"

# Threads that wait by spinning slow a training down when other programs want the processors too.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}"

if [ ! -x "$program" ]; then
    echo "$name: $program is missing; run make first" >&2
    exit 1
fi
if [ -n "$(ls -A "$out" 2>/dev/null)" ]; then
    echo "$name: $out is not empty; remove it, or name another folder" >&2
    exit 1
fi
mkdir -p "$out"

# kimg LENGTH: SIZE's share of a training's length, but at least 0.1.
kimg() {
    awk -v x="$1" -v size="$size" 'BEGIN { x *= size; printf "%.3g\n", x < 0.1 ? 0.1 : x }'
}

# count NUMBER LEAST: SIZE's share of a number, but at least LEAST.
count() {
    awk -v x="$1" -v size="$size" -v least="$2" \
        'BEGIN { x = int(x * size + 0.5); print x < least ? least : x }'
}

# fail: ends the script with the last lines of the log.
fail() {
    tail -n 5 "$out/log.txt" >&2
    echo "$name: this command failed; $out/log.txt has all that was said" >&2
    exit 1
}

# stylegan COMMAND OPTION...: says what it does, does it, and keeps what the command says in log.txt.
stylegan() {
    echo "\$ stylegan $*" | tee -a "$out/log.txt"
    "$program" "$@" >>"$out/log.txt" 2>&1 || fail
}

# tell FILE COMMAND OPTION...: the same where the command's answer is what the chapter is about: it is
# shown, and kept in FILE of the output folder too.
tell() {
    local file="$out/$1"
    shift
    echo "\$ stylegan $*" | tee -a "$out/log.txt"
    "$program" "$@" >"$file" 2>>"$out/log.txt" || fail
    cat "$file"
}

# train LENGTH OPTION...: a training in $out/runs, SIZE's share of LENGTH kimg long, with 24 lines of
# statistics and a sheet of pictures at every fourth of them.
train() {
    local length tick
    length="$(kimg "$1")"
    tick="$(awk -v length_="$length" 'BEGIN { printf "%.3g", length_ / 24 }')"
    shift
    stylegan train --outdir "$out/runs" --kimg "$length" --tick "$tick" --snap 4 --seed 1 --threads "$threads" "$@"
}

# small_digits: makes $out/digits.zip, the digits of data/mnist at 16x16 pixels, a quarter of the work.
small_digits() {
    stylegan dataset data/mnist "$out/digits.zip" --resolution 16
}

# look FILE TEXT: names a figure and what to look at.
look() {
    printf '  %-34s %s\n' "$out/$1" "$2"
}
