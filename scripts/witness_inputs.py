#!/usr/bin/env python3
"""Makes the small pictures, archives and files of w that scripts/witness.sh works on.

    witness_inputs.py FOLDER

All of it follows from formulas, so that it is the same everywhere.
"""

import json
import pathlib
import struct
import sys
import zipfile

import witness_png

GREY, RGB, PALETTE, RGBA = 0, 2, 3, 6


def level(x, y, channel, number):
    """A channel of a pixel: a ramp with a disc on it, which differ from picture to picture."""
    ramp = (x * (7 + number % 5) + y * (3 + channel * 4) + number * 29) % 160
    disc = (x - 5 - number % 6) ** 2 + (y - 7) ** 2 < 12 + 6 * (number % 4)
    return (ramp + (90 if disc else 0) + 20 * channel) % 256


def pixels_of(width, height, channels, number):
    return bytes(level(x, y, channel, number)
                 for y in range(height) for x in range(width) for channel in range(channels))


def picture(width, height, colour, number):
    channels = witness_png.CHANNELS[colour]
    return witness_png.encode(width, height, colour, 8, pixels_of(width, height, channels, number))


def palette_picture(side, number):
    colours = bytes(level(i, number, channel, i) for i in range(16) for channel in range(3))
    pixels = bytes(level(x, y, 0, number) for y in range(side) for x in range(side // 2))
    return witness_png.encode(side, side, PALETTE, 4, pixels, [(b"PLTE", colours)])


def deep_picture(side, number):
    pixels = b"".join(struct.pack(">H", level(x, y, c, number) * 251)
                      for y in range(side) for x in range(side) for c in range(3))
    return witness_png.encode(side, side, RGB, 16, pixels)


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def write_training_sets(root):
    """Sets for train: colours in three classes, greys, and the colours as an archive with labels."""
    labels, members = [], []
    for number in range(24):
        name = "class%d/%02d.png" % (number % 3, number)
        data = picture(16, 16, RGB, number)
        write(root / "faces" / name, data)
        write(root / "greys" / ("%02d.png" % number), picture(16, 16, GREY, number))
        labels.append([name, (number * 2) % 4])
        members.append((name, data))
    with zipfile.ZipFile(root / "labelled.zip", "w") as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data)
        archive.writestr(zipfile.ZipInfo("dataset.json"), json.dumps({"labels": labels}))
    for number in range(8):
        write(root / "tiny" / ("%02d.png" % number), picture(8, 8, RGB, number))


def write_photos(root):
    """Pictures of many sizes, with labels in a table."""
    table = ["path,class"]
    for number in range(6):
        name = "%d.png" % number
        write(root / "photos" / name, picture(20 + 7 * number, 70 - 3 * number, RGB, number))
        table.append("%s,%d" % (name, number % 2))
    write(root / "photos" / "labels.csv", "\n".join(table).encode() + b"\n")


def write_damaged(root):
    """What the doctor of data sets finds: bad pictures among good ones."""
    folder = root / "damaged"
    for number in range(4):
        write(folder / ("good%d.png" % number), picture(16, 16, RGB, number))
    write(folder / "alpha.png", picture(16, 16, RGBA, 4))
    write(folder / "deep.png", deep_picture(16, 5))
    write(folder / "grey.png", picture(16, 16, GREY, 6))
    write(folder / "palette.png", palette_picture(16, 7))
    write(folder / "small.png", picture(10, 10, RGB, 8))
    write(folder / "speck.png", picture(3, 3, RGB, 9))
    write(folder / "text.png", b"This is no picture.\n")
    write(folder / "truncated.png", picture(16, 16, RGB, 10)[:-40])
    write(folder / "empty.png", b"")


def write_w(path, shape):
    """A file of NumPy with w in float32."""
    count = 1
    for side in shape:
        count *= side
    head = "{'descr': '<f4', 'fortran_order': False, 'shape': %r, }" % (tuple(shape),)
    head = head.ljust(117) + "\n"
    values = [((i * 37) % 101 - 50) / 40 for i in range(count)]
    write(path, b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode()
          + struct.pack("<%df" % count, *values))


def clip_block(name, width):
    """(name, shape) of the tensors of a block of one of CLIP's towers."""
    for layer in ("ln_1", "ln_2"):
        yield from ((f"{name}.{layer}.{part}", [width]) for part in ("weight", "bias"))
    yield from ((name + ".attn.in_proj_weight", [3 * width, width]), (name + ".attn.in_proj_bias", [3 * width]))
    for layer, out, ins in (("attn.out_proj", width, width), ("mlp.c_fc", 4 * width, width),
                            ("mlp.c_proj", width, 4 * width)):
        yield from ((f"{name}.{layer}.weight", [out, ins]), (f"{name}.{layer}.bias", [out]))


def write_clip(root):
    """A CLIP of OpenAI's names with one block in each tower, and merges of pairs of letters."""
    wide, narrow, features, patch, grid, merges = 64, 32, 16, 8, 3, 100
    shapes = [("logit_scale", []), ("visual.conv1.weight", [wide, 3, patch, patch]),
              ("visual.class_embedding", [wide]), ("visual.proj", [wide, features]),
              ("visual.positional_embedding", [grid * grid + 1, wide]), ("text_projection", [narrow, features]),
              ("token_embedding.weight", [514 + merges, narrow]), ("positional_embedding", [16, narrow])]
    for name, width in (("visual.ln_pre", wide), ("visual.ln_post", wide), ("ln_final", narrow)):
        shapes += [(f"{name}.{part}", [width]) for part in ("weight", "bias")]
    shapes += list(clip_block("visual.transformer.resblocks.0", wide)) + list(clip_block("transformer.resblocks.0", narrow))
    header, data = {}, b""
    for index, (name, shape) in enumerate(shapes):
        count = 1
        for side in shape:
            count *= side
        values = [((i * 7919 + index * 104729) % 1009 - 504) / 2000 for i in range(count)]
        if name == "logit_scale":
            values = [4.6]
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + 4 * count]}
        data += struct.pack("<%df" % count, *values)
    text = json.dumps(header).encode()
    write(root / "clip.safetensors", struct.pack("<Q", len(text)) + text + data)
    letters = "abcdefghijklmnopqrstuvwxyz"
    pairs = ["%s %s%s" % (letters[i // 26], letters[i % 26], "</w>" if i % 2 else "") for i in range(merges)]
    write(root / "merges.txt", ("#version: 0.2\n" + "\n".join(pairs) + "\n").encode())


def main(folder):
    root = pathlib.Path(folder)
    write_training_sets(root)
    write_photos(root)
    write_damaged(root)
    write_clip(root)
    write_w(root / "w.npy", (3, 16))
    write_w(root / "w-layers.npy", (2, 8, 16))
    write_w(root / "center.npy", (1, 16))


if __name__ == "__main__":
    main(sys.argv[1])
