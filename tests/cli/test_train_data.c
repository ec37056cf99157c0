/* `stylegan train` on what people bring: labels of many kinds, wanted or not, runs in the data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "support/picture_files.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"

enum { SIDE = 8, MOST_ARGUMENTS = 48 };

/* Trains tiny networks on FOLDER/set for three batches of 4, with more options. */
static program_result train(void *const *state, const char *const *more)
{
    static const char *const tiny[] = {
        "--batch",   "4",  "--kimg",      "0.012", "--tick",        "0.008", "--snap",  "1",
        "--cbase",   "32", "--cmax",      "4",     "--z-dim",       "8",     "--w-dim", "8",
        "--threads", "1",  "--map-depth", "1",     "--mbstd-group", "2",     NULL};
    char *data = temporary_path(state, "set");
    char *outdir = temporary_path(state, "runs");
    const char *all[MOST_ARGUMENTS] = {"train", "--data", data, "--outdir", outdir};
    size_t count = 5;
    for (const char *const *at = tiny; *at; at++)
        all[count++] = *at;
    for (; *more; more++)
        all[count++] = *more;
    const program_result result = run_program(all);
    free(data);
    free(outdir);
    return result;
}

#define TRAIN(...) train(state, (const char *const[]){__VA_ARGS__, NULL})

/* Four pictures of different greys. */
static void write_pictures(void *const *state, const char *const *names)
{
    for (size_t i = 0; names[i]; i++)
        flat_png_write(state, names[i], SIDE, 1, &(uint8_t){(uint8_t)(40 * i)});
}

#define PICTURES(...) write_pictures(state, (const char *const[]){__VA_ARGS__, NULL})

static void four(void **state)
{
    PICTURES("set/a.png", "set/b.png", "set/c.png", "set/d.png");
}

/* The sentence about labels must hold `part`; the run must have ended well. */
static void check_says(program_result result, const char *part)
{
    if (result.status != 0)
        fail_msg("%s", result.errors);
    assert_holds(result.output, part);
    program_result_clear(&result);
}

static void labels_that_nobody_asked_for_do_not_matter(void **state)
{
    static const char *const texts[] = {
        "{\"labels\": [[\"a.png\", [[1, 0], [0, 1]]]]}",
        "{\"labels\": [[\"a.png\", 1], [\"b.png\", 0]]}",
        "{\"labels\": [[\"a.png\", 1],]}",
    };
    four(state);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        text_write(state, "set/dataset.json", texts[i]);
        check_says(TRAIN("--dry-run"), "the labels of the data (dataset.json) are not read");
    }
}

static void labels_that_cannot_be_read_are_explained(void **state)
{
    four(state);
    assert_fails(TRAIN("--cond", "--dry-run"), 1, "has none: no label file lies beside it");
    text_write(state, "set/dataset.json", "{\"labels\":\n [[\"a.png\", 1],]}");
    assert_fails(TRAIN("--cond", "--dry-run"), 1, "it is not JSON at line 2, column 16");
    text_write(state, "set/dataset.json", "{\"labels\": [[\"e.png\", 1], [\"f.png\", 0]]}");
    assert_fails(TRAIN("--cond", "--dry-run"), 1, "none of the 2 labels in ");
    text_write(state, "set/dataset.json", "{\"labels\": [[\"a.png\", 1], [\"a.png\", 0]]}");
    assert_fails(TRAIN("--cond", "--dry-run"), 1, "a.png has two labels, 1 and 0");
    text_write(state, "set/dataset.json", "{\"labels\": [[\"a.png\", 1], [\"b.png\", 0]]}");
    assert_fails(TRAIN("--cond", "--dry-run"), 1, "c.png has no label in dataset.json");
}

static void folders_are_named(void **state)
{
    PICTURES("set/10/a.png", "set/9/a.png", "set/9/b.png", "set/1/a.png");
    check_says(TRAIN("--cond", "--dry-run"), "Classes by folder: 0 1, 1 9, 2 10\n");
    check_says(TRAIN("--dry-run"), "the labels of the data (3 folders) are not read");
}

static void parts_of_a_set_are_doubted(void **state)
{
    PICTURES("set/train/0/a.png", "set/train/1/a.png", "set/val/0/a.png", "set/val/1/a.png");
    program_result result = TRAIN("--cond", "--dry-run");
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "Classes by folder: 0 train, 1 val\n");
    assert_holds(result.output, "Warning: the folders train, val look like parts of a data set");
    program_result_clear(&result);
}

static void spreadsheets_are_read(void **state)
{
    four(state);
    text_write(state, "set/labels.csv",
               "\xef\xbb\xbf"
               "Path; Class; Split\r\nA.JPG; 1; x\r\nb; 0; x\r\n"
               ".\\c.png; 0; y\r\nD; 1; y\r\n");
    program_result result = TRAIN("--cond", "--dry-run");
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "4 images of 8x8 with 1 channel, 2 classes\n");
    assert_holds(result.output, "the column \"Split\" is not read");
    program_result_clear(&result);
}

