/*
 * PNG files through libspng. Writing encodes to memory first, so that base/files/file.h can write
 * the file atomically. Reading decodes to one of libspng's 8-bit formats and keeps the channels of
 * the file's colour type.
 */
#include "image/files/png_file.h"

#include <spng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/atomic_file.h"
#include "base/utf8.h"
#include "image/files/exif.h"
#include "image/orientation.h"

/* Deflate cannot pack more than this many bytes into one (RFC 1951: 258 bytes in 2 bits). */
#define LARGEST_DEFLATE_RATIO 1032

/* Bounds, in bytes, on the ancillary chunks of a file that libspng keeps. */
#define LARGEST_CHUNK ((size_t)16 << 20)
#define LARGEST_CHUNK_CACHE ((size_t)64 << 20)

static bool is_ascii(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0x80)
        text++;
    return *text == '\0';
}

static bool is_key(const char *key)
{
    const size_t length = strlen(key);
    if (length < 1 || length > 79 || key[0] == ' ' || key[length - 1] == ' ')
        return false;
    for (size_t i = 0; i < length; i++)
        if (key[i] < ' ' || key[i] > '~' || (key[i] == ' ' && key[i + 1] == ' '))
            return false;
    return true;
}

/* Checks the texts and fills in libspng's chunks, without the empty ones, which it refuses. */
static sg_status describe_texts(const char *path, const sg_png_text *texts, size_t text_count,
                                struct spng_text *chunks, uint32_t *chunk_count, sg_error *error)
{
    *chunk_count = 0;
    for (size_t i = 0; i < text_count; i++) {
        const char *value = texts[i].value;
        if (!is_key(texts[i].key))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "%s: the text key \"%s\" is not 1 to 79 printable ASCII characters "
                           "without leading, trailing or double spaces",
                           path, texts[i].key);
        if (value[0] == '\0')
            continue;
        struct spng_text *chunk = &chunks[(*chunk_count)++];
        memcpy(chunk->keyword, texts[i].key, strlen(texts[i].key) + 1);
        chunk->type = !is_ascii(value) && sg_is_utf8(value, strlen(value), SG_UTF8_STRICT)
                          ? SPNG_ITXT
                          : SPNG_TEXT;
        chunk->length = strlen(value);
        /* libspng only reads these; the value's own end serves as the empty string */
        chunk->text = (char *)value;
        chunk->language_tag = chunk->text + chunk->length;
        chunk->translated_keyword = chunk->language_tag;
    }
    return SG_OK;
}

/* Passes the texts to libspng, which keeps pointers to their values until the encoding ends. */
static sg_status set_texts(spng_ctx *encoder, const char *path, const sg_png_text *texts,
                           size_t text_count, sg_error *error)
{
    if (text_count == 0)
        return SG_OK;
    struct spng_text *chunks =
        text_count <= UINT32_MAX ? sg_allocate(text_count, sizeof *chunks) : NULL;
    if (!chunks)
        return sg_fail_memory(error, "the texts of %s", path);
    uint32_t chunk_count = 0;
    int code = 0;
    sg_status status = describe_texts(path, texts, text_count, chunks, &chunk_count, error);
    if (!status && chunk_count > 0)
        code = spng_set_text(encoder, chunks, chunk_count);
    free(chunks);
    if (code != 0)
        status = sg_fail(error, SG_ERROR_LIBRARY, "%s: libspng refused its texts: %s", path,
                         spng_strerror(code));
    return status;
}

/* Encodes to a heap buffer that the caller frees. */
static sg_status encode(spng_ctx *encoder, const char *path, const sg_image *image, void **bytes,
                        size_t *size, sg_error *error)
{
    static const uint8_t color_types[] = {
        SPNG_COLOR_TYPE_GRAYSCALE, SPNG_COLOR_TYPE_GRAYSCALE_ALPHA, SPNG_COLOR_TYPE_TRUECOLOR,
        SPNG_COLOR_TYPE_TRUECOLOR_ALPHA};
    struct spng_ihdr header = {.width = (uint32_t)image->width,
                               .height = (uint32_t)image->height,
                               .bit_depth = 8,
                               .color_type = color_types[image->channels - 1]};
    int code = spng_set_option(encoder, SPNG_ENCODE_TO_BUFFER, 1);
    if (code == 0)
        code = spng_set_ihdr(encoder, &header);
    if (code == 0)
        code = spng_encode_image(encoder, image->pixels, sg_image_size(image), SPNG_FMT_PNG,
                                 SPNG_ENCODE_FINALIZE);
    if (code == 0)
        *bytes = spng_get_png_buffer(encoder, size, &code);
    return code == 0 ? SG_OK
                     : sg_fail(error, SG_ERROR_LIBRARY, "%s: libspng could not encode it: %s", path,
                               spng_strerror(code));
}

