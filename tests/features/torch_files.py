"""Files that torch_clip.py and torch_features.py read and write."""

import json
import pathlib
import struct

import numpy
import torch


def read_safetensors(path):
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(data[8 + length + begin : 8 + length + end], "<f4")
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return tensors


class Holder(torch.nn.Module):
    """Attributes and modules by path, for TorchScript to save."""

    def put(self, path, value):
        head, _, rest = path.partition(".")
        if not rest:
            self.register_buffer(head, value)
            return
        if head not in self._modules:
            self.add_module(head, Holder())
        self._modules[head].put(rest, value)

    def forward(self, x):
        return x
