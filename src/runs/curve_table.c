/*
 * The table of panels; see curve_table.h.
 * Tested by: tests/runs/test_curves.c
 */
#include "runs/curve_table.h"

const sg_curve_panel sg_curve_panels[] = {
    {"Loss", 1, false, {{"Loss/G/loss", "generator"}, {"Loss/D/loss", "discriminator"}}},
    {"Balance, loss of the generator over loss of the discriminator (logarithmic)",
     1,
     true,
     {{"Balance/G/D", ""}}},
    {"Accuracy", 1, false, {{"Accuracy/train", "training"}, {"Accuracy/held_out", "held out"}}},
    {"Cross entropy", 1, false, {{"Loss/C/loss", "training"}, {"Loss/C/held_out", "held out"}}},
    {"Losses of the encoder", 1, false, {{"Loss/E/loss", "encoder"}, {"Loss/E/code", "code"}}},
    {"Losses of a generator that moves to another domain",
     1,
     false,
     {{"Loss/G/directional", "direction"},
      {"Loss/G/global", "global"},
      {"Loss/G/manifold", "manifold"}}},
    {"Losses of the mapper", 1, false, {{"Loss/M/goal", "goal"}, {"Loss/M/l2", "moves"}}},
    {"PSNR of reconstructions in dB",
     1,
     false,
     {{"PSNR/train", "training"}, {"PSNR/held_out", "held out"}}},
    {"Discriminator's score",
     1,
     false,
     {{"Loss/scores/real", "real"},
      {"Loss/scores/fake", "generated"},
      {"Loss/scores/held_out", "held out"}}},
    {"Wasserstein distance, mean real minus mean generated score",
     1,
     false,
     {{"Loss/wasserstein", ""}}},
    {"Penalty before its weight (logarithmic)",
     1,
     true,
     {{"Loss/r1_penalty", "R1"},
      {"Loss/r2_penalty", "R2"},
      {"Loss/gradient_penalty", "gradient penalty"},
      {"Loss/pl_penalty", "path length"}}},
    {"Gradient norm (logarithmic)",
     1,
     true,
     {{"Gradients/G/norm", "generator"}, {"Gradients/D/norm", "discriminator"}}},
    {"Augmentation",
     2,
     false,
     {{"Progress/augment", "augmentation p"},
      {"Loss/signs/real", "r_t, mean sign of real scores"}}},
};

const size_t sg_curve_panel_count = sizeof sg_curve_panels / sizeof sg_curve_panels[0];

size_t sg_curve_count(const sg_curve_panel *panel)
{
    size_t count = 0;
    while (count < SG_PANEL_MOST_CURVES && panel->curves[count].statistic)
        count++;
    return count;
}
