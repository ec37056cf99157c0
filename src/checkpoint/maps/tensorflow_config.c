/*
 * The options of TensorFlow networks (static_kwargs) as official keywords: by tables, so that an
 * option is known in one place and all others are refused by name.
 *
 * Tested by: tests/checkpoint/maps/test_map_tensorflow.c
 */
#include "checkpoint/maps/tensorflow_config.h"

#include <stdio.h>
#include <string.h>

#include "base/fields.h"
#include "checkpoint/maps/tensorflow_size.h"
#include "checkpoint/values/value_json.h"
#include "models/fork_options.h"

typedef enum option_kind {
    OPTION_RENAMED,
    OPTION_DOUBLED,  /* fmap_base is half of channel_base */
    OPTION_FILTER,   /* None means the filter `text` */
    OPTION_SHAPES,   /* follows from the tensors' shapes */
    OPTION_IGNORED,  /* changes only training, or the way of the arithmetic */
    OPTION_FIXED,    /* must be `text` */
    OPTION_FUNCTION, /* must name a function that begins with `text` */
    OPTION_EXCEPT    /* ignored, but must not be `text` */
} option_kind;

typedef struct option {
    const char *key;
    option_kind kind;
    const char *official; /* the keyword */
    const char *object;   /* the keyword's object, NULL for the outermost */
    const char *text;     /* depends on the kind; values as JSON */
} option;

/* The rows of a table; an option may be in several tables. */
typedef const option *option_table;

/* Options of all networks. */
static const option common_options[] = {
    {"label_size", OPTION_RENAMED, "c_dim", NULL, NULL},
    {"resolution", OPTION_RENAMED, "img_resolution", NULL, NULL},
    {"num_channels", OPTION_RENAMED, "img_channels", NULL, NULL},
    {"fmap_base", OPTION_DOUBLED, "channel_base", NULL, NULL},
    {"fmap_max", OPTION_RENAMED, "channel_max", NULL, NULL},
    {"fmap_min", OPTION_FIXED, NULL, NULL, "1"},
    {"fmap_decay", OPTION_FIXED, NULL, NULL, "1"},
    {"is_template_graph", OPTION_IGNORED, NULL, NULL, NULL},
    {0},
};

static const option stylegan2_options[] = {
    {"num_fp16_res", OPTION_RENAMED, "num_fp16_res", NULL, NULL},
    {"conv_clamp", OPTION_RENAMED, "conv_clamp", NULL, NULL},
    {"architecture", OPTION_RENAMED, "architecture", NULL, NULL},
    {"mapping_layers", OPTION_RENAMED, "num_layers", "mapping_kwargs", NULL},
    {"mapping_lrmul", OPTION_RENAMED, "lr_multiplier", "mapping_kwargs", NULL},
    {"mapping_fmaps", OPTION_SHAPES, NULL, NULL, NULL},
    {"fused_modconv", OPTION_IGNORED, NULL, NULL, NULL},
    {"structure", OPTION_IGNORED, NULL, NULL, NULL},
    {"dtype", OPTION_FIXED, NULL, NULL, "\"float32\""},
    /* Forks for rectangles; the names and the shapes of the variables say the same. */
    {"init_res", OPTION_SHAPES, NULL, NULL, NULL},
    {"min_h", OPTION_SHAPES, NULL, NULL, NULL},
    {"min_w", OPTION_SHAPES, NULL, NULL, NULL},
    {"res_log2", OPTION_SHAPES, NULL, NULL, NULL},
    {"resolution_h", OPTION_SHAPES, NULL, NULL, NULL},
    {"resolution_w", OPTION_SHAPES, NULL, NULL, NULL},
    {0},
};

/* Options of generators with a mapping network, in every family. */
static const option style_options[] = {
    {"latent_size", OPTION_RENAMED, "z_dim", NULL, NULL},
    {"dlatent_size", OPTION_RENAMED, "w_dim", NULL, NULL},
    {"use_noise", OPTION_RENAMED, "use_noise", NULL, NULL},
    {"nonlinearity", OPTION_RENAMED, "activation", NULL, NULL},
    {"mapping_nonlinearity", OPTION_RENAMED, "activation", "mapping_kwargs", NULL},
    {"w_avg_beta", OPTION_RENAMED, "w_avg_beta", "mapping_kwargs", NULL},
    {"dlatent_avg_beta", OPTION_RENAMED, "w_avg_beta", "mapping_kwargs", NULL},
    {"normalize_latents", OPTION_FIXED, NULL, NULL, "true"},
    {"truncation_psi", OPTION_IGNORED, NULL, NULL, NULL},
    {"truncation_psi_val", OPTION_IGNORED, NULL, NULL, NULL},
    {"truncation_cutoff_val", OPTION_IGNORED, NULL, NULL, NULL},
    {"style_mixing_prob", OPTION_IGNORED, NULL, NULL, NULL},
    {"is_training", OPTION_IGNORED, NULL, NULL, NULL},
    {"is_validation", OPTION_IGNORED, NULL, NULL, NULL},
    {"return_dlatents", OPTION_IGNORED, NULL, NULL, NULL},
    {"randomize_noise", OPTION_IGNORED, NULL, NULL, NULL},
    {"dlatent_broadcast", OPTION_SHAPES, NULL, NULL, NULL},
    {"force_clean_graph", OPTION_IGNORED, NULL, NULL, NULL},
    {0},
};

