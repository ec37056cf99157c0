/* CLIP: files of every layout give the same features; what is found beside them, and refusals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "checkpoint/safetensors/safetensors.h"
#include "features/clip/clip.h"
#include "features/clip/merges_file.h"
#include "features/feature_network.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "support/close.h"
#include "support/filled_clip.h"
#include "support/temporary_folder.h"
#include "support/tensors.h"

enum { PICTURES = 2 };

/* A test's context; its folder is that of the user's data too. */
typedef struct fixture {
    void *folder;
    sg_context *context;
} fixture;

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    *state = f;
    assert_int_equal(user_folders_setup(&f->folder), 0);
    f->context = sg_context_create(1);
    assert_non_null(f->context);
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    assert_int_equal(f->context->error.status, SG_OK);
    sg_context_destroy(f->context);
    const int failed = temporary_folder_teardown(&f->folder);
    free(f);
    return failed;
}

/* Writes a filled network; returns its path, to be freed. */
static char *write_clip(fixture *f, const char *name, const filled_clip *sizes,
                        filled_clip_layout layout)
{
    sg_error error = {0};
    char *path = temporary_path(&f->folder, name);
    if (write_filled_clip(path, sizes, layout, &error))
        fail_msg("%s", error.message);
    return path;
}

static void write_text(fixture *f, const char *name, const char *text)
{
    char *path = temporary_path(&f->folder, name);
    assert_int_equal(sg_write_file(path, text, strlen(text), NULL), SG_OK);
    free(path);
}

static sg_clip *open_clip(fixture *f, const char *path)
{
    sg_clip *clip = NULL;
    sg_error error = {0};
    if (sg_clip_find(&clip, f->context, SG_F32, &path, 1, &error))
        fail_msg("%s", error.message);
    return clip;
}

/* Opening must fail with a sentence that holds `part`. */
static void expect_failure(fixture *f, const char *path, sg_status status, const char *part)
{
    sg_clip *clip = NULL;
    sg_error error = {0};
    assert_int_equal(sg_clip_find(&clip, f->context, SG_F32, &path, path ? 1 : 0, &error), status);
    assert_null(clip);
    if (!strstr(error.message, part))
        fail_msg("\"%s\" lacks \"%s\"", error.message, part);
}

static sg_tensor *random_pictures(fixture *f, const sg_clip *clip)
{
    const int64_t side = (int64_t)sg_clip_image_side(clip);
    return random_tensor(f->context, SG_F32, SG_SHAPE(PICTURES, side, side, 3), 5);
}

/* Features of the same pictures and tokens, one after the other. */
static void take_features(fixture *f, const char *path, double *image, double *text)
{
    const size_t scope = sg_scope_open(f->context);
    sg_clip *clip = open_clip(f, path);
    int32_t tokens[2 * 12] = {598, 3, 17, 599, 0};
    tokens[12] = 598;
    tokens[13] = 250;
    tokens[14] = 599;
    sg_tensor *pictures = sg_clip_image(clip, random_pictures(f, clip));
    sg_tensor *texts = sg_clip_tokens(clip, tokens, 2);
    assert_non_null(pictures);
    assert_non_null(texts);
    for (int64_t i = 0; i < PICTURES * tiny_clip.width; i++) {
        image[i] = sg_tensor_value(pictures, i);
        text[i] = sg_tensor_value(texts, i);
    }
    sg_scope_close(f->context, scope, NULL);
    sg_clip_close(clip);
}

/* The largest difference of two lists of features, relative to the largest feature. */
static double difference(const double *a, const double *b)
{
    double largest = 0;
    double size = 0;
    for (int64_t i = 0; i < PICTURES * tiny_clip.width; i++) {
        largest = fmax(largest, fabs(a[i] - b[i]));
        size = fmax(size, fabs(b[i]));
    }
    assert_true(size > 0);
    return largest / size;
}

enum { FEATURES = 2 * 24 };

static void test_every_layout_gives_the_same_features(void **state)
{
    fixture *f = *state;
    double image[3][FEATURES];
    double text[3][FEATURES];
    double halves;
    for (int layout = FILLED_CLIP_OPENAI; layout <= FILLED_CLIP_HUGGING_FACE; layout++) {
        char *path = write_clip(f, "clip.safetensors", &tiny_clip, (filled_clip_layout)layout);
        take_features(f, path, image[layout], text[layout]);
        free(path);
    }
    assert_true(difference(image[FILLED_CLIP_HUGGING_FACE], image[FILLED_CLIP_OPENAI]) == 0);
    assert_true(difference(text[FILLED_CLIP_HUGGING_FACE], text[FILLED_CLIP_OPENAI]) == 0);
    halves = difference(image[FILLED_CLIP_HALVES], image[FILLED_CLIP_OPENAI]);
    assert_true(halves > 1e-6 && halves < 5e-3);
    halves = difference(text[FILLED_CLIP_HALVES], text[FILLED_CLIP_OPENAI]);
    assert_true(halves > 1e-6 && halves < 5e-3);
}

