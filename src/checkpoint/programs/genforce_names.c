/*
 * Names of genforce's programs. GenForce and SeFa (Shen and Zhou 2021) number the layers of every
 * network; InterFaceGAN (Shen et al. 2020) and idinvert (Zhu et al. 2020) had layers within layers;
 * Hammer is GenForce's successor. Their networks were converted from the TensorFlow programs':
 * style biases are stored without the 1 that is added to them, and the kernels of StyleGAN2's
 * layers that double the size in reverse. Hammer does neither.
 *
 * Tested by: tests/checkpoint/programs/test_program_dicts.c
 */
#include "checkpoint/programs/program_table.h"

/* ---- layers ---- */

/* StyleGAN2's; the colour layers have no noise. */
static const sg_layer_row modulated_layer[] = {
    {"weight", "weight", {.rank = 4}},
    {"bias", "bias", {.rank = 1}},
    {"affine.weight", "style.weight", {.rank = 2}},
    {"affine.bias", "style.bias", {.rank = 1, .added = 1.0}},
    {"noise_strength", "noise_strength", {.rank = 0}},
    {"noise_const", "noise", {.rank = 2}},
    {0},
};

static const sg_layer_row modulated_up_layer[] = {
    {"weight", "weight", {.rank = 4, .order = SG_AXES_REVERSED}},
    {"bias", "bias", {.rank = 1}},
    {"affine.weight", "style.weight", {.rank = 2}},
    {"affine.bias", "style.bias", {.rank = 1, .added = 1.0}},
    {"noise_strength", "noise_strength", {.rank = 0}},
    {"noise_const", "noise", {.rank = 2}},
    {0},
};

static const sg_layer_row hammer_layer[] = {
    {"weight", "weight", {.rank = 4}},
    {"bias", "bias", {.rank = 1}},
    {"affine.weight", "style.weight", {.rank = 2}},
    {"affine.bias", "style.bias", {.rank = 1}},
    {"noise_strength", "noise_strength", {.rank = 0}},
    {"noise_const", "noise", {.rank = 2}},
    {0},
};

/* StyleGAN's; the first layer does not convolve. */
static const sg_layer_row styled_layer[] = {
    {"weight", "weight", {.rank = 4}},
    {"bias", "bias", {.rank = 1}},
    {"affine.weight", "style.weight", {.rank = 2}},
    {"affine.bias", "style.bias", {.rank = 1}},
    {"noise_strength", "apply_noise.weight", {.rank = 1}},
    {"noise_const", "apply_noise.noise", {.rank = 2}},
    {0},
};

/* Those of idinvert and InterFaceGAN; fused kernels have other names, and lie as in TensorFlow. */
static const sg_layer_row nested_layer[] = {
    {"weight", "conv.weight", {.rank = 4}},
    {"weight", "weight", {.rank = 4, .order = SG_AXES_KERNEL}},
    {"bias", "epilogue.bias", {.rank = 1}},
    {"affine.weight", "epilogue.style_mod.dense.fc.weight", {.rank = 2}},
    {"affine.weight", "epilogue.style_mod.dense.linear.weight", {.rank = 2}},
    {"affine.bias", "epilogue.style_mod.dense.wscale.bias", {.rank = 1}},
    {"noise_strength", "epilogue.apply_noise.weight", {.rank = 1}},
    {"noise_const", "epilogue.apply_noise.noise", {.rank = 2}},
    {0},
};

static const sg_layer_row nested_dense_layer[] = {
    {"weight", "fc.weight", {.rank = 2}},
    {"weight", "linear.weight", {.rank = 2}},
    {"bias", "wscale.bias", {.rank = 1}},
    {0},
};

/* Colour layers and ProGAN's layers. */
static const sg_layer_row nested_convolution_layer[] = {
    {"weight", "conv.weight", {.rank = 4}},
    {"weight", "weight", {.rank = 4, .order = SG_AXES_KERNEL}},
    {"bias", "bias", {.rank = 1}},
    {"bias", "wscale.bias", {.rank = 1}},
    {0},
};

/* ---- reasons ---- */

static const char joined_labels[] = "joins labels to the latents before they are normalised, as "
                                    "StyleGAN2 did before StyleGAN2-ADA; it is not built here";
static const char no_constant[] = "begins with w instead of a constant; it is not built here";
static const char shortcuts[] = "has shortcuts between its layers; it is not built here";

/* ---- StyleGAN2 ---- */

