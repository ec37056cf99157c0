/* Curves of a training: which lines count, and that a run without them goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "image/files/png_file.h"
#include "runs/curves.h"
#include "support/made_run.h"
#include "support/picture_files.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"

#define LINE(kimg, loss)                                                                           \
    "{\"Loss/G/loss\":{\"num\":1,\"mean\":" #loss ",\"std\":0},\"Loss/D/loss\":{\"num\":1,"        \
    "\"mean\":0.5,\"std\":0},\"Progress/kimg\":{\"num\":1,\"mean\":" #kimg ",\"std\":0}}\n"
#define SCORES                                                                                     \
    "{\"Loss/scores/real\":{\"mean\":1},\"Gradients/G/norm\":{\"mean\":3},"                        \
    "\"Progress/kimg\":{\"mean\":9}}\n"

#define DISTANCE "{\"Loss/wasserstein\":{\"mean\":2},\"Progress/kimg\":{\"mean\":10}}\n"

#define SIGNS "{\"Loss/signs/real\":{\"mean\":0.6},\"Progress/kimg\":{\"mean\":11}}\n"
#define AUGMENTED                                                                                  \
    "{\"Loss/signs/real\":{\"mean\":0.6},\"Progress/augment\":{\"mean\":0.1},"                     \
    "\"Progress/kimg\":{\"mean\":12}}\n"

static sg_image *draw(void **state, const char *text)
{
    sg_error error = {0};
    sg_image *image;
    char *folder = made_run_folder(state, "00001-run", "{}", text);
    char *path = temporary_path(state, "00001-run/loss.png");
    if (sg_curves_write(folder, NULL, &error))
        fail_msg("%s", error.message);
    assert_int_equal(png_read(path, &image, &error), SG_OK);
    free(path);
    free(folder);
    return image;
}

static bool same_curves(void **state, const char *a, const char *b)
{
    sg_image *first = draw(state, a);
    sg_image *second = draw(state, b);
    const bool same = sg_image_size(first) == sg_image_size(second) &&
                      memcmp(first->pixels, second->pixels, sg_image_size(first)) == 0;
    sg_image_destroy(first);
    sg_image_destroy(second);
    return same;
}

static void test_panels_appear_with_their_numbers(void **state)
{
    sg_image *losses = draw(state, LINE(1, 2) LINE(2, 3));
    sg_image *all = draw(state, LINE(1, 2) LINE(2, 3) SCORES);
    assert_int_equal(losses->width, all->width);
    assert_int_equal(all->height - losses->height, 2 * 260);
    sg_image *distances = draw(state, LINE(1, 2) LINE(2, 3) SCORES DISTANCE);
    assert_int_equal(distances->height - all->height, 260);
    /* Signs of scores are drawn beside the augmentation that follows them, and not without. */
    sg_image *signs = draw(state, LINE(1, 2) LINE(2, 3) SIGNS);
    assert_int_equal(signs->height, losses->height);
    sg_image *augmented = draw(state, LINE(1, 2) LINE(2, 3) AUGMENTED);
    assert_int_equal(augmented->height - losses->height, 260);
    sg_image_destroy(augmented);
    sg_image_destroy(signs);
    sg_image_destroy(distances);
    sg_image_destroy(losses);
    sg_image_destroy(all);
}

/* The height of the curves of a run with these options and this log. */
static size_t height_with(void **state, const char *options, const char *log)
{
    sg_error error = {0};
    sg_image *image = NULL;
    char *folder = made_run_folder(state, "00001-run", options, LINE(1, 2) LINE(2, 3));
    char *path = temporary_path(state, "00001-run/loss.png");
    made_run_file(folder, "log.txt", log);
    if (sg_curves_write(folder, NULL, &error))
        fail_msg("%s", error.message);
    assert_int_equal(png_read(path, &image, &error), SG_OK);
    const size_t height = image->height;
    sg_image_destroy(image);
    free(path);
    free(folder);
    return height;
}

static void test_warnings_are_marked_and_explained(void **state)
{
    enum { MEANING = 18, LINE_OF_TEXT = 18, SPACE = 6 };
    const size_t plain = height_with(state, "{}", "");
    assert_int_equal(height_with(state, "{\"cfg\":\"dcgan\"}", ""), plain + LINE_OF_TEXT);
    /* What is said before the first tick is about the data. */
    assert_int_equal(height_with(state, "{}", "Warning: of the data.\n"), plain);
    assert_int_equal(height_with(state, "{}", "tick 0 kimg 1.0\nWarning: of the loss.\n"),
                     plain + MEANING + SPACE + LINE_OF_TEXT);
    assert_int_equal(
        height_with(state, "{}",
                    "tick 0 kimg 1.0\nWarning: a sentence that is longer than the figure is wide "
                    "and therefore goes on in a second line, which is indented by a few blanks.\n"
                    "kimg 1.5: 8x8 fades in, batch 4\nResumed at kimg 2.000\n"),
        plain + MEANING + SPACE + 2 * LINE_OF_TEXT);
}

