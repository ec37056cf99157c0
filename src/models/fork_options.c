/*
 * Keywords of forks, judged by their value. Forks write their own keywords into every snapshot,
 * whether they were used or not: stylegan3-fun's freeze_layers, StyleGAN-Human's square.
 */
#include "models/fork_options.h"

#include <string.h>

/* A keyword, and the value as JSON that changes nothing; NULL: no value does. */
typedef struct fork_option {
    const char *keyword, *value;
} fork_option;

static const fork_option options[] = {
    /* What is trained, and how. */
    {"freeze_layers", NULL},
    {"freeze_embed", NULL},
    {"freeze_mapping", NULL},
    {"freeze_affine", NULL},
    {"style_mixing_prob", NULL},
    {"ema_decay", NULL},
    {"use_checkpoint", NULL},
    {"gradient_checkpointing", NULL},
    {"is_training", NULL},
    {"training", NULL},
    {"num_gpus", NULL},
    /* How the arithmetic is done. */
    {"impl", NULL},
    {"dtype", NULL},
    {"device", NULL},
    {"verbose", NULL},
    {"force_fp32", NULL},
    {"use_cuda", NULL},
    {"memory_format", NULL},
    {"fused_modconv", NULL},
    {"use_custom_ops", NULL},
    /* What shapes tell. */
    {"num_ws", NULL},
    {"square", NULL},
    {"n_latent", NULL},
    {"min_h", NULL},
    {"min_w", NULL},
    {"res_log2", NULL},
    {"resolution_h", NULL},
    {"resolution_w", NULL},
    {"img_resolution_h", NULL},
    {"img_resolution_w", NULL},
    /* What every network does. */
    {"demodulate", "true"},
    {"normalize_z", "true"},
    {"normalize_latents", "true"},
    {"normalize_input", "true"},
    {"use_bias", "true"},
    {"bias", "true"},
    {"use_wscale", "true"},
    {"equalized_lr", "true"},
    {"equalized_learning_rate", "true"},
    {"const_input", "true"},
    {"input_is_const", "true"},
    {"noise_mode", "\"random\""},
    {"kernel_size", "3"},
    {"blur_kernel", "[1, 3, 3, 1]"},
    {"weight_init", "1"},
    {"bias_init", "0"},
};

static const fork_option *find(const char *keyword)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (strcmp(options[i].keyword, keyword) == 0)
            return &options[i];
    return NULL;
}

/* True for the values of something that is not used: null, false, 0, "" and empty lists. */
static bool is_off(const cJSON *value)
{
    return cJSON_IsNull(value) || cJSON_IsFalse(value) ||
           (cJSON_IsNumber(value) && value->valuedouble == 0.0) ||
           (cJSON_IsString(value) && value->valuestring[0] == '\0') ||
           ((cJSON_IsArray(value) || cJSON_IsObject(value)) && !value->child);
}

bool sg_fork_option_is_harmless(const char *keyword, const cJSON *value)
{
    const fork_option *option = find(keyword);
    if (!option || cJSON_IsNull(value))
        return is_off(value);
    if (!option->value)
        return true;
    cJSON *usual = cJSON_Parse(option->value);
    const bool same = usual && cJSON_Compare(usual, value, true);
    cJSON_Delete(usual);
    return same;
}
