#!/usr/bin/env python3
"""Hashes the results of scripts/witness.sh, and compares two lists of hashes.

    witness_hash.py hash FOLDER PREFIX [FROM=TO]...   prints a line HASH NAME for each result
    witness_hash.py compare OLD NEW                   lists differences, status 1 if there are any
    witness_hash.py repack|change-pixel FILE          writes a PNG file anew; the latter changes it
    witness_hash.py change-weight FILE                flips the lowest bit of a file's last float

Pictures and films count by their decoded pixels, archives of pictures by their members, networks by
their bytes. Texts count with every FROM replaced by TO, and without times.
"""

import hashlib
import json
import pathlib
import re
import subprocess
import sys
import zipfile

import witness_png

# Logs and statistics hold times.
LEFT_OUT = re.compile(r"log\.txt|stats\.jsonl|events\.out\.tfevents.*")
PICTURES = (".png", ".apng")
FILMS = (".mp4",)
BINARIES = (".safetensors", ".pt", ".npz", ".npy")


def digest(*parts):
    """One hash of several parts, each with its length, so that no byte moves between them."""
    state = hashlib.sha256()
    for part in parts:
        state.update(b"%d:" % len(part) + part)
    return state.hexdigest()[:32]


def text_without_paths(text, replaced):
    for old, new in replaced:
        text = text.replace(old, new)
    return text


def hash_text(data, replaced):
    return digest(text_without_paths(data.decode("utf-8", "surrogateescape"), replaced)
                  .encode("utf-8", "surrogateescape"))


def hash_answers(data, replaced):
    """Answers of batch mode, without the seconds and without what an error's sentence says."""
    lines = []
    for line in data.decode().splitlines():
        answer = json.loads(line)
        for key in {"seconds", "error"} & set(answer):
            answer[key] = key
        lines.append(json.dumps(answer))
    return hash_text("\n".join(lines).encode(), replaced)


def hash_picture(data):
    picture = witness_png.decode(data)
    frames = [part for frame in picture.frames for part in frame]
    return digest(picture.header, picture.loops, *picture.palette, *frames)


def hash_remarks(data, replaced):
    """The remarks of a PNG file without the program's version; None when there are no others."""
    remarks = [remark for remark in witness_png.decode(data).remarks if remark[0] != "Software"]
    return hash_text(json.dumps(remarks).encode(), replaced) if remarks else None


def ffmpeg(path, *arguments):
    command = ["ffmpeg", "-v", "error", "-threads", "1", "-i", str(path), *arguments, "-"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def hash_film(path):
    """The sums of all decoded frames, without the lines that name FFmpeg's version."""
    lines = ffmpeg(path, "-f", "framemd5").splitlines()
    return digest(*[line for line in lines if not line.startswith(b"#software")])


def hash_film_remarks(path, replaced):
    lines = ffmpeg(path, "-f", "ffmetadata").splitlines()
    return hash_text(b"\n".join(line for line in lines if not line.startswith(b"encoder=")), replaced)


def hash_archive(path, replaced):
    parts = []
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            data = archive.read(name)
            parts.append(name.encode())
            parts.append((hash_picture(data) if name.endswith(PICTURES)
                          else hash_text(data, replaced)).encode())
    return digest(*parts)


def results_of(path, name, replaced):
    """Yields (hash, name) of one file; pictures and films have a second line for their remarks."""
    suffix = path.suffix
    if suffix in FILMS:
        yield hash_film(path), name
        yield hash_film_remarks(path, replaced), name + ":remarks"
        return
    if suffix == ".zip":
        yield hash_archive(path, replaced), name
        return
    data = path.read_bytes()
    if suffix in PICTURES:
        yield hash_picture(data), name
        remarks = hash_remarks(data, replaced)
        if remarks:
            yield remarks, name + ":remarks"
    elif suffix in BINARIES:
        yield digest(data), name
    elif suffix == ".answers":
        yield hash_answers(data, replaced), name
    else:
        yield hash_text(data, replaced), name


def hash_folder(folder, prefix, *pairs):
    replaced = [tuple(pair.rsplit("=", 1)) for pair in pairs]
    root = pathlib.Path(folder)
    for path in sorted(root.rglob("*")):
        if not path.is_file() or LEFT_OUT.fullmatch(path.name):
            continue
        name = prefix + "/" + text_without_paths(str(path.relative_to(root)), replaced)
        try:
            for result, result_name in results_of(path, name, replaced):
                print(result, result_name)
        except Exception as error:  # a damaged result must differ, not end the witness
            print("unreadable", name)
            print("witness: %s: %s" % (name, error), file=sys.stderr)
    return 0


def read_list(path):
    with open(path, encoding="utf-8") as lines:
        return {name: result for result, name in (line.rstrip("\n").split(" ", 1) for line in lines)}


def compare(old_path, new_path):
    old, new = read_list(old_path), read_list(new_path)
    wrong = 0
    for name in sorted(set(old) | set(new)):
        if name not in new:
            verdict = "missing"
        elif name not in old:
            verdict = "new"
        elif old[name] != new[name]:
            verdict = "differs"
        else:
            continue
        print("%-8s %s" % (verdict, name))
        wrong += 1
    return 1 if wrong else 0


def rewrite(path, change):
    file = pathlib.Path(path)
    file.write_bytes(change(file.read_bytes()))
    return 0


def change_weight(data):
    return data[:-4] + bytes([data[-4] ^ 1]) + data[-3:]


VERBS = {
    "hash": hash_folder,
    "compare": compare,
    "repack": lambda path: rewrite(path, lambda data: witness_png.repack(data, False)),
    "change-pixel": lambda path: rewrite(path, lambda data: witness_png.repack(data, True)),
    "change-weight": lambda path: rewrite(path, change_weight),
}

if __name__ == "__main__":
    sys.exit(VERBS[sys.argv[1]](*sys.argv[2:]))
