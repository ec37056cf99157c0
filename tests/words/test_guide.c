/* Guides by attributes and classes: losses against the answers, and gradients by differences. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/network/network_writer.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "support/clip_and_merges.h"
#include "support/networks.h"
#include "support/temporary_folder.h"
#include "words/guide.h"

enum { OUTPUTS = 3, PICTURES = 2, VALUES = PICTURES * 8 * 8 * 3 };

static sg_context *context;
static sg_generator *generator;

static int setup(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    if (temporary_folder_setup(state))
        return -1;
    context = sg_context_create(1);
    generator = tiny_generator(context, &config, SG_F32, 1);
    return 0;
}

static int teardown(void **state)
{
    sg_generator_destroy(generator);
    sg_context_destroy(context);
    return temporary_folder_teardown(state);
}

/* Writes a tiny classifier, whose output changes with every pixel. */
static char *write_classifier(void **state, sg_discriminator_output output)
{
    sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 3, OUTPUTS);
    sg_error error = {0};
    char *path = temporary_path(state, "classifier.safetensors");
    config.output = output;
    config.mbstd_num_channels = 0;
    sg_discriminator *classifier = tiny_discriminator(context, &config, SG_F32, 9);
    const sg_network_parts parts = {.discriminator = classifier};
    if (sg_network_save(path, &parts, NULL, 0, &error))
        fail_msg("%s", error.message);
    sg_discriminator_destroy(classifier);
    return path;
}

static sg_guide *make(const char *path, const sg_wish *wishes, size_t count)
{
    sg_guide *guide = NULL;
    sg_error error = {0};
    if (sg_guide_towards(path, generator, wishes, count, &guide, &error))
        fail_msg("%s", error.message);
    return guide;
}

/* Waves that no two pixels share. */
static sg_tensor *pictures_of(double shift)
{
    sg_tensor *pictures = sg_tensor_create(context, SG_F32, SG_SHAPE(PICTURES, 8, 8, 3));
    for (int i = 0; i < VALUES; i++)
        sg_tensor_set_value(pictures, i, sin(0.37 * i) + shift * cos(0.11 * i));
    return pictures;
}

static double loss_of(const sg_guide *guide, double shift)
{
    const size_t scope = sg_scope_open(context);
    const sg_tensor *loss = sg_guide_loss(guide, pictures_of(shift));
    assert_non_null(loss);
    const double value = sg_tensor_value(loss, 0);
    sg_scope_close(context, scope, NULL);
    return value;
}

static void ask(const sg_guide *guide, double *answers)
{
    const size_t scope = sg_scope_open(context);
    assert_int_equal(sg_guide_answer(guide, pictures_of(0), answers, NULL), SG_OK);
    sg_scope_close(context, scope, NULL);
}

/* The loss by its formula, from the answers: p of wishes[count] for each picture. */
static double expected_loss(const sg_wish *wishes, size_t count, const double *answers)
{
    double sum = 0;
    for (size_t n = 0; n < PICTURES; n++)
        for (size_t i = 0; i < count; i++) {
            const double p = answers[n * count + i];
            sum -= fabs(wishes[i].weight) * log(wishes[i].weight > 0 ? p : 1 - p) / PICTURES;
        }
    return sum;
}

/* Compares the gradient along the wave of pictures_of with a difference. */
static void assert_gradient(const sg_guide *guide)
{
    const double step = 1e-2;
    double along = 0;
    sg_tensor *gradient = NULL;
    const size_t scope = sg_scope_open(context);
    sg_tensor *pictures = pictures_of(0);
    context->recording = true;
    sg_tensor_require_gradient(pictures, true);
    sg_tensor *loss = sg_guide_loss(guide, pictures);
    assert_int_equal(sg_gradient(loss, NULL, &pictures, 1, (sg_gradient_options){0}, &gradient),
                     SG_OK);
    context->recording = false;
    for (int i = 0; i < VALUES; i++)
        along += sg_tensor_value(gradient, i) * cos(0.11 * i);
    sg_scope_close(context, scope, NULL);
    const double difference = (loss_of(guide, step) - loss_of(guide, -step)) / (2 * step);
    assert_true(fabs(difference) > 1e-3);
    assert_true(fabs(along - difference) < 2e-2 * fabs(difference));
}

