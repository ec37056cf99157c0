/*
 * Animated PNG files. Every frame is encoded as a PNG file in memory, whose chunks are rewritten:
 *
 *   signature, IHDR, acTL, the first frame's other chunks, fcTL, IDAT ..., then for each further
 *   frame fcTL, fdAT ..., and IEND
 *
 * A chunk is its data's length, a type of four letters, the data, and the CRC-32 of type and data.
 * fdAT is a sequence number followed by the content of IDAT; fcTL and fdAT share the sequence. All
 * integers are big endian. Every frame is complete and replaces the one before.
 */
#include "image/files/animation.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/allocate.h"
#include "base/files/atomic_file.h"

enum {
    SIGNATURE_BYTES = 8,
    CHUNK_HEAD_BYTES = 8, /* length and type */
    CHUNK_BYTES = 12,     /* of a chunk without data */
    SEQUENCE_BYTES = 4,
    FRAME_CONTROL_BYTES = 26
};

/* A chunk's length is less than 2^31, and fdAT needs room for its sequence number. */
#define LARGEST_DATA ((size_t)0x7fffffff - SEQUENCE_BYTES)

struct sg_animation {
    char *path; /* for sentences */
    sg_animation_options options;
    sg_atomic_file *file;
    sg_image_shape shape; /* of every frame */
    size_t added;         /* frames so far */
    uint32_t sequence;    /* the next fcTL's or fdAT's number */
};

/* A chunk of an encoded frame. */
typedef struct chunk {
    const unsigned char *type; /* four letters */
    const unsigned char *data;
    size_t size; /* of the data */
} chunk;

static void store_u16(unsigned char *bytes, unsigned value)
{
    bytes[0] = (unsigned char)(value >> 8);
    bytes[1] = (unsigned char)value;
}

static void store_u32(unsigned char *bytes, uint32_t value)
{
    store_u16(bytes, value >> 16);
    store_u16(bytes + 2, value & 0xffff);
}

