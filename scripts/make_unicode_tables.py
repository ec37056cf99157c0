#!/usr/bin/env python3
"""Writes src/features/clip/unicode_tables.inc, letters, numbers and lower case of Python's Unicode,
and src/features/clip/html_names.inc, the references of HTML by name."""
import contextlib
import html.entities
import unicodedata

LAST = 0x110000


def ranges(category):
    """The ranges of code points of a general category, (first, last)."""
    found, first = [], None
    for point in range(LAST + 1):
        member = point < LAST and unicodedata.category(chr(point))[0] == category
        if member and first is None:
            first = point
        if not member and first is not None:
            found.append((first, point - 1))
            first = None
    return found


def lower_runs():
    """Runs of letters whose lower case is as far away: (first, last, step, distance)."""
    pairs = [(p, ord(chr(p).lower())) for p in range(LAST)
             if not 0xD800 <= p < 0xE000 and len(chr(p).lower()) == 1 and chr(p).lower() != chr(p)]
    runs, i = [], 0
    while i < len(pairs):
        end, step = i, 1
        for tried in (1, 2):
            j = i
            while j + 1 < len(pairs) and pairs[j + 1][0] == pairs[j][0] + tried \
                    and pairs[j + 1][1] - pairs[j + 1][0] == pairs[i][1] - pairs[i][0]:
                j += 1
            if j > end:
                end, step = j, tried
        runs.append((pairs[i][0], pairs[end][0], step, pairs[i][1] - pairs[i][0]))
        i = end + 1
    return runs


def table(kind, name, rows):
    items = ["{" + ", ".join(hex(v) if i < 2 else str(v) for i, v in enumerate(row)) + "}"
             for row in rows]
    print(f"static const {kind} {name}[] = {{")
    line = "   "
    for item in items:
        if len(line) + len(item) + 2 > 100:
            print(line)
            line = "   "
        line += f" {item},"
    print(line + "\n};\n")


def print_unicode():
    print(f"/* Tables of Unicode {unicodedata.unidata_version}, made by "
          "scripts/make_unicode_tables.py. */\n")
    print("/* clang-format off */\n")
    table("point_range", "letters", ranges("L"))
    table("point_range", "numbers", ranges("N"))
    table("case_run", "lower_runs", lower_runs())
    print("/* clang-format on */")


def print_names():
    """Names as they follow "&", some without a semicolon, sorted by their bytes."""
    print("/* References of HTML by name (HTML, section 13.5), made by "
          "scripts/make_unicode_tables.py. */\n")
    print("/* clang-format off */\n")
    print("static const html_name html_names[] = {")
    line = "   "
    for name in sorted(html.entities.html5):
        points = [hex(ord(c)) for c in html.entities.html5[name]]
        item = f'{{"{name}", {{{", ".join(points)}}}}}'
        if len(line) + len(item) + 2 > 100:
            print(line)
            line = "   "
        line += f" {item},"
    print(line + "\n};\n")
    print("/* clang-format on */")


def main():
    for name, write in (("unicode_tables", print_unicode), ("html_names", print_names)):
        with open(f"src/features/clip/{name}.inc", "w", encoding="ascii") as file:
            with contextlib.redirect_stdout(file):
                write()


main()
