#!/usr/bin/env python3
"""Makes the pictures that docs/stylegan3.md trains on: the faces among Google's Noto emoji, each at
random places, sizes and angles on white. SOURCE is the unpacked npm package emoji-datasource-google
(`npm pack emoji-datasource-google`), DEST a new folder; needs Pillow (Debian's python3-pil)."""

import argparse
import json
import pathlib
import random

from PIL import Image

SIDE = 64
FACES = ("face-", "cat-face", "monkey-face")


def face_files(source):
    entries = json.loads((source / "emoji.json").read_text())
    return [
        source / "img/google/64" / entry["image"]
        for entry in sorted(entries, key=lambda entry: entry["image"])
        if entry["has_img_google"] and entry["subcategory"].startswith(FACES)
    ]


def placed(face, chance):
    """The face at 55 to 85 % of its size, turned by at most 25 degrees, wholly in the picture."""
    scale = chance.uniform(0.55, 0.85)
    room = SIDE * (1 - scale) / 2
    x, y = (SIDE / 2 + chance.uniform(-room, room) for _ in range(2))
    big = face.resize((4 * face.width, 4 * face.height), Image.Resampling.BICUBIC)
    turned = big.rotate(chance.uniform(-25, 25), Image.Resampling.BICUBIC, expand=True)
    small = turned.resize([round(scale * side) for side in turned.size], Image.Resampling.BICUBIC)
    canvas = Image.new("RGBA", (4 * SIDE, 4 * SIDE), "white")
    canvas.alpha_composite(
        small, tuple(max(0, round(4 * at - side / 2)) for at, side in zip((x, y), small.size)))
    return canvas.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("dest", type=pathlib.Path)
    parser.add_argument("--each", type=int, default=32, help="pictures of each face (32)")
    given = parser.parse_args()
    given.dest.mkdir(parents=True)
    chance = random.Random(0)
    for path in face_files(given.source):
        face = Image.open(path).convert("RGBA")
        for copy in range(given.each):
            placed(face, chance).save(given.dest / f"{path.stem}-{copy:02}.png")


if __name__ == "__main__":
    main()