static const option stylegan2_generator_options[] = {
    {"resample_kernel", OPTION_FILTER, "resample_filter", NULL, "[1, 1]"},
    {"label_fmaps", OPTION_SHAPES, NULL, NULL, NULL},
    {"mapping_func", OPTION_FUNCTION, NULL, NULL, "G_mapping"},
    {"synthesis_func", OPTION_FUNCTION, NULL, NULL, "G_synthesis"},
    {"truncation_cutoff", OPTION_IGNORED, NULL, NULL, NULL},
    {"conditioning", OPTION_IGNORED, NULL, NULL, NULL},
    {0},
};

static const option stylegan2_discriminator_options[] = {
    {"resample_kernel", OPTION_FILTER, "resample_filter", "block_kwargs", "[1, 1]"},
    {"nonlinearity", OPTION_RENAMED, "activation", "block_kwargs", NULL},
    {"mbstd_group_size", OPTION_RENAMED, "mbstd_group_size", "epilogue_kwargs", NULL},
    {"mbstd_num_features", OPTION_RENAMED, "mbstd_num_channels", "epilogue_kwargs", NULL},
    {"freeze_layers", OPTION_IGNORED, NULL, NULL, NULL},
    {0},
};

/* Options of StyleGAN and ProGAN. Weights are stored in 32 bits for arithmetic in 16 bits too. */
static const option growing_options[] = {
    {"use_wscale", OPTION_FIXED, NULL, NULL, "true"},
    {"fused_scale", OPTION_RENAMED, "fused_scale", NULL, NULL},
    {"structure", OPTION_EXCEPT, NULL, NULL, "\"fixed\""},
    {"dtype", OPTION_IGNORED, NULL, NULL, NULL},
    {0},
};

static const option stylegan_generator_options[] = {
    {"mapping_layers", OPTION_RENAMED, "num_layers", "mapping_kwargs", NULL},
    {"mapping_lrmul", OPTION_RENAMED, "lr_multiplier", "mapping_kwargs", NULL},
    {"mapping_fmaps", OPTION_SHAPES, NULL, NULL, NULL},
    {"blur_filter", OPTION_FILTER, "resample_filter", NULL, "[1]"},
    {"truncation_cutoff", OPTION_RENAMED, "truncation_cutoff", NULL, NULL},
    {"const_input_layer", OPTION_FIXED, NULL, NULL, "true"},
    {"use_styles", OPTION_FIXED, NULL, NULL, "true"},
    {"use_instance_norm", OPTION_FIXED, NULL, NULL, "true"},
    {"use_pixel_norm", OPTION_FIXED, NULL, NULL, "false"},
    {"mapping_func", OPTION_FUNCTION, NULL, NULL, "G_mapping"},
    {"synthesis_func", OPTION_FUNCTION, NULL, NULL, "G_synthesis"},
    {0},
};

static const option progan_generator_options[] = {
    {"latent_size", OPTION_SHAPES, NULL, NULL, NULL},
    {"normalize_latents", OPTION_FIXED, NULL, NULL, "true"},
    {"use_pixelnorm", OPTION_FIXED, NULL, NULL, "true"},
    {"pixelnorm_epsilon", OPTION_FIXED, NULL, NULL, "1e-8"},
    {"use_leakyrelu", OPTION_FIXED, NULL, NULL, "true"},
    {0},
};

static const option growing_discriminator_options[] = {
    {"nonlinearity", OPTION_RENAMED, "activation", NULL, NULL},
    {"blur_filter", OPTION_FILTER, "resample_filter", NULL, "[1]"},
    {"mbstd_group_size", OPTION_RENAMED, "mbstd_group_size", NULL, NULL},
    {"mbstd_num_features", OPTION_RENAMED, "mbstd_num_channels", NULL, NULL},
    {0},
};

