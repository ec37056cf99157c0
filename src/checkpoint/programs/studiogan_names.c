/*
 * Discriminators of PyTorch-StudioGAN (Kang et al. 2022), which score by a layer beside the
 * official ones. Its generators have the official names.
 *
 * Tested by: tests/checkpoint/programs/test_program_dicts.c
 */
#include "checkpoint/programs/program_table.h"

static const char second_head[] = "has a second layer of scores, for labels; it is not built here";

static const sg_name_row rows[] = {
    {"b#.fromrgb", "b#.fromrgb", .layer = sg_convolution_rows},
    {"b#.conv0", "b#.conv0", .layer = sg_convolution_rows},
    {"b#.conv1", "b#.conv1", .layer = sg_convolution_rows},
    {"b#.skip", "b#.skip", .layer = sg_convolution_rows},
    {"b4.conv", "b4.conv", .layer = sg_convolution_rows},
    {"b4.fc", "b4.fc", .layer = sg_dense_rows},
    {"linear1", "b4.out", .layer = sg_dense_rows},
    {"mapping.embed", "mapping.embed", .layer = sg_dense_rows},
    {"mapping.fc#", "mapping.fc#", .layer = sg_dense_rows},
    {"linear2.weight", .refusal = second_head},
    {"linear_mi.weight", .refusal = second_head},
    {"info_discrete_linear.weight", .refusal = second_head},
    {"info_conti_mu_linear.weight", .refusal = second_head},
    {"b#.resample_filter", .official = NULL},
    {"b#.fromrgb.resample_filter", .official = NULL},
    {"b#.conv0.resample_filter", .official = NULL},
    {"b#.conv1.resample_filter", .official = NULL},
    {"b#.skip.resample_filter", .official = NULL},
    {"b4.conv.resample_filter", .official = NULL},
    {0},
};

const sg_program_network sg_studiogan_discriminator_names = {
    .title = "state dict of PyTorch-StudioGAN",
    .family = SG_STYLEGAN2,
    .discriminator = true,
    .marks = {"b4.conv.weight", "b4.fc.weight", "linear1.weight"},
    .filter = "b8.conv1.resample_filter",
    .rows = rows,
};
