/*
 * Infers configs of encoders. A block of a code has a convolution for each halving of its map, so
 * that their number tells the map's size, and with it the picture's.
 *
 * Tested by: tests/models/encoder/test_encoder.c
 */
#include "models/encoder/encoder_shapes.h"

#include <stdio.h>
#include <string.h>

enum { NAME_BYTES = 64, MOST_UNITS = SG_ENCODER_STAGES * SG_ENCODER_MOST_UNITS, MOST_HALVINGS = 8 };

/* Looks for a tensor of a rank; false when there is none. */
static bool find(const sg_encoder_shapes *shapes, const char *name, int rank, sg_shape *shape)
{
    if (!shapes->find(shapes->user, name, shape) || shape->rank != rank)
        return false;
    for (int i = 0; i < rank; i++)
        if (shape->size[i] < 1 || shape->size[i] > 65536)
            return false;
    return true;
}

/* Counts the units of each stage; false for more or fewer than four stages. */
static bool infer_stages(const sg_encoder_shapes *shapes, sg_encoder_config *config)
{
    char name[NAME_BYTES];
    sg_shape shape;
    int stage = -1;
    memset(config->units, 0, sizeof config->units);
    for (int unit = 0; unit < MOST_UNITS; unit++) {
        snprintf(name, sizeof name, "body.%d.res_layer.1.weight", unit);
        if (!find(shapes, name, 4, &shape))
            break;
        if (unit == 0 || shape.size[0] != shape.size[1])
            stage++;
        if (stage == SG_ENCODER_STAGES)
            return false;
        config->widths[stage] = (int)shape.size[0];
        config->units[stage]++;
    }
    return stage == SG_ENCODER_STAGES - 1;
}

/* Returns the convolutions of a code's block; 0: there is no such block. */
static int count_halvings(const sg_encoder_shapes *shapes, int block, sg_encoder_config *config)
{
    char name[NAME_BYTES];
    sg_shape shape;
    int count = 0;
    while (count < MOST_HALVINGS) {
        snprintf(name, sizeof name, "styles.%d.convs.%d.weight", block, 2 * count);
        if (!find(shapes, name, 4, &shape))
            break;
        config->style_width = (int)shape.size[0];
        count++;
    }
    return count;
}

/* Sets the codes and which maps they are of. */
static void infer_codes(const sg_encoder_shapes *shapes, sg_encoder_config *config)
{
    const int first = count_halvings(shapes, 0, config);
    sg_shape linear;
    if (find(shapes, "styles.0.linear.weight", 2, &linear))
        config->w_dim = (int)linear.size[0];
    config->img_resolution = 16 << first;
    config->num_ws = config->coarse = config->middle = 0;
    for (int i = 0; i < SG_ENCODER_MOST_WS; i++) {
        const int count = count_halvings(shapes, i, config);
        if (count == 0)
            break;
        config->num_ws = i + 1;
        config->coarse += count <= first;
        config->middle += count <= first + 1;
    }
}

sg_status sg_encoder_config_infer(const sg_encoder_shapes *shapes, sg_encoder_config *config,
                                  sg_error *error)
{
    sg_shape stem;
    sg_shape other;
    if (!find(shapes, "input_layer.0.weight", 4, &stem) || !infer_stages(shapes, config))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "an encoder's tensors must have input_layer.0.weight and units body.N of "
                       "four stages whose channels differ");
    config->stem_width = (int)stem.size[0];
    config->img_channels = (int)stem.size[1];
    config->se_reduction = 0;
    if (find(shapes, "body.0.res_layer.5.fc1.weight", 4, &other))
        config->se_reduction = (int)(other.size[1] / other.size[0]);
    if (find(shapes, "styles.0.convs.0.weight", 4, &other)) {
        if (config->kind == SG_ENCODER_W)
            config->kind = SG_ENCODER_PSP;
        infer_codes(shapes, config);
    } else if (find(shapes, "linear.weight", 2, &other)) {
        config->kind = SG_ENCODER_W;
        config->w_dim = (int)other.size[0];
    } else {
        return sg_fail(error, SG_ERROR_FORMAT,
                       "an encoder's tensors must have styles.0.convs.0.weight or linear.weight");
    }
    return sg_encoder_config_check(config, error);
}