static uint32_t load_u32(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* ---- writing ---- */

static sg_status put(sg_animation *animation, const unsigned char *bytes, size_t size,
                     sg_error *error)
{
    if (size > 0 && fwrite(bytes, 1, size, sg_atomic_stream(animation->file)) != size)
        return sg_fail(error, SG_ERROR_FILE, "%s: the animation cannot be written",
                       animation->path);
    return SG_OK;
}

/* Writes a chunk whose data are `head` followed by `data`; both together fit in a chunk. */
static sg_status put_chunk(sg_animation *animation, const char *type, const unsigned char *head,
                           size_t head_size, const unsigned char *data, size_t size,
                           sg_error *error)
{
    unsigned char start[CHUNK_HEAD_BYTES];
    unsigned char end[4];
    store_u32(start, (uint32_t)(head_size + size));
    memcpy(start + 4, type, 4);
    uLong sum = crc32_z(0, start + 4, 4);
    sum = head_size > 0 ? crc32_z(sum, head, head_size) : sum;
    sum = size > 0 ? crc32_z(sum, data, size) : sum;
    store_u32(end, (uint32_t)sum);
    SG_TRY(put(animation, start, sizeof start, error));
    SG_TRY(put(animation, head, head_size, error));
    SG_TRY(put(animation, data, size, error));
    return put(animation, end, sizeof end, error);
}

/* acTL: the number of frames, and 0 to repeat without end. */
static sg_status put_animation_control(sg_animation *animation, sg_error *error)
{
    unsigned char data[8] = {0};
    store_u32(data, (uint32_t)animation->options.frame_count);
    return put_chunk(animation, "acTL", data, sizeof data, NULL, 0, error);
}

/*
 * fcTL: sequence number, width, height, offset from the left and the top, delay as a fraction of a
 * second, disposal 0 (leave the frame), blending 0 (replace the pixels).
 */
static sg_status put_frame_control(sg_animation *animation, sg_error *error)
{
    unsigned char data[FRAME_CONTROL_BYTES] = {0};
    store_u32(data, animation->sequence++);
    store_u32(data + 4, (uint32_t)animation->shape.width);
    store_u32(data + 8, (uint32_t)animation->shape.height);
    store_u16(data + 20, 1);
    store_u16(data + 22, (unsigned)animation->options.frames_per_second);
    return put_chunk(animation, "fcTL", data, sizeof data, NULL, 0, error);
}

static sg_status put_further_pixels(sg_animation *animation, const chunk *pixels, sg_error *error)
{
    unsigned char number[SEQUENCE_BYTES];
    store_u32(number, animation->sequence++);
    return put_chunk(animation, "fdAT", number, sizeof number, pixels->data, pixels->size, error);
}

/* ---- the frames ---- */

static bool is_type(const chunk *one, const char *type)
{
    return memcmp(one->type, type, 4) == 0;
}

/* Reads the chunk at *position and moves after it; false when it is not complete. */
static bool next_chunk(const unsigned char *bytes, size_t size, size_t *position, chunk *one)
{
    const size_t left = size - *position;
    if (left < CHUNK_BYTES)
        return false;
    const unsigned char *start = bytes + *position;
    *one = (chunk){start + 4, start + CHUNK_HEAD_BYTES, load_u32(start)};
    if (one->size > left - CHUNK_BYTES || one->size > LARGEST_DATA)
        return false;
    *position += CHUNK_BYTES + one->size;
    return true;
}

/* Writes a chunk of the first frame, with the chunks that an animation needs around it. */
static sg_status put_first(sg_animation *animation, const chunk *one, sg_error *error)
{
    if (is_type(one, "IDAT") && animation->sequence == 0)
        SG_TRY(put_frame_control(animation, error));
    SG_TRY(put_chunk(animation, (const char *)one->type, one->data, one->size, NULL, 0, error));
    return is_type(one, "IHDR") ? put_animation_control(animation, error) : SG_OK;
}

/* Writes the chunks of an encoded frame before IEND. */
static sg_status put_frame(sg_animation *animation, const unsigned char *bytes, size_t size,
                           sg_error *error)
{
    const bool first = animation->added == 0;
    size_t position = SIGNATURE_BYTES;
    chunk one;
    sg_status status =
        first ? put(animation, bytes, SIGNATURE_BYTES, error) : put_frame_control(animation, error);
    while (!status) {
        if (!next_chunk(bytes, size, &position, &one))
            return sg_fail(error, SG_ERROR_LIBRARY, "%s: libpng encoded a frame without an end",
                           animation->path);
        if (is_type(&one, "IEND"))
            return SG_OK;
        if (first)
            status = put_first(animation, &one, error);
        else if (is_type(&one, "IDAT"))
            status = put_further_pixels(animation, &one, error);
    }
    return status;
}

static sg_status check_frame(const sg_animation *animation, const sg_image *frame, sg_error *error)
{
    const sg_image_shape *shape = &animation->shape;
    if (animation->added == animation->options.frame_count)
        return sg_fail(error, SG_ERROR_ARGUMENT, "%s: a frame follows the last of the %zu frames",
                       animation->path, animation->options.frame_count);
    if (animation->added > 0 && !sg_image_has_shape(frame, shape))
        return sg_fail(error, SG_ERROR_SHAPE,
                       "%s: a frame of %zux%zu pixels with %zu channels follows one of %zux%zu "
                       "with %zu",
                       animation->path, frame->width, frame->height, frame->channels, shape->width,
                       shape->height, shape->channels);
    return SG_OK;
}

sg_status sg_animation_add(sg_animation *animation, const sg_image *frame, sg_error *error)
{
    const sg_animation_options *options = &animation->options;
    const bool first = animation->added == 0;
    unsigned char *bytes = NULL;
    size_t size = 0;
    SG_TRY(check_frame(animation, frame, error));
    animation->shape = sg_image_shape_of(frame);
    sg_status status = sg_png_encode(animation->path, frame, first ? options->texts : NULL,
                                     first ? options->text_count : 0, &bytes, &size, error);
    if (!status)
        status = put_frame(animation, bytes, size, error);
    animation->added += !status;
    free(bytes);
    return status;
}

/* ---- start and end ---- */

static sg_status check_options(const char *path, const sg_animation_options *options,
                               sg_error *error)
{
    if (options->frame_count < 1 || options->frame_count > UINT32_MAX / 2)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: the frames of an animation are %zu, but must be from 1 to %u", path,
                       options->frame_count, UINT32_MAX / 2);
    if (options->frames_per_second < 1 || options->frames_per_second > SG_ANIMATION_LARGEST_RATE)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: the rate of an animation is %d frames a second, but must be from 1 to "
                       "%d",
                       path, options->frames_per_second, SG_ANIMATION_LARGEST_RATE);
    return SG_OK;
}

sg_status sg_animation_create(const char *path, const sg_animation_options *options,
                              sg_animation **animation, sg_error *error)
{
    *animation = NULL;
    SG_TRY(check_options(path, options, error));
    sg_animation *created = sg_allocate(1, sizeof *created);
    char *kept_path = sg_duplicate_text(path);
    const sg_status status = created && kept_path
                                 ? sg_atomic_open(path, &created->file, error)
                                 : sg_fail_memory(error, "an animation in %s", path);
    if (status) {
        free(kept_path);
        free(created);
        return status;
    }
    created->path = kept_path;
    created->options = *options;
    *animation = created;
    return SG_OK;
}

sg_status sg_animation_finish(sg_animation *animation, sg_error *error)
{
    sg_status status = SG_OK;
    if (animation->added < animation->options.frame_count)
        status = sg_fail(error, SG_ERROR_ARGUMENT, "%s: only %zu of the %zu frames were added",
                         animation->path, animation->added, animation->options.frame_count);
    if (!status)
        status = put_chunk(animation, "IEND", NULL, 0, NULL, 0, error);
    if (!status) {
        status = sg_atomic_commit(animation->file, error);
        animation->file = NULL;
    }
    sg_animation_abandon(animation);
    return status;
}

void sg_animation_abandon(sg_animation *animation)
{
    if (!animation)
        return;
    sg_atomic_abandon(animation->file);
    free(animation->path);
    free(animation);
}
