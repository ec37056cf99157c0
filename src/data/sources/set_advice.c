/*
 * Advice on sets; see set_advice.h.
 * Tested by: tests/cli/test_train_data.c
 */
#include "data/sources/set_advice.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "data/picture_base.h"
#include "data/sources/picture_source.h"

enum { LARGEST_ADVISED = 256 }; /* pixels a side, beyond which a processor takes weeks */

/* Appends a word of a command line, between quotes where a shell would read it otherwise. */
static void append_word(sg_text *text, const char *word, size_t length)
{
    bool plain = length > 0;
    for (size_t i = 0; i < length && plain; i++)
        plain = isalnum((unsigned char)word[i]) || strchr("_./-+@%=:,", word[i]);
    if (!plain)
        sg_text_append(text, "'");
    for (size_t i = 0; i < length; i++)
        if (word[i] == '\'')
            sg_text_append(text, "'\\''");
        else
            sg_text_append_bytes(text, word + i, 1);
    if (!plain)
        sg_text_append(text, "'");
}

/* Appends the name of the set: that of the pictures with the size after it. */
static void append_destination(sg_text *text, const char *path, const char *size)
{
    size_t length = 0;
    const char *last = sg_path_last(path, &length);
    const bool named = length > 0 && last[0] != '.';
    sg_text name = {0};
    if (named && length > 4 && strncmp(last + length - 4, ".zip", 4) == 0)
        length -= 4;
    sg_text_append_bytes(&name, named ? last : "pictures", named ? length : strlen("pictures"));
    sg_text_append(&name, "-%s.zip", size);
    if (name.bytes)
        append_word(text, name.bytes, name.length);
    sg_text_clear(&name);
}

const char *sg_set_command(const char *path, size_t width, size_t height, bool fix, char *text,
                           size_t size)
{
    char resolution[64];
    sg_text line = {0};
    /* a side alone is one of 8, 16, 32 ... there */
    const bool alone = width == height && (width & (width - 1)) == 0;
    snprintf(resolution, sizeof resolution, alone ? "%zu" : "%zux%zu", width, height);
    sg_text_append(&line, "`stylegan dataset ");
    append_word(&line, path, strlen(path));
    sg_text_append(&line, " ");
    append_destination(&line, path, resolution);
    sg_text_append(&line, " \"resolution\" %s \"transform\" center-crop%s`", resolution,
                   fix ? " \"fix\"" : "");
    snprintf(text, size, "%s", line.failed || !line.bytes ? "`stylegan dataset`" : line.bytes);
    sg_text_clear(&line);
    return text;
}

static int compare_sides(const void *left, const void *right)
{
    const size_t a = *(const size_t *)left;
    const size_t b = *(const size_t *)right;
    return (a > b) - (a < b);
}

/* Measures the shorter sides of all pictures that can be; returns how many. *mixed tells whether
 * channels differ. */
static size_t measure_sides(const sg_picture_source *source, size_t *sides, bool *mixed)
{
    size_t count = 0;
    size_t channels = 0;
    *mixed = false;
    for (size_t i = 0; i < source->count; i++) {
        sg_image_shape shape;
        if (sg_picture_source_measure(source, i, &shape, NULL))
            continue;
        sides[count++] = shape.width < shape.height ? shape.width : shape.height;
        *mixed = *mixed || (channels > 0 && shape.channels != channels);
        channels = shape.channels;
    }
    return count;
}

const char *sg_set_advice(const sg_picture_source *source, char *text, size_t size)
{
    bool mixed = false;
    size_t side = LARGEST_ADVISED;
    size_t *sides = sg_allocate(source->count, sizeof *sides);
    const size_t count = sides ? measure_sides(source, sides, &mixed) : 0;
    if (count > 0) {
        qsort(sides, count, sizeof *sides, compare_sides);
        while (side > SG_SMALLEST_SIDE && side > sides[count / 2])
            side /= 2;
    }
    const bool fix = mixed || count < source->count || (count > 0 && sides[0] < side);
    free(sides);
    return sg_set_command(source->path, side, side, fix, text, size);
}
