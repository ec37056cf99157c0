/* Writes checkpoints for stylegan2-pytorch by rosinality; see rosinality_save.h. */
#include "checkpoint/export/rosinality_save.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "checkpoint/maps/rosinality_names.h"
#include "checkpoint/torch/torch_write.h"
#include "models/config_rules.h"

/* ---- what can be written ---- */

static bool has_default_filter(const float *filter, int taps)
{
    const sg_generator_config normal = sg_generator_config_default();
    bool same = taps == normal.filter_taps;
    for (int i = 0; same && i < taps; i++)
        same = filter[i] * normal.resample_filter[0] == filter[0] * normal.resample_filter[i];
    return same && filter[0] != 0.0f;
}

const char *sg_rosinality_generator_obstacle(const sg_generator_config *config)
{
    const sg_generator_config normal = sg_generator_config_default();
    const sg_mapping_config *mapping = &config->mapping;
    int width = mapping->layer_features < 0 ? config->w_dim : mapping->layer_features;
    if (!sg_rosinality_has_family(config->family))
        return "is of another family than StyleGAN2";
    if (config->architecture != SG_ARCHITECTURE_SKIP)
        return "has another architecture than skip";
    if (config->img_channels != 3)
        return "has pictures with another number of channels than three";
    if (config->c_dim > 0)
        return "has labels";
    if (config->base_height != 4 || config->base_width != 4)
        return "has pictures that are not square";
    if (config->z_dim != config->w_dim || width != config->w_dim)
        return "has z, w and the layers between them of different widths";
    if (config->conv_clamp >= 0.0)
        return "clamps its activations (conv_clamp)";
    if (!config->use_noise)
        return "has no noise inputs";
    if (config->activation != SG_LRELU || mapping->activation != SG_LRELU)
        return "has another activation than lrelu";
    if (mapping->lr_multiplier != normal.mapping.lr_multiplier)
        return "has another lr_multiplier than 0.01 in its mapping network";
    return has_default_filter(config->resample_filter, config->filter_taps)
               ? NULL
               : "has another resample_filter than [1, 3, 3, 1]";
}

const char *sg_rosinality_discriminator_obstacle(const sg_discriminator_config *config)
{
    if (config->architecture != SG_ARCHITECTURE_RESNET)
        return "has another architecture than resnet";
    if (config->img_channels != 3)
        return "has pictures with another number of channels than three";
    if (config->c_dim > 0)
        return "has labels";
    if (config->base_height != 4 || config->base_width != 4)
        return "has pictures that are not square";
    if (config->conv_clamp >= 0.0)
        return "clamps its activations (conv_clamp)";
    if (config->activation != SG_LRELU)
        return "has another activation than lrelu";
    if (config->mbstd_group_size != 4 || config->mbstd_num_channels != 1)
        return "compares the samples of a batch in another way than one channel in groups of four";
    return has_default_filter(config->resample_filter, config->filter_taps)
               ? NULL
               : "has another resample_filter than [1, 3, 3, 1]";
}

static sg_status check_parts(const char *path, const sg_network_parts *parts, sg_error *error)
{
    const char *obstacle = NULL;
    const char *name = sg_network_part_name(SG_PART_G_EMA);
    if (!parts->generator_ema)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "cannot write %s: a checkpoint of stylegan2-pytorch needs G_ema", path);
    obstacle = sg_rosinality_generator_obstacle(sg_generator_config_of(parts->generator_ema));
    if (!obstacle && parts->generator) {
        name = sg_network_part_name(SG_PART_G);
        obstacle = sg_rosinality_generator_obstacle(sg_generator_config_of(parts->generator));
    }
    if (!obstacle && parts->discriminator) {
        name = sg_network_part_name(SG_PART_D);
        obstacle =
            sg_rosinality_discriminator_obstacle(sg_discriminator_config_of(parts->discriminator));
    }
    return !obstacle ? SG_OK
                     : sg_fail(error, SG_ERROR_ARGUMENT,
                               "cannot write %s: %s %s, which stylegan2-pytorch cannot build", path,
                               name, obstacle);
}

