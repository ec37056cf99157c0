/* Stages of a run: which sheets are shown, in rows, in a strip, and as a film. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runs/compare/progress.h"
#include "support/decoded_gif.h"
#include "support/made_run.h"
#include "support/picture_files.h"
#include "support/temporary_folder.h"

enum { LAST = 5 /* kimg */ };

/* Options for a run of sheets at kimg 0 to LAST, whose first picture has the level of its kimg. */
static sg_progress_options made(void **state, const char *output)
{
    sg_progress_options options;
    sg_progress_options_init(&options);
    options.folder = made_run(state, "00001-a", "{\"cond\":false}", LAST, 1);
    options.output = temporary_path(state, output);
    options.cells_x = options.cells_y = 1;
    return options;
}

static void clear(sg_progress_options *options)
{
    free((void *)(uintptr_t)options->folder);
    free((void *)(uintptr_t)options->output);
}

static size_t show(const sg_progress_options *options)
{
    sg_error error = {0};
    size_t count = 0;
    if (sg_progress_write(options, NULL, &count, &error))
        fail_msg("%s", error.message);
    return count;
}

/* A bit for each level 0 to LAST that RGB pixels have. */
static unsigned levels_of(const uint8_t *pixels, size_t count)
{
    unsigned found = 0;
    for (size_t i = 0; i < count; i++)
        if (pixels[3 * i] <= LAST && pixels[3 * i] == pixels[3 * i + 1] &&
            pixels[3 * i] == pixels[3 * i + 2])
            found |= 1U << pixels[3 * i];
    return found;
}

/* The levels, and whether the picture is wider than high. */
static unsigned shown(const sg_progress_options *options, bool *wide)
{
    sg_image *image = NULL;
    assert_int_equal(png_read(options->output, &image, NULL), SG_OK);
    const unsigned levels = levels_of(image->pixels, image->width * image->height);
    *wide = image->width > image->height;
    sg_image_destroy(image);
    return levels;
}

static void test_stages_are_chosen_evenly(void **state)
{
    bool wide = false;
    sg_progress_options options = made(state, "new/stages.png");
    options.stages = 3;
    assert_int_equal(show(&options), 3);
    assert_int_equal(shown(&options, &wide), 1 << 0 | 1 << 2 | 1 << 5);
    assert_false(wide);
    options.stages = 0;
    options.form = SG_PROGRESS_STRIP;
    assert_int_equal(show(&options), LAST + 1);
    assert_int_equal(shown(&options, &wide), (1 << (LAST + 1)) - 1);
    assert_true(wide);
    clear(&options);
}

static void test_stages_may_be_named(void **state)
{
    bool wide = false;
    double at[] = {0.9, 3.2, 77};
    sg_progress_options options = made(state, "stages.png");
    options.at = (sg_decimal_list){.values = at, .count = 3};
    assert_int_equal(show(&options), 3);
    assert_int_equal(shown(&options, &wide), 1 << 1 | 1 << 3 | 1 << 5);
    clear(&options);
}

static void test_a_film_has_a_frame_for_each_stage(void **state)
{
    sg_progress_options options = made(state, "film.gif");
    made_run_file(options.folder, "fakes-000003000.png", "damaged");
    options.frames_per_second = 2;
    assert_int_equal(show(&options), LAST);
    decoded_gif film = decode_gif(options.output);
    /* The last stage is shown for two seconds. */
    assert_int_equal(film.count, LAST - 1 + 4);
    static const int kimg[] = {0, 1, 2, 4, 5, 5, 5, 5};
    for (size_t i = 0; i < film.count; i++)
        assert_true(levels_of(film.frames[i], film.width * film.height) & 1U << kimg[i]);
    decoded_gif_clear(&film);
    clear(&options);
}

static void test_wrong_requests_are_sentences(void **state)
{
    sg_progress_options options = made(state, "stages.jpg");
    sg_error error = {0};
    size_t count = 7;
    assert_int_equal(sg_progress_write(&options, NULL, &count, &error), SG_ERROR_ARGUMENT);
    assert_int_equal(count, 0);
    options.stages = SG_PROGRESS_MOST_STAGES + 1;
    error = (sg_error){0};
    assert_int_equal(sg_progress_write(&options, NULL, &count, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "stages"));
    clear(&options);
    options = made(state, "stages.png");
    char *empty = made_run_folder(state, "00002-b", "{}", NULL);
    const char *whole = options.folder;
    options.folder = empty;
    error = (sg_error){0};
    assert_int_equal(sg_progress_write(&options, NULL, &count, &error), SG_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "no sheets"));
    options.folder = whole;
    const char *output = options.output;
    char *sheet = temporary_path(state, "00001-a/fakes-000001000.png");
    options.output = sheet;
    error = (sg_error){0};
    assert_int_equal(sg_progress_write(&options, NULL, &count, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "would be replaced"));
    options.output = output;
    free(sheet);
    for (int i = 0; i <= LAST; i++) {
        char name[] = "fakes-000000000.png";
        name[11] = (char)('0' + i);
        made_run_file(whole, name, "damaged");
    }
    error = (sg_error){0};
    assert_int_equal(sg_progress_write(&options, NULL, &count, &error), SG_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "can be read"));
    free(empty);
    clear(&options);
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_stages_are_chosen_evenly),
        TEST(test_stages_may_be_named),
        TEST(test_a_film_has_a_frame_for_each_stage),
        TEST(test_wrong_requests_are_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
