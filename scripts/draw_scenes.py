#!/usr/bin/env python3
"""Draws the pictures of docs/style.md: bay.png, a view with the light and the grain of a photograph,
and four styles: strokes.png, tiles.png, waves.png and ink.png. Nothing but Python is needed; equal
bytes each time. Usage: draw_scenes.py DIR [SIDE]"""

import math
import pathlib
import random
import struct
import sys
import zlib


def hash_noise(x, y, seed):
    """A number of 0 to 1 for a point of the lattice."""
    n = (x * 374761393 + y * 668265263 + seed * 974711) & 0xFFFFFFFF
    n = ((n ^ (n >> 13)) * 1274126177) & 0xFFFFFFFF
    return ((n ^ (n >> 16)) & 0xFFFF) / 65535


def smooth_noise(x, y, seed):
    """The lattice's numbers, blended smoothly."""
    x0, y0 = math.floor(x), math.floor(y)
    u, v = x - x0, y - y0
    u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
    top = hash_noise(x0, y0, seed) * (1 - u) + hash_noise(x0 + 1, y0, seed) * u
    low = hash_noise(x0, y0 + 1, seed) * (1 - u) + hash_noise(x0 + 1, y0 + 1, seed) * u
    return top * (1 - v) + low * v


def fractal(x, y, seed, octaves=5):
    """Noise of several scales, 0 to 1."""
    total, weight, sum_of_weights = 0, 1, 0
    for octave in range(octaves):
        total += weight * smooth_noise(x * 2**octave, y * 2**octave, seed + octave)
        sum_of_weights += weight
        weight /= 2
    return total / sum_of_weights


def mix(a, b, share):
    share = min(max(share, 0), 1)
    return tuple(p + (q - p) * share for p, q in zip(a, b))


def shade(colour, factor):
    return tuple(c * factor for c in colour)


def sky(x, y):
    """The sky with its sun and clouds; y is 0 at the top and 1 at the horizon."""
    colour = mix((62, 110, 178), (236, 190, 150), y**1.5)
    distance = math.hypot(x - 0.7, (y - 0.62) * 0.6)
    colour = mix(colour, (255, 236, 190), math.exp(-((distance / 0.1) ** 2)) * 0.9)
    cloud = fractal(x * 3 + 5, y * 7, 11)
    return mix(colour, (250, 244, 236), (cloud - 0.52) * 4)


def ridge(x, seed, height, roughness):
    return height + roughness * (fractal(x * 4, 0.5, seed, 6) - 0.5)


def land(x, y):
    """What is above the water at a point: hills with the light from the right, or the sky."""
    near, middle, far = ridge(x, 3, 0.47, 0.3), ridge(x, 7, 0.4, 0.28), ridge(x, 9, 0.32, 0.3)
    horizon = 0.6
    light = 0.75 + 0.9 * (ridge(x + 0.01, 3, 0, 3) - ridge(x, 3, 0, 3)) + 0.4 * (
        fractal(x * 30, y * 30, 21) - 0.5)
    if y > horizon - (0.13 + 0.12 * math.sin(x * 5 + 4)) * 0.6 * max(0, 0.62 - x) * 2.2:
        return shade((70, 96, 58), light)
    if y > near:
        return shade((84, 92, 84), light)
    if y > middle:
        return mix(shade((104, 116, 130), light), (190, 180, 180), 0.35)
    if y > far:
        return mix(shade((140, 150, 175), light), (210, 200, 195), 0.5)
    return sky(x, y / horizon)


def tower(x, y):
    """A lighthouse on the left, or None."""
    middle, top, foot = 0.27, 0.2, 0.6
    if not top - 0.06 < y < foot:
        return None
    half = 0.026 + 0.018 * (y - top) / (foot - top)
    across = (x - middle) / half
    if y < top:
        if abs(x - middle) < 0.022 * (1 - (top - 0.03 - y) / 0.035 if y < top - 0.03 else 1):
            return (120, 40, 34) if y < top - 0.03 else (255, 226, 140)
        return None
    if abs(across) > 1:
        return None
    colour = (190, 60, 48) if int((y - top) * 12.5) % 2 else (238, 232, 222)
    return shade(colour, 0.72 + 0.42 * math.sqrt(max(0, 1 - (across - 0.35) ** 2)) - 0.2)


def bay(x, y):
    """The photograph."""
    horizon = 0.6
    if y < horizon:
        return tower(x, y) or land(x, y)
    depth = (y - horizon) / (1 - horizon)
    ripple = (fractal(x * 9 / (0.15 + depth), 40 * depth**0.5, 31, 3) - 0.5) * 0.06 * (0.3 + depth)
    mirrored = horizon - (y - horizon) * 0.9
    colour = tower(x + ripple, mirrored) or land(x + ripple, max(mirrored + ripple, 0))
    glitter = max(0, fractal(x * 14, 60 * depth**0.6, 41, 3) - 0.58) * 3
    colour = mix(shade(colour, 0.78), (40, 70, 96), 0.25 + 0.2 * depth)
    return mix(colour, (255, 236, 200), glitter * math.exp(-(((x - 0.7) / 0.16) ** 2)))


