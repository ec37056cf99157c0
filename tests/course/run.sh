#!/usr/bin/env bash
# Runs the scripts of the course, at small size unless SIZE says otherwise, each in a folder of its own,
# and fails when a command of one fails or a figure that the script names is missing.
# Usage: tests/course/run.sh [CHAPTER...], such as 03 11; all without. STYLEGAN names the binary.
# Environment: SIZE (0.02), THREADS (1); COURSE_OUT keeps what the scripts make in that folder.
set -euo pipefail
cd "$(dirname "$0")/../.."

export SIZE="${SIZE:-0.02}" THREADS="${THREADS:-1}"
out="${COURSE_OUT:-}"
if [ -z "$out" ]; then
    out="$(mktemp -d)"
    trap 'rm -rf "$out"' EXIT
fi
status=0

# check_figures LOG: fails when a figure in the list at the end of a script's output does not exist.
check_figures() {
    local figure missing=0
    while read -r figure; do
        [ -s "$figure" ] || { echo "course: $figure is missing" >&2; missing=1; }
    done < <(sed -n 's/^  \([^ ]*\) .*/\1/p' <(sed -n '/^Chapter [0-9]*:$/,$p' "$1"))
    return "$missing"
}

for script in docs/course/[0-9][0-9]-*.sh; do
    name="$(basename "$script" .sh)"
    [ $# -eq 0 ] || [[ " $* " == *" ${name%%-*} "* ]] || continue
    begin=$SECONDS
    if "$script" "$out/$name" >"$out/$name.log" 2>&1 && check_figures "$out/$name.log"; then
        echo "course: $name ran in $((SECONDS - begin)) s"
    else
        echo "course: $script failed:" >&2
        tail -n 8 "$out/$name.log" >&2
        status=1
    fi
done
exit "$status"
