/*
 * Network configs from and to the official init_kwargs as JSON.
 *
 * Reading is by tables: each keyword has a row that says which kind of value it takes and where in
 * the struct that goes, so that a keyword is known in one place and all others are refused by name.
 */
#include "models/config_json.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "models/family.h"

typedef enum field_kind {
    FIELD_INTEGER,
    FIELD_NUMBER,
    FIELD_FLAG,
    FIELD_ACTIVATION,
    FIELD_ARCHITECTURE,
    FIELD_FUSED_SCALE,
    FIELD_NORM,
    FIELD_FAMILY,
    FIELD_FILTER,
    FIELD_OBJECT,
    FIELD_IGNORED /* does not change a float32 network */
} field_kind;

typedef struct field_table field_table;

/* One keyword. */
typedef struct field {
    const char *key;
    field_kind kind;
    size_t offset;             /* of the value in the struct that the table is about */
    size_t taps_offset;        /* FIELD_FILTER: of the number of taps */
    bool nullable;             /* whether null is a value */
    double null_value;         /* what null stands for, for integers and numbers */
    const field_table *nested; /* FIELD_OBJECT: the rows of the object within */
} field;

struct field_table {
    const field *fields;
    size_t count;
    const field_table *also; /* more rows about the same struct, or NULL */
};

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define TABLE(name, more) static const field_table name##_table = {name, COUNT(name), more}

static const field mapping_fields[] = {
    {.key = "num_layers", .kind = FIELD_INTEGER, .offset = offsetof(sg_mapping_config, num_layers)},
    {.key = "embed_features",
     .kind = FIELD_INTEGER,
     .offset = offsetof(sg_mapping_config, embed_features),
     .nullable = true,
     .null_value = -1},
    {.key = "layer_features",
     .kind = FIELD_INTEGER,
     .offset = offsetof(sg_mapping_config, layer_features),
     .nullable = true,
     .null_value = -1},
    {.key = "activation",
     .kind = FIELD_ACTIVATION,
     .offset = offsetof(sg_mapping_config, activation)},
    {.key = "lr_multiplier",
     .kind = FIELD_NUMBER,
     .offset = offsetof(sg_mapping_config, lr_multiplier)},
    {.key = "w_avg_beta", .kind = FIELD_NUMBER, .offset = offsetof(sg_mapping_config, w_avg_beta)},
};
TABLE(mapping_fields, NULL);

#define IN_GENERATOR(member) .offset = offsetof(sg_generator_config, member)

static const field stylegan2_fields[] = {
    {.key = "channel_base", .kind = FIELD_INTEGER, IN_GENERATOR(channel_base)},
    {.key = "channel_max", .kind = FIELD_INTEGER, IN_GENERATOR(channel_max)},
    {.key = "architecture", .kind = FIELD_ARCHITECTURE, IN_GENERATOR(architecture)},
    {.key = "conv_clamp",
     .kind = FIELD_NUMBER,
     IN_GENERATOR(conv_clamp),
     .nullable = true,
     .null_value = -1},
    {.key = "use_noise", .kind = FIELD_FLAG, IN_GENERATOR(use_noise)},
    {.key = "activation", .kind = FIELD_ACTIVATION, IN_GENERATOR(activation)},
    {.key = "resample_filter",
     .kind = FIELD_FILTER,
     IN_GENERATOR(resample_filter),
     .taps_offset = offsetof(sg_generator_config, filter_taps),
     .nullable = true},
    {.key = "num_fp16_res", .kind = FIELD_IGNORED},
    {.key = "use_fp16", .kind = FIELD_IGNORED},
    {.key = "use_fp16_before_res", .kind = FIELD_IGNORED},
    {.key = "channels_last", .kind = FIELD_IGNORED},
    {.key = "fp16_channels_last", .kind = FIELD_IGNORED},
    {.key = "fused_modconv_default", .kind = FIELD_IGNORED},
};
TABLE(stylegan2_fields, NULL);

#define IN_STYLEGAN3(member) .offset = offsetof(sg_generator_config, stylegan3.member)