/* A kind of network: its options, and the program's defaults that differ from the config's. */
typedef struct kind {
    option_table tables[4]; /* unused ones are NULL */
    const char *defaults;
} kind;

static const kind generators[] = {
    [SG_STYLEGAN2] = {{common_options, stylegan2_options, style_options,
                       stylegan2_generator_options},
                      "{\"img_resolution\": 1024, \"mapping_kwargs\": {\"w_avg_beta\": 0.995}}"},
    [SG_STYLEGAN1] = {{common_options, growing_options, style_options, stylegan_generator_options},
                      "{\"img_resolution\": 1024, \"mapping_kwargs\": {}}"},
    [SG_PROGAN] = {{common_options, growing_options, progan_generator_options, NULL},
                   "{\"img_resolution\": 32, \"img_channels\": 1}"},
};

static const kind discriminators[] = {
    [SG_STYLEGAN2] = {{common_options, stylegan2_options, stylegan2_discriminator_options, NULL},
                      "{\"img_resolution\": 1024,"
                      " \"mapping_kwargs\": {\"num_layers\": 0, \"lr_multiplier\": 0.1},"
                      " \"block_kwargs\": {}, \"epilogue_kwargs\": {\"mbstd_group_size\": null}}"},
    [SG_STYLEGAN1] = {{common_options, growing_options, growing_discriminator_options, NULL},
                      "{\"family\": \"stylegan1\", \"img_resolution\": 32, \"img_channels\": 1}"},
    [SG_PROGAN] = {{common_options, growing_options, growing_discriminator_options, NULL},
                   "{\"family\": \"progan\", \"img_resolution\": 32, \"img_channels\": 1}"},
};

static const kind *kind_of(const sg_tensorflow_network *network)
{
    return network->discriminator ? &discriminators[network->family] : &generators[network->family];
}

int sg_tensorflow_usual_resolution(const sg_tensorflow_network *network)
{
    cJSON *defaults = cJSON_Parse(kind_of(network)->defaults);
    const cJSON *usual = cJSON_GetObjectItemCaseSensitive(defaults, "img_resolution");
    const int resolution = cJSON_IsNumber(usual) ? usual->valueint : 0;
    cJSON_Delete(defaults);
    return resolution;
}

/* ---- JSON ---- */

/* The config of one part being built. */
typedef struct config_builder {
    const sg_tensorflow_network *network;
    sg_network_contents *contents;
    sg_network_part part;
    cJSON *arguments;
    sg_error *error;
} config_builder;

/* Sets a key to `item`, which is taken over; fails for lack of memory. */
static sg_status put(const config_builder *builder, const char *object, const char *key,
                     cJSON *item)
{
    cJSON *to =
        object ? cJSON_GetObjectItemCaseSensitive(builder->arguments, object) : builder->arguments;
    cJSON_DeleteItemFromObjectCaseSensitive(to, key);
    return sg_json_add(to, key, item)
               ? SG_OK
               : sg_fail_memory(builder->error, "%s", builder->contents->path);
}

static sg_status put_number(const config_builder *builder, const char *object, const char *key,
                            double number)
{
    return put(builder, object, key, cJSON_CreateNumber(number));
}

/* ---- options ---- */

static sg_status refuse_option(const config_builder *builder, const char *key,
                               const sg_value *value)
{
    char text[200];
    return sg_network_contents_refuse(
        builder->contents, builder->part, builder->error,
        "%.150s: %s was made with \"%.60s\" = %.100s, which asks for a network that is not built "
        "here",
        builder->contents->path, sg_network_part_name(builder->part), key,
        sg_value_text(value) ? sg_value_text(value) : sg_value_describe(value, text));
}

/* True if the value's JSON is `text`. */
static bool is_json(const sg_value *value, const char *text)
{
    cJSON *wanted = cJSON_Parse(text);
    cJSON *given = sg_value_to_json(value);
    bool same = given && cJSON_Compare(wanted, given, true);
    cJSON_Delete(wanted);
    cJSON_Delete(given);
    return same;
}

/* True if networks of this value of the row's option can be built. */
static bool is_built(const option *row, const sg_value *value)
{
    const char *name = sg_value_text(value);
    switch (row->kind) {
    case OPTION_FUNCTION:
        /* Configurations B to D build revisions of the first StyleGAN. */
        return name && strncmp(name, row->text, strlen(row->text)) == 0 &&
               !strstr(name, "stylegan_revised");
    case OPTION_FIXED:
        return is_json(value, row->text);
    default:
        return !is_json(value, row->text);
    }
}

