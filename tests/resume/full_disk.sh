#!/usr/bin/env bash
# Fills a small disk up during a training's snapshots: the run must end with a sentence and status 1,
# and what was saved before must be resumable. Needs the right to mount a tmpfs; says so without it.
set -euo pipefail

stylegan=${STYLEGAN:-build/stylegan}
work=$(mktemp -d)
trap 'umount "$work/disk" 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir "$work/disk"
if ! mount -t tmpfs -o size=1m tmpfs "$work/disk" 2>/dev/null; then
    echo "skipped: a tmpfs cannot be mounted here"
    exit 0
fi

status=0
"$stylegan" train --data data/mnist --cond --batch 8 --gamma 1 --cbase 64 --cmax 8 --z-dim 8 \
    --w-dim 8 --map-depth 1 --tick 0.032 --snap 1 --threads 1 --kimg 20 --outdir "$work/disk" \
    >"$work/log" 2>"$work/errors" || status=$?
if [ "$status" -ne 1 ] || ! grep -q 'cannot' "$work/errors"; then
    echo "a full disk ended the training with status $status and: $(cat "$work/errors")" >&2
    exit 1
fi
mount -o remount,size=16m "$work/disk"
"$stylegan" train --resume "$work"/disk/00000-* --threads 1 --kimg 0.4 >"$work/log" 2>&1 ||
    "$stylegan" train --resume "$work"/disk/00000-* --threads 1 --kimg 20 --dry-run >"$work/log"
grep -q 'Resumed at' "$work/log"
echo "a full disk: $(tail -n 1 "$work/errors"); resumed from the snapshot before"
