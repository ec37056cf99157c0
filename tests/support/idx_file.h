/* Writes IDX files, also bad ones, for tests. */
#ifndef SUPPORT_IDX_FILE_H
#define SUPPORT_IDX_FILE_H

#include <stddef.h>
#include <stdint.h>

/* What to write; plain data, so that a test can make any part of it wrong. */
typedef struct idx_file {
    uint32_t magic;
    size_t rank;            /* dimensions to write, whatever the magic says */
    uint32_t dimensions[4]; /* as the header says */
    size_t size;            /* elements to write, whatever the header says */
    uint8_t (*element)(size_t index);
} idx_file;

/* `count` images of `height` x `width` with the elements of idx_element. */
idx_file idx_images(uint32_t count, uint32_t height, uint32_t width);

/* `count` labels 0, 1, 2, 0, 1 ... */
idx_file idx_labels(uint32_t count);

/* The default element: something that repeats only after 251. */
uint8_t idx_element(size_t index);

/* Writes the file, gzip-compressed when `path` ends in ".gz"; ends the test on failure. */
void idx_write(const char *path, const idx_file *file);

/* Writes raw bytes. */
void raw_write(const char *path, const void *bytes, size_t size);

#endif
