/*
 * Edits by words through a CLIP of ViT-B/32's size, whose weights are filled, so that what it says
 * means nothing: every command runs to its end, and what it minimises falls. The variable
 * STYLEGAN_CLIP_STEPS says how many steps a search takes: 2 usually, 50 in `make test-all`.
 */
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
#include "support/clip_and_merges.h"
#include "support/program.h"
#include "support/temporary_folder.h"

#define FACES "models/faces-64.safetensors"

/* The network and its merges, written once: 605 MB. */
static void *folder;
static char *clip, *merges;

static const char *steps(void)
{
    const char *given = getenv("STYLEGAN_CLIP_STEPS");
    return given ? given : "2";
}

static int setup(void **state)
{
    (void)state;
    if (temporary_folder_setup(&folder))
        return -1;
    clip = write_clip_and_merges(&folder, &full_clip);
    merges = temporary_path(&folder, "merges.txt");
    setenv("XDG_CACHE_HOME", folder, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(clip);
    free(merges);
    return temporary_folder_teardown(&folder);
}

/* One of the two answers, before (0) or after (1), of the only picture. */
static double answer_of(const cJSON *record, const char *name, int which)
{
    const cJSON *item = cJSON_GetArrayItem(cJSON_GetObjectItem(record, "pictures"), 0);
    const cJSON *pair = cJSON_GetObjectItem(cJSON_GetObjectItem(item, "wishes"), name);
    assert_int_equal(cJSON_GetArraySize(pair), 2);
    return cJSON_GetArrayItem(pair, which)->valuedouble;
}

static void assert_came_nearer(const char *name)
{
    char *path = temporary_path(&folder, "edits.json");
    unsigned char *bytes = NULL;
    size_t size = 0;
    assert_int_equal(sg_read_file(path, 1 << 20, &bytes, &size, NULL), SG_OK);
    cJSON *record = cJSON_ParseWithLength((const char *)bytes, size);
    assert_true(answer_of(record, name, 1) > answer_of(record, name, 0));
    cJSON_Delete(record);
    free(bytes);
    free(path);
}

#define EDIT(...)                                                                                  \
    RUN("edit", "--network", FACES, "--seeds", "2", "--trunc", "0.7", "--features", clip,          \
        "--outdir", folder, "--num-steps", steps(), "--lr-schedule", "constant", "--lr", "0.03",   \
        __VA_ARGS__)

static void edits_towards_a_text(void **state)
{
    (void)state;
    assert_done(EDIT("--text", "a cab"), "1 edited picture is in ");
    assert_came_nearer("a cab");
}

static void edits_of_styles_between_texts(void **state)
{
    (void)state;
    assert_done(EDIT("--text", "a cab", "--from-text", "a face", "--space", "styles"),
                "1 edited picture is in ");
    assert_came_nearer("a cab");
}

static void directions_between_texts(void **state)
{
    char *output = temporary_path(&folder, "text.safetensors");
    (void)state;
    assert_done(RUN("directions", "find", "--network", FACES, "--method", "text", "--features",
                    clip, "--from-text", "a face", "--to-text", "a cab", "--samples", "2",
                    "--layers", "8", "--num", "5", "--threshold", "0", "--output", output),
                "from \"a face\" by CLIP, 5 of ");
    free(output);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits_towards_a_text),
        cmocka_unit_test(edits_of_styles_between_texts),
        cmocka_unit_test(directions_between_texts),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
