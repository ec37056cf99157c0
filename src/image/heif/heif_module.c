/*
 * HEIC and AVIF files (ISO/IEC 23008-12) through libheif, which turns, crops and assembles the
 * tiles of pictures: a module of its own, with copies of the library's few functions that it calls.
 * Tested by: tests/image/files/test_rare_picture.c
 */
#include "image/files/heif_module.h"

#include <string.h>

#include <libheif/heif.h>

/* Fails with libheif's reason. */
static sg_status fail_reading(const char *name, struct heif_error reason, sg_error *error)
{
    return reason.code == heif_error_Memory_allocation_error
               ? sg_fail_memory(error, "%s", name)
               : sg_fail(error, SG_ERROR_FORMAT, "%s: not a whole HEIC or AVIF file: %s", name,
                         reason.message);
}

/* Copies the decoded planes to a picture. */
static sg_status copy_pixels(const char *name, const struct heif_image *decoded, bool alpha,
                             sg_image **image, sg_error *error)
{
    int stride = 0;
    const int width = heif_image_get_width(decoded, heif_channel_interleaved);
    const int height = heif_image_get_height(decoded, heif_channel_interleaved);
    const uint8_t *plane =
        heif_image_get_plane_readonly(decoded, heif_channel_interleaved, &stride);
    if (!plane || width < 1 || height < 1)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: its picture has no pixels", name);
    SG_TRY(sg_image_create((size_t)width, (size_t)height, alpha ? 4 : 3, image, error));
    const size_t row = (*image)->width * (*image)->channels;
    for (size_t y = 0; y < (*image)->height; y++)
        memcpy((*image)->pixels + y * row, plane + y * (size_t)stride, row);
    return SG_OK;
}

static sg_status decode_handle(const char *name, const struct heif_image_handle *handle,
                               sg_image **image, sg_error *error)
{
    struct heif_image *decoded = NULL;
    const bool alpha = heif_image_handle_has_alpha_channel(handle);
    const double pixels =
        (double)heif_image_handle_get_width(handle) * (double)heif_image_handle_get_height(handle);
    if (pixels > (double)SG_PICTURE_LARGEST_PIXELS)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: has %.0f pixels, expected at most %zu", name,
                       pixels, SG_PICTURE_LARGEST_PIXELS);
    const struct heif_error reason =
        heif_decode_image(handle, &decoded, heif_colorspace_RGB,
                          alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, NULL);
    if (reason.code != heif_error_Ok)
        return fail_reading(name, reason, error);
    const sg_status status = copy_pixels(name, decoded, alpha, image, error);
    heif_image_release(decoded);
    return status;
}

static sg_status decode(const char *name, const unsigned char *bytes, size_t size, sg_image **image,
                        sg_error *error)
{
    struct heif_image_handle *handle = NULL;
    *image = NULL;
    struct heif_context *context = heif_context_alloc();
    if (!context)
        return sg_fail_memory(error, "%s", name);
    struct heif_error reason =
        heif_context_read_from_memory_without_copy(context, bytes, size, NULL);
    if (reason.code == heif_error_Ok)
        reason = heif_context_get_primary_image_handle(context, &handle);
    const sg_status status = reason.code == heif_error_Ok
                                 ? decode_handle(name, handle, image, error)
                                 : fail_reading(name, reason, error);
    heif_image_handle_release(handle);
    heif_context_free(context);
    return status;
}

SG_PUBLIC extern const sg_heif_module sg_heif_module_functions;

const sg_heif_module sg_heif_module_functions = {
    .version = sg_version,
    .decode = decode,
};
