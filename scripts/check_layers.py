#!/usr/bin/env python3
"""Fails when a file in src/ includes a header of a layer that its own layer may not know."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Which layers a layer may include besides itself; the public header is open to all.
ALLOWED = {
    "base": set(),
    "kernels": {"base"},
    "tensor": {"base", "kernels"},
    "ops": {"base", "tensor", "kernels"},
    "nn": {"base", "tensor", "ops"},
    "models": {"base", "tensor", "ops", "nn"},
    "checkpoint": {"base", "tensor", "ops", "nn", "models"},
    "image": {"base"},
    "data": {"base", "image"},
    "latent": {"base", "tensor", "ops", "nn", "models"},
}
ALLOWED["metrics"] = ALLOWED["models"] | {"models", "image", "data", "latent"}
ALLOWED["train"] = set(ALLOWED)
ALLOWED["api"] = set(ALLOWED)
ALLOWED["cli"] = set(ALLOWED) | {"studio"}
ALLOWED["studio"] = set(ALLOWED)

SUFFIXES = (".c", ".h", ".inc")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')


def complaint_about(layer, header):
    """Why a file of `layer` may not include `header`, or None."""
    if header == "stylegan.h":
        return None
    target, slash, _ = header.partition("/")
    if not slash:
        return f'"{header}" must be included as "LAYER/{header}"'
    if target not in ALLOWED:
        return f'"{header}" belongs to no layer'
    if target != layer and target not in ALLOWED[layer]:
        return f'{layer} may not include "{header}": it must not know {target}'
    return None


def complaints_about(path):
    name = path.relative_to(ROOT)
    layer = name.parts[1]
    if layer not in ALLOWED:
        yield f"{name}: src/{layer} is no layer that this check knows"
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        reason = complaint_about(layer, match.group(1)) if match else None
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
