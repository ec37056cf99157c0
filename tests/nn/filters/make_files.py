#!/usr/bin/env python3
"""Makes filters.safetensors: lowpass filters as scipy.signal.firwin designs them, and radial ones by
scipy.special.j1 and numpy.kaiser, in double precision, under names that say how each was made."""

import json
import pathlib
import struct

import numpy as np
import scipy.signal
import scipy.special

# taps, cutoff, width of the transition, sampling rate: the layers of 256x256 and 1024x1024 networks,
# and windows of every kind: rectangular (attenuation below 21 dB), between, and above 50 dB.
DESIGNS = [
    (12, 2, 12, 32),
    (12, 8.25, 15.5, 64),
    (24, 4, 6, 64),
    (12, 128, 59.25, 512),
    (24, 45.25, 37.5, 512),
    (12, 512, 237, 2048),
    (6, 3, 0.1, 16),
    (13, 3, 1.5, 16),
    (48, 1, 7, 16),
    (2, 1, 2, 8),
    (1, 1, 2, 8),
]


def radial(taps, cutoff, width, rate):
    place = (np.arange(taps) - (taps - 1) / 2) / rate
    radius = np.hypot(*np.meshgrid(place, place))
    middle = radius == 0
    safe = np.where(middle, 1, radius)
    jinc = np.where(middle, cutoff, scipy.special.j1(2 * np.pi * cutoff * safe) / (np.pi * safe))
    window = np.kaiser(taps, scipy.signal.kaiser_beta(scipy.signal.kaiser_atten(taps, width / (rate / 2))))
    kernel = jinc * np.outer(window, window)
    return kernel / kernel.sum()


def main():
    header, blob = {}, b""
    for taps, cutoff, width, rate in DESIGNS:
        name = f"taps{taps}_cutoff{cutoff}_width{width}_rate{rate}"
        made = {name: scipy.signal.firwin(taps, cutoff, width=width, fs=rate)}
        made[name + "_radial"] = radial(taps, cutoff, width, rate)
        for key, value in made.items():
            data = np.asarray(value, dtype="<f8", order="C")
            end = len(blob) + data.nbytes
            header[key] = {"dtype": "F64", "shape": list(data.shape), "data_offsets": [len(blob), end]}
            blob += data.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path = pathlib.Path(__file__).resolve().parent / "filters.safetensors"
    path.write_bytes(struct.pack("<Q", len(text)) + text + blob)


if __name__ == "__main__":
    main()
