/*
 * The options of TensorFlow networks (static_kwargs) as official keywords: by tables, so that an
 * option is known in one place and all others are refused by name.
 */
#include "checkpoint/tensorflow_config.h"

#include <string.h>

#include "checkpoint/value_json.h"

typedef enum option_kind {
    OPTION_RENAMED,
    OPTION_DOUBLED, /* fmap_base counts half of channel_base */
    OPTION_FILTER,  /* None stands for a box of two taps */
    OPTION_SHAPES,  /* told by the tensors' shapes */
    OPTION_IGNORED, /* changes training, or how the arithmetic is done */
    OPTION_FIXED,   /* only one value is built here */
    OPTION_FUNCTION /* only functions whose names begin so are built here */
} option_kind;

typedef struct option {
    const char *key;
    option_kind kind;
    const char *official; /* the keyword */
    const char *object;   /* the keyword's object, NULL for the outermost */
    const char *fixed;    /* OPTION_FIXED: the value as JSON; OPTION_FUNCTION: the name's start */
} option;

static const option common_options[] = {
    {"label_size", OPTION_RENAMED, "c_dim", NULL, NULL},
    {"resolution", OPTION_RENAMED, "img_resolution", NULL, NULL},
    {"num_channels", OPTION_RENAMED, "img_channels", NULL, NULL},
    {"fmap_base", OPTION_DOUBLED, "channel_base", NULL, NULL},
    {"fmap_max", OPTION_RENAMED, "channel_max", NULL, NULL},
    {"fmap_min", OPTION_FIXED, NULL, NULL, "1"},
    {"fmap_decay", OPTION_FIXED, NULL, NULL, "1"},
    {"num_fp16_res", OPTION_RENAMED, "num_fp16_res", NULL, NULL},
    {"conv_clamp", OPTION_RENAMED, "conv_clamp", NULL, NULL},
    {"architecture", OPTION_RENAMED, "architecture", NULL, NULL},
    {"mapping_layers", OPTION_RENAMED, "num_layers", "mapping_kwargs", NULL},
    {"mapping_lrmul", OPTION_RENAMED, "lr_multiplier", "mapping_kwargs", NULL},
    {"mapping_fmaps", OPTION_SHAPES, NULL, NULL, NULL},
    {"fused_modconv", OPTION_IGNORED, NULL, NULL, NULL},
    {"structure", OPTION_IGNORED, NULL, NULL, NULL},
    {"dtype", OPTION_FIXED, NULL, NULL, "\"float32\""},
    {"is_template_graph", OPTION_IGNORED, NULL, NULL, NULL},
    {NULL, OPTION_IGNORED, NULL, NULL, NULL},
};

static const option generator_options[] = {
    {"latent_size", OPTION_RENAMED, "z_dim", NULL, NULL},
    {"dlatent_size", OPTION_RENAMED, "w_dim", NULL, NULL},
    {"resample_kernel", OPTION_FILTER, "resample_filter", NULL, NULL},
    {"use_noise", OPTION_RENAMED, "use_noise", NULL, NULL},
    {"nonlinearity", OPTION_RENAMED, "activation", NULL, NULL},
    {"mapping_nonlinearity", OPTION_RENAMED, "activation", "mapping_kwargs", NULL},
    {"w_avg_beta", OPTION_RENAMED, "w_avg_beta", "mapping_kwargs", NULL},
    {"dlatent_avg_beta", OPTION_RENAMED, "w_avg_beta", "mapping_kwargs", NULL},
    {"label_fmaps", OPTION_SHAPES, NULL, NULL, NULL},
    {"normalize_latents", OPTION_FIXED, NULL, NULL, "true"},
    {"mapping_func", OPTION_FUNCTION, NULL, NULL, "G_mapping"},
    {"synthesis_func", OPTION_FUNCTION, NULL, NULL, "G_synthesis"},
    {"truncation_psi", OPTION_IGNORED, NULL, NULL, NULL},
    {"truncation_cutoff", OPTION_IGNORED, NULL, NULL, NULL},
    {"truncation_psi_val", OPTION_IGNORED, NULL, NULL, NULL},
    {"truncation_cutoff_val", OPTION_IGNORED, NULL, NULL, NULL},
    {"style_mixing_prob", OPTION_IGNORED, NULL, NULL, NULL},
    {"conditioning", OPTION_IGNORED, NULL, NULL, NULL},
    {"is_training", OPTION_IGNORED, NULL, NULL, NULL},
    {"is_validation", OPTION_IGNORED, NULL, NULL, NULL},
    {"return_dlatents", OPTION_IGNORED, NULL, NULL, NULL},
    {"randomize_noise", OPTION_IGNORED, NULL, NULL, NULL},
    {"dlatent_broadcast", OPTION_IGNORED, NULL, NULL, NULL},
    {NULL, OPTION_IGNORED, NULL, NULL, NULL},
};