/* ---- writing ---- */

/* The tensors to be written, and the names that they borrow. */
typedef struct saving {
    const char *path;
    sg_rosinality_names names[SG_PART_COUNT];
    sg_torch_tensor *tensors;
    size_t count;
} saving;

static sg_status fail_memory(const saving *job, sg_error *error)
{
    return sg_fail_memory(error, "%s", job->path);
}

static bool reserve(saving *job, size_t count)
{
    sg_torch_tensor *tensors = sg_reallocate(job->tensors, job->count + count, sizeof *tensors);
    job->tensors = tensors ? tensors : job->tensors;
    return tensors;
}

/* Room for it was reserved. */
static void add_tensor(saving *job, const char *dict, const char *name, const sg_tensor *tensor,
                       int leading, int trailing, double scale)
{
    sg_torch_tensor *added = &job->tensors[job->count++];
    *added = (sg_torch_tensor){
        .dict = dict, .name = name, .values = sg_f32(tensor), .scale = (float)scale};
    for (int i = 0; i < leading; i++)
        added->size[added->rank++] = 1;
    for (int i = 0; i < tensor->shape.rank; i++)
        added->size[added->rank++] = tensor->shape.size[i];
    for (int i = 0; i < trailing; i++)
        added->size[added->rank++] = 1;
}

static sg_status add_part(saving *job, sg_network_part part, const char *dict,
                          const sg_parameter_set *set, sg_error *error)
{
    const sg_rosinality_names *names = &job->names[part];
    if (names->failed || !reserve(job, names->count + 1))
        return fail_memory(job, error);
    for (size_t i = 0; i < names->count; i++) {
        const sg_rosinality_name *name = &names->items[i];
        const sg_parameter *parameter = sg_parameter_find(set, name->official);
        if (!parameter)
            return sg_fail(error, SG_ERROR_ARGUMENT, "cannot write %s: %s has no tensor %s",
                           job->path, sg_network_part_name(part), name->official);
        add_tensor(job, dict, name->foreign, parameter->tensor, name->leading, name->trailing,
                   name->scale);
    }
    return SG_OK;
}

static sg_status add_generator(saving *job, sg_network_part part, const char *dict,
                               sg_generator *generator, sg_error *error)
{
    if (!generator)
        return SG_OK;
    const sg_generator_config *config = sg_generator_config_of(generator);
    sg_rosinality_generator_names(config->img_resolution, config->mapping.num_layers,
                                  &job->names[part]);
    return add_part(job, part, dict, sg_generator_parameters(generator), error);
}

static sg_status add_discriminator(saving *job, sg_discriminator *discriminator, sg_error *error)
{
    if (!discriminator)
        return SG_OK;
    sg_rosinality_discriminator_names(sg_discriminator_config_of(discriminator)->img_resolution,
                                      &job->names[SG_PART_D]);
    return add_part(job, SG_PART_D, "d", sg_discriminator_parameters(discriminator), error);
}

static sg_status collect(saving *job, const sg_network_parts *parts, sg_error *error)
{
    sg_status status = add_generator(job, SG_PART_G, "g", parts->generator, error);
    if (!status)
        status = add_discriminator(job, parts->discriminator, error);
    if (!status)
        status = add_generator(job, SG_PART_G_EMA, "g_ema", parts->generator_ema, error);
    if (!status) {
        const sg_parameter *average =
            sg_parameter_find(sg_generator_parameters(parts->generator_ema), "mapping.w_avg");
        add_tensor(job, NULL, "latent_avg", average->tensor, 0, 0, 1.0);
    }
    return status;
}

sg_status sg_rosinality_save(const char *path, const sg_network_parts *parts, sg_error *error)
{
    saving job = {.path = path};
    sg_status status = check_parts(path, parts, error);
    if (!status)
        status = collect(&job, parts, error);
    if (!status)
        status = sg_torch_write(path, job.tensors, job.count, error);
    for (int part = 0; part < SG_PART_COUNT; part++)
        sg_rosinality_names_clear(&job.names[part]);
    free(job.tensors);
    return status;
}
