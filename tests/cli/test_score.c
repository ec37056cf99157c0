/* The command `score`: what it says of pictures, as text and JSON, and what it refuses. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "base/files/file.h"
#include "checkpoint/network/network_writer.h"
#include "image/image.h"
#include "ops/layout.h"
#include "support/close.h"
#include "support/networks.h"
#include "support/picture_files.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tensors.h"

#define DIGITS "models/digits-classifier.safetensors"
#define CONDITIONAL "models/digits-32.safetensors"
#define PLAIN "tests/golden/sg2-skip-32/network.safetensors"

enum { SIDE = 8, PICTURES = 5 };

/* A discriminator in a file, on the heap, with its config; the names are its metadata. */
static sg_discriminator *write_network(void *const *state, sg_context *context, const char *name,
                                       const sg_discriminator_config *config, const char *names)
{
    char *path = temporary_path(state, name);
    sg_error error = {0};
    sg_discriminator *network = tiny_discriminator(context, config, SG_F32, 7);
    const sg_network_parts parts = {.discriminator = network};
    const sg_metadata classes = {"classes", names};
    if (sg_network_save(path, &parts, &classes, names ? 1 : 0, &error))
        fail_msg("%s", error.message);
    free(path);
    return network;
}

/* Writes "folder/pictures/N.png" of random pixels, and returns them as the network takes them. */
static sg_tensor *write_pictures(void *const *state, sg_context *context)
{
    sg_tensor *all = sg_tensor_create(context, SG_F32, SG_SHAPE(PICTURES, SIDE, SIDE, 1));
    uint32_t random = 12345;
    for (int n = 0; n < PICTURES; n++) {
        uint8_t pixels[SIDE * SIDE];
        char name[64];
        for (int i = 0; i < SIDE * SIDE; i++) {
            random = random * 1664525 + 1013904223;
            pixels[i] = (uint8_t)(random >> 24);
        }
        snprintf(name, sizeof name, "pictures/%d.png", n);
        png_write(state, name, SIDE, 0, 8, pixels, NULL);
        sg_image_level_values(pixels, SIDE * SIDE, sg_f32(all) + n * SIDE * SIDE);
    }
    return all;
}

/* The JSON line of picture `index` in what the program wrote. */
static cJSON *line_of(const char *output, int index)
{
    for (; index > 0; index--)
        output = strchr(output, '\n') + 1;
    cJSON *line = cJSON_ParseWithLength(output, strcspn(output, "\n"));
    assert_non_null(line);
    return line;
}

static double number_of(const cJSON *line, const char *key)
{
    return cJSON_GetNumberValue(cJSON_GetObjectItem(line, key));
}

/* Scores are those of the network for the same groups: of four neighbours and the one left, or of
 * one. */
static void scores_are_those_of_the_network(void **state)
{
    sg_context *context = sg_context_create(1);
    sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_RESNET, 1, 0);
    config.mbstd_group_size = 4;
    sg_discriminator *network = write_network(state, context, "d.safetensors", &config, NULL);
    const size_t scope = sg_scope_open(context);
    sg_tensor *pictures = write_pictures(state, context);
    char *file = temporary_path(state, "d.safetensors");
    char *folder = temporary_path(state, "pictures");
    const sg_tensor *group = sg_discriminator_score(network, sg_slice(pictures, 0, 0, 4), NULL);
    for (int alone = 0; alone < 2; alone++) {
        program_result result =
            alone ? RUN("score", "--network", file, folder, "--json", "--exact", "--alone")
                  : RUN("score", "--network", file, folder, "--json", "--exact");
        assert_int_equal(result.status, 0);
        for (int n = 0; n < PICTURES; n++) {
            cJSON *line = line_of(result.output, n);
            const sg_tensor *own =
                sg_discriminator_score(network, sg_slice(pictures, 0, n, 1), NULL);
            const double expected =
                alone || n == 4 ? sg_tensor_value(own, 0) : sg_tensor_value(group, n);
            char name[64];
            snprintf(name, sizeof name, "pictures/%d.png", n);
            assert_holds(cJSON_GetStringValue(cJSON_GetObjectItem(line, "file")), name);
            assert_close(number_of(line, "score"), expected, 1e-4);
            assert_close(number_of(line, "probability"), 1 / (1 + exp(-expected)), 1e-4);
            cJSON_Delete(line);
        }
        program_result_clear(&result);
    }
    free(folder);
    free(file);
    sg_scope_close(context, scope, NULL);
    sg_discriminator_destroy(network);
    sg_context_destroy(context);
}

