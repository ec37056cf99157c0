/* Reads animated PNG files with nothing but zlib. */
#include "support/animation_file.h"
#include "base/files/input_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/files/file.h"

enum { FILE_LIMIT = 1 << 24, SIGNATURE_BYTES = 8, CHUNK_BYTES = 12 };

/* The reader's state between chunks. */
typedef struct reader {
    animation_file *animation;
    uint32_t expected; /* frames, by acTL */
    uint32_t sequence; /* the next number */
    bool ended;
    size_t opened;         /* control chunks of frames so far */
    unsigned char *packed; /* the open frame's deflated bytes */
    size_t packed_size;
} reader;

static uint32_t u16_at(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 8 | bytes[1];
}

static uint32_t u32_at(const unsigned char *bytes)
{
    return u16_at(bytes) << 16 | u16_at(bytes + 2);
}

/* The predictor of a filter from the bytes to the left, above, and left above. */
static int predict(int filter, int left, int above, int corner)
{
    const int guess = left + above - corner;
    const int far_left = abs(guess - left);
    const int far_above = abs(guess - above);
    const int far_corner = abs(guess - corner);
    const int nearest = far_left <= far_above && far_left <= far_corner ? left
                        : far_above <= far_corner                       ? above
                                                                        : corner;
    const int predictors[] = {0, left, above, (left + above) / 2, nearest};
    assert_in_range(filter, 0, 4);
    return predictors[filter];
}

static void undo_filters(const animation_file *animation, const unsigned char *lines,
                         uint8_t *pixels)
{
    const size_t row = animation->width * animation->channels;
    for (size_t y = 0; y < animation->height; y++) {
        const unsigned char *line = lines + y * (row + 1);
        uint8_t *target = pixels + y * row;
        for (size_t i = 0; i < row; i++) {
            const bool first = i < animation->channels;
            const int left = first ? 0 : target[i - animation->channels];
            const int above = y == 0 ? 0 : target[(ptrdiff_t)i - (ptrdiff_t)row];
            const int corner =
                first || y == 0 ? 0 : target[(ptrdiff_t)(i - animation->channels) - (ptrdiff_t)row];
            target[i] = (uint8_t)(line[i + 1] + predict(line[0], left, above, corner));
        }
    }
}

/* Turns what the open frame's chunks held into pixels. */
static void close_frame(reader *read)
{
    animation_file *animation = read->animation;
    if (read->opened == animation->count)
        return;
    const size_t size = animation->height * (animation->width * animation->channels + 1);
    unsigned char *lines = malloc(size);
    uint8_t *pixels = malloc(animation->height * animation->width * animation->channels);
    uLongf inflated = size;
    assert_non_null(lines);
    assert_non_null(pixels);
    assert_int_equal(uncompress(lines, &inflated, read->packed, read->packed_size), Z_OK);
    assert_int_equal(inflated, size);
    undo_filters(animation, lines, pixels);
    free(lines);
    animation->frames[animation->count++] = pixels;
    read->packed_size = 0;
}

static void take_header(reader *read, const unsigned char *data, size_t size)
{
    static const size_t channels[] = {1, 0, 3, 0, 2, 0, 4};
    assert_int_equal(size, 13);
    read->animation->width = u32_at(data);
    read->animation->height = u32_at(data + 4);
    assert_int_equal(data[8], 8);
    assert_in_range(data[9], 0, 6);
    read->animation->channels = channels[data[9]];
}

static void take_frame_control(reader *read, const unsigned char *data, size_t size)
{
    animation_file *animation = read->animation;
    close_frame(read);
    assert_int_equal(size, 26);
    assert_int_equal(u32_at(data), read->sequence++);
    assert_int_equal(u32_at(data + 4), animation->width);
    assert_int_equal(u32_at(data + 8), animation->height);
    assert_int_equal(u32_at(data + 12), 0);
    assert_int_equal(u32_at(data + 16), 0);
    assert_int_equal(u16_at(data + 20), 1);
    if (animation->count > 0)
        assert_int_equal(u16_at(data + 22), animation->rate);
    animation->rate = u16_at(data + 22);
    assert_int_equal(u16_at(data + 24), 0); /* stays, and replaces the frame before */
    read->opened++;
    assert_in_range(read->opened, 1, MOST_FRAMES_READ);
}

static void take_pixels(reader *read, const unsigned char *data, size_t size)
{
    memcpy(read->packed + read->packed_size, data, size);
    read->packed_size += size;
}

static void take_chunk(reader *read, const char *type, const unsigned char *data, size_t size)
{
    assert_false(read->ended);
    if (strcmp(type, "IHDR") == 0) {
        take_header(read, data, size);
    } else if (strcmp(type, "acTL") == 0) {
        assert_int_equal(size, 8);
        assert_int_equal(read->opened, 0);
        read->expected = u32_at(data);
        read->animation->plays = u32_at(data + 4);
    } else if (strcmp(type, "fcTL") == 0) {
        take_frame_control(read, data, size);
    } else if (strcmp(type, "IDAT") == 0) {
        assert_int_equal(read->opened, 1);
        take_pixels(read, data, size);
    } else if (strcmp(type, "fdAT") == 0) {
        assert_true(read->opened > 1 && size >= 4);
        assert_int_equal(u32_at(data), read->sequence++);
        take_pixels(read, data + 4, size - 4);
    } else if (strcmp(type, "IEND") == 0) {
        assert_int_equal(size, 0);
        close_frame(read);
        read->ended = true;
    } else {
        assert_true(strcmp(type, "tEXt") == 0 || strcmp(type, "iTXt") == 0);
    }
}

animation_file read_animation(const char *path)
{
    animation_file animation = {0};
    reader read = {.animation = &animation};
    sg_error error = {0};
    unsigned char *bytes = NULL;
    size_t size = 0;
    if (sg_read_file(path, FILE_LIMIT, &bytes, &size, &error))
        fail_msg("%s", error.message);
    read.packed = malloc(size + 1);
    assert_non_null(read.packed);
    assert_true(size > SIGNATURE_BYTES && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0);
    for (size_t at = SIGNATURE_BYTES; at < size;) {
        assert_true(size - at >= CHUNK_BYTES);
        const size_t length = u32_at(bytes + at);
        assert_true(length <= size - at - CHUNK_BYTES);
        char type[5] = {0};
        memcpy(type, bytes + at + 4, 4);
        assert_true(at > SIGNATURE_BYTES || strcmp(type, "IHDR") == 0);
        assert_int_equal(u32_at(bytes + at + 8 + length),
                         crc32(0, bytes + at + 4, (uInt)length + 4));
        take_chunk(&read, type, bytes + at + 8, length);
        at += CHUNK_BYTES + length;
    }
    free(read.packed);
    free(bytes);
    assert_true(read.ended);
    assert_int_equal(animation.count, read.expected);
    return animation;
}

void animation_file_clear(animation_file *animation)
{
    for (size_t i = 0; i < animation->count; i++)
        free(animation->frames[i]);
    *animation = (animation_file){0};
}