static sg_status put_value(const config_builder *builder, const option *row, const sg_value *value)
{
    double base = 0.0;
    const bool doubled = row->kind == OPTION_DOUBLED && sg_value_real(value, &base);
    return put(builder, row->object, row->official,
               doubled ? cJSON_CreateNumber(2.0 * base) : sg_value_to_json(value));
}

static sg_status ignore_option(const config_builder *builder, const char *key)
{
    return sg_network_contents_ignore(builder->contents, builder->error, "%s: option %.60s",
                                      sg_network_part_name(builder->part), key);
}

static sg_status take_option(const config_builder *builder, const option *row,
                             const sg_value *value)
{
    bool none = sg_value_kind_of(value) == SG_VALUE_NONE;
    switch (row->kind) {
    case OPTION_FILTER:
        return none ? put(builder, row->object, row->official, cJSON_Parse(row->text))
                    : put_value(builder, row, value);
    case OPTION_RENAMED:
    case OPTION_DOUBLED:
        return none ? SG_OK : put_value(builder, row, value);
    case OPTION_FIXED:
    case OPTION_FUNCTION:
        return none || is_built(row, value) ? SG_OK : refuse_option(builder, row->key, value);
    case OPTION_EXCEPT:
        if (!none && !is_built(row, value))
            return refuse_option(builder, row->key, value);
        break;
    case OPTION_SHAPES:
        return SG_OK;
    case OPTION_IGNORED:
        break;
    }
    return ignore_option(builder, row->key);
}

/* Refuses an option that no table has, unless it is a fork's that changes nothing. */
static sg_status take_unknown(const config_builder *builder, const char *key, const sg_value *value)
{
    cJSON *json = sg_value_to_json(value);
    const bool harmless = json && sg_fork_option_is_harmless(key, json);
    cJSON_Delete(json);
    return harmless ? ignore_option(builder, key) : refuse_option(builder, key, value);
}

static const option *find_option(const config_builder *builder, const char *key)
{
    const kind *known = kind_of(builder->network);
    for (size_t i = 0; i < sizeof known->tables / sizeof known->tables[0]; i++)
        for (const option *row = known->tables[i]; row && row->key; row++)
            if (strcmp(row->key, key) == 0)
                return row;
    return NULL;
}

static sg_status take_options(const config_builder *builder, const sg_value *keywords)
{
    enum { MOST_OPTIONS = 1000 };
    for (size_t i = 0; i < sg_value_count(keywords) && i < MOST_OPTIONS; i++) {
        const char *key = sg_value_text(sg_value_key(keywords, i));
        const sg_value *value = sg_value_item(keywords, i);
        if (key && sg_tensorflow_keyword(builder->network, key) != value)
            continue; /* a component repeats an option of the network */
        const option *row = key ? find_option(builder, key) : NULL;
        SG_TRY(row ? take_option(builder, row, value)
                   : take_unknown(builder, key ? key : "?", value));
    }
    return SG_OK;
}

/* ---- shapes ---- */

static sg_status put_size(const config_builder *builder, const char *object, const char *key,
                          const char *tensor, int axis)
{
    const int size = sg_foreign_tensors_size(&builder->network->tensors, tensor, axis);
    return size == 0 ? SG_OK : put_number(builder, object, key, size);
}

/* The inputs of ProGAN's first layer are the latents, then the labels. */
static sg_status measure_latents(const config_builder *builder)
{
    const int inputs = sg_foreign_tensors_size(&builder->network->tensors, "4x4/Dense/weight", 0);
    int64_t classes = 0;
    sg_value_integer(sg_tensorflow_keyword(builder->network, "label_size"), &classes);
    if (inputs <= classes || classes < 0)
        return SG_OK;
    SG_TRY(put_number(builder, NULL, "z_dim", (double)(inputs - classes)));
    return put_number(builder, NULL, "w_dim", inputs);
}

/* Sets the widths of the mapping network, whose defaults depend on the program. */
static sg_status measure_generator(const config_builder *builder)
{
    if (builder->network->family == SG_PROGAN)
        return measure_latents(builder);
    SG_TRY(put_size(builder, "mapping_kwargs", "embed_features", "mapping/LabelEmbed/weight", 1));
    return put_size(builder, "mapping_kwargs", "layer_features", "mapping/Dense0/weight", 1);
}

