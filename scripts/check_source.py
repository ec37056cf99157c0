#!/usr/bin/env python3
"""Checks what the source of src/ says: its sentences, tests, exports, statics and comments.

Prints one line for each finding and ends with status 1 then. Usage: check_source.py [FOLDER], the
project's by default.
"""

import collections
import re
import sys

import c_source

OPTION = re.compile(r"(?<![\w-])--[a-z]")

FAMILY = re.compile(r"SG_(STYLEGAN\d|PROGAN|DCGAN)")
FAMILY_PLACES = (
    "src/models/", "src/checkpoint/maps/", "src/checkpoint/programs/", "src/checkpoint/official/",
    "src/train/options/preset.c",
)

NO_MEMORY = re.compile(
    r"\b(out of|not enough|no|lack of|insufficient|too little) memory\b|\bmemory left\b"
)
NO_MEMORY_PLACE = "src/base/error.c"

TESTED_BY = re.compile(r"Tested by:((?:[\s*,]+tests/[\w./-]+\w)+)")

# Exported for tests: the limits that make a processor take the code of lesser ones, and the list of
# operations.
HOOKS = (
    "sg_vector_lanes_limit",
    "sg_product_forbid_split",
    "sg_op_list",
    "sg_pool_bytes_in_use",  # tests look for leaks
    "sg_document_open_bytes",  # fuzzers have no files
)

# (file, name) of objects that change and outlive a call: FFTW's planner may run once at a time, and
# the values that two of the HOOKS set.
STATICS = (
    ("src/base/threads/openmp.c", "size"),
    ("src/base/threads/thread_team.c", "self"),
    ("src/base/threads/thread_team.c", "team_key"),
    ("src/base/threads/thread_team.c", "prepared"),
    ("src/base/threads/thread_team.c", "is_on_openmp"),
    ("src/kernels/product/product.c", "split_state"),
    ("src/kernels/vector/lanes.c", "limit"),
    ("src/metrics/spectrum.c", "planner"),
)

NAME = re.compile(r"\b(?:sg_[a-z0-9_]+|SG_[A-Z0-9_]+)\b")

# Ends of the names that macros paste together, as kernels/vector/each_real.inc does.
PASTED = re.compile(r"(.+)_(?:f32|f64|bf16|4|8|16|split)")

# Words that names are not made of, and what to say instead; except in the names of two options.
WORDS = {
    "adopt": "take or copy",
    "bode": "warn of",
    "critic": "discriminator",
    "culprit": "what is wrong, such as bad_tensor",
    "errands": "pending work",
    "foretell": "forecast",
    "journey": "walk",
    "noting": "what is noted",
    "outcome": "result",
    "settle": "resolve",
    "supplies": "inputs",
    "workshop": "what is made in it",
}
OPTION_NAMES = ("n_critic", "critic_norm")


def check_options(tree):
    """Rule 5: only src/cli/ knows how an option is spelt; elsewhere, a sentence names the field."""
    for source in tree.sources():
        if not source.name.startswith("src/cli/"):
            for line, text in source.strings:
                if OPTION.search(text):
                    yield f'{source.name}:{line}: an option of the command line in "{text}"'


def check_families(tree):
    """Rule 5: a family is named by its descriptor, the maps of its files, and the presets."""
    for source in tree.sources():
        if not source.name.startswith(FAMILY_PLACES):
            for token in source.code:
                if token.kind == "name" and FAMILY.fullmatch(token.text):
                    yield f"{source.name}:{token.line}: {token.text} outside the family's places"


def memory_sentences(tree):
    """(source, line, wording) of each sentence about lack of memory."""
    for source in tree.sources():
        for line, text in source.strings:
            match = NO_MEMORY.search(text.lower())
            if match:
                yield source, line, match.group()


def check_memory(tree):
    """Rule 6: lack of memory has one wording, which sg_fail_memory writes."""
    for source, line, wording in memory_sentences(tree):
        if source.name != NO_MEMORY_PLACE:
            yield f'{source.name}:{line}: "{wording}" is written by sg_fail_memory alone'


def head_of(source):
    """The first comment of a file, which says what the file is."""
    return source.comments[0].text if source.comments else ""


def tests_of(tree, source):
    """The tests of a source file: its mirror, or those that its head names."""
    folder, _, file = source.name.removeprefix("src/").rpartition("/")
    mirror = f"tests/{folder}/test_{file}"
    if tree.exists(mirror):
        return [mirror]
    match = TESTED_BY.search(head_of(source))
    return re.findall(r"tests/[\w./-]+\w", match.group(1)) if match else []


def check_mirror(tree):
    """Rule 7: src/A/x.c has tests/A/test_x.c, or `Tested by: tests/...` in its head."""
    for source in tree.sources():
        if source.suffix == ".c":
            tests = tests_of(tree, source)
            if not tests:
                yield f"{source.name}:1: no tests/.../test_NAME.c, and no `Tested by:` in the head"
            for test in tests:
                if not tree.exists(test):
                    yield f"{source.name}:1: tested by {test}, which does not exist"


def pasting_macros(sources):
    """The macros whose parameters become parts of names."""
    bodies = collections.defaultdict(set)
    for source in sources:
        name = None
        for before, token in zip(source.code, source.code[1:]):
            if before.directive and before.text == "define":
                name = token.text
            elif token.directive and name:
                bodies[name].add("##" if before.text + token.text == "##" else token.text)
            else:
                name = None
    pasting = {"##"}
    while more := {name for name, body in bodies.items() if body & pasting} - pasting:
        pasting |= more
    return pasting


