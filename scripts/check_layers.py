#!/usr/bin/env python3
"""Fails when a file in src/ includes a header of a room that its own room may not know."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Which rooms a room may include besides itself; the public header is open to all. A row "ROOM/*" is
# for all rooms within ROOM that have no row of their own.
ALLOWED = {
    "base": set(),
    "kernels/vector": {"base"},
    "api": {
        "base", "pictures", "tensor", "train/options", "train/run",
    },
    "base/files": {"base"},
    "checkpoint": {"base", "checkpoint/pickle", "checkpoint/torch", "checkpoint/values"},
    "checkpoint/contents": {"base", "checkpoint/safetensors", "checkpoint/values"},
    "checkpoint/export": {"base", "checkpoint/maps", "checkpoint/network", "checkpoint/torch"},
    "checkpoint/maps": {"base", "checkpoint/contents", "checkpoint/values", "models", "nn"},
    "checkpoint/network": {
        "base", "checkpoint", "checkpoint/contents", "checkpoint/maps", "checkpoint/safetensors",
        "models", "nn",
    },
    "checkpoint/numpy": {"base", "base/files", "checkpoint/values"},
    "checkpoint/pickle": {"base", "checkpoint/values"},
    "checkpoint/safetensors": {"base", "base/files", "checkpoint/values"},
    "checkpoint/torch": {"base", "base/files", "checkpoint/pickle", "checkpoint/values"},
    "checkpoint/values": {"base"},
    "cli": {"base", "cli/commands", "cli/options", "cli/terminal"},
    "cli/bench": {
        "base", "checkpoint/network", "cli/terminal", "kernels/resample", "kernels/vector", "models", "nn",
        "ops", "ops/convolution", "tensor", "train/options", "train/step",
    },
    "cli/commands": {
        "base", "base/files", "checkpoint/export", "cli/bench", "cli/info", "cli/options",
        "cli/terminal", "data/kinds", "data/sources", "image", "image/files", "metrics", "models",
        "pictures", "train/options", "train/run",
    },
    "cli/info": {"base", "checkpoint/network", "models"},
    "cli/options": {
        "api", "base", "cli/terminal", "pictures",
    },
    "cli/terminal": {"base"},
    "data": {"base", "image"},
    "data/kinds": {"base", "base/files", "data", "data/sources", "image/files"},
    "data/sources": {"base", "base/files", "data", "image", "image/files"},
    "image": {"base"},
    "image/figures": {"base", "image"},
    "image/files": {"base", "base/files", "image"},
    "image/video": {"base", "base/files", "image", "image/files"},
    "kernels/convolution": {"base", "kernels/product", "kernels/vector", "kernels/winograd"},
    "kernels/elementwise": {"base", "kernels/vector"},
    "kernels/product": {"base", "kernels/vector"},
    "kernels/resample": {"base", "kernels/vector"},
    "kernels/winograd": {"base", "kernels/product", "kernels/vector"},
    "latent": {"base", "models"},
    "metrics": {"base", "image", "latent", "models"},
    "models": {"base", "nn", "ops", "tensor"},
    "models/*": {"base", "models", "nn", "ops", "ops/convolution"},
    "nn": {"base", "ops", "ops/convolution", "tensor"},
    "ops": {"kernels/elementwise", "kernels/product", "kernels/resample", "tensor"},
    "ops/convolution": {
        "kernels/convolution", "kernels/resample", "kernels/winograd", "ops", "tensor",
    },
    "optim": {"base", "kernels/vector", "nn"},
    "pictures": {
        "base", "base/files", "checkpoint/network", "checkpoint/numpy", "data", "image",
        "image/figures", "image/files", "latent", "metrics", "models", "nn",
    },
    "tensor": {"base", "base/files"},
    "train/losses": {"base", "models", "ops", "tensor"},
    "train/options": {"base", "models", "optim", "train/losses"},
    "train/run": {
        "base", "base/files", "checkpoint/network", "checkpoint/safetensors", "data", "data/kinds",
        "image",
        "image/figures", "image/files", "models", "tensor", "train/options", "train/step",
    },
    "train/step": {
        "base", "models", "ops", "optim", "tensor", "train/losses", "train/options",
    },
}

SUFFIXES = (".c", ".h", ".inc")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')


def allowed_of(room):
    """The rooms that `room` may include, or None for a room without a row."""
    return ALLOWED.get(room, ALLOWED.get(room.rpartition("/")[0] + "/*"))


def complaint_about(room, header):
    """Why a file of `room` may not include `header`, or None."""
    if header == "stylegan.h":
        return None
    target, slash, _ = header.rpartition("/")
    if not slash:
        return f'"{header}" must be included as "ROOM/{header}"'
    if allowed_of(target) is None:
        return f'"{header}" belongs to no room'
    if target != room and target not in allowed_of(room):
        return f'{room} may not include "{header}": it must not know {target}'
    return None


def complaints_about(path):
    name = path.relative_to(ROOT)
    room = "/".join(name.parts[1:-1])
    if allowed_of(room) is None:
        yield f"{name}: src/{room} is no room that this check knows"
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        reason = complaint_about(room, match.group(1)) if match else None
        if reason:
            yield f"{name}:{number}: {reason}"


def main():
    files = sorted(path for path in (ROOT / "src").rglob("*.*") if path.suffix in SUFFIXES)
    complaints = [complaint for path in files for complaint in complaints_about(path)]
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    if not complaints:
        print(f"layers: {len(files)} files keep to theirs")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
