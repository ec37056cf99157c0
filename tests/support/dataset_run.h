/* Runs of `stylegan dataset`, and checks of the sets that they write. Failures end the test. */
#ifndef SUPPORT_DATASET_RUN_H
#define SUPPORT_DATASET_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/dataset.h"
#include "support/program.h"

/* `stylegan dataset FOLDER/in FOLDER/out options`, the options up to NULL. */
program_result convert(void *const *state, const char *out, const char *const *options);

#define CONVERT(out, ...) convert(state, out, (const char *const[]){__VA_ARGS__, NULL})

/* True if "folder/name" exists. */
bool is_there(void *const *state, const char *name);

/* Opens the set, which the caller destroys. */
sg_dataset *open_set(void *const *state, const char *name);

/* The set must hold these numbers of pictures, channels and classes, of this size. */
void check_sized_set(void *const *state, const char *name, size_t count, size_t width,
                     size_t height, size_t channels, size_t label_count);

/* The same for squares. */
void check_set(void *const *state, const char *name, size_t count, size_t side, size_t channels,
               size_t label_count);

/* The first pixel's channels and the label of a picture must be these. */
void check_picture(void *const *state, const char *name, size_t index, const uint8_t *pixel,
                   size_t channels, int label);

/* Writes a PNG square whose upper half has the colour (red, 100, 200), and the lower a lighter one.
 */
void write_colors(void *const *state, const char *name, size_t side, uint8_t red);

/* The text of the set's dataset.json entry `key` must be `expected` (NULL: null). */
void check_remark(void *const *state, const char *name, const char *key, const char *expected);

#endif
