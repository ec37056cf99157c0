/* `directions find --method text` with a CLIP of filled weights: what it finds moves its features,
 * is kept, and mistakes are sentences. */
#include <dirent.h>
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
#include "edit/directions/direction_file.h"
#include "support/clip_and_merges.h"
#include "support/filled_clip.h"
#include "support/program.h"
#include "support/temporary_folder.h"

/* 8 inputs of 16 numbers, pictures of 32 pixels. */
#define NETWORK "tests/golden/sg2-skip-32/network.safetensors"

/* Paths of a small CLIP and of the directions; the cache is a folder of the test. */
typedef struct paths {
    char *clip, *merges, *templates, *output, *cache;
} paths;

static paths begin(void *const *state)
{
    const paths p = {.clip = write_clip_and_merges(state, &tiny_clip),
                     .merges = temporary_path(state, "merges.txt"),
                     .templates = temporary_path(state, "templates.txt"),
                     .output = temporary_path(state, "text.safetensors"),
                     .cache = temporary_path(state, "cache")};
    assert_int_equal(sg_write_file(p.templates, "{}\nan {}\n", 9, NULL), SG_OK);
    assert_int_equal(setenv("XDG_CACHE_HOME", p.cache, 1), 0);
    return p;
}

static void end(paths *p)
{
    unsetenv("XDG_CACHE_HOME");
    free(p->clip);
    free(p->merges);
    free(p->templates);
    free(p->output);
    free(p->cache);
}

#define FIND(...)                                                                                  \
    RUN("directions", "find", "--network", NETWORK, "--method", "text", "--features", p.clip,      \
        "--templates", p.templates, "--output", p.output, __VA_ARGS__)
#define TEXTS "--from-text", "a bad bag", "--to-text", "a cab"

static sg_direction_set read_set(const paths *p)
{
    sg_direction_set set = {0};
    sg_error error = {0};
    if (sg_direction_file_read(p->output, (sg_direction_shape){8, 16}, &set, &error))
        fail_msg("%s", error.message);
    return set;
}

/* Counts the files that are kept. */
static int count_kept(const paths *p)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/stylegan", p->cache);
    DIR *folder = opendir(path);
    int count = 0;
    for (const struct dirent *entry; folder && (entry = readdir(folder));)
        count += strncmp(entry->d_name, "channels-", 9) == 0;
    if (folder)
        closedir(folder);
    return count;
}

