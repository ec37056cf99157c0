/* Networks from raw variables, their sizes told by the variables' shapes. */
#include <stdio.h>
#include <string.h>

#include "checkpoint/maps/foreign_tensors.h"
#include "golden_test/progressive_networks.h"

#include "models/config_rules.h"

/* ---- names ---- */

void list_generator_names(const sg_generator_config *config, sg_foreign_names *names)
{
    const sg_tensorflow_layout layout = {.family = config->family,
                                         .size = {4, 4, config->img_resolution, false},
                                         .mapping_layers = config->mapping.num_layers,
                                         .unfused = config->growing.fused_scale == SG_FUSED_NEVER};
    sg_tensorflow_names_list(&layout, names);
}

void list_discriminator_names(const sg_discriminator_config *config, sg_foreign_names *names)
{
    const sg_tensorflow_layout layout = {.family = config->family,
                                         .discriminator = true,
                                         .size = {4, 4, config->img_resolution, false},
                                         .unfused = config->growing.fused_scale == SG_FUSED_NEVER};
    sg_tensorflow_names_list(&layout, names);
}

char *raw_variable_name(const char *foreign, bool discriminator, char *text)
{
    bool component = strncmp(foreign, "synthesis/", strlen("synthesis/")) == 0 ||
                     strncmp(foreign, "mapping/", strlen("mapping/")) == 0;
    snprintf(text, 200, "%s%s%s", discriminator ? "D/" : "G/",
             !discriminator && component ? "G_" : "", foreign);
    return text;
}

const sg_stored_tensor *find_raw_variable(sg_safetensors *weights, const sg_foreign_name *name,
                                          bool discriminator, const sg_tensor *parameter)
{
    char text[200];
    const sg_stored_tensor *stored =
        sg_safetensors_find(weights, raw_variable_name(name->foreign, discriminator, text));
    bool same = stored && stored->count == (size_t)sg_tensor_count(parameter);
    return same ? stored : NULL;
}

/* ---- sizes ---- */

/* Where variables are looked up, and the first that was missing. */
typedef struct measuring {
    sg_safetensors *weights;
    char missing[200];
} measuring;

/* An axis of a variable named by a printf format with one number; 0 when it is absent. */
static int size_of(measuring *job, const char *format, int number, int axis)
{
    char name[200];
    snprintf(name, sizeof name, format, number, number);
    const sg_stored_tensor *stored = sg_safetensors_find(job->weights, name);
    bool there = stored && axis < stored->rank && stored->size[axis] <= 1 << 20;
    if (!there && job->missing[0] == '\0')
        snprintf(job->missing, sizeof job->missing, "%s", name);
    return there ? (int)stored->size[axis] : 0;
}

/* How many variables there are with the numbers 0, 1, 2 ... in their names. */
static int count_variables(const measuring *job, const char *format)
{
    int count = 0;
    char name[200];
    do {
        snprintf(name, sizeof name, format, count, count);
    } while (sg_safetensors_find(job->weights, name) && ++count < 32);
    return count;
}

/* The channels of each resolution as a base and a maximum. */
static void infer_channels(measuring *job, const char *format, int levels, int *base, int *most)
{
    int channels[16] = {0};
    for (int i = 0; i < levels && i < 16; i++)
        channels[i] = size_of(job, format, levels - 1 - i, strncmp(format, "G/", 2) == 0 ? 1 : 0);
    if (levels > 16 || !sg_channels_infer(channels, levels, base, most))
        snprintf(job->missing, sizeof job->missing, "a rule for the numbers of channels");
}

static bool has_variable(const measuring *job, const char *name)
{
    return sg_safetensors_find(job->weights, name);
}

