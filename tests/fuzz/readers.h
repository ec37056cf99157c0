/* Reads pictures and data sets, for several targets. */
#ifndef FUZZ_READERS_H
#define FUZZ_READERS_H

#include "data/dataset.h"

/*
 * Measures and decodes a picture; both shapes must agree. A picture whose pixels would take too
 * long is only measured.
 */
void fuzz_read_picture(const char *name, const uint8_t *data, size_t size);

/* Opens the data set and reads its first pictures, whose labels must be within their range. */
void fuzz_read_dataset(const char *path);

#endif
