/* StyleGAN2's discriminator: shapes, names, labels, groups of the minibatch, and refusals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/pool.h"
#include "models/config_rules.h"
#include "ops/layout.h"
#include "support/close.h"
#include "support/golden_names.h"
#include "support/networks.h"
#include "support/tensors.h"

static sg_tensor *random_pictures(sg_context *context, const sg_discriminator_config *config,
                                  sg_dtype dtype, int samples)
{
    const int scale = config->img_resolution / 4;
    return random_tensor(context, dtype,
                         SG_SHAPE(samples, config->base_height * scale, config->base_width * scale,
                                  config->img_channels),
                         7);
}

static void assert_scores(sg_context *context, const sg_discriminator_config *config)
{
    const sg_shape expected = SG_SHAPE(4, 1);
    size_t scope = sg_scope_open(context);
    sg_discriminator *discriminator = tiny_discriminator(context, config, SG_F32, 1);
    sg_tensor *pictures = random_pictures(context, config, SG_F32, 4);
    sg_tensor *labels = one_hot(context, SG_F32, 4, config->c_dim, 0);
    sg_tensor *scores[2];
    for (int recording = 0; recording < 2; recording++) {
        context->recording = recording;
        scores[recording] = sg_discriminator_score(discriminator, pictures, labels);
        if (!scores[recording])
            fail_msg("%s", context->error.message);
        assert_true(sg_shape_equal(&scores[recording]->shape, &expected));
        assert_true(isfinite(sg_tensor_value(scores[recording], 0)));
    }
    assert_tensors_near("without tape", scores[0], scores[1], 1e-4);
    sg_scope_close(context, scope, NULL);
    sg_discriminator_destroy(discriminator);
    assert_int_equal(sg_pool_bytes_in_use(context->pool), 0);
}

static void every_kind_scores(void **state)
{
    static const int channels[] = {1, 3, 4, 7};
    for (int a = SG_ARCHITECTURE_ORIG; a <= SG_ARCHITECTURE_RESNET; a++)
        for (int c = 0; c < 4; c++)
            for (int classes = 0; classes <= 3; classes += 3) {
                sg_discriminator_config config =
                    tiny_discriminator_config((sg_architecture)a, channels[c], classes);
                config.img_resolution = c == 1 ? 16 : 8;
                config.base_width = c % 2 ? 8 : 4;
                config.conv_clamp = c == 2 ? 256 : -1;
                config.mbstd_num_channels = c == 3 ? 2 : 1;
                assert_scores(*state, &config);
            }
}

static void tensors_are_those_of_the_official_networks(void **state)
{
    for (const char *const *name = golden_networks; *name; name++) {
        sg_error error = {0};
        sg_discriminator_config config;
        sg_network_file *file = open_golden_network(*name);
        assert_int_equal(sg_network_discriminator_config(file, &config, &error), SG_OK);
        sg_discriminator *discriminator = sg_discriminator_create(*state, &config, SG_F32, 0);
        assert_non_null(discriminator);
        assert_names_of_part(sg_discriminator_parameters(discriminator), file, SG_PART_D);
        sg_discriminator_destroy(discriminator);
        sg_network_close(file);
    }
}

static void without_statistics_a_batch_is_its_pictures(void **state)
{
    sg_context *context = *state;
    sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 3);
    config.mbstd_num_channels = 0;
    sg_discriminator *discriminator = tiny_discriminator(context, &config, SG_F32, 2);
    sg_tensor *pictures = random_pictures(context, &config, SG_F32, 5);
    const sg_tensor *scores =
        sg_discriminator_score(discriminator, pictures, one_hot(context, SG_F32, 5, 3, 0));
    assert_non_null(scores);
    for (int n = 0; n < 5; n++) {
        const sg_tensor *alone = sg_discriminator_score(discriminator, sg_slice(pictures, 0, n, 1),
                                                        one_hot(context, SG_F32, 1, 3, n));
        assert_non_null(alone);
        assert_close(sg_tensor_value(alone, 0), sg_tensor_value(scores, n), 1e-5);
    }
    sg_discriminator_destroy(discriminator);
}

/* In groups of 2 out of 4, sample i is compared with sample i + 2 and no other. */
static void groups_see_each_other_alone(void **state)
{
    sg_context *context = *state;
    sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 0);
    config.mbstd_group_size = 2;
    sg_discriminator *discriminator = tiny_discriminator(context, &config, SG_F64, 2);
    sg_tensor *pictures = random_pictures(context, &config, SG_F64, 4);
    const sg_tensor *scores = sg_discriminator_score(discriminator, pictures, NULL);
    assert_non_null(scores);
    for (int n = 0; n < 2; n++) {
        sg_tensor *pair =
            sg_concatenate(sg_slice(pictures, 0, n, 1), sg_slice(pictures, 0, n + 2, 1), 0);
        const sg_tensor *found = sg_discriminator_score(discriminator, pair, NULL);
        assert_non_null(found);
        assert_close(sg_tensor_value(found, 0), sg_tensor_value(scores, n), 1e-12);
        assert_close(sg_tensor_value(found, 1), sg_tensor_value(scores, n + 2), 1e-12);
        const sg_tensor *alone =
            sg_discriminator_score(discriminator, sg_slice(pictures, 0, n, 1), NULL);
        assert_true(fabs(sg_tensor_value(alone, 0) - sg_tensor_value(scores, n)) > 1e-6);
    }
    sg_discriminator_destroy(discriminator);
}

