/* The losses of networks that grow: logistic with R1, and WGAN-GP. */
#include <string.h>

#include "golden_test/progressive_case.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "ops/picture_scale.h"
#include "ops/reduce.h"
#include "support/wgan_gp.h"
#include "train/losses/losses.h"

sg_tensor *halved_pictures(network_case *test, const char *name)
{
    return sg_reduce_box(case_pictures(&test->base, name), 1 << test->halvings);
}

/* ---- the generator ---- */

/* Compares the gradient that the pictures get; the graph stays for the parameters' gradients. */
static void compare_picture_gradient(network_case *test, sg_tensor *loss, sg_tensor *pictures)
{
    static const char group[] = "G_ns/dimage";
    if (!loss || test->halvings > 0 || !loss_expects(test, group))
        return;
    sg_tensor *gradient = NULL;
    sg_gradient(loss, NULL, &pictures, 1, (sg_gradient_options){.retain_graph = true}, &gradient);
    case_compare_pictures(&test->base, group, group, gradient, GOLDEN_GRADIENT_TOLERANCE);
}

static sg_tensor *compute_generator(network_case *test)
{
    const sg_synthesis_options options = {.noise_mode = SG_NOISE_CONST,
                                          .current_resolution = test->halvings > 0};
    sg_tensor *w =
        sg_generator_map(test->generator, case_tensor(&test->base, "z"), generator_labels(test, 0));
    sg_tensor *pictures = sg_generator_synthesize(
        test->generator, sg_generator_broadcast(test->generator, w), options);
    sg_tensor *loss = sg_adversarial_loss_of(SG_LOSS_LOGISTIC)
                          ->real(sg_discriminator_score(test->discriminator, pictures,
                                                        discriminator_labels(test)));
    compare_picture_gradient(test, loss, pictures);
    return loss;
}

/* ---- the discriminator ---- */

static const double r1_gamma = 10.0;

/* The sum of squares of each sample's gradient, [N]. */
static sg_tensor *squared_norms(sg_tensor *gradient)
{
    if (!gradient)
        return NULL;
    sg_tensor *values = sg_tensor_detach(gradient);
    const int64_t samples = gradient->shape.size[0];
    sg_tensor *sums = sg_sum_product(values, values, SG_SHAPE(samples, 1, 1, 1));
    return sg_reshape(sums, SG_SHAPE(samples));
}

static sg_tensor *compute_r1(network_case *test)
{
    static const char group[] = "R1/per_sample";
    sg_score_slopes slopes = {0};
    const sg_scorer scorer = {.discriminator = test->discriminator};
    sg_tensor *loss = sg_loss_r1(
        &scorer, halved_pictures(test, case_has(&test->base, "reals") ? "reals" : "image"),
        discriminator_labels(test), r1_gamma, &slopes);
    if (loss && test->halvings == 0 && loss_expects(test, group))
        case_compare(&test->base, group, group, squared_norms(slopes.gradient),
                     GOLDEN_OUTPUT_TOLERANCE);
    return loss;
}

static sg_tensor *compute_logistic(network_case *test)
{
    sg_tensor *c = discriminator_labels(test);
    const sg_scorer scorer = {.discriminator = test->discriminator};
    sg_tensor *real = sg_score(&scorer, halved_pictures(test, "reals"), c);
    sg_tensor *fake = sg_score(&scorer, halved_pictures(test, "image"), c);
    sg_tensor *r1 = sg_loss_r1(&scorer, halved_pictures(test, "reals"), c, r1_gamma, NULL);
    return sg_add(sg_add(sg_adversarial_loss_of(SG_LOSS_LOGISTIC)->fake(fake),
                         sg_adversarial_loss_of(SG_LOSS_LOGISTIC)->real(real)),
                  r1);
}

/* Compares what lies within the gradient penalty. */
static void compare_penalty(network_case *test, const sg_scorer *scorer, sg_tensor *mixed,
                            sg_tensor *norms)
{
    if (loss_expects(test, "WGANGP/norms"))
        case_compare(&test->base, "WGANGP/norms", "WGANGP/norms",
                     norms ? sg_tensor_detach(norms) : NULL, GOLDEN_OUTPUT_TOLERANCE);
    if (loss_expects(test, "WGANGP/scores_mixed"))
        case_compare(&test->base, "WGANGP/scores_mixed", "WGANGP/scores_mixed",
                     sg_score(scorer, mixed, discriminator_labels(test)), GOLDEN_OUTPUT_TOLERANCE);
}

