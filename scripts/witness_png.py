"""Reads and writes PNG files and animated PNG files with the standard library alone.

The witness compares pixels, not bytes, so that another compression of the same picture is equal.
"""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type


class Picture:
    """What a PNG file shows: its frames' pixels, and its remarks."""

    def __init__(self):
        self.header = b""
        self.palette = []  # bodies of the chunks that say how pixels are shown
        self.frames = []  # (frame control or b"", pixels)
        self.remarks = []  # (key, text)
        self.loops = b""


def chunks_of(data):
    """Yields (kind, body) of each chunk, and checks the sums."""
    if data[:8] != SIGNATURE:
        raise ValueError("not a PNG file")
    at = 8
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        (expected,) = struct.unpack(">I", data[at + 8 + size : at + 12 + size])
        if zlib.crc32(kind + body) != expected:
            raise ValueError("a chunk has a wrong sum")
        yield kind, body
        at += 12 + size


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def paeth(left, above, corner):
    estimate = left + above - corner
    to_left, to_above, to_corner = abs(estimate - left), abs(estimate - above), abs(estimate - corner)
    if to_left <= to_above and to_left <= to_corner:
        return left
    return above if to_above <= to_corner else corner


def unfilter_row(kind, row, above, step):
    """Undoes a row's filter; row is a bytearray and is changed in place."""
    size = len(row)
    if kind == 1:
        for i in range(step, size):
            row[i] = (row[i] + row[i - step]) & 255
    elif kind == 2:
        row[:] = bytes([(a + b) & 255 for a, b in zip(row, above)])
    elif kind == 3:
        for i in range(size):
            left = row[i - step] if i >= step else 0
            row[i] = (row[i] + (left + above[i]) // 2) & 255
    elif kind == 4:
        for i in range(min(step, size)):
            row[i] = (row[i] + above[i]) & 255
        for i in range(step, size):
            row[i] = (row[i] + paeth(row[i - step], above[i], above[i - step])) & 255
    elif kind != 0:
        raise ValueError("unknown filter %d" % kind)


def bytes_per_row(header, width):
    bits, colour = header[8], header[9]
    return (width * CHANNELS[colour] * bits + 7) // 8


def unpack_pixels(header, width, height, packed):
    """The rows of one frame, without their filters."""
    if header[12]:
        raise ValueError("interlaced PNG files are not read")
    size = bytes_per_row(header, width)
    step = max(1, CHANNELS[header[9]] * header[8] // 8)
    data = zlib.decompress(packed)
    if len(data) != height * (size + 1):
        raise ValueError("wrong number of pixels")
    above, rows = bytes(size), []
    for y in range(height):
        start = y * (size + 1)
        row = bytearray(data[start + 1 : start + 1 + size])
        unfilter_row(data[start], row, above, step)
        rows.append(bytes(row))
        above = row
    return b"".join(rows)


def remark_of(kind, body):
    key, _, rest = body.partition(b"\0")
    if kind == b"zTXt":
        rest = zlib.decompress(rest[1:])
    elif kind == b"iTXt":
        is_packed, rest = rest[0], rest[2:].split(b"\0", 2)[2]
        rest = zlib.decompress(rest) if is_packed else rest
    return key.decode("latin-1"), rest.decode("utf-8" if kind == b"iTXt" else "latin-1")


def decode(data):
    """Reads a PNG file; of an animated one, every frame as it is stored."""
    picture = Picture()
    parts = []  # [frame control, packed pixels]
    control = b""
    for kind, body in chunks_of(data):
        if kind == b"IHDR":
            picture.header = body
        elif kind in (b"PLTE", b"tRNS", b"gAMA", b"sRGB"):
            picture.palette.append(kind + body)
        elif kind == b"acTL":
            picture.loops = body
        elif kind == b"fcTL":
            control = body[4:]  # without the chunk's running number
            parts.append([control, b""])
        elif kind == b"IDAT":
            if not parts:
                parts.append([control, b""])
            parts[-1][1] += body
        elif kind == b"fdAT":
            parts[-1][1] += body[4:]
        elif kind in (b"tEXt", b"zTXt", b"iTXt"):
            picture.remarks.append(remark_of(kind, body))
    for control, packed in parts:
        width, height = struct.unpack(">II", (control or picture.header)[:8])
        picture.frames.append((control, unpack_pixels(picture.header, width, height, packed)))
    return picture


def filter_row(kind, row, above, step):
    """Filters a row by 0 (none), 1 (left) or 2 (above)."""
    if kind == 1:
        return bytes([(row[i] - (row[i - step] if i >= step else 0)) & 255 for i in range(len(row))])
    if kind == 2:
        return bytes([(a - b) & 255 for a, b in zip(row, above)])
    return row


def pack_pixels(header, width, pixels, level=9):
    """Packs a frame's rows, with a filter that changes from row to row."""
    size = bytes_per_row(header, width)
    step = max(1, CHANNELS[header[9]] * header[8] // 8)
    above, packed = bytes(size), []
    for y in range(len(pixels) // size):
        row = pixels[y * size : (y + 1) * size]
        packed.append(bytes([y % 3]) + filter_row(y % 3, row, above, step))
        above = row
    return zlib.compress(b"".join(packed), level)


def encode(width, height, colour, bits, pixels, palette=()):
    """A PNG file of these pixels; palette has further chunks as (kind, body)."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    middle = b"".join(chunk(kind, body) for kind, body in palette)
    return (SIGNATURE + chunk(b"IHDR", header) + middle
            + chunk(b"IDAT", pack_pixels(header, width, pixels)) + chunk(b"IEND", b""))


def repack(data, change_last_pixel):
    """Writes a PNG file anew with another compression; the last frame's last byte may change."""
    picture = decode(data)
    last = len(picture.frames) - 1
    written, number, out = -1, 0, [SIGNATURE]
    for kind, body in chunks_of(data):
        if kind in (b"IDAT", b"fdAT"):
            frame = max(number, 0) if kind == b"IDAT" else number
            if written == frame:
                continue  # a further part of a frame that is written already
            written = frame
            control, pixels = picture.frames[frame]
            if change_last_pixel and frame == last:
                pixels = pixels[:-1] + bytes([pixels[-1] ^ 1])
            (width,) = struct.unpack(">I", (control or picture.header)[:4])
            body = (body[:4] if kind == b"fdAT" else b"") + pack_pixels(picture.header, width, pixels, 1)
        elif kind == b"fcTL":
            number = written + 1
        out.append(chunk(kind, body))
    return b"".join(out)