static void test_balance_and_penalties_have_panels(void **state)
{
    sg_image *plain = draw(state, LINE(1, 2) LINE(2, 3));
    sg_image *more = draw(state, LINE(1, 2) "{\"Balance/G/D\":{\"mean\":3},\"Loss/r1_penalty\":{"
                                            "\"mean\":0.1},\"Progress/kimg\":{\"mean\":2}}\n");
    assert_int_equal(more->height - plain->height, 2 * 260);
    sg_image_destroy(more);
    /* A ratio below 0 cannot be shown on a logarithmic axis. */
    more =
        draw(state, LINE(1, 2) "{\"Balance/G/D\":{\"mean\":-3},\"Progress/kimg\":{\"mean\":2}}\n");
    assert_int_equal(more->height, plain->height);
    sg_image_destroy(more);
    sg_image_destroy(plain);
}

static void test_resumed_run_replaces_what_it_repeats(void **state)
{
    assert_true(same_curves(state, LINE(1, 2) LINE(2, 9) LINE(3, 9) LINE(2, 4) LINE(3, 5),
                            LINE(1, 2) LINE(2, 4) LINE(3, 5)));
    assert_false(same_curves(state, LINE(1, 2) LINE(2, 4), LINE(1, 2) LINE(2, 5)));
}

static void test_bad_lines_are_passed_over(void **state)
{
    assert_true(same_curves(state, LINE(1, 2) "{\"Loss\n\n[]\n7\n{}\n" LINE(2, 3) "{\"Prog",
                            LINE(1, 2) LINE(2, 3)));
    assert_true(same_curves(state, LINE(1, 2) LINE(2, null) LINE(3, 1),
                            LINE(1, 2) LINE(2, "none") LINE(3, 1)));
}

static void test_nothing_to_draw_is_a_sentence(void **state)
{
    const char *const texts[] = {"", "{}\n", "{\"Progress/kimg\":{\"mean\":9}}\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sg_error error = {0};
        char *folder = made_run_folder(state, "00001-run", "{}", texts[i]);
        assert_int_equal(sg_curves_write(folder, NULL, &error), SG_ERROR_FORMAT);
        assert_true(strlen(error.message) > 0);
        free(folder);
    }
}

/* A folder in the place of loss.png, as soon as the run's folder is known. */
static void obstruct(void *user, const char *line)
{
    static const char mark[] = "Run folder: ";
    char path[SG_PATH_BYTES + 16];
    char *seen = user;
    if (strncmp(line, mark, sizeof mark - 1) == 0) {
        snprintf(path, sizeof path, "%s/loss.png", line + sizeof mark - 1);
        assert_int_equal(mkdir(path, 0777), 0);
    }
    if (strncmp(line, "Warning: ", 9) == 0 && strstr(line, "loss.png"))
        snprintf(seen, 64, "warned");
}

static void test_run_goes_on_without_curves(void **state)
{
    char seen[64] = "";
    const sg_run_callbacks callbacks = {.user = seen, .log = obstruct};
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    const sg_run_options options = tiny_run_options(data, outdir);
    char *folder = run_to_end(&options, &callbacks);
    assert_string_equal(seen, "warned");
    assert_in_folder(folder, "network-snapshot-000000064.safetensors");
    free(folder);
    free(outdir);
    free(data);
}

static void test_run_leaves_curves(void **state)
{
    size_t size = 0;
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    const sg_run_options options = tiny_run_options(data, outdir);
    char *folder = run_to_end(&options, NULL);
    assert_in_folder(folder, "loss.png");
    unsigned char *log = bytes_of(folder, "log.txt", &size);
    assert_null(strstr((const char *)log, "loss.png"));
    free(log);
    free(folder);
    free(outdir);
    free(data);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tiny_run_setup, tiny_run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_panels_appear_with_their_numbers),
        TEST(test_warnings_are_marked_and_explained),
        TEST(test_balance_and_penalties_have_panels),
        TEST(test_resumed_run_replaces_what_it_repeats),
        TEST(test_bad_lines_are_passed_over),
        TEST(test_nothing_to_draw_is_a_sentence),
        TEST(test_run_goes_on_without_curves),
        TEST(test_run_leaves_curves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