static const option discriminator_options[] = {
    {"resample_kernel", OPTION_FILTER, "resample_filter", "block_kwargs", NULL},
    {"nonlinearity", OPTION_RENAMED, "activation", "block_kwargs", NULL},
    {"mbstd_group_size", OPTION_RENAMED, "mbstd_group_size", "epilogue_kwargs", NULL},
    {"mbstd_num_features", OPTION_RENAMED, "mbstd_num_channels", "epilogue_kwargs", NULL},
    {"freeze_layers", OPTION_IGNORED, NULL, NULL, NULL},
    {NULL, OPTION_IGNORED, NULL, NULL, NULL},
};

/* The TensorFlow programs' defaults where they differ from the official PyTorch ones. */
static const char generator_defaults[] =
    "{\"img_resolution\": 1024, \"mapping_kwargs\": {\"w_avg_beta\": 0.995}}";
static const char discriminator_defaults[] =
    "{\"img_resolution\": 1024,"
    " \"mapping_kwargs\": {\"num_layers\": 0, \"lr_multiplier\": 0.1},"
    " \"block_kwargs\": {}, \"epilogue_kwargs\": {\"mbstd_group_size\": null}}";

int sg_tensorflow_resolution(const sg_tensorflow_network *network)
{
    enum { LARGEST = 4096 };
    int64_t resolution = 1024;
    const sg_value *given = sg_value_find(network->keywords, "resolution");
    bool number = given == NULL || sg_value_integer(given, &resolution);
    bool power =
        number && resolution >= 4 && resolution <= LARGEST && (resolution & (resolution - 1)) == 0;
    return power ? (int)resolution : 0;
}

/* ---- JSON ---- */

/* Puts `item`, which is taken over, under a key, over what was there; false for lack of memory. */
static bool put(cJSON *arguments, const char *object, const char *key, cJSON *item)
{
    cJSON *to = object != NULL ? cJSON_GetObjectItemCaseSensitive(arguments, object) : arguments;
    if (to != NULL && item != NULL) {
        cJSON_DeleteItemFromObjectCaseSensitive(to, key);
        if (cJSON_AddItemToObject(to, key, item)) {
            return true;
        }
    }
    cJSON_Delete(item);
    return false;
}

static bool put_number(cJSON *arguments, const char *object, const char *key, double number)
{
    return put(arguments, object, key, cJSON_CreateNumber(number));
}

/* ---- options ---- */

/* Building the config of one part. */
typedef struct configuring {
    const sg_tensorflow_network *network;
    sg_network_contents *contents;
    sg_network_part part;
    cJSON *arguments;
    sg_error *error;
} configuring;

static sg_status fail_memory(const configuring *job)
{
    return sg_fail(job->error, SG_ERROR_MEMORY, "no memory left to read %s", job->contents->path);
}

static sg_status refuse_option(const configuring *job, const char *key, const sg_value *value)
{
    char text[200];
    return sg_network_contents_refuse(
        job->contents, job->part, job->error,
        "%.150s: %s was made with \"%.60s\" = %.100s, which asks for a network that is not built "
        "here",
        job->contents->path, sg_network_part_name(job->part), key,
        sg_value_text(value) != NULL ? sg_value_text(value) : sg_value_describe(value, text));
}