static void test_attributes(void **state)
{
    static const sg_wish wishes[] = {{"1", 1}, {"2", -0.5}, {"0+2", 2}, {"0+1+2", -1}};
    double answers[PICTURES * 4];
    char *path = write_classifier(state, SG_OUTPUT_ATTRIBUTES);
    sg_guide *guide = make(path, wishes, 4);
    assert_int_equal(sg_guide_count(guide), 4);
    ask(guide, answers);
    assert_true(fabs(loss_of(guide, 0) - expected_loss(wishes, 4, answers)) < 1e-5);
    assert_gradient(guide);
    sg_guide_close(guide);

    /* those of several attributes are products */
    static const sg_wish single[] = {{"0", 1}, {"1", 1}, {"2", 1}};
    double alone[PICTURES * 3];
    guide = make(path, single, 3);
    ask(guide, alone);
    for (size_t n = 0; n < PICTURES; n++) {
        assert_true(fabs(answers[n * 4 + 2] - alone[n * 3] * alone[n * 3 + 2]) < 1e-6);
        assert_true(fabs(answers[n * 4 + 3] - alone[n * 3] * alone[n * 3 + 1] * alone[n * 3 + 2]) <
                    1e-6);
    }
    sg_guide_close(guide);
    free(path);
}

static void test_classes(void **state)
{
    static const sg_wish all[] = {{"0", 1}, {"1", 1}, {"2", -1}};
    double answers[PICTURES * 3];
    char *path = write_classifier(state, SG_OUTPUT_CLASSES);
    sg_guide *guide = make(path, all, 3);
    ask(guide, answers);
    for (size_t n = 0; n < PICTURES; n++)
        assert_true(fabs(answers[n * 3] + answers[n * 3 + 1] + answers[n * 3 + 2] - 1) < 1e-6);
    assert_true(fabs(loss_of(guide, 0) - expected_loss(all, 3, answers)) < 1e-5);
    assert_gradient(guide);
    sg_guide_close(guide);
    free(path);
}

/* What is kept costs nothing at the start, and away from it the divergence by its formula. */
static void test_answers_to_keep(void **state)
{
    static const sg_wish wish = {"0+1", 1};
    double answers[PICTURES * 2];
    char *path = write_classifier(state, SG_OUTPUT_ATTRIBUTES);
    sg_guide *guide = make(path, &wish, 1);
    const double before = loss_of(guide, 0);
    assert_int_equal(sg_guide_keep(guide, NULL, generator, "all", 3, NULL), SG_OK);
    assert_int_equal(sg_guide_kept(guide), 1); /* the wish is about the others */
    assert_string_equal(sg_guide_name(guide, 0), "0+1");
    assert_string_equal(sg_guide_name(guide, 1), "2");
    const size_t scope = sg_scope_open(context);
    sg_tensor *pictures = pictures_of(0);
    sg_tensor *first = sg_slice(pictures, 0, 0, 1);
    double kept[2];
    assert_int_equal(sg_guide_start(guide, first, NULL), SG_OK);
    assert_int_equal(sg_guide_answer(guide, first, kept, NULL), SG_OK);
    sg_scope_close(context, scope, NULL);
    ask(guide, answers);
    assert_true(fabs(kept[1] - answers[1]) < 1e-6);
    const double q = answers[3];
    const double divergence =
        kept[1] * log(kept[1] / q) + (1 - kept[1]) * log((1 - kept[1]) / (1 - q));
    assert_true(divergence > 1e-8);
    assert_true(fabs(loss_of(guide, 0) - before - 3 * divergence / PICTURES) < 1e-5);
    assert_gradient(guide);
    sg_guide_close(guide);
    guide = make(path, &wish, 1);
    assert_int_equal(sg_guide_keep(guide, NULL, generator, "2,1,2", 3, NULL), SG_OK);
    assert_int_equal(sg_guide_kept(guide), 2);
    sg_guide_close(guide);
    free(path);
}

/* Opens a small CLIP with merges. */
static sg_clip *open_clip(void *const *state)
{
    char *path = write_clip_and_merges(state, &tiny_clip);
    char *merges = temporary_path(state, "merges.txt");
    const char *const files[] = {path, merges};
    sg_clip *clip = NULL;
    sg_error error = {0};
    if (sg_clip_find(&clip, context, SG_F32, files, 2, &error))
        fail_msg("%s", error.message);
    free(path);
    free(merges);
    return clip;
}

