/* Edits by words on the shipped faces: attributes that come and go, what stays, and mistakes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fields.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "base/utf8.h"
#include "checkpoint/latents/w_file.h"
#include "support/clip_and_merges.h"
#include "support/filled_clip.h"
#include "support/generated.h"
#include "support/program.h"
#include "support/temporary_folder.h"

#define FACES "models/faces-64.safetensors"
#define CLASSIFIER "models/faces-classifier.safetensors"

enum { INPUTS = 10, WIDTH = 128, NUMBERS = INPUTS * WIDTH };

#define EDIT(...) RUN("edit", "--network", FACES, "--trunc", "0.7", "--outdir", *state, __VA_ARGS__)
#define WORDS(...) EDIT("--seeds", "0,2", "--classifier", CLASSIFIER, __VA_ARGS__)

/* Reads edits.json; the caller deletes it. */
static cJSON *read_record(void *const *state)
{
    char *path = temporary_path(state, "edits.json");
    unsigned char *bytes = NULL;
    size_t size = 0;
    assert_int_equal(sg_read_file(path, 1 << 20, &bytes, &size, NULL), SG_OK);
    cJSON *record = cJSON_ParseWithLength((const char *)bytes, size);
    assert_non_null(record);
    free(bytes);
    free(path);
    return record;
}

/* One of the two answers, before (0) or after (1), of a picture. */
static double answer_of(const cJSON *record, int picture, const char *list, const char *name,
                        int which)
{
    const cJSON *item = cJSON_GetArrayItem(cJSON_GetObjectItem(record, "pictures"), picture);
    const cJSON *pair = cJSON_GetObjectItem(cJSON_GetObjectItem(item, list), name);
    assert_int_equal(cJSON_GetArraySize(pair), 2);
    return cJSON_GetArrayItem(pair, which)->valuedouble;
}

static bool is_there(void *const *state, const char *name)
{
    char *path = temporary_path(state, name);
    const bool there = sg_path_exists(path);
    free(path);
    return there;
}

/* Reads a file of one w; the caller clears it. */
static sg_w_set read_w(void *const *state, const char *name)
{
    sg_w_set set = {0};
    sg_error error = {0};
    char *path = temporary_path(state, name);
    if (sg_w_file_read(path, INPUTS, WIDTH, &set, &error))
        fail_msg("%s", error.message);
    free(path);
    return set;
}

static void attributes_come(void **state)
{
    assert_done(WORDS("--towards", "glasses", "--num-steps", "60", "--strip", "3", "--save-w"),
                "seed 0: glasses 0.9");
    cJSON *record = read_record(state);
    for (int i = 0; i < 2; i++) {
        assert_true(answer_of(record, i, "wishes", "glasses", 0) < 0.1);
        assert_true(answer_of(record, i, "wishes", "glasses", 1) > 0.9);
    }
    cJSON_Delete(record);
    assert_true(is_there(state, "before-after.png") && is_there(state, "strip.png"));
    assert_false(is_there(state, "current.png"));
    /* the classifier sees in the file what the search saw */
    char *picture = temporary_path(state, "seed0002.png");
    assert_done(RUN("score", "--network", CLASSIFIER, picture), "glasses (9) 0.9");
    free(picture);
    /* and its w starts other edits */
    char *w = temporary_path(state, "seed0000.npz");
    assert_done(EDIT("--seeds", w, "--trunc", "1", "--classifier", CLASSIFIER, "--towards",
                     "glasses=-1", "--num-steps", "60"),
                "seed0000.npz: glasses 0.0");
    free(w);
}

static void kept_answers_stay(void **state)
{
    assert_done(
        WORDS("--towards", "glasses", "--keep", "all", "--space", "styles", "--num-steps", "60"),
        "; what is kept changed by at most 0.0");
    cJSON *record = read_record(state);
    for (int i = 0; i < 2; i++) {
        const double before = answer_of(record, i, "kept", "mouth_smiling", 0);
        const double after = answer_of(record, i, "kept", "mouth_smiling", 1);
        assert_true(fabs(after - before) < 0.05);
        assert_true(answer_of(record, i, "wishes", "glasses", 1) > 0.3);
    }
    cJSON_Delete(record);
}

