/* IDX files, written through zlib's gzwrite (transparently when uncompressed). */
#include "support/idx_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

uint8_t idx_element(size_t index)
{
    return (uint8_t)(index % 251);
}

static uint8_t label_element(size_t index)
{
    return (uint8_t)(index % 3);
}

idx_file idx_images(uint32_t count, uint32_t height, uint32_t width)
{
    return (idx_file){.magic = 0x00000803,
                      .rank = 3,
                      .dimensions = {count, height, width, 1},
                      .size = (size_t)count * height * width,
                      .element = idx_element};
}

idx_file idx_labels(uint32_t count)
{
    return (idx_file){.magic = 0x00000801,
                      .rank = 1,
                      .dimensions = {count, 1, 1, 1},
                      .size = count,
                      .element = label_element};
}

static void require(int condition, const char *path)
{
    if (!condition) {
        fprintf(stderr, "%s: the test's file could not be written\n", path);
        abort();
    }
}

static void write_32(gzFile file, uint32_t value, const char *path)
{
    const uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                              (uint8_t)value};
    require(gzwrite(file, bytes, 4) == 4, path);
}

void idx_write(const char *path, const idx_file *description)
{
    const size_t length = strlen(path);
    const int compressed = length > 3 && strcmp(path + length - 3, ".gz") == 0;
    gzFile file = gzopen(path, compressed ? "wb" : "wbT");
    require(file != NULL, path);
    write_32(file, description->magic, path);
    for (size_t i = 0; i < description->rank; i++)
        write_32(file, description->dimensions[i], path);
    for (size_t i = 0; i < description->size; i++) {
        const uint8_t element = description->element(i);
        require(gzwrite(file, &element, 1) == 1, path);
    }
    require(gzclose(file) == Z_OK, path);
}

void raw_write(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    require(file != NULL, path);
    require(fwrite(bytes, 1, size, file) == size, path);
    require(fclose(file) == 0, path);
}
