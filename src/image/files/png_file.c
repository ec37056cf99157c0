/*
 * PNG files through libpng. Writing encodes to memory first, so that base/files/atomic_file.h can
 * write the file atomically. Reading skips all chunks that do not decide the pixels.
 *
 * libpng reports an error by a jump. What a step of the work changes is in its png_job, and
 * run_step alone sets the place to jump to, so that no local variable is lost.
 */
#include "image/files/png_file.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "base/allocate.h"
#include "base/files/atomic_file.h"
#include "base/utf8.h"
#include "image/files/exif.h"
#include "image/orientation.h"

/* Deflate cannot pack more than this many bytes into one (RFC 1951: 258 bytes in 2 bits). */
#define LARGEST_DEFLATE_RATIO 1032

/* Bounds, in bytes, on an ancillary chunk that is kept, and on all memory before the pixels. */
#define LARGEST_CHUNK ((size_t)16 << 20)
#define LARGEST_HEAD ((size_t)64 << 20)

/* The bytes in an IDAT chunk that is written. */
enum { WRITTEN_CHUNK = 1 << 18 };

/* The work on one file. */
typedef struct png_job {
    png_structp png;
    png_infop info;
    jmp_buf failed;       /* where libpng's errors go */
    char reason[96];      /* libpng's sentence about its error */
    bool memory_is_short; /* an allocation failed */
    size_t memory_left;   /* bytes that libpng may still allocate; SIZE_MAX: any number */
    /* read */
    const unsigned char *bytes; /* the file */
    size_t size, position;
    bool keeps_texts;
    sg_image *image; /* with the shape of the decoded picture, to be filled */
    /* written */
    const sg_image *source;
    const sg_png_text *texts;
    size_t text_count;
    bool compressed;
    unsigned char *written; /* heap */
    size_t written_size, capacity;
} png_job;

static void fail_step(png_structp png, png_const_charp reason)
{
    png_job *job = png_get_error_ptr(png);
    snprintf(job->reason, sizeof job->reason, "%s", reason);
    longjmp(job->failed, 1);
}

static void ignore_warning(png_structp png, png_const_charp reason)
{
    (void)png;
    (void)reason;
}

static png_voidp allocate(png_structp png, png_alloc_size_t size)
{
    png_job *job = png_get_mem_ptr(png);
    if (size > job->memory_left)
        png_error(png, "its chunks before the pixels take more than 64 MB");
    if (job->memory_left < SIZE_MAX)
        job->memory_left -= size;
    void *memory = malloc(size);
    job->memory_is_short = job->memory_is_short || !memory;
    return memory;
}

static void release(png_structp png, png_voidp memory)
{
    (void)png;
    free(memory);
}

/* Calls a function that calls libpng; false when it failed, with job->reason. */
static bool run_step(png_job *job, void (*step)(png_job *job))
{
    if (setjmp(job->failed) != 0)
        return false;
    step(job);
    return true;
}

/* Fails with what is wrong with the file, and libpng's reason. */
static sg_status fail_job(const png_job *job, const char *name, sg_status status, const char *what,
                          sg_error *error)
{
    if (job->memory_is_short)
        return sg_fail_memory(error, "%s", name);
    return sg_fail(error, status, "%s: %s: %s", name, what, job->reason);
}

/* ---- writing ---- */

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

static sg_status check_keys(const char *path, const sg_png_text *texts, size_t text_count,
                            sg_error *error)
{
    for (size_t i = 0; i < text_count; i++)
        if (!is_key(texts[i].key))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "%s: the text key \"%s\" is not 1 to 79 printable ASCII characters "
                           "without leading, trailing or double spaces",
                           path, texts[i].key);
    return SG_OK;
}

static void write_bytes(png_structp png, png_bytep bytes, size_t count)
{
    png_job *job = png_get_io_ptr(png);
    if (count > job->capacity - job->written_size) {
        const size_t capacity = 2 * (job->written_size + count);
        unsigned char *grown = realloc(job->written, capacity);
        if (!grown) {
            job->memory_is_short = true;
            png_error(png, "the file cannot be held");
        }
        job->written = grown;
        job->capacity = capacity;
    }
    memcpy(job->written + job->written_size, bytes, count);
    job->written_size += count;
}

static void flush_bytes(png_structp png)
{
    (void)png;
}