sg_status sg_png_encode(const char *name, const sg_image *image, const sg_png_text *texts,
                        size_t text_count, unsigned char **bytes, size_t *size, sg_error *error)
{
    void *encoded = NULL;
    *bytes = NULL;
    *size = 0;
    spng_ctx *encoder = spng_ctx_new(SPNG_CTX_ENCODER);
    if (!encoder)
        return sg_fail_memory(error, "%s", name);
    sg_status status = set_texts(encoder, name, texts, text_count, error);
    if (!status)
        status = encode(encoder, name, image, &encoded, size, error);
    spng_ctx_free(encoder);
    *bytes = encoded;
    return status;
}

sg_status sg_png_write(const char *path, const sg_image *image, const sg_png_text *texts,
                       size_t text_count, sg_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    sg_status status = sg_png_encode(path, image, texts, text_count, &bytes, &size, error);
    if (!status)
        status = sg_write_file(path, bytes, size, error);
    free(bytes);
    return status;
}

sg_status sg_png_encode_uncompressed(const char *name, const sg_image *image, unsigned char **bytes,
                                     size_t *size, sg_error *error)
{
    void *encoded = NULL;
    *bytes = NULL;
    *size = 0;
    spng_ctx *encoder = spng_ctx_new(SPNG_CTX_ENCODER);
    if (!encoder)
        return sg_fail_memory(error, "%s", name);
    int code = spng_set_option(encoder, SPNG_IMG_COMPRESSION_LEVEL, 0);
    if (code == 0)
        code = spng_set_option(encoder, SPNG_FILTER_CHOICE, SPNG_DISABLE_FILTERING);
    const sg_status status =
        code == 0 ? encode(encoder, name, image, &encoded, size, error)
                  : sg_fail(error, SG_ERROR_LIBRARY, "%s: libspng refused an option: %s", name,
                            spng_strerror(code));
    spng_ctx_free(encoder);
    *bytes = encoded;
    return status;
}

/* Says why libspng could not read a file. */
static const char *reading_reason(int code)
{
    return code == SPNG_IO_EOF ? "truncated: it ends too early" : spng_strerror(code);
}

/* The format to decode to, and how many of its channels are kept. */
typedef struct decode_plan {
    int format;
    size_t decoded_channels;
    size_t channels;
    int orientation; /* of EXIF data before the pixels */
} decode_plan;

/* libspng has no 8-bit format for 16-bit grey or for grey with alpha; those go through RGBA. */
static decode_plan plan_decoding(const struct spng_ihdr *header, bool has_transparent_color)
{
    const bool grey = header->color_type == SPNG_COLOR_TYPE_GRAYSCALE ||
                      header->color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA;
    const bool alpha = has_transparent_color ||
                       header->color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA ||
                       header->color_type == SPNG_COLOR_TYPE_TRUECOLOR_ALPHA;
    if (grey && !alpha && header->bit_depth <= 8)
        return (decode_plan){SPNG_FMT_G8, 1, 1, SG_UPRIGHT};
    if (grey)
        return (decode_plan){SPNG_FMT_RGBA8, 4, alpha ? 2 : 1, SG_UPRIGHT};
    return alpha ? (decode_plan){SPNG_FMT_RGBA8, 4, 4, SG_UPRIGHT}
                 : (decode_plan){SPNG_FMT_RGB8, 3, 3, SG_UPRIGHT};
}

static sg_status check_header(const struct spng_ihdr *header, const char *path, size_t file_size,
                              sg_error *error)
{
    static const unsigned samples[] = {1, 0, 3, 1, 2, 0, 4}; /* by colour type */
    const double pixel_bits = (double)samples[header->color_type] * header->bit_depth;
    return sg_image_check_promise(path, header->width, header->height, file_size,
                                  8 * LARGEST_DEFLATE_RATIO / pixel_bits, error);
}

/* Keeps the first channel (grey) and, with two, the last (alpha) of decoded RGBA pixels. */
static void keep_grey(const uint8_t *rgba, sg_image *image)
{
    uint8_t *pixel = image->pixels;
    for (size_t i = 0; i < image->width * image->height; i++, pixel += image->channels) {
        pixel[0] = rgba[4 * i];
        if (image->channels == 2)
            pixel[1] = rgba[4 * i + 3];
    }
}