static bool is_fixed(const option *row, const sg_value *value)
{
    if (row->kind == OPTION_FUNCTION) {
        const char *name = sg_value_text(value);
        /* The networks of configurations B to D are revisions of the first StyleGAN's. */
        return name != NULL && strncmp(name, row->fixed, strlen(row->fixed)) == 0 &&
               strstr(name, "stylegan_revised") == NULL;
    }
    cJSON *wanted = cJSON_Parse(row->fixed);
    cJSON *given = sg_value_to_json(value);
    bool same = given != NULL && cJSON_Compare(wanted, given, true);
    cJSON_Delete(wanted);
    cJSON_Delete(given);
    return same;
}

static sg_status put_value(const configuring *job, const option *row, const sg_value *value)
{
    double base = 0.0;
    bool whole = row->kind == OPTION_DOUBLED && sg_value_real(value, &base)
                     ? put_number(job->arguments, row->object, row->official, 2.0 * base)
                     : put(job->arguments, row->object, row->official, sg_value_to_json(value));
    return whole ? SG_OK : fail_memory(job);
}

static sg_status take_option(const configuring *job, const option *row, const sg_value *value)
{
    static const float box[] = {1.0f, 1.0f};
    bool none = sg_value_kind_of(value) == SG_VALUE_NONE;
    switch (row->kind) {
    case OPTION_FILTER:
        if (none) {
            return put(job->arguments, row->object, row->official, cJSON_CreateFloatArray(box, 2))
                       ? SG_OK
                       : fail_memory(job);
        }
        return put_value(job, row, value);
    case OPTION_RENAMED:
    case OPTION_DOUBLED:
        return none ? SG_OK : put_value(job, row, value);
    case OPTION_FIXED:
    case OPTION_FUNCTION:
        return none || is_fixed(row, value) ? SG_OK : refuse_option(job, row->key, value);
    case OPTION_SHAPES:
        return SG_OK;
    case OPTION_IGNORED:
        return sg_network_contents_ignore(job->contents, job->error, "%s: option %s",
                                          sg_network_part_name(job->part), row->key);
    }
    return SG_OK;
}

/* An option that no table has; when it is None, nothing was asked for. */
static sg_status take_unknown(const configuring *job, const char *key, const sg_value *value)
{
    if (sg_value_kind_of(value) == SG_VALUE_NONE) {
        return sg_network_contents_ignore(job->contents, job->error, "%s: option %.60s",
                                          sg_network_part_name(job->part), key);
    }
    return refuse_option(job, key, value);
}

static const option *find_option(const option *rows, const char *key)
{
    for (; rows->key != NULL; rows++) {
        if (strcmp(rows->key, key) == 0) {
            return rows;
        }
    }
    return NULL;
}

static sg_status take_options(const configuring *job)
{
    enum { MOST_OPTIONS = 1000 };
    const sg_value *keywords = job->network->keywords;
    const option *own = job->part == SG_PART_D ? discriminator_options : generator_options;
    sg_status status = SG_OK;
    for (size_t i = 0; status == SG_OK && i < sg_value_count(keywords) && i < MOST_OPTIONS; i++) {
        const char *key = sg_value_text(sg_value_key(keywords, i));
        const sg_value *value = sg_value_item(keywords, i);
        const option *row = key != NULL ? find_option(common_options, key) : NULL;
        if (row == NULL && key != NULL) {
            row = find_option(own, key);
        }
        status = row != NULL ? take_option(job, row, value)
                             : take_unknown(job, key != NULL ? key : "?", value);
    }
    return status;
}

/* ---- shapes ---- */

static bool put_size(const configuring *job, const char *object, const char *key,
                     const char *tensor, int axis)
{
    int size = sg_foreign_tensors_size(&job->network->tensors, tensor, axis);
    return size == 0 || put_number(job->arguments, object, key, size);
}