static sg_status measure_discriminator(const config_builder *builder)
{
    const sg_foreign_tensors *tensors = &builder->network->tensors;
    const bool grows = builder->network->family != SG_STYLEGAN2;
    if (!grows && sg_foreign_tensors_find(tensors, "LabelEmbed/weight")) {
        SG_TRY(put_size(builder, NULL, "cmap_dim", "Output/weight", 1));
        SG_TRY(put_size(builder, "mapping_kwargs", "embed_features", "LabelEmbed/weight", 1));
        SG_TRY(put_size(builder, "mapping_kwargs", "layer_features", "Mapping0/weight", 1));
    }
    char scope[SG_TENSORFLOW_SCOPE_BYTES];
    char name[SG_TENSORFLOW_SCOPE_BYTES + 16];
    snprintf(name, sizeof name, "%s/Conv/weight",
             sg_tensorflow_scope(&builder->network->size, 4, scope));
    const int in = sg_foreign_tensors_size(tensors, name, 2);
    if (in == 0 || in != sg_foreign_tensors_size(tensors, name, 3))
        return SG_OK;
    /* All programs except StyleGAN2-ADA omit the statistics for groups of one. */
    return put_number(builder, grows ? NULL : "epilogue_kwargs", "mbstd_num_channels", 0);
}

/* ---- the whole ---- */

/* Sets the default group size: StyleGAN2 compares samples in fours, StyleGAN2-ADA whole batches. */
static sg_status set_group_size(const config_builder *builder)
{
    return sg_tensorflow_keyword(builder->network, "mbstd_group_size") ||
                   builder->network->version > 4
               ? SG_OK
               : put_number(builder, "epilogue_kwargs", "mbstd_group_size", 4);
}

/* Copies the blocks' activation to the last layers and to the labels' layers. */
static sg_status spread_activation(const config_builder *builder)
{
    const cJSON *block = cJSON_GetObjectItemCaseSensitive(builder->arguments, "block_kwargs");
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(block, "activation");
    if (!given)
        return SG_OK;
    SG_TRY(put(builder, "epilogue_kwargs", "activation", cJSON_Duplicate(given, true)));
    return put(builder, "mapping_kwargs", "activation", cJSON_Duplicate(given, true));
}

/*
 * Sets the sizes of a discriminator's last block: what its scope says, or an option; the rest
 * follows from shapes (checkpoint/maps/constant_size.h).
 */
static sg_status set_last_block(const config_builder *builder)
{
    const sg_tensorflow_size *size = &builder->network->size;
    const int sides[] = {size->scope_height, size->scope_width};
    const sg_value *given = sg_tensorflow_keyword(builder->network, "init_res");
    if (sides[0] != 4 || sides[1] != 4)
        return put(builder, NULL, "init_res", cJSON_CreateIntArray(sides, 2));
    return given ? put(builder, NULL, "init_res", sg_value_to_json(given)) : SG_OK;
}

/* Completes StyleGAN2's configs with values that no option gives. */
static sg_status finish_stylegan2(const config_builder *builder)
{
    if (builder->network->size.measured)
        SG_TRY(put_number(builder, NULL, "img_resolution", builder->network->size.resolution));
    if (builder->network->discriminator) {
        SG_TRY(set_last_block(builder));
        SG_TRY(set_group_size(builder));
        SG_TRY(spread_activation(builder));
    }
    return builder->network->by_level
               ? put(builder, NULL, "architecture", cJSON_CreateString("orig"))
               : SG_OK;
}

static sg_status fill(const config_builder *builder)
{
    for (size_t i = 0; i <= SG_TENSORFLOW_MOST_COMPONENTS; i++)
        SG_TRY(take_options(builder, sg_tensorflow_keywords_at(builder->network, i)));
    SG_TRY(builder->network->discriminator ? measure_discriminator(builder)
                                           : measure_generator(builder));
    return builder->network->family == SG_STYLEGAN2 ? finish_stylegan2(builder) : SG_OK;
}

sg_status sg_tensorflow_configure(const sg_tensorflow_network *network,
                                  sg_network_contents *contents, sg_network_part part,
                                  sg_error *error)
{
    config_builder builder = {.network = network,
                              .contents = contents,
                              .part = part,
                              .arguments = cJSON_Parse(kind_of(network)->defaults),
                              .error = error};
    sg_status status =
        builder.arguments ? fill(&builder) : sg_fail_memory(error, "%s", contents->path);
    if (status) {
        cJSON_Delete(builder.arguments);
        return status;
    }
    return sg_network_config_add(&contents->config, part,
                                 network->discriminator ? "Discriminator" : "Generator",
                                 builder.arguments, contents->path, error);
}