static const field stylegan3_fields[] = {
    {.key = "channel_base", .kind = FIELD_INTEGER, IN_GENERATOR(channel_base)},
    {.key = "channel_max", .kind = FIELD_INTEGER, IN_GENERATOR(channel_max)},
    {.key = "num_layers", .kind = FIELD_INTEGER, IN_STYLEGAN3(num_layers)},
    {.key = "num_critical", .kind = FIELD_INTEGER, IN_STYLEGAN3(num_critical)},
    {.key = "first_cutoff", .kind = FIELD_NUMBER, IN_STYLEGAN3(first_cutoff)},
    {.key = "first_stopband", .kind = FIELD_NUMBER, IN_STYLEGAN3(first_stopband)},
    {.key = "last_stopband_rel", .kind = FIELD_NUMBER, IN_STYLEGAN3(last_stopband_rel)},
    {.key = "margin_size", .kind = FIELD_INTEGER, IN_STYLEGAN3(margin_size)},
    {.key = "output_scale", .kind = FIELD_NUMBER, IN_STYLEGAN3(output_scale)},
    {.key = "conv_kernel", .kind = FIELD_INTEGER, IN_STYLEGAN3(conv_kernel)},
    {.key = "filter_size", .kind = FIELD_INTEGER, IN_STYLEGAN3(filter_size)},
    {.key = "lrelu_upsampling", .kind = FIELD_INTEGER, IN_STYLEGAN3(lrelu_upsampling)},
    {.key = "use_radial_filters", .kind = FIELD_FLAG, IN_STYLEGAN3(use_radial_filters)},
    {.key = "conv_clamp",
     .kind = FIELD_NUMBER,
     IN_GENERATOR(conv_clamp),
     .nullable = true,
     .null_value = -1},
    {.key = "magnitude_ema_beta", .kind = FIELD_NUMBER, IN_STYLEGAN3(magnitude_ema_beta)},
    {.key = "num_fp16_res", .kind = FIELD_IGNORED},
};
TABLE(stylegan3_fields, NULL);

static const field growing_fields[] = {
    {.key = "channel_base", .kind = FIELD_INTEGER, IN_GENERATOR(channel_base)},
    {.key = "channel_max", .kind = FIELD_INTEGER, IN_GENERATOR(channel_max)},
    {.key = "use_noise", .kind = FIELD_FLAG, IN_GENERATOR(use_noise)},
    {.key = "activation", .kind = FIELD_ACTIVATION, IN_GENERATOR(activation)},
    {.key = "resample_filter",
     .kind = FIELD_FILTER,
     IN_GENERATOR(resample_filter),
     .taps_offset = offsetof(sg_generator_config, filter_taps),
     .nullable = true},
    {.key = "fused_scale", .kind = FIELD_FUSED_SCALE, IN_GENERATOR(growing.fused_scale)},
    {.key = "truncation_cutoff",
     .kind = FIELD_INTEGER,
     IN_GENERATOR(growing.truncation_cutoff),
     .nullable = true,
     .null_value = -1},
};
TABLE(growing_fields, NULL);

static const field dcgan_fields[] = {
    {.key = "channel_base", .kind = FIELD_INTEGER, IN_GENERATOR(channel_base)},
    {.key = "channel_max", .kind = FIELD_INTEGER, IN_GENERATOR(channel_max)},
};
TABLE(dcgan_fields, NULL);

static const field generator_fields[] = {
    {.key = "z_dim", .kind = FIELD_INTEGER, IN_GENERATOR(z_dim)},
    {.key = "c_dim", .kind = FIELD_INTEGER, IN_GENERATOR(c_dim)},
    {.key = "w_dim", .kind = FIELD_INTEGER, IN_GENERATOR(w_dim)},
    {.key = "img_resolution", .kind = FIELD_INTEGER, IN_GENERATOR(img_resolution)},
    {.key = "img_channels", .kind = FIELD_INTEGER, IN_GENERATOR(img_channels)},
    {.key = "mapping_kwargs",
     .kind = FIELD_OBJECT,
     IN_GENERATOR(mapping),
     .nested = &mapping_fields_table},
};

