/*
 * Options from shapes. Sizes are measured in tensors that every network of the family has.
 *
 * Tested by: tests/checkpoint/programs/test_program_dicts.c
 */
#include "checkpoint/programs/program_options.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/fields.h"

/* ---- sizes ---- */

static const sg_network_tensor *find(const sg_state_dict *dict, const char *name)
{
    const sg_network_contents_part *part = &dict->contents->parts[dict->part];
    for (size_t i = 0; i < part->count; i++)
        if (strcmp(part->tensors[i].name, name) == 0)
            return &part->tensors[i];
    return NULL;
}

/* Returns a size of the tensor; 0 if it is absent or the size does not fit. */
static int size_of(const sg_state_dict *dict, const char *name, int axis)
{
    const sg_network_tensor *tensor = find(dict, name);
    return tensor && axis < tensor->rank && tensor->size[axis] <= INT_MAX ? (int)tensor->size[axis]
                                                                          : 0;
}

/* Returns a size of the tensor PREFIXbRESOLUTION.NAME. */
static int size_in_block(const sg_state_dict *dict, const char *prefix, int resolution,
                         const char *name, int axis)
{
    char full[SG_PARAMETER_NAME_BYTES];
    snprintf(full, sizeof full, "%sb%d.%s", prefix, resolution, name);
    return size_of(dict, full, axis);
}

/* Counts the blocks that have the tensor, and their channels; at 4x4, another tensor may serve. */
static void measure_blocks(const sg_state_dict *dict, const char *prefix, const char *first,
                           const char *later, sg_dict_sizes *sizes)
{
    sizes->levels = 0;
    for (int level = 0; level < SG_MOST_LEVELS; level++) {
        const int channels = size_in_block(dict, prefix, 4 << level, level == 0 ? first : later, 0);
        if (channels == 0)
            break;
        sizes->channels[level] = channels;
        sizes->levels = level + 1;
    }
    sizes->resolution = sizes->levels > 0 ? 4 << (sizes->levels - 1) : 0;
}

static int count_mapping_layers(const sg_state_dict *dict)
{
    enum { MOST_LAYERS = 100 };
    int count = 0;
    for (; count < MOST_LAYERS; count++) {
        char name[SG_PARAMETER_NAME_BYTES];
        snprintf(name, sizeof name, "mapping.fc%d.weight", count);
        if (!find(dict, name))
            break;
    }
    return count;
}

/* Measures a mapping network; with labels, its first layer takes z and their embedding. */
static void measure_mapping(const sg_state_dict *dict, sg_dict_sizes *sizes)
{
    sizes->c_dim = size_of(dict, "mapping.embed.weight", 1);
    sizes->mapping_layers = count_mapping_layers(dict);
    sizes->z_dim =
        size_of(dict, "mapping.fc0.weight", 1) - size_of(dict, "mapping.embed.weight", 0);
    sizes->layer_features = sizes->mapping_layers > 1 ? size_of(dict, "mapping.fc0.weight", 0) : 0;
}

/* ---- generators ---- */

static cJSON *mapping_of(const sg_dict_keywords *keywords)
{
    return cJSON_GetObjectItemCaseSensitive(keywords->object, "mapping_kwargs");
}

/* Adds the width of the labels' embedding. */
static void add_embedding(const sg_state_dict *dict, sg_dict_keywords *keywords)
{
    sg_dict_keywords mapping = {.object = mapping_of(keywords)};
    const int features = size_of(dict, "mapping.embed.weight", 0);
    if (features > 0)
        sg_dict_keywords_number(&mapping, "embed_features", features);
    keywords->failed = keywords->failed || mapping.failed;
}

