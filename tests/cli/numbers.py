#!/usr/bin/env python3
"""Gives every numeric option of every command no number.

The options come from the program's own help, which is made of its tables. Each value must be refused with status 2 and a sentence
that names the option. Usage: numbers.py PROGRAM
"""

import re
import subprocess
import sys

# What help calls the values of numeric rows.
NUMERIC = {"N", "X", "P", "R", "PSI", "DEGREES", "SCALE", "BETA", "HOURS", "KIMG", "SEED", "STEPS", "DECIBELS", "C", "GAMMA", "LR"}
NO_NUMBERS = ["", "nan", "inf", "1e400", "1x"]


def run(program, words):
    return subprocess.run([program, *words], capture_output=True, text=True, errors="replace", timeout=20)


def commands(program):
    lines = run(program, ["--help"]).stdout.splitlines()
    names = [line.split()[0] for line in lines if re.match(r"  [a-z]+ ", line)]
    for name in dict.fromkeys(names):
        if name == "help":
            continue
        if name == "directions":
            yield from (["directions", word] for word in ("find", "show", "angles", "orthogonalise", "analyse"))
        else:
            yield [name]


def numeric_options(program, command):
    for line in run(program, [*command, "--help"]).stdout.splitlines():
        found = re.match(r" +(?:-., )?--([a-z0-9-]+) ([A-Z]+)(?: |$)", line)
        if found and found[2] in NUMERIC and found[1] != "class":  # which is judged by the network's
            yield found[1]


def main():
    program = sys.argv[1]
    runs = faults = options = 0
    for command in commands(program):
        for option in numeric_options(program, command):
            options += 1
            for value in NO_NUMBERS:
                result = run(program, [*command, f"--{option}={value}"])
                runs += 1
                first = result.stderr.splitlines()[0] if result.stderr else ""
                if result.returncode != 2 or f"--{option}" not in first:
                    print(f"FAULT: {' '.join(command)} --{option}={value!r}: status {result.returncode}, {first}")
                    faults += 1
    print(f"{options} options, {runs} runs, {faults} faults")
    return 1 if faults or options < 50 else 0


if __name__ == "__main__":
    sys.exit(main())
