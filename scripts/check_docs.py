#!/usr/bin/env python3
"""Fails when a document names a file of this project that does not exist.

Checked are the words within backticks that begin with one of the project's folders, and the
targets of relative links. In a word, capitals such as in `src/cli/cmd_NAME.c`, braces and stars
stand for anything, as long as something fits.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "CHANGELOG.md", "docs/*.md", "models/README.md", "data/*/README.md")
FOLDERS = (".ci", "bench", "data", "docs", "examples", "include", "models", "scripts", "src", "tests")

FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
BACKTICKED = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s#]+)[^)]*\)")
PATH = re.compile(r"(?:\./)?((?:" + "|".join(map(re.escape, FOLDERS)) + r")/[\w./*{},+-]*)")
PLACEHOLDER = re.compile(r"[A-Z][A-Z_]*[A-Z]|N+|\{[^}]*\}")


def exists(path):
    if (ROOT / path).exists():
        return True
    pattern = PLACEHOLDER.sub("*", path).strip("/")
    return "*" in pattern and any(True for _ in ROOT.glob(pattern))


def paths_in(text):
    """The project's paths that a document's backticked words name."""
    for words in BACKTICKED.findall(text):
        for word in words.split():
            match = PATH.fullmatch(word.rstrip(".,:;)").lstrip("("))
            if match:
                yield match.group(1)


def links_in(document, text):
    """The relative targets of a document's links, as paths from the project's folder."""
    for target in LINK.findall(text):
        if "://" not in target and not target.startswith(("mailto:", "/")):
            path = (document.parent / target).resolve()
            yield str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else target


def main():
    documents = [path for pattern in DOCUMENTS for path in sorted(ROOT.glob(pattern))]
    complaints = []
    for document in documents:
        text = FENCE.sub("", document.read_text(encoding="utf-8"))
        for path in [*paths_in(text), *links_in(document, text)]:
            if not exists(path):
                complaints.append(f"{document.relative_to(ROOT)}: {path} does not exist")
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    if not complaints:
        print(f"documents: {len(documents)} name only files that exist")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