static void layers_stay(void **state)
{
    assert_done(WORDS("--towards", "glasses", "--layers", "2-4", "--num-steps", "10", "--save-w"),
                "2 edited pictures are in ");
    assert_done(RUN("generate", "--network", FACES, "--trunc", "0.7", "--seeds", "7", "--outdir",
                    *state, "--save-w"),
                "");
    sg_w_set edited = read_w(state, "seed0000.npz");
    assert_done(RUN("generate", "--network", FACES, "--trunc", "0.7", "--seeds", "0", "--outdir",
                    *state, "--save-w"),
                "");
    sg_w_set start = read_w(state, "seed0000.npz");
    for (int i = 0; i < INPUTS; i++)
        assert_int_equal(memcmp(edited.values + i * WIDTH, start.values + i * WIDTH,
                                WIDTH * sizeof *start.values) == 0,
                         i < 2 || i > 4);
    sg_w_set_clear(&edited);
    sg_w_set_clear(&start);
}

/* A film goes the way of the search, and equal calls give equal files. */
static void films_show_the_way(void **state)
{
    char *film = temporary_path(state, "frames/%02d.png");
    assert_done(WORDS("--towards", "blush=2", "--towards", "tears=-1", "--space", "w",
                      "--num-steps", "20", "--film", film, "--frames", "5"),
                "The film is in ");
    sg_image *first = read_picture(state, "frames/00.png");
    sg_image *last = read_picture(state, "frames/04.png");
    assert_int_equal(first->width, 128);
    assert_true(memcmp(first->pixels, last->pixels, sg_image_size(first)) != 0);
    sg_image_destroy(first);
    sg_image_destroy(last);
    free(film);
    sg_image *picture = read_picture(state, "seed0002.png");
    assert_done(
        WORDS("--towards", "blush=2", "--towards", "tears=-1", "--space", "w", "--num-steps", "20"),
        "seed 0: blush ");
    sg_image *again = read_picture(state, "seed0002.png");
    assert_memory_equal(picture->pixels, again->pixels, sg_image_size(picture));
    sg_image_destroy(picture);
    sg_image_destroy(again);
}

/* ---- texts ---- */

#define TEXT(...) EDIT("--seeds", "0", "--features", clip, __VA_ARGS__)

/* A CLIP of filled weights means nothing, but its answers follow the search. */
static void texts_come_and_go(void **state)
{
    char *clip = write_clip_and_merges(state, &tiny_clip);
    assert_done(
        TEXT("--text", "a cab", "--text", "in a bad bag=-0.5", "--num-steps", "30", "--save-w"),
        "seed 0: a cab ");
    cJSON *record = read_record(state);
    assert_true(answer_of(record, 0, "wishes", "a cab", 1) -
                    answer_of(record, 0, "wishes", "a cab", 0) -
                    0.5 * (answer_of(record, 0, "wishes", "in a bad bag", 1) -
                           answer_of(record, 0, "wishes", "in a bad bag", 0)) >
                0.02);
    cJSON_Delete(record);
    assert_true(is_there(state, "seed0000.npz"));
    assert_done(TEXT("--text", "a cab", "--from-text", "dad", "--space", "styles", "--classifier",
                     CLASSIFIER, "--towards", "glasses=0.1", "--keep", "mouth_smiling",
                     "--num-steps", "30"),
                "; what is kept changed by at most 0.");
    record = read_record(state);
    assert_true(answer_of(record, 0, "wishes", "a cab", 1) >
                answer_of(record, 0, "wishes", "a cab", 0) + 0.01);
    assert_true(answer_of(record, 0, "wishes", "glasses", 0) < 1);
    cJSON_Delete(record);
    assert_done(TEXT("--text", "a cab", "--clip-view", "styleclip", "--num-steps", "2"), "seed 0:");
    free(clip);
}

/* A long text of several bytes a letter stands whole in the record. */
static void long_texts_are_whole(void **state)
{
    static const char text[] = "a\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
                               "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
                               "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4";
    filled_clip wide = tiny_clip;
    wide.context = 77;
    char *clip = write_clip_and_merges(state, &tiny_clip);
    assert_int_equal(write_filled_clip(clip, &wide, FILLED_CLIP_OPENAI, NULL), SG_OK);
    assert_done(TEXT("--text", text, "--num-steps", "1"), "seed 0: a");
    cJSON *record = read_record(state);
    const char *edit = cJSON_GetStringValue(cJSON_GetObjectItem(record, "edit"));
    assert_true(sg_is_utf8(edit, strlen(edit), SG_UTF8_STRICT));
    assert_non_null(strstr(edit, text));
    cJSON_Delete(record);
    free(clip);
}