static sg_status decode_pixels(spng_ctx *decoder, const decode_plan *plan, const char *path,
                               sg_image *image, sg_error *error)
{
    const bool direct = plan->decoded_channels == plan->channels;
    uint8_t *pixels = image->pixels;
    const size_t pixel_count = image->width * image->height;
    if (!direct) {
        pixels = sg_allocate(pixel_count, plan->decoded_channels);
        if (!pixels)
            return sg_fail_memory(error, "%s", path);
    }
    const int code = spng_decode_image(decoder, pixels, pixel_count * plan->decoded_channels,
                                       plan->format, SPNG_DECODE_TRNS);
    if (!direct) {
        keep_grey(pixels, image);
        free(pixels);
    }
    return code == 0 ? SG_OK
                     : sg_fail(error, SG_ERROR_FORMAT, "%s: not a whole PNG file: %s", path,
                               reading_reason(code));
}

/* Reads the chunks before the pixels, and plans how to decode the pixels. */
static sg_status read_header(spng_ctx *decoder, const char *path, const unsigned char *bytes,
                             size_t size, struct spng_ihdr *header, decode_plan *plan,
                             sg_error *error)
{
    struct spng_trns transparency;
    int code = spng_set_chunk_limits(decoder, LARGEST_CHUNK, LARGEST_CHUNK_CACHE);
    if (code == 0)
        code = spng_set_png_buffer(decoder, bytes, size);
    if (code == 0)
        code = spng_get_ihdr(decoder, header);
    if (code != 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: not a PNG file: %s", path,
                       reading_reason(code));
    code = spng_get_trns(decoder, &transparency);
    if (code != 0 && code != SPNG_ECHUNKAVAIL)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: not a whole PNG file: %s", path,
                       reading_reason(code));
    *plan = plan_decoding(header, code == 0);
    struct spng_exif exif;
    if (spng_get_exif(decoder, &exif) == 0)
        plan->orientation = sg_exif_orientation((const unsigned char *)exif.data, exif.length);
    return SG_OK;
}

static sg_status decode(spng_ctx *decoder, const struct spng_ihdr *header, const decode_plan *plan,
                        const char *path, size_t size, sg_image **image, sg_error *error)
{
    SG_TRY(check_header(header, path, size, error));
    SG_TRY(sg_image_create(header->width, header->height, plan->channels, image, error));
    sg_status status = decode_pixels(decoder, plan, path, *image, error);
    if (!status)
        status = sg_image_orient(image, plan->orientation, error);
    if (status) {
        sg_image_destroy(*image);
        *image = NULL;
    }
    return status;
}

/* Reads the shape and, unless `image` is NULL, the picture. */
static sg_status read_png(const char *name, const unsigned char *bytes, size_t size,
                          sg_image_shape *shape, sg_image **image, sg_error *error)
{
    struct spng_ihdr header = {0};
    decode_plan plan = {0};
    *shape = (sg_image_shape){0};
    if (size == 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: the file is empty, expected a PNG", name);
    spng_ctx *decoder = spng_ctx_new(0);
    if (!decoder)
        return sg_fail_memory(error, "%s", name);
    sg_status status = read_header(decoder, name, bytes, size, &header, &plan, error);
    *shape = sg_orientation_shape((sg_image_shape){header.width, header.height, plan.channels},
                                  plan.orientation);
    if (!status && image)
        status = decode(decoder, &header, &plan, name, size, image, error);
    spng_ctx_free(decoder);
    return status;
}

sg_status sg_png_measure(const char *name, const unsigned char *bytes, size_t size,
                         sg_image_shape *shape, sg_error *error)
{
    return read_png(name, bytes, size, shape, NULL, error);
}

sg_status sg_png_decode(const char *name, const unsigned char *bytes, size_t size, sg_image **image,
                        sg_error *error)
{
    sg_image_shape shape;
    *image = NULL;
    return read_png(name, bytes, size, &shape, image, error);
}

/* Copies the value of that key. */
static bool find_text(spng_ctx *decoder, const char *key, char *value, size_t value_size)
{
    uint32_t count = 0;
    bool found = false;
    if (spng_get_text(decoder, NULL, &count) != 0 || count == 0)
        return false;
    struct spng_text *texts = sg_allocate(count, sizeof *texts);
    if (texts && spng_get_text(decoder, texts, &count) == 0)
        for (uint32_t i = 0; i < count && !found; i++)
            if (strcmp(texts[i].keyword, key) == 0) {
                snprintf(value, value_size, "%s", texts[i].text);
                found = true;
            }
    free(texts);
    return found;
}

bool sg_png_read_text(const unsigned char *bytes, size_t size, const char *key, char *value,
                      size_t value_size)
{
    struct spng_ihdr header;
    spng_ctx *decoder = spng_ctx_new(0);
    const bool found =
        decoder && spng_set_chunk_limits(decoder, LARGEST_CHUNK, LARGEST_CHUNK_CACHE) == 0 &&
        spng_set_png_buffer(decoder, bytes, size) == 0 && spng_get_ihdr(decoder, &header) == 0 &&
        find_text(decoder, key, value, value_size);
    spng_ctx_free(decoder);
    return found;
}