def strokes(side):
    """Thick brush strokes along whirls, blue and yellow, as in a night by van Gogh."""
    draw = random.Random(5)
    canvas = [[(24, 34, 82)] * side for _ in range(side)]
    centres = [(0.3, 0.35, 1), (0.72, 0.3, -1), (0.55, 0.75, 1)]
    for count, length, width in ((1500, 0.1, 0.014), (2600, 0.06, 0.009)):
        for _ in range(count):
            x, y = draw.random(), draw.random()
            nearest = min(centres, key=lambda c: math.hypot(x - c[0], y - c[1]))
            distance = math.hypot(x - nearest[0], y - nearest[1])
            ring = 0.5 + 0.5 * math.sin(distance * 42)
            base = mix((28, 58, 140), (250, 214, 92), ring**3 if distance < 0.24 else ring**9 * 0.6)
            base = mix(base, (150, 196, 214), draw.random() * 0.35)
            stroke(canvas, side, x, y, length * (0.6 + draw.random() * 0.6), width, base, draw,
                   nearest)
    return canvas


def stroke(canvas, side, x, y, length, width, colour, draw, centre):
    """One stroke around a centre, with the ridges of a brush across it."""
    bristles = draw.random() * 100
    steps = max(2, int(length * side))
    turn = centre[2]
    for _ in range(steps):
        dx, dy = x - centre[0], y - centre[1]
        size = math.hypot(dx, dy) + 1e-6
        tx, ty = -dy / size * turn, dx / size * turn
        half = max(1, int(width * side))
        for k in range(-half, half + 1):
            px, py = int(x * side + tx * 0 - ty * k), int(y * side + tx * k)
            if 0 <= px < side and 0 <= py < side:
                tone = 0.8 + 0.3 * hash_noise(k + 50, int(bristles), 3) - 0.25 * (abs(k) == half)
                canvas[py][px] = shade(colour, tone)
        x += tx / side
        y += ty / side


def tiles(side):
    """A mosaic: warm stones with dark joints."""
    draw = random.Random(9)
    palette = [(206, 84, 42), (232, 164, 60), (142, 42, 44), (238, 214, 160), (58, 96, 104),
               (182, 116, 62), (90, 40, 60)]
    cells = 22
    points = {(i, j): ((i + 0.15 + 0.7 * draw.random()) / cells,
                       (j + 0.15 + 0.7 * draw.random()) / cells,
                       palette[int(fractal(i / 6, j / 6, 77) * 1.7 * len(palette)) % len(palette)],
                       0.8 + 0.4 * draw.random())
              for i in range(-1, cells + 1) for j in range(-1, cells + 1)}
    rows = []
    for py in range(side):
        row = []
        for px in range(side):
            x, y = px / side, py / side
            i, j = int(x * cells), int(y * cells)
            near = sorted((math.hypot(x - p[0], y - p[1]), p[2], p[3])
                          for a in (-1, 0, 1) for b in (-1, 0, 1)
                          for p in [points.get((i + a, j + b))] if p)
            gap = near[1][0] - near[0][0]
            colour = shade(near[0][1], near[0][2] * (0.92 + 0.16 * fractal(x * 60, y * 60, 13, 2)))
            row.append(mix((34, 26, 26), colour, (gap - 0.004) * 160))
        rows.append(row)
    return rows


def waves(x, y):
    """Bands of paint that flow around one another."""
    warp = fractal(x * 3, y * 3, 51) * 5
    value = math.sin((y * 14 + warp * 3 + math.sin(x * 7) * 1.2) * 2)
    bands = [(20, 44, 92), (34, 96, 148), (226, 236, 226), (240, 200, 150), (200, 90, 80)]
    place = (value + 1) / 2 * (len(bands) - 1)
    colour = mix(bands[int(place)], bands[min(int(place) + 1, len(bands) - 1)],
                 (place - int(place)) ** 3)
    return shade(colour, 0.85 + 0.3 * fractal(x * 50, y * 12, 61, 3))


def ink(x, y):
    """Crossed pen strokes on paper, close where it is dark."""
    tone = fractal(x * 3.5, y * 3.5, 71)
    dark = 0
    for angle, least in ((0.6, 0.62), (2.1, 0.52), (1.3, 0.42)):
        across = (x * math.cos(angle) + y * math.sin(angle)) * 62
        across += 0.6 * (fractal(x * 12, y * 12, 81, 2) - 0.5)
        if tone < least:
            dark += math.exp(-(((across % 1) - 0.5) / 0.17) ** 2)
    return mix((240, 232, 212), (36, 30, 40), dark)


def save(path, rows):
    """Writes rows of colours as a PNG file."""
    raw = b"".join(b"\0" + bytes(min(max(round(c), 0), 255) for p in row for c in p)
                   for row in rows)

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))

    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) +
                     chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))


def painted(scene, side):
    return [[scene((px + 0.5) / side, (py + 0.5) / side) for px in range(side)]
            for py in range(side)]


def main():
    folder = pathlib.Path(sys.argv[1])
    side = int(sys.argv[2]) if len(sys.argv) > 2 else 256
    folder.mkdir(parents=True, exist_ok=True)
    grain = random.Random(1)
    photograph = [[tuple(c + grain.gauss(0, 2.5) for c in p) for p in row]
                  for row in painted(bay, side)]
    save(folder / "bay.png", photograph)
    save(folder / "strokes.png", strokes(side))
    save(folder / "tiles.png", tiles(side))
    save(folder / "waves.png", painted(waves, side))
    save(folder / "ink.png", painted(ink, side))


if __name__ == "__main__":
    main()
