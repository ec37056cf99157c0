#!/usr/bin/env python3
"""Prints what tests/models/dcgan/test_dcgan.c expects: a tiny DCGAN's pictures and scores, loop by loop.

Nothing but the definitions of convolution, its transpose and normalisation (Radford et al. 2016),
in double precision. Parameter k of a network holds 0.4 sin(0.7 i + k) at place i; gains add 1 to
that, and tracked variances are its square plus 0.5.
"""

import math

SAMPLES, LATENTS, CLASSES, CHANNELS = 2, 3, 2, 3
EPSILON = 1e-5


def value(parameter, i):
    return 0.4 * math.sin(0.7 * i + parameter)


def weights(parameter, first, second):
    """[first][second][4][4]."""
    return [[[[value(parameter, ((a * second + b) * 4 + y) * 4 + x) for x in range(4)]
              for y in range(4)] for b in range(second)] for a in range(first)]


def zeros(height, width, channels):
    return [[[[0.0] * channels for _ in range(width)] for _ in range(height)] for _ in range(SAMPLES)]


def transpose(x, w, stride, padding):
    """Each input pixel stamps its kernel on the output."""
    height, width, inputs, outputs = len(x[0]), len(x[0][0]), len(w), len(w[0])
    tall, wide = [(size - 1) * stride + 4 - 2 * padding for size in (height, width)]
    y = zeros(tall, wide, outputs)
    for n in range(SAMPLES):
        for row in range(height):
            for column in range(width):
                for ky in range(4):
                    for kx in range(4):
                        at_y, at_x = row * stride + ky - padding, column * stride + kx - padding
                        if not (0 <= at_y < tall and 0 <= at_x < wide):
                            continue
                        for i in range(inputs):
                            for o in range(outputs):
                                y[n][at_y][at_x][o] += x[n][row][column][i] * w[i][o][ky][kx]
    return y


def convolve(x, w, stride, padding):
    height, width, outputs, inputs = len(x[0]), len(x[0][0]), len(w), len(w[0])
    tall, wide = [(size + 2 * padding - 4) // stride + 1 for size in (height, width)]
    y = zeros(tall, wide, outputs)
    for n in range(SAMPLES):
        for row in range(tall):
            for column in range(wide):
                for o in range(outputs):
                    for ky in range(4):
                        for kx in range(4):
                            at_y = row * stride + ky - padding
                            at_x = column * stride + kx - padding
                            if 0 <= at_y < height and 0 <= at_x < width:
                                for i in range(inputs):
                                    y[n][row][column][o] += x[n][at_y][at_x][i] * w[o][i][ky][kx]
    return y


def apply(x, function):
    """function(value, sample, channel) everywhere."""
    return [[[[function(v, n, c) for c, v in enumerate(pixel)] for pixel in row] for row in sample]
            for n, sample in enumerate(x)]


def normalise(x, parameter, kind):
    """Parameters `parameter` and `parameter` + 1 are the gain and the bias."""
    def moments(n, c):
        chosen = [v for m, sample in enumerate(x) if kind == "batch" or m == n
                  for row in sample for pixel in row for k, v in enumerate(pixel)
                  if kind == "layer" or k == c]
        mean = sum(chosen) / len(chosen)
        return mean, sum((v - mean) ** 2 for v in chosen) / len(chosen)

    table = {(n, c): moments(n, c) for n in range(SAMPLES) for c in range(len(x[0][0][0]))}
    if kind == "tracked":
        table = {(n, c): (value(parameter + 2, c), value(parameter + 3, c) ** 2 + 0.5)
                 for n, c in table}
    return apply(x, lambda v, n, c: (v - table[n, c][0]) / math.sqrt(table[n, c][1] + EPSILON)
                 * (1 + value(parameter, c)) + value(parameter + 1, c))


def generate(kind):
    """w holds 0.4 sin(0.7 i + 50)."""
    x = [[[[value(50, n * LATENTS + i) for i in range(LATENTS)]]] for n in range(SAMPLES)]
    x = normalise(transpose(x, weights(0, LATENTS, CHANNELS), 1, 0), 1, kind)
    x = apply(x, lambda v, n, c: max(v, 0))
    x = normalise(transpose(x, weights(5, CHANNELS, CHANNELS), 2, 1), 6, kind)
    x = apply(x, lambda v, n, c: max(v, 0))
    x = transpose(x, weights(10, CHANNELS, 1), 2, 1)
    return apply(x, lambda v, n, c: math.tanh(v + value(11, c)))


def score(kind):
    """Pictures of 16x16 hold 0.4 sin(0.7 i + 60); sample n is of class n."""
    x = [[[[value(60, (n * 16 + row) * 16 + column)] + [float(c == n) for c in range(CLASSES)]
           for column in range(16)] for row in range(16)] for n in range(SAMPLES)]
    def leak(v, n, c):
        return v if v > 0 else 0.2 * v
    x = apply(convolve(x, weights(0, CHANNELS, 1 + CLASSES), 2, 1), lambda v, n, c: leak(v + value(1, c), n, c))
    x = convolve(x, weights(2, CHANNELS, CHANNELS), 2, 1)
    x = apply(x, lambda v, n, c: v + value(3, c)) if kind == "none" else normalise(x, 3, kind)
    x = apply(x, leak)
    last = 4 if kind == "none" else 5
    return [s[0][0][0] + value(last + 1, 0) for s in convolve(x, weights(last, 1, CHANNELS), 1, 0)]


def main():
    for kind in ("tracked", "batch"):
        flat = [pixel[0] for sample in generate(kind) for row in sample for pixel in row]
        print(kind, ", ".join(f"{flat[i]:.15g}" for i in range(0, len(flat), 37)))
    for kind in ("batch", "layer", "none"):
        print("score", kind, ", ".join(f"{v:.15g}" for v in score(kind)))


if __name__ == "__main__":
    main()
