#!/usr/bin/env python3
"""Fails when functions or files grow too long, or comments too few.

Functions are found by the layout that clang-format gives them: a line "{" opens the body, a line
"}" closes it, and the signature stands on the lines before, up to the last blank, preprocessor or
comment line. The length counts from the signature's first line to the closing brace. Usage:
check_sizes.py [FOLDER], the project's by default.
"""

import sys

import c_source

FOLDERS = ("src", "include", "tests", "examples")
FILE_LIMIT = 800
FUNCTION_LIMITS = {"src": 60, "tests": 75}
FUNCTION_LIMIT = 60
PERCENTILE_LIMITS = {90: 30, 99: 33}  # of the functions in src/
COMMENT_SHARE = 0.09  # of the lines in src/


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


def function_lengths(sources):
    return sorted(length for source in sources for _, length, _ in functions(source.lines))


def percentile(ordered, percent):
    return ordered[(len(ordered) * percent + 99) // 100 - 1]


def comment_lines(source):
    """How many lines hold a comment and no code."""
    comments, code = set(), set()
    for token in source.tokens:
        last = token.line + token.text.count("\n")
        (comments if token.kind == "comment" else code).update(range(token.line, last + 1))
    return len(comments - code)


def comment_share(sources):
    return sum(map(comment_lines, sources)) / sum(len(source.lines) for source in sources)


def check_files(tree):
    """No file has more than FILE_LIMIT lines."""
    for source in (source for folder in FOLDERS for source in tree.sources(folder)):
        count = len(source.lines)
        if count > FILE_LIMIT:
            yield f"{source.name}:1: {count} lines, but at most {FILE_LIMIT} are allowed"


def check_functions(tree):
    """No function is longer than its folder's limit; hardly any in src/ comes close to it."""
    for folder in FOLDERS:
        limit = FUNCTION_LIMITS.get(folder, FUNCTION_LIMIT)
        for source in tree.sources(folder):
            for line, length, signature in functions(source.lines):
                if length > limit:
                    yield (
                        f"{source.name}:{line}: {length} lines in one function, but at most "
                        f"{limit} are allowed: {signature}"
                    )
    lengths = function_lengths(tree.sources())
    for percent, limit in PERCENTILE_LIMITS.items() if lengths else ():
        length = percentile(lengths, percent)
        if length > limit:
            yield (
                f"src:1: {percent} % of the functions have at most {length} lines, but this must "
                f"be {limit} or less"
            )


def check_comments(tree):
    """At least COMMENT_SHARE of the lines in src/ are comments."""
    share = comment_share(tree.sources())
    if share < COMMENT_SHARE:
        yield (
            f"src:1: {100 * share:.2f} % of the lines are comments, but this must be "
            f"{100 * COMMENT_SHARE:g} % or more"
        )


RULES = (check_files, check_functions, check_comments)


def main():
    tree = c_source.Tree(c_source.root_from_arguments())
    lengths = function_lengths(tree.sources())
    return c_source.report(
        (finding for rule in RULES for finding in rule(tree)),
        f"sizes: {len(lengths)} functions in src/, 99 % of at most {percentile(lengths, 99)} "
        f"lines, longest {lengths[-1]}; {100 * comment_share(tree.sources()):.1f} % comments",
    )


if __name__ == "__main__":
    sys.exit(main())