/* The kind of GELU, and the heads, are in a configuration beside the file, or follow from who made
 * the file. */
static void test_the_configuration_beside_a_file_counts(void **state)
{
    fixture *f = *state;
    double plain[FEATURES];
    double text[FEATURES];
    double other[FEATURES];
    char *hf = write_clip(f, "model.safetensors", &tiny_clip, FILLED_CLIP_HUGGING_FACE);
    take_features(f, hf, plain, text);
    write_text(f, "config.json", "{\"vision_config\": {\"hidden_act\": \"quick_gelu\"}}");
    take_features(f, hf, other, text);
    assert_true(difference(other, plain) == 0);
    write_text(f, "config.json", "{\"vision_config\": {\"hidden_act\": \"gelu\"}}");
    take_features(f, hf, other, text);
    assert_true(difference(other, plain) > 1e-3);
    write_text(f, "config.json", "{\"vision_config\": {\"num_attention_heads\": 4}}");
    take_features(f, hf, other, text);
    assert_true(difference(other, plain) > 1e-2);
    free(hf);
    char *open_clip = write_clip(f, "open_clip_model.safetensors", &tiny_clip, FILLED_CLIP_OPENAI);
    take_features(f, open_clip, other, text);
    assert_true(difference(other, plain) > 1e-3);
    write_text(f, "open_clip_config.json", "{\"model_cfg\": {\"quick_gelu\": true}}");
    take_features(f, open_clip, other, text);
    assert_true(difference(other, plain) == 0);
    write_text(f, "open_clip_config.json", "{not JSON");
    take_features(f, open_clip, other, text);
    assert_true(difference(other, plain) > 1e-3);
    free(open_clip);
}

static void test_pictures_do_not_depend_on_the_others(void **state)
{
    fixture *f = *state;
    char *path = write_clip(f, "clip.safetensors", &tiny_clip, FILLED_CLIP_OPENAI);
    sg_clip *clip = open_clip(f, path);
    const size_t scope = sg_scope_open(f->context);
    sg_tensor *pictures = random_pictures(f, clip);
    sg_tensor *alone = sg_clip_image(clip, sg_slice(pictures, 0, 1, 1));
    sg_tensor *both = sg_clip_image(clip, pictures);
    assert_tensors_near("alone", alone, sg_slice(both, 0, 1, 1), 1e-5);
    f->context->recording = true;
    sg_tensor_require_gradient(pictures, true);
    sg_tensor *taped = sg_clip_image(clip, pictures);
    sg_tensor *gradient = NULL;
    sg_gradient(taped, NULL, &pictures, 1, (sg_gradient_options){0}, &gradient);
    f->context->recording = false;
    assert_tensors_near("on the tape", taped, both, 1e-5);
    assert_non_null(gradient);
    sg_scope_close(f->context, scope, NULL);
    sg_clip_close(clip);
    free(path);
}

static void test_features_without_length_stay_zero(void **state)
{
    fixture *f = *state;
    const size_t scope = sg_scope_open(f->context);
    const sg_tensor *unit = sg_clip_unit(sg_tensor_full(f->context, SG_F32, SG_SHAPE(1, 4), 0));
    assert_non_null(unit);
    assert_true(sg_tensor_value(unit, 3) == 0);
    sg_scope_close(f->context, scope, NULL);
}

/* The middle starts where torchvision's CenterCrop has it: half of what is cut, rounded to even. */
static void test_the_middle_of_a_picture_counts(void **state)
{
    fixture *f = *state;
    char *path = write_clip(f, "clip.safetensors", &tiny_clip, FILLED_CLIP_OPENAI);
    sg_clip *clip = open_clip(f, path);
    const size_t scope = sg_scope_open(f->context);
    static const int64_t firsts[][2] = {{1, 0}, {2, 1}, {3, 2}, {5, 2}, {7, 4}};
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        const int64_t width = 28 + firsts[i][0];
        sg_tensor *x = sg_tensor_full(f->context, SG_F32, SG_SHAPE(1, 28, width, 1), 0);
        for (int64_t k = 0; k < 28 * width; k++)
            sg_tensor_set_value(x, k, (double)(k % width) / 64);
        const double first = sg_tensor_value(sg_clip_normalised(clip, x), 0);
        assert_close(2 * (first * 0.26862954 + 0.48145466) - 1, (double)firsts[i][1] / 64, 1e-5);
    }
    sg_scope_close(f->context, scope, NULL);
    sg_clip_close(clip);
    free(path);
}

