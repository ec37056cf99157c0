/*
 * GIF files:
 *
 *   "GIF89a", screen (width, height), loop, comment, then for each frame its delay, its rectangle,
 *   its palette and its pixels, and 0x3b
 *
 * Integers are little endian; data are in blocks of up to 255 bytes, each after its length, and end
 * with an empty one. Pixels are compressed by LZW (Welch 1984): a code stands for a string of
 * pixels; each code that is written makes a string of its own pixels and the next one; codes grow
 * from 9 bits to 12, after which a clear code starts anew.
 */
#include "image/files/gif_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/atomic_file.h"
#include "base/text.h"
#include "image/channels.h"
#include "image/palette.h"

enum {
    LARGEST_BLOCK = 255,
    MOST_BITS = 12,
    MOST_CODES = 1 << MOST_BITS,
    RGB_CHANNELS = 3,
    EXTENSION = 0x21,
    LOOP_LABEL = 0xff,
    COMMENT_LABEL = 0xfe,
    CONTROL_LABEL = 0xf9,
    IMAGE_LABEL = 0x2c,
    TRAILER = 0x3b
};

struct sg_gif {
    char *path; /* for sentences */
    sg_atomic_file *file;
    int rate;
    char *comment;
    size_t width, height; /* of every frame */
    size_t added;         /* frames so far */
    uint8_t *indices;     /* of a frame's pixels */
    uint16_t (
        *next)[SG_PALETTE_COLORS]; /* the code of a code's string and one pixel more; 0: none */
};

/* ---- bytes ---- */

static void put(sg_gif *gif, int byte)
{
    fputc(byte, sg_atomic_stream(gif->file));
}

static void put_u16(sg_gif *gif, size_t value)
{
    put(gif, (int)(value & 255));
    put(gif, (int)(value >> 8 & 255));
}

static void put_bytes(sg_gif *gif, const void *bytes, size_t size)
{
    fwrite(bytes, 1, size, sg_atomic_stream(gif->file));
}

/* Writes all of a text in blocks. */
static void put_blocks(sg_gif *gif, const char *bytes, size_t size)
{
    while (size > 0) {
        const size_t part = size < LARGEST_BLOCK ? size : LARGEST_BLOCK;
        put(gif, (int)part);
        put_bytes(gif, bytes, part);
        bytes += part;
        size -= part;
    }
    put(gif, 0);
}

static sg_status check_written(const sg_gif *gif, sg_error *error)
{
    return ferror(sg_atomic_stream(gif->file))
               ? sg_fail(error, SG_ERROR_FILE, "%s: the GIF cannot be written", gif->path)
               : SG_OK;
}

/* ---- pixels ---- */

/* Codes on their way into blocks. */
typedef struct code_stream {
    sg_gif *gif;
    uint32_t bits; /* the lowest first */
    int bit_count;
    unsigned char block[LARGEST_BLOCK];
    size_t size; /* of the block */
} code_stream;

static void end_block(code_stream *stream)
{
    put(stream->gif, (int)stream->size);
    put_bytes(stream->gif, stream->block, stream->size);
    stream->size = 0;
}

static void put_code(code_stream *stream, unsigned code, int bits)
{
    stream->bits |= code << stream->bit_count;
    stream->bit_count += bits;
    while (stream->bit_count >= 8) {
        stream->block[stream->size++] = (unsigned char)(stream->bits & 255);
        stream->bits >>= 8;
        stream->bit_count -= 8;
        if (stream->size == LARGEST_BLOCK)
            end_block(stream);
    }
}

static void end_codes(code_stream *stream)
{
    if (stream->bit_count > 0)
        put_code(stream, 0, 8 - stream->bit_count % 8);
    if (stream->size > 0)
        end_block(stream);
    put(stream->gif, 0);
}

/* Writes the pixels, of colours of `color_bits`, by LZW. */
static void put_pixels(sg_gif *gif, int color_bits)
{
    const unsigned clear = 1U << color_bits;
    code_stream stream = {.gif = gif};
    unsigned count = clear + 2; /* codes so far; the one after `clear` is the end */
    int bits = color_bits + 1;
    unsigned code = gif->indices[0];
    put(gif, color_bits);
    put_code(&stream, clear, bits);
    memset(gif->next, 0, MOST_CODES * sizeof *gif->next);
    for (size_t i = 1; i < gif->width * gif->height; i++) {
        const uint8_t pixel = gif->indices[i];
        if (gif->next[code][pixel]) {
            code = gif->next[code][pixel];
            continue;
        }
        put_code(&stream, code, bits);
        if (count < MOST_CODES) {
            gif->next[code][pixel] = (uint16_t)count;
            bits += count == 1U << bits;
            count++;
        } else {
            put_code(&stream, clear, bits);
            memset(gif->next, 0, MOST_CODES * sizeof *gif->next);
            count = clear + 2;
            bits = color_bits + 1;
        }
        code = pixel;
    }
    put_code(&stream, code, bits);
    put_code(&stream, clear + 1, bits);
    end_codes(&stream);
}

/* ---- frames ---- */

