/* The blur of what the discriminator sees, and the noise on it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ops/gradient.h"
#include "support/close.h"
#include "support/networks.h"
#include "support/tensors.h"
#include "train/losses/scorer.h"

enum { SIDE = 8 };

/* One picture with a single white pixel at (x, y), and the same blurred by hand. */
static sg_tensor *spot(sg_context *context, int x, int y)
{
    sg_tensor *picture = sg_tensor_full(context, SG_F64, SG_SHAPE(1, SIDE, SIDE, 1), 0);
    sg_tensor_set_value(picture, y * SIDE + x, 1);
    return picture;
}

static sg_tensor *blurred_spot(sg_context *context, int x, int y, double sigma)
{
    const int reach = (int)floor(3 * sigma);
    double sum = 0;
    for (int i = -reach; i <= reach; i++)
        sum += pow(2, -(i / sigma) * (i / sigma));
    sg_tensor *picture = sg_tensor_full(context, SG_F64, SG_SHAPE(1, SIDE, SIDE, 1), 0);
    for (int i = 0; i < SIDE * SIDE; i++) {
        const int dx = i % SIDE - x;
        const int dy = i / SIDE - y;
        if (abs(dx) <= reach && abs(dy) <= reach)
            sg_tensor_set_value(picture, i,
                                pow(2, -(dx * dx + dy * dy) / (sigma * sigma)) / (sum * sum));
    }
    return picture;
}

static void a_spot_spreads_as_a_gaussian(void **state)
{
    static const double sigmas[] = {0.34, 1, 2.5, 10};
    sg_context *context = *state;
    const sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 1, 0);
    sg_discriminator *discriminator = tiny_discriminator(context, &config, SG_F64, 1);
    for (int i = 0; i < 4; i++) {
        const sg_scorer scorer = {.discriminator = discriminator, .blur_sigma = sigmas[i]};
        const sg_tensor *seen = sg_score(&scorer, spot(context, 2, 5), NULL);
        const sg_tensor *expected =
            sg_discriminator_score(discriminator, blurred_spot(context, 2, 5, sigmas[i]), NULL);
        const sg_tensor *sharp = sg_discriminator_score(discriminator, spot(context, 2, 5), NULL);
        assert_tensors_near("blurred", seen, expected, 1e-12);
        assert_true(fabs(sg_tensor_value(seen, 0) - sg_tensor_value(sharp, 0)) > 1e-4);
    }
    sg_discriminator_destroy(discriminator);
}

static void a_small_sigma_changes_nothing(void **state)
{
    sg_context *context = *state;
    const sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 1, 0);
    sg_discriminator *discriminator = tiny_discriminator(context, &config, SG_F64, 1);
    sg_tensor *picture = random_tensor(context, SG_F64, SG_SHAPE(1, SIDE, SIDE, 1), 3);
    const sg_tensor *sharp = sg_discriminator_score(discriminator, picture, NULL);
    for (int i = 0; i < 2; i++) {
        const sg_scorer scorer = {.discriminator = discriminator, .blur_sigma = i * 0.33};
        assert_tensors_near("sharp", sg_score(&scorer, picture, NULL), sharp, 0);
    }
    sg_discriminator_destroy(discriminator);
}

/* Scores are those of pictures with the stream's normal numbers on top; gradients for the pictures
 * are taken there. */
static void noise_is_added_to_what_is_scored(void **state)
{
    enum { COUNT = 2 * SIDE * SIDE };
    static const double sigma = 0.3;
    sg_context *context = *state;
    const sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 1, 0);
    sg_discriminator *discriminator = tiny_discriminator(context, &config, SG_F64, 1);
    sg_random random = sg_random_stream(7, 8);
    const sg_scorer scorer = {
        .discriminator = discriminator, .noise_sigma = sigma, .noise = random};
    sg_tensor *pictures = random_leaf(context, SG_F64, SG_SHAPE(2, SIDE, SIDE, 1), 3);
    sg_tensor *noisy = sg_tensor_create(context, SG_F64, pictures->shape);
    float numbers[COUNT];
    sg_random_normal_fill(&random, numbers, COUNT);
    for (int i = 0; i < COUNT; i++)
        sg_tensor_set_value(noisy, i, sg_tensor_value(pictures, i) + sigma * (double)numbers[i]);
    sg_tensor_require_gradient(noisy, true);
    sg_tensor *seen = sg_score(&scorer, pictures, NULL);
    sg_tensor *expected = sg_discriminator_score(discriminator, noisy, NULL);
    sg_tensor *gradients[2];
    assert_tensors_near("noisy", seen, expected, 1e-12);
    assert_int_equal(sg_gradient(seen, NULL, &pictures, 1, (sg_gradient_options){0}, &gradients[0]),
                     SG_OK);
    assert_int_equal(
        sg_gradient(expected, NULL, &noisy, 1, (sg_gradient_options){0}, &gradients[1]), SG_OK);
    assert_tensors_near("gradient", gradients[0], gradients[1], 1e-12);
    const sg_tensor *clean = sg_discriminator_score(discriminator, pictures, NULL);
    assert_true(fabs(sg_tensor_value(seen, 0) - sg_tensor_value(clean, 0)) > 1e-4);
    sg_discriminator_destroy(discriminator);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(a_spot_spreads_as_a_gaussian),
        WITH_CONTEXT(a_small_sigma_changes_nothing),
        WITH_CONTEXT(noise_is_added_to_what_is_scored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
