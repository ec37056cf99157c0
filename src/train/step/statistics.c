/* Training statistics; see statistics.h. */
#include "train/step/statistics.h"

#include <math.h>
#include <string.h>

static const char *const names[SG_STATISTIC_COUNT] = {
    [SG_STATISTIC_SCORES_FAKE] = "Loss/scores/fake",
    [SG_STATISTIC_SIGNS_FAKE] = "Loss/signs/fake",
    [SG_STATISTIC_SCORES_REAL] = "Loss/scores/real",
    [SG_STATISTIC_SIGNS_REAL] = "Loss/signs/real",
    [SG_STATISTIC_LOSS_G] = "Loss/G/loss",
    [SG_STATISTIC_LOSS_D] = "Loss/D/loss",
    [SG_STATISTIC_PATH_PENALTY] = "Loss/pl_penalty",
    [SG_STATISTIC_LOSS_G_REG] = "Loss/G/reg",
    [SG_STATISTIC_R1_PENALTY] = "Loss/r1_penalty",
    [SG_STATISTIC_LOSS_D_REG] = "Loss/D/reg",
    [SG_STATISTIC_R2_PENALTY] = "Loss/r2_penalty",
    [SG_STATISTIC_GRADIENT_PENALTY] = "Loss/gradient_penalty",
    [SG_STATISTIC_DISTANCE] = "Loss/wasserstein",
    [SG_STATISTIC_GRADIENT_G] = "Gradients/G/norm",
    [SG_STATISTIC_GRADIENT_D] = "Gradients/D/norm",
    [SG_STATISTIC_SCORES_HELD_OUT] = "Loss/scores/held_out",
    [SG_STATISTIC_SIGNS_HELD_OUT] = "Loss/signs/held_out",
    [SG_STATISTIC_LOSS_C] = "Loss/C/loss",
    [SG_STATISTIC_ACCURACY] = "Accuracy/train",
    [SG_STATISTIC_LOSS_C_HELD_OUT] = "Loss/C/held_out",
    [SG_STATISTIC_ACCURACY_HELD_OUT] = "Accuracy/held_out",
    [SG_STATISTIC_LOSS_E] = "Loss/E/loss",
    [SG_STATISTIC_CODE] = "Loss/E/code",
    [SG_STATISTIC_LATENT] = "Loss/E/latent",
    [SG_STATISTIC_LATENT_JUDGE] = "Loss/latent_D/loss",
    [SG_STATISTIC_PSNR] = "PSNR/train",
    [SG_STATISTIC_PSNR_HELD_OUT] = "PSNR/held_out",
    [SG_STATISTIC_DIRECTIONAL] = "Loss/G/directional",
    [SG_STATISTIC_GLOBAL] = "Loss/G/global",
    [SG_STATISTIC_MANIFOLD] = "Loss/G/manifold",
    [SG_STATISTIC_LOSS_M] = "Loss/M/loss",
    [SG_STATISTIC_GOAL] = "Loss/M/goal",
    [SG_STATISTIC_MOVES] = "Loss/M/l2",
    [SG_STATISTIC_AUGMENT] = "Progress/augment",
    [SG_STATISTIC_REPLACED] = "Gradients/not_finite",
};

const char *sg_statistic_name(sg_statistic statistic)
{
    return names[statistic];
}

void sg_statistics_reset(sg_statistics *statistics)
{
    memset(statistics, 0, sizeof *statistics);
}

void sg_statistics_add(sg_statistics *statistics, sg_statistic statistic, double value)
{
    sg_moments *moments = &statistics->moments[statistic];
    moments->count++;
    moments->sum += value;
    moments->sum_of_squares += value * value;
}

void sg_statistics_add_scores(sg_statistics *statistics, sg_statistic scores, sg_statistic signs,
                              const sg_tensor *tensor)
{
    for (int64_t i = 0; tensor && i < sg_tensor_count(tensor); i++) {
        double score = sg_tensor_value(tensor, i);
        sg_statistics_add(statistics, scores, score);
        sg_statistics_add(statistics, signs, (score > 0) - (score < 0));
    }
}

double sg_moments_mean(const sg_moments *moments)
{
    return moments->count ? moments->sum / (double)moments->count : 0;
}

double sg_moments_deviation(const sg_moments *moments)
{
    if (!moments->count)
        return 0;
    double mean = sg_moments_mean(moments);
    return sqrt(fmax(moments->sum_of_squares / (double)moments->count - mean * mean, 0));
}
