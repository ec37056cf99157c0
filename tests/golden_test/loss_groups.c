/* The losses of cases with networks of StyleGAN2 and StyleGAN3. */
#include <string.h>

#include "golden_test/golden_loss.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "train/losses/losses.h"

static sg_tensor *compute_generator_main(network_case *test)
{
    sg_tensor *w =
        sg_generator_map(test->generator, case_tensor(&test->base, "z"), generator_labels(test, 0));
    sg_tensor *pictures = constant_noise_pictures(test, sg_generator_broadcast(test->generator, w));
    return sg_adversarial_loss_of(SG_LOSS_LOGISTIC)
        ->real(sg_discriminator_score(test->discriminator, pictures, discriminator_labels(test)));
}

static sg_tensor *compute_discriminator_main(network_case *test)
{
    sg_tensor *c = discriminator_labels(test);
    sg_tensor *fake =
        sg_discriminator_score(test->discriminator, case_pictures(&test->base, "img"), c);
    sg_tensor *real =
        sg_discriminator_score(test->discriminator, case_pictures(&test->base, "real"), c);
    return sg_add(sg_adversarial_loss_of(SG_LOSS_LOGISTIC)->fake(fake),
                  sg_adversarial_loss_of(SG_LOSS_LOGISTIC)->real(real));
}

static sg_tensor *compute_r1(network_case *test)
{
    static const char group[] = "r1_input_grad";
    sg_score_slopes slopes = {0};
    const sg_scorer scorer = {.discriminator = test->discriminator};
    sg_tensor *loss = sg_loss_r1(&scorer, case_pictures(&test->base, "real"),
                                 discriminator_labels(test), 10.0, &slopes);
    if (loss && loss_expects(test, group)) {
        sg_tensor *values = slopes.gradient ? sg_tensor_detach(slopes.gradient) : NULL;
        case_compare_pictures(&test->base, group, group, values, GOLDEN_GRADIENT_TOLERANCE);
    }
    return loss;
}

static sg_tensor *compute_path_length(network_case *test)
{
    sg_path_length state = {.mean = 0.0, .decay = 0.01, .weight = 2.0};
    sg_tensor *noise = case_pictures(&test->base, "pl_noise");
    sg_tensor *z = case_tensor(&test->base, "z");
    if (!noise || !z)
        return NULL;
    int64_t samples = noise->shape.size[0];
    sg_tensor *w = sg_generator_map(test->generator, sg_slice(z, 0, 0, samples),
                                    generator_labels(test, samples));
    sg_tensor *ws = sg_generator_broadcast(test->generator, w);
    sg_tensor *loss = sg_loss_path_length(constant_noise_pictures(test, ws), ws, noise, &state);
    if (loss && loss_expects(test, "pl_lengths"))
        case_compare(&test->base, "pl_lengths", "pl_lengths",
                     sg_reshape(sg_tensor_detach(state.lengths), SG_SHAPE(samples)),
                     GOLDEN_OUTPUT_TOLERANCE);
    if (loss && loss_expects(test, "pl_mean"))
        case_compare_number(&test->base, "pl_mean", "pl_mean", state.mean, GOLDEN_OUTPUT_TOLERANCE);
    return loss;
}

static const golden_loss losses[] = {
    {"loss.G_main",
     {{"grad.G_main.", GRADIENT_WHOLE}},
     true,
     true,
     true,
     {"z", NULL},
     compute_generator_main,
     {NULL, NULL}},
    {"loss.D_main",
     {{"grad.D_main.", GRADIENT_WHOLE}},
     false,
     false,
     true,
     {"img", "real"},
     compute_discriminator_main,
     {NULL, NULL}},
    {"loss.D_r1",
     {{"grad.D_r1.", GRADIENT_WHOLE}},
     false,
     false,
     true,
     {"real", NULL},
     compute_r1,
     {"r1_input_grad", NULL}},
    {"loss.G_pl",
     {{"grad.G_pl.", GRADIENT_WHOLE}},
     true,
     true,
     false,
     {"z", "pl_noise"},
     compute_path_length,
     {"pl_lengths", "pl_mean"}},
};

/* Losses in the file that no row of the table computes. */
static void skip_unknown_losses(network_case *test)
{
    for (size_t i = 0; i < sg_safetensors_count(test->base.expected); i++) {
        const char *name = sg_safetensors_at(test->base.expected, i)->name;
        bool known = strncmp(name, "loss.", 5) != 0;
        for (size_t k = 0; !known && k < sizeof losses / sizeof losses[0]; k++)
            known = strcmp(name, losses[k].value) == 0;
        if (!known)
            report_skip(test->base.report, test->base.name, name, "this loss is not known");
    }
}

void run_losses(network_case *test)
{
    for (size_t i = 0; i < sizeof losses / sizeof losses[0]; i++)
        run_loss(test, &losses[i]);
    skip_unknown_losses(test);
}
