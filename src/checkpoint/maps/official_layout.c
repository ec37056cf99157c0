/*
 * StyleGAN2 and StyleGAN3 in state dicts with the official names: the modules' state_dict(), in
 * whatever container. Names and shapes, and the filters among the buffers, tell all options except
 * those that training sets alike for every network: conv_clamp, lr_multiplier and the cutoffs.
 *
 * Tested by: tests/checkpoint/maps/test_map_state_dicts.c
 */
#include <stdio.h>
#include <string.h>

#include "checkpoint/maps/state_dict.h"

enum { BYTES_OF_A_NAME = 64, MOST_LAYERS = 64 };

/* The official programs train every network of blocks with this clamp. */
static const double usual_clamp = 256.0;
static const char assumed[] =
    "conv_clamp, taken as 256, and the mapping network's lr_multiplier, taken as 0.01, as the "
    "official training sets them";

static int size_of(const sg_state_dict *dict, const char *name, int axis)
{
    return sg_foreign_tensors_size(&dict->tensors, name, axis);
}

static bool has(const sg_state_dict *dict, const char *name)
{
    return sg_foreign_tensors_find(&dict->tensors, name);
}

/* Returns a dimension of PREFIX.bRESOLUTION.NAME. */
static int size_in_block(const sg_state_dict *dict, const char *prefix, int resolution,
                         const char *name, int axis)
{
    char full[BYTES_OF_A_NAME];
    snprintf(full, sizeof full, "%sb%d.%s", prefix, resolution, name);
    return size_of(dict, full, axis);
}

/* ---- sizes ---- */

/*
 * Counts the blocks from 4x4 up, and their channels: an axis of the convolution conv1, or the first
 * axis of conv0 in a block whose conv1 is missing.
 */
static void measure_blocks(const sg_state_dict *dict, const char *prefix, int axis,
                           sg_dict_sizes *sizes)
{
    for (int level = 1; level < SG_MOST_LEVELS; level++) {
        const int after = size_in_block(dict, prefix, 4 << level, "conv1.weight", axis);
        sizes->channels[level] =
            after > 0 ? after : size_in_block(dict, prefix, 4 << level, "conv0.weight", 0);
        if (sizes->channels[level] == 0)
            break;
        sizes->levels = level + 1;
    }
    sizes->resolution = 4 << (sizes->levels - 1);
}

/* Counts the widths of a mapping network; with labels, its first layer takes z and an embedding. */
static void measure_mapping(const sg_state_dict *dict, sg_dict_sizes *sizes)
{
    const int embedded = size_of(dict, "mapping.embed.weight", 0);
    sizes->c_dim = size_of(dict, "mapping.embed.weight", 1);
    sizes->mapping_layers = sg_foreign_tensors_run(&dict->tensors, "mapping.fc", 0, ".weight");
    const int joined =
        sizes->mapping_layers > 0 ? size_of(dict, "mapping.fc0.weight", 1) : sizes->w_dim;
    sizes->z_dim = joined - embedded;
    sizes->layer_features =
        sizes->mapping_layers > 1 ? size_of(dict, "mapping.fc0.weight", 0) : sizes->w_dim;
}

/* ---- StyleGAN2's generator ---- */

/* Blocks have colours each (skip), a shortcut (resnet), or neither. */
static const char *architecture(const sg_state_dict *dict, const char *first_colours,
                                const char *shortcut)
{
    if (has(dict, shortcut))
        return "resnet";
    return has(dict, first_colours) ? "skip" : "orig";
}

/* Adds what no tensor has in common with the other keywords. */
static void add_block_keywords(const sg_state_dict *dict, sg_dict_keywords *keywords)
{
    sg_dict_keywords_item(keywords, "architecture",
                          cJSON_CreateString(architecture(dict, "synthesis.b4.torgb.weight",
                                                          "synthesis.b8.skip.weight")));
    sg_dict_keywords_number(keywords, "conv_clamp", usual_clamp);
    if (!has(dict, "synthesis.b4.conv1.noise_strength"))
        sg_dict_keywords_item(keywords, "use_noise", cJSON_CreateFalse());
}

static void add_embedding(const sg_state_dict *dict, const sg_dict_sizes *sizes,
                          sg_dict_keywords *keywords)
{
    const int embedded = size_of(dict, "mapping.embed.weight", 0);
    if (embedded > 0 && embedded != sizes->w_dim)
        sg_dict_keywords_number(
            &(sg_dict_keywords){cJSON_GetObjectItem(keywords->object, "mapping_kwargs"), false},
            "embed_features", embedded);
}