/* The widths of the mapping network, whose defaults depend on the program. */
static sg_status measure_generator(const configuring *job)
{
    return put_size(job, "mapping_kwargs", "embed_features", "mapping/LabelEmbed/weight", 1) &&
                   put_size(job, "mapping_kwargs", "layer_features", "mapping/Dense0/weight", 1)
               ? SG_OK
               : fail_memory(job);
}

static sg_status measure_discriminator(const configuring *job)
{
    const sg_foreign_tensors *tensors = &job->network->tensors;
    bool whole = true;
    if (sg_foreign_tensors_find(tensors, "LabelEmbed/weight") != NULL) {
        whole = put_size(job, NULL, "cmap_dim", "Output/weight", 1) &&
                put_size(job, "mapping_kwargs", "embed_features", "LabelEmbed/weight", 1) &&
                put_size(job, "mapping_kwargs", "layer_features", "Mapping0/weight", 1);
    }
    int in = sg_foreign_tensors_size(tensors, "4x4/Conv/weight", 2);
    int out = sg_foreign_tensors_size(tensors, "4x4/Conv/weight", 3);
    if (whole && in > 0 && in == out) {
        /* StyleGAN2 leaves the statistics out for groups of one. */
        whole = put_number(job->arguments, "epilogue_kwargs", "mbstd_num_channels", 0);
    }
    return whole ? SG_OK : fail_memory(job);
}

/* ---- the whole ---- */

/* StyleGAN2 compares the samples in fours unless told otherwise, StyleGAN2-ADA the whole batch. */
static sg_status set_group_size(const configuring *job)
{
    bool given = sg_value_find(job->network->keywords, "mbstd_group_size") != NULL;
    return given || job->network->version > 4 ||
                   put_number(job->arguments, "epilogue_kwargs", "mbstd_group_size", 4)
               ? SG_OK
               : fail_memory(job);
}

/* The layer before the scores has the blocks' activation, and so have the labels' layers. */
static sg_status spread_activation(const configuring *job)
{
    const cJSON *block = cJSON_GetObjectItemCaseSensitive(job->arguments, "block_kwargs");
    const cJSON *activation = cJSON_GetObjectItemCaseSensitive(block, "activation");
    return activation == NULL || (put(job->arguments, "epilogue_kwargs", "activation",
                                      cJSON_Duplicate(activation, true)) &&
                                  put(job->arguments, "mapping_kwargs", "activation",
                                      cJSON_Duplicate(activation, true)))
               ? SG_OK
               : fail_memory(job);
}

static sg_status fill(const configuring *job)
{
    bool discriminator = job->part == SG_PART_D;
    sg_status status = take_options(job);
    if (status == SG_OK) {
        status = discriminator ? measure_discriminator(job) : measure_generator(job);
    }
    if (status == SG_OK && discriminator) {
        status = set_group_size(job);
    }
    if (status == SG_OK && discriminator) {
        status = spread_activation(job);
    }
    if (status == SG_OK && job->network->progressive &&
        !put(job->arguments, NULL, "architecture", cJSON_CreateString("orig"))) {
        status = fail_memory(job);
    }
    return status;
}

sg_status sg_tensorflow_configure(const sg_tensorflow_network *network,
                                  sg_network_contents *contents, sg_network_part part,
                                  sg_error *error)
{
    bool discriminator = part == SG_PART_D;
    configuring job = {.network = network,
                       .contents = contents,
                       .part = part,
                       .arguments =
                           cJSON_Parse(discriminator ? discriminator_defaults : generator_defaults),
                       .error = error};
    sg_status status = job.arguments != NULL ? fill(&job) : fail_memory(&job);
    if (status != SG_OK) {
        cJSON_Delete(job.arguments);
        return status;
    }
    return sg_network_contents_configure(
        contents, part, discriminator ? "Discriminator" : "Generator", job.arguments, error);
}
