/*
 * Names of the TensorFlow programs.
 *
 * Their kernels are [height, width, in, out], their matrices [in, out]. The kernels of StyleGAN2's
 * layers that double the size are true convolutions, so rows and columns are reversed here. Its
 * style biases are stored without the 1 that is added to them.
 *
 * Tested by: tests/checkpoint/maps/test_map_tensorflow.c
 */
#include "checkpoint/maps/tensorflow_names.h"

#include "checkpoint/maps/tensorflow_size.h"

#include <stdio.h>

static const sg_layer_row dense_layer[] = {
    {"weight", "weight", {.rank = 2, .order = SG_AXES_TRANSPOSED}},
    {"bias", "bias", {.rank = 1}},
    {0},
};

static const sg_layer_row convolution_layer[] = {
    {"weight", "weight", {.rank = 4, .order = SG_AXES_KERNEL}},
    {"bias", "bias", {.rank = 1}},
    {0},
};

/* StyleGAN2's. */
static const sg_layer_row modulated_layer[] = {
    {"weight", "weight", {.rank = 4, .order = SG_AXES_KERNEL}},
    {"bias", "bias", {.rank = 1}},
    {"affine.weight", "mod_weight", {.rank = 2, .order = SG_AXES_TRANSPOSED}},
    {"affine.bias", "mod_bias", {.rank = 1, .added = 1.0}},
    {"noise_strength", "noise_strength", {.rank = 0}},
    {0},
};

/* StyleGAN's: strength of noise, bias, scales and shifts of AdaIN. */
static const sg_layer_row styled_layer[] = {
    {"weight", "weight", {.rank = 4, .order = SG_AXES_KERNEL}},
    {"noise_strength", "Noise/weight", {.rank = 1}},
    {"bias", "bias", {.rank = 1}},
    {"affine.weight", "StyleMod/weight", {.rank = 2, .order = SG_AXES_TRANSPOSED}},
    {"affine.bias", "StyleMod/bias", {.rank = 1}},
    {0},
};

/* ---- layers ---- */

static void add_tensor(sg_foreign_names *names, const char *official, const char *foreign, int rank)
{
    sg_foreign_names_add(names, official, foreign, (sg_foreign_form){.rank = rank});
}

/* Adds a layer whose kernel, its tensor of rank 4, lies in this order. */
static void add_layer_ordered(sg_foreign_names *names, const char *official, const char *foreign,
                              const sg_layer_row *rows, sg_axis_order kernel)
{
    const size_t first = names->count;
    sg_foreign_names_add_layer(names, official, foreign, '/', rows);
    for (size_t i = first; i < names->count; i++)
        if (names->items[i].form.rank == 4)
            names->items[i].form.order = kernel;
}

static void add_layer(sg_foreign_names *names, const char *official, const char *foreign,
                      const sg_layer_row *rows)
{
    add_layer_ordered(names, official, foreign, rows, SG_AXES_KERNEL);
}

/* ---- blocks ---- */

enum { LONGEST_LAYER = 64 };

/* Layers of one resolution. */
typedef struct block {
    sg_foreign_names *names;
    const char *part, *component; /* "synthesis." and "synthesis/", or empty */
    int resolution;
    const sg_tensorflow_size *size;
} block;

static void add_block_layer(const block *in, const char *official, const char *foreign,
                            const sg_layer_row *rows, sg_axis_order kernel)
{
    char to[LONGEST_LAYER];
    char from[LONGEST_LAYER];
    char scope[SG_TENSORFLOW_SCOPE_BYTES];
    snprintf(to, sizeof to, "%sb%d.%s", in->part, in->resolution, official);
    snprintf(from, sizeof from, "%s%s/%s", in->component,
             sg_tensorflow_scope(in->size, in->resolution, scope), foreign);
    add_layer_ordered(in->names, to, from, rows, kernel);
}

/* Adds a colour layer named by its level of detail: how often its picture is halved. */
static void add_colours_by_level(const block *in, const char *official, const char *foreign,
                                 const sg_layer_row *rows, int full_resolution)
{
    char to[LONGEST_LAYER];
    char from[LONGEST_LAYER];
    int level = 0;
    while (in->resolution << level < full_resolution)
        level++;
    snprintf(to, sizeof to, "%sb%d.%s", in->part, in->resolution, official);
    snprintf(from, sizeof from, "%s%s_lod%d", in->component, foreign, level);
    add_layer(in->names, to, from, rows);
}

static void add_noise(const block *in, const char *layer, int number)
{
    char to[LONGEST_LAYER];
    char from[LONGEST_LAYER];
    snprintf(to, sizeof to, "synthesis.b%d.%s.noise_const", in->resolution, layer);
    snprintf(from, sizeof from, "synthesis/noise%d", number);
    add_tensor(in->names, to, from, 2);
}

/* ---- generators ---- */

static void add_constant(const block *in)
{
    char from[LONGEST_LAYER];
    char scope[SG_TENSORFLOW_SCOPE_BYTES];
    snprintf(from, sizeof from, "synthesis/%s/Const/const",
             sg_tensorflow_scope(in->size, in->resolution, scope));
    add_tensor(in->names, "synthesis.b4.const", from, 3);
}

