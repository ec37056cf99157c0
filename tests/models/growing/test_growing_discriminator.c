/*
 * Discriminators that grow. tests/golden holds StyleGAN's values; here are names, both paths, sizes
 * of pictures, levels of detail, labels, gradients and refusals.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ops/gradient.h"
#include "ops/layout.h"
#include "ops/picture_scale.h"
#include "ops/reduce.h"
#include "support/close.h"
#include "support/gradient_check.h"
#include "support/networks.h"
#include "support/parameters.h"
#include "support/tensors.h"

static const sg_family growing[] = {SG_STYLEGAN1, SG_PROGAN};

static sg_tensor *random_pictures(sg_context *context, sg_dtype dtype, int samples, int side)
{
    return random_tensor(context, dtype, SG_SHAPE(samples, side, side, 3), 7);
}

static void tensors_have_their_names(void **state)
{
    for (int i = 0; i < 2; i++) {
        const bool progan = growing[i] == SG_PROGAN;
        const expected_parameter expected[] = {
            {"lod", false, {0, {1}}},
            {"b8.fromrgb.weight", true, {4, {3, 3, 1, 1}}},
            {"b8.fromrgb.bias", true, {1, {3}}},
            {"b8.conv0.weight", true, {4, {3, 3, 3, 3}}},
            {"b8.conv0.bias", true, {1, {3}}},
            {"b8.conv1.weight", true, {4, {6, 3, 3, 3}}},
            {"b8.conv1.bias", true, {1, {6}}},
            {"b4.fromrgb.weight", true, {4, {6, 3, 1, 1}}},
            {"b4.fromrgb.bias", true, {1, {6}}},
            {"b4.conv.weight", true, {4, {6, 7, 3, 3}}},
            {"b4.conv.bias", true, {1, {6}}},
            /* Between the linear layers there are twice the channels at 4x4. */
            {"b4.fc.weight", true, {2, {12, 96}}},
            {"b4.fc.bias", true, {1, {12}}},
            {"b4.out.weight", true, {2, {progan ? 3 : 2, 12}}},
            {"b4.out.bias", true, {1, {progan ? 3 : 2}}},
        };
        sg_discriminator_config config = tiny_growing_discriminator_config(growing[i], 8, 3, 2);
        config.channel_max = 16;
        sg_discriminator *discriminator = sg_discriminator_create(*state, &config, SG_F32, 1);
        assert_non_null(discriminator);
        assert_parameters(sg_discriminator_parameters(discriminator), expected,
                          sizeof expected / sizeof *expected);
        sg_discriminator_destroy(discriminator);
    }
}

static void the_path_without_tape_agrees(void **state)
{
    sg_context *context = *state;
    for (int i = 0; i < 4; i++) {
        const int classes = i < 2 ? 0 : 3;
        const sg_shape expected = SG_SHAPE(4, 1);
        const sg_discriminator_config config =
            tiny_growing_discriminator_config(growing[i % 2], 16, 3, classes);
        sg_discriminator *d = tiny_discriminator(context, &config, SG_F32, 2);
        sg_tensor *pictures = random_pictures(context, SG_F32, 4, 16);
        sg_tensor *labels = one_hot(context, SG_F32, 4, classes, 1);
        for (int lod = 0; lod < 6; lod++) {
            sg_discriminator_set_lod(d, lod * 0.4);
            context->recording = true;
            const sg_tensor *recorded = sg_discriminator_score(d, pictures, labels);
            context->recording = false;
            const sg_tensor *plain = sg_discriminator_score(d, pictures, labels);
            assert_true(recorded && plain && sg_shape_equal(&plain->shape, &expected));
            assert_tensors_near("without tape", plain, recorded, 1e-5);
        }
        sg_discriminator_destroy(d);
    }
}

/* Of either size, the picture is the same to it. */
static void pictures_of_both_sizes_are_taken(void **state)
{
    sg_context *context = *state;
    for (int i = 0; i < 2; i++) {
        const sg_discriminator_config config =
            tiny_growing_discriminator_config(growing[i], 16, 3, 0);
        sg_discriminator *d = tiny_discriminator(context, &config, SG_F64, 3);
        for (int half = 0; half <= 4; half++) {
            const int side = 16 >> half / 2;
            sg_tensor *pictures = random_pictures(context, SG_F64, 2, side);
            sg_discriminator_set_lod(d, half / 2.0);
            assert_tensors_near(
                "sizes", sg_discriminator_score(d, pictures, NULL),
                sg_discriminator_score(d, sg_enlarge_nearest(pictures, 16 / side), NULL), 1e-12);
        }
        sg_discriminator_destroy(d);
    }
}

