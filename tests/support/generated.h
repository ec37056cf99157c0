/* Runs `stylegan generate` in a test's temporary folder, and compares the files it leaves there. */
#ifndef SUPPORT_GENERATED_H
#define SUPPORT_GENERATED_H

#include <stdbool.h>
#include <stddef.h>

#include "image/image.h"
#include "support/program.h"

#define NETWORK "tests/golden/sg2-skip-32/network.safetensors"
#define CONDITIONAL "tests/golden/sg2-cond-gray-16/network.safetensors"

/* `generate` with the given arguments (NULL at the end) and --outdir the test's folder. */
program_result generate(void *const *state, const char *const *arguments);

#define GENERATE(...) generate(state, (const char *const[]){__VA_ARGS__, NULL})

/* The bytes of a file in the test's folder; the caller frees them. */
unsigned char *read_result(void *const *state, const char *name, size_t *size);

/* A PNG file in the test's folder; the caller destroys it. */
sg_image *read_picture(void *const *state, const char *name);

/* Whether files, or the pixels of pictures, are the same must be as `same` says. */
void assert_same_files(void *const *state, const char *a, const char *b, bool same);
void assert_same_pictures(void *const *state, const char *a, const char *b, bool same);

/* Two network files must paint the same picture of seed 3. */
void assert_paint_the_same(void *const *state, const char *network, const char *other);

/* The PNG file must hold a remark with this key and this value. */
void assert_remark(void *const *state, const char *name, const char *key, const char *value);

/* The file must not exist. */
void assert_absent(void *const *state, const char *name);

void rename_result(void *const *state, const char *from, const char *to);

#endif