/*
 * Refuses a generator without a mapping network, and one whose first layer takes twice what it
 * gives without an embedding: a network with labels, whose z and embedding are as wide as w.
 */
static sg_status check_mapping(const sg_state_dict *dict, const sg_dict_sizes *sizes)
{
    char reason[300];
    if (sizes->mapping_layers == 0)
        return sg_state_dict_refuse(dict, "has no mapping network (mapping.fc0.weight ...): it "
                                          "seems to be a synthesis network alone");
    if (sizes->c_dim > 0 || sizes->z_dim != 2 * sizes->layer_features ||
        cJSON_HasObjectItem(dict->contents->given, "z_dim"))
        return SG_OK;
    snprintf(reason, sizeof reason,
             "has a mapping.fc0 that takes %d inputs, but gives %d: it is a conditional network, "
             "whose label embedding is missing (if its latents are that wide, give the keyword "
             "z_dim=%d)",
             sizes->z_dim, sizes->layer_features, sizes->z_dim);
    return sg_state_dict_refuse(dict, reason);
}

static sg_status configure_blocks(sg_state_dict *dict)
{
    sg_dict_sizes sizes = {.levels = 1};
    sizes.channels[0] = size_of(dict, "synthesis.b4.conv1.weight", 0);
    sizes.w_dim = size_of(dict, "synthesis.b4.conv1.affine.weight", 1);
    measure_blocks(dict, "synthesis.", 0, &sizes);
    sizes.img_channels = size_in_block(dict, "synthesis.", sizes.resolution, "torgb.weight", 0);
    measure_mapping(dict, &sizes);
    SG_TRY(check_mapping(dict, &sizes));
    if (sizes.levels == 1)
        return sg_state_dict_refuse(dict, "lacks the tensors synthesis.b8.conv0.weight and "
                                          "synthesis.b8.conv1.weight");
    SG_TRY(sg_state_dict_measure_filter(dict, "synthesis.b8.conv0.resample_filter", &sizes));
    sg_dict_keywords keywords = sg_dict_generator_keywords(&sizes);
    add_embedding(dict, &sizes, &keywords);
    add_block_keywords(dict, &keywords);
    return sg_state_dict_configure(dict, &keywords);
}

/* ---- StyleGAN3's generator ---- */

/* The layers' names give their number, size and channels: "synthesis.L0_36_512.weight". */
typedef struct layer_names {
    int size[MOST_LAYERS], channels[MOST_LAYERS];
    int last;        /* the layer of the colours */
    bool radial;     /* some filter is a square */
    int conv_kernel; /* of layer 0 */
} layer_names;

static void read_layer_name(const sg_state_dict *dict, const char *name, layer_names *layers)
{
    int index;
    int size;
    int channels;
    int end = 0;
    if (sscanf(name, "synthesis.L%d_%d_%d.%n", &index, &size, &channels, &end) != 3 || end == 0 ||
        index < 0 || index >= MOST_LAYERS)
        return;
    if (strcmp(name + end, "weight") == 0) {
        layers->size[index] = size;
        layers->channels[index] = channels;
        layers->last = index > layers->last ? index : layers->last;
        layers->conv_kernel = index == 0 ? size_of(dict, name, 2) : layers->conv_kernel;
    }
    if (strcmp(name + end, "down_filter") == 0 && size_of(dict, name, 1) > 0)
        layers->radial = true;
}

/*
 * Channels are min(channel_base / 2 / cutoff, channel_max). The cutoff of the last layers is half
 * the resolution, so that channel_base is their channels times the resolution.
 */
static void add_layer_keywords(const layer_names *layers, sg_dict_keywords *keywords)
{
    const int resolution = layers->size[layers->last];
    const int critical = layers->last > 0 ? layers->channels[layers->last - 1] : 0;
    int most = 0;
    for (int i = 0; i < layers->last; i++)
        most = layers->channels[i] > most ? layers->channels[i] : most;
    const int first_rate = resolution < 16 ? resolution : 16;
    const int margin = (layers->size[0] - first_rate) / 2;
    sg_dict_keywords_number(keywords, "img_resolution", resolution);
    sg_dict_keywords_number(keywords, "img_channels", layers->channels[layers->last]);
    sg_dict_keywords_number(keywords, "channel_base", (double)critical * resolution);
    sg_dict_keywords_number(keywords, "channel_max", most);
    sg_dict_keywords_number(keywords, "num_layers", layers->last);
    sg_dict_keywords_number(keywords, "margin_size", margin);
    sg_dict_keywords_number(keywords, "conv_kernel", layers->conv_kernel);
    sg_dict_keywords_item(keywords, "use_radial_filters", cJSON_CreateBool(layers->radial));
}