/* Blocks of StyleGAN2; `level` is 0 at 4x4. */
static void add_modulated_block(const block *in, const sg_tensorflow_layout *layout, int level)
{
    if (level == 0) {
        add_constant(in);
        add_block_layer(in, "conv1", "Conv", modulated_layer, SG_AXES_KERNEL);
        add_noise(in, "conv1", 0);
    } else {
        add_block_layer(in, "conv0", "Conv0_up", modulated_layer, SG_AXES_KERNEL_REVERSED);
        add_noise(in, "conv0", 2 * level - 1);
        add_block_layer(in, "conv1", "Conv1", modulated_layer, SG_AXES_KERNEL);
        add_noise(in, "conv1", 2 * level);
        add_block_layer(in, "skip", "Skip", convolution_layer, SG_AXES_KERNEL_REVERSED);
    }
    if (layout->by_level && in->resolution == layout->size.resolution)
        add_colours_by_level(in, "torgb", "ToRGB", modulated_layer, layout->size.resolution);
    else
        add_block_layer(in, "torgb", "ToRGB", modulated_layer, SG_AXES_KERNEL);
}

static void add_styled_block(const block *in, const sg_tensorflow_layout *layout, int level)
{
    bool first = level == 0;
    if (first)
        add_constant(in);
    add_block_layer(in, "layer0", first ? "Const" : "Conv0_up", styled_layer, SG_AXES_KERNEL);
    add_noise(in, "layer0", 2 * level);
    add_block_layer(in, "layer1", first ? "Conv" : "Conv1", styled_layer, SG_AXES_KERNEL);
    add_noise(in, "layer1", 2 * level + 1);
    add_colours_by_level(in, "torgb", "ToRGB", convolution_layer, layout->size.resolution);
}

/* Blocks of ProGAN. */
static void add_plain_block(const block *in, const sg_tensorflow_layout *layout, int level)
{
    if (level == 0) {
        add_block_layer(in, "dense", "Dense", dense_layer, SG_AXES_KERNEL);
        add_block_layer(in, "layer1", "Conv", convolution_layer, SG_AXES_KERNEL);
    } else {
        add_block_layer(in, "layer0", layout->unfused ? "Conv0" : "Conv0_up", convolution_layer,
                        layout->out_first ? SG_AXES_KERNEL_OUT_FIRST : SG_AXES_KERNEL);
        add_block_layer(in, "layer1", "Conv1", convolution_layer, SG_AXES_KERNEL);
    }
    add_colours_by_level(in, "torgb", "ToRGB", convolution_layer, layout->size.resolution);
}

/* Adds the layers of a mapping network, its first for labels; the program numbers the
 * others after `foreign`. */
static void add_mapping_layers(sg_foreign_names *names, const char *embed, const char *foreign,
                               int layers)
{
    add_layer(names, "mapping.embed", embed, dense_layer);
    for (int i = 0; i < layers; i++) {
        char to[LONGEST_LAYER];
        char from[LONGEST_LAYER];
        snprintf(to, sizeof to, "mapping.fc%d", i);
        snprintf(from, sizeof from, "%s%d", foreign, i);
        add_layer(names, to, from, dense_layer);
    }
}

static void add_generator(sg_foreign_names *names, const sg_tensorflow_layout *layout)
{
    bool components = layout->family != SG_PROGAN;
    block in = {names, "synthesis.", components ? "synthesis/" : "", 4, &layout->size};
    if (components) {
        const bool joined = layout->family == SG_STYLEGAN1;
        add_tensor(names, "mapping.w_avg", "dlatent_avg", 1);
        add_mapping_layers(names, joined ? "mapping/LabelConcat" : "mapping/LabelEmbed",
                           "mapping/Dense", layout->mapping_layers);
    }
    if (layout->family != SG_STYLEGAN2)
        add_tensor(names, "synthesis.lod", "lod", 0);
    for (int level = 0; in.resolution <= layout->size.resolution; level++, in.resolution *= 2)
        if (layout->family == SG_STYLEGAN2)
            add_modulated_block(&in, layout, level);
        else if (layout->family == SG_STYLEGAN1)
            add_styled_block(&in, layout, level);
        else
            add_plain_block(&in, layout, level);
}

/* ---- discriminators ---- */

static void add_discriminator_block(const block *in, const sg_tensorflow_layout *layout)
{
    bool grows = layout->family != SG_STYLEGAN2;
    if (grows || (layout->by_level && in->resolution == layout->size.resolution))
        add_colours_by_level(in, "fromrgb", "FromRGB", convolution_layer, layout->size.resolution);
    else
        add_block_layer(in, "fromrgb", "FromRGB", convolution_layer, SG_AXES_KERNEL);
    add_block_layer(in, "conv0", "Conv0", convolution_layer, SG_AXES_KERNEL);
    add_block_layer(in, "conv1", layout->unfused ? "Conv1" : "Conv1_down", convolution_layer,
                    SG_AXES_KERNEL);
    add_block_layer(in, "skip", "Skip", convolution_layer, SG_AXES_KERNEL);
    add_block_layer(in, "conv", "Conv", convolution_layer, SG_AXES_KERNEL);
}

static void add_discriminator(sg_foreign_names *names, const sg_tensorflow_layout *layout)
{
    bool grows = layout->family != SG_STYLEGAN2;
    block in = {names, "", "", layout->size.resolution, &layout->size};
    for (; in.resolution >= 4; in.resolution /= 2)
        add_discriminator_block(&in, layout);
    in.resolution = 4;
    add_block_layer(&in, "fc", "Dense0", dense_layer, SG_AXES_KERNEL);
    if (grows)
        add_block_layer(&in, "out", "Dense1", dense_layer, SG_AXES_KERNEL);
    else
        add_layer(names, "b4.out", "Output", dense_layer);
    if (grows)
        add_tensor(names, "lod", "lod", 0);
    else /* of StyleGAN2-ADA's labels */
        add_mapping_layers(names, "LabelEmbed", "Mapping", layout->mapping_layers);
}

void sg_tensorflow_names_list(const sg_tensorflow_layout *layout, sg_foreign_names *names)
{
    if (layout->discriminator)
        add_discriminator(names, layout);
    else
        add_generator(names, layout);
}
