/* Pictures scored by texts: the command `score --text`, and the metric clip_score. */
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

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "features/clip/clip.h"
#include "metrics/formulas/text_fit.h"
#include "support/clip_and_merges.h"
#include "support/close.h"
#include "support/filled_clip.h"
#include "support/picture_files.h"
#include "support/program.h"
#include "support/temporary_folder.h"

enum { PICTURES = 9, SIDE = 12, VALUES = SIDE * SIDE * 3, TEXTS = 2 };

static const char *const texts[TEXTS] = {"abba", "zz top"};

/* A network, its merges and a folder of pictures. */
typedef struct fixture {
    char *clip, *merges, *pictures;
} fixture;

/* Returns value `i` of picture `n`. */
static uint8_t value_of(int n, int i)
{
    return (uint8_t)((n * 37 + i * (n + 3)) % 256);
}

static fixture make(void *const *state)
{
    fixture f = {write_clip_and_merges(state, &tiny_clip), temporary_path(state, "merges.txt"),
                 temporary_path(state, "pictures")};
    for (int n = 0; n < PICTURES; n++) {
        uint8_t pixels[VALUES];
        char name[64];
        for (int i = 0; i < VALUES; i++)
            pixels[i] = value_of(n, i);
        snprintf(name, sizeof name, "pictures/%d.png", n);
        png_write(state, name, SIDE, 2, 8, pixels, NULL);
    }
    return f;
}

static void clear(fixture *f)
{
    free(f->clip);
    free(f->merges);
    free(f->pictures);
}

/* Computes the scores of all pictures by the library. */
static void compute(const fixture *f, double scores[PICTURES][TEXTS])
{
    sg_context *context = sg_context_create(1);
    const size_t scope = sg_scope_open(context);
    const char *const files[] = {f->clip, f->merges};
    sg_clip *clip = NULL;
    sg_tensor *words = NULL;
    assert_int_equal(sg_clip_find(&clip, context, SG_F32, files, 2, NULL), SG_OK);
    assert_int_equal(sg_clip_texts(clip, texts, TEXTS, &words, NULL), SG_OK);
    for (int n = 0; n < PICTURES; n++) {
        sg_tensor *x = sg_tensor_create(context, SG_F32, SG_SHAPE(1, SIDE, SIDE, 3));
        for (int i = 0; i < VALUES; i++)
            sg_tensor_set_value(x, i, value_of(n, i) / 127.5 - 1);
        const sg_tensor *features = sg_clip_image(clip, sg_clip_normalised(clip, x));
        for (int k = 0; k < TEXTS; k++)
            scores[n][k] = sg_text_fit(sg_f32(features), sg_f32(words) + k * tiny_clip.width, 24);
    }
    sg_clip_close(clip);
    sg_scope_close(context, scope, NULL);
    sg_context_destroy(context);
}

/* Returns the line after `line`. */
static const char *next_line(const char *line)
{
    return strchr(line, '\n') + 1;
}

static void scores_are_those_of_the_towers(void **state)
{
    fixture f = make(state);
    double expected[PICTURES][TEXTS];
    compute(&f, expected);
    program_result result = RUN("score", "--text", texts[0], "--text", texts[1], "--features",
                                f.clip, "--features", f.merges, f.pictures, "--json", "--exact");
    assert_int_equal(result.status, 0);
    const char *at = result.output;
    double different = 0;
    for (int n = 0; n < PICTURES; n++, at = next_line(at)) {
        cJSON *line = cJSON_ParseWithLength(at, strcspn(at, "\n"));
        char name[64];
        double sum = 0;
        snprintf(name, sizeof name, "pictures/%d.png", n);
        assert_holds(cJSON_GetStringValue(cJSON_GetObjectItem(line, "file")), name);
        const cJSON *rows = cJSON_GetObjectItem(line, "texts");
        assert_int_equal(cJSON_GetArraySize(rows), TEXTS);
        for (int k = 0; k < TEXTS; k++) {
            const cJSON *row = cJSON_GetArrayItem(rows, k);
            const double score = cJSON_GetNumberValue(cJSON_GetObjectItem(row, "score"));
            assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(row, "text")), texts[k]);
            assert_close(score, expected[n][k], 1e-3);
            sum += cJSON_GetNumberValue(cJSON_GetObjectItem(row, "probability"));
            different = fmax(different, fabs(score - expected[0][0]));
        }
        assert_close(sum, 1, 1e-6);
        cJSON_Delete(line);
    }
    assert_true(different > 0.1);
    program_result_clear(&result);
    clear(&f);
}

