/*
 * PNG files: each input as it is, and once more with the checksums of its chunks set right, since
 * almost every change would otherwise end at a checksum.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "fuzz/fuzz.h"
#include "fuzz/readers.h"

#define SIGNATURE "\x89PNG\r\n\x1a\n"

enum { SIGNATURE_BYTES = 8, CHUNK_BYTES = 12 };

static uint32_t read_32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void write_32(uint8_t *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* A chunk: length of its data, type (4 bytes), data, checksum of type and data. */
static void repair_checksums(uint8_t *png, size_t size)
{
    size_t at = SIGNATURE_BYTES;
    while (size >= CHUNK_BYTES && at <= size - CHUNK_BYTES) {
        const uint32_t length = read_32(png + at);
        if (length > size - at - CHUNK_BYTES)
            return;
        const uLong checksum = crc32(0, png + at + 4, length + 4);
        write_32(png + at + 8 + length, (uint32_t)checksum);
        at += CHUNK_BYTES + length;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read_picture("input.png", data, size);
    if (size >= SIGNATURE_BYTES && memcmp(data, SIGNATURE, SIGNATURE_BYTES) == 0) {
        uint8_t *repaired = malloc(size);
        if (repaired) {
            memcpy(repaired, data, size);
            repair_checksums(repaired, size);
            fuzz_read_picture("input.png", repaired, size);
        }
        free(repaired);
    }
    return 0;
}