/* What a family has stands in `synthesis_kwargs`, or beside what all have. */
static const field stylegan2_own[] = {
    {.key = "base_height", .kind = FIELD_INTEGER, IN_GENERATOR(base_height)},
    {.key = "base_width", .kind = FIELD_INTEGER, IN_GENERATOR(base_width)},
    {.key = "synthesis_kwargs", .kind = FIELD_OBJECT, .nested = &stylegan2_fields_table},
};
TABLE(stylegan2_own, &stylegan2_fields_table);

static const field stylegan3_own[] = {
    {.key = "synthesis_kwargs", .kind = FIELD_OBJECT, .nested = &stylegan3_fields_table},
};
TABLE(stylegan3_own, &stylegan3_fields_table);

static const field_table generator_tables[SG_FAMILY_COUNT] = {
    [SG_STYLEGAN2] = {generator_fields, COUNT(generator_fields), &stylegan2_own_table},
    [SG_STYLEGAN3] = {generator_fields, COUNT(generator_fields), &stylegan3_own_table},
    [SG_STYLEGAN1] = {generator_fields, COUNT(generator_fields), &growing_fields_table},
    [SG_PROGAN] = {generator_fields, COUNT(generator_fields), &growing_fields_table},
    [SG_DCGAN] = {generator_fields, COUNT(generator_fields), &dcgan_fields_table},
};

/* The official blocks and epilogue have an activation each; ours have one, so both must agree. */
typedef struct discriminator_reading {
    sg_discriminator_config config;
    sg_activation epilogue_activation;
} discriminator_reading;

#define IN_DISCRIMINATOR(member) .offset = offsetof(discriminator_reading, config.member)

static const field block_fields[] = {
    {.key = "activation", .kind = FIELD_ACTIVATION, IN_DISCRIMINATOR(activation)},
    {.key = "resample_filter",
     .kind = FIELD_FILTER,
     IN_DISCRIMINATOR(resample_filter),
     .taps_offset = offsetof(discriminator_reading, config.filter_taps),
     .nullable = true},
    {.key = "fp16_channels_last", .kind = FIELD_IGNORED},
    {.key = "freeze_layers", .kind = FIELD_IGNORED},
};
TABLE(block_fields, NULL);

static const field epilogue_fields[] = {
    {.key = "mbstd_group_size",
     .kind = FIELD_INTEGER,
     IN_DISCRIMINATOR(mbstd_group_size),
     .nullable = true},
    {.key = "mbstd_num_channels", .kind = FIELD_INTEGER, IN_DISCRIMINATOR(mbstd_num_channels)},
    {.key = "activation",
     .kind = FIELD_ACTIVATION,
     .offset = offsetof(discriminator_reading, epilogue_activation)},
};
TABLE(epilogue_fields, NULL);

static const field stylegan2_discriminator_fields[] = {
    {.key = "c_dim", .kind = FIELD_INTEGER, IN_DISCRIMINATOR(c_dim)},
    {.key = "img_resolution", .kind = FIELD_INTEGER, IN_DISCRIMINATOR(img_resolution)},
    {.key = "img_channels", .kind = FIELD_INTEGER, IN_DISCRIMINATOR(img_channels)},
    {.key = "base_height", .kind = FIELD_INTEGER, IN_DISCRIMINATOR(base_height)},
    {.key = "base_width", .kind = FIELD_INTEGER, IN_DISCRIMINATOR(base_width)},
    {.key = "architecture", .kind = FIELD_ARCHITECTURE, IN_DISCRIMINATOR(architecture)},
    {.key = "channel_base", .kind = FIELD_INTEGER, IN_DISCRIMINATOR(channel_base)},
    {.key = "channel_max", .kind = FIELD_INTEGER, IN_DISCRIMINATOR(channel_max)},
    {.key = "conv_clamp",
     .kind = FIELD_NUMBER,
     IN_DISCRIMINATOR(conv_clamp),
     .nullable = true,
     .null_value = -1},
    {.key = "cmap_dim",
     .kind = FIELD_INTEGER,
     IN_DISCRIMINATOR(cmap_dim),
     .nullable = true,
     .null_value = -1},
    {.key = "block_kwargs", .kind = FIELD_OBJECT, .nested = &block_fields_table},
    {.key = "mapping_kwargs",
     .kind = FIELD_OBJECT,
     IN_DISCRIMINATOR(mapping),
     .nested = &mapping_fields_table},
    {.key = "epilogue_kwargs", .kind = FIELD_OBJECT, .nested = &epilogue_fields_table},
    {.key = "num_fp16_res", .kind = FIELD_IGNORED},
    {.key = "use_fp16", .kind = FIELD_IGNORED},
    {.key = "use_fp16_before_res", .kind = FIELD_IGNORED},
};
TABLE(stylegan2_discriminator_fields, NULL);

