/* Animated PNG files: what was put in comes out, the rules of the format, and failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "image/files/animation.h"
#include "support/animation_file.h"
#include "support/picture_files.h"
#include "support/temporary_folder.h"

/* A picture that differs from frame to frame and does not deflate well. */
static sg_image *picture(size_t width, size_t height, size_t channels, unsigned frame)
{
    sg_error error = {0};
    sg_image *image = NULL;
    uint32_t state = 12345 + 77 * frame;
    if (sg_image_create(width, height, channels, &image, &error))
        fail_msg("%s", error.message);
    for (size_t i = 0; i < sg_image_size(image); i++) {
        state = state * 1664525 + 1013904223;
        image->pixels[i] = (uint8_t)(state >> 24);
    }
    return image;
}

static void write_frames(const char *path, const sg_animation_options *options, size_t width,
                         size_t height, size_t channels)
{
    sg_error error = {0};
    sg_animation *animation = NULL;
    assert_int_equal(sg_animation_create(path, options, &animation, &error), SG_OK);
    for (unsigned i = 0; i < options->frame_count; i++) {
        sg_image *image = picture(width, height, channels, i);
        assert_int_equal(sg_animation_add(animation, image, &error), SG_OK);
        sg_image_destroy(image);
    }
    assert_false(sg_path_exists(path));
    assert_int_equal(sg_animation_finish(animation, &error), SG_OK);
}

static void check_frames(void *const *state, size_t width, size_t height, size_t channels,
                         size_t count)
{
    char *path = temporary_path(state, "moving.png");
    const sg_animation_options options = {.frame_count = count, .frames_per_second = 25};
    remove(path);
    write_frames(path, &options, width, height, channels);
    animation_file read = read_animation(path);
    assert_int_equal(read.width, width);
    assert_int_equal(read.height, height);
    assert_int_equal(read.channels, channels);
    assert_int_equal(read.count, count);
    assert_int_equal(read.rate, 25);
    assert_int_equal(read.plays, 0);
    for (unsigned i = 0; i < count; i++) {
        sg_image *image = picture(width, height, channels, i);
        assert_memory_equal(read.frames[i], image->pixels, sg_image_size(image));
        sg_image_destroy(image);
    }
    animation_file_clear(&read);
    free(path);
}

static void frames_come_back_pixel_by_pixel(void **state)
{
    check_frames(state, 5, 3, 1, 4);
    check_frames(state, 7, 6, 2, 2);
    check_frames(state, 16, 9, 3, 3);
    check_frames(state, 4, 4, 4, 2);
}

/* Large frames take several chunks each. */
static void large_frames_come_back(void **state)
{
    check_frames(state, 150, 130, 3, 3);
}

static void one_frame_is_an_animation(void **state)
{
    check_frames(state, 2, 2, 3, 1);
}

static void programs_without_animations_see_the_first_frame(void **state)
{
    char *path = temporary_path(state, "moving.png");
    const sg_animation_options options = {.frame_count = 3, .frames_per_second = 1};
    sg_error error = {0};
    sg_image *image = NULL;
    write_frames(path, &options, 6, 5, 3);
    assert_int_equal(png_read(path, &image, &error), SG_OK);
    sg_image *first = picture(6, 5, 3, 0);
    assert_int_equal(sg_image_size(image), sg_image_size(first));
    assert_memory_equal(image->pixels, first->pixels, sg_image_size(first));
    sg_image_destroy(first);
    sg_image_destroy(image);
    free(path);
}

/* How often a text stands in a file. */
static size_t occurrences(const char *path, const char *text)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    size_t count = 0;
    sg_error error = {0};
    assert_int_equal(sg_read_file(path, 1 << 20, &bytes, &size, &error), SG_OK);
    for (size_t i = 0; i + strlen(text) <= size; i++)
        count += memcmp(bytes + i, text, strlen(text)) == 0;
    free(bytes);
    return count;
}

static void remarks_are_kept_once(void **state)
{
    char *path = temporary_path(state, "moving.png");
    const sg_png_text texts[] = {{"Software", "a test"}, {"seeds", "1,2"}};
    const sg_animation_options options = {3, 12, texts, 2};
    write_frames(path, &options, 4, 4, 1);
    animation_file read = read_animation(path);
    assert_int_equal(read.count, 3);
    animation_file_clear(&read);
    assert_int_equal(occurrences(path, "tEXtSoftware"), 1);
    assert_int_equal(occurrences(path, "1,2"), 1);
    free(path);
}