static void labels_matter(void **state)
{
    sg_context *context = *state;
    const sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_SKIP, 1, 3);
    sg_discriminator *discriminator = tiny_discriminator(context, &config, SG_F64, 2);
    sg_tensor *picture = random_pictures(context, &config, SG_F64, 1);
    double scores[3];
    for (int label = 0; label < 3; label++) {
        const sg_tensor *score =
            sg_discriminator_score(discriminator, picture, one_hot(context, SG_F64, 1, 3, label));
        assert_non_null(score);
        scores[label] = sg_tensor_value(score, 0);
    }
    assert_true(fabs(scores[0] - scores[1]) > 1e-6 && fabs(scores[1] - scores[2]) > 1e-6);
    sg_discriminator_destroy(discriminator);
}

static void a_label_mapping_without_width_ignores_labels(void **state)
{
    sg_context *context = *state;
    sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 1, 3);
    config.cmap_dim = 0;
    sg_discriminator *discriminator = tiny_discriminator(context, &config, SG_F64, 2);
    assert_null(
        sg_parameter_find(sg_discriminator_parameters(discriminator), "mapping.fc0.weight"));
    const sg_tensor *scores =
        sg_discriminator_score(discriminator, random_pictures(context, &config, SG_F64, 4), NULL);
    const sg_shape expected = SG_SHAPE(4, 1);
    assert_true(scores && sg_shape_equal(&scores->shape, &expected));
    sg_discriminator_destroy(discriminator);
}

/* Logits are the last layer's of the features, and depend on no label and no other picture. */
static void a_classifier_tells_all_classes(void **state)
{
    sg_context *context = *state;
    sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 5);
    config.mbstd_num_channels = 0;
    config.output = SG_OUTPUT_CLASSES;
    sg_discriminator *classifier = tiny_discriminator(context, &config, SG_F64, 2);
    sg_parameter_set *set = sg_discriminator_parameters(classifier);
    assert_null(sg_parameter_find(set, "mapping.fc0.weight"));
    const sg_tensor *weight = sg_parameter_find(set, "b4.out.weight")->tensor;
    const sg_tensor *bias = sg_parameter_find(set, "b4.out.bias")->tensor;
    sg_tensor *pictures = random_pictures(context, &config, SG_F64, 3);
    const sg_tensor *logits = sg_discriminator_score(classifier, pictures, NULL);
    const sg_tensor *features = sg_discriminator_features(classifier, pictures);
    const int64_t width = sg_channels_at(config.channel_base, config.channel_max, 4);
    const sg_shape expected = SG_SHAPE(3, 5);
    const sg_shape of_features = SG_SHAPE(3, width);
    assert_true(logits && sg_shape_equal(&logits->shape, &expected));
    assert_true(features && sg_shape_equal(&features->shape, &of_features));
    for (int n = 0; n < 3; n++)
        for (int k = 0; k < 5; k++) {
            double sum = sg_tensor_value(bias, k);
            for (int64_t i = 0; i < width; i++)
                sum += sg_tensor_value(features, n * width + i) *
                       sg_tensor_value(weight, k * width + i) / sqrt((double)width);
            assert_close(sg_tensor_value(logits, n * 5 + k), sum, 1e-12);
        }
    const sg_tensor *alone = sg_discriminator_score(classifier, sg_slice(pictures, 0, 1, 1), NULL);
    assert_close(sg_tensor_value(alone, 4), sg_tensor_value(logits, 9), 1e-12);
    sg_discriminator_destroy(classifier);
}