/* StyleGAN2's discriminator has official keywords and does not say its family; the others do. */
static const field named_discriminator_fields[] = {
    {.key = "family", .kind = FIELD_FAMILY, IN_DISCRIMINATOR(family)},
    {.key = "c_dim", .kind = FIELD_INTEGER, IN_DISCRIMINATOR(c_dim)},
    {.key = "img_resolution", .kind = FIELD_INTEGER, IN_DISCRIMINATOR(img_resolution)},
    {.key = "img_channels", .kind = FIELD_INTEGER, IN_DISCRIMINATOR(img_channels)},
    {.key = "channel_base", .kind = FIELD_INTEGER, IN_DISCRIMINATOR(channel_base)},
    {.key = "channel_max", .kind = FIELD_INTEGER, IN_DISCRIMINATOR(channel_max)},
};
TABLE(named_discriminator_fields, NULL);

static const field dcgan_discriminator_fields[] = {
    {.key = "norm", .kind = FIELD_NORM, IN_DISCRIMINATOR(norm)},
};
TABLE(dcgan_discriminator_fields, &named_discriminator_fields_table);

static const field growing_discriminator_fields[] = {
    {.key = "activation", .kind = FIELD_ACTIVATION, IN_DISCRIMINATOR(activation)},
    {.key = "resample_filter",
     .kind = FIELD_FILTER,
     IN_DISCRIMINATOR(resample_filter),
     .taps_offset = offsetof(discriminator_reading, config.filter_taps),
     .nullable = true},
    {.key = "fused_scale", .kind = FIELD_FUSED_SCALE, IN_DISCRIMINATOR(growing.fused_scale)},
    {.key = "mbstd_group_size",
     .kind = FIELD_INTEGER,
     IN_DISCRIMINATOR(mbstd_group_size),
     .nullable = true},
    {.key = "mbstd_num_channels", .kind = FIELD_INTEGER, IN_DISCRIMINATOR(mbstd_num_channels)},
};
TABLE(growing_discriminator_fields, &named_discriminator_fields_table);

static const field_table *const discriminator_tables[SG_FAMILY_COUNT] = {
    [SG_STYLEGAN2] = &stylegan2_discriminator_fields_table,
    [SG_STYLEGAN3] = &stylegan2_discriminator_fields_table,
    [SG_STYLEGAN1] = &growing_discriminator_fields_table,
    [SG_PROGAN] = &growing_discriminator_fields_table,
    [SG_DCGAN] = &dcgan_discriminator_fields_table,
};

/* ---- reading ---- */

static sg_status fail_type(const char *key, const char *expected, sg_error *error)
{
    return sg_fail(error, SG_ERROR_FORMAT, "the network's config has a \"%s\" that is not %s", key,
                   expected);
}

/* Negative numbers are refused here, since the struct's own -1 means "none". */
static sg_status read_number(const field *row, const cJSON *value, double *number, sg_error *error)
{
    if (row->nullable && cJSON_IsNull(value)) {
        *number = row->null_value;
        return SG_OK;
    }
    bool integer = row->kind == FIELD_INTEGER;
    const char *expected = integer ? "a whole number from 0" : "a number from 0";
    if (!cJSON_IsNumber(value) || !isfinite(value->valuedouble) || value->valuedouble < 0)
        return fail_type(row->key, expected, error);
    *number = value->valuedouble;
    if (integer && *number != floor(*number))
        return fail_type(row->key, expected, error);
    if (integer && *number > INT32_MAX)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "the network's config has a \"%s\" of %g, which is too large", row->key,
                       *number);
    return SG_OK;
}

/* Where in a struct a row's value goes. */
static void *place_of(void *target, size_t offset)
{
    return (char *)target + offset;
}

