#!/usr/bin/env python3
"""Checks who includes whom in src/: rooms, private headers, circles, and the files of a room.

A room is a folder of src/ with sources, such as "base" or "base/files". Prints one line for each
finding and ends with status 1 then. Usage: check_layers.py [FOLDER], the project's by default.
"""

import collections
import pathlib
import re
import sys

import c_source

# From the ground up: a room includes its own headers, and those of rooms in earlier rows that its
# row names. The table says what is, not what might be: what no file uses is a finding as well.
ROOMS = {
    "base/threads": [],
    "base": ["base/threads"],
    "base/files": ["base"],
    "base/machine": ["base"],
    "kernels/vector": [],
    "kernels/elementwise": ["base", "kernels/vector"],
    "kernels/onednn": ["base", "base/threads"],
    "kernels/product": ["base", "kernels/vector", "kernels/onednn"],
    "kernels/resample": ["base", "kernels/vector"],
    "kernels/winograd": ["base", "kernels/vector", "kernels/product"],
    "kernels/convolution": [
        "base", "kernels/vector", "kernels/onednn", "kernels/product", "kernels/winograd",
    ],
    "kernels/transformer": ["base", "kernels/vector", "kernels/product"],
    "tensor": ["base", "base/files", "base/machine"],
    "ops": ["kernels/elementwise", "kernels/product", "kernels/resample", "tensor"],
    "ops/convolution": [
        "kernels/resample", "kernels/winograd", "kernels/convolution", "tensor", "ops",
    ],
    "ops/augment": ["kernels/elementwise", "kernels/resample", "tensor", "ops"],
    "ops/transformer": [
        "kernels/elementwise", "kernels/product", "kernels/transformer", "tensor", "ops",
        "ops/convolution",
    ],
    "nn": ["base", "tensor", "ops", "ops/convolution"],
    "optim": ["base", "kernels/vector", "tensor", "nn"],
    "models": ["base", "tensor", "ops", "nn"],
    "models/dcgan": ["ops", "nn", "models"],
    "models/mapper": ["base", "tensor", "ops", "nn", "models"],
    "models/encoder": ["base", "tensor", "ops", "ops/convolution", "ops/augment", "nn", "models"],
    "models/growing": ["ops", "nn", "models"],
    "models/stylegan2": ["ops", "nn", "models"],
    "models/stylegan3": ["ops", "ops/convolution", "nn", "models"],
    "checkpoint/values": ["base"],
    "checkpoint/numpy": ["base", "base/files", "checkpoint/values"],
    "checkpoint/pickle": ["base", "checkpoint/values"],
    "checkpoint/safetensors": ["base", "base/files", "checkpoint/values"],
    "checkpoint/contents": ["base", "checkpoint/values", "checkpoint/safetensors"],
    "checkpoint/maps": ["base", "nn", "models", "checkpoint/values", "checkpoint/contents"],
    "checkpoint/programs": ["base", "models/encoder", "checkpoint/maps"],
    "checkpoint/torch": ["base", "base/files", "checkpoint/values", "checkpoint/pickle"],
    "checkpoint": [
        "base", "base/files", "checkpoint/values", "checkpoint/safetensors", "checkpoint/pickle",
        "checkpoint/torch",
    ],
    "checkpoint/latents": [
        "base", "base/files", "checkpoint/values", "checkpoint/numpy", "checkpoint/safetensors",
        "checkpoint",
    ],
    "checkpoint/network": [
        "base", "base/machine", "base/files", "nn", "models", "models/mapper", "models/encoder",
        "checkpoint/safetensors",
        "checkpoint/contents", "checkpoint/maps", "checkpoint",
    ],
    "checkpoint/official": [
        "base", "base/files", "models", "models/stylegan3", "checkpoint/values",
        "checkpoint/pickle", "checkpoint/contents",
    ],
    "checkpoint/export": [
        "base", "models", "checkpoint/contents", "checkpoint/maps", "checkpoint/torch", "checkpoint/network",
        "checkpoint/official",
    ],
    "image": ["base"],
    "image/figures": ["base", "image"],
    "image/files": ["base", "base/files", "image"],
    "image/heif": ["image/files"],
    "image/video": ["base", "base/files", "image", "image/files"],
    "data": ["base", "base/files", "image"],
    "data/labels": ["base", "image/files"],
    "data/sources": [
        "base", "base/files", "image", "image/figures", "image/files", "data", "data/labels",
    ],
    "data/kinds": [
        "base", "base/files", "checkpoint", "image/files", "data", "data/labels", "data/sources",
    ],
    "latent": ["base", "models"],
    "edit": ["base", "nn", "ops", "models", "latent"],
    "edit/blend": ["base", "models", "checkpoint/network"],
    "features": [
        "base", "base/files", "kernels/product", "kernels/winograd", "kernels/convolution",
        "checkpoint/values", "checkpoint/maps", "checkpoint", "image",
    ],
    "features/tape": [
        "base", "tensor", "ops", "ops/convolution", "nn", "image", "features",
    ],
    "features/clip": [
        "base", "base/files", "kernels/transformer", "tensor", "ops", "ops/transformer", "nn",
        "features", "features/tape",
    ],
    "style": [
        "base", "tensor", "ops", "ops/convolution", "ops/augment", "nn", "optim", "models", "image",
        "features", "features/tape",
    ],
    "metrics/formulas": ["base", "kernels/vector", "kernels/product"],
    "metrics/linear": ["base", "metrics/formulas"],
    "edit/directions": [
        "base", "base/files", "tensor", "ops", "models", "checkpoint/numpy",
        "checkpoint/safetensors", "checkpoint/latents", "checkpoint/network", "features/clip",
        "latent", "edit", "metrics/formulas",
    ],
    "edit/request": ["base", "base/files", "checkpoint/latents", "latent", "edit", "edit/directions"],
    "metrics": ["base", "kernels/vector", "models", "image", "latent"],
    "invert": [
        "base", "tensor", "ops", "nn", "optim", "models", "latent", "features", "features/tape",
    ],
    "words": [
        "base", "tensor", "ops", "optim", "features/clip", "edit", "edit/directions", "invert",
    ],
    "metrics/measure": [
        "base", "base/files", "checkpoint/safetensors", "checkpoint/network", "image", "data",
        "data/kinds", "latent", "features", "metrics/formulas", "metrics",
    ],
    "invert/targets": [
        "base", "base/files", "image", "image/files", "data/kinds", "data/sources",
    ],
    "invert/results": ["base", "features", "image", "image/figures", "metrics/formulas"],
    "invert/encode": ["models", "models/encoder", "features"],
    "pictures": [
        "base", "base/files", "nn", "models", "checkpoint/numpy", "checkpoint/latents",
        "checkpoint/network", "image", "image/figures", "image/files", "data", "latent", "metrics",
        "edit", "edit/request",
    ],
    "words/run": [
        "base", "base/files", "tensor", "checkpoint/network",
        "features/clip", "image", "image/files", "edit/request", "pictures", "words",
    ],
    "pictures/mixes": ["base", "pictures"],
    "pictures/films": [
        "base", "base/files", "checkpoint/latents", "image/figures", "image/files", "latent",
        "pictures",
    ],
    "invert/run": [
        "base", "base/files", "base/machine", "checkpoint/numpy", "checkpoint/network",
        "image/files", "latent", "features", "invert", "invert/encode", "invert/targets", "invert/results", "pictures",
    ],
    "pictures/directions": [
        "base", "base/files", "tensor", "image", "image/figures", "latent", "edit",
        "edit/directions", "edit/request", "pictures",
    ],
    "pictures/edits": ["base", "models", "latent", "edit", "edit/request", "pictures", "pictures/films"],
    "scores": [
        "base", "base/files", "tensor", "ops", "models", "checkpoint/network", "image",
        "image/files", "data/kinds", "features/clip", "metrics/formulas",
    ],
    "style/run": [
        "base", "base/files", "checkpoint/network", "image", "image/figures", "image/files",
        "pictures", "style",
    ],
    "pictures/labelled": [
        "base", "base/files", "data/sources", "data/kinds", "pictures", "scores",
    ],
    "layers": [
        "base", "base/files", "nn", "image", "image/figures", "metrics", "edit", "pictures",
        "scores",
    ],
    "train/augment": ["base", "tensor", "ops", "ops/augment"],
    "train/losses": ["base", "tensor", "ops", "models", "train/augment"],
    "train/options": [
        "base", "optim", "models", "models/mapper", "models/encoder", "metrics/measure", "invert",
        "train/augment",
        "train/losses",
    ],
    "train/step": [
        "base", "tensor", "ops", "optim", "models", "models/mapper", "models/encoder",
        "features/clip",
        "features/tape", "edit", "edit/directions", "invert", "words", "train/losses", "train/options",
    ],
    "train/nada": [
        "base", "base/files", "tensor", "checkpoint/network", "image", "data", "data/kinds",
        "features/clip", "train/options", "train/step",
    ],
    "train/encode": [
        "base", "checkpoint/network", "image/figures", "image/files", "data", "features/tape",
        "invert/encode", "train/options", "train/step",
    ],
    "train/transfer": ["base", "nn", "models", "checkpoint/network", "train/options"],
    "train/forecast": [
        "base", "tensor", "ops", "ops/convolution", "nn", "optim", "models", "data",
        "train/losses", "train/options", "train/step",
    ],
    "train/measure": [
        "base", "base/files", "checkpoint/network", "image/figures", "image/files",
        "metrics/measure",
    ],
    "runs": [
        "base", "base/files", "image", "image/figures", "image/files", "metrics/measure",
        "train/measure",
    ],
    "runs/compare": [
        "base", "base/files", "image", "image/figures", "image/files", "pictures/films", "runs",
    ],
    "train/run": [
        "base", "base/machine", "base/files", "tensor", "models", "models/mapper", "checkpoint/safetensors", "checkpoint/network",
        "image", "image/figures", "image/files", "data", "data/sources", "data/kinds",
        "train/options", "train/step", "train/nada", "train/encode", "train/forecast",
        "train/transfer",
        "train/measure", "runs",
    ],
    "sweep": [
        "base", "base/files", "image/figures", "image/files", "runs", "runs/compare",
        "train/options", "train/measure", "train/run",
    ],
    "api": ["base", "base/machine", "tensor", "edit/request", "pictures", "train/options", "train/run"],
    "cli/info": [
        "base", "base/machine", "models", "models/encoder", "checkpoint/network", "features",
        "features/clip", "pictures",
    ],
    "cli/terminal": ["base", "base/files", "image", "image/files"],
    "cli/bench": [
        "base", "kernels/vector", "kernels/resample", "kernels/convolution", "tensor", "ops",
        "ops/convolution", "nn", "models", "checkpoint/network", "features", "invert", "train/augment", "train/options",
        "train/step", "cli/terminal",
    ],
    "cli/options": [
        "base", "base/files", "checkpoint/network", "pictures", "api", "cli/terminal",
    ],
    "cli/metrics": ["metrics/measure"],
    "cli/directions": [
        "base", "base/files", "checkpoint/latents", "features/clip", "edit/directions", "pictures",
        "pictures/directions", "cli/options",
    ],
    "cli/editing": [
        "base", "base/files", "edit/blend", "edit/request", "image/files", "pictures",
        "pictures/edits", "style/run", "words/run", "cli/terminal", "cli/options",
    ],
    "cli/layers": ["base", "base/files", "layers", "pictures", "cli/options"],
    "cli/runs": [
        "base", "base/files", "train/options", "runs", "runs/compare", "sweep", "cli/terminal",
        "cli/options",
    ],
    "cli/commands": [
        "base", "base/files", "checkpoint/network", "checkpoint/export", "image", "image/files",
        "data", "data/sources", "data/kinds", "metrics/measure", "invert/run", "pictures",
        "pictures/films", "pictures/labelled", "pictures/mixes", "scores", "train/options",
        "train/measure", "train/run", "cli/info", "cli/metrics",
        "cli/terminal", "cli/bench", "cli/options",
    ],
    "cli": ["base", "cli/terminal", "cli/options", "cli/commands"],
}

