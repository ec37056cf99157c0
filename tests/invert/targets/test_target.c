/* Targets: which part of a picture is taken, channels, masks, collections, names and mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image/files/png_file.h"
#include "invert/targets/target.h"
#include "support/picture_files.h"
#include "support/temporary_folder.h"

enum { WIDE = 24, HIGH = 16, SIDE = 8 };

/* Writes a picture of WIDE x HIGH: left third black, middle red, right white. */
static char *write_bands(void **state, const char *name)
{
    sg_error error = {0};
    sg_image *image = NULL;
    char *path = temporary_path(state, name);
    assert_int_equal(sg_image_create(WIDE, HIGH, 3, &image, &error), SG_OK);
    for (size_t i = 0; i < (size_t)WIDE * HIGH; i++) {
        const size_t x = i % WIDE;
        image->pixels[3 * i] = x < 8 ? 0 : 255;
        image->pixels[3 * i + 1] = image->pixels[3 * i + 2] = x < 16 ? 0 : 255;
    }
    if (sg_png_write(path, image, NULL, 0, &error))
        fail_msg("%s", error.message);
    sg_image_destroy(image);
    return path;
}

/* A grey mask, black on the left half. */
static char *write_mask(void **state, size_t width, size_t height, uint8_t right)
{
    sg_error error = {0};
    sg_image *image = NULL;
    char *path = temporary_path(state, "mask.png");
    assert_int_equal(sg_image_create(width, height, 1, &image, &error), SG_OK);
    for (size_t i = 0; i < width * height; i++)
        image->pixels[i] = i % width < width / 2 ? 0 : right;
    assert_int_equal(sg_png_write(path, image, NULL, 0, &error), SG_OK);
    sg_image_destroy(image);
    return path;
}

static const sg_image_shape rgb = {SIDE, SIDE, 3};
static const sg_image_shape grey = {SIDE, SIDE, 1};

/* Prepares one target; a failure must have `part` in its sentence (NULL: none may happen). */
static sg_target_list prepare(const char *path, const sg_target_options *options,
                              const sg_image_shape *shape, const char *part)
{
    sg_error error = {0};
    sg_target_list list = {0};
    if (sg_targets_add(&list, path, &error))
        fail_msg("%s", error.message);
    const sg_status status = sg_targets_prepare(&list, options, shape, NULL, NULL, &error);
    if (!part && status)
        fail_msg("%s", error.message);
    if (part) {
        assert_int_equal(status, SG_ERROR_ARGUMENT);
        if (!strstr(error.message, part))
            fail_msg("\"%s\" is not in: %s", part, error.message);
    }
    return list;
}

static void the_middle_is_taken_and_resized(void **state)
{
    static const sg_target_options options = {0};
    char *path = write_bands(state, "photo.of.me.png");
    sg_target_list list = prepare(path, &options, &rgb, NULL);
    const sg_image *picture = list.targets[0].picture;
    assert_string_equal(list.targets[0].name, "photo.of.me");
    assert_int_equal(list.targets[0].width, WIDE);
    assert_true(sg_image_has_shape(picture, &rgb));
    /* Columns 4 to 19: 2 of the 8 pixels are black, 4 red, 2 white. */
    assert_true(picture->pixels[0] < 20);
    assert_true(picture->pixels[3 * 4] > 235 && picture->pixels[3 * 4 + 1] < 20);
    assert_true(picture->pixels[3 * 7 + 1] > 235);
    sg_targets_clear(&list);
    free(path);
}

static void a_crop_is_taken_by_numbers(void **state)
{
    static const sg_target_options options = {.crop = {true, {8, 0, 8, 16}}};
    char *path = write_bands(state, "a.png");
    sg_target_list list = prepare(path, &options, &rgb, NULL);
    for (size_t i = 0; i < SIDE * SIDE; i++) {
        assert_int_equal(list.targets[0].picture->pixels[3 * i], 255);
        assert_int_equal(list.targets[0].picture->pixels[3 * i + 1], 0);
    }
    sg_targets_clear(&list);
    free(path);
}

static void colours_become_grey_for_one_channel(void **state)
{
    static const sg_target_options options = {.crop = {true, {8, 0, 8, 16}}};
    char *path = write_bands(state, "a.png");
    sg_target_list list = prepare(path, &options, &grey, NULL);
    assert_true(sg_image_has_shape(list.targets[0].picture, &grey));
    assert_int_equal(list.targets[0].picture->pixels[0], 76); /* 0.299 of 255 */
    sg_targets_clear(&list);
    free(path);
}

static void a_mask_is_cut_like_the_target_or_fits_the_network(void **state)
{
    char *path = write_bands(state, "a.png");
    char *mask = write_mask(state, WIDE, HIGH, 255);
    const sg_target_options options = {.mask = mask};
    sg_target_list list = prepare(path, &options, &rgb, NULL);
    for (size_t i = 0; i < SIDE * SIDE; i++)
        assert_true(list.targets[0].weights[i] == (i % SIDE < SIDE / 2 ? 0.0f : 1.0f) ||
                    i % SIDE == 3 || i % SIDE == 4);
    sg_targets_clear(&list);
    free(write_mask(state, SIDE, SIDE, 255)); /* of the same name */
    list = prepare(path, &options, &rgb, NULL);
    for (size_t i = 0; i < SIDE * SIDE; i++)
        assert_true(list.targets[0].weights[i] == (i % SIDE < SIDE / 2 ? 0.0f : 1.0f));
    sg_targets_clear(&list);
    free(mask);
    free(path);
}