static void features_have_a_shape_of_pictures_too(void **state)
{
    sg_context *context = *state;
    const sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 3);
    sg_discriminator *d = tiny_discriminator(context, &config, SG_F64, 2);
    sg_tensor *wrong = random_tensor(context, SG_F64, SG_SHAPE(4, 8, 8, 1), 1);
    assert_refused(context, sg_discriminator_features(d, wrong), SG_ERROR_SHAPE);
    assert_null(sg_discriminator_features(d, NULL));
    sg_discriminator_destroy(d);
    sg_discriminator_config plain = sg_discriminator_config_of_family(SG_DCGAN);
    plain.img_resolution = 8;
    plain.channel_base = 32;
    plain.channel_max = 4;
    sg_discriminator *other = sg_discriminator_create(context, &plain, SG_F64, 0);
    assert_non_null(other);
    sg_tensor *pictures = random_tensor(context, SG_F64, SG_SHAPE(2, 8, 8, 3), 1);
    assert_refused(context, sg_discriminator_features(other, pictures), SG_ERROR_ARGUMENT);
    sg_discriminator_destroy(other);
}

static void wrong_inputs_are_refused(void **state)
{
    sg_context *context = *state;
    const sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 3);
    sg_discriminator *d = tiny_discriminator(context, &config, SG_F64, 2);
    const sg_shape wrong[] = {SG_SHAPE(4, 8, 8, 1), SG_SHAPE(4, 3, 8, 8), SG_SHAPE(4, 16, 8, 3),
                              SG_SHAPE(4, 8, 24)};
    sg_tensor *labels = one_hot(context, SG_F64, 4, 3, 0);
    for (int i = 0; i < 4; i++) {
        sg_tensor *pictures = random_tensor(context, SG_F64, wrong[i], 1);
        assert_refused(context, sg_discriminator_score(d, pictures, labels), SG_ERROR_SHAPE);
    }
    sg_tensor *pictures = random_pictures(context, &config, SG_F64, 4);
    assert_non_null(sg_discriminator_score(d, pictures, labels));
    assert_refused(context, sg_discriminator_score(d, pictures, NULL), SG_ERROR_ARGUMENT);
    labels = one_hot(context, SG_F64, 4, 2, 0);
    assert_refused(context, sg_discriminator_score(d, pictures, labels), SG_ERROR_SHAPE);
    labels = one_hot(context, SG_F64, 3, 3, 0);
    assert_refused(context, sg_discriminator_score(d, pictures, labels), SG_ERROR_SHAPE);
    labels = one_hot(context, SG_F64, 1, 3, 0);
    assert_refused(context, sg_discriminator_score(d, pictures, labels), SG_ERROR_SHAPE);
    labels = one_hot(context, SG_F64, 6, 3, 0);
    pictures = random_pictures(context, &config, SG_F64, 6);
    assert_refused(context, sg_discriminator_score(d, pictures, labels), SG_ERROR_SHAPE);
    assert_null(sg_discriminator_score(d, NULL, labels));
    sg_discriminator_destroy(d);
}

static void impossible_configs_are_refused(void **state)
{
    sg_context *context = *state;
    sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, 0);
    config.mbstd_num_channels = 3;
    sg_error error = {0};
    assert_null(sg_discriminator_create(context, &config, SG_F32, 0));
    assert_int_equal(sg_context_take_error(context, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "mbstd_num_channels is 3"));
    config.mbstd_num_channels = 1;
    config.c_dim = 3;
    error = (sg_error){0};
    config.output = SG_OUTPUT_ATTRIBUTES;
    assert_null(sg_discriminator_create(context, &config, SG_F32, 0));
    assert_int_equal(sg_context_take_error(context, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "must be 0 for a classifier"));
    config.mbstd_num_channels = config.c_dim = 0;
    error = (sg_error){0};
    assert_null(sg_discriminator_create(context, &config, SG_F32, 0));
    assert_int_equal(sg_context_take_error(context, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "the number of attributes that a classifier tells"));
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(every_kind_scores),
        WITH_CONTEXT(tensors_are_those_of_the_official_networks),
        WITH_CONTEXT(without_statistics_a_batch_is_its_pictures),
        WITH_CONTEXT(groups_see_each_other_alone),
        WITH_CONTEXT(labels_matter),
        WITH_CONTEXT(a_label_mapping_without_width_ignores_labels),
        WITH_CONTEXT(a_classifier_tells_all_classes),
        WITH_CONTEXT(features_have_a_shape_of_pictures_too),
        WITH_CONTEXT(wrong_inputs_are_refused),
        WITH_CONTEXT(impossible_configs_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