# What no row may ever allow, whatever the order: (rooms, forbidden rooms, reason).
NEVER = (
    (r"(?!cli\b).*", r"cli\b.*", "the library does not know the program"),
    (r"cli(?!/bench\b).*", r"(tensor|kernels|ops|nn)\b.*", "only cli/bench measures the engine"),
    (r"pictures.*", r"(train|api)\b.*", "pictures are made without training, for every caller"),
    (r"models/.*", r"models/.*", "a family does not know another family"),
    (r"(checkpoint|image|data)\b.*", r"(train|pictures|api)\b.*", "files are below their users"),
)

# Headers of this name belong to their room alone.
PRIVATE = re.compile(r".*_(inside|parts|machine|opened|state)\.h")

# Pairs of .c and .h that include one another in a circle, since each is defined by the others: the
# derivatives of arithmetic are reductions and the reverse; a tape records tensors of a
# context, which notes the work of a rehearsal.
CIRCLES = (
    ("ops/arithmetic", "ops/reduce"),
    ("tensor/context", "tensor/tape", "tensor/tensor", "tensor/work"),
)

MOST_FILES = 17

# Headers outside src/.
PUBLIC = ("stylegan.h",)


def rooms_of(sources):
    return collections.Counter(source.room for source in sources if source.suffix == ".c")


