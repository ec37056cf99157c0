/* Reading of pictures and data sets, as several targets do it. */
#ifndef FUZZ_READERS_H
#define FUZZ_READERS_H

#include "data/dataset.h"

/*
 * Measures and decodes a picture, whose shapes must agree. One whose pixels would take all the time
 * is only measured.
 */
void fuzz_read_picture(const char *name, const uint8_t *data, size_t size);

/* Opens the data set and reads its first pictures, whose labels must be in its range. */
void fuzz_read_dataset(const char *path);

#endif
