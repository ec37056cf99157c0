/*
 * Recognises PNG, JPEG and WebP by the signatures of their files, hands rarer kinds to
 * rare_picture.h, and guesses what other files are.
 * Tested by: tests/data/kinds/test_folder_dataset.c
 */
#include "image/files/picture_file.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "image/files/jpeg_file.h"
#include "image/files/png_file.h"
#include "image/files/rare_picture.h"
#include "image/files/webp_file.h"

/* The first bytes of a kind of file. */
typedef struct signature {
    const char *bytes;
    size_t length;
    const char *kind;
} signature;

/* A format that is always read. */
typedef struct picture_format {
    bool (*recognises)(const unsigned char *bytes, size_t size);
    sg_status (*measure)(const char *name, const unsigned char *bytes, size_t size,
                         sg_image_shape *shape, sg_error *error);
    sg_status (*decode)(const char *name, const unsigned char *bytes, size_t size, sg_image **image,
                        sg_error *error);
} picture_format;

#define PNG_SIGNATURE "\x89PNG\r\n\x1a\n"
#define JPEG_SIGNATURE "\xff\xd8\xff"

static bool begins_with(const unsigned char *bytes, size_t size, const char *start, size_t length)
{
    return size >= length && memcmp(bytes, start, length) == 0;
}

static bool is_png(const unsigned char *bytes, size_t size)
{
    return begins_with(bytes, size, PNG_SIGNATURE, sizeof PNG_SIGNATURE - 1);
}

static bool is_jpeg(const unsigned char *bytes, size_t size)
{
    return begins_with(bytes, size, JPEG_SIGNATURE, sizeof JPEG_SIGNATURE - 1);
}

/* Returns the format of a file that starts with these bytes, or NULL. */
static const picture_format *format_of(const unsigned char *bytes, size_t size)
{
    static const picture_format formats[] = {
        {is_png, sg_png_measure, sg_png_decode},
        {is_jpeg, sg_jpeg_measure, sg_jpeg_decode},
        {sg_webp_recognises, sg_webp_measure, sg_webp_decode},
    };
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (formats[i].recognises(bytes, size))
            return &formats[i];
    return NULL;
}

static bool is_text(const unsigned char *bytes, size_t size)
{
    const size_t examined = size < 64 ? size : 64;
    for (size_t i = 0; i < examined; i++)
        if (!isprint(bytes[i]) && !isspace(bytes[i]))
            return false;
    return true;
}

/* Guesses what a file is that is no picture. */
static const char *guess_kind(const unsigned char *bytes, size_t size)
{
    static const signature signatures[] = {
        {"RIFF", 4, "a RIFF file other than WebP"},
        {"PK\3\4", 4, "a zip archive"},
        {"\x1f\x8b", 2, "a gzip file"},
        {"\xff\xd8", 2, "a damaged JPEG"},
        {"\x89PNG", 4, "a damaged PNG"},
        {"<", 1, "a web page or another text"},
    };
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++)
        if (begins_with(bytes, size, signatures[i].bytes, signatures[i].length))
            return signatures[i].kind;
    return is_text(bytes, size) ? "a text" : "something unknown";
}

static const char *ending_of(const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *dot = strrchr(slash ? slash : name, '.');
    return dot ? dot : "";
}

static bool is_one_of(const char *ending, const char *const *endings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(ending, endings[i]) == 0)
            return true;
    return false;
}

sg_picture_ending sg_picture_ending_of(const char *name, const sg_rare_kind **kind)
{
    static const char *const read[] = {".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp"};
    const char *ending = ending_of(name);
    *kind = sg_rare_kind_of_ending(ending);
    if (is_one_of(ending, read, sizeof read / sizeof read[0]))
        return SG_ENDING_PICTURE;
    return *kind ? SG_ENDING_RARE : SG_ENDING_OTHER;
}

static sg_status refuse(const char *name, const unsigned char *bytes, size_t size, sg_error *error)
{
    if (size == 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: the file is empty (0 bytes)", name);
    return sg_fail(error, SG_ERROR_FORMAT,
                   "%s: not a picture although it is named %s: it seems to be %s", name,
                   ending_of(name), guess_kind(bytes, size));
}

sg_status sg_picture_measure(const char *name, const unsigned char *bytes, size_t size,
                             sg_image_shape *shape, sg_error *error)
{
    const picture_format *format = format_of(bytes, size);
    if (format)
        return format->measure(name, bytes, size, shape, error);
    sg_image *image = NULL;
    SG_TRY(sg_picture_decode(name, bytes, size, &image, error));
    *shape = sg_image_shape_of(image);
    sg_image_destroy(image);
    return SG_OK;
}

sg_status sg_picture_decode(const char *name, const unsigned char *bytes, size_t size,
                            sg_image **image, sg_error *error)
{
    *image = NULL;
    const picture_format *format = format_of(bytes, size);
    const sg_rare_kind *kind = format ? NULL : sg_rare_kind_of(bytes, size);
    if (format)
        return format->decode(name, bytes, size, image, error);
    return kind ? sg_rare_picture_decode(name, kind, bytes, size, image, error)
                : refuse(name, bytes, size, error);
}
