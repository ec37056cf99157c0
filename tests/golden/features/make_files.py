#!/usr/bin/env python3
"""Writes the small files of tests/features/test_feature_tensors.c with PyTorch (1.13 here): one tiny
module in the containers in which feature networks are published.

Usage: make_files.py [FOLDER]; this script's folder by default. Needs torch; runs by hand.
"""

import collections
import io
import pathlib
import pickle
import sys

import torch


class Convolution(torch.nn.Module):
    """A convolution with the attributes of NVIDIA's Inception file."""

    def __init__(self, first):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.arange(4.0).reshape(2, 2, 1, 1) + first)
        self.register_buffer("beta", torch.tensor([first, -first]))

    def forward(self, x):
        return torch.nn.functional.conv2d(x, self.weight, self.beta)


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        layers = [("conv", Convolution(1.0)), ("conv_1", Convolution(10.0))]
        self.layers = torch.nn.Sequential(collections.OrderedDict(layers))
        self.register_buffer("lpips0", torch.tensor([0.25, 0.5]).reshape(2, 1, 1))

    def forward(self, x):
        return self.layers(x) * self.lpips0


class Loader:
    """Pickles as a call that would load the archive in its bytes."""

    def __init__(self, archive):
        self.archive = archive

    def __reduce__(self):
        return (io.BytesIO, (self.archive,))


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__)
    folder = folder if folder.is_dir() else folder.parent
    network = Network()
    state = network.state_dict()
    torch.save(state, folder / "state.pth")
    torch.save({"epoch": 3, "state_dict": state}, folder / "wrapped.pth")
    torch.save(state, folder / "stream.pth", _use_new_zipfile_serialization=False)
    torch.jit.script(network).save(str(folder / "script.pt"))
    torch.jit.trace(network, torch.zeros(1, 2, 3, 3)).save(str(folder / "trace.pt"))
    archive = (folder / "script.pt").read_bytes()
    (folder / "within.pkl").write_bytes(pickle.dumps({"net": Loader(archive)}, protocol=4))
    (folder / "text.pkl").write_bytes(pickle.dumps({"no": "tensors"}, protocol=4))


main()
