"""What the checks know of C: files, tokens, includes, functions, and circles in a graph.

One regular expression finds the tokens, without a preprocessor: both branches of an #if are read,
and a macro's body counts as code. That is enough for questions about names, strings and comments.
"""

import functools
import itertools
import pathlib
import re
import sys
from typing import NamedTuple

SUFFIXES = (".c", ".h", ".inc")
# #include "x.h", or a #define that names a template for such an #include.
INCLUDE = re.compile(r'\s*#\s*(?:include|define\s+\w+)\s*"([^"]+\.(?:h|inc))"')
TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<character>'(?:\\.|[^'\\\n])+')
      | (?P<name>[A-Za-z_]\w*)
      | (?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)
      | (?P<continuation>\\\n)
      | (?P<newline>\n)
      | (?P<mark>\S)""",
    re.DOTALL | re.VERBOSE,
)


class Token(NamedTuple):
    kind: str  # a group of TOKEN
    text: str
    line: int
    directive: bool  # belongs to a line of the preprocessor


class Function(NamedTuple):
    name: str
    line: int
    is_definition: bool
    is_static: bool
    is_pasted: bool  # the name is an argument of a macro, as in NAME(sum)


def tokens_of(text):
    """Yields the tokens of a file's text, without line ends."""
    line, directive, at_line_start = 1, False, True
    for match in TOKEN.finditer(text):
        kind, word = match.lastgroup, match.group()
        if kind == "newline":
            directive, at_line_start = False, True
        elif kind != "continuation":
            directive = directive or (at_line_start and word == "#")
            at_line_start = at_line_start and kind == "comment"
            yield Token(kind, word, line, directive)
        line += word.count("\n")


class Source:
    """One file: its name is the path from the project's folder, with slashes."""

    def __init__(self, root, path):
        self.name = path.relative_to(root).as_posix()
        self.room = "/".join(self.name.split("/")[1:-1])
        self.suffix = path.suffix
        self.text = path.read_text(encoding="utf-8")
        self.lines = self.text.splitlines()

    @functools.cached_property
    def tokens(self):
        return list(tokens_of(self.text))

    @functools.cached_property
    def code(self):
        """The tokens except comments."""
        return [token for token in self.tokens if token.kind != "comment"]

    @property
    def comments(self):
        return [token for token in self.tokens if token.kind == "comment"]

    @functools.cached_property
    def includes(self):
        """(line, path) of each file that is included."""
        matches = ((number, INCLUDE.match(line)) for number, line in enumerate(self.lines, 1))
        return [(number, match.group(1)) for number, match in matches if match]

    @property
    def strings(self):
        """(line, text) of each string literal outside #include, adjacent literals joined."""
        code = [t for t in self.code if not (t.directive and t.line in dict(self.includes))]
        for is_string, group in itertools.groupby(code, lambda token: token.kind == "string"):
            if is_string:
                group = list(group)
                yield group[0].line, "".join(token.text[1:-1] for token in group)

    @functools.cached_property
    def functions(self):
        """The functions that the file declares or defines."""
        return list(functions_in(self.code))


def functions_in(code):
    """Yields a Function for each prototype and definition at the outermost level."""
    chunk, braces, parentheses = [], 0, 0
    for token in code:
        if token.directive:
            continue
        if token.text == "{":
            if braces == 0 and parentheses == 0:
                yield from function_of(chunk, is_definition=True)
            braces += 1
        elif token.text == "}":
            braces -= 1
            chunk = []
        elif braces == 0:
            if token.text == ";" and parentheses == 0:
                yield from function_of(chunk, is_definition=False)
                chunk = []
                continue
            parentheses += (token.text == "(") - (token.text == ")")
            chunk.append(token)


def function_of(chunk, is_definition):
    """Yields the function that the tokens up to a "{" or ";" declare, or nothing.

    The function is the name before the last outer pair of parentheses, which ends the chunk. In a
    template the name itself is in parentheses: `NAME(sum)(...)` declares `sum`.
    """
    words = [token.text for token in chunk]
    if not words or words[-1] != ")" or "=" in words or "typedef" in words:
        return
    opening = matching(words, len(words) - 1)
    is_pasted = opening > 0 and words[opening - 1] == ")"
    if is_pasted:
        opening = matching(words, opening - 1) + 2
    if opening and chunk[opening - 1].kind == "name":
        name = chunk[opening - 1]
        yield Function(name.text, name.line, is_definition, "static" in words, is_pasted)


def matching(words, closing):
    """The index of the parenthesis that words[closing] closes."""
    depth = 0
    for index in range(closing, -1, -1):
        depth += (words[index] == ")") - (words[index] == "(")
        if depth == 0:
            return index
    return 0


class Tree:
    """The project's C files."""

    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()

    @functools.lru_cache(maxsize=None)
    def sources(self, folder="src"):
        paths = sorted(path for path in (self.root / folder).rglob("*") if path.suffix in SUFFIXES)
        return [Source(self.root, path) for path in paths]

    def exists(self, name):
        return (self.root / name).exists()


def circles(edges):
    """The strongly connected components of more than one node, each sorted (Tarjan 1972).

    `edges` maps a node to those that it leads to.
    """
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in sorted(edges.get(node, ())):
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            component = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(component) > 1:
                found.append(sorted(component))

    for node in sorted(edges):
        if node not in index:
            visit(node)
    return sorted(found)


def root_from_arguments():
    """The folder that the command line names, or the project that this script belongs to."""
    return sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent


def report(findings, summary):
    """Prints the findings, or the summary if there are none; returns the exit status."""
    findings = list(findings)
    for finding in findings:
        print(finding, file=sys.stderr)
    if not findings:
        print(summary)
    return 1 if findings else 0