static sg_status read_filter(const field *row, const cJSON *value, void *target, sg_error *error)
{
    float *filter = place_of(target, row->offset);
    int *taps = place_of(target, row->taps_offset);
    if (cJSON_IsNull(value)) {
        filter[0] = 1.0f;
        *taps = 1;
        return SG_OK;
    }
    int count = cJSON_IsArray(value) ? cJSON_GetArraySize(value) : 0;
    if (count < 1 || count > SG_MAX_FILTER_TAPS)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "the network's config has a \"%s\" that is not a list of 1 to %d numbers",
                       row->key, SG_MAX_FILTER_TAPS);
    int index = 0;
    const cJSON *tap;
    cJSON_ArrayForEach(tap, value)
    {
        if (!cJSON_IsNumber(tap))
            return fail_type(row->key, "a list of numbers", error);
        filter[index++] = (float)tap->valuedouble;
    }
    *taps = count;
    return SG_OK;
}

static sg_status read_architecture(const field *row, const cJSON *value, void *target,
                                   sg_error *error)
{
    for (int i = SG_ARCHITECTURE_ORIG; i <= SG_ARCHITECTURE_RESNET; i++) {
        if (cJSON_IsString(value) &&
            strcmp(value->valuestring, sg_architecture_name((sg_architecture)i)) == 0) {
            sg_architecture *place = place_of(target, row->offset);
            *place = (sg_architecture)i;
            return SG_OK;
        }
    }
    return fail_type(row->key, "one of orig, skip and resnet", error);
}

static sg_status read_activation(const field *row, const cJSON *value, void *target,
                                 sg_error *error)
{
    int kind = cJSON_IsString(value) ? sg_activation_from_name(value->valuestring) : -1;
    if (kind < 0)
        return fail_type(row->key, "the name of an activation function", error);
    sg_activation *place = place_of(target, row->offset);
    *place = (sg_activation)kind;
    return SG_OK;
}

static sg_status read_fused_scale(const field *row, const cJSON *value, void *target,
                                  sg_error *error)
{
    sg_fused_scale *place = place_of(target, row->offset);
    if (cJSON_IsBool(value)) {
        *place = cJSON_IsTrue(value) ? SG_FUSED_ALWAYS : SG_FUSED_NEVER;
        return SG_OK;
    }
    if (cJSON_IsString(value) && strcmp(value->valuestring, "auto") == 0) {
        *place = SG_FUSED_AUTO;
        return SG_OK;
    }
    return fail_type(row->key, "true, false or \"auto\"", error);
}

static sg_status read_norm(const field *row, const cJSON *value, void *target, sg_error *error)
{
    int kind = cJSON_IsString(value) ? sg_norm_from_name(value->valuestring) : -1;
    if (kind < 0)
        return fail_type(row->key, "\"batch\", \"layer\" or \"none\"", error);
    *(sg_norm_kind *)place_of(target, row->offset) = (sg_norm_kind)kind;
    return SG_OK;
}

static sg_status read_fields(const field_table *table, const cJSON *object, const char *name,
                             void *target, sg_error *error);

static sg_status read_value(const field *row, const cJSON *value, void *target, sg_error *error)
{
    void *place = place_of(target, row->offset);
    double number = 0.0;
    sg_status status = SG_OK;
    switch (row->kind) {
    case FIELD_INTEGER:
        status = read_number(row, value, &number, error);
        if (!status)
            *(int *)place = (int)number;
        return status;
    case FIELD_NUMBER:
        status = read_number(row, value, &number, error);
        if (!status)
            *(double *)place = number;
        return status;
    case FIELD_FLAG:
        if (!cJSON_IsBool(value))
            return fail_type(row->key, "true or false", error);
        *(bool *)place = cJSON_IsTrue(value) != 0;
        return SG_OK;
    case FIELD_ACTIVATION:
        return read_activation(row, value, target, error);
    case FIELD_ARCHITECTURE:
        return read_architecture(row, value, target, error);
    case FIELD_FAMILY: /* it chose the table */
        return SG_OK;
    case FIELD_FUSED_SCALE:
        return read_fused_scale(row, value, target, error);
    case FIELD_NORM:
        return read_norm(row, value, target, error);
    case FIELD_FILTER:
        return read_filter(row, value, target, error);
    case FIELD_OBJECT:
        return read_fields(row->nested, value, row->key, place, error);
    case FIELD_IGNORED:
        return SG_OK;
    }
    return SG_OK;
}

