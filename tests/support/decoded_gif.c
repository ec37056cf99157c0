/* Reads GIF files. */
#include "support/decoded_gif.h"
#include "base/files/input_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"

enum { MOST_CODES = 4096, LARGEST_FILE = 1 << 26 };

/* A position in the file's bytes. */
typedef struct gif_cursor {
    const unsigned char *bytes;
    size_t size, at;
} gif_cursor;

static unsigned take(gif_cursor *cursor)
{
    assert_true(cursor->at < cursor->size);
    return cursor->bytes[cursor->at++];
}

static size_t take_u16(gif_cursor *cursor)
{
    const size_t low = take(cursor);
    return low | (size_t)take(cursor) << 8;
}

/* The blocks up to the empty one, joined; the caller frees them. */
static unsigned char *take_blocks(gif_cursor *cursor, size_t *size)
{
    unsigned char *joined = calloc(cursor->size + 1, 1);
    assert_non_null(joined);
    *size = 0;
    for (size_t length; (length = take(cursor)) > 0;) {
        assert_true(cursor->at + length <= cursor->size);
        memcpy(joined + *size, cursor->bytes + cursor->at, length);
        *size += length;
        cursor->at += length;
    }
    return joined;
}

/* Strings of pixels: a code's string is that of `before` and one pixel more. */
typedef struct code_table {
    int before[MOST_CODES];
    uint8_t last[MOST_CODES];
    unsigned count;
} code_table;

static size_t string_length(const code_table *table, int code)
{
    size_t length = 0;
    for (; code >= 0; code = table->before[code])
        length++;
    return length;
}

static uint8_t first_pixel(const code_table *table, int code)
{
    while (table->before[code] >= 0)
        code = table->before[code];
    return table->last[code];
}

static void start_table(code_table *table, unsigned clear)
{
    table->count = clear + 2;
    for (unsigned i = 0; i < clear; i++) {
        table->before[i] = -1;
        table->last[i] = (uint8_t)i;
    }
}

/* Undoes LZW: `count` indices of `color_bits`. */
static void decode_pixels(const unsigned char *bytes, size_t size, unsigned color_bits,
                          uint8_t *indices, size_t count)
{
    const unsigned clear = 1U << color_bits;
    code_table table;
    size_t bit = 0;
    size_t done = 0;
    unsigned bits = color_bits + 1;
    int previous = -1;
    start_table(&table, clear);
    for (;;) {
        unsigned code = 0;
        assert_true((bit + bits + 7) / 8 <= size);
        for (unsigned i = 0; i < bits; i++, bit++)
            code |= (unsigned)(bytes[bit / 8] >> bit % 8 & 1) << i;
        if (code == clear) {
            start_table(&table, clear);
            bits = color_bits + 1;
            previous = -1;
            continue;
        }
        if (code == clear + 1)
            break;
        assert_true(code < table.count || (code == table.count && previous >= 0));
        if (previous >= 0 && table.count < MOST_CODES) {
            table.before[table.count] = previous;
            table.last[table.count] =
                first_pixel(&table, code < table.count ? (int)code : previous);
            table.count++;
        }
        const size_t length = string_length(&table, (int)code);
        assert_true(done + length <= count);
        size_t end = done += length;
        for (int at = (int)code; at >= 0; at = table.before[at])
            indices[--end] = table.last[at];
        previous = (int)code;
        if (table.count == 1U << bits && bits < 12)
            bits++;
    }
    assert_int_equal(done, count);
}

static void take_frame(gif_cursor *cursor, decoded_gif *gif)
{
    const size_t count = gif->width * gif->height;
    assert_int_equal(take_u16(cursor), 0);
    assert_int_equal(take_u16(cursor), 0);
    assert_int_equal(take_u16(cursor), gif->width);
    assert_int_equal(take_u16(cursor), gif->height);
    const unsigned flags = take(cursor);
    assert_int_equal(flags & 0xf8, 0x80);
    const unsigned char *palette = cursor->bytes + cursor->at;
    const size_t colors = (size_t)2 << (flags & 7);
    cursor->at += 3 * colors;
    const unsigned color_bits = take(cursor);
    size_t size = 0;
    unsigned char *blocks = take_blocks(cursor, &size);
    uint8_t *indices = calloc(count, 1);
    uint8_t *frame = calloc(count, 3);
    assert_true(indices && frame && gif->count < MOST_GIF_FRAMES);
    decode_pixels(blocks, size, color_bits, indices, count);
    for (size_t i = 0; i < count; i++) {
        assert_true(indices[i] < colors);
        memcpy(frame + 3 * i, palette + 3 * (size_t)indices[i], 3);
    }
    gif->frames[gif->count++] = frame;
    free(indices);
    free(blocks);
}

static void take_extension(gif_cursor *cursor, decoded_gif *gif)
{
    const unsigned label = take(cursor);
    size_t size = 0;
    unsigned char *blocks = take_blocks(cursor, &size);
    if (label == 0xff && size == 14 && memcmp(blocks, "NETSCAPE2.0\1", 12) == 0)
        gif->loops = blocks[12] | blocks[13] << 8;
    else if (label == 0xfe && size < GIF_TEXT_BYTES)
        memcpy(gif->comment, blocks, size);
    else if (label == 0xf9 && size == 4 && gif->count < MOST_GIF_FRAMES)
        gif->delays[gif->count] = (size_t)(blocks[1] | blocks[2] << 8);
    else
        fail_msg("an extension 0x%x of %zu bytes", label, size);
    free(blocks);
}

decoded_gif decode_gif(const char *path)
{
    unsigned char *bytes = NULL;
    gif_cursor cursor = {0};
    decoded_gif gif = {.loops = -1};
    assert_int_equal(sg_read_file(path, LARGEST_FILE, &bytes, &cursor.size, NULL), SG_OK);
    cursor.bytes = bytes;
    cursor.at = 6;
    assert_true(cursor.size > 13 && memcmp(bytes, "GIF89a", 6) == 0);
    gif.width = take_u16(&cursor);
    gif.height = take_u16(&cursor);
    assert_int_equal(take(&cursor) & 0x80, 0);
    cursor.at += 2;
    for (unsigned kind; (kind = take(&cursor)) != 0x3b;)
        if (kind == 0x21)
            take_extension(&cursor, &gif);
        else if (kind == 0x2c)
            take_frame(&cursor, &gif);
        else
            fail_msg("a block 0x%x", kind);
    assert_int_equal(cursor.at, cursor.size);
    free(bytes);
    return gif;
}

void decoded_gif_clear(decoded_gif *gif)
{
    for (size_t i = 0; i < gif->count; i++)
        free(gif->frames[i]);
    gif->count = 0;
}
