#!/usr/bin/env python3
"""Fails when a document names a file or a function of this project that does not exist.

Checked are the targets of relative links, and the words within backticks that begin with one of the
project's folders or look like a name sg_... or SG_.... The pictures of docs/images must be made by
commands beside them (docs_images.py). In a word, capitals such as in
`src/cli/commands/cmd_NAME.c`, braces and stars stand for anything, as long as something fits.

In docs/course, a name with parentheses in backticks, such as `run_d_main()`, is a function that the file
of the next link on its line defines, whether static or not.
Usage: check_docs.py [FOLDER], the project's by default.
"""

import re
import sys

import c_source
import check_source
import docs_images

DOCUMENTS = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "docs/*.md",
    "docs/course/*.md",
    "models/README.md",
    "data/*/README.md",
    "tests/*/README.md",
)
FOLDERS = (".ci", "data", "docs", "examples", "include", "models", "scripts", "src", "tests")

FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
BACKTICKED = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s#]+)[^)]*\)")
PATH = re.compile(r"(?:\./)?((?:" + "|".join(map(re.escape, FOLDERS)) + r")/[\w./*{},+-]*)")
# A function, or a link's target.
PLACE = re.compile(r"`(?P<function>[A-Za-z_]\w*)\(\)`|\]\((?P<target>[^)\s#]+)[^)]*\)")
COURSE = "docs/course/"
PLACEHOLDER = re.compile(r"[A-Z][A-Z_]*[A-Z]|N+|\{[^}]*\}")


def exists(tree, path):
    if tree.exists(path):
        return True
    pattern = PLACEHOLDER.sub("*", path).strip("/")
    return "*" in pattern and any(True for _ in tree.root.glob(pattern))


def paths_in(line):
    """The project's paths that a line's backticked words name."""
    for words in BACKTICKED.findall(line):
        for word in words.split():
            match = PATH.fullmatch(word.rstrip(".,:;)").lstrip("("))
            if match:
                yield match.group(1)


def links_in(tree, document, line):
    """The relative targets of a line's links, as paths from the project's folder."""
    for target in LINK.findall(line):
        if "://" not in target and not target.startswith(("mailto:", "/")):
            path = (document.parent / target).resolve()
            yield str(path.relative_to(tree.root)) if path.is_relative_to(tree.root) else target


def names_in(line):
    """The names of ours in a line's backticked words."""
    return [name for words in BACKTICKED.findall(line) for name in check_source.NAME.findall(words)]


def places_in(line):
    """(function, target) of each function that a line names, with the next link's target or None."""
    waiting = []
    for match in PLACE.finditer(line):
        if match["function"]:
            waiting.append(match["function"])
        else:
            yield from ((function, match["target"]) for function in waiting)
            waiting = []
    yield from ((function, None) for function in waiting)


def defines(tree, document, target, function):
    """True if the C file that a document's link leads to defines the function."""
    path = (document.parent / target).resolve()
    if path.suffix not in c_source.SUFFIXES or not path.is_file():
        return False
    functions = c_source.Source(tree.root, path).functions
    return any(found.name == function and found.is_definition for found in functions)


def course_findings(tree, document, line):
    """Sentences about functions that are not where a line of the course says."""
    for function, target in places_in(line):
        if not target:
            yield f"{function}() has no link to its file after it"
        elif not defines(tree, document, target, function):
            yield f"{target} does not define {function}()"


def lines_of(document):
    """(number, text) of a document's lines outside fences."""
    text = document.read_text(encoding="utf-8")
    text = FENCE.sub(lambda match: "\n" * match.group().count("\n"), text)
    return enumerate(text.splitlines(), 1)


def findings(tree):
    names = check_source.known_names(tree)
    for document in (path for pattern in DOCUMENTS for path in sorted(tree.root.glob(pattern))):
        place = document.relative_to(tree.root).as_posix()
        for number, line in lines_of(document):
            for path in [*paths_in(line), *links_in(tree, document, line)]:
                if not exists(tree, path):
                    yield f"{place}:{number}: {path} does not exist"
            for name in names_in(line) if place != "CHANGELOG.md" else ():
                if not check_source.is_known(name, names):
                    yield f"{place}:{number}: {name} exists nowhere in the code"
            for finding in course_findings(tree, document, line) if place.startswith(COURSE) else ():
                yield f"{place}:{number}: {finding}"
    yield from docs_images.findings(tree.root)


def main():
    tree = c_source.Tree(c_source.root_from_arguments())
    count = sum(len(list(tree.root.glob(pattern))) for pattern in DOCUMENTS)
    return c_source.report(findings(tree), f"documents: {count} name only what exists")


if __name__ == "__main__":
    sys.exit(main())