static const field *find_field(const field_table *table, const char *key)
{
    for (; table; table = table->also) {
        for (size_t i = 0; i < table->count; i++)
            if (strcmp(table->fields[i].key, key) == 0)
                return &table->fields[i];
    }
    return NULL;
}

/* Nesting is bounded by the tables: an object is only entered where one has a row for it. */
static sg_status read_fields(const field_table *table, const cJSON *object, const char *name,
                             void *target, sg_error *error)
{
    if (!cJSON_IsObject(object))
        return fail_type(name, "an object", error);
    const cJSON *value;
    cJSON_ArrayForEach(value, object)
    {
        const field *row = find_field(table, value->string);
        if (!row)
            return sg_fail(error, SG_ERROR_FORMAT,
                           "the network's config has a \"%.100s\" in \"%s\", which this program "
                           "does not know",
                           value->string, name);
        if (cJSON_GetObjectItemCaseSensitive(object, value->string) != value)
            return sg_fail(error, SG_ERROR_FORMAT, "the network's config has two \"%s\" in \"%s\"",
                           row->key, name);
        sg_status status = read_value(row, value, target, error);
        if (status)
            return status;
    }
    return SG_OK;
}

sg_status sg_generator_config_from_json(const cJSON *init_kwargs, sg_family family,
                                        sg_generator_config *config, sg_error *error)
{
    sg_generator_config result = sg_generator_config_of_family(family);
    sg_status status =
        read_fields(&generator_tables[family], init_kwargs, "init_kwargs", &result, error);
    if (!status)
        status = sg_generator_config_check(&result, error);
    if (!status)
        *config = result;
    return status;
}

sg_family sg_discriminator_family_of_json(const cJSON *init_kwargs)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(init_kwargs, "family");
    int family = cJSON_IsString(name) ? sg_family_from_name(name->valuestring) : -1;
    return family >= 0 ? (sg_family)family : SG_STYLEGAN2;
}

sg_status sg_discriminator_config_from_json(const cJSON *init_kwargs,
                                            sg_discriminator_config *config, sg_error *error)
{
    const sg_family family = sg_discriminator_family_of_json(init_kwargs);
    discriminator_reading result = {.config = sg_discriminator_config_of_family(family)};
    result.epilogue_activation = result.config.activation;
    sg_status status =
        read_fields(discriminator_tables[family], init_kwargs, "init_kwargs", &result, error);
    if (status)
        return status;
    if (discriminator_tables[family] == &stylegan2_discriminator_fields_table &&
        result.epilogue_activation != result.config.activation)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "the network's config asks for the activation %s in \"block_kwargs\" and %s "
                       "in \"epilogue_kwargs\", but they must be the same",
                       sg_activation_name(result.config.activation),
                       sg_activation_name(result.epilogue_activation));
    status = sg_discriminator_config_check(&result.config, error);
    if (!status)
        *config = result.config;
    return status;
}

/* ---- what is ignored ---- */

static void visit_ignored(const field_table *table, const cJSON *object,
                          void (*visit)(void *user, const char *key), void *user)
{
    const cJSON *value;
    cJSON_ArrayForEach(value, object)
    {
        const field *row = value->string ? find_field(table, value->string) : NULL;
        bool asks = !cJSON_IsNull(value) && !cJSON_IsFalse(value) &&
                    !(cJSON_IsNumber(value) && value->valuedouble == 0.0);
        if (row && row->kind == FIELD_OBJECT)
            visit_ignored(row->nested, value, visit, user);
        else if (row && row->kind == FIELD_IGNORED && asks)
            visit(user, row->key);
    }
}

void sg_config_visit_ignored(const cJSON *init_kwargs, bool discriminator, sg_family family,
                             void (*visit)(void *user, const char *key), void *user)
{
    visit_ignored(discriminator ? discriminator_tables[family] : &generator_tables[family],
                  init_kwargs, visit, user);
}