static void wrong_parts_and_masks_have_sentences(void **state)
{
    static const sg_image_shape large = {256, 256, 3};
    static const sg_target_options none = {0};
    static const sg_target_options outside = {.crop = {true, {20, 0, 8, 8}}};
    static const sg_target_options box = {.align = {true, {0, 0, 25, 16}}};
    static const sg_target_options both = {.crop = {true, {0, 0, 8, 8}},
                                           .align = {true, {0, 0, 8, 8}}};
    const struct {
        const sg_target_options *options;
        const sg_image_shape *shape;
        const char *part;
    } cases[] = {
        {&outside, &rgb, "\"crop\" reaches to 28, 8, but"},
        {&box, &rgb, "\"align\" reaches to 25, 16"},
        {&both, &rgb, "\"crop\" and \"align\" both"},
        {&none, &large, "must have at least 32"},
    };
    char *path = write_bands(state, "a.png");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sg_target_list list = prepare(path, cases[i].options, cases[i].shape, cases[i].part);
        sg_targets_clear(&list);
    }
    char *mask = write_mask(state, 10, 10, 255);
    const sg_target_options masked = {.mask = mask};
    sg_target_list list = prepare(path, &masked, &rgb, "has 10x10 pixels, but must have the 24x16");
    sg_targets_clear(&list);
    free(write_mask(state, WIDE, HIGH, 0));
    list = prepare(path, &masked, &rgb, "is black all over");
    sg_targets_clear(&list);
    free(mask);
    free(path);
}

static void a_folder_is_all_of_its_pictures_by_different_names(void **state)
{
    sg_error error = {0};
    sg_target_list list = {0};
    char *first = write_bands(state, "one.png");
    free(first);
    bytes_write(state, "faces/unused.txt", "no", 2);
    flat_png_write(state, "faces/b.png", 16, 3, (const uint8_t[]){1, 2, 3});
    flat_png_write(state, "faces/in/b.png", 16, 3, (const uint8_t[]){1, 2, 3});
    flat_png_write(state, "B.png", 16, 3, (const uint8_t[]){1, 2, 3});
    flat_png_write(state, "...png", 16, 3, (const uint8_t[]){1, 2, 3});
    char *points = temporary_path(state, "...png");
    char *folder = temporary_path(state, "faces");
    char *file = temporary_path(state, "B.png");
    if (sg_targets_add(&list, folder, &error) || sg_targets_add(&list, file, &error) ||
        sg_targets_add(&list, file, &error) || sg_targets_add(&list, points, &error))
        fail_msg("%s", error.message);
    assert_int_equal(list.count, 5);
    assert_string_equal(list.targets[4].name, "_.");
    assert_string_equal(list.targets[0].name, "b");
    assert_string_equal(list.targets[1].name, "in-b");
    assert_string_equal(list.targets[2].name, "B-2");
    assert_string_equal(list.targets[3].name, "B-3");
    sg_targets_clear(&list);
    free(points);
    free(folder);
    free(file);
}

static void what_is_no_picture_is_refused(void **state)
{
    sg_error error = {0};
    sg_target_list list = {0};
    char *missing = temporary_path(state, "missing.png");
    assert_int_equal(sg_targets_add(&list, missing, &error), SG_ERROR_FILE);
    free(missing);
    bytes_write(state, "text.png", "this is text", 12);
    char *text = temporary_path(state, "text.png");
    error = (sg_error){0};
    assert_int_equal(sg_targets_add(&list, text, &error), SG_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "text.png"));
    sg_targets_clear(&list);
    free(text);
}

static void areas_are_read_from_texts(void **state)
{
    static const char *const wrong[] = {"1,2,3", "1,2,3,4,5", "a,b,c,d", "1,2,0,4", "-1,2,3,4", ""};
    const sg_field_table *table = &sg_target_fields_table;
    sg_target_options options = {0};
    sg_error error = {0};
    (void)state;
    const sg_field *crop = sg_field_at(table, (size_t)sg_field_find_option(table, "crop"));
    const sg_field *align = sg_field_at(table, (size_t)sg_field_find_option(table, "align"));
    assert_int_equal(sg_field_parse(crop, "1,2,30,4.5", &options, SG_SPELL_OPTION, &error), SG_OK);
    assert_true(options.crop.given && options.crop.numbers[3] == 4.5);
    assert_int_equal(sg_field_parse(align, "5,6,7,8", &options, SG_SPELL_OPTION, &error), SG_OK);
    assert_true(options.align.given && options.align.numbers[0] == 5);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(sg_field_parse(crop, wrong[i], &options, SG_SPELL_OPTION, &error),
                         SG_ERROR_ARGUMENT);
    assert_int_equal(sg_field_parse(align, "5,6,5,8", &options, SG_SPELL_OPTION, &error),
                     SG_ERROR_ARGUMENT);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        IN_FOLDER(the_middle_is_taken_and_resized),
        IN_FOLDER(a_crop_is_taken_by_numbers),
        IN_FOLDER(colours_become_grey_for_one_channel),
        IN_FOLDER(a_mask_is_cut_like_the_target_or_fits_the_network),
        IN_FOLDER(wrong_parts_and_masks_have_sentences),
        IN_FOLDER(a_folder_is_all_of_its_pictures_by_different_names),
        IN_FOLDER(what_is_no_picture_is_refused),
        cmocka_unit_test(areas_are_read_from_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
