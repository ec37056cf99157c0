/*
 * Recognises PNG, JPEG and WebP by the signatures of their files, hands rarer kinds to
 * rare_picture.h, and guesses what other files are.
 * Tested by: tests/data/kinds/test_folder_dataset.c
 */
#include "image/files/picture_file.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/files/file_kind.h"
#include "image/files/jpeg_file.h"
#include "image/files/png_file.h"
#include "image/files/rare_picture.h"
#include "image/files/webp_file.h"

/* A format that is always read. */
typedef struct picture_format {
    sg_file_form form;
    const char *ending;
    sg_status (*measure)(const char *name, const unsigned char *bytes, size_t size,
                         sg_image_shape *shape, sg_error *error);
    sg_status (*decode)(const char *name, const unsigned char *bytes, size_t size, sg_image **image,
                        sg_error *error);
} picture_format;

/* Returns the format of a file that starts with these bytes, or NULL. */
static const picture_format *format_of(const unsigned char *bytes, size_t size)
{
    static const picture_format formats[] = {
        {SG_FORM_PNG, ".png", sg_png_measure, sg_png_decode},
        {SG_FORM_JPEG, ".jpg", sg_jpeg_measure, sg_jpeg_decode},
        {SG_FORM_WEBP, ".webp", sg_webp_measure, sg_webp_decode},
    };
    const sg_file_form form = sg_file_kind_of(bytes, size, false)->form;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (formats[i].form == form)
            return &formats[i];
    return NULL;
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
    const sg_rare_kind *rare = sg_rare_kind_of_ending(ending);
    if (kind)
        *kind = rare;
    if (is_one_of(ending, read, sizeof read / sizeof read[0]))
        return SG_ENDING_PICTURE;
    return rare ? SG_ENDING_RARE : SG_ENDING_OTHER;
}

void sg_picture_ending_for(const unsigned char *bytes, size_t size,
                           char ending[SG_PICTURE_ENDING_BYTES])
{
    const picture_format *format = format_of(bytes, size);
    const sg_rare_kind *kind = format ? NULL : sg_rare_kind_of(bytes, size);
    const char *found = format ? format->ending : kind ? kind->endings + 1 : "";
    snprintf(ending, SG_PICTURE_ENDING_BYTES, "%.*s", (int)strcspn(found, " "), found);
}

static sg_status refuse(const char *name, const unsigned char *bytes, size_t size, sg_error *error)
{
    if (size == 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: the file is empty (0 bytes)", name);
    return sg_fail(error, SG_ERROR_FORMAT,
                   "%s: not a picture although it is named %s: it seems to be %s", name,
                   ending_of(name), sg_file_kind_of(bytes, size, false)->noun);
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
