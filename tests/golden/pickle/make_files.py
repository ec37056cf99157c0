#!/usr/bin/env python3
"""Makes the files of this folder, with Python's own pickle module, NumPy (1.24) and PyTorch (1.13).

    tests/golden/pickle/make_files.py tests/golden/pickle

values-P.pkl   plain values in protocol P
numpy-P.pkl    arrays and scalars of NumPy
tensors-P.pkl  tensors pickled directly, their storages nested as bytes
tensors.pt, tensors-stream.pt                   the same tensors as torch.save writes them
tensors-deflated.pt, tensors-big-endian.pt      tensors.pt packed; with its numbers' bytes reversed
"""

import argparse
import collections
import io
import pathlib
import pickle
import sys
import zipfile

import numpy as np
import torch

COUNT = 24


def numbers(dtype):
    """COUNT numbers that fit every type: (7 i mod 31) - 15, from 0 where there is no sign."""
    base = (np.arange(COUNT) * 7) % 31
    name = np.dtype(dtype).name
    if name == "bool":
        return base % 3 == 0
    return (base if name.startswith("uint") else base - 15).astype(dtype)


def plain_values(protocol):
    shared = ["shared"]
    cycle = [1]
    cycle.append(cycle)
    ordered = collections.OrderedDict([("first", 1), ("second", 2)])
    ordered.attribute = "attribute"
    values = {
        "none": None, "true": True, "false": False,
        "integers": [0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, -2**31, 2**31, 2**63 - 1, -2**63],
        "large": [2**63, -2**80, 10**30],
        "reals": [0.0, -2.5, 1e300, float("inf"), 0.1],
        "text": "plain", "unicode": "\u00e9 \u20ac \U0001f600", "zero": "a\0b", "lines": "a\nb\\c",
        "long text": "x" * 300, "long bytes": b"y" * 300,
        "bytes": b"\x00\x7f\x80\xff", "empty bytes": b"", "bytearray": bytearray(b"\x01\xfe"),
        "tuples": ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)),
        "list": [1, "two", [3.0]], "set": {7}, "frozenset": frozenset([8]),
        "dict": {1: "one", "two": 2}, "many": list(range(1100)),
        "shared": [shared, shared], "cycle": cycle,
        "ordered": ordered, "default": collections.defaultdict(list, {"a": [1]}),
        "namespace": argparse.Namespace(size=32, name="n"),
        "complex": 1 + 2j, "class": collections.Counter, "slice": slice(1, 2, 3),
    }
    return pickle.dumps(values, protocol)


def numpy_values(protocol):
    types = ["f4", "f8", "f2", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?"]
    values = {name: numbers(name).reshape(2, 3, 4) for name in types}
    values.update({">" + name: numbers(name).astype(">" + name).reshape(2, 3, 4)
                   for name in types if np.dtype(name).itemsize > 1})
    values["fortran"] = np.asfortranarray(numbers("f4").reshape(2, 3, 4))
    values["scalar"] = np.float32(-2.5)
    values["integer scalar"] = np.int64(-7)
    values["zero dimensions"] = np.array(3.5, dtype="f8")
    values["empty"] = np.zeros((3, 0), dtype="f4")
    values["objects"] = np.array([1, "a"], dtype=object)
    values["texts"] = np.array(["a", "bc"])
    values["dtype"] = np.dtype("f4")
    return pickle.dumps(values, protocol)


def tensors():
    types = [torch.float32, torch.float64, torch.float16, torch.int8, torch.int16, torch.int32,
             torch.int64, torch.uint8, torch.bool]
    values = collections.OrderedDict(
        (str(kind), torch.from_numpy(numbers(str(kind).removeprefix("torch.")).reshape(2, 3, 4)))
        for kind in types)
    base = torch.from_numpy(numbers("float32"))
    values["torch.bfloat16"] = base.to(torch.bfloat16).reshape(2, 3, 4)
    values["whole"] = base.reshape(4, 6)
    values["transposed"] = base.reshape(4, 6).t()
    values["slice"] = base.reshape(4, 6)[1:3, 2:5]
    values["expanded"] = base[3:4].expand(5, 1)
    values["scalar"] = torch.tensor(2.5)
    values["empty"] = torch.zeros(3, 0)
    values["parameter"] = torch.nn.Parameter(base.clone())
    values["size"] = torch.Size([2, 3])
    values["device"] = torch.device("cpu")
    values["dtype"] = torch.float32
    values["module"] = torch.nn.Sequential(torch.nn.Linear(2, 1))
    with torch.no_grad():
        values["module"][0].weight.copy_(torch.tensor([[1.5, -2.0]]))
    values["complex"] = torch.zeros(2, dtype=torch.complex64)
    return values


def saved(values, **options):
    stream = io.BytesIO()
    torch.save(values, stream, **options)
    return stream.getvalue()


def repacked(archive, method, change=lambda name, data: data, added=()):
    """The archive's members in a new one, packed by `method`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(stream, "w", method) as zip_:
        for name in source.namelist():
            zip_.writestr(name, change(name, source.read(name)))
        for name, data in added:
            zip_.writestr(name, data)
    return stream.getvalue()


def big_endian(values):
    """tensors.pt as a big-endian machine would write it: each storage's elements reversed."""
    values = collections.OrderedDict((name, value) for name, value in values.items()
                                     if isinstance(value, torch.Tensor) and not value.is_complex())
    archive = saved(values)
    widths = {}

    class Storages(pickle.Unpickler):
        def find_class(self, module, name):
            if name.endswith("Storage"):
                return torch.tensor([], dtype=getattr(torch, name).dtype).element_size()
            return super().find_class(module, name)

        def persistent_load(self, key):
            widths[key[2]] = key[1]

    class Ignored:
        def __init__(self, *_):
            pass

    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        folder = source.namelist()[0].partition("/")[0]
        reader = Storages(io.BytesIO(source.read(folder + "/data.pkl")))
        reader.find_class = lambda module, name, find=reader.find_class: (
            Ignored if name.startswith("_rebuild") else find(module, name))
        reader.load()

    def change(name, data):
        key = name.partition("/data/")[2]
        if not key:
            return data
        width = widths[key]
        return b"".join(data[i:i + width][::-1] for i in range(0, len(data), width))

    return repacked(archive, zipfile.ZIP_STORED, change, [(folder + "/byteorder", b"big")])


def main():
    folder = pathlib.Path(sys.argv[1])
    for protocol in range(6):
        (folder / f"values-{protocol}.pkl").write_bytes(plain_values(protocol))
        (folder / f"numpy-{protocol}.pkl").write_bytes(numpy_values(protocol))
    values = tensors()
    for protocol in range(2, 6):
        (folder / f"tensors-{protocol}.pkl").write_bytes(pickle.dumps(values, protocol))
    archive = saved(values)
    (folder / "tensors.pt").write_bytes(archive)
    stream = saved(values, _use_new_zipfile_serialization=False)
    (folder / "tensors-stream.pt").write_bytes(stream)
    (folder / "tensors-deflated.pt").write_bytes(repacked(archive, zipfile.ZIP_DEFLATED))
    (folder / "tensors-big-endian.pt").write_bytes(big_endian(values))


if __name__ == "__main__":
    main()