def arrows(sources):
    """(source, line, header, room of the header) of each include between rooms."""
    for source in sources:
        for line, header in source.includes:
            room = header.rpartition("/")[0]
            if header not in PUBLIC and room != source.room:
                yield source, line, header, room


def room_edges(sources):
    """Which rooms each room includes."""
    edges = {source.room: set() for source in sources}
    for source, _, _, room in arrows(sources):
        edges[source.room].add(room)
    return edges


def place_of(text):
    """The place of a line of this script."""
    lines = pathlib.Path(__file__).read_text(encoding="utf-8").splitlines()
    numbers = [number for number, line in enumerate(lines, 1) if line.strip().startswith(text)]
    return f"scripts/check_layers.py:{numbers[0] if numbers else 1}"


def check_table(table, sources):
    """Rule 1, the table: rows in an order, of rooms that exist, without more than is used."""
    used = {(source.room, room) for source, _, _, room in arrows(sources)}
    rooms = {source.room for source in sources}
    rows = list(table)
    for row, (room, allowed) in enumerate(table.items()):
        place = place_of(f'"{room}": [')
        if room not in rooms:
            yield f"{place}: the row of {room} is about no room of src/"
        for other in sorted(allowed):
            if other not in rows[:row]:
                yield f"{place}: the row of {room} names {other}, which has no earlier row"
            if (room, other) not in used:
                yield f"{place}: {room} may include {other}, but never does"
            reason = never(room, other)
            if reason:
                yield f"{place}: {room} may include {other}, but {reason}"


