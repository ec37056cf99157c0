/* The fields of targets; see target_options.h. Tested by: tests/invert/targets/test_target.c */
#include "invert/targets/target_options.h"

#include <math.h>
#include <stdlib.h>

/* Reads four numbers with commas between; returns false for anything else. */
static bool read_numbers(const char *text, double numbers[4])
{
    for (int i = 0; i < 4; i++) {
        char *end = NULL;
        numbers[i] = strtod(text, &end);
        if (end == text || !isfinite(numbers[i]) || numbers[i] < 0 || *end != (i < 3 ? ',' : '\0'))
            return false;
        text = end + 1;
    }
    return true;
}

static sg_status parse_crop(const char *text, void *value, sg_error *error)
{
    sg_target_area area = {.given = true};
    if (!read_numbers(text, area.numbers) || area.numbers[2] < 1 || area.numbers[3] < 1)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "takes X,Y,WIDTH,HEIGHT in pixels of the target, such as 40,0,600,600, not "
                       "\"%s\"",
                       text);
    *(sg_target_area *)value = area;
    return SG_OK;
}

static sg_status parse_align(const char *text, void *value, sg_error *error)
{
    sg_target_area area = {.given = true};
    if (!read_numbers(text, area.numbers) || area.numbers[2] <= area.numbers[0] ||
        area.numbers[3] <= area.numbers[1])
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "takes X0,Y0,X1,Y1, two corners in pixels of the target, the left upper one "
                       "first, not \"%s\"",
                       text);
    *(sg_target_area *)value = area;
    return SG_OK;
}

static const sg_field_codec crop_codec = {.parse = parse_crop};
static const sg_field_codec align_codec = {.parse = parse_align};

static const sg_field target_fields[] = {
    {"crop", SG_CODED(sg_target_options, crop, &crop_codec), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("crop", "X,Y,W,H", "the part of the target to take, in its pixels"),
     SG_USUAL("the largest part in its middle of the network's proportions"), SG_GROUP("Targets")},
    {"align", SG_CODED(sg_target_options, align, &align_codec), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("align", "X0,Y0,X1,Y1",
               "the part of the target that roughly fills the picture; it is shifted, scaled and "
               "turned to where it fits the start picture best")},
    {"mask", SG_TEXT(sg_target_options, mask), SG_FLAGS(SG_FIELD_UNSAVED),
     SG_OPTION("mask", "FILE",
               "a picture of the target's size or the network's, black where the target does not "
               "count: what is missing there is painted in")},
};
const sg_field_table sg_target_fields_table = {target_fields,
                                               sizeof target_fields / sizeof *target_fields, NULL};