static void channels_are_found_and_kept(void **state)
{
    paths p = begin(state);
    assert_done(FIND(TEXTS, "--samples", "2", "--num", "5"), "from \"a bad bag\" by CLIP, 5 of ");
    assert_int_equal(count_kept(&p), 1);
    sg_direction_set set = read_set(&p);
    assert_int_equal(set.count, 1);
    assert_string_equal(set.items[0].name, "a cab");
    assert_int_equal(set.items[0].channel_count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_null(strstr(set.items[0].channels[i].layer, "torgb"));
    const double step = set.items[0].channels[0].step;
    sg_direction_set_clear(&set);
    /* the other way round is the same with other signs, from what was kept */
    assert_done(FIND("--from-text", "a cab", "--to-text", "a bad bag", "--samples", "2", "--num",
                     "5", "--strength", "3"),
                "1 direction is in");
    assert_int_equal(count_kept(&p), 1);
    set = read_set(&p);
    assert_true(fabs(set.items[0].channels[0].step + 3 * step) < 1e-4 * fabs(step));
    sg_direction_set_clear(&set);
    /* by its name the file is open_clip's, whose GELU is another */
    char *renamed = temporary_path(state, "open_clip.safetensors");
    assert_int_equal(rename(p.clip, renamed), 0);
    assert_done(RUN("directions", "find", "--network", NETWORK, "--method", "text", "--features",
                    renamed, "--templates", p.templates, "--output", p.output, TEXTS, "--samples",
                    "2", "--num", "5"),
                "1 direction is in");
    assert_int_equal(count_kept(&p), 2);
    free(renamed);
    end(&p);
}

static void thresholds_and_layers_choose(void **state)
{
    paths p = begin(state);
    assert_done(FIND(TEXTS, "--samples", "2", "--threshold", "0"), "1 direction is in");
    sg_direction_set all = read_set(&p);
    assert_done(FIND(TEXTS, "--samples", "2", "--threshold", "0.2"), "1 direction is in");
    sg_direction_set some = read_set(&p);
    const size_t fewer = some.items[0].channel_count;
    assert_true(fewer > 0 && fewer < all.items[0].channel_count);
    for (size_t i = 0; i < fewer; i++) {
        assert_string_equal(some.items[0].channels[i].layer, all.items[0].channels[i].layer);
        assert_true(some.items[0].channels[i].step == all.items[0].channels[i].step);
    }
    sg_direction_set_clear(&all);
    sg_direction_set_clear(&some);
    assert_done(FIND(TEXTS, "--samples", "2", "--threshold", "0", "--layers", "1-2"),
                "1 direction is in");
    all = read_set(&p);
    for (size_t i = 0; i < all.items[0].channel_count; i++)
        assert_memory_equal(all.items[0].channels[i].layer, "b8.conv", 7);
    sg_direction_set_clear(&all);
    end(&p);
}

static void mistakes_are_sentences(void **state)
{
    paths p = begin(state);
    assert_fails(FIND("--to-text", "a cab"), 2, "the method text needs --from-text and --to-text");
    assert_fails(FIND("--from-text", "a", "--to-text", "a", "--samples", "2"), 2,
                 "the texts \"a\" and \"a\" are the same to CLIP");
    assert_fails(FIND(TEXTS, "--samples", "2", "--threshold", "1"), 2,
                 "--threshold is 1, but the relevance of the most relevant channel is 0.");
    assert_fails(RUN("directions", "find", "--network", NETWORK, "--method", "pca", "--to-text",
                     "a", "--output", p.output),
                 2, "the method pca does not read --to-text");
    assert_fails(RUN("directions", "find", "--network", NETWORK, "--method", "sefa", "--features",
                     p.clip, "--output", p.output),
                 2, "the method sefa does not read --features");
    assert_fails(FIND(TEXTS, "--attribute", "smile"), 2,
                 "the method text does not read --attribute");
    assert_fails(RUN("directions", "find", "--network", NETWORK, "--method", "text", TEXTS,
                     "--features", NETWORK, "--output", p.output),
                 1, "CLIP");
    remove(p.merges);
    assert_fails(FIND(TEXTS, "--samples", "2"), 1, "name the file by --features");
    end(&p);
}

/* Files that are read stay, whether an option names them or they are found. */
static void files_that_are_read_are_not_replaced(void **state)
{
    paths p = begin(state);
    char *templates = temporary_path(state, "templates.safetensors");
    char *found = temporary_path(state, "stylegan/clip-vit-base-patch32.safetensors");
    char *merges = temporary_path(state, "stylegan/merges.txt");
    assert_int_equal(sg_write_file(templates, "{}\n", 3, NULL), SG_OK);
    assert_int_equal(sg_make_parent_folder(found, NULL), SG_OK);
    assert_int_equal(write_filled_clip(found, &tiny_clip, FILLED_CLIP_OPENAI, NULL), SG_OK);
    assert_int_equal(write_filled_merges(merges, tiny_clip.vocabulary - 514, NULL), SG_OK);
    assert_fails(RUN("directions", "find", "--network", NETWORK, "--method", "text", "--features",
                     p.clip, TEXTS, "--output", p.clip),
                 2, "which is read and would be replaced");
    assert_fails(RUN("directions", "find", "--network", NETWORK, "--method", "text", "--features",
                     p.clip, TEXTS, "--templates", templates, "--output", templates),
                 2, "which is read and would be replaced");
    assert_int_equal(setenv("XDG_DATA_HOME", *state, 1), 0);
    assert_fails(RUN("directions", "find", "--network", NETWORK, "--method", "text", TEXTS,
                     "--samples", "2", "--output", found),
                 2, "which is read and would be replaced");
    unsetenv("XDG_DATA_HOME");
    free(templates);
    free(found);
    free(merges);
    end(&p);
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(channels_are_found_and_kept),
        TEST(thresholds_and_layers_choose),
        TEST(mistakes_are_sentences),
        TEST(files_that_are_read_are_not_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
