/*
 * StyleGAN2 in state dicts of stylegan2-pytorch by rosinality. Sizes are counted from names and
 * shapes, since only the options of training hold them.
 *
 * Training does not store the average of w (latent_avg, which converters write). A generator
 * without it has it estimated when it is loaded.
 *
 * Tested by: tests/checkpoint/maps/test_rosinality_layout.c
 */
#include <string.h>

#include "checkpoint/maps/map_table.h"
#include "checkpoint/maps/rosinality.h"
#include "checkpoint/maps/state_dict.h"

enum { BYTES_OF_A_NAME = 64 };

static int size_of(const sg_state_dict *dict, const char *name, int axis)
{
    return sg_foreign_tensors_size(&dict->tensors, name, axis);
}

/* ---- sizes ---- */

static void set_levels(sg_dict_sizes *sizes, int levels)
{
    sizes->levels = levels < SG_MOST_LEVELS ? levels : SG_MOST_LEVELS;
    sizes->resolution = 4 << (sizes->levels - 1);
}

static void measure_generator(const sg_state_dict *dict, sg_dict_sizes *sizes)
{
    set_levels(sizes, 1 + sg_foreign_tensors_run(&dict->tensors, "convs.", 0, ".conv.weight") / 2);
    sizes->img_channels = size_of(dict, "to_rgb1.conv.weight", 1);
    sizes->mapping_layers = sg_foreign_tensors_run(&dict->tensors, "style.", 1, ".weight");
    sizes->z_dim = size_of(dict, "style.1.weight", 1);
    sizes->layer_features = size_of(dict, "style.1.weight", 0);
    sizes->w_dim = size_of(dict, "conv1.conv.modulation.weight", 1);
    sizes->channels[0] = size_of(dict, "conv1.conv.weight", 1);
    for (int level = 1; level < sizes->levels; level++) {
        char name[BYTES_OF_A_NAME];
        snprintf(name, sizeof name, "convs.%d.conv.weight", 2 * level - 1);
        sizes->channels[level] = size_of(dict, name, 1);
    }
}

/* The blocks are listed from the full size down. */
static void measure_discriminator(const sg_state_dict *dict, sg_dict_sizes *sizes)
{
    set_levels(sizes, 1 + sg_foreign_tensors_run(&dict->tensors, "convs.", 1, ".conv1.0.weight"));
    sizes->img_channels = size_of(dict, "convs.0.0.weight", 1);
    sizes->channels[0] = size_of(dict, "final_conv.0.weight", 0);
    for (int level = 1; level < sizes->levels; level++) {
        char name[BYTES_OF_A_NAME];
        snprintf(name, sizeof name, "convs.%d.conv1.0.weight", sizes->levels - level);
        sizes->channels[level] = size_of(dict, name, 0);
    }
}

/* ---- reading ---- */

/*
 * Refuses a mapping network whose first layer is wider than the w that it gives: that program's
 * latents are as wide as w, so that the rest of the input is a label's embedding, which is not
 * there.
 */
static sg_status check_embedding(const sg_state_dict *dict, const sg_dict_sizes *sizes)
{
    char reason[300];
    if (sizes->z_dim <= sizes->layer_features || sizes->mapping_layers == 0 ||
        cJSON_HasObjectItem(dict->contents->given, "z_dim"))
        return SG_OK;
    snprintf(reason, sizeof reason,
             "has a style.1 that takes %d inputs, but gives %d: it is a conditional network, whose "
             "label embedding is missing (if its latents are that wide, give the keyword z_dim=%d)",
             sizes->z_dim, sizes->layer_features, sizes->z_dim);
    return sg_state_dict_refuse(dict, reason);
}

static sg_status read_generator(sg_state_dict *dict)
{
    sg_dict_sizes sizes = {0};
    sg_foreign_names names = {0};
    measure_generator(dict, &sizes);
    SG_TRY(check_embedding(dict, &sizes));
    SG_TRY(sg_state_dict_measure_filter(dict, "convs.0.conv.blur.kernel", &sizes));
    sg_dict_keywords keywords = sg_dict_generator_keywords(&sizes);
    SG_TRY(sg_state_dict_configure(dict, &keywords));
    sg_rosinality_generator_names(sizes.resolution, sizes.mapping_layers, &names);
    return sg_state_dict_take(dict, &names);
}

static sg_status read_discriminator(sg_state_dict *dict)
{
    sg_dict_sizes sizes = {0};
    sg_foreign_names names = {0};
    measure_discriminator(dict, &sizes);
    SG_TRY(sg_state_dict_measure_filter(dict, "convs.1.conv2.0.kernel", &sizes));
    sg_dict_keywords keywords = sg_dict_discriminator_keywords(&sizes);
    SG_TRY(sg_state_dict_configure(dict, &keywords));
    sg_rosinality_discriminator_names(sizes.resolution, &names);
    return sg_state_dict_take(dict, &names);
}

static sg_status read_dict(sg_state_dict *dict)
{
    dict->contents->parts[dict->part].lacks_derived = true;
    SG_TRY(dict->part == SG_PART_D ? read_discriminator(dict) : read_generator(dict));
    return sg_state_dict_take_rest(dict, "kernel");
}

static bool is_generator(const sg_foreign_tensors *tensors)
{
    return sg_foreign_tensors_find(tensors, "conv1.conv.modulation.weight") &&
           sg_foreign_tensors_find(tensors, "to_rgb1.conv.weight");
}

static bool is_discriminator(const sg_foreign_tensors *tensors)
{
    return sg_foreign_tensors_find(tensors, "convs.0.0.weight") &&
           sg_foreign_tensors_find(tensors, "final_conv.0.weight");
}

const sg_dict_layout sg_rosinality_layout = {
    .title = "stylegan2-pytorch (rosinality) checkpoint",
    .is_generator = is_generator,
    .is_discriminator = is_discriminator,
    .read = read_dict,
};