static sg_generator_config measure_generator(measuring *job)
{
    static const char colours[] = "G/G_synthesis/ToRGB_lod%d/weight";
    static const char labels[] = "G/G_mapping/LabelConcat/weight";
    static const char first[] = "G/G_mapping/Dense%d/weight";
    sg_generator_config config = sg_generator_config_of_family(SG_STYLEGAN1);
    int levels = count_variables(job, colours);
    config.img_resolution = levels > 0 && levels < 12 ? 2 << levels : 4;
    config.img_channels = size_of(job, colours, 0, 0);
    infer_channels(job, colours, levels, &config.channel_base, &config.channel_max);
    config.mapping.num_layers = count_variables(job, first);
    config.mapping.layer_features = size_of(job, first, 0, 0);
    config.w_dim = size_of(job, "G/G_synthesis/4x4/Const/StyleMod/weight", 0, 1);
    config.z_dim = size_of(job, first, 0, 1);
    if (has_variable(job, labels)) {
        config.z_dim = size_of(job, labels, 0, 0);
        config.c_dim = size_of(job, labels, 0, 1);
    }
    return config;
}

static sg_discriminator_config measure_discriminator(measuring *job)
{
    static const char colours[] = "D/FromRGB_lod%d/weight";
    static const char scores[] = "D/4x4/Dense1/weight";
    static const char last[] = "D/4x4/Conv/weight";
    sg_discriminator_config config = sg_discriminator_config_of_family(SG_STYLEGAN1);
    int levels = count_variables(job, colours);
    config.img_resolution = levels > 0 && levels < 12 ? 2 << levels : 4;
    config.img_channels = size_of(job, colours, 0, 1);
    infer_channels(job, colours, levels, &config.channel_base, &config.channel_max);
    config.mbstd_num_channels = size_of(job, last, 0, 1) - size_of(job, last, 0, 0);
    /* One score may be that of a network without labels; with one label it is the same. */
    config.c_dim = size_of(job, scores, 0, 0) > 1 ? size_of(job, scores, 0, 0) : 0;
    return config;
}

/* ---- values ---- */

/* Fills the trainable parameters from the variables. */
static bool fill(sg_context *context, sg_safetensors *weights, const sg_foreign_names *names,
                 bool discriminator, sg_parameter_set *set)
{
    bool whole = !names->failed;
    for (size_t i = 0; whole && i < names->count; i++) {
        const sg_foreign_name *name = &names->items[i];
        const sg_parameter *parameter = sg_parameter_find(set, name->official);
        if (!parameter || !parameter->trainable)
            continue;
        const sg_stored_tensor *stored =
            find_raw_variable(weights, name, discriminator, parameter->tensor);
        whole =
            stored && !sg_safetensors_read_floats(weights, stored, sg_f32(parameter->tensor), NULL);
        sg_tensor_touch(parameter->tensor);
        if (!whole)
            sg_context_fail(context, SG_ERROR_FORMAT, "%s is absent or has another shape",
                            name->foreign);
    }
    return whole;
}

sg_generator *build_progressive_generator(sg_context *context, sg_safetensors *weights)
{
    measuring job = {.weights = weights};
    sg_generator_config config = measure_generator(&job);
    sg_foreign_names names = {0};
    if (job.missing[0] != '\0') {
        sg_context_fail(context, SG_ERROR_FORMAT, "%s is absent", job.missing);
        return NULL;
    }
    sg_generator *generator = sg_generator_create(context, &config, SG_F32, 0);
    list_generator_names(&config, &names);
    if (generator && !fill(context, weights, &names, false, sg_generator_parameters(generator))) {
        sg_generator_destroy(generator);
        generator = NULL;
    }
    sg_foreign_names_clear(&names);
    return generator;
}

sg_discriminator *build_progressive_discriminator(sg_context *context, sg_safetensors *weights)
{
    measuring job = {.weights = weights};
    sg_discriminator_config config = measure_discriminator(&job);
    sg_foreign_names names = {0};
    if (job.missing[0] != '\0') {
        sg_context_fail(context, SG_ERROR_FORMAT, "%s is absent", job.missing);
        return NULL;
    }
    sg_discriminator *discriminator = sg_discriminator_create(context, &config, SG_F32, 0);
    list_discriminator_names(&config, &names);
    if (discriminator &&
        !fill(context, weights, &names, true, sg_discriminator_parameters(discriminator))) {
        sg_discriminator_destroy(discriminator);
        discriminator = NULL;
    }
    sg_foreign_names_clear(&names);
    return discriminator;
}
