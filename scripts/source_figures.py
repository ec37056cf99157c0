#!/usr/bin/env python3
"""Prints figures of the source, to compare two states of it.

Usage: source_figures.py FOLDER..., one column for each; the project's own by default.
"""

import sys

import c_source
import check_layers
import check_sizes
import check_source


def figures(tree):
    """Yields (name, value) of each figure."""
    sources = tree.sources()
    bodies = [source for source in sources if source.suffix == ".c"]
    lengths = check_sizes.function_lengths(sources)
    rooms = check_layers.rooms_of(sources)
    memory = list(check_source.memory_sentences(tree))
    mirrored = [source for source in bodies if check_source.tests_of(tree, source)]
    circles = c_source.circles(check_layers.pair_edges(sources))
    between = c_source.circles(check_layers.room_edges(sources))
    yield "lines of src/ (.c, .h, .inc)", sum(len(source.lines) for source in sources)
    yield "files (.c)", f"{len(sources)} ({len(bodies)})"
    yield "rooms", len(rooms)
    yield f"rooms of more than {check_layers.MOST_FILES} .c", sum(
        count > check_layers.MOST_FILES for count in rooms.values()
    )
    yield "most .c in a room", max(rooms.values())
    yield "circles of files", len(circles)
    yield "files in circles", sum(map(len, circles))
    yield "circles of rooms", len(between)
    yield "functions", len(lengths)
    for name, percent in (("median", 50), ("p90", 90), ("p99", 99)):
        yield f"function {name}", check_sizes.percentile(lengths, percent)
    yield "function longest", lengths[-1]
    yield "lines that are comments", f"{100 * check_sizes.comment_share(sources):.2f} %"
    yield "longest file", max(len(source.lines) for source in sources)
    yield ".c with a test named", f"{len(mirrored)} of {len(bodies)}"
    yield "wordings of no memory", len({wording for _, _, wording in memory})
    yield "sentences of no memory", len(memory)
    yield "options named in library", count(check_source.check_options, tree)
    yield "families named elsewhere", count(check_source.check_families, tree)
    yield "exports without a caller", count(check_source.check_exports, tree)
    yield "mutable statics", sum(
        len(list(check_source.statics_in(source)))
        for source in sources
        if not source.name.startswith("src/cli/")
    )
    yield "unknown names in comments", count(check_source.check_names, tree)
    yield "includes against the table", forbidden(sources)


def count(rule, tree):
    return len(list(rule(tree)))


def forbidden(sources):
    """How many includes the table of rooms forbids, where the tree has the table's rooms."""
    if {source.room for source in sources} - set(check_layers.ROOMS):
        return "(other rooms)"
    return len(list(check_layers.check_rooms(check_layers.ROOMS, sources)))


def main():
    folders = sys.argv[1:] or [c_source.root_from_arguments()]
    for rows in zip(*(figures(c_source.Tree(folder)) for folder in folders)):
        print(f"{rows[0][0]:<28}" + "".join(f"{value:>16}" for _, value in rows))


if __name__ == "__main__":
    sys.exit(main())
