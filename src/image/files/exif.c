/*
 * EXIF data are a TIFF file without pixels:
 *
 *     offset  size  meaning
 *          0     2  "II" (little-endian) or "MM" (big-endian)
 *          2     2  42
 *          4     4  offset of the first directory: a count (2 bytes), then entries
 *
 * An entry has 12 bytes: tag, type (2 bytes each), count, and the value, at its start when it is
 * shorter than 4 bytes. The orientation is one 16-bit number (type 3).
 */
#include "image/files/exif.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "image/orientation.h"

#define PREFIX "Exif\0"

enum { PREFIX_BYTES = 6, HEADER_BYTES = 8, ENTRY_BYTES = 12, SHORT = 3, ABSENT = -1 };

static uint32_t read_number(const unsigned char *bytes, size_t count, bool big)
{
    uint32_t number = 0;
    for (size_t i = 0; i < count; i++)
        number = number << 8 | bytes[big ? i : count - 1 - i];
    return number;
}

/* Returns the number of the entry in the directory at `at`. */
static int search_directory(const unsigned char *tiff, size_t size, size_t at, bool big, int tag)
{
    if (at > size - 2)
        return ABSENT;
    const size_t fitting = (size - at - 2) / ENTRY_BYTES;
    const size_t stated = read_number(tiff + at, 2, big);
    for (size_t i = 0; i < (stated < fitting ? stated : fitting); i++) {
        const unsigned char *entry = tiff + at + 2 + i * ENTRY_BYTES;
        if (read_number(entry, 2, big) == (uint32_t)tag && read_number(entry + 2, 2, big) == SHORT)
            return (int)read_number(entry + 8, 2, big);
    }
    return ABSENT;
}

int sg_exif_number(const unsigned char *bytes, size_t size, int tag)
{
    if (size >= PREFIX_BYTES && memcmp(bytes, PREFIX, PREFIX_BYTES) == 0) {
        bytes += PREFIX_BYTES;
        size -= PREFIX_BYTES;
    }
    if (size < HEADER_BYTES)
        return ABSENT;
    const bool big = memcmp(bytes, "MM", 2) == 0;
    if ((!big && memcmp(bytes, "II", 2) != 0) || read_number(bytes + 2, 2, big) != 42)
        return ABSENT;
    return search_directory(bytes, size, read_number(bytes + 4, 4, big), big, tag);
}

int sg_exif_orientation(const unsigned char *bytes, size_t size)
{
    const int number = sg_exif_number(bytes, size, SG_EXIF_ORIENTATION);
    return number >= SG_UPRIGHT && number <= SG_LAST_ORIENTATION ? number : SG_UPRIGHT;
}