static void texts_need_their_files(void **state)
{
    char *clip = write_clip_and_merges(state, &tiny_clip);
    char *merges = temporary_path(state, "merges.txt");
    assert_fails(TEXT("--text", "a", "--from-text", "a"), 2,
                 "the texts \"a\" and \"a\" are the same to CLIP");
    assert_fails(TEXT("--text", "ab \xff"), 2, "UTF-8");
    assert_fails(TEXT("--text", "a b c d e f g h i j k l m n"), 2, "the network takes at most 10");
    assert_fails(TEXT("--text", ""), 2, "must have from 1 to ");
    assert_fails(TEXT("--text", "a", "--keep", "all"), 2,
                 "--keep names attributes of a --classifier, whose file is not given");
    assert_fails(EDIT("--seeds", "0", "--from-text", "a", "--classifier", CLASSIFIER, "--towards",
                      "glasses"),
                 2, "--from-text is about texts, but no --text is given");
    remove(merges);
    assert_fails(TEXT("--text", "a"), 1, "bpe_simple_vocab_16e6.txt.gz");
    assert_fails(EDIT("--seeds", "0", "--text", "a", "--features", FACES), 1, "CLIP");
    free(merges);
    free(clip);
}

/* ---- mistakes ---- */

static void mistakes_are_sentences(void **state)
{
    assert_fails(EDIT("--seeds", "0", "--towards", "glasses"), 2,
                 "--towards names attributes of a --classifier, whose file is not given");
    assert_fails(WORDS("--towards", "hat"), 2, "no class or attribute \"hat\"");
    assert_fails(WORDS("--towards", "glasses=0"), 2, "the weight of \"glasses\" is 0");
    assert_fails(WORDS("--towards", "glasses", "--towards", "glasses=2"), 2,
                 "\"glasses\" is given twice");
    assert_fails(WORDS("--towards", ""), 2, "must have from 1 to ");
    assert_fails(WORDS("--towards", "glasses", "--keep", "nose"), 2,
                 "no class or attribute \"nose\"");
    assert_fails(WORDS("--towards", "glasses", "--layers", "4-99"), 2, "--layers: ");
    assert_fails(WORDS("--towards", "glasses", "--style", "b16.conv1:4=1"), 2,
                 "an edit by words starts from a w as it is");
    assert_fails(WORDS("--towards", "glasses", "--num-steps", "0"), 2, "--num-steps is 0");
    assert_fails(EDIT("--seeds", "0", "--classifier", FACES, "--towards", "glasses"), 2,
                 "is a discriminator, not a classifier");
    assert_fails(EDIT("--seeds", "0", "--keep", "all"), 2,
                 "nothing is edited: give --move, --style, --text, --towards");
}

/* Options that nothing reads are refused. */
static void options_without_effect_are_refused(void **state)
{
    assert_fails(WORDS("--style", "b16.conv1:4=1"), 2,
                 "--classifier belongs to a search, but neither --text nor --towards is given");
    assert_fails(EDIT("--seeds", "0", "--style", "b16.conv1:4=1", "--num-steps", "9"), 2,
                 "--num-steps belongs to a search");
    assert_fails(EDIT("--seeds", "0", "--mapper", "m.safetensors", "--space", "w"), 2,
                 "--space belongs to a search");
    assert_fails(EDIT("--seeds", "0", "--mapper", "m.safetensors", "--keep", "all"), 2,
                 "--mapper does not read --keep");
    assert_fails(EDIT("--seeds", "0", "--style", "b16.conv1:4=1", "--strength", "2"), 2,
                 "--strength is of a mapper, but --mapper is not given");
    assert_fails(WORDS("--text", "a"), 2,
                 "--classifier knows attributes, but neither --towards nor --keep names any");
    assert_fails(WORDS("--towards", "glasses", "--keep-weight", "3"), 2,
                 "--keep-weight is of answers that stay, but --keep names none");
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(attributes_come),
        TEST(kept_answers_stay),
        TEST(layers_stay),
        TEST(films_show_the_way),
        TEST(texts_come_and_go),
        TEST(texts_need_their_files),
        TEST(mistakes_are_sentences),
        TEST(long_texts_are_whole),
        TEST(options_without_effect_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