static void equal_frames_give_equal_bytes(void **state)
{
    char *path = temporary_path(state, "moving.png");
    const sg_animation_options options = {.frame_count = 3, .frames_per_second = 12};
    unsigned char *bytes[2] = {NULL, NULL};
    size_t sizes[2] = {0, 0};
    sg_error error = {0};
    for (int i = 0; i < 2; i++) {
        remove(path);
        write_frames(path, &options, 20, 20, 3);
        assert_int_equal(sg_read_file(path, 1 << 20, &bytes[i], &sizes[i], &error), SG_OK);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    free(bytes[0]);
    free(bytes[1]);
    free(path);
}

/* The call must fail with this status and a sentence with `part` in it. */
static void assert_failure(sg_status found, sg_status status, const sg_error *error,
                           const char *part)
{
    assert_int_equal(found, status);
    if (!strstr(error->message, part))
        fail_msg("\"%s\" does not hold \"%s\"", error->message, part);
}

static void frames_of_another_size_are_refused(void **state)
{
    char *path = temporary_path(state, "moving.png");
    const sg_animation_options options = {.frame_count = 2, .frames_per_second = 12};
    sg_animation *animation = NULL;
    sg_error error = {0};
    sg_image *small = picture(4, 4, 1, 0);
    sg_image *wide = picture(5, 4, 1, 0);
    assert_int_equal(sg_animation_create(path, &options, &animation, &error), SG_OK);
    assert_int_equal(sg_animation_add(animation, small, &error), SG_OK);
    assert_failure(sg_animation_add(animation, wide, &error), SG_ERROR_SHAPE, &error,
                   "a frame of 5x4 pixels with 1 channels follows one of 4x4 with 1");
    sg_animation_abandon(animation);
    assert_false(sg_path_exists(path));
    sg_image_destroy(small);
    sg_image_destroy(wide);
    free(path);
}

static void the_number_of_frames_must_be_right(void **state)
{
    char *path = temporary_path(state, "moving.png");
    const sg_animation_options options = {.frame_count = 2, .frames_per_second = 12};
    sg_animation *animation = NULL;
    sg_error error = {0};
    sg_image *image = picture(4, 4, 1, 0);
    assert_int_equal(sg_animation_create(path, &options, &animation, &error), SG_OK);
    assert_int_equal(sg_animation_add(animation, image, &error), SG_OK);
    assert_failure(sg_animation_finish(animation, &error), SG_ERROR_ARGUMENT, &error,
                   "only 1 of the 2 frames");
    assert_false(sg_path_exists(path));
    sg_error_clear(&error);
    assert_int_equal(sg_animation_create(path, &options, &animation, &error), SG_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(sg_animation_add(animation, image, &error), SG_OK);
    assert_failure(sg_animation_add(animation, image, &error), SG_ERROR_ARGUMENT, &error,
                   "a frame follows the last of the 2 frames");
    sg_animation_abandon(animation);
    assert_false(sg_path_exists(path));
    sg_image_destroy(image);
    free(path);
}

static void assert_not_created(const char *path, sg_animation_options options, sg_status status,
                               const char *part)
{
    sg_animation *animation = NULL;
    sg_error error = {0};
    assert_failure(sg_animation_create(path, &options, &animation, &error), status, &error, part);
    assert_null(animation);
}

static void bad_options_are_refused(void **state)
{
    char *path = temporary_path(state, "moving.png");
    char *nowhere = temporary_path(state, "missing/moving.png");
    assert_not_created(path, (sg_animation_options){.frames_per_second = 12}, SG_ERROR_ARGUMENT,
                       "frames of an animation are 0, but must be from 1 to");
    assert_not_created(path, (sg_animation_options){.frame_count = 1}, SG_ERROR_ARGUMENT,
                       "is 0 frames a second, but must be from 1 to 1000");
    assert_not_created(path,
                       (sg_animation_options){.frame_count = 1,
                                              .frames_per_second = SG_ANIMATION_LARGEST_RATE + 1},
                       SG_ERROR_ARGUMENT, "is 1001 frames a second, but must be from 1 to 1000");
    assert_not_created(nowhere, (sg_animation_options){.frame_count = 1, .frames_per_second = 12},
                       SG_ERROR_FILE, "missing");
    free(nowhere);
    free(path);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(frames_come_back_pixel_by_pixel),
        IN_FOLDER(large_frames_come_back),
        IN_FOLDER(one_frame_is_an_animation),
        IN_FOLDER(programs_without_animations_see_the_first_frame),
        IN_FOLDER(remarks_are_kept_once),
        IN_FOLDER(equal_frames_give_equal_bytes),
        IN_FOLDER(frames_of_another_size_are_refused),
        IN_FOLDER(the_number_of_frames_must_be_right),
        IN_FOLDER(bad_options_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
