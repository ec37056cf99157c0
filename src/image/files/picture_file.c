/*
 * Recognises PNG and JPEG by the signatures of their files, and guesses what other files are.
 * Tested by: tests/data/kinds/test_folder_dataset.c
 */
#include "image/files/picture_file.h"

#include <string.h>
#include <strings.h>

#include "base/files/file_kind.h"
#include "image/files/jpeg_file.h"
#include "image/files/png_file.h"

static bool is_png(const unsigned char *bytes, size_t size)
{
    return sg_file_kind_of(bytes, size, false)->form == SG_FORM_PNG;
}

static bool is_jpeg(const unsigned char *bytes, size_t size)
{
    return sg_file_kind_of(bytes, size, false)->form == SG_FORM_JPEG;
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

sg_picture_ending sg_picture_ending_of(const char *name)
{
    static const char *const read[] = {".png", ".jpg", ".jpeg", ".jpe", ".jfif"};
    static const char *const foreign[] = {".webp", ".gif",  ".bmp",  ".tif", ".tiff",
                                          ".avif", ".heic", ".heif", ".jp2", ".jxl"};
    const char *ending = ending_of(name);
    if (is_one_of(ending, read, sizeof read / sizeof read[0]))
        return SG_ENDING_PICTURE;
    return is_one_of(ending, foreign, sizeof foreign / sizeof foreign[0]) ? SG_ENDING_FOREIGN
                                                                          : SG_ENDING_OTHER;
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
    if (is_png(bytes, size))
        return sg_png_measure(name, bytes, size, shape, error);
    if (is_jpeg(bytes, size))
        return sg_jpeg_measure(name, bytes, size, shape, error);
    return refuse(name, bytes, size, error);
}

sg_status sg_picture_decode(const char *name, const unsigned char *bytes, size_t size,
                            sg_image **image, sg_error *error)
{
    *image = NULL;
    if (is_png(bytes, size))
        return sg_png_decode(name, bytes, size, image, error);
    if (is_jpeg(bytes, size))
        return sg_jpeg_decode(name, bytes, size, image, error);
    return refuse(name, bytes, size, error);
}
