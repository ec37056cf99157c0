#!/usr/bin/env python3
"""Makes the files of this folder with NumPy, which the tests themselves do not need."""

import pathlib

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent
GRID = np.arange(24).reshape(2, 3, 4) * 0.5 - 3


def main():
    types = "b1 i1 u1 <i2 >i2 <u2 <i4 >u4 <i8 >i8 <u8 <f2 >f2 <f4 >f4 <f8 >f8".split()
    for name in types:
        order = {"<": "little", ">": "big"}.get(name[0], "byte")
        values = (GRID * 2 + 6 if name.strip("<>")[0] in "ub" else GRID).astype(name)
        np.save(FOLDER / f"{name.strip('<>')}-{order}.npy", values)
    np.save(FOLDER / "fortran.npy", np.asfortranarray(GRID.astype("<f4")))
    np.save(FOLDER / "scalar.npy", np.float32(2.5))
    np.save(FOLDER / "line.npy", np.arange(3, dtype="<f4"))
    np.save(FOLDER / "empty.npy", np.zeros((0, 4), "<f4"))
    for version in (2, 3):
        with open(FOLDER / f"version{version}.npy", "wb") as file:
            np.lib.format.write_array(file, GRID.astype("<f4"), version=(version, 0))
    np.save(FOLDER / "objects.npy", np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
    np.save(FOLDER / "structured.npy", np.zeros(3, dtype=[("a", "<f4"), ("b", "<i4")]))
    np.save(FOLDER / "complex.npy", np.zeros(3, dtype="<c8"))
    np.savez(FOLDER / "stored.npz", w=GRID.astype("<f4"), other=np.arange(5))
    np.savez_compressed(FOLDER / "deflated.npz", w=GRID, other=np.arange(5))
    np.savez(FOLDER / "single.npz", GRID.astype("<f4"))


if __name__ == "__main__":
    main()
