#!/usr/bin/env python3
"""Fails when functions or files grow too long.

Functions are found by the layout that clang-format gives them: a line "{" opens the body, a line
"}" closes it, and the signature stands on the lines before, up to the last blank, preprocessor or
comment line. The length counts from the signature's first line to the closing brace.
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("src", "include", "tests", "bench", "examples")
SUFFIXES = (".c", ".h", ".inc")
FUNCTION_LIMIT = 100
FUNCTION_90TH_PERCENTILE_LIMIT = 30
FILE_LIMIT = 800


def signature_start(lines, brace):
    """The index of the first line of the signature above the line of the opening brace."""
    start = brace
    while start > 0:
        line = lines[start - 1]
        if not line.strip() or line.startswith(("#", "}")) or line.rstrip().endswith(("*/", ";")):
            break
        start -= 1
    return start


def functions(lines):
    """Yields (first line from 1, length, signature) of each function."""
    brace = None
    for index, line in enumerate(lines):
        if line == "{":
            brace = index
        elif line.startswith("}") and brace is not None:
            start = signature_start(lines, brace)
            yield start + 1, index - start + 1, lines[start]
            brace = None


def percentile_90(lengths):
    ordered = sorted(lengths)
    return ordered[(len(ordered) * 9 + 9) // 10 - 1]


def main():
    complaints = []
    lengths = []
    files = [
        path
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.*"))
        if path.suffix in SUFFIXES
    ]
    for path in files:
        name = path.relative_to(ROOT)
        lines = path.read_text(encoding="utf-8").splitlines()
        if len(lines) > FILE_LIMIT:
            complaints.append(f"{name} has {len(lines)} lines; at most {FILE_LIMIT} are allowed")
        for start, length, signature in functions(lines):
            if name.parts[0] == "src":
                lengths.append(length)
            if length > FUNCTION_LIMIT:
                complaints.append(
                    f"{name}:{start}: {length} lines in one function, at most {FUNCTION_LIMIT} "
                    f"are allowed: {signature}"
                )
    if lengths and percentile_90(lengths) > FUNCTION_90TH_PERCENTILE_LIMIT:
        complaints.append(
            f"the 90th percentile of function lengths in src/ is {percentile_90(lengths)} lines; "
            f"at most {FUNCTION_90TH_PERCENTILE_LIMIT} are allowed"
        )
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    if lengths and not complaints:
        print(
            f"sizes: {len(files)} files, {len(lengths)} functions in src/, "
            f"90th percentile {percentile_90(lengths)} lines, longest {max(lengths)}"
        )
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