def pasted_words(code, pasting):
    """The arguments of pasting macros that are a single name: `x` of NAME(x)."""
    depths = []
    for before, token, after in zip(code, code[1:], code[2:]):
        if token.text == "(":
            depths.append(before.text in pasting)
        elif token.text == ")" and depths:
            depths.pop()
        elif depths and depths[-1] and before.text in "(," and after.text in "),":
            yield token.text


def uses_of_names(tree):
    """For each (name, is pasted), the files that use the name other than by declaring it.

    A pasted name is one that a macro's argument is a part of: `sg_clamp` of SG_BY_DTYPE.
    """
    uses = collections.defaultdict(set)
    pasting = pasting_macros(tree.sources())
    for source in tree.sources():
        pasted = list(pasted_words(source.code, pasting))
        counts = collections.Counter((token.text, False) for token in source.code)
        counts.subtract((word, False) for word in pasted)
        counts.update((word, True) for word in pasted)
        counts.subtract((function.name, function.is_pasted) for function in source.functions)
        for use, count in counts.items():
            if count > 0:
                uses[use].add(source.name)
    return uses


def check_exports(tree):
    """Rule 8: a function in a header is called in another file than the one that defines it.

    Tests may call what its own file uses too, but not what nothing else uses.
    """
    uses = uses_of_names(tree)
    tests = {t.text for s in tree.sources("tests") for t in s.code if t.kind == "name"}
    homes = {}
    for source in tree.sources():
        for function in source.functions if source.suffix == ".c" else ():
            homes.setdefault(function.name, set()).add(source.name)
    for source in tree.sources():
        for function in source.functions if source.suffix == ".h" else ():
            if function.is_static or function.name in HOOKS:
                continue
            match = PASTED.fullmatch(function.name)
            where = uses[function.name, False] | (uses[match.group(1), True] if match else set())
            what = f"{source.name}:{function.line}: {function.name} is exported, but "
            if not where:
                yield what + ("only tests call it" if function.name in tests else "nobody calls it")
            elif where <= homes.get(function.name, set()) and function.name not in tests:
                yield what + "used in its own file alone"


def is_constant(words):
    """Whether the object that the words before its name declare keeps its value."""
    pointer = len(words) - words[::-1].index("*") if "*" in words else 0
    return "const" in words[pointer:]


def statics_in(source):
    """(line, name) of each object in a file that keeps a value between calls and may change it."""
    code = [token for token in source.code if not token.directive]
    for index, token in enumerate(code):
        if token.text not in ("static", "extern"):
            continue
        words = []
        for after in code[index + 1 : index + 40]:
            is_call = after.text == "(" and words and words[-1] not in ("int", "void", "*")
            if after.text in ";=[,{" or is_call:
                break
            words.append(after.text)
        names = [word for word in words if re.fullmatch(r"[A-Za-z_]\w*", word)]
        is_object = after.text in ";=[," and names and names[-1] != "inline"
        if is_object and not is_constant(words):
            yield token.line, names[-1]


def check_statics(tree, allowed=STATICS):
    """Rule 9: outside src/cli/, only objects on the list outlive a call and change."""
    found = [
        (source.name, line, name)
        for source in tree.sources()
        if not source.name.startswith("src/cli/")
        for line, name in statics_in(source)
    ]
    for file, line, name in found:
        if (file, name) not in allowed:
            yield f"{file}:{line}: {name} changes and outlives a call"
    for file, name in allowed:
        if (file, name) not in {(file, name) for file, _, name in found}:
            yield f"scripts/check_source.py:1: {file} has no mutable static {name} any more"


def names_in(sources):
    return {token.text for source in sources for token in source.code if token.kind == "name"}


def known_names(tree):
    """The names in the code, and those of the build's options."""
    known = names_in([*tree.sources("src"), *tree.sources("include")])
    if tree.exists("CMakeLists.txt"):
        known |= set(NAME.findall((tree.root / "CMakeLists.txt").read_text(encoding="utf-8")))
    return known


def check_names(tree):
    """Rule 10: a name sg_... or SG_... in a comment exists in the code."""
    known = known_names(tree)
    helpers = names_in(tree.sources("tests"))
    for folder in ("src", "include", "tests", "examples"):
        for source in tree.sources(folder):
            names = known | helpers if folder == "tests" else known
            for comment in source.comments:
                for match in NAME.finditer(comment.text):
                    if not is_known(match.group(), names):
                        line = comment.line + comment.text.count("\n", 0, match.start())
                        yield f"{source.name}:{line}: {match.group()} exists nowhere in the code"


def is_known(name, names):
    """Whether a name exists, is pasted together, or is the start of names (as in `sg_file_*`)."""
    match = PASTED.fullmatch(name)
    return (
        name in names
        or (match and match.group(1) in names)
        or (name.endswith("_") and any(other.startswith(name) for other in names))
    )


def check_words(tree):
    """Names in the code use the words of the field; each is reported once in a file."""
    for source in tree.sources():
        names = {t.text: t.line for t in reversed(source.code) if t.kind == "name"}
        for name, line in names.items():
            for word in set(name.lower().split("_")) & set(WORDS):
                if name not in OPTION_NAMES:
                    yield f'{source.name}:{line}: {name} says "{word}" for {WORDS[word]}'


RULES = (
    check_options,
    check_families,
    check_memory,
    check_mirror,
    check_exports,
    check_statics,
    check_names,
    check_words,
)


def main():
    tree = c_source.Tree(c_source.root_from_arguments())
    return c_source.report(
        (finding for rule in RULES for finding in rule(tree)),
        f"source: {len(tree.sources())} files keep {len(RULES)} rules",
    )


if __name__ == "__main__":
    sys.exit(main())
