/* Runs of `stylegan generate` and their files. */
#define _GNU_SOURCE /* memmem */
#include "support/generated.h"
#include "support/picture_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "image/files/png_file.h"
#include "support/temporary_folder.h"

enum { FILE_LIMIT = 1 << 24, MOST_ARGUMENTS = 16 };

program_result generate(void *const *state, const char *const *arguments)
{
    const char *all[MOST_ARGUMENTS + 4] = {"generate", "--outdir", *state};
    size_t count = 3;
    for (; *arguments; arguments++) {
        assert_true(count < MOST_ARGUMENTS);
        all[count++] = *arguments;
    }
    return run_program(all);
}

unsigned char *read_result(void *const *state, const char *name, size_t *size)
{
    sg_error error = {0};
    unsigned char *bytes = NULL;
    char *path = temporary_path(state, name);
    if (sg_read_file(path, FILE_LIMIT, &bytes, size, &error))
        fail_msg("%s", error.message);
    free(path);
    return bytes;
}

sg_image *read_picture(void *const *state, const char *name)
{
    sg_error error = {0};
    sg_image *image = NULL;
    char *path = temporary_path(state, name);
    if (png_read(path, &image, &error))
        fail_msg("%s", error.message);
    free(path);
    return image;
}

void assert_remark(void *const *state, const char *name, const char *key, const char *value)
{
    size_t size = 0;
    char remark[128];
    unsigned char *bytes = read_result(state, name, &size);
    const size_t length = strlen(key) + 1 + strlen(value);
    assert_true(length < sizeof remark);
    snprintf(remark, sizeof remark, "tEXt%s", key);
    const unsigned char *found = memmem(bytes, size, remark, strlen(remark) + 1);
    if (!found || memcmp(found + strlen(remark) + 1, value, strlen(value)) != 0)
        fail_msg("%s does not say that its %s is %s", name, key, value);
    /* The chunk's length, before its name, tells where the value ends. */
    assert_int_equal(found[-1] | found[-2] << 8, length);
    free(bytes);
}

void assert_absent(void *const *state, const char *name)
{
    char *path = temporary_path(state, name);
    assert_false(sg_path_exists(path));
    free(path);
}

void assert_same_files(void *const *state, const char *a, const char *b, bool same)
{
    size_t a_size = 0;
    size_t b_size = 0;
    unsigned char *a_bytes = read_result(state, a, &a_size);
    unsigned char *b_bytes = read_result(state, b, &b_size);
    const bool equal = a_size == b_size && memcmp(a_bytes, b_bytes, a_size) == 0;
    free(a_bytes);
    free(b_bytes);
    if (equal != same)
        fail_msg("%s and %s should %s", a, b, same ? "be equal" : "differ");
}

void assert_same_pictures(void *const *state, const char *a, const char *b, bool same)
{
    sg_image *a_image = read_picture(state, a);
    sg_image *b_image = read_picture(state, b);
    assert_int_equal(sg_image_size(a_image), sg_image_size(b_image));
    const bool equal = memcmp(a_image->pixels, b_image->pixels, sg_image_size(a_image)) == 0;
    sg_image_destroy(a_image);
    sg_image_destroy(b_image);
    if (equal != same)
        fail_msg("the pictures %s and %s should %s", a, b, same ? "be equal" : "differ");
}

void assert_paint_the_same(void *const *state, const char *network, const char *other)
{
    char *first = temporary_path(state, "first");
    char *second = temporary_path(state, "second");
    assert_done(RUN("generate", "--network", network, "--seeds", "3", "--outdir", first),
                "1 picture");
    assert_done(RUN("generate", "--network", other, "--seeds", "3", "--outdir", second),
                "1 picture");
    assert_same_pictures(state, "first/seed0003.png", "second/seed0003.png", true);
    free(second);
    free(first);
}

void rename_result(void *const *state, const char *from, const char *to)
{
    char *from_path = temporary_path(state, from);
    char *to_path = temporary_path(state, to);
    assert_int_equal(rename(from_path, to_path), 0);
    free(from_path);
    free(to_path);
}
