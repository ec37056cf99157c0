/* GIF files: what was put in comes out, times, comments, and failures. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "image/files/gif_file.h"
#include "support/decoded_gif.h"
#include "support/temporary_folder.h"

/* A picture of `colors` levels at random; more than 256: a gradient in all channels. */
static sg_image *picture(size_t width, size_t height, size_t channels, unsigned colors,
                         uint32_t random)
{
    sg_image *image = NULL;
    assert_int_equal(sg_image_create(width, height, channels, &image, NULL), SG_OK);
    for (size_t i = 0; i < width * height; i++) {
        random = random * 1664525 + 1013904223;
        const uint8_t level = (uint8_t)((random >> 16) % colors);
        for (size_t c = 0; c < channels; c++)
            image->pixels[i * channels + c] = (uint8_t)(colors <= 256 ? level
                                                        : c == 0      ? i % width * 255 / width
                                                        : c == 1      ? i / width * 255 / height
                                                                      : 255 - i % width);
    }
    return image;
}

/* Writes `count` pictures, whose numbers of colours may differ, and reads them again. */
static decoded_gif write_and_read(void *const *state, int rate, const char *comment,
                                  sg_image *const *pictures, size_t count)
{
    sg_error error = {0};
    sg_gif *gif = NULL;
    char *path = temporary_path(state, "moving.gif");
    remove(path);
    assert_int_equal(sg_gif_create(path, rate, comment, &gif, &error), SG_OK);
    for (size_t i = 0; i < count; i++)
        if (sg_gif_add(gif, pictures[i], &error))
            fail_msg("%s", error.message);
    assert_false(sg_path_exists(path));
    assert_int_equal(sg_gif_finish(gif, &error), SG_OK);
    decoded_gif read = decode_gif(path);
    free(path);
    assert_int_equal(read.count, count);
    assert_int_equal(read.loops, 0);
    return read;
}

/* Pictures of few colours come out as they were, whatever the size of the table of strings. */
static void few_colors_are_kept(void **state)
{
    static const unsigned colors[] = {1, 2, 3, 4, 5, 16, 17, 256};
    enum { COUNT = sizeof colors / sizeof colors[0], WIDTH = 131, HEIGHT = 77 };
    sg_image *pictures[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        pictures[i] = picture(WIDTH, HEIGHT, i % 2 ? 3 : 1, colors[i], 77);
    decoded_gif gif = write_and_read(state, 25, NULL, pictures, COUNT);
    assert_int_equal(gif.width, WIDTH);
    assert_int_equal(gif.height, HEIGHT);
    for (size_t i = 0; i < COUNT; i++) {
        const size_t channels = pictures[i]->channels;
        for (size_t j = 0; j < (size_t)WIDTH * HEIGHT; j++)
            assert_int_equal(gif.frames[i][3 * j], pictures[i]->pixels[j * channels]);
        sg_image_destroy(pictures[i]);
    }
    decoded_gif_clear(&gif);
}

static void many_colors_are_near(void **state)
{
    sg_image *image = picture(200, 150, 3, 1000, 1);
    decoded_gif gif = write_and_read(state, 10, NULL, &image, 1);
    double squares = 0;
    double sum = 0;
    for (size_t i = 0; i < sg_image_size(image); i++) {
        const double error = (double)gif.frames[0][i] - image->pixels[i];
        squares += error * error / (double)sg_image_size(image);
        sum += error / (double)sg_image_size(image);
    }
    assert_true(10 * log10(255 * 255 / squares) > 32);
    assert_true(fabs(sum) < 1);
    decoded_gif_clear(&gif);
    sg_image_destroy(image);
}

/* Delays are whole hundredths, and add up to the length. */
static void times_add_up(void **state)
{
    enum { COUNT = 12 };
    sg_image *image = picture(1, 1, 1, 2, 1);
    sg_image *pictures[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        pictures[i] = image;
    decoded_gif gif = write_and_read(state, 12, "how it was made", pictures, COUNT);
    size_t sum = 0;
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(gif.delays[i] == 8 || gif.delays[i] == 9);
        sum += gif.delays[i];
    }
    assert_int_equal(sum, 100);
    assert_string_equal(gif.comment, "how it was made");
    decoded_gif_clear(&gif);
    char text[600];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    gif = write_and_read(state, 50, text, pictures, 1);
    assert_string_equal(gif.comment, text);
    assert_int_equal(gif.delays[0], 2);
    decoded_gif_clear(&gif);
    sg_image_destroy(image);
}

static void mistakes_are_reported(void **state)
{
    sg_error error = {0};
    sg_gif *gif = NULL;
    char *path = temporary_path(state, "a.gif");
    char *nowhere = temporary_path(state, "no/a.gif");
    assert_int_equal(sg_gif_create(path, 51, NULL, &gif, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "is 51 frames a second, but must be from 1 to 50"));
    assert_null(gif);
    assert_int_equal(sg_gif_create(nowhere, 25, NULL, &gif, &error), SG_ERROR_FILE);
    assert_int_equal(sg_gif_create(path, 25, NULL, &gif, &error), SG_OK);
    assert_int_equal(sg_gif_finish(gif, &error), SG_ERROR_ARGUMENT);
    sg_image *small = picture(2, 2, 1, 2, 1);
    sg_image *large = picture(3, 2, 1, 2, 1);
    assert_int_equal(sg_gif_create(path, 25, NULL, &gif, &error), SG_OK);
    assert_int_equal(sg_gif_add(gif, small, &error), SG_OK);
    assert_int_equal(sg_gif_add(gif, large, &error), SG_ERROR_SHAPE);
    sg_gif_abandon(gif);
    sg_gif_abandon(NULL);
    assert_false(sg_path_exists(path));
    sg_image_destroy(small);
    sg_image_destroy(large);
    free(nowhere);
    free(path);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(few_colors_are_kept),
        IN_FOLDER(many_colors_are_near),
        IN_FOLDER(times_add_up),
        IN_FOLDER(mistakes_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
