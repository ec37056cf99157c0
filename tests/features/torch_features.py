#!/usr/bin/env python3
"""Inception-v3 and VGG16 as plain PyTorch computes them, to compare values and speed with.

Usage:
  torch_features.py check inception|vgg16 FOLDER
      compares FOLDER/features with what PyTorch makes of FOLDER/weights.safetensors and
      FOLDER/pictures (see feature_values.c); ends with status 1 beyond a relative error of 1e-5
  torch_features.py files inception|vgg16 FOLDER
      writes the weights in the containers of published files: FOLDER/zip.pth and FOLDER/stream.pth
      (state dicts), FOLDER/script.pt (TorchScript with NVIDIA's names), to be run by hand
  torch_features.py bench PROGRAM [--threads N] [--rounds N] [--batch N] [--channels-last]
      measures `PROGRAM bench features` and PyTorch in turn and prints the ratios of rounds

Needs python3-torch.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import time

import numpy
import torch
import torch.nn.functional as F

from torch_files import Holder, read_safetensors

SIDES = {"inception": 299, "vgg16": 224}


class Blank(dict):
    """Weights of no file: the shape follows from who asks."""

    def take(self, name, shape):
        if name not in self:
            fan_in = max(1, int(numpy.prod(shape[1:])))
            weights = (torch.rand(shape) * 2 - 1) * (6 / fan_in) ** 0.5
            self[name] = weights if len(shape) > 1 else torch.rand(shape) + 0.5
        return self[name]


class Inception:
    """The blocks of the paper, with the pools of the graph of 2015."""

    def __init__(self, weights):
        self.weights = weights

    def take(self, name, shape):
        return self.weights.take(name, shape) if isinstance(self.weights, Blank) else self.weights[name]

    def layer(self, x, name, channels, kernel=(1, 1), stride=1, pad=(0, 0)):
        x = F.conv2d(x, self.take(name + ".conv.weight", (channels, x.shape[1], *kernel)), None, stride, pad)
        norm = [self.take(f"{name}.bn.{part}", (channels,)) for part in ("running_mean", "running_var", "weight", "bias")]
        return F.relu(F.batch_norm(x, *norm, eps=0.001))

    def chain(self, x, block, rows):
        for name, channels, *rest in rows:
            x = self.layer(x, f"{block}.{name}", channels, *rest)
        return x

    @staticmethod
    def average(x):
        return F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)

    def a(self, x, n, pooled):
        return torch.cat([
            self.chain(x, n, [("branch1x1", 64)]),
            self.chain(x, n, [("branch5x5_1", 48), ("branch5x5_2", 64, (5, 5), 1, (2, 2))]),
            self.chain(x, n, [("branch3x3dbl_1", 64), ("branch3x3dbl_2", 96, (3, 3), 1, (1, 1)), ("branch3x3dbl_3", 96, (3, 3), 1, (1, 1))]),
            self.chain(self.average(x), n, [("branch_pool", pooled)])], 1)

    def b(self, x, n):
        return torch.cat([
            self.chain(x, n, [("branch3x3", 384, (3, 3), 2)]),
            self.chain(x, n, [("branch3x3dbl_1", 64), ("branch3x3dbl_2", 96, (3, 3), 1, (1, 1)), ("branch3x3dbl_3", 96, (3, 3), 2)]),
            F.max_pool2d(x, 3, 2)], 1)

    def c(self, x, n, c):
        wide, tall = ((1, 7), 1, (0, 3)), ((7, 1), 1, (3, 0))
        return torch.cat([
            self.chain(x, n, [("branch1x1", 192)]),
            self.chain(x, n, [("branch7x7_1", c), ("branch7x7_2", c, *wide), ("branch7x7_3", 192, *tall)]),
            self.chain(x, n, [("branch7x7dbl_1", c), ("branch7x7dbl_2", c, *tall), ("branch7x7dbl_3", c, *wide), ("branch7x7dbl_4", c, *tall), ("branch7x7dbl_5", 192, *wide)]),
            self.chain(self.average(x), n, [("branch_pool", 192)])], 1)

    def d(self, x, n):
        return torch.cat([
            self.chain(x, n, [("branch3x3_1", 192), ("branch3x3_2", 320, (3, 3), 2)]),
            self.chain(x, n, [("branch7x7x3_1", 192), ("branch7x7x3_2", 192, (1, 7), 1, (0, 3)), ("branch7x7x3_3", 192, (7, 1), 1, (3, 0)), ("branch7x7x3_4", 192, (3, 3), 2)]),
            F.max_pool2d(x, 3, 2)], 1)

    def e(self, x, n, largest):
        wide, tall = ((1, 3), 1, (0, 1)), ((3, 1), 1, (1, 0))
        once = self.chain(x, n, [("branch3x3_1", 384)])
        twice = self.chain(x, n, [("branch3x3dbl_1", 448), ("branch3x3dbl_2", 384, (3, 3), 1, (1, 1))])
        pool = F.max_pool2d(x, 3, 1, 1) if largest else self.average(x)
        return torch.cat([
            self.chain(x, n, [("branch1x1", 320)]),
            self.chain(once, n, [("branch3x3_2a", 384, *wide)]),
            self.chain(once, n, [("branch3x3_2b", 384, *tall)]),
            self.chain(twice, n, [("branch3x3dbl_3a", 384, *wide)]),
            self.chain(twice, n, [("branch3x3dbl_3b", 384, *tall)]),
            self.chain(pool, n, [("branch_pool", 192)])], 1)

    def __call__(self, x):
        x = self.layer((x - 128) / 128, "Conv2d_1a_3x3", 32, (3, 3), 2)
        x = self.layer(x, "Conv2d_2a_3x3", 32, (3, 3))
        x = self.layer(x, "Conv2d_2b_3x3", 64, (3, 3), 1, (1, 1))
        x = self.layer(F.max_pool2d(x, 3, 2), "Conv2d_3b_1x1", 80)
        x = F.max_pool2d(self.layer(x, "Conv2d_4a_3x3", 192, (3, 3)), 3, 2)
        for n, pooled in (("Mixed_5b", 32), ("Mixed_5c", 64), ("Mixed_5d", 64)):
            x = self.a(x, n, pooled)
        x = self.b(x, "Mixed_6a")
        for n, c in (("Mixed_6b", 128), ("Mixed_6c", 160), ("Mixed_6d", 160), ("Mixed_6e", 192)):
            x = self.c(x, n, c)
        x = self.e(self.d(x, "Mixed_7a"), "Mixed_7b", False)
        return self.e(x, "Mixed_7c", True).mean((2, 3))


class Vgg16(Inception):
    LAYERS = ((0, 64), (2, 64), None, (5, 128), (7, 128), None, (10, 256), (12, 256), (14, 256), None,
              (17, 512), (19, 512), (21, 512), None, (24, 512), (26, 512), (28, 512), None)

    def __call__(self, x):
        mean = torch.tensor([123.675, 116.28, 103.53]).reshape(1, 3, 1, 1)
        deviation = torch.tensor([58.395, 57.12, 57.375]).reshape(1, 3, 1, 1)
        x = (x - mean) / deviation
        for row in self.LAYERS:
            if row is None:
                x = F.max_pool2d(x, 2)
                continue
            name, channels = f"features.{row[0]}", row[1]
            x = F.relu(F.conv2d(x, self.take(name + ".weight", (channels, x.shape[1], 3, 3)), self.take(name + ".bias", (channels,)), 1, 1))
        x = x.flatten(1)
        for name in ("classifier.0", "classifier.3"):
            x = F.relu(F.linear(x, self.take(name + ".weight", (4096, x.shape[1])), self.take(name + ".bias", (4096,))))
        return x


NETWORKS = {"inception": Inception, "vgg16": Vgg16}


def check(arguments):
    side = SIDES[arguments.kind]
    folder = pathlib.Path(arguments.folder)
    pictures = numpy.fromfile(folder / "pictures", numpy.uint8).reshape(-1, 3, side, side)
    network = NETWORKS[arguments.kind](read_safetensors(folder / "weights.safetensors"))
    with torch.no_grad():
        rows = [network(torch.from_numpy(pictures[i : i + 8].astype("f4"))) for i in range(0, len(pictures), 8)]
    theirs = torch.cat(rows).numpy().astype("f8")
    found = numpy.fromfile(folder / "features", "<f4").reshape(theirs.shape)
    errors = numpy.linalg.norm(found - theirs, axis=1) / numpy.linalg.norm(theirs, axis=1)
    print(f"{arguments.kind}: {len(errors)} pictures, relative error {errors.max():.2e} at most")
    return not errors.max() < 1e-5


def nvidia_names(kind, state):
    """The same weights under NVIDIA's names; its Inception has no gammas, so variances take them."""
    out = {}
    if kind == "vgg16":
        layers = [row[0] for row in Vgg16.LAYERS if row]
        for i, n in enumerate(layers):
            for part in ("weight", "bias"):
                out[f"layers.conv{i + 1}.{part}"] = state[f"features.{n}.{part}"]
        for i, n in enumerate((0, 3, 6)):
            for part in ("weight", "bias"):
                out[f"layers.fc{i + 1}.{part}"] = state[f"classifier.{n}.{part}"]
        return out
    stem = {"Conv2d_1a_3x3": "conv", "Conv2d_2a_3x3": "conv_1", "Conv2d_2b_3x3": "conv_2", "Conv2d_3b_1x1": "conv_3", "Conv2d_4a_3x3": "conv_4"}
    blocks = dict(zip("5b 5c 5d 6a 6b 6c 6d 6e 7a 7b 7c".split(), range(11)))
    towers = {"5": {"branch5x5": "tower", "branch3x3dbl": "tower_1", "branch_pool": "tower_2"},
              "6a": {"branch3x3dbl": "tower"},
              "6": {"branch7x7": "tower", "branch7x7dbl": "tower_1", "branch_pool": "tower_2"},
              "7a": {"branch3x3": "tower", "branch7x7x3": "tower_1"}}
    last = {"branch1x1": "conv", "branch3x3_1": "tower_conv", "branch3x3_2a": "tower_mixed_conv", "branch3x3_2b": "tower_mixed_conv_1",
            "branch3x3dbl_1": "tower_1_conv", "branch3x3dbl_2": "tower_1_conv_1", "branch3x3dbl_3a": "tower_1_mixed_conv",
            "branch3x3dbl_3b": "tower_1_mixed_conv_1", "branch_pool": "tower_2_conv"}
    for name in [n[: -len(".conv.weight")] for n in state if n.endswith(".conv.weight")]:
        if name in stem:
            path = stem[name]
        else:
            block, layer = name[len("Mixed_"):].split(".")
            path = "mixed" if block == "5b" else f"mixed_{blocks[block]}"
            if block in ("7b", "7c"):
                path += "." + last[layer]
            else:
                branch, _, number = layer.rpartition("_") if layer[-1].isdigit() and layer[-2] == "_" else (layer, "", "1")
                tower = towers.get(block, towers.get(block[0])).get(branch)
                path += "." + (f"{tower}." if tower else "") + ("conv" if number == "1" else f"conv_{int(number) - 1}")
        norm = {part: state[f"{name}.bn.{part}"].double() for part in ("weight", "bias", "running_mean", "running_var")}
        out[f"layers.{path}.weight"] = state[name + ".conv.weight"]
        out[f"layers.{path}.mean"] = norm["running_mean"].float()
        out[f"layers.{path}.var"] = ((norm["running_var"] + 0.001) / norm["weight"] ** 2 - 0.001).float()
        out[f"layers.{path}.beta"] = norm["bias"].float()
    for part in ("weight", "bias"):
        out[f"output.{part}"] = state[f"fc.{part}"]
    return out


