/*
 * Names of stylegan2-pytorch by rosinality. Its modulated weights have a leading axis of size 1,
 * its noise and colour biases are pictures, and its lists count convolutions, not resolutions.
 *
 * Tested by: tests/checkpoint/maps/test_rosinality_layout.c
 */
#include "checkpoint/maps/rosinality.h"

#include <stdarg.h>
#include <stdio.h>

static const sg_layer_row styled_layer[] = {
    {"weight", "conv.weight", {.rank = 4, .leading = 1}},
    {"affine.weight", "conv.modulation.weight", {.rank = 2}},
    {"affine.bias", "conv.modulation.bias", {.rank = 1}},
    {"noise_strength", "noise.weight", {.rank = 0, .leading = 1}},
    {"bias", "activate.bias", {.rank = 1}},
    {0},
};

static const sg_layer_row colour_layer[] = {
    {"bias", "bias", {.rank = 1, .leading = 1, .trailing = 2}},
    {"weight", "conv.weight", {.rank = 4, .leading = 1}},
    {"affine.weight", "conv.modulation.weight", {.rank = 2}},
    {"affine.bias", "conv.modulation.bias", {.rank = 1}},
    {0},
};

static const sg_layer_row linear_layer[] = {
    {"weight", "weight", {.rank = 2}},
    {"bias", "bias", {.rank = 1}},
    {0},
};

/* The discriminator's layers are lists of a filter (before downsampling), weights and biases. */
static const sg_layer_row plain_convolution[] = {
    {"weight", "0.weight", {.rank = 4}},
    {"bias", "1.bias", {.rank = 1}},
    {0},
};

static const sg_layer_row down_convolution[] = {
    {"resample_filter", "0.kernel", {.rank = 2}},
    {"weight", "1.weight", {.rank = 4}},
    {"bias", "2.bias", {.rank = 1}},
    {0},
};

static const sg_layer_row shortcut[] = {
    {"resample_filter", "0.kernel", {.rank = 2}},
    {"weight", "1.weight", {.rank = 4}},
    {0},
};

/* A filter that includes the gain of upsampling along both axes. */
static const sg_foreign_form upsampling_filter = {.rank = 2, .scale = 4.0};
static const sg_foreign_form noise = {.rank = 2, .leading = 2};

/* printf into a name. */
static const char *print(char text[SG_PARAMETER_NAME_BYTES], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static const char *print(char text[SG_PARAMETER_NAME_BYTES], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, SG_PARAMETER_NAME_BYTES, format, arguments);
    va_end(arguments);
    return text;
}

static void add_layer(sg_foreign_names *names, const sg_layer_row *rows, const char *official,
                      const char *foreign)
{
    sg_foreign_names_add_layer(names, official, foreign, '.', rows);
}

/* Adds the layers of block `level`, from 1; its size is 4 << level. */
static void add_generator_block(sg_foreign_names *names, int level)
{
    char official[SG_PARAMETER_NAME_BYTES];
    char foreign[SG_PARAMETER_NAME_BYTES];
    int resolution = 4 << level;
    int first = 2 * level - 2; /* in the list of convolutions */
    add_layer(names, styled_layer, print(official, "synthesis.b%d.conv0", resolution),
              print(foreign, "convs.%d", first));
    sg_foreign_names_add(names, print(official, "synthesis.b%d.conv0.resample_filter", resolution),
                         print(foreign, "convs.%d.conv.blur.kernel", first), upsampling_filter);
    add_layer(names, styled_layer, print(official, "synthesis.b%d.conv1", resolution),
              print(foreign, "convs.%d", first + 1));
    add_layer(names, colour_layer, print(official, "synthesis.b%d.torgb", resolution),
              print(foreign, "to_rgbs.%d", level - 1));
    sg_foreign_names_add(names, print(official, "synthesis.b%d.resample_filter", resolution),
                         print(foreign, "to_rgbs.%d.upsample.kernel", level - 1),
                         upsampling_filter);
    for (int layer = 0; layer < 2; layer++)
        sg_foreign_names_add(names,
                             print(official, "synthesis.b%d.conv%d.noise_const", resolution, layer),
                             print(foreign, "noises.noise_%d", first + 1 + layer), noise);
}

void sg_rosinality_generator_names(int resolution, int mapping_layers, sg_foreign_names *names)
{
    for (int i = 0; i < mapping_layers; i++) {
        char official[SG_PARAMETER_NAME_BYTES];
        char foreign[SG_PARAMETER_NAME_BYTES];
        add_layer(names, linear_layer, print(official, "mapping.fc%d", i),
                  print(foreign, "style.%d", i + 1));
    }
    sg_foreign_names_add(names, "synthesis.b4.const", "input.input",
                         (sg_foreign_form){.rank = 3, .leading = 1});
    add_layer(names, styled_layer, "synthesis.b4.conv1", "conv1");
    add_layer(names, colour_layer, "synthesis.b4.torgb", "to_rgb1");
    sg_foreign_names_add(names, "synthesis.b4.conv1.noise_const", "noises.noise_0", noise);
    for (int level = 1; 4 << level <= resolution; level++)
        add_generator_block(names, level);
}

void sg_rosinality_discriminator_names(int resolution, sg_foreign_names *names)
{
    char official[SG_PARAMETER_NAME_BYTES];
    char foreign[SG_PARAMETER_NAME_BYTES];
    int block = 1;
    add_layer(names, plain_convolution, print(official, "b%d.fromrgb", resolution), "convs.0");
    for (int at = resolution; at > 4; at /= 2, block++) {
        add_layer(names, plain_convolution, print(official, "b%d.conv0", at),
                  print(foreign, "convs.%d.conv1", block));
        add_layer(names, down_convolution, print(official, "b%d.conv1", at),
                  print(foreign, "convs.%d.conv2", block));
        add_layer(names, shortcut, print(official, "b%d.skip", at),
                  print(foreign, "convs.%d.skip", block));
    }
    add_layer(names, plain_convolution, "b4.conv", "final_conv");
    add_layer(names, linear_layer, "b4.fc", "final_linear.0");
    add_layer(names, linear_layer, "b4.out", "final_linear.1");
}
