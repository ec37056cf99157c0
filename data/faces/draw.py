#!/usr/bin/env python3
"""Draws one part of the faces for `stylegan dataset`: a folder of PNG files of 512x512 pixels on
white, named by their place in the part, and labels.csv with one column for each attribute.

faces.tsv says which faces there are, what each shows, and to which part it belongs. PACKAGES is the
folder with the unpacked npm packages of make.sh, PART is "train" or "held-out", DEST is the folder
to write. Needs rsvg-convert of Debian's librsvg2-bin."""

import csv
import json
import pathlib
import subprocess
import sys

SIDE = 512

# Where a set's pictures lie: the package's folder, the side of its canvas, and the margin around the
# canvas. With the margin, a head of every set is about 56 of 64 pixels wide.
SETS = {
    "noto": ("noto", 128, 0),
    "noto-v1": ("noto-v1", 128, 6),
    "twemoji": ("twemoji", 36, 2.25),
    "fluent": ("fluent-emoji-flat", 32, 0),
}

# The label's numbers: the column of faces.tsv, the word in it, the number's name.
ATTRIBUTES = [
    ("mouth", "smiling", "mouth_smiling"),
    ("mouth", "neutral", "mouth_neutral"),
    ("mouth", "sad", "mouth_sad"),
    ("mouth", "hidden", "mouth_hidden"),
    ("mouth", "open", "mouth_open"),
    ("mouth", "tongue", "tongue"),
    ("eyes", "open", "eyes_open"),
    ("eyes", "closed", "eyes_closed"),
    ("eyes", "special", "eyes_special"),
    *(("more", word, word) for word in (
        "glasses", "headwear", "mask", "hand", "hearts", "tears", "sweat", "blush", "other",
        "turned", "animal", "yellow")),
    *(("set", name, "set_" + name.replace("-", "_")) for name in SETS),
]


def svg(icon, canvas, margin):
    """The inner element keeps out what an icon has outside its canvas."""
    side = canvas + 2 * margin
    return (f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'viewBox="{-margin} {-margin} {side} {side}">'
            f'<svg width="{canvas}" height="{canvas}" viewBox="0 0 {canvas} {canvas}">'
            f'{icon["body"]}</svg></svg>')


def check(row):
    """Stops at words that are no attribute, which would be lost."""
    for column in ("mouth", "eyes", "more"):
        known = {word for at, word, _ in ATTRIBUTES if at == column} | {"-"}
        for word in row[column].split():
            if word not in known:
                sys.exit(f"faces.tsv: {row['set']} {row['emoji']}: \"{word}\" is no {column}")


def read_rows(part):
    with open(pathlib.Path(__file__).with_name("faces.tsv"), newline="") as table:
        rows = [row for row in csv.DictReader(table, delimiter="\t") if row["part"] == part]
    for index, row in enumerate(rows):
        check(row)
        if int(row["picture"]) != index:
            sys.exit(f"faces.tsv: picture {row['picture']} of {part}, but expected {index}")
    return rows


def main():
    packages, part, dest = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    icons = {name: json.loads((packages / folder / "icons.json").read_text())["icons"]
             for name, (folder, _, _) in SETS.items()}
    dest.mkdir(parents=True)
    with open(dest / "labels.csv", "w", newline="") as labels:
        table = csv.writer(labels)
        table.writerow(["path", *(name for _, _, name in ATTRIBUTES)])
        for row in read_rows(part):
            name = f"{int(row['picture']):04}.png"
            _, canvas, margin = SETS[row["set"]]
            subprocess.run(
                ["rsvg-convert", "-b", "white", "-w", str(SIDE), "-h", str(SIDE), "-o",
                 dest / name],
                input=svg(icons[row["set"]][row["emoji"]], canvas, margin).encode(), check=True)
            table.writerow([name, *(int(word in row[column].split())
                                    for column, word, _ in ATTRIBUTES)])


if __name__ == "__main__":
    main()
