/* The options of style transfers. Tested by: tests/cli/test_style.c */
#include "style/run/style_options.h"

enum { LEAST_SIZE = 8, LARGEST_SIZE = 4096, MOST_STEPS = 100000, MOST_FRAMES = 1000 };

static sg_status parse_weights(const char *text, void *value, sg_error *error)
{
    sg_error own = {0};
    sg_decimal_list_clear(value);
    if (sg_decimal_list_parse(text, "weights", value, &own))
        return sg_fail(error, own.status, ": %s", own.message);
    return SG_OK;
}

static void clear_weights(void *list)
{
    sg_decimal_list_clear(list);
}

static const sg_field_codec weights_codec = {.parse = parse_weights, .clear = clear_weights};

static const sg_field rows[] = {
    {"alpha", SG_NUMBER(sg_style_options, pixels.alpha, 0, 1),
     SG_OPTION("alpha", "X", "how much style: 0 is the content itself, 1 all of the style"),
     SG_USUAL("1"), SG_GROUP("Style")},
    {"weights", SG_CODED(sg_style_options, weights, &weights_codec),
     .count = sizeof(sg_decimal_list),
     SG_OPTION("weights", "LIST", "how much each of several styles counts, such as 0.3,0.7"),
     SG_USUAL("equal")},
    {"keep_colours", SG_FLAG(sg_style_options, keep_colours),
     SG_OPTION("keep-colours", NULL,
               "keep the content's colours: the styles get them before (correlation alignment)")},
    {"keep_colours", SG_FLAG(sg_style_options, keep_colours),
     SG_OPTION("keep-colors", NULL, "another spelling of it")},
    {"size", SG_INT(sg_style_options, size, LEAST_SIZE, LARGEST_SIZE),
     SG_OPTION("size", "N", "pixels of the longer side of the pictures"),
     SG_USUAL("256; with a decoder 512")},
    {"num_steps", SG_INT(sg_style_options, pixels.steps, 1, MOST_STEPS),
     SG_OPTION("num-steps", "N", "steps of the optimisation"), SG_USUAL("200"),
     SG_GROUP("Optimisation")},
    {"lr", SG_NUMBER(sg_style_options, pixels.rate, 0, 100), SG_FLAGS(SG_FIELD_ABOVE),
     SG_OPTION("lr", "X", "Adam's rate at the first step, in levels of 0 to 255"), SG_USUAL("8")},
    {"style_weight", SG_NUMBER(sg_style_options, pixels.style_weight, 0, 1e9),
     SG_OPTION("style-weight", "X", "weight of the style's losses, where the content's has 1"),
     SG_USUAL("10")},
    {"smooth", SG_NUMBER(sg_style_options, pixels.smooth, 0, 1e9),
     SG_OPTION("smooth", "X", "weight of the differences of neighbouring pixels"), SG_USUAL("1")},
    {"save_video", SG_FLAG(sg_style_options, save_video), SG_FLAGS(SG_FIELD_INVERTED),
     SG_OPTION("no-video", NULL, "write no film of the way to the result"), SG_GROUP("Output")},
    {"fps", SG_INT(sg_style_options, frames_per_second, 1, MOST_FRAMES),
     SG_OPTION("fps", "N", "frames of the film in a second"), SG_USUAL("30")},
};
const sg_field_table sg_style_fields = {rows, sizeof rows / sizeof rows[0], NULL};

sg_style_options sg_style_options_default(void)
{
    return (sg_style_options){
        .pixels = {.steps = 200, .rate = 8, .alpha = 1, .style_weight = 10, .smooth = 1},
        .size = 256,
        .save_video = true,
        .frames_per_second = 30};
}

sg_status sg_style_shares(const sg_style_options *options, size_t count, double *shares,
                          sg_error *error)
{
    const sg_decimal_list *weights = &options->weights;
    double sum = 0;
    if (weights->count > 0 && weights->count != count)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"weights\" has %zu numbers, but must have %zu, one for each style",
                       weights->count, count);
    for (size_t i = 0; i < count; i++) {
        shares[i] = weights->count > 0 ? weights->values[i] : 1;
        sum += shares[i];
        if (shares[i] < 0)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"weights\" has %g, but must have no number below 0", shares[i]);
    }
    if (sum <= 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"weights\" has zeros alone, but one must be above 0");
    for (size_t i = 0; i < count; i++)
        shares[i] /= sum;
    return SG_OK;
}