static sg_dict_keywords stylegan2_keywords(const sg_state_dict *dict, sg_dict_sizes *sizes)
{
    sizes->w_dim = size_of(dict, "synthesis.b4.conv1.affine.weight", 1);
    measure_mapping(dict, sizes);
    measure_blocks(dict, "synthesis.", "conv1.weight", "conv1.weight", sizes);
    sizes->img_channels = size_in_block(dict, "synthesis.", sizes->resolution, "torgb.weight", 0);
    sg_dict_keywords keywords = sg_dict_generator_keywords(sizes);
    const char *architecture = find(dict, "synthesis.b4.torgb.weight") ? "skip" : "orig";
    sg_dict_keywords_item(&keywords, "architecture", cJSON_CreateString(architecture));
    add_embedding(dict, &keywords);
    return keywords;
}

/* ProGAN has no mapping network: w is the latent. */
static sg_dict_keywords growing_keywords(const sg_state_dict *dict, sg_dict_sizes *sizes,
                                         sg_family family)
{
    measure_blocks(dict, "synthesis.", "layer1.weight", "layer1.weight", sizes);
    sizes->img_channels = size_in_block(dict, "synthesis.", sizes->resolution, "torgb.weight", 0);
    sizes->w_dim = size_of(dict, "synthesis.b4.layer1.affine.weight", 1);
    measure_mapping(dict, sizes);
    if (family == SG_PROGAN)
        sizes->z_dim = sizes->w_dim = size_of(dict, "synthesis.b4.dense.weight", 1);
    sg_dict_keywords keywords = sg_dict_generator_keywords(sizes);
    if (family == SG_PROGAN)
        cJSON_DeleteItemFromObjectCaseSensitive(keywords.object, "mapping_kwargs");
    else
        add_embedding(dict, &keywords);
    return keywords;
}

/* ---- discriminators ---- */

/* Moves what only StyleGAN2's blocks have in an object of their own. */
static void move_filter(sg_dict_keywords *keywords)
{
    cJSON *block = cJSON_DetachItemFromObjectCaseSensitive(keywords->object, "block_kwargs");
    cJSON *filter = cJSON_DetachItemFromObjectCaseSensitive(block, "resample_filter");
    cJSON_Delete(block);
    if (filter)
        sg_dict_keywords_item(keywords, "resample_filter", filter);
}

static void add_statistic(const sg_state_dict *dict, sg_dict_keywords *keywords)
{
    const int added = size_of(dict, "b4.conv.weight", 1) - size_of(dict, "b4.conv.weight", 0);
    sg_dict_keywords_number(keywords, "mbstd_num_channels", added > 0 ? added : 0);
}

/* Adds the mapping network of StyleGAN2-ADA's labels. */
static void add_label_mapping(const sg_state_dict *dict, sg_dict_keywords *keywords)
{
    sg_dict_keywords mapping = {.object = cJSON_CreateObject()};
    sg_dict_keywords_number(&mapping, "num_layers", count_mapping_layers(dict));
    sg_dict_keywords_item(keywords, "mapping_kwargs", mapping.object);
    sg_dict_keywords_number(keywords, "cmap_dim", size_of(dict, "b4.out.weight", 0));
    keywords->failed = keywords->failed || mapping.failed;
}

static sg_dict_keywords discriminator_keywords(const sg_state_dict *dict, sg_dict_sizes *sizes,
                                               sg_family family)
{
    measure_blocks(dict, "", "conv.weight", "conv0.weight", sizes);
    sizes->img_channels = size_in_block(dict, "", sizes->resolution, "fromrgb.weight", 1);
    sizes->c_dim = size_of(dict, "mapping.embed.weight", 1);
    sg_dict_keywords keywords = sg_dict_discriminator_keywords(sizes);
    if (family != SG_STYLEGAN2) {
        move_filter(&keywords);
        add_statistic(dict, &keywords);
        return keywords;
    }
    const bool residual = size_in_block(dict, "", sizes->resolution, "skip.weight", 0) > 0;
    const bool skips = find(dict, "b4.fromrgb.weight");
    sg_dict_keywords epilogue = {.object = cJSON_CreateObject()};
    sg_dict_keywords_item(&keywords, "architecture",
                          cJSON_CreateString(residual ? "resnet"
                                             : skips  ? "skip"
                                                      : "orig"));
    add_statistic(dict, &epilogue);
    sg_dict_keywords_item(&keywords, "epilogue_kwargs", epilogue.object);
    if (sizes->c_dim > 0)
        add_label_mapping(dict, &keywords);
    return keywords;
}