def files(arguments):
    folder = pathlib.Path(arguments.folder)
    state = read_safetensors(folder / "weights.safetensors")
    torch.save(state, folder / "zip.pth")
    torch.save(state, folder / "stream.pth", _use_new_zipfile_serialization=False)
    holder = Holder()
    for name, value in nvidia_names(arguments.kind, state).items():
        holder.put(name, value)
    torch.jit.script(holder).save(str(folder / "script.pt"))


def ours(arguments):
    """Pictures per second of each network, by the program."""
    line = [arguments.program, "bench", "features", "--runs", "1", "--json", "--batch", str(arguments.batch),
            "--threads", str(arguments.threads)]
    rows = [json.loads(row) for row in subprocess.run(line, check=True, capture_output=True, text=True).stdout.splitlines()]
    return {row["name"].split("/")[1]: (row["pictures_per_second"], row["peak_bytes"]) for row in rows if "pictures_per_second" in row}


def bench(arguments):
    torch.set_num_threads(arguments.threads)
    networks = {kind: NETWORKS[kind](Blank()) for kind in SIDES}
    ratios = {kind: [] for kind in SIDES}
    for _ in range(arguments.rounds):
        found = ours(arguments)
        for kind, side in SIDES.items():
            x = torch.rand(arguments.batch, 3, side, side) * 255
            if arguments.channels_last:
                x = x.contiguous(memory_format=torch.channels_last)
            with torch.no_grad():
                networks[kind](x[:1])
                start = time.perf_counter()
                networks[kind](x)
                theirs = arguments.batch / (time.perf_counter() - start)
            ratios[kind].append(found[kind][0] / theirs)
            print(f"{kind}: {found[kind][0]:.2f} pictures/s in {found[kind][1] / 1e6:.0f} MB, PyTorch {theirs:.2f}, ratio {ratios[kind][-1]:.2f}", flush=True)
    for kind, row in ratios.items():
        print(f"{kind}: median ratio {numpy.median(row):.2f}, from {min(row):.2f} to {max(row):.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("check", "files"):
        one = commands.add_parser(name)
        one.add_argument("kind", choices=SIDES)
        one.add_argument("folder")
    two = commands.add_parser("bench")
    two.add_argument("program")
    two.add_argument("--threads", type=int, default=1)
    two.add_argument("--rounds", type=int, default=3)
    two.add_argument("--batch", type=int, default=16)
    two.add_argument("--channels-last", action="store_true")
    arguments = parser.parse_args()
    return {"check": check, "files": files, "bench": bench}[arguments.command](arguments)


sys.exit(main())
