#!/usr/bin/env python3
"""Draws accuracy.csv of scripts/generated_digits.sh as the curve of docs/labelled-sets.md: accuracy
against the number of real digits, a line for each kind of set.

Usage: draw_accuracy.py accuracy.csv FILE.svg"""

import csv
import math
import pathlib
import sys

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 430, 70, 46, 20, 60
LEAST, MOST = 0.3, 1.0
KINDS = {  # colour and what the legend says
    "real": ("#777777", "real digits alone"),
    "real and generated": ("#1f6fb4", "with 5,000 generated ones"),
    "real and kept": ("#d2691e", "with 5,000 recognised ones"),
}


def read(path):
    """The mean accuracy over seeds, by kind and number of real digits; that of generated ones
    alone."""
    found = {}
    for row in csv.DictReader(path.open(encoding="utf-8")):
        found.setdefault((row["set"], int(row["real"])), []).append(float(row["accuracy"]))
    means = {key: sum(values) / len(values) for key, values in found.items()}
    lines = {kind: sorted((n, value) for (of, n), value in means.items() if of == kind)
             for kind in KINDS}
    return lines, means.get(("generated", 0))


def main():
    lines, alone = read(pathlib.Path(sys.argv[1]))
    counts = sorted({n for line in lines.values() for n, _ in line})
    low, high = math.log(counts[0]), math.log(counts[-1])

    def x(count):
        return LEFT + (math.log(count) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(value):
        return TOP + (MOST - value) / (MOST - LEAST) * (HEIGHT - TOP - BOTTOM)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
           f'font-family="sans-serif" font-size="13"><rect width="100%" height="100%" '
           f'fill="white"/><text x="{LEFT}" y="26" font-size="16">Accuracy on 5,000 other real '
           f'digits</text>']
    for tenth in range(3, 11):
        out.append(f'<path d="M{LEFT} {y(tenth / 10):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
                   f'<text x="{LEFT - 8}" y="{y(tenth / 10) + 4:.1f}" text-anchor="end">'
                   f'{tenth * 10} %</text>')
    for count in counts:
        out.append(f'<path d="M{x(count):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#eee"/>'
                   f'<text x="{x(count):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">'
                   f'{count:,}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 18}" text-anchor="middle">'
               f'real digits to train on</text>')
    legend = HEIGHT - BOTTOM - 86
    if alone is not None:
        out.append(f'<path d="M{LEFT} {y(alone):.1f}H{WIDTH - RIGHT}" stroke="#1f6fb4" '
                   f'stroke-dasharray="5 4"/><path d="M380 {legend}h30" stroke="#1f6fb4" '
                   f'stroke-dasharray="5 4"/><text x="418" y="{legend + 4}">generated ones alone'
                   f'</text>')
    for kind, (colour, text) in KINDS.items():
        if not lines[kind]:
            continue
        legend += 20
        points = " ".join(f"{x(n):.1f},{y(value):.1f}" for n, value in lines[kind])
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" '
                   f'stroke-width="2"/>')
        out += [f'<circle cx="{x(n):.1f}" cy="{y(value):.1f}" r="3.5" fill="{colour}"/>'
                for n, value in lines[kind]]
        out.append(f'<path d="M380 {legend}h30" stroke="{colour}" stroke-width="2"/>'
                   f'<text x="418" y="{legend + 4}" font-size="12">{text}</text>')
    pathlib.Path(sys.argv[2]).write_text("\n".join(out) + "</svg>\n", encoding="utf-8")


if __name__ == "__main__":
    main()