static sg_status configure_layers(sg_state_dict *dict)
{
    sg_dict_sizes sizes = {.w_dim = size_of(dict, "synthesis.input.affine.weight", 1)};
    layer_names layers = {0};
    for (size_t i = 0; i < dict->tensors.count; i++)
        read_layer_name(dict, dict->tensors.items[i].name, &layers);
    measure_mapping(dict, &sizes);
    SG_TRY(check_mapping(dict, &sizes));
    sg_dict_keywords keywords = sg_dict_mapped_keywords(&sizes);
    add_layer_keywords(&layers, &keywords);
    return sg_state_dict_configure(dict, &keywords);
}

/* ---- the discriminator ---- */

/* Returns the channels that the minibatch's standard deviation adds to the last convolution. */
static int statistic_channels(const sg_state_dict *dict)
{
    const int added = size_of(dict, "b4.conv.weight", 1) - size_of(dict, "b4.conv.weight", 0);
    return added > 0 ? added : 0;
}

static sg_status configure_discriminator(sg_state_dict *dict)
{
    sg_dict_sizes sizes = {.levels = 1, .c_dim = size_of(dict, "mapping.embed.weight", 1)};
    char filter[BYTES_OF_A_NAME];
    sizes.channels[0] = size_of(dict, "b4.conv.weight", 0);
    measure_blocks(dict, "", 1, &sizes);
    sizes.img_channels = size_in_block(dict, "", sizes.resolution, "fromrgb.weight", 1);
    snprintf(filter, sizeof filter, "b%d.conv1.resample_filter", sizes.resolution);
    SG_TRY(sg_state_dict_measure_filter(dict, filter, &sizes));
    sg_dict_keywords keywords = sg_dict_discriminator_keywords(&sizes);
    sg_dict_keywords_item(
        &keywords, "architecture",
        cJSON_CreateString(architecture(dict, "b4.fromrgb.weight", "b8.skip.weight")));
    sg_dict_keywords_number(&keywords, "conv_clamp", usual_clamp);
    sg_dict_keywords epilogue = {.object = cJSON_CreateObject()};
    sg_dict_keywords_number(&epilogue, "mbstd_num_channels", statistic_channels(dict));
    sg_dict_keywords_item(&keywords, "epilogue_kwargs", epilogue.object);
    if (sizes.c_dim > 0) {
        sg_dict_keywords mapping = {.object = cJSON_CreateObject()};
        sg_dict_keywords_number(&mapping, "num_layers",
                                sg_foreign_tensors_run(&dict->tensors, "mapping.fc", 0, ".weight"));
        sg_dict_keywords_item(&keywords, "mapping_kwargs", mapping.object);
        sg_dict_keywords_number(&keywords, "cmap_dim", size_of(dict, "b4.out.weight", 0));
    }
    return sg_state_dict_configure(dict, &keywords);
}

/* ---- reading ---- */

static bool is_generator(const sg_foreign_tensors *tensors)
{
    return sg_foreign_tensors_find(tensors, "synthesis.b4.const") ||
           sg_foreign_tensors_find(tensors, "synthesis.input.freqs");
}

static bool is_discriminator(const sg_foreign_tensors *tensors)
{
    return sg_foreign_tensors_find(tensors, "b4.conv.weight") &&
           sg_foreign_tensors_find(tensors, "b4.out.weight");
}

static sg_status read_dict(sg_state_dict *dict)
{
    dict->contents->parts[dict->part].lacks_derived = true;
    dict->contents->assumed = assumed;
    SG_TRY(dict->part == SG_PART_D           ? configure_discriminator(dict)
           : has(dict, "synthesis.b4.const") ? configure_blocks(dict)
                                             : configure_layers(dict));
    return sg_state_dict_take_rest(dict, "resample_filter");
}

const sg_dict_layout sg_official_layout = {
    .title = "state dict of stylegan2-ada-pytorch or stylegan3",
    .is_generator = is_generator,
    .is_discriminator = is_discriminator,
    .read = read_dict,
};
