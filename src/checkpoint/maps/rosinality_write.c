/*
 * Checkpoints for stylegan2-pytorch by rosinality. Its classes take sizes alone: a network with any
 * other option than theirs is refused.
 *
 * Tested by: tests/checkpoint/maps/test_rosinality_layout.c
 */
#include "checkpoint/maps/rosinality.h"

#include <stdlib.h>

#include "base/allocate.h"
#include "models/config_rules.h"
#include "models/discriminator.h"
#include "models/generator.h"

/* ---- checks ---- */

static const char *filter_obstacle(const float *filter, int taps)
{
    const sg_generator_config normal = sg_generator_config_default();
    bool same = taps == normal.filter_taps;
    for (int i = 0; same && i < taps; i++)
        same = filter[i] * normal.resample_filter[0] == filter[0] * normal.resample_filter[i];
    return same && filter[0] != 0.0f ? NULL : "has another resample_filter than [1, 3, 3, 1]";
}

/* Returns the options that both networks have, and the values that those programs can build. */
static const char *common_obstacle(int channels, int classes, bool square, double clamp, bool leaky)
{
    if (channels != 3)
        return "has pictures with another number of channels than three";
    if (classes > 0)
        return "has labels";
    if (!square)
        return "has pictures that are not square";
    if (clamp >= 0.0)
        return "clamps its activations (conv_clamp)";
    return leaky ? NULL : "has another activation than lrelu";
}

/* Why those programs cannot build the network, as the end of a sentence; NULL if they can. */
static const char *generator_obstacle(const sg_generator_config *config)
{
    const sg_mapping_config *mapping = &config->mapping;
    const int width = mapping->layer_features < 0 ? config->w_dim : mapping->layer_features;
    if (config->family != SG_STYLEGAN2)
        return "is of another family than StyleGAN2";
    if (config->architecture != SG_ARCHITECTURE_SKIP)
        return "has another architecture than skip";
    const char *common = common_obstacle(
        config->img_channels, config->c_dim, config->base_height == 4 && config->base_width == 4,
        config->conv_clamp, config->activation == SG_LRELU && mapping->activation == SG_LRELU);
    if (common)
        return common;
    if (config->z_dim != config->w_dim || width != config->w_dim)
        return "has z, w and the layers between them of different widths";
    if (config->channel_list.count > 0)
        return "has channels of no formula";
    if (!config->use_noise)
        return "has no noise inputs";
    if (mapping->lr_multiplier != sg_generator_config_default().mapping.lr_multiplier)
        return "has another lr_multiplier than 0.01 in its mapping network";
    return filter_obstacle(config->resample_filter, config->filter_taps);
}

static const char *discriminator_obstacle(const sg_discriminator_config *config)
{
    if (config->architecture != SG_ARCHITECTURE_RESNET)
        return "has another architecture than resnet";
    const char *common = common_obstacle(config->img_channels, config->c_dim,
                                         config->base_height == 4 && config->base_width == 4,
                                         config->conv_clamp, config->activation == SG_LRELU);
    if (common)
        return common;
    if (config->mbstd_group_size != 4 || config->mbstd_num_channels != 1)
        return "compares the samples of a batch in another way than one channel in groups of four";
    return filter_obstacle(config->resample_filter, config->filter_taps);
}

static sg_status check_generator(const char *path, sg_network_part part,
                                 const sg_generator *generator, sg_error *error)
{
    const char *obstacle = generator ? generator_obstacle(sg_generator_config_of(generator)) : NULL;
    return !obstacle ? SG_OK
                     : sg_fail(error, SG_ERROR_ARGUMENT,
                               "cannot write %s: %s %s, which stylegan2-pytorch cannot build", path,
                               sg_network_part_name(part), obstacle);
}

/* ---- writing ---- */

/* The tensors to be written, and the names that they borrow. */
typedef struct checkpoint {
    const char *path;
    sg_foreign_names names[SG_PART_COUNT];
    sg_tensor_entry *tensors;
    size_t count;
} checkpoint;