/* Gives libpng copies of the texts that are not empty. */
static void set_texts(png_job *job)
{
    for (size_t i = 0; i < job->text_count; i++) {
        const char *value = job->texts[i].value;
        if (value[0] == '\0')
            continue;
        const bool plain = is_ascii(value) || !sg_is_utf8(value, strlen(value), SG_UTF8_STRICT);
        const png_text text = {.compression =
                                   plain ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE,
                               .key = (png_charp)job->texts[i].key,
                               .text = (png_charp)value,
                               .text_length = plain ? strlen(value) : 0,
                               .itxt_length = plain ? 0 : strlen(value)};
        png_set_text(job->png, job->info, &text, 1);
    }
}

static void write_picture(png_job *job)
{
    static const int color_types[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA,
                                      PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
    const sg_image *image = job->source;
    job->info = png_create_info_struct(job->png);
    png_set_write_fn(job->png, job, write_bytes, flush_bytes);
    png_set_user_limits(job->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_compression_buffer_size(job->png, WRITTEN_CHUNK);
    if (!job->compressed) {
        png_set_compression_level(job->png, 0);
        png_set_filter(job->png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
    }
    png_set_IHDR(job->png, job->info, (png_uint_32)image->width, (png_uint_32)image->height, 8,
                 color_types[image->channels - 1], PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    set_texts(job);
    png_write_info(job->png, job->info);
    for (size_t y = 0; y < image->height; y++)
        png_write_row(job->png, image->pixels + y * image->width * image->channels);
    png_write_end(job->png, NULL);
}

static void create_writer(png_job *job)
{
    job->png = png_create_write_struct_2(PNG_LIBPNG_VER_STRING, job, fail_step, ignore_warning, job,
                                         allocate, release);
}

/* Encodes to *bytes (heap, caller frees) and *size. */
static sg_status encode(png_job *job, const char *name, unsigned char **bytes, size_t *size,
                        sg_error *error)
{
    *bytes = NULL;
    *size = 0;
    job->memory_left = SIZE_MAX;
    if (!run_step(job, create_writer) || !job->png)
        return sg_fail_memory(error, "%s", name);
    const bool written = run_step(job, write_picture);
    png_destroy_write_struct(&job->png, &job->info);
    if (!written) {
        free(job->written);
        return fail_job(job, name, SG_ERROR_LIBRARY, "libpng could not encode it", error);
    }
    *bytes = job->written;
    *size = job->written_size;
    return SG_OK;
}

sg_status sg_png_encode(const char *name, const sg_image *image, const sg_png_text *texts,
                        size_t text_count, unsigned char **bytes, size_t *size, sg_error *error)
{
    png_job job = {.source = image, .texts = texts, .text_count = text_count, .compressed = true};
    *bytes = NULL;
    *size = 0;
    SG_TRY(check_keys(name, texts, text_count, error));
    return encode(&job, name, bytes, size, error);
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
    png_job job = {.source = image};
    return encode(&job, name, bytes, size, error);
}

/* ---- reading ---- */

static void read_bytes(png_structp png, png_bytep bytes, size_t count)
{
    png_job *job = png_get_io_ptr(png);
    if (count > job->size - job->position)
        png_error(png, "truncated: it ends too early");
    memcpy(bytes, job->bytes + job->position, count);
    job->position += count;
}

/* Has libpng pass over the chunks that it knows and nobody asks for: not even unpack them. */
static void skip_chunks(const png_job *job)
{
    static const png_byte orientation[] = "eXIf";
    static const png_byte texts[] = "tEXt\0zTXt\0iTXt";
    png_set_keep_unknown_chunks(job->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_keep_unknown_chunks(job->png, PNG_HANDLE_CHUNK_AS_DEFAULT, orientation, 1);
    if (job->keeps_texts)
        png_set_keep_unknown_chunks(job->png, PNG_HANDLE_CHUNK_AS_DEFAULT, texts, 3);
}

/* Reads the chunks before the pixels. */
static void read_head(png_job *job)
{
    job->info = png_create_info_struct(job->png);
    png_set_read_fn(job->png, job, read_bytes);
    png_set_user_limits(job->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_chunk_malloc_max(job->png, LARGEST_CHUNK);
    png_set_crc_action(job->png, PNG_CRC_ERROR_QUIT, PNG_CRC_WARN_DISCARD);
    skip_chunks(job);
    job->memory_left = LARGEST_HEAD;
    png_read_info(job->png, job->info);
    job->memory_left = SIZE_MAX;
}

static void create_reader(png_job *job)
{
    job->png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, job, fail_step, ignore_warning, job,
                                        allocate, release);
}

/* Opens a file; the caller calls close_file whether that fails or not. */
static sg_status open_file(png_job *job, const char *name, sg_error *error)
{
    job->memory_left = SIZE_MAX;
    if (!run_step(job, create_reader) || !job->png)
        return sg_fail_memory(error, "%s", name);
    if (run_step(job, read_head))
        return SG_OK;
    const bool headed = job->info && png_get_image_width(job->png, job->info) > 0;
    return fail_job(job, name, SG_ERROR_FORMAT, headed ? "not a whole PNG file" : "not a PNG file",
                    error);
}

static void close_file(png_job *job)
{
    if (job->png)
        png_destroy_read_struct(&job->png, &job->info, NULL);
}

/* The channels of the picture: those of the file, of a palette's colours, and transparency. */
static size_t picture_channels(const png_job *job)
{
    const png_byte type = png_get_color_type(job->png, job->info);
    const bool alpha = (type & PNG_COLOR_MASK_ALPHA) != 0 ||
                       png_get_valid(job->png, job->info, PNG_INFO_tRNS) != 0;
    const size_t colours = (type & PNG_COLOR_MASK_COLOR) != 0 ? 3 : 1;
    return colours + (alpha ? 1 : 0);
}

static int orientation_of(const png_job *job)
{
    png_uint_32 size = 0;
    png_bytep exif = NULL;
    if (png_get_eXIf_1(job->png, job->info, &size, &exif) == 0)
        return SG_UPRIGHT;
    return sg_exif_orientation(exif, size);
}

static sg_status check_promise(const png_job *job, const char *name, sg_error *error)
{
    static const unsigned samples[] = {1, 0, 3, 1, 2, 0, 4}; /* by colour type */
    const double pixel_bits = (double)samples[png_get_color_type(job->png, job->info)] *
                              png_get_bit_depth(job->png, job->info);
    return sg_image_check_promise(name, png_get_image_width(job->png, job->info),
                                  png_get_image_height(job->png, job->info), job->size,
                                  8 * LARGEST_DEFLATE_RATIO / pixel_bits, error);
}

/* Decodes the pixels to 8 bits a value: of 16 the upper ones, fewer scaled, a palette's colours. */
static void read_pixels(png_job *job)
{
    sg_image *image = job->image;
    const size_t row_bytes = image->width * image->channels;
    png_set_expand(job->png);
    png_set_strip_16(job->png);
    const int passes = png_set_interlace_handling(job->png);
    png_read_update_info(job->png, job->info);
    if (png_get_rowbytes(job->png, job->info) != row_bytes)
        png_error(job->png, "its rows are not of the header's size");
    for (int pass = 0; pass < passes; pass++)
        for (size_t y = 0; y < image->height; y++)
            png_read_row(job->png, image->pixels + y * row_bytes, NULL);
}

static sg_status decode(png_job *job, const char *name, sg_image **image, sg_error *error)
{
    SG_TRY(check_promise(job, name, error));
    SG_TRY(sg_image_create(png_get_image_width(job->png, job->info),
                           png_get_image_height(job->png, job->info), picture_channels(job), image,
                           error));
    job->image = *image;
    sg_status status = run_step(job, read_pixels)
                           ? SG_OK
                           : fail_job(job, name, SG_ERROR_FORMAT, "not a whole PNG file", error);
    if (!status)
        status = sg_image_orient(image, orientation_of(job), error);
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
    png_job job = {.bytes = bytes, .size = size};
    *shape = (sg_image_shape){0};
    if (size == 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: the file is empty, expected a PNG", name);
    sg_status status = open_file(&job, name, error);
    if (!status)
        *shape = sg_orientation_shape((sg_image_shape){png_get_image_width(job.png, job.info),
                                                       png_get_image_height(job.png, job.info),
                                                       picture_channels(&job)},
                                      orientation_of(&job));
    if (!status && image)
        status = decode(&job, name, image, error);
    close_file(&job);
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

bool sg_png_read_text(const unsigned char *bytes, size_t size, const char *key, char *value,
                      size_t value_size)
{
    png_job job = {.bytes = bytes, .size = size, .keeps_texts = true};
    png_textp texts = NULL;
    int count = 0;
    bool found = false;
    if (open_file(&job, "", NULL) == SG_OK)
        png_get_text(job.png, job.info, &texts, &count);
    for (int i = 0; i < count && !found; i++)
        if (strcmp(texts[i].key, key) == 0) {
            snprintf(value, value_size, "%s", texts[i].text);
            found = true;
        }
    close_file(&job);
    return found;
}