def never(room, other):
    """Why `room` may not include `other` whatever the table says, or None."""
    for rooms, forbidden, reason in NEVER:
        if room != other and re.fullmatch(rooms, room) and re.fullmatch(forbidden, other):
            return reason
    return None


def check_rooms(table, sources):
    """Rule 1, the files: a room includes only the rooms that its row names."""
    for room in sorted({source.room for source in sources} - set(table)):
        source = next(source for source in sources if source.room == room)
        yield f"{source.name}:1: src/{room} is a room without a row in scripts/check_layers.py"
    for source, line, header, room in arrows(sources):
        if room not in table:
            yield f'{source.name}:{line}: "{header}" is in no room; include it as "ROOM/FILE.h"'
        elif room not in table.get(source.room, ()):
            reason = never(source.room, room) or f"its row does not name {room}"
            yield f'{source.name}:{line}: {source.room} may not include "{header}": {reason}'


def check_private_headers(sources):
    """Rule 2: a header named *_inside.h, *_parts.h and so on is included from its own room only."""
    for source, line, header, room in arrows(sources):
        if PRIVATE.fullmatch(header):
            yield f'{source.name}:{line}: "{header}" is private to {room}'


def pair_edges(sources):
    """Which pairs of .c and .h (and .inc) include which, without their suffixes."""
    edges = collections.defaultdict(set)
    for source in sources:
        pair = source.name.removeprefix("src/").rsplit(".", 1)[0]
        edges[pair] |= {header.rsplit(".", 1)[0] for _, header in source.includes} - {pair}
    return edges


def check_circles(sources, allowed=CIRCLES):
    """Rule 3: no circle of pairs, except those on the list, which must exist."""
    found = [tuple(circle) for circle in c_source.circles(pair_edges(sources))]
    for circle in found:
        if circle not in allowed:
            yield f"src/{circle[0]}.h:1: a circle of includes: {', '.join(circle)}"
    for circle in allowed:
        if circle not in found:
            place = place_of(f'("{circle[0]}"')
            yield f"{place}: there is no circle of includes any more: {', '.join(circle)}"


def check_room_sizes(sources):
    """Rule 4: a room has at most MOST_FILES .c files of its own; stand-ins, NAME_absent.c, take the
    place of another."""
    real = [source for source in sources if not source.name.endswith("_absent.c")]
    for room, count in sorted(rooms_of(real).items()):
        if count > MOST_FILES:
            yield f"src/{room}:1: {count} .c files in a room, but at most {MOST_FILES} are allowed"


def findings(table, sources):
    yield from check_table(table, sources)
    yield from check_rooms(table, sources)
    yield from check_private_headers(sources)
    yield from check_circles(sources)
    yield from check_room_sizes(sources)


def main():
    sources = c_source.Tree(c_source.root_from_arguments()).sources()
    count = len({(source.room, room) for source, _, _, room in arrows(sources)})
    return c_source.report(
        findings(ROOMS, sources),
        f"layers: {len(sources)} files in {len(ROOMS)} rooms, {count} arrows, none upward",
    )


if __name__ == "__main__":
    sys.exit(main())
