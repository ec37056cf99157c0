/* Names of stylegan2-pytorch by rosinality; see rosinality_names.h. */
#include "checkpoint/maps/rosinality_names.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"

/* How a tensor's name and axes within a layer differ. */
typedef struct suffix_pair {
    const char *official, *foreign;
    int rank, leading, trailing;
} suffix_pair;

static const suffix_pair styled_layer[] = {
    {"weight", "conv.weight", 4, 1, 0},
    {"affine.weight", "conv.modulation.weight", 2, 0, 0},
    {"affine.bias", "conv.modulation.bias", 1, 0, 0},
    {"noise_strength", "noise.weight", 0, 1, 0},
    {"bias", "activate.bias", 1, 0, 0},
    {NULL, NULL, 0, 0, 0},
};

static const suffix_pair colour_layer[] = {
    {"bias", "bias", 1, 1, 2},
    {"weight", "conv.weight", 4, 1, 0},
    {"affine.weight", "conv.modulation.weight", 2, 0, 0},
    {"affine.bias", "conv.modulation.bias", 1, 0, 0},
    {NULL, NULL, 0, 0, 0},
};

static const suffix_pair linear_layer[] = {
    {"weight", "weight", 2, 0, 0},
    {"bias", "bias", 1, 0, 0},
    {NULL, NULL, 0, 0, 0},
};

/* The discriminator's layers are lists of a filter (before downsampling), weights and biases. */
static const suffix_pair plain_convolution[] = {
    {"weight", "0.weight", 4, 0, 0},
    {"bias", "1.bias", 1, 0, 0},
    {NULL, NULL, 0, 0, 0},
};

static const suffix_pair down_convolution[] = {
    {"resample_filter", "0.kernel", 2, 0, 0},
    {"weight", "1.weight", 4, 0, 0},
    {"bias", "2.bias", 1, 0, 0},
    {NULL, NULL, 0, 0, 0},
};

static const suffix_pair shortcut[] = {
    {"resample_filter", "0.kernel", 2, 0, 0},
    {"weight", "1.weight", 4, 0, 0},
    {NULL, NULL, 0, 0, 0},
};

/* A zeroed entry at the end, or NULL. */
static sg_rosinality_name *append(sg_rosinality_names *names)
{
    if (names->count == names->capacity) {
        size_t capacity = names->capacity > 0 ? 2 * names->capacity : 128;
        sg_rosinality_name *items = sg_reallocate(names->items, capacity, sizeof *items);
        if (!items) {
            names->failed = true;
            return NULL;
        }
        names->items = items;
        names->capacity = capacity;
    }
    sg_rosinality_name *added = &names->items[names->count++];
    *added = (sg_rosinality_name){.scale = 1.0};
    return added;
}

/* Adds a layer's tensors. */
static void add_layer(sg_rosinality_names *names, const suffix_pair *pairs, const char *official,
                      const char *foreign)
{
    for (; pairs->official; pairs++) {
        sg_rosinality_name *name = append(names);
        if (!name)
            return;
        snprintf(name->official, sizeof name->official, "%s.%s", official, pairs->official);
        snprintf(name->foreign, sizeof name->foreign, "%s.%s", foreign, pairs->foreign);
        name->rank = pairs->rank;
        name->leading = pairs->leading;
        name->trailing = pairs->trailing;
    }
}

static void add_tensor(sg_rosinality_names *names, const char *official, const char *foreign,
                       int rank, int leading)
{
    sg_rosinality_name *name = append(names);
    if (name) {
        snprintf(name->official, sizeof name->official, "%s", official);
        snprintf(name->foreign, sizeof name->foreign, "%s", foreign);
        name->rank = rank;
        name->leading = leading;
    }
}

/* A filter that holds the gain of upsampling in both directions. */
static void add_upsampling_filter(sg_rosinality_names *names, const char *official,
                                  const char *foreign)
{
    add_tensor(names, official, foreign, 2, 0);
    if (!names->failed)
        names->items[names->count - 1].scale = 4.0;
}

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

/* The layers of the block number `level`, from 1; its size is 4 << level. */
static void add_generator_block(sg_rosinality_names *names, int level)
{
    char official[SG_PARAMETER_NAME_BYTES];
    char foreign[SG_PARAMETER_NAME_BYTES];
    int resolution = 4 << level;
    int first = 2 * level - 2; /* of the list of convolutions */
    add_layer(names, styled_layer, print(official, "synthesis.b%d.conv0", resolution),
              print(foreign, "convs.%d", first));
    add_upsampling_filter(names, print(official, "synthesis.b%d.conv0.resample_filter", resolution),
                          print(foreign, "convs.%d.conv.blur.kernel", first));
    add_layer(names, styled_layer, print(official, "synthesis.b%d.conv1", resolution),
              print(foreign, "convs.%d", first + 1));
    add_layer(names, colour_layer, print(official, "synthesis.b%d.torgb", resolution),
              print(foreign, "to_rgbs.%d", level - 1));
    add_upsampling_filter(names, print(official, "synthesis.b%d.resample_filter", resolution),
                          print(foreign, "to_rgbs.%d.upsample.kernel", level - 1));
    for (int layer = 0; layer < 2; layer++)
        add_tensor(names, print(official, "synthesis.b%d.conv%d.noise_const", resolution, layer),
                   print(foreign, "noises.noise_%d", first + 1 + layer), 2, 2);
}

void sg_rosinality_generator_names(int resolution, int mapping_layers, sg_rosinality_names *names)
{
    for (int i = 0; i < mapping_layers; i++) {
        char official[SG_PARAMETER_NAME_BYTES];
        char foreign[SG_PARAMETER_NAME_BYTES];
        add_layer(names, linear_layer, print(official, "mapping.fc%d", i),
                  print(foreign, "style.%d", i + 1));
    }
    add_tensor(names, "synthesis.b4.const", "input.input", 3, 1);
    add_layer(names, styled_layer, "synthesis.b4.conv1", "conv1");
    add_layer(names, colour_layer, "synthesis.b4.torgb", "to_rgb1");
    add_tensor(names, "synthesis.b4.conv1.noise_const", "noises.noise_0", 2, 2);
    for (int level = 1; 4 << level <= resolution; level++)
        add_generator_block(names, level);
}

void sg_rosinality_discriminator_names(int resolution, sg_rosinality_names *names)
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

void sg_rosinality_names_clear(sg_rosinality_names *names)
{
    free(names->items);
    *names = (sg_rosinality_names){0};
}
