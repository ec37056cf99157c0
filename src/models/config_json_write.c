/* Network configs to the official init_kwargs as JSON. */
#include "models/config_json.h"

#include "models/family.h"

/* An object being built; `failed` is set once an allocation fails. */
typedef struct building {
    cJSON *object;
    bool failed;
} building;

static building start_object(void)
{
    building result = {.object = cJSON_CreateObject()};
    result.failed = !result.object;
    return result;
}

/* Takes over `value`. */
static void add_item(building *to, const char *key, cJSON *value)
{
    if (!value || to->failed || !cJSON_AddItemToObject(to->object, key, value)) {
        cJSON_Delete(value);
        to->failed = true;
    }
}

static void add_number(building *to, const char *key, double value)
{
    add_item(to, key, cJSON_CreateNumber(value));
}

static void add_text(building *to, const char *key, const char *value)
{
    add_item(to, key, cJSON_CreateString(value));
}

/* null for the struct's value for "none". */
static void add_optional(building *to, const char *key, double value, double none)
{
    add_item(to, key, value == none ? cJSON_CreateNull() : cJSON_CreateNumber(value));
}

/* Only when it differs from the default. */
static void add_changed(building *to, const char *key, double value, double normal)
{
    if (value != normal)
        add_number(to, key, value);
}

static void add_changed_activation(building *to, sg_activation value, sg_activation normal)
{
    if (value != normal)
        add_text(to, "activation", sg_activation_name(value));
}

/* The object, or NULL when it could not be built. */
static cJSON *finish_object(building *built)
{
    if (built->failed) {
        cJSON_Delete(built->object);
        return NULL;
    }
    return built->object;
}

/* Adds `inner` under `key` unless it is empty, which stands for the defaults. */
static void add_object(building *to, const char *key, building *inner)
{
    if (!inner->failed && !inner->object->child) {
        cJSON_Delete(inner->object);
        return;
    }
    add_item(to, key, finish_object(inner));
}

static void add_changed_filter(building *to, const float *filter, int taps, sg_family family)
{
    sg_generator_config normal = sg_generator_config_of_family(family);
    bool changed = taps != normal.filter_taps;
    for (int i = 0; !changed && i < taps; i++)
        changed = filter[i] != normal.resample_filter[i];
    if (changed)
        add_item(to, "resample_filter", cJSON_CreateFloatArray(filter, taps));
}

static void add_mapping(building *to, const sg_mapping_config *mapping,
                        const sg_mapping_config *normal, bool layers_always)
{
    building inner = start_object();
    if (layers_always || mapping->num_layers != normal->num_layers)
        add_number(&inner, "num_layers", mapping->num_layers);
    add_changed(&inner, "embed_features", mapping->embed_features, normal->embed_features);
    add_changed(&inner, "layer_features", mapping->layer_features, normal->layer_features);
    add_changed_activation(&inner, mapping->activation, normal->activation);
    add_changed(&inner, "lr_multiplier", mapping->lr_multiplier, normal->lr_multiplier);
    add_changed(&inner, "w_avg_beta", mapping->w_avg_beta, normal->w_avg_beta);
    add_object(to, "mapping_kwargs", &inner);
}

static void add_stylegan2(building *to, const sg_generator_config *config)
{
    add_changed(to, "base_height", config->base_height, 4);
    add_changed(to, "base_width", config->base_width, 4);
    add_text(to, "architecture", sg_architecture_name(config->architecture));
    add_optional(to, "conv_clamp", config->conv_clamp, -1);
    if (!config->use_noise)
        add_item(to, "use_noise", cJSON_CreateFalse());
    add_changed_activation(to, config->activation, SG_LRELU);
    add_changed_filter(to, config->resample_filter, config->filter_taps, config->family);
}

static void add_fused_scale(building *to, sg_fused_scale value)
{
    if (value == SG_FUSED_AUTO)
        add_text(to, "fused_scale", "auto");
    else
        add_item(to, "fused_scale", cJSON_CreateBool(value == SG_FUSED_ALWAYS));
}

static void add_growing(building *to, const sg_generator_config *config)
{
    const sg_generator_config normal = sg_generator_config_of_family(config->family);
    if (config->use_noise != normal.use_noise)
        add_item(to, "use_noise", cJSON_CreateBool(config->use_noise));
    add_changed_activation(to, config->activation, SG_LRELU);
    add_changed_filter(to, config->resample_filter, config->filter_taps, config->family);
    add_fused_scale(to, config->growing.fused_scale);
    add_optional(to, "truncation_cutoff", config->growing.truncation_cutoff, -1);
}