/* The screen, without colours of its own, and a loop without end (of Netscape Navigator 2.0). */
static void put_head(sg_gif *gif)
{
    static const unsigned char no_colors[] = {0x70, 0, 0};
    static const unsigned char loop[] = {3, 1, 0, 0, 0};
    put_bytes(gif, "GIF89a", 6);
    put_u16(gif, gif->width);
    put_u16(gif, gif->height);
    put_bytes(gif, no_colors, sizeof no_colors);
    put(gif, EXTENSION);
    put(gif, LOOP_LABEL);
    put(gif, 11);
    put_bytes(gif, "NETSCAPE2.0", 11);
    put_bytes(gif, loop, sizeof loop);
    if (gif->comment) {
        put(gif, EXTENSION);
        put(gif, COMMENT_LABEL);
        put_blocks(gif, gif->comment, strlen(gif->comment));
    }
}

/* Returns when a frame begins, in hundredths of a second: rounded, so that no error adds up. */
static size_t start_of(const sg_gif *gif, size_t frame)
{
    return (frame * 200 + (size_t)gif->rate) / (2 * (size_t)gif->rate);
}

static void put_frame(sg_gif *gif, const sg_palette *palette)
{
    int bits = 2;
    while ((size_t)1 << bits < palette->count)
        bits++;
    put(gif, EXTENSION);
    put(gif, CONTROL_LABEL);
    put(gif, 4);
    put(gif, 1 << 2); /* the frame stays until the next */
    put_u16(gif, start_of(gif, gif->added + 1) - start_of(gif, gif->added));
    put(gif, 0);
    put(gif, 0);
    put(gif, IMAGE_LABEL);
    put_u16(gif, 0);
    put_u16(gif, 0);
    put_u16(gif, gif->width);
    put_u16(gif, gif->height);
    put(gif, 0x80 | (bits - 1));
    put_bytes(gif, palette->colors, ((size_t)1 << bits) * 3);
    put_pixels(gif, bits);
}

static sg_status start(sg_gif *gif, const sg_image *frame, sg_error *error)
{
    if (frame->width > SG_GIF_LARGEST_SIDE || frame->height > SG_GIF_LARGEST_SIDE)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: a frame has %zux%zu pixels, but its sides must be at most %d",
                       gif->path, frame->width, frame->height, SG_GIF_LARGEST_SIDE);
    gif->width = frame->width;
    gif->height = frame->height;
    gif->indices = sg_allocate(gif->width, gif->height);
    gif->next = sg_allocate(MOST_CODES, sizeof *gif->next);
    if (!gif->indices || !gif->next)
        return sg_fail_memory(error, "a GIF in %s", gif->path);
    put_head(gif);
    return SG_OK;
}

sg_status sg_gif_add(sg_gif *gif, const sg_image *frame, sg_error *error)
{
    sg_palette palette = {0};
    sg_image *colors = NULL;
    if (!gif->next)
        SG_TRY(start(gif, frame, error));
    if (frame->width != gif->width || frame->height != gif->height)
        return sg_fail(error, SG_ERROR_SHAPE,
                       "%s: a frame of %zux%zu pixels follows one of %zux%zu", gif->path,
                       frame->width, frame->height, gif->width, gif->height);
    SG_TRY(sg_image_convert_channels(frame, RGB_CHANNELS, &colors, error));
    sg_status status = sg_palette_apply(colors, &palette, gif->indices, error);
    if (!status) {
        put_frame(gif, &palette);
        status = check_written(gif, error);
    }
    gif->added += !status;
    sg_image_destroy(colors);
    return status;
}

/* ---- start and end ---- */

sg_status sg_gif_create(const char *path, int frames_per_second, const char *comment, sg_gif **gif,
                        sg_error *error)
{
    *gif = NULL;
    if (frames_per_second < 1 || frames_per_second > SG_GIF_LARGEST_RATE)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: the rate of a GIF is %d frames a second, but must be from 1 to %d",
                       path, frames_per_second, SG_GIF_LARGEST_RATE);
    sg_gif *created = sg_allocate(1, sizeof *created);
    if (!created)
        return sg_fail_memory(error, "a GIF in %s", path);
    created->rate = frames_per_second;
    created->path = sg_duplicate_text(path);
    created->comment = comment ? sg_duplicate_text(comment) : NULL;
    const sg_status status = created->path && (created->comment || !comment)
                                 ? sg_atomic_open(path, &created->file, error)
                                 : sg_fail_memory(error, "a GIF in %s", path);
    if (status)
        sg_gif_abandon(created);
    else
        *gif = created;
    return status;
}

sg_status sg_gif_finish(sg_gif *gif, sg_error *error)
{
    sg_status status = SG_OK;
    if (gif->added == 0)
        status = sg_fail(error, SG_ERROR_ARGUMENT, "%s: a GIF needs a frame", gif->path);
    if (!status) {
        put(gif, TRAILER);
        status = check_written(gif, error);
    }
    if (!status) {
        status = sg_atomic_commit(gif->file, error);
        gif->file = NULL;
    }
    sg_gif_abandon(gif);
    return status;
}

void sg_gif_abandon(sg_gif *gif)
{
    if (!gif)
        return;
    sg_atomic_abandon(gif->file);
    free(gif->path);
    free(gif->comment);
    free(gif->indices);
    free(gif->next);
    free(gif);
}