/* ---- zeros ---- */

static sg_status add_zeros(sg_state_dict *dict, const char *name, int rank, const int64_t *size)
{
    if (find(dict, name))
        return SG_OK;
    const sg_network_tensor zeros = sg_network_tensor_zeros(rank, size);
    return sg_network_contents_add(dict->contents, dict->part, name, &zeros, dict->error);
}

/*
 * Adds the level of detail of a finished network, and the colours of sizes below the full one, of
 * which it makes no picture.
 */
static sg_status complete_growing(sg_state_dict *dict, const sg_dict_sizes *sizes)
{
    const bool discriminator = dict->part == SG_PART_D;
    SG_TRY(add_zeros(dict, discriminator ? "lod" : "synthesis.lod", 0, NULL));
    for (int level = 0; !discriminator && level + 1 < sizes->levels; level++) {
        char name[SG_PARAMETER_NAME_BYTES];
        const int64_t weight[] = {sizes->img_channels, sizes->channels[level], 1, 1};
        snprintf(name, sizeof name, "synthesis.b%d.torgb.weight", 4 << level);
        SG_TRY(add_zeros(dict, name, 4, weight));
        snprintf(name, sizeof name, "synthesis.b%d.torgb.bias", 4 << level);
        SG_TRY(add_zeros(dict, name, 1, weight));
    }
    return SG_OK;
}

/* ---- the whole ---- */

/* Adds which layers are fused, where a tensor's name tells it. */
static void add_fused_scale(const sg_program_network *network, const sg_state_dict *dict,
                            sg_dict_keywords *keywords)
{
    const bool fused =
        network->fused && sg_foreign_tensors_find(&dict->tensors, network->fused) != NULL;
    if (fused || (network->unfused && sg_foreign_tensors_find(&dict->tensors, network->unfused)))
        sg_dict_keywords_item(keywords, "fused_scale", cJSON_CreateBool(fused));
}

/* Adds the options of the network's row. */
static void add_options(const sg_program_network *network, sg_dict_keywords *keywords)
{
    cJSON *options = cJSON_Parse(network->options ? network->options : "{}");
    keywords->failed = keywords->failed || !options;
    while (options && options->child) {
        cJSON *option = cJSON_DetachItemViaPointer(options, options->child);
        char key[64];
        snprintf(key, sizeof key, "%s", option->string);
        sg_dict_keywords_item(keywords, key, option);
    }
    cJSON_Delete(options);
}

static sg_status check(const sg_program_network *network, const sg_state_dict *dict,
                       const sg_dict_sizes *sizes)
{
    if (dict->part == SG_PART_D && sizes->c_dim == 0 && size_of(dict, "b4.out.weight", 0) > 1)
        return sg_state_dict_refuse(dict, "has a score for each label; it is not built here");
    return network->family == SG_STYLEGAN2 ? SG_OK : sg_state_dict_check_channels(dict, sizes);
}

sg_status sg_program_configure(const sg_program_network *network, sg_state_dict *dict)
{
    sg_dict_sizes sizes = {0};
    if (network->filter)
        SG_TRY(sg_state_dict_measure_filter(dict, network->filter, &sizes));
    sg_dict_keywords keywords =
        network->discriminator            ? discriminator_keywords(dict, &sizes, network->family)
        : network->family == SG_STYLEGAN2 ? stylegan2_keywords(dict, &sizes)
                                          : growing_keywords(dict, &sizes, network->family);
    add_fused_scale(network, dict, &keywords);
    add_options(network, &keywords);
    SG_TRY(sg_state_dict_configure(dict, &keywords));
    SG_TRY(check(network, dict, &sizes));
    return network->family == SG_STYLEGAN2 ? SG_OK : complete_growing(dict, &sizes);
}
