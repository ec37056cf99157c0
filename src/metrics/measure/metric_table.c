/*
 * The table of metrics; see metric_table.h.
 * Tested by: tests/metrics/measure/test_metric_list.c
 */
#include "metrics/measure/metric_table.h"

#include "metrics/equivariance.h"
#include "metrics/measure/distance_metrics.h"
#include "metrics/measure/looker.h"
#include "metrics/measure/path_length_pass.h"
#include "metrics/measure/separability_pass.h"

/* What metrics of features need: all real pictures, or as many as are generated. */
#define FULL (SG_METRIC_REALS | SG_METRIC_EVERY_REAL)
#define EQUAL SG_METRIC_REALS
#define WALKS (SG_METRIC_GENERATOR | SG_METRIC_MAPS_LATENTS)
#define MOVES (SG_METRIC_GENERATOR | SG_METRIC_MOVES_INPUT)

/* Parts of a row. */
#define FRECHET(network_, which_)                                                                  \
    .needs = SG_METRIC_MOMENTS | (which_), .network = (network_), .values = {""}, .better = -1,    \
    .finish = sg_finish_frechet
#define KERNEL(network_, which_)                                                                   \
    .needs = SG_METRIC_FEATURES | (which_), .network = (network_),                                 \
    .values = {"", "_mean", "_std"}, .better = -1, .finish = sg_finish_kernel
#define PRECISION(network_, which_)                                                                \
    .needs = SG_METRIC_FEATURES | (which_), .network = (network_),                                 \
    .values = {"_precision", "_recall"}, .better = 1, .nearest = 3, .finish = sg_finish_precision
#define PASS(needs_, network_, pass_, which_)                                                      \
    .needs = (needs_), .network = (network_), .values = {""}, .pass = (pass_), .which = (which_)

const sg_metric sg_metrics[] = {
    {"fid%k_full", 50, "Frechet distance of features to those of all reals", "",
     FRECHET("inception", FULL)},
    {"kid%k_full", 50, "kernel distance of the same features", "", KERNEL("inception", FULL)},
    {"pr%k3_full", 50, "precision and recall by features, of all reals", "",
     PRECISION("vgg16", FULL)},
    {"fid%k", 50, "the same to as many reals, mirrored too if asked for", "",
     FRECHET("inception", EQUAL)},
    {"kid%k", 50, "the same to as many reals, mirrored too if asked for", "",
     KERNEL("inception", EQUAL)},
    {"pr%k3", 50, "the same of as many reals, mirrored too if asked for", "",
     PRECISION("vgg16", EQUAL)},
    {"prdc%k3", 50, "density and coverage in VGG16's features", "",
     .needs = SG_METRIC_FEATURES | EQUAL, .network = "vgg16", .values = {"_density", "_coverage"},
     .better = 1, .nearest = 3, .finish = sg_finish_density},
    {"prdc%k5", 50, "the same by five neighbours", "", .needs = SG_METRIC_FEATURES | EQUAL,
     .network = "vgg16", .values = {"_density", "_coverage"}, .better = 1, .nearest = 5,
     .finish = sg_finish_density},
    {"is%k", 50, "Inception score", "", .needs = SG_METRIC_LOGITS, .network = "inception",
     .values = {"_mean", "_std"}, .better = 1, .finish = sg_finish_inception_score},
    {"ppl2_wend%k", 50, "perceptual path length in w, at begins of paths", "",
     PASS(WALKS, "lpips", &sg_path_length_pass, SG_PATH_W_END_WHOLE), .better = -1},
    {"ppl_zfull%k", 50, "in z, along paths, of the middles of pictures", "",
     PASS(WALKS, "lpips", &sg_path_length_pass, SG_PATH_Z_FULL), .better = -1},
    {"ppl_wfull%k", 50, "in w, along paths, of the middles of pictures", "",
     PASS(WALKS, "lpips", &sg_path_length_pass, SG_PATH_W_FULL), .better = -1},
    {"ppl_zend%k", 50, "in z, at begins of paths, of the middles of pictures", "",
     PASS(WALKS, "lpips", &sg_path_length_pass, SG_PATH_Z_END), .better = -1},
    {"ppl_wend%k", 50, "in w, at begins of paths, of the middles of pictures", "",
     PASS(WALKS, "lpips", &sg_path_length_pass, SG_PATH_W_END), .better = -1},
    {"pplpx_wend%k", 50, "path length by squared differences of pixels", "",
     PASS(WALKS, NULL, &sg_path_length_pass, SG_PATH_W_END_WHOLE), .better = -1},
    {"pplpx_zfull%k", 50, "the same in z, along paths", "",
     PASS(WALKS, NULL, &sg_path_length_pass, SG_PATH_Z_FULL_WHOLE), .better = -1},
    {"ls%k", 200, "linear separability of a classifier's attributes", "", .needs = WALKS,
     .network = SG_OWN_NETWORK, .values = {"", "_z", "_w"}, .better = -1,
     .pass = &sg_separability_pass},
    {"fd_own%k", 50, "as fid50k_full, by a classifier of one's own", "",
     FRECHET(SG_OWN_NETWORK, FULL)},
    {"kid_own%k", 50, "as kid50k_full, by a classifier of one's own", "",
     KERNEL(SG_OWN_NETWORK, FULL)},
    {"pr_own%k", 50, "as pr50k3_full, by a classifier of one's own", "",
     PRECISION(SG_OWN_NETWORK, FULL)},
    {"clip_score%k", 5, "how well pictures fit texts, by CLIP", "",
     .needs = SG_METRIC_FEATURES | SG_METRIC_TEXTS, .network = "clip", .values = {""}, .better = 1,
     .finish = sg_finish_clip_score},
    {"swd%k", 16, "sliced Wasserstein distance of patches, times 1000", "",
     .needs = SG_METRIC_PICTURES | EQUAL, .values = {""}, .better = -1, .finish = sg_finish_swd},
    {"msssim%k", 10, "MS-SSIM of pairs: high when pictures are alike", "", .needs = SG_METRIC_PAIRS,
     .values = {""}, .finish = sg_finish_ms_ssim},
    {"eqt%k_int", 50, "EQ-T: how pictures follow moves by whole pixels", "dB",
     PASS(MOVES, NULL, &sg_equivariance_pass, SG_EQT_INT), .better = 1},
    {"eqt%k_frac", 50, "EQ-T: the same for moves by any distance", "dB",
     PASS(MOVES, NULL, &sg_equivariance_pass, SG_EQT_FRAC), .better = 1},
    {"eqr%k", 50, "EQ-R: how pictures follow turns by any angle", "dB",
     PASS(MOVES, NULL, &sg_equivariance_pass, SG_EQR), .better = 1},
};
const size_t sg_metric_count = sizeof sg_metrics / sizeof *sg_metrics;

size_t sg_metric_value_count(const sg_metric *metric)
{
    size_t count = 0;
    while (count < SG_METRIC_MOST_VALUES && metric->values[count])
        count++;
    return count;
}
