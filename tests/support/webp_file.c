/*
 * libwebp's encoder makes the picture; the extended container (RFC 9649, section 2.7) is put
 * together here, chunk by chunk: a name, a length, the content, padded to an even length.
 */
#include "support/webp_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <webp/encode.h>

#include "base/text.h"
#include "support/picture_files.h"

enum { RIFF_HEADER = 12, FLAG_ANIMATION = 0x02, FLAG_EXIF = 0x08, FLAG_ALPHA = 0x10 };

static void put(sg_text *text, size_t number, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        const char byte = (char)(number >> (8 * i) & 255);
        sg_text_append_bytes(text, &byte, 1);
    }
}

static void put_chunk(sg_text *text, const char *name, const sg_text *content)
{
    sg_text_append_bytes(text, name, 4);
    put(text, content->length, 4);
    sg_text_append_bytes(text, content->bytes, content->length);
    put(text, 0, content->length % 2);
}

static void put_exif(sg_text *text, int orientation)
{
    sg_text content = {0};
    const char data[] = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
                         1,   18,  0, 3,  0, 0, 0, 1, 0, (char)orientation,
                         0,   0,   0, 0,  0, 0};
    sg_text_append_bytes(&content, data, sizeof data);
    put_chunk(text, "EXIF", &content);
    sg_text_clear(&content);
}

static void put_header(sg_text *text, size_t flags, size_t width, size_t height)
{
    sg_text content = {0};
    put(&content, flags, 4);
    put(&content, width - 1, 3);
    put(&content, height - 1, 3);
    put_chunk(text, "VP8X", &content);
    sg_text_clear(&content);
}

/* The animation's parameters, then its one frame: place, size, duration, flags and the picture. */
static void put_animation(sg_text *text, const sg_image *image, const sg_text *picture)
{
    sg_text parameters = {0};
    sg_text frame = {0};
    put(&parameters, 0, 6);
    put(&frame, 2 / 2, 3);
    put(&frame, 4 / 2, 3);
    put(&frame, image->width - 1, 3);
    put(&frame, image->height - 1, 3);
    put(&frame, 100, 3);
    put(&frame, 0, 1);
    sg_text_append_bytes(&frame, picture->bytes, picture->length);
    put_chunk(text, "ANIM", &parameters);
    put_chunk(text, "ANMF", &frame);
    sg_text_clear(&parameters);
    sg_text_clear(&frame);
}

/* The chunk of the picture alone. */
static sg_text encode(const sg_image *image)
{
    uint8_t *bytes = NULL;
    sg_text picture = {0};
    const int width = (int)image->width;
    const int height = (int)image->height;
    const int stride = width * (int)image->channels;
    const size_t size = image->channels == 4
                            ? WebPEncodeLosslessRGBA(image->pixels, width, height, stride, &bytes)
                            : WebPEncodeLosslessRGB(image->pixels, width, height, stride, &bytes);
    assert_true(size > RIFF_HEADER);
    sg_text_append_bytes(&picture, (const char *)bytes + RIFF_HEADER, size - RIFF_HEADER);
    WebPFree(bytes);
    return picture;
}

unsigned char *webp_bytes(const webp_file *file, size_t *size)
{
    const sg_image *image = file->image;
    const size_t flags = (image->channels == 4 ? FLAG_ALPHA : 0U) |
                         (file->orientation ? FLAG_EXIF : 0U) |
                         (file->canvas > 0 ? FLAG_ANIMATION : 0U);
    sg_text picture = encode(image);
    sg_text content = {0};
    sg_text_append_bytes(&content, "WEBP", 4);
    if (file->orientation || file->canvas > 0)
        put_header(&content, flags, file->canvas > 0 ? file->canvas : image->width,
                   file->canvas > 0 ? file->canvas : image->height);
    if (file->canvas > 0)
        put_animation(&content, image, &picture);
    else
        sg_text_append_bytes(&content, picture.bytes, picture.length);
    if (file->orientation)
        put_exif(&content, file->orientation);
    sg_text whole = {0};
    put_chunk(&whole, "RIFF", &content);
    assert_false(whole.failed);
    sg_text_clear(&picture);
    sg_text_clear(&content);
    *size = whole.length;
    return (unsigned char *)whole.bytes;
}

void webp_write(void *const *state, const char *name, const webp_file *file)
{
    size_t size = 0;
    unsigned char *bytes = webp_bytes(file, &size);
    bytes_write(state, name, bytes, size);
    free(bytes);
}
