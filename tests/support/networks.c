/* Tiny networks. */
#include "support/networks.h"
#include "checkpoint/network/network_writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "checkpoint/network/network_file.h"
#include "models/config_rules.h"
#include "support/parameters.h"

sg_generator_config tiny_generator_config(sg_architecture architecture, int channels, int classes)
{
    sg_generator_config config = sg_generator_config_default();
    config.z_dim = 6;
    config.w_dim = 5;
    config.c_dim = classes;
    config.img_resolution = 8;
    config.img_channels = channels;
    config.channel_base = 24;
    config.channel_max = 4;
    config.architecture = architecture;
    config.mapping.num_layers = 2;
    return config;
}

sg_generator_config tiny_stylegan3_config(bool rotations, int channels, int classes)
{
    sg_generator_config config = sg_generator_config_of_family(SG_STYLEGAN3);
    config.z_dim = 6;
    config.w_dim = 5;
    config.c_dim = classes;
    config.img_resolution = 8;
    config.img_channels = channels;
    config.channel_base = 24;
    config.channel_max = 4;
    config.stylegan3.num_layers = 4;
    config.stylegan3.margin_size = 2;
    config.stylegan3.conv_kernel = rotations ? 1 : 3;
    config.stylegan3.use_radial_filters = rotations;
    return config;
}

sg_generator_config tiny_growing_config(sg_family family, int resolution, int channels, int classes)
{
    sg_generator_config config = sg_generator_config_of_family(family);
    config.z_dim = 6;
    config.w_dim = family == SG_PROGAN ? 6 + classes : 5;
    config.c_dim = classes;
    config.img_resolution = resolution;
    config.img_channels = channels;
    config.channel_base = 24;
    config.channel_max = 4;
    config.mapping.num_layers = family == SG_PROGAN ? 0 : 2;
    return config;
}

sg_discriminator_config tiny_growing_discriminator_config(sg_family family, int resolution,
                                                          int channels, int classes)
{
    sg_discriminator_config config = sg_discriminator_config_of_family(family);
    config.c_dim = classes;
    config.img_resolution = resolution;
    config.img_channels = channels;
    config.channel_base = 24;
    config.channel_max = 4;
    return config;
}

sg_discriminator_config tiny_discriminator_config(sg_architecture architecture, int channels,
                                                  int classes)
{
    sg_discriminator_config config = sg_discriminator_config_default();
    config.c_dim = classes;
    config.img_resolution = 8;
    config.img_channels = channels;
    config.channel_base = 24;
    config.channel_max = 4;
    config.architecture = architecture;
    config.mapping.num_layers = 2;
    return config;
}

sg_generator *tiny_generator(sg_context *context, const sg_generator_config *config, sg_dtype dtype,
                             uint64_t seed)
{
    sg_generator *generator = sg_generator_create(context, config, dtype, seed);
    if (!generator)
        fail_msg("%s", context->error.message);
    unsettle_parameters(sg_generator_parameters(generator), seed);
    return generator;
}

sg_discriminator *tiny_discriminator(sg_context *context, const sg_discriminator_config *config,
                                     sg_dtype dtype, uint64_t seed)
{
    sg_discriminator *discriminator = sg_discriminator_create(context, config, dtype, seed);
    if (!discriminator)
        fail_msg("%s", context->error.message);
    unsettle_parameters(sg_discriminator_parameters(discriminator), seed);
    return discriminator;
}

void save_generator(const char *path, sg_generator *generator)
{
    sg_error error = {0};
    const sg_network_parts parts = {.generator_ema = generator};
    if (sg_network_save(path, &parts, NULL, 0, &error))
        fail_msg("%s", error.message);
}

void save_tiny_generator(const char *path, const sg_generator_config *config, uint64_t seed)
{
    sg_context *context = sg_context_create(1);
    sg_generator *generator = tiny_generator(context, config, SG_F32, seed);
    save_generator(path, generator);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
}

sg_tensor *one_hot(sg_context *context, sg_dtype dtype, int samples, int classes, int first)
{
    if (classes == 0)
        return NULL;
    sg_tensor *labels = sg_tensor_full(context, dtype, SG_SHAPE(samples, classes), 0);
    assert_non_null(labels);
    for (int i = 0; i < samples; i++)
        sg_tensor_set_value(labels, i * classes + (first + i) % classes, 1);
    return labels;
}
