#!/usr/bin/env python3
"""Makes the files of this folder with PyTorch and NumPy, which the tests themselves do not need.

A network of 3 inputs with w of 2 numbers; the w are the numbers 1, 2, 3 ... in their order.
"""

import pathlib
import pickle

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).resolve().parent


def ws(*shape, start=1):
    return np.arange(start, start + np.prod(shape), dtype=np.float32).reshape(shape)


def tensor(*shape, start=1):
    return torch.from_numpy(ws(*shape, start=start))


def picture(start):
    """An entry as the projector of stylegan2-pytorch saves it."""
    return {"img": torch.zeros(1, 3, 4, 4), "latent": tensor(3, 2, start=start),
            "noise": [torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 2, 2)]}


def main():
    torch.save(tensor(1, 3, 2), FOLDER / "pivot.pt")
    torch.save(tensor(2, 3, 2), FOLDER / "stream.pt", _use_new_zipfile_serialization=False)
    torch.save([tensor(1, 3, 2), tensor(1, 3, 2, start=7)], FOLDER / "list.pt")
    torch.save({"photo.png": picture(1), "other.png": picture(7)}, FOLDER / "projector.pt")
    torch.save({"conv.weight": torch.zeros(4, 2), "conv.bias": torch.zeros(4)},
               FOLDER / "network.pt")
    # As ReStyle saves them: the steps of each picture.
    np.save(FOLDER / "steps.npy", {"photo.jpg": [ws(3, 2), ws(3, 2, start=7)]}, allow_pickle=True)
    np.savez(FOLDER / "named.npz", labels=np.zeros(5), latents=ws(2, 3, 2).astype("<f8"))
    with open(FOLDER / "inputs.pkl", "wb") as file:
        pickle.dump([ws(2), ws(2, start=3), ws(2, start=5)], file, protocol=2)
    with open(FOLDER / "codes.pkl", "wb") as file:
        pickle.dump({"loss": np.float32(0.5), "latent_codes": ws(2, 3, 2)}, file, protocol=4)
    with open(FOLDER / "nothing.pkl", "wb") as file:
        pickle.dump({"loss": 0.5, "steps": [1, 2]}, file, protocol=2)


if __name__ == "__main__":
    main()
