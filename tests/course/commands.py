#!/usr/bin/env python3
"""Fails when a command of an exercise in docs/course names a command or option that does not exist.

The commands are the words in backticks that begin with `stylegan `; the answers of README.md run as a
whole in questions.sh. Usage: commands.py; STYLEGAN names the binary (build/stylegan).
"""

import functools
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.path.join(ROOT, os.environ.get("STYLEGAN", "build/stylegan"))
COMMAND = re.compile(r"`stylegan ([^`\n]+)`")
GROUPS = ("directions",)  # commands whose next word is a command of theirs


@functools.lru_cache(maxsize=None)
def options_of(words):
    """The options that the help of a command names; None if there is no such command."""
    done = subprocess.run([PROGRAM, *words, "--help"], capture_output=True, text=True, check=False)
    return None if done.returncode else set(re.findall(r"--[a-z][a-z0-9-]*", done.stdout))


def findings(document):
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1):
        for command in COMMAND.findall(line):
            words = shlex.split(command.split("|")[0])
            name = tuple(words[: 2 if words[0] in GROUPS else 1])
            options = options_of(name)
            given = {word.split("=")[0] for word in words if re.match(r"--[a-z]", word)}
            place = f"{document.relative_to(ROOT)}:{number}"
            if options is None:
                yield f"{place}: there is no command {' '.join(name)}"
            else:
                unknown = sorted(given - options)
                yield from (f"{place}: {' '.join(name)} has no option {option}" for option in unknown)


def main():
    found = [text for path in sorted(ROOT.glob("docs/course/[0-9]*.md")) for text in findings(path)]
    for text in found:
        print(text, file=sys.stderr)
    if not found:
        print("course: the commands of the exercises exist, and their options")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