static const sg_name_row stylegan2_rows[] = {
    {"mapping.dense#", "mapping.fc#", .layer = sg_dense_rows},
    {"mapping.LabelEmbed", "mapping.embed", .layer = sg_dense_rows},
    {"mapping.label_weight", .refusal = joined_labels},
    {"truncation.w_avg", "mapping.w_avg", .form = {.rank = 1}},
    {"synthesis.early_layer.const", "synthesis.b4.const", .form = {.rank = 3}},
    {"synthesis.early_layer.weight", .refusal = no_constant},
    {"synthesis.skip_layer#.weight", .refusal = shortcuts},
    {"synthesis.layer#", "synthesis.b@.conv0", .layer = modulated_up_layer,
     .count = SG_COUNT_LATER_LAYERS, .place = SG_PLACE_START},
    {"synthesis.layer#", "synthesis.b@.conv1", .layer = modulated_layer,
     .count = SG_COUNT_LATER_LAYERS},
    {"synthesis.output#", "synthesis.b@.torgb", .layer = modulated_layer, .count = SG_COUNT_BLOCKS},
    {"synthesis.layer#.filter.kernel", .official = NULL},
    {"synthesis.upsample.kernel", .official = NULL},
    {0},
};

const sg_program_network sg_genforce_stylegan2_names = {
    .title = "state dict of genforce's StyleGAN2",
    .family = SG_STYLEGAN2,
    .marks = {"mapping.dense0.weight", "synthesis.layer0.noise_strength", "truncation.w_avg"},
    .filter = "synthesis.layer1.filter.kernel",
    .rows = stylegan2_rows,
};

static const sg_name_row hammer_rows[] = {
    {"mapping.dense#", "mapping.fc#", .layer = sg_dense_rows},
    {"mapping.embedding", "mapping.embed", .layer = sg_dense_rows},
    {"w_avg", "mapping.w_avg", .form = {.rank = 1}},
    {"synthesis.early_layer.const", "synthesis.b4.const", .form = {.rank = 3}},
    {"synthesis.early_layer.weight", .refusal = no_constant},
    {"synthesis.residual#.weight", .refusal = shortcuts},
    {"synthesis.layer#", "synthesis.b@.conv&", .layer = hammer_layer,
     .count = SG_COUNT_LATER_LAYERS},
    {"synthesis.output#", "synthesis.b@.torgb", .layer = hammer_layer, .count = SG_COUNT_BLOCKS},
    {"synthesis.layer#.filter", .official = NULL},
    {"synthesis.filter", .official = NULL},
    {0},
};

const sg_program_network sg_hammer_stylegan2_names = {
    .title = "state dict of Hammer's StyleGAN2",
    .family = SG_STYLEGAN2,
    .marks = {"mapping.dense0.weight", "synthesis.layer0.noise_strength", "w_avg"},
    .filter = "synthesis.layer1.filter",
    .rows = hammer_rows,
};

/* ---- StyleGAN and ProGAN ---- */

static const sg_name_row stylegan_rows[] = {
    {"mapping.dense#", "mapping.fc#", .layer = sg_dense_rows},
    {"mapping.label_weight", "mapping.embed.weight",
     .form = {.rank = 2, .order = SG_AXES_TRANSPOSED}},
    {"truncation.w_avg", "mapping.w_avg", .form = {.rank = 1}},
    {"synthesis.lod", "synthesis.lod", .form = {.rank = 0}},
    {"synthesis.layer0.const", "synthesis.b4.const", .form = {.rank = 3}},
    {"synthesis.layer0.weight", .refusal = no_constant},
    {"synthesis.layer#", "synthesis.b@.layer&", .layer = styled_layer, .count = SG_COUNT_LAYERS},
    {"synthesis.output#", "synthesis.b@.torgb", .layer = sg_convolution_rows,
     .count = SG_COUNT_BLOCKS},
    {"synthesis.layer#.blur.kernel", .official = NULL},
    {0},
};

const sg_program_network sg_genforce_stylegan_names = {
    .title = "state dict of genforce's StyleGAN",
    .family = SG_STYLEGAN1,
    .marks = {"mapping.dense0.weight", "synthesis.layer0.apply_noise.weight"},
    .filter = "synthesis.layer2.blur.kernel",
    .rows = stylegan_rows,
};

static const sg_name_row nested_stylegan_rows[] = {
    {"mapping.dense#", "mapping.fc#", .layer = nested_dense_layer},
    {"mapping.label_weight", "mapping.embed.weight",
     .form = {.rank = 2, .order = SG_AXES_TRANSPOSED}},
    {"truncation.w_avg", "mapping.w_avg", .form = {.rank = 1}},
    {"truncation.truncation", .official = NULL},
    {"synthesis.lod", "synthesis.lod", .form = {.rank = 0}},
    {"synthesis.layer0.const", "synthesis.b4.const", .form = {.rank = 3}},
    {"synthesis.layer0.first_layer", "synthesis.b4.const", .form = {.rank = 3}},
    {"synthesis.layer#", "synthesis.b@.layer&", .layer = nested_layer, .count = SG_COUNT_LAYERS},
    {"synthesis.output#", "synthesis.b@.torgb", .layer = nested_convolution_layer,
     .count = SG_COUNT_BLOCKS},
    {"synthesis.layer#.blur.kernel", .official = NULL},
    {0},
};

const sg_program_network sg_interfacegan_stylegan_names = {
    .title = "state dict of StyleGAN in InterFaceGAN or idinvert",
    .family = SG_STYLEGAN1,
    .marks = {"mapping.dense0.wscale.bias", "synthesis.layer0.epilogue.apply_noise.weight"},
    .filter = "synthesis.layer2.blur.kernel",
    .fused = "synthesis.layer2.weight",
    .unfused = "synthesis.layer10.conv.weight",
    .rows = nested_stylegan_rows,
};

