/* What a PNG file says about how its picture was made: the program, the network, the request. */
#ifndef SG_PICTURES_PICTURE_METADATA_H
#define SG_PICTURES_PICTURE_METADATA_H

#include "base/text.h"
#include "image/files/png_file.h"
#include "pictures/picture_request.h"

enum { SG_MOST_REMARKS = 16 };

/* Remarks for image/files/png_file.h. Not to be copied: texts may point into values. */
typedef struct sg_remarks {
    sg_png_text texts[SG_MOST_REMARKS];
    char values[SG_MOST_REMARKS][SG_NUMBER_TEXT_BYTES];
    size_t count;
} sg_remarks;

/* Empties the remarks and adds the program's version and the network's name (NULL: unknown). */
void sg_remarks_start(sg_remarks *remarks, const char *network_name);

/* Adds a remark, of SG_MOST_REMARKS at most; `key` and `value` are borrowed. */
void sg_remark_text(sg_remarks *remarks, const char *key, const char *value);
void sg_remark_number(sg_remarks *remarks, const char *key, double value);

/* Makes all remarks of a request's picture: start, source and settings. */
void sg_remark_picture(sg_remarks *remarks, const sg_picture_network *network,
                       const sg_picture_request *request);

/*
 * Adds what follows the source: truncation, class, noise and transform. A sheet of several pictures
 * has texts for those that differ in them, otherwise NULL; of its request the rest counts.
 */
void sg_remark_settings(sg_remarks *remarks, const sg_picture_network *network,
                        const sg_picture_request *request, const char *psis, const char *classes);

/* Writes the picture with its remarks to FOLDER/NAME. */
sg_status sg_write_picture(const char *folder, const char *name, const sg_image *image,
                           const sg_remarks *remarks, sg_error *error);

#endif