/* Adds an entry; there must be room for it. */
static void add_tensor(checkpoint *to, const char *dict, const char *name, const sg_tensor *tensor,
                       const sg_foreign_form *form)
{
    sg_tensor_entry *added = &to->tensors[to->count++];
    *added = (sg_tensor_entry){
        .dict = dict,
        .name = name,
        .values = sg_f32(tensor),
        .scale = form->scale != 0.0 ? (float)form->scale : 1.0f,
    };
    for (int i = 0; i < form->leading; i++)
        added->size[added->rank++] = 1;
    for (int i = 0; i < tensor->shape.rank; i++)
        added->size[added->rank++] = tensor->shape.size[i];
    for (int i = 0; i < form->trailing; i++)
        added->size[added->rank++] = 1;
}

/* Adds the tensors that the part's list names; leaves room for one more. */
static sg_status add_part(checkpoint *to, sg_network_part part, const char *dict,
                          const sg_parameter_set *set, sg_error *error)
{
    const sg_foreign_names *names = &to->names[part];
    sg_tensor_entry *tensors =
        names->failed ? NULL
                      : sg_reallocate(to->tensors, to->count + names->count + 1, sizeof *tensors);
    if (!tensors)
        return sg_fail_memory(error, "%s", to->path);
    to->tensors = tensors;
    for (size_t i = 0; i < names->count; i++) {
        const sg_foreign_name *name = &names->items[i];
        const sg_parameter *parameter = sg_parameter_find(set, name->official);
        if (!parameter)
            return sg_fail(error, SG_ERROR_ARGUMENT, "cannot write %s: %s has no tensor %s",
                           to->path, sg_network_part_name(part), name->official);
        add_tensor(to, dict, name->foreign, parameter->tensor, &name->form);
    }
    return SG_OK;
}

static sg_status add_generator(checkpoint *to, sg_network_part part, const char *dict,
                               sg_generator *generator, sg_error *error)
{
    if (!generator)
        return SG_OK;
    const sg_generator_config *config = sg_generator_config_of(generator);
    sg_rosinality_generator_names(config->img_resolution, config->mapping.num_layers,
                                  &to->names[part]);
    return add_part(to, part, dict, sg_generator_parameters(generator), error);
}

static sg_status add_discriminator(checkpoint *to, sg_discriminator *discriminator, sg_error *error)
{
    if (!discriminator)
        return SG_OK;
    sg_rosinality_discriminator_names(sg_discriminator_config_of(discriminator)->img_resolution,
                                      &to->names[SG_PART_D]);
    return add_part(to, SG_PART_D, "d", sg_discriminator_parameters(discriminator), error);
}

static sg_status collect(checkpoint *to, const sg_network_parts *parts, sg_error *error)
{
    SG_TRY(add_generator(to, SG_PART_G, "g", parts->generator, error));
    SG_TRY(add_discriminator(to, parts->discriminator, error));
    SG_TRY(add_generator(to, SG_PART_G_EMA, "g_ema", parts->generator_ema, error));
    const sg_parameter *average =
        sg_parameter_find(sg_generator_parameters(parts->generator_ema), "mapping.w_avg");
    add_tensor(to, NULL, "latent_avg", average->tensor, &(sg_foreign_form){0});
    return SG_OK;
}

sg_status sg_rosinality_write(const char *path, const sg_network_parts *parts,
                              sg_tensor_writer writer, const char **left_out, sg_error *error)
{
    checkpoint to = {.path = path};
    sg_network_parts written = *parts;
    *left_out = parts->discriminator
                    ? discriminator_obstacle(sg_discriminator_config_of(parts->discriminator))
                    : NULL;
    if (*left_out)
        written.discriminator = NULL;
    if (!parts->generator_ema)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "cannot write %s: a checkpoint of stylegan2-pytorch needs G_ema", path);
    SG_TRY(check_generator(path, SG_PART_G_EMA, parts->generator_ema, error));
    SG_TRY(check_generator(path, SG_PART_G, parts->generator, error));
    sg_status status = collect(&to, &written, error);
    if (!status)
        status = writer(path, to.tensors, to.count, error);
    for (int part = 0; part < SG_PART_COUNT; part++)
        sg_foreign_names_clear(&to.names[part]);
    free(to.tensors);
    return status;
}