/* A long strip is seen as its middle alone is; nothing is as long as the strip enlarged. */
static void test_long_strips_take_little(void **state)
{
    enum { LONG = 60000, SHORT = 40 };
    fixture *f = *state;
    char *path = write_clip(f, "clip.safetensors", &tiny_clip, FILLED_CLIP_OPENAI);
    sg_clip *clip = open_clip(f, path);
    const size_t scope = sg_scope_open(f->context);
    sg_tensor *strip = sg_tensor_full(f->context, SG_F32, SG_SHAPE(1, LONG, 2, 1), 0);
    sg_tensor *middle = sg_tensor_full(f->context, SG_F32, SG_SHAPE(1, SHORT, 2, 1), 0);
    for (int64_t k = 0; k < SHORT * 2; k++) {
        const double value = (double)(k * 7 % 16) / 16 - 0.5;
        sg_tensor_set_value(middle, k, value);
        sg_tensor_set_value(strip, (LONG - SHORT) + k, value);
    }
    const sg_tensor *seen = sg_clip_normalised(clip, strip);
    const sg_tensor *expected = sg_clip_normalised(clip, middle);
    assert_non_null(seen);
    for (int64_t k = 0; k < 28 * 28 * 3; k++)
        assert_close(sg_tensor_value(seen, k), sg_tensor_value(expected, k), 1e-5);
    sg_scope_close(f->context, scope, NULL);
    sg_clip_close(clip);
    free(path);
}

/* A picture of one colour stays it at any size, and a gray one has three equal channels. */
static void test_pictures_are_brought_to_the_towers_size(void **state)
{
    fixture *f = *state;
    static const double mean[] = {0.48145466, 0.4578275, 0.40821073};
    static const double deviation[] = {0.26862954, 0.26130258, 0.27577711};
    static const int64_t sizes[][3] = {{28, 28, 3}, {50, 40, 3}, {9, 20, 1}};
    char *path = write_clip(f, "clip.safetensors", &tiny_clip, FILLED_CLIP_OPENAI);
    sg_clip *clip = open_clip(f, path);
    const size_t scope = sg_scope_open(f->context);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        sg_tensor *x = sg_clip_normalised(
            clip, sg_tensor_full(f->context, SG_F32,
                                 SG_SHAPE(1, sizes[i][0], sizes[i][1], sizes[i][2]), 0.25));
        assert_non_null(x);
        assert_int_equal(sg_tensor_count(x), 28 * 28 * 3);
        for (int c = 0; c < 3; c++)
            assert_close(sg_tensor_value(x, 28 * 15 * 3 + c), (0.625 - mean[c]) / deviation[c],
                         1e-5);
    }
    assert_refused(
        f->context,
        sg_clip_normalised(clip, sg_tensor_full(f->context, SG_F32, SG_SHAPE(1, 28, 28, 2), 0)),
        SG_ERROR_SHAPE);
    assert_refused(
        f->context,
        sg_clip_image(clip, sg_tensor_full(f->context, SG_F32, SG_SHAPE(1, 20, 28, 3), 0)),
        SG_ERROR_SHAPE);
    sg_scope_close(f->context, scope, NULL);
    sg_clip_close(clip);
    free(path);
}

