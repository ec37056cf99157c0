/*
 * StyleGAN.pytorch by huangzh13, and the notebook by lernapparat whose layers it has. Their
 * networks draw noise anew for each picture, so none is stored. Where there is no blur kernel,
 * enlarged pictures are not blurred. The notebook keeps the colour layer of the full size alone.
 *
 * Tested by: tests/checkpoint/programs/test_program_dicts.c
 */
#include "checkpoint/programs/program_table.h"

/* What follows a convolution. */
static const sg_layer_row epilogue[] = {
    {"noise_strength", "top_epi.noise.weight", {.rank = 1}},
    {"affine.weight", "style_mod.lin.weight", {.rank = 2}},
    {"affine.bias", "style_mod.lin.bias", {.rank = 1}},
    {0},
};

static const char no_constant[] = "begins with w instead of a constant; it is not built here";
static const char linear_colours[] = "scores pictures by a layer of colours without an activation, "
                                     "unlike StyleGAN; it is not built here";

/* ---- generators ---- */

static const sg_name_row generator_rows[] = {
    {"class_embedding.weight", "mapping.embed.weight",
     .form = {.rank = 2, .order = SG_AXES_TRANSPOSED}},
    {"g_mapping.map.dense#", "mapping.fc#", .layer = sg_dense_rows},
    {"truncation.avg_latent", "mapping.w_avg", .form = {.rank = 1}},
    {"g_synthesis.init_block.const", "synthesis.b4.const", .form = {.rank = 3}},
    {"g_synthesis.init_block.dense.weight", .refusal = no_constant},
    {"g_synthesis.init_block.bias", "synthesis.b4.layer0.bias", .form = {.rank = 1}},
    {"g_synthesis.init_block.epi1", "synthesis.b4.layer0", .layer = epilogue},
    {"g_synthesis.init_block.conv", "synthesis.b4.layer1", .layer = sg_convolution_rows},
    {"g_synthesis.init_block.epi2", "synthesis.b4.layer1", .layer = epilogue},
    {"g_synthesis.blocks.#.conv0_up", "synthesis.b@.layer0", .layer = sg_convolution_rows,
     .count = SG_COUNT_LATER_BLOCKS},
    {"g_synthesis.blocks.#.epi1", "synthesis.b@.layer0", .layer = epilogue,
     .count = SG_COUNT_LATER_BLOCKS},
    {"g_synthesis.blocks.#.conv1", "synthesis.b@.layer1", .layer = sg_convolution_rows,
     .count = SG_COUNT_LATER_BLOCKS},
    {"g_synthesis.blocks.#.epi2", "synthesis.b@.layer1", .layer = epilogue,
     .count = SG_COUNT_LATER_BLOCKS},
    {"g_synthesis.to_rgb.#", "synthesis.b@.torgb", .layer = sg_convolution_rows,
     .count = SG_COUNT_BLOCKS},
    {"g_synthesis.blocks.#.conv0_up.intermediate.kernel", .official = NULL},
    {0},
};

const sg_program_network sg_huangzh13_generator_names = {
    .title = "state dict of StyleGAN.pytorch (huangzh13)",
    .family = SG_STYLEGAN1,
    .marks = {"g_mapping.map.dense0.weight", "g_synthesis.blocks.0.conv0_up.intermediate.kernel"},
    .filter = "g_synthesis.blocks.0.conv0_up.intermediate.kernel",
    .options = "{\"norm_epsilon\": 1e-5}",
    .rows = generator_rows,
};

const sg_program_network sg_huangzh13_unblurred_generator_names = {
    .title = "state dict of StyleGAN.pytorch (huangzh13)",
    .family = SG_STYLEGAN1,
    .marks = {"g_mapping.map.dense0.weight", "g_synthesis.init_block.conv.weight"},
    .options = "{\"norm_epsilon\": 1e-5, \"resample_filter\": [1]}",
    .rows = generator_rows,
};

static const sg_name_row notebook_rows[] = {
    {"g_mapping.dense#", "mapping.fc#", .layer = sg_dense_rows},
    {"truncation.avg_latent", "mapping.w_avg", .form = {.rank = 1}},
    {"g_synthesis.blocks.4x4.const", "synthesis.b4.const", .form = {.rank = 3}},
    {"g_synthesis.blocks.4x4.bias", "synthesis.b4.layer0.bias", .form = {.rank = 1}},
    {"g_synthesis.blocks.#x#.conv", "synthesis.b@.layer1", .layer = sg_convolution_rows,
     .count = SG_COUNT_PIXELS},
    {"g_synthesis.blocks.#x#.conv0_up", "synthesis.b@.layer0", .layer = sg_convolution_rows,
     .count = SG_COUNT_PIXELS},
    {"g_synthesis.blocks.#x#.epi1", "synthesis.b@.layer0", .layer = epilogue,
     .count = SG_COUNT_PIXELS},
    {"g_synthesis.blocks.#x#.conv1", "synthesis.b@.layer1", .layer = sg_convolution_rows,
     .count = SG_COUNT_PIXELS},
    {"g_synthesis.blocks.#x#.epi2", "synthesis.b@.layer1", .layer = epilogue,
     .count = SG_COUNT_PIXELS},
    {"g_synthesis.torgb", "synthesis.b@.torgb", .layer = sg_convolution_rows,
     .count = SG_COUNT_TOP},
    {"g_synthesis.blocks.#x#.conv0_up.intermediate.kernel", .official = NULL},
    {0},
};

const sg_program_network sg_lernapparat_generator_names = {
    .title = "state dict of lernapparat's StyleGAN",
    .family = SG_STYLEGAN1,
    .marks = {"g_mapping.dense0.weight", "g_synthesis.blocks.4x4.const"},
    .blocks = {"g_synthesis.blocks.#x#.epi1.style_mod.lin.bias", SG_COUNT_PIXELS},
    .filter = "g_synthesis.blocks.8x8.conv0_up.intermediate.kernel",
    .options = "{\"norm_epsilon\": 1e-5}",
    .rows = notebook_rows,
};

/* ---- discriminators ---- */

static const sg_name_row discriminator_rows[] = {
    {"from_rgb.#.weight", .refusal = linear_colours},
    {0},
};

const sg_program_network sg_huangzh13_discriminator_names = {
    .title = "state dict of StyleGAN.pytorch (huangzh13)",
    .family = SG_STYLEGAN1,
    .discriminator = true,
    .marks = {"from_rgb.0.weight", "blocks.0.conv1_down.weight", "final_block.dense1.weight"},
    .options = "{\"family\": \"stylegan1\"}",
    .rows = discriminator_rows,
};
