#!/usr/bin/env bash
# Runs the 35 commands of docs/course/README.md as they stand in its table, one after the other, and
# fails when one fails. Usage: tests/course/questions.sh; STYLEGAN names the binary. The first command
# installs packages and is left to make. Environment: COURSE_OUT keeps what they make in that folder.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"
program="$(realpath "${STYLEGAN:-$root/build/stylegan}")"
readonly questions=35

work="${COURSE_OUT:-}"
if [ -z "$work" ]; then
    work="$(mktemp -d)"
    trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work/bin"
ln -sfn "$program" "$work/bin/stylegan"
for folder in data models; do
    ln -sfn "$root/$folder" "$work/$folder"
done
cd "$work"
export PATH="$work/bin:$PATH" OMP_WAIT_POLICY=passive

count=0 status=0
while IFS= read -r command; do
    count=$((count + 1))
    [[ "$command" == stylegan\ * ]] || continue
    if ! bash -c "$command" >answer.log 2>&1; then
        echo "course: question $count failed: $command" >&2
        tail -n 4 answer.log >&2
        status=1
    fi
done < <(sed -n 's/^| [0-9]* | [^|`]* | `\([^`]*\)` |.*/\1/p' "$root/docs/course/README.md")
if [ "$count" -ne "$questions" ]; then
    echo "course: the table has $count answers, but must have $questions" >&2
    status=1
fi
[ "$status" -ne 0 ] || echo "course: the answers to $questions questions ran"
exit "$status"