/* A block that grows in comes without a jump, at both ends of its fade. */
static void levels_join(void **state)
{
    sg_context *context = *state;
    static const double joints[] = {1, 2};
    for (int i = 0; i < 4; i++) {
        const double joint = joints[i / 2];
        const sg_discriminator_config config =
            tiny_growing_discriminator_config(growing[i % 2], 16, 3, 0);
        sg_discriminator *d = tiny_discriminator(context, &config, SG_F64, 4);
        sg_tensor *pictures = random_pictures(context, SG_F64, 2, 16);
        sg_tensor *scores[3];
        for (int k = 0; k < 3; k++) {
            sg_discriminator_set_lod(d, joint + (k - 1) * 1e-6);
            scores[k] = sg_discriminator_score(d, pictures, NULL);
        }
        assert_tensors_near("joint", scores[0], scores[1], 1e-4);
        assert_tensors_near("joint", scores[2], scores[1], 1e-4);
        sg_discriminator_set_lod(d, joint - 0.5);
        assert_true(fabs(sg_tensor_value(sg_discriminator_score(d, pictures, NULL), 0) -
                         sg_tensor_value(scores[1], 0)) > 1e-3);
        sg_discriminator_destroy(d);
    }
}

/* StyleGAN: one of its outputs, whatever the others are. ProGAN: the first, whatever the label. */
static void labels_choose_scores(void **state)
{
    sg_context *context = *state;
    for (int i = 0; i < 2; i++) {
        const sg_discriminator_config config =
            tiny_growing_discriminator_config(growing[i], 8, 3, 3);
        sg_discriminator *d = tiny_discriminator(context, &config, SG_F64, 5);
        sg_tensor *bias = parameter_named(sg_discriminator_parameters(d), "b4.out.bias");
        sg_tensor *pictures = random_pictures(context, SG_F64, 3, 8);
        sg_tensor *labels = one_hot(context, SG_F64, 3, 3, 0);
        const sg_tensor *before = sg_discriminator_score(d, pictures, labels);
        assert_non_null(before);
        for (int output = 0; output < sg_tensor_count(bias); output++) {
            sg_tensor_set_value(bias, output, sg_tensor_value(bias, output) + 1);
            const sg_tensor *after = sg_discriminator_score(d, pictures, labels);
            assert_non_null(after);
            for (int n = 0; n < 3; n++) {
                const bool chosen = growing[i] == SG_PROGAN ? output == 0 : output == n;
                assert_close(sg_tensor_value(after, n) - sg_tensor_value(before, n), chosen ? 1 : 0,
                             1e-12);
            }
            sg_tensor_set_value(bias, output, sg_tensor_value(bias, output) - 1);
        }
        sg_discriminator_destroy(d);
    }
}

/* Inputs: pictures. The score, for R1 and WGAN-GP: its gradient is differentiated again. */
static sg_tensor *run_score(sg_context *context, sg_tensor *const *in, const void *options)
{
    const sg_discriminator_config *config = options;
    sg_discriminator *d = tiny_discriminator(context, config, SG_F64, 6);
    sg_discriminator_set_lod(d, 0.4);
    sg_tensor *score =
        sg_discriminator_score(d, in[0], one_hot(context, SG_F64, 2, config->c_dim, 0));
    sg_discriminator_destroy(d);
    return score;
}

static void derivatives_are_right(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        sg_discriminator_config config =
            tiny_growing_discriminator_config(growing[i != 0], 8, 1, i == 0 ? 2 : 0);
        config.growing.fused_scale = i == 2 ? SG_FUSED_NEVER : config.growing.fused_scale;
        const gradient_case tested = {.name = i == 0   ? "StyleGAN"
                                              : i == 1 ? "ProGAN"
                                                       : "ProGAN, unfused",
                                      .function = run_score,
                                      .options = &config,
                                      .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 8, 8, 1)}},
                                      .seed = 110 + (uint64_t)i};
        assert_gradients_right(&tested);
    }
}

static void what_does_not_fit_is_refused(void **state)
{
    sg_context *context = *state;
    const sg_discriminator_config config =
        tiny_growing_discriminator_config(SG_STYLEGAN1, 16, 3, 2);
    sg_discriminator *d = tiny_discriminator(context, &config, SG_F32, 7);
    sg_tensor *labels = one_hot(context, SG_F32, 2, 2, 0);
    sg_tensor *whole = random_pictures(context, SG_F32, 2, 16);
    sg_tensor *half = random_pictures(context, SG_F32, 2, 8);
    assert_refused(context, sg_discriminator_score(d, half, labels), SG_ERROR_SHAPE);
    sg_discriminator_set_lod(d, 1);
    assert_non_null(sg_discriminator_score(d, half, labels));
    sg_discriminator_set_lod(d, 2);
    assert_refused(context, sg_discriminator_score(d, half, labels), SG_ERROR_SHAPE);
    assert_refused(context, sg_discriminator_score(d, whole, NULL), SG_ERROR_ARGUMENT);
    assert_refused(context, sg_discriminator_score(d, whole, one_hot(context, SG_F32, 1, 2, 0)),
                   SG_ERROR_SHAPE);
    sg_discriminator_destroy(d);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(tensors_have_their_names),
        WITH_CONTEXT(the_path_without_tape_agrees),
        WITH_CONTEXT(pictures_of_both_sizes_are_taken),
        WITH_CONTEXT(levels_join),
        WITH_CONTEXT(labels_choose_scores),
        WITH_CONTEXT(derivatives_are_right),
        WITH_CONTEXT(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