static void add_stylegan3(building *to, const sg_generator_config *config)
{
    const sg_stylegan3_config *own = &config->stylegan3;
    const sg_stylegan3_config normal = sg_generator_config_default().stylegan3;
    add_number(to, "num_layers", own->num_layers);
    add_changed(to, "num_critical", own->num_critical, normal.num_critical);
    add_changed(to, "first_cutoff", own->first_cutoff, normal.first_cutoff);
    add_changed(to, "first_stopband", own->first_stopband, normal.first_stopband);
    add_changed(to, "last_stopband_rel", own->last_stopband_rel, normal.last_stopband_rel);
    add_number(to, "margin_size", own->margin_size);
    add_changed(to, "output_scale", own->output_scale, normal.output_scale);
    add_number(to, "conv_kernel", own->conv_kernel);
    add_changed(to, "filter_size", own->filter_size, normal.filter_size);
    add_changed(to, "lrelu_upsampling", own->lrelu_upsampling, normal.lrelu_upsampling);
    add_item(to, "use_radial_filters", cJSON_CreateBool(own->use_radial_filters));
    add_optional(to, "conv_clamp", config->conv_clamp, -1);
    add_number(to, "magnitude_ema_beta", own->magnitude_ema_beta);
}

cJSON *sg_generator_config_to_json(const sg_generator_config *config)
{
    building to = start_object();
    const sg_mapping_config normal = sg_generator_config_of_family(config->family).mapping;
    add_number(&to, "z_dim", config->z_dim);
    add_number(&to, "c_dim", config->c_dim);
    add_number(&to, "w_dim", config->w_dim);
    add_number(&to, "img_resolution", config->img_resolution);
    add_number(&to, "img_channels", config->img_channels);
    add_mapping(&to, &config->mapping, &normal, true);
    add_number(&to, "channel_base", config->channel_base);
    add_number(&to, "channel_max", config->channel_max);
    if (config->family == SG_STYLEGAN2 || config->family == SG_STYLEGAN3)
        add_number(&to, "num_fp16_res", 0);
    switch (config->family) {
    case SG_STYLEGAN2:
        add_stylegan2(&to, config);
        break;
    case SG_STYLEGAN3:
        add_stylegan3(&to, config);
        break;
    case SG_STYLEGAN1:
    case SG_PROGAN:
        add_growing(&to, config);
        break;
    case SG_DCGAN:
    case SG_FAMILY_COUNT:
        break;
    }
    return finish_object(&to);
}

/* The discriminators that say their family. */
static cJSON *named_discriminator_to_json(const sg_discriminator_config *config)
{
    building to = start_object();
    add_text(&to, "family", sg_family_name(config->family));
    add_number(&to, "c_dim", config->c_dim);
    add_number(&to, "img_resolution", config->img_resolution);
    add_number(&to, "img_channels", config->img_channels);
    add_number(&to, "channel_base", config->channel_base);
    add_number(&to, "channel_max", config->channel_max);
    if (config->family == SG_DCGAN) {
        add_text(&to, "norm", sg_norm_name(config->norm));
        return finish_object(&to);
    }
    add_changed_activation(&to, config->activation, SG_LRELU);
    add_changed_filter(&to, config->resample_filter, config->filter_taps, config->family);
    add_fused_scale(&to, config->growing.fused_scale);
    add_optional(&to, "mbstd_group_size", config->mbstd_group_size, 0);
    add_number(&to, "mbstd_num_channels", config->mbstd_num_channels);
    return finish_object(&to);
}

cJSON *sg_discriminator_config_to_json(const sg_discriminator_config *config)
{
    if (config->family != SG_STYLEGAN2 && config->family != SG_STYLEGAN3)
        return named_discriminator_to_json(config);
    building to = start_object();
    const sg_mapping_config normal = sg_discriminator_config_default().mapping;
    add_number(&to, "c_dim", config->c_dim);
    add_number(&to, "img_resolution", config->img_resolution);
    add_number(&to, "img_channels", config->img_channels);
    add_changed(&to, "base_height", config->base_height, 4);
    add_changed(&to, "base_width", config->base_width, 4);
    add_number(&to, "channel_base", config->channel_base);
    add_number(&to, "channel_max", config->channel_max);
    add_number(&to, "num_fp16_res", 0);
    add_text(&to, "architecture", sg_architecture_name(config->architecture));
    add_optional(&to, "conv_clamp", config->conv_clamp, -1);
    add_changed(&to, "cmap_dim", config->cmap_dim, -1);
    building block = start_object();
    add_changed_activation(&block, config->activation, SG_LRELU);
    add_changed_filter(&block, config->resample_filter, config->filter_taps, SG_STYLEGAN2);
    add_object(&to, "block_kwargs", &block);
    add_mapping(&to, &config->mapping, &normal, false);
    building epilogue = start_object();
    add_optional(&epilogue, "mbstd_group_size", config->mbstd_group_size, 0);
    add_number(&epilogue, "mbstd_num_channels", config->mbstd_num_channels);
    add_changed_activation(&epilogue, config->activation, SG_LRELU);
    add_object(&to, "epilogue_kwargs", &epilogue);
    return finish_object(&to);
}