static sg_tensor *compute_wgan_gp(network_case *test)
{
    static const sg_gradient_penalty penalty = {.weight = 10.0, .drift = 0.001};
    const sg_scorer scorer = {.discriminator = test->discriminator};
    sg_tensor *norms = NULL;
    sg_tensor *reals = halved_pictures(test, "reals");
    sg_tensor *fakes = halved_pictures(test, "image");
    sg_tensor *mix = case_tensor(&test->base, "WGANGP/mix");
    sg_tensor *loss =
        wgan_gp_loss(&scorer, reals, fakes, discriminator_labels(test), mix, &penalty, &norms);
    if (loss)
        compare_penalty(test, &scorer, sg_mix_pictures(reals, fakes, mix), norms);
    return loss;
}

/* ---- all ---- */

#define GRADIENTS(loss)                                                                            \
    {                                                                                              \
        {loss "/grad/", GRADIENT_WHOLE}, {loss "/grad.s17/", GRADIENT_SAMPLED},                    \
        {                                                                                          \
            loss "/grad.stat/", GRADIENT_STATISTICS                                                \
        }                                                                                          \
    }

static const golden_loss losses[] = {
    {"G_ns/loss",
     GRADIENTS("G_ns"),
     true,
     true,
     true,
     {"z", NULL},
     compute_generator,
     {"G_ns/dimage", NULL}},
    {"R1/loss",
     GRADIENTS("R1"),
     false,
     false,
     true,
     {NULL, NULL},
     compute_r1,
     {"R1/per_sample", NULL}},
    {"D_logistic_r1/loss",
     GRADIENTS("D_logistic_r1"),
     false,
     false,
     true,
     {"image", "reals"},
     compute_logistic,
     {NULL, NULL}},
    {"WGANGP/loss",
     GRADIENTS("WGANGP"),
     false,
     false,
     true,
     {"image", "reals"},
     compute_wgan_gp,
     {"WGANGP/norms", "WGANGP/scores_mixed"}},
};

enum { LOSSES = sizeof losses / sizeof losses[0] };

bool is_of_progressive_losses(const char *name)
{
    for (size_t i = 0; i < LOSSES; i++) {
        size_t length = strcspn(losses[i].value, "/") + 1;
        if (strncmp(name, losses[i].value, length) == 0)
            return true;
    }
    return false;
}

/* Whether the file has anything of the loss. */
static bool has_loss(const network_case *test, const golden_loss *row)
{
    char prefix[32];
    snprintf(prefix, sizeof prefix, "%.*s", (int)strcspn(row->value, "/") + 1, row->value);
    return case_first(&test->base, prefix);
}

/* Whether an input is absent that only this loss of this layout needs; says so. */
static bool skip_progressive_loss(progressive_case *test, const golden_loss *row)
{
    network_case *network = &test->network;
    if (row->of_generator)
        return skip_without_noise(test, row->value);
    if (row->compute == compute_wgan_gp)
        return skip_without(network, row->value, "WGANGP/mix", NULL);
    bool pictures = case_has(&network->base, "reals") || case_has(&network->base, "image");
    return !pictures && skip_without(network, row->value, "reals", NULL);
}

void run_progressive_losses(progressive_case *test)
{
    network_case *network = &test->network;
    const char *name = network->base.name;
    const int largest = (int)test->lod;
    const int sizes = largest > 0 ? 2 : 1;
    for (int size = 0; size < sizes; size++) {
        char halved[5000];
        snprintf(halved, sizeof halved, "%s, halved %d", name, largest);
        network->base.name = size > 0 ? halved : name;
        network->halvings = size > 0 ? largest : 0;
        for (size_t i = 0; i < LOSSES; i++)
            if (has_loss(network, &losses[i]) && !skip_progressive_loss(test, &losses[i]))
                run_loss(network, &losses[i]);
    }
    network->base.name = name;
    network->halvings = 0;
}