/* The cosines of the pictures with rows of unit length, beside the guide. */
static void assert_cosines(const sg_clip *clip, sg_tensor *row, const double *answers,
                           size_t stride)
{
    sg_tensor *features =
        sg_clip_unit(sg_clip_image(clip, sg_clip_normalised(clip, pictures_of(0))));
    const int64_t width = (int64_t)sg_clip_width(clip);
    for (int64_t n = 0; n < PICTURES; n++) {
        double cosine = 0;
        for (int64_t k = 0; k < width; k++)
            cosine += sg_tensor_value(features, n * width + k) * sg_tensor_value(row, k);
        assert_true(fabs(cosine - answers[(size_t)n * stride]) < 1e-5);
    }
}

static void test_texts(void **state)
{
    static const sg_wish wishes[] = {{"a cab", 1}, {"bad", -0.5}};
    double answers[PICTURES * 2];
    double expected = 0;
    sg_clip *clip = open_clip(state);
    const sg_guide_texts texts = {.clip = clip, .context = context, .wishes = wishes, .count = 2};
    sg_guide *guide = sg_guide_create();
    assert_int_equal(sg_guide_add_texts(guide, &texts, NULL), SG_OK);
    assert_string_equal(sg_guide_name(guide, 1), "bad");
    ask(guide, answers);
    for (size_t n = 0; n < PICTURES; n++)
        for (size_t i = 0; i < 2; i++)
            expected += wishes[i].weight * (1 - answers[n * 2 + i]) / PICTURES;
    assert_true(fabs(loss_of(guide, 0) - expected) < 1e-5);
    assert_gradient(guide);
    const size_t scope = sg_scope_open(context);
    sg_tensor *rows = NULL;
    assert_int_equal(sg_clip_texts(clip, &wishes[1].name, 1, &rows, NULL), SG_OK);
    assert_cosines(clip, sg_clip_unit(rows), answers + 1, 2);
    sg_scope_close(context, scope, NULL);
    sg_guide_close(guide);
    sg_clip_close(clip);
}

static void test_directions_between_texts(void **state)
{
    static const sg_wish wish = {"a cab", 1};
    static const char *const both[] = {"a cab", "bad"};
    double answers[PICTURES];
    sg_clip *clip = open_clip(state);
    sg_guide_texts texts = {
        .clip = clip, .context = context, .wishes = &wish, .count = 1, .from = "bad"};
    sg_guide *guide = sg_guide_create();
    assert_int_equal(sg_guide_add_texts(guide, &texts, NULL), SG_OK);
    ask(guide, answers);
    const size_t scope = sg_scope_open(context);
    sg_tensor *rows = NULL;
    assert_int_equal(sg_clip_texts(clip, both, 2, &rows, NULL), SG_OK);
    rows = sg_clip_unit(rows);
    sg_tensor *moved = sg_subtract(sg_slice(rows, 0, 0, 1), sg_slice(rows, 0, 1, 1));
    assert_cosines(clip, sg_clip_unit(moved), answers, 1);
    sg_scope_close(context, scope, NULL);
    texts.from = "a cab";
    assert_int_equal(sg_guide_add_texts(guide, &texts, NULL), SG_ERROR_ARGUMENT);
    sg_guide_close(guide);
    sg_clip_close(clip);
}

static void assert_refused(const char *path, const sg_wish *wishes, size_t count,
                           const char *sentence)
{
    sg_guide *guide = NULL;
    sg_error error = {0};
    assert_int_equal(sg_guide_towards(path, generator, wishes, count, &guide, &error),
                     SG_ERROR_ARGUMENT);
    assert_null(guide);
    if (!strstr(error.message, sentence))
        fail_msg("\"%s\" does not say \"%s\"", error.message, sentence);
}

static void test_wrong_wishes(void **state)
{
    static const sg_wish unknown = {"hat", 1};
    static const sg_wish weightless = {"1", 0};
    static const sg_wish infinite = {"1", INFINITY};
    char *path = write_classifier(state, SG_OUTPUT_ATTRIBUTES);
    assert_refused(path, &unknown, 1, "no class or attribute \"hat\"");
    assert_refused(path, &weightless, 1, "the weight of \"1\" is 0");
    assert_refused(path, &infinite, 1, "the weight of \"1\" is inf");
    assert_refused(path, &unknown, 0, "0 aims are given");
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_attributes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_classes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_answers_to_keep, setup, teardown),
        cmocka_unit_test_setup_teardown(test_texts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_directions_between_texts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_wrong_wishes, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