/* Pictures of any sizes and channels; the last line is the mean. */
static void pictures_may_have_any_size(void **state)
{
    static const uint8_t grey[] = {100};
    fixture f = make(state);
    char *one = temporary_path(state, "pictures/3.png");
    char *other = temporary_path(state, "other.png");
    flat_png_write(state, "other.png", 50, 1, grey);
    program_result result =
        RUN("score", "--text", "abba", "--features", f.clip, "--features", f.merges, one, other);
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "pictures/3.png: score ");
    assert_holds(result.output, "other.png: score ");
    assert_holds(result.output, "\nThe mean score is ");
    program_result_clear(&result);
    result = RUN("score", "--text", "ab\nba", "--text", "z", "--features", f.clip, "--features",
                 f.merges, one);
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "ab?ba ");
    program_result_clear(&result);
    free(one);
    free(other);
    clear(&f);
}

/* ViT-B/32 of 16-bit floats, with as many merges as the published vocabulary has. */
static void a_network_of_real_size_scores(void **state)
{
    static const uint8_t blue[] = {20, 40, 200};
    sg_error error = {0};
    char *clip = temporary_path(state, "ViT-B-32.safetensors");
    char *merges = temporary_path(state, "merges.txt");
    char *picture = temporary_path(state, "picture.png");
    if (write_filled_clip(clip, &full_clip, FILLED_CLIP_HALVES, &error) ||
        write_filled_merges(merges, full_clip.vocabulary - 514, &error))
        fail_msg("%s", error.message);
    flat_png_write(state, "picture.png", 64, 3, blue);
    program_result result = RUN("score", "--text", "a blue picture", "--text", "a red one",
                                "--features", clip, picture, "--json");
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "\"text\":\"a blue picture\",\"score\":");
    program_result_clear(&result);
    free(clip);
    free(merges);
    free(picture);
}

static void the_metric_is_the_mean_of_scores(void **state)
{
    fixture f = make(state);
    double expected[PICTURES][TEXTS];
    double sum = 0;
    compute(&f, expected);
    for (int n = 0; n < PICTURES; n++)
        sum += (expected[n][0] + expected[n][1]) / TEXTS / PICTURES;
    program_result result =
        RUN("metrics", "--pictures", f.pictures, "--metrics", "clip_score", "--text", texts[0],
            "--text", texts[1], "--features", f.clip, "--features", f.merges, "--json", "--exact");
    assert_int_equal(result.status, 0);
    cJSON *line = cJSON_ParseWithLength(result.output, strcspn(result.output, "\n"));
    const cJSON *found = cJSON_GetObjectItem(line, "results");
    assert_close(cJSON_GetNumberValue(cJSON_GetObjectItem(found, "clip_score")), sum, 1e-3);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(line, "texts")), TEXTS);
    assert_true(cJSON_GetNumberValue(cJSON_GetObjectItem(line, "n")) == PICTURES);
    cJSON_Delete(line);
    program_result_clear(&result);
    clear(&f);
}

static void refusals_say_what_is_missing(void **state)
{
    fixture f = make(state);
    char *empty = temporary_path(state, "elsewhere/clip.safetensors");
    assert_int_equal(sg_make_parent_folder(empty, NULL), SG_OK);
    assert_int_equal(write_filled_clip(empty, &tiny_clip, FILLED_CLIP_OPENAI, NULL), SG_OK);
    assert_fails(RUN("score", f.pictures), 2, "--network");
    assert_fails(RUN("score", "--text", "x", f.pictures), 1, "by --features, or put");
    assert_fails(RUN("score", "--text", "x", "--features", empty, f.pictures), 1,
                 "bpe_simple_vocab_16e6.txt.gz");
    assert_fails(RUN("score", "--text", "x", "--network", "n.safetensors", f.pictures), 2,
                 "not by both");
    assert_fails(RUN("score", "--text", "x", "--class", "3", f.pictures), 2, "--class");
    assert_fails(RUN("score", "--network", "n.safetensors", "--features", f.clip, f.pictures), 2,
                 "--features");
    assert_fails(RUN("score", "--text", "a\xff", "--features", f.clip, f.pictures), 2, "not UTF-8");
    assert_fails(
        RUN("metrics", "--pictures", f.pictures, "--metrics", "clip_score", "--features", f.clip),
        2, "--text");
    assert_fails(RUN("metrics", "--pictures", f.pictures, "--data", f.pictures, "--metrics",
                     "swd1k", "--text", "x"),
                 2, "--text is what pictures should fit, but clip_score");
    assert_int_equal(sg_write_file(f.merges, "no merges\n", 10, NULL), SG_OK);
    assert_fails(RUN("metrics", "--pictures", f.pictures, "--data", f.pictures, "--metrics",
                     "fid5k", "--features", f.merges),
                 1, "merges.txt");
    free(empty);
    clear(&f);
}

#define IN_FOLDERS(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, user_folders_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDERS(scores_are_those_of_the_towers), IN_FOLDERS(pictures_may_have_any_size),
        IN_FOLDERS(a_network_of_real_size_scores),  IN_FOLDERS(the_metric_is_the_mean_of_scores),
        IN_FOLDERS(refusals_say_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