/* Rows of numbers are trained on: two runs whose labels differ end with different networks. */
static void vectors_are_trained_on(void **state)
{
    char *folders[3];
    static const char *const second[] = {"0.5", "0.5", "-8"};
    four(state);
    for (size_t i = 0; i < 3; i++) {
        char text[200];
        snprintf(text, sizeof text,
                 "{\"labels\": [[\"a.png\", [0, %s]], [\"b.png\", [1, 2]], [\"c.png\", [0, 1.5]],"
                 " [\"d.png\", [1, 2]]]}",
                 second[i]);
        text_write(state, "set/dataset.json", text);
        program_result result = TRAIN("--cond");
        assert_holds(result.output, "with 1 channel, 2 label values\n");
        assert_holds(result.output, "Labels from dataset.json: 2 label values\n");
        folders[i] = trained_folder(result);
    }
    assert_same_file(folders[0], folders[1], "network-snapshot-000000012.safetensors");
    size_t sizes[2];
    unsigned char *networks[2] = {
        bytes_of(folders[0], "network-snapshot-000000012.safetensors", &sizes[0]),
        bytes_of(folders[2], "network-snapshot-000000012.safetensors", &sizes[1])};
    assert_int_equal(sizes[0], sizes[1]);
    assert_true(memcmp(networks[0], networks[1], sizes[0]) != 0);
    assert_in_folder(folders[0], "reals.png");
    for (size_t i = 0; i < 2; i++)
        free(networks[i]);
    for (size_t i = 0; i < 3; i++)
        free(folders[i]);
}

/* A run in the folder of its pictures is resumed, and read by no other. */
static void runs_within_the_data_are_passed_over(void **state)
{
    four(state);
    char *outdir = temporary_path(state, "set/my runs");
    for (int i = 0; i < 2; i++) {
        program_result result = TRAIN("--outdir", outdir);
        assert_holds(result.output, "4 images of 8x8");
        if (i > 0)
            assert_holds(result.output, "Note: passed over my runs/00000-");
        char *folder = trained_folder(result);
        check_says(RUN("train", "--resume", folder, "--kimg", "0.02"), "4 images of 8x8");
        free(folder);
    }
    free(outdir);
}

/* Pictures of several sizes and channels, and a file that is none. */
static void write_photos(void *const *state)
{
    flat_png_write(state, "set/cat/a.png", 20, 3, (const uint8_t[]){200, 0, 0});
    flat_png_write(state, "set/cat/b.png", 16, 3, (const uint8_t[]){0, 200, 0});
    flat_png_write(state, "set/it's a dog/c.png", 40, 1, (const uint8_t[]){90});
    flat_png_write(state, "set/it's a dog/d.png", 18, 3, (const uint8_t[]){0, 0, 200});
}

/* The sentence's command makes the set. */
static void sizes_that_differ_get_a_command(void **state)
{
    char name[64];
    write_photos(state);
    program_result result = TRAIN("--dry-run");
    assert_int_equal(result.status, 1);
    assert_holds(result.errors, "all pictures must be alike: `stylegan dataset ");
    assert_holds(result.errors, " --resolution 16 --transform center-crop --fix` makes a set");
    assert_holds(result.errors, "or --resolution with the same number does so for this training");
    assert_int_equal(sscanf(result.errors, "%*[^`]`stylegan dataset %*s %63s", name), 1);
    assert_string_equal(name, "set-16.zip");
    program_result_clear(&result);
    char *source = temporary_path(state, "set");
    char *dest = temporary_path(state, name);
    assert_done(
        RUN("dataset", source, dest, "--resolution", "16", "--transform", "center-crop", "--fix"),
        "Wrote 4 RGB pictures of 16x16 pixels in 2 classes");
    free(source);
    free(dest);
}

/* Converts the pictures on the way; a resumed run, and other runs, use what is there. */
static void sizes_that_differ_are_converted(void **state)
{
    write_photos(state);
    text_write(state, "set/cat/bad.png", "hello");
    check_says(TRAIN("--cond", "--resolution", "16", "--dry-run"),
               "the training would bring 4 pictures to 16x16 pixels");
    char *outdir = temporary_path(state, "runs");
    assert_false(sg_path_exists(outdir));
    program_result result = TRAIN("--cond", "--resolution", "16");
    assert_holds(result.output, "4 images of 16x16 with 3 channels, 2 classes\n");
    assert_holds(result.output, "Warning: 1 of 5 pictures are left out:\n");
    assert_holds(result.output, "cat/bad.png: not a picture although it is named .png");
    assert_holds(result.output, "Labels from dataset.json: 2 classes: 0 cat, 1 it's a dog\n");
    char *folder = trained_folder(result);
    check_says(TRAIN("--cond", "--resolution", "16"), "which an earlier run made of ");
    check_says(RUN("train", "--resume", folder, "--kimg", "0.016"), "4 images of 16x16");
    check_says(TRAIN("--cond", "--resolution", "16", "--resume", folder, "--kimg", "0.02"),
               "4 images of 16x16");
    check_says(TRAIN("--resolution", "16"), "of 16x16 with 3 channels, no labels");
    free(folder);
    free(outdir);
}

static void sets_that_have_the_size_stay(void **state)
{
    four(state);
    char *data = temporary_path(state, "set");
    char line[4200];
    snprintf(line, sizeof line, "Data: %s, 4 images of 8x8", data);
    check_says(TRAIN("--resolution", "8", "--dry-run"), line);
    assert_fails(TRAIN("--resolution", "24", "--dry-run"), 1,
                 "--resolution is 24, but must be 8, 16, 32 ... 4096");
    free(data);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(labels_that_nobody_asked_for_do_not_matter),
        IN_FOLDER(labels_that_cannot_be_read_are_explained),
        IN_FOLDER(folders_are_named),
        IN_FOLDER(parts_of_a_set_are_doubted),
        IN_FOLDER(spreadsheets_are_read),
        IN_FOLDER(vectors_are_trained_on),
        IN_FOLDER(runs_within_the_data_are_passed_over),
        IN_FOLDER(sizes_that_differ_get_a_command),
        IN_FOLDER(sizes_that_differ_are_converted),
        IN_FOLDER(sets_that_have_the_size_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
