/* Remarks in PNG files; see picture_metadata.h. */
#include "pictures/picture_metadata.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/files/file.h"

void sg_print_number(char *text, double value)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, SG_NUMBER_TEXT_BYTES, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            return;
    }
}

void sg_remark_text(sg_remarks *remarks, const char *key, const char *value)
{
    remarks->texts[remarks->count++] = (sg_png_text){key, value};
}

void sg_remark_number(sg_remarks *remarks, const char *key, double value)
{
    char *text = remarks->values[remarks->count];
    sg_print_number(text, value);
    sg_remark_text(remarks, key, text);
}

void sg_remark_transform(sg_remarks *remarks, const sg_transform *transform)
{
    if (transform->x != 0 || transform->y != 0) {
        sg_remark_number(remarks, "moved right", transform->x);
        sg_remark_number(remarks, "moved down", transform->y);
    }
    if (transform->degrees != 0)
        sg_remark_number(remarks, "turned, degrees", transform->degrees);
}

void sg_remarks_start(sg_remarks *remarks, const char *network_name)
{
    remarks->count = 0;
    snprintf(remarks->values[0], SG_NUMBER_TEXT_BYTES, "stylegan %s", sg_version());
    sg_remark_text(remarks, "Software", remarks->values[0]);
    sg_remark_text(remarks, "network", network_name);
}

sg_status sg_write_picture(const char *folder, const char *name, const sg_image *image,
                           const sg_remarks *remarks, sg_error *error)
{
    char *path = sg_path_join(folder, name);
    if (!path)
        return sg_fail_memory(error, "the path of %s", name);
    const sg_status status = sg_png_write(path, image, remarks->texts, remarks->count, error);
    free(path);
    return status;
}
