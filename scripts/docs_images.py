#!/usr/bin/env python3
"""Rebuilds docs/images by the commands that stand beside the pictures in the documents.

A comment below a block of commands in a document says which files of theirs are pictures of
docs/images:

    <!-- images: mixed/figure.png -> style-mixing.png, mixed/grid.png -> style-grid.png -->

The commands run by sh in out/docs/DOCUMENT, where the project's data, models and scripts are, and
where `stylegan` and `build/stylegan` are the program. A comment "images, hours:" is below trainings,
which run with --hours alone; "images, once:" names pictures of trainings as they were, which the
commands describe and nothing rebuilds by itself. A block with an empty list runs for those after it.

Usage: docs_images.py [--hours] [--list] [DOCUMENT...], such as docs_images.py docs/figures.md;
without documents, all of them. BUILD is the build folder (build).
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
IMAGES = pathlib.Path("docs/images")
DOCUMENTS = ("README.md", "models/README.md", "docs/*.md", "docs/*/*.md")

COMMENT = re.compile(r"<!-- images(?P<kind>, hours|, once)?:(?P<files>.*?)-->", re.DOTALL)
FENCE = re.compile(r"^```sh\n(?P<commands>.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^(?:    .*)?\n)*^    .*\n", re.MULTILINE)


class Block:
    """Commands, the pictures that they make, and when they run: "", "hours" or "once"."""

    def __init__(self, commands, kind, files, line):
        self.commands = commands
        self.kind = kind
        self.files = files
        self.line = line


def commands_before(text, end):
    """The last block of commands before a position."""
    fenced = [match for match in FENCE.finditer(text, 0, end)]
    indented = [match for match in INDENTED.finditer(text, 0, end)]
    last = max(fenced + indented, key=lambda match: match.end(), default=None)
    if last is None:
        return ""
    if last.re is FENCE:
        return last.group("commands")
    return re.sub(r"^    ", "", last.group(), flags=re.MULTILINE)


def files_of(text):
    """[(source, name)] of "a.png -> b.png, ..."."""
    pairs = [part.split("->") for part in text.split(",") if part.strip()]
    return [(pair[0].strip(), pair[-1].strip()) for pair in pairs]


def blocks_of(text):
    """The blocks of a document's text that make pictures."""
    for match in COMMENT.finditer(text):
        kind = (match.group("kind") or "").strip(", ")
        yield Block(
            commands_before(text, match.start()), kind, files_of(match.group("files")),
            text.count("\n", 0, match.start()) + 1,
        )


def documents(root):
    return [path for pattern in DOCUMENTS for path in sorted(root.glob(pattern))]


def findings(root):
    """Sentences about pictures that no comment names, or that are missing."""
    made = {}
    for document in documents(root):
        place = document.relative_to(root).as_posix()
        for block in blocks_of(document.read_text(encoding="utf-8")):
            if not block.commands.strip():
                yield f"{place}:{block.line}: no commands stand before this list of pictures"
            for _, name in block.files:
                if not (root / IMAGES / name).is_file():
                    yield f"{place}:{block.line}: {IMAGES / name} does not exist"
                if name in made:
                    yield f"{place}:{block.line}: {IMAGES / name} is also made at {made[name]}"
                made[name] = f"{place}:{block.line}"
    for path in sorted((root / IMAGES).rglob("*")):
        name = path.relative_to(root / IMAGES).as_posix()
        if path.is_file() and name not in made:
            yield f"{IMAGES / name}:1: no comment in a document says which commands make it"


def prepare(document):
    """An empty folder for a document's commands, with links to the project's."""
    folder = ROOT / "out" / "docs" / document.relative_to(ROOT).as_posix().replace("/", "-")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("data", "models", "scripts"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "build").symlink_to((ROOT / os.environ.get("BUILD", "build")).resolve())
    return folder


def run(document, block, folder):
    environment = dict(os.environ, OMP_WAIT_POLICY=os.environ.get("OMP_WAIT_POLICY", "passive"))
    environment["PATH"] = f"{folder / 'build'}:{environment['PATH']}"
    place = f"{document.relative_to(ROOT)}:{block.line}"
    print(f"{place}: running", flush=True)
    done = subprocess.run(
        ["sh", "-euc", block.commands], cwd=folder, env=environment, stdout=subprocess.DEVNULL
    )
    if done.returncode:
        return f"{place}: the commands end with status {done.returncode}"
    for source, name in block.files:
        found = sorted(folder.glob(source))
        if not found:
            return f"{place}: the commands leave no {source}"
        (ROOT / IMAGES / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found[-1], ROOT / IMAGES / name)
    return None


def rebuild(document, hours):
    failures = []
    blocks = [
        block
        for block in blocks_of(document.read_text(encoding="utf-8"))
        if block.kind == "" or (block.kind == "hours" and hours)
    ]
    folder = prepare(document) if blocks else None
    for block in blocks:
        failure = run(document, block, folder)
        if failure:
            failures.append(failure)
    return failures


def main(arguments):
    options = [argument for argument in arguments if argument.startswith("--")]
    names = [pathlib.Path(argument).resolve() for argument in arguments if argument not in options]
    if set(options) - {"--hours", "--list"}:
        sys.exit(__doc__)
    failures = []
    for document in names or documents(ROOT):
        if "--list" in options:
            for block in blocks_of(document.read_text(encoding="utf-8")):
                for _, name in block.files:
                    print(f"{name}\t{block.kind or 'minutes'}\t{document.relative_to(ROOT)}")
        else:
            failures += rebuild(document, "--hours" in options)
    print("\n".join(failures), end="\n" if failures else "", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
