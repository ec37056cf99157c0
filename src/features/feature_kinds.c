/*
 * The table of kinds of feature networks.
 *
 * Tested by: tests/features/test_feature_network.c
 */
#include "features/feature_kind.h"

const sg_feature_kind *const sg_feature_kinds[] = {&sg_inception_kind, &sg_vgg16_kind,
                                                   &sg_lpips_kind, &sg_clip_kind};
const size_t sg_feature_kind_count = sizeof sg_feature_kinds / sizeof *sg_feature_kinds;
