/*
 * The HEIF module, stylegan-heif.so: the one part of the library that links libheif, which brings
 * decoders of videos along.
 */
#ifndef SG_IMAGE_FILES_HEIF_MODULE_H
#define SG_IMAGE_FILES_HEIF_MODULE_H

#include "image/image.h"

/* The module's variable, a sg_heif_module. */
#define SG_HEIF_MODULE_SYMBOL "sg_heif_module_functions"

typedef struct sg_heif_module {
    const char *(*version)(void); /* sg_version of the module */

    /*
     * Decodes the main picture of a HEIC or AVIF file in memory, upright, into an RGB or RGBA
     * picture in *image, which the caller destroys. Fails with SG_ERROR_FORMAT or SG_ERROR_MEMORY;
     * *image is NULL then.
     */
    sg_status (*decode)(const char *name, const unsigned char *bytes, size_t size, sg_image **image,
                        sg_error *error);
} sg_heif_module;

#endif