/* A metric's feature network computes what the tower does. */
static void test_metrics_look_with_the_same_tower(void **state)
{
    fixture *f = *state;
    enum { SIDE = 20, VALUES = SIDE * SIDE * 3 };
    unsigned char bytes[VALUES];
    float features[24];
    sg_feature_network *network = NULL;
    char *path = write_clip(f, "clip.safetensors", &tiny_clip, FILLED_CLIP_OPENAI);
    const char *files[] = {path};
    assert_true(sg_feature_network_is_there("clip", files, 1));
    assert_int_equal(sg_feature_network_find("clip", files, 1, &network, NULL), SG_OK);
    assert_int_equal(sg_feature_network_features(network), 24);
    for (int i = 0; i < VALUES; i++)
        bytes[i] = (unsigned char)(i * 7 % 256);
    const sg_feature_pictures pictures = {
        .count = 1, .height = SIDE, .width = SIDE, .channels = 3, .bytes = bytes};
    const sg_feature_results results = {.features = features};
    assert_int_equal(
        sg_feature_network_compute(network, &pictures, SG_FEATURE_RESIZE_CLEAN, &results, NULL),
        SG_OK);
    sg_clip *clip = open_clip(f, path);
    const size_t scope = sg_scope_open(f->context);
    sg_tensor *x = sg_tensor_create(f->context, SG_F32, SG_SHAPE(1, SIDE, SIDE, 3));
    for (int i = 0; i < VALUES; i++)
        sg_tensor_set_value(x, i, (double)bytes[i] / 127.5 - 1);
    sg_tensor *expected = sg_clip_image(clip, sg_clip_normalised(clip, x));
    for (int i = 0; i < 24; i++)
        assert_close((double)features[i], sg_tensor_value(expected, i), 1e-4);
    sg_scope_close(f->context, scope, NULL);
    sg_clip_close(clip);
    sg_feature_network_close(network);
    free(path);
}

static void test_texts_need_the_merges(void **state)
{
    fixture *f = *state;
    static const char *const texts[] = {"ab cab", "!?"};
    static const char *const bad[] = {"a\xff", "aaaaaaaaaaaaa 1 2 3 4 5 6 7 8 9 0 1"};
    sg_tensor *features = NULL;
    sg_error error = {0};
    char *path = write_clip(f, "clip.safetensors", &tiny_clip, FILLED_CLIP_OPENAI);
    sg_clip *clip = open_clip(f, path);
    const size_t scope = sg_scope_open(f->context);
    assert_int_equal(sg_clip_texts(clip, texts, 2, &features, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, "bpe_simple_vocab_16e6.txt.gz"));
    sg_clip_close(clip);
    char *merges = temporary_path(&f->folder, "merges.txt");
    assert_int_equal(write_filled_merges(merges, tiny_clip.vocabulary - 514, NULL), SG_OK);
    clip = open_clip(f, path);
    assert_int_equal(sg_clip_texts(clip, texts, 2, &features, NULL), SG_OK);
    /* "ab", "cab" as merges 1 and 53 of the file make them, start and end. */
    assert_int_equal(features->shape.size[0], 2);
    assert_int_equal(features->shape.size[1], 24);
    for (int i = 0; i < 2; i++) {
        error = (sg_error){0};
        assert_int_equal(sg_clip_texts(clip, &bad[i], 1, &features, &error), SG_ERROR_ARGUMENT);
        assert_null(features);
        assert_non_null(strstr(error.message, i ? "the network takes at most 10" : "not UTF-8"));
    }
    int32_t tokens[12] = {0, -1};
    assert_refused(f->context, sg_clip_tokens(clip, tokens, 1), SG_ERROR_ARGUMENT);
    tokens[1] = 600;
    assert_refused(f->context, sg_clip_tokens(clip, tokens, 1), SG_ERROR_ARGUMENT);
    sg_scope_close(f->context, scope, NULL);
    sg_clip_close(clip);
    free(merges);
    free(path);
}

/* ---- merges ---- */

static void test_merges_files_are_plain_or_compressed(void **state)
{
    (void)state;
    sg_bpe *bpe = NULL;
    sg_error error = {0};
    size_t merges = 0;
    assert_int_equal(sg_merges_read("tests/fuzz/corpus/merges/gzip", 0, &bpe, &error), SG_OK);
    assert_int_equal(sg_bpe_merges(bpe), 5);
    sg_bpe_close(bpe);
    assert_true(sg_merges_count("tests/fuzz/corpus/merges/gzip", &merges));
    assert_int_equal(merges, 5);
    assert_false(sg_merges_count("tests/fuzz/corpus/merges/one-space-too-many", &merges));
    assert_int_equal(sg_merges_read("tests/fuzz/corpus/merges/gzip-cut", 0, &bpe, &error),
                     SG_ERROR_FORMAT);
    assert_null(bpe);
    assert_non_null(strstr(error.message, "damaged or incomplete gzip stream"));
    error = (sg_error){0};
    assert_int_equal(sg_merges_read("nowhere/merges.txt", 0, &bpe, &error), SG_ERROR_FILE);
}