/* The first layer's kernel covers the whole picture, which has one pixel. */
static const sg_name_row progan_rows[] = {
    {"lod", "synthesis.lod", .form = {.rank = 0}},
    {"layer0.weight", "synthesis.b4.dense.weight",
     .form = {.rank = 2, .order = SG_AXES_PROJECTION}},
    {"layer0.bias", "synthesis.b4.dense.bias", .form = {.rank = 1}},
    {"layer#", "synthesis.b@.layer&", .layer = sg_convolution_rows, .count = SG_COUNT_LAYERS},
    {"output#", "synthesis.b@.torgb", .layer = sg_convolution_rows, .count = SG_COUNT_BLOCKS},
    {0},
};

static const sg_name_row nested_progan_rows[] = {
    {"lod", "synthesis.lod", .form = {.rank = 0}},
    {"layer0.conv.weight", "synthesis.b4.dense.weight",
     .form = {.rank = 2, .order = SG_AXES_PROJECTION}},
    {"layer0.wscale.bias", "synthesis.b4.dense.bias", .form = {.rank = 1}},
    {"layer#", "synthesis.b@.layer&", .layer = nested_convolution_layer, .count = SG_COUNT_LAYERS},
    {"output#", "synthesis.b@.torgb", .layer = nested_convolution_layer, .count = SG_COUNT_BLOCKS},
    {0},
};

const sg_program_network sg_genforce_progan_names = {
    .title = "state dict of genforce's ProGAN",
    .family = SG_PROGAN,
    .marks = {"layer0.weight", "output0.weight", "lod"},
    .options = "{\"fused_scale\": false}",
    .rows = progan_rows,
};

const sg_program_network sg_interfacegan_progan_names = {
    .title = "state dict of InterFaceGAN's ProGAN",
    .family = SG_PROGAN,
    .marks = {"layer0.wscale.bias", "output0.conv.weight", "lod"},
    .fused = "layer2.weight",
    .unfused = "layer2.conv.weight",
    .rows = nested_progan_rows,
};

/* ---- discriminators ---- */

/* Layers are numbered from the picture down; the last three are of 4x4, dense and the score. */
static const sg_name_row discriminator_rows[] = {
    {"lod", "lod", .form = {.rank = 0}},
    {"input#", "b@.fromrgb", .layer = sg_convolution_rows, .count = SG_COUNT_BLOCKS_DOWN},
    {"skip_layer#.weight", "b@.skip.weight", .form = {.rank = 4}, .count = SG_COUNT_BLOCKS_DOWN},
    {"layer#", "b@.conv&", .layer = sg_convolution_rows, .count = SG_COUNT_LAYERS_DOWN,
     .place = SG_PLACE_LATER},
    {"layer#", "b4.conv", .layer = sg_convolution_rows, .count = SG_COUNT_LAYERS_DOWN,
     .place = SG_PLACE_START},
    {"layer#", "b4.fc", .layer = sg_dense_rows, .count = SG_COUNT_LAYERS_DOWN},
    {"layer#", "b4.out", .layer = sg_dense_rows, .count = SG_COUNT_LAYERS_DOWN,
     .place = SG_PLACE_AFTER},
    {"layer#.blur.kernel", .official = NULL},
    {"layer#.filter.kernel", .official = NULL},
    {"skip_layer#.filter.kernel", .official = NULL},
    {"downsample.kernel", .official = NULL},
    {0},
};

const sg_program_network sg_genforce_stylegan2_discriminator_names = {
    .title = "state dict of genforce's StyleGAN2",
    .family = SG_STYLEGAN2,
    .discriminator = true,
    .marks = {"input0.weight", "layer1.filter.kernel", "layer4.weight"},
    .blocks = {"layer#.weight", SG_COUNT_LAYERS},
    .filter = "layer1.filter.kernel",
    .rows = discriminator_rows,
};

const sg_program_network sg_genforce_stylegan_discriminator_names = {
    .title = "state dict of genforce's StyleGAN",
    .family = SG_STYLEGAN1,
    .discriminator = true,
    .marks = {"input0.weight", "layer1.blur.kernel", "lod"},
    .blocks = {"layer#.weight", SG_COUNT_LAYERS},
    .options = "{\"family\": \"stylegan1\"}",
    .filter = "layer1.blur.kernel",
    .rows = discriminator_rows,
};

const sg_program_network sg_genforce_progan_discriminator_names = {
    .title = "state dict of genforce's ProGAN",
    .family = SG_PROGAN,
    .discriminator = true,
    .marks = {"input0.weight", "layer4.weight", "lod"},
    .blocks = {"layer#.weight", SG_COUNT_LAYERS},
    .options = "{\"family\": \"progan\", \"fused_scale\": false, \"mbstd_group_size\": 16}",
    .rows = discriminator_rows,
};