/* Probabilities are the softmax or the sigmoids of the logits, in the order of classes. */
static void probabilities_follow_the_logits(void **state)
{
    sg_context *context = sg_context_create(1);
    sg_discriminator_config config = tiny_discriminator_config(SG_ARCHITECTURE_SKIP, 1, 3);
    config.mbstd_num_channels = 0;
    const size_t scope = sg_scope_open(context);
    sg_tensor *pictures = write_pictures(state, context);
    char *file = temporary_path(state, "c.safetensors");
    char *folder = temporary_path(state, "pictures");
    for (int attributes = 0; attributes < 2; attributes++) {
        config.output = attributes ? SG_OUTPUT_ATTRIBUTES : SG_OUTPUT_CLASSES;
        sg_discriminator *network = write_network(state, context, "c.safetensors", &config,
                                                  "[\"one\", \"two\", \"thr\\u0007ee\"]");
        const sg_tensor *logits = sg_discriminator_score(network, pictures, NULL);
        program_result result = RUN("score", "--network", file, folder, "--json", "--exact");
        assert_int_equal(result.status, 0);
        for (int n = 0; n < PICTURES; n++) {
            cJSON *line = line_of(result.output, n);
            const cJSON *classes = cJSON_GetObjectItem(line, "classes");
            double sum = 0;
            assert_int_equal(cJSON_GetArraySize(classes), 3);
            for (int k = 0; k < 3; k++)
                sum += exp(sg_tensor_value(logits, 3 * n + k));
            for (int k = 0; k < 3; k++) {
                const double z = sg_tensor_value(logits, 3 * n + k);
                assert_close(cJSON_GetNumberValue(cJSON_GetArrayItem(classes, k)),
                             attributes ? 1 / (1 + exp(-z)) : exp(z) / sum, 1e-5);
            }
            assert_null(cJSON_GetObjectItem(line, "score"));
            cJSON_Delete(line);
        }
        program_result_clear(&result);
        sg_discriminator_destroy(network);
    }
    assert_done(RUN("info", file), ": one, two, thr?ee\n");
    free(folder);
    free(file);
    sg_scope_close(context, scope, NULL);
    sg_context_destroy(context);
}

/* The split is in models/README.md: nine tenths of these pictures were trained on. */
static void shipped_digits_are_recognised(void **state)
{
    (void)state;
    program_result result = RUN("score", "--network", DIGITS, "data/mnist");
    assert_holds(result.output, "data/mnist/image 0000000000: 7, probability 0.9");
    assert_done(result, "9942 of 10000 pictures are recognised as their class: 99.42 %");
}

static void labels_come_from_the_option_or_the_data(void **state)
{
    char *folder = temporary_path(state, "digits");
    char *seven = temporary_path(state, "digits/seed0001.png");
    assert_done(RUN("generate", "--network", CONDITIONAL, "--class", "7", "--seeds", "1-3",
                    "--outdir", folder),
                "3 pictures");
    assert_done(RUN("score", "--network", DIGITS, "--class", "7", folder),
                "3 of 3 pictures are recognised as their class: 100.00 %");
    assert_done(RUN("score", "--network", CONDITIONAL, "--class", "7", folder), ": score ");
    assert_fails(RUN("score", "--network", CONDITIONAL, seven), 2,
                 "has no label, but the discriminator of " CONDITIONAL);
    assert_fails(RUN("score", "--network", CONDITIONAL, "--class", "10", seven), 2,
                 "has 10 classes, numbered from 0 to 9");
    free(seven);
    free(folder);
}

static void mistakes_are_sentences(void **state)
{
    const uint8_t color[] = {1, 2, 3};
    char *wide = temporary_path(state, "wide.png");
    char *rgb = temporary_path(state, "rgb.png");
    char *text = temporary_path(state, "text.png");
    flat_png_write(state, "wide.png", 28, 1, color);
    flat_png_write(state, "rgb.png", 32, 3, color);
    text_write(state, "text.png", "no picture");
    assert_fails(RUN("score", "--network", DIGITS), 2, "there is nothing to score");
    assert_fails(RUN("score", rgb), 2, "--network");
    assert_fails(RUN("score", "--network", DIGITS, rgb), 1,
                 "has 32x32 pixels with 3 channels, but " DIGITS " takes pictures of 32x32 with 1");
    assert_fails(RUN("score", "--network", DIGITS, wide), 1, "has 28x28 pixels with 1 channel,");
    assert_fails(RUN("score", "--network", DIGITS, text), 1, "text.png");
    assert_fails(RUN("score", "--network", DIGITS, "absent.png"), 1, "absent.png");
    assert_fails(RUN("score", "--network", "absent", rgb), 1, "absent");
    assert_fails(RUN("score", "--network", PLAIN, "--class", "1", rgb), 2,
                 "--class is given, but the discriminator of " PLAIN " knows no classes");
    assert_fails(RUN("score", "--network", PLAIN, "--class", "-2", rgb), 2, "--class is -2");
    free(text);
    free(rgb);
    free(wide);
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(scores_are_those_of_the_network), TEST(probabilities_follow_the_logits),
        TEST(shipped_digits_are_recognised),   TEST(labels_come_from_the_option_or_the_data),
        TEST(mistakes_are_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
