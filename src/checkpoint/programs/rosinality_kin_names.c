/*
 * StyleGAN2 in programs whose networks are those of stylegan2-pytorch by rosinality under other
 * names: BasicSR (Wang et al. 2022) and MMGeneration. Modulated weights have a leading axis of size
 * 1, biases of colours are pictures. The average of w is not stored. MMGeneration's pictures are in
 * the order blue, green, red.
 *
 * Tested by: tests/checkpoint/programs/test_program_dicts.c
 */
#include "checkpoint/programs/program_table.h"

/* ---- BasicSR ---- */

static const sg_layer_row basicsr_layer[] = {
    {"weight", "modulated_conv.weight", {.rank = 4}},
    {"affine.weight", "modulated_conv.modulation.weight", {.rank = 2}},
    {"affine.bias", "modulated_conv.modulation.bias", {.rank = 1}},
    {"bias", "activate.bias", {.rank = 1}},
    {"noise_strength", "weight", {.rank = 0}},
    {0},
};

static const sg_layer_row basicsr_colours[] = {
    {"weight", "modulated_conv.weight", {.rank = 4}},
    {"affine.weight", "modulated_conv.modulation.weight", {.rank = 2}},
    {"affine.bias", "modulated_conv.modulation.bias", {.rank = 1}},
    {"bias", "bias", {.rank = 1}},
    {0},
};

static const sg_name_row basicsr_rows[] = {
    {"style_mlp.#", "mapping.fc#", .layer = sg_dense_rows, .count = SG_COUNT_FROM_ONE},
    {"constant_input.weight", "synthesis.b4.const", .form = {.rank = 3}},
    {"style_conv1", "synthesis.b4.conv1", .layer = basicsr_layer},
    {"style_convs.#", "synthesis.b@.conv&", .layer = basicsr_layer, .count = SG_COUNT_PAIRS},
    {"to_rgb1", "synthesis.b4.torgb", .layer = basicsr_colours},
    {"to_rgbs.#", "synthesis.b@.torgb", .layer = basicsr_colours, .count = SG_COUNT_LATER_BLOCKS},
    {"noises.noise0", "synthesis.b4.conv1.noise_const", .form = {.rank = 2}},
    {"noises.noise#", "synthesis.b@.conv&.noise_const", .form = {.rank = 2},
     .count = SG_COUNT_LATER_LAYERS},
    {0},
};

const sg_program_network sg_basicsr_generator_names = {
    .title = "state dict of BasicSR's StyleGAN2",
    .family = SG_STYLEGAN2,
    .marks = {"style_mlp.1.weight", "style_conv1.modulated_conv.weight"},
    .rows = basicsr_rows,
};

/* ---- MMGeneration ---- */

static const sg_layer_row equalized_layer[] = {
    {"weight", "linear.weight_orig", {.rank = 2}},
    {"bias", "bias", {.rank = 1}},
    {0},
};

static const sg_layer_row mmgeneration_layer[] = {
    {"weight", "conv.weight_orig", {.rank = 4}},
    {"affine.weight", "conv.style_modulation.linear.weight_orig", {.rank = 2}},
    {"affine.bias", "conv.style_modulation.bias", {.rank = 1}},
    {"bias", "activate.bias", {.rank = 1}},
    {"noise_strength", "noise_injector.weight", {.rank = 0}},
    {0},
};

static const sg_layer_row mmgeneration_colours[] = {
    {"weight", "conv.weight_orig", {.rank = 4, .order = SG_AXES_FIRST_REVERSED}},
    {"affine.weight", "conv.style_modulation.linear.weight_orig", {.rank = 2}},
    {"affine.bias", "conv.style_modulation.bias", {.rank = 1}},
    {"bias", "bias", {.rank = 1, .order = SG_AXES_FIRST_REVERSED}},
    {0},
};

static const sg_name_row mmgeneration_rows[] = {
    {"style_mapping.#", "mapping.fc#", .layer = equalized_layer, .count = SG_COUNT_FROM_ONE},
    {"constant_input.input", "synthesis.b4.const", .form = {.rank = 3}},
    {"conv1", "synthesis.b4.conv1", .layer = mmgeneration_layer},
    {"convs.#", "synthesis.b@.conv&", .layer = mmgeneration_layer, .count = SG_COUNT_PAIRS},
    {"to_rgb1", "synthesis.b4.torgb", .layer = mmgeneration_colours},
    {"to_rgbs.#", "synthesis.b@.torgb", .layer = mmgeneration_colours,
     .count = SG_COUNT_LATER_BLOCKS},
    {"injected_noise_#", "synthesis.b@.conv&.noise_const", .form = {.rank = 2},
     .count = SG_COUNT_LATER_LAYERS},
    {"convs.#.conv.blur.kernel", .official = NULL},
    {"to_rgbs.#.upsample.kernel", .official = NULL},
    {0},
};

const sg_program_network sg_mmgeneration_generator_names = {
    .title = "state dict of MMGeneration's StyleGAN2",
    .family = SG_STYLEGAN2,
    .marks = {"style_mapping.1.linear.weight_orig", "conv1.conv.weight_orig"},
    .filter = "convs.0.conv.blur.kernel",
    .rows = mmgeneration_rows,
};