/* A given file goes before one beside the network, that before one of the user's data. */
static void test_merges_are_looked_for_in_three_places(void **state)
{
    fixture *f = *state;
    char *folder = sg_user_folder(SG_USER_DATA);
    char *data = sg_path_join(folder, "bpe_simple_vocab_16e6.txt.gz");
    char *beside = temporary_path(&f->folder, "merges.txt");
    char *network = temporary_path(&f->folder, "clip.safetensors");
    const char *const given[] = {"clip.pt", "given.txt"};
    char *found = NULL;
    assert_int_equal(sg_merges_find(NULL, 0, network, &found, NULL), SG_OK);
    assert_null(found);
    assert_int_equal(sg_make_parent_folder(data, NULL), SG_OK);
    assert_int_equal(write_filled_merges(data, 3, NULL), SG_OK);
    assert_int_equal(sg_merges_find(NULL, 0, network, &found, NULL), SG_OK);
    assert_string_equal(found, data);
    free(found);
    assert_int_equal(write_filled_merges(beside, 3, NULL), SG_OK);
    assert_int_equal(sg_merges_find(given, 1, network, &found, NULL), SG_OK);
    assert_string_equal(found, beside);
    free(found);
    assert_int_equal(sg_merges_find(given, 2, network, &found, NULL), SG_OK);
    assert_string_equal(found, "given.txt");
    free(found);
    free(network);
    free(beside);
    free(data);
    free(folder);
}

/* ---- refusals ---- */

/* Writes a file of one small tensor for each name. */
static char *write_names(fixture *f, const char *const *names, size_t count)
{
    static const float values[64];
    sg_safetensors_entry entries[10];
    char *path = temporary_path(&f->folder, "names.safetensors");
    for (size_t i = 0; i < count; i++)
        entries[i] = (sg_safetensors_entry){names[i], SG_STORED_F32, 2, {8, 8}, values};
    assert_int_equal(sg_safetensors_write(path, entries, count, NULL, 0, NULL), SG_OK);
    return path;
}

static void test_refusals_name_what_is_missing(void **state)
{
    fixture *f = *state;
    static const char *const resnet[] = {"logit_scale", "token_embedding.weight",
                                         "visual.layer1.0.conv1.weight"};
    static const char *const other[] = {"conv1.weight"};
    expect_failure(f, NULL, SG_ERROR_FILE, "ViT-B-32.pt");
    assert_false(sg_feature_network_is_there("clip", NULL, 0));
    char *path = write_names(f, resnet, 3);
    expect_failure(f, path, SG_ERROR_FORMAT, "is CLIP with a ResNet");
    free(path);
    path = write_names(f, resnet, 2);
    expect_failure(f, path, SG_ERROR_FORMAT, "has no tensor visual.");
    free(path);
    path = write_names(f, other, 1);
    expect_failure(f, path, SG_ERROR_FORMAT, "holds no feature network that is known");
    free(path);
}

/* Sizes that do not fit each other are found before memory is taken for them. */
static void test_sizes_that_do_not_fit_are_refused(void **state)
{
    fixture *f = *state;
    filled_clip odd = tiny_clip;
    odd.vision_width = 193;
    char *path = write_clip(f, "clip.safetensors", &odd, FILLED_CLIP_OPENAI);
    expect_failure(f, path, SG_ERROR_FORMAT, "193 wide, which 3 heads cannot share");
    free(path);
    static const char *const names[] = {"logit_scale",
                                        "token_embedding.weight",
                                        "positional_embedding",
                                        "visual.proj",
                                        "visual.positional_embedding",
                                        "visual.transformer.resblocks.0.ln_1.weight",
                                        "transformer.resblocks.0.ln_1.weight",
                                        "visual.transformer.resblocks.0.mlp.c_fc.weight",
                                        "visual.conv1.weight"};
    path = write_names(f, names, 9);
    expect_failure(f, path, SG_ERROR_FORMAT, "axis 3 of tensor visual.conv1.weight is 0");
    free(path);
}

#define IN_FIXTURE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FIXTURE(test_every_layout_gives_the_same_features),
        IN_FIXTURE(test_the_configuration_beside_a_file_counts),
        IN_FIXTURE(test_pictures_do_not_depend_on_the_others),
        IN_FIXTURE(test_pictures_are_brought_to_the_towers_size),
        IN_FIXTURE(test_the_middle_of_a_picture_counts),
        IN_FIXTURE(test_features_without_length_stay_zero),
        IN_FIXTURE(test_long_strips_take_little),
        IN_FIXTURE(test_metrics_look_with_the_same_tower),
        IN_FIXTURE(test_texts_need_the_merges),
        cmocka_unit_test(test_merges_files_are_plain_or_compressed),
        IN_FIXTURE(test_merges_are_looked_for_in_three_places),
        IN_FIXTURE(test_refusals_name_what_is_missing),
        IN_FIXTURE(test_sizes_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
