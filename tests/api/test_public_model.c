/* Models as programs outside see them; pictures are those of `stylegan generate`. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "latent/seeds.h"
#include "support/generated.h"
#include "support/idx_file.h"
#include "support/temporary_folder.h"

typedef struct opened {
    sg_context *context;
    sg_model *model;
    sg_model_info info;
} opened;

static opened open_model(const char *path)
{
    opened o;
    sg_error error;
    assert_int_equal(sg_context_open(NULL, &o.context, NULL), SG_OK);
    if (sg_model_open(o.context, path, &o.model, &error))
        fail_msg("%s", error.message);
    sg_model_get_info(o.model, &o.info);
    return o;
}

static void close_model(opened *o)
{
    sg_model_close(o->model);
    sg_context_close(o->context);
}

static size_t picture_size(const opened *o)
{
    return (size_t)(o->info.width * o->info.height * o->info.channels);
}

static uint8_t *paint(const opened *o, const sg_picture_options *options)
{
    sg_error error;
    uint8_t *pixels = malloc(picture_size(o));
    assert_non_null(pixels);
    if (sg_model_paint(o->model, options, pixels, picture_size(o), &error))
        fail_msg("%s", error.message);
    return pixels;
}

static void test_info(void **state)
{
    (void)state;
    opened o = open_model(NETWORK);
    assert_int_equal(o.info.c_dim, 0);
    assert_int_equal(o.info.resolution, 32);
    assert_int_equal(o.info.width, 32);
    assert_int_equal(o.info.height, 32);
    assert_int_equal(o.info.channels, 3);
    assert_int_equal(o.info.num_ws, 8);
    assert_true(o.info.z_dim > 0 && o.info.w_dim > 0);
    close_model(&o);
}

static void test_pictures_are_those_of_the_program(void **state)
{
    static const char *const modes[] = {"const", "random", "none"};
    opened o = open_model(CONDITIONAL);
    for (int mode = SG_NOISE_CONST; mode <= SG_NOISE_NONE; mode++) {
        assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "7", "--class", "1", "--trunc",
                             "0.6", "--trunc-cutoff", "3", "--noise-mode", modes[mode]),
                    "");
        sg_picture_options options;
        sg_picture_options_init(&options);
        options.seed = 7;
        options.class_index = 1;
        options.truncation = 0.6;
        options.truncation_cutoff = 3;
        options.noise_mode = (sg_noise_mode)mode;
        uint8_t *pixels = paint(&o, &options);
        sg_image *image = read_picture(state, "seed0007.png");
        assert_int_equal(sg_image_size(image), picture_size(&o));
        assert_memory_equal(image->pixels, pixels, picture_size(&o));
        sg_image_destroy(image);
        free(pixels);
    }
    close_model(&o);
}

/* A class is the label with a 1 at its place. */
static void test_labels_in_place_of_a_class(void **state)
{
    (void)state;
    static const float labels[2][5] = {{0, 0, 0, 1, 0}, {0, 0.5f, 0, 1, 0}};
    opened o = open_model(CONDITIONAL);
    sg_picture_options options;
    sg_picture_options_init(&options);
    options.class_index = 3;
    uint8_t *expected = paint(&o, &options);
    options.class_index = -1;
    for (int i = 0; i < 2; i++) {
        options.label = labels[i];
        uint8_t *pixels = paint(&o, &options);
        assert_int_equal(memcmp(pixels, expected, picture_size(&o)) == 0, i == 0);
        free(pixels);
    }
    free(expected);
    const float bad[5] = {0, NAN};
    options.label = bad;
    sg_error error = {0};
    uint8_t *pixels = malloc(picture_size(&o));
    assert_int_equal(sg_model_paint(o.model, &options, pixels, picture_size(&o), &error),
                     SG_ERROR_NUMERIC);
    assert_non_null(strstr(error.message, "number 1 of the label"));
    free(pixels);
    close_model(&o);
}

static void test_png_holds_the_same_pixels(void **state)
{
    opened o = open_model(NETWORK);
    sg_picture_options options;
    sg_picture_options_init(&options);
    options.seed = 3;
    char *path = temporary_path(state, "picture.png");
    assert_int_equal(sg_model_write_png(o.model, &options, path, NULL), SG_OK);
    uint8_t *pixels = paint(&o, &options);
    sg_image *image = read_picture(state, "picture.png");
    assert_memory_equal(image->pixels, pixels, picture_size(&o));
    sg_image_destroy(image);
    free(pixels);
    free(path);
    close_model(&o);
}

static void test_floats_are_the_pixels_before_rounding(void **state)
{
    (void)state;
    opened o = open_model(NETWORK);
    sg_picture_options options;
    sg_picture_options_init(&options);
    float *values = calloc(picture_size(&o), sizeof *values);
    assert_non_null(values);
    assert_int_equal(sg_model_paint_floats(o.model, &options, values, picture_size(&o), NULL),
                     SG_OK);
    uint8_t *pixels = paint(&o, &options);
    for (size_t i = 0; i < picture_size(&o); i++)
        assert_int_equal(sg_image_level(values[i]), pixels[i]);
    free(pixels);
    free(values);
    close_model(&o);
}

static void test_latent_takes_the_seeds_place(void **state)
{
    (void)state;
    opened o = open_model(NETWORK);
    sg_picture_options options;
    sg_picture_options_init(&options);
    options.seed = 11;
    uint8_t *expected = paint(&o, &options);
    float *latent = calloc((size_t)o.info.z_dim, sizeof *latent);
    assert_non_null(latent);
    sg_seed_latent(11, (size_t)o.info.z_dim, latent);
    options.seed = 0;
    uint8_t *other = paint(&o, &options);
    options.latent = latent;
    uint8_t *pixels = paint(&o, &options);
    assert_memory_equal(pixels, expected, picture_size(&o));
    assert_memory_not_equal(pixels, other, picture_size(&o));
    latent[2] = NAN;
    sg_error error;
    assert_int_equal(sg_model_paint(o.model, &options, pixels, picture_size(&o), &error),
                     SG_ERROR_NUMERIC);
    assert_non_null(strstr(error.message, "number 2"));
    free(expected);
    free(other);
    free(pixels);
    free(latent);
    close_model(&o);
}

/* Edits are those of the program: a whole mix is the other seed, and styles come back. */
static void test_edits_change_pictures(void **state)
{
    (void)state;
    opened o = open_model(NETWORK);
    sg_picture_options options;
    sg_picture_options_init(&options);
    options.seed = 11;
    uint8_t *expected = paint(&o, &options);
    options.seed = 3;
    uint8_t *plain = paint(&o, &options);
    options.mix = "seed:11=1";
    uint8_t *mixed = paint(&o, &options);
    assert_memory_equal(mixed, expected, picture_size(&o));
    options.mix = NULL;
    options.style = "b8.conv0:3=5;b8.conv1:0=-5";
    uint8_t *shifted = paint(&o, &options);
    assert_memory_not_equal(shifted, plain, picture_size(&o));
    options.style = NULL;
    uint8_t *again = paint(&o, &options);
    assert_memory_equal(again, plain, picture_size(&o));
    options.w_sum = "2*seed:11 - 11";
    uint8_t *sum = paint(&o, &options);
    assert_memory_equal(sum, expected, picture_size(&o));
    free(expected);
    free(plain);
    free(mixed);
    free(shifted);
    free(again);
    free(sum);
    close_model(&o);
}

static void assert_refuses(const opened *o, const sg_picture_options *options, size_t size,
                           const char *part)
{
    sg_error error;
    uint8_t pixels[16 * 16 + 1];
    assert_true(size <= sizeof pixels);
    assert_int_equal(sg_model_paint(o->model, options, pixels, size, &error), SG_ERROR_ARGUMENT);
    if (!strstr(error.message, part))
        fail_msg("\"%s\" was expected in: %s", part, error.message);
}

static void test_bad_options_are_refused(void **state)
{
    (void)state;
    opened o = open_model(CONDITIONAL);
    const size_t size = picture_size(&o);
    sg_picture_options options;
    sg_picture_options_init(&options);
    assert_refuses(&o, &options, size, "class_index");
    options.class_index = o.info.c_dim;
    assert_refuses(&o, &options, size, "class_index");
    options.class_index = 0;
    assert_refuses(&o, &options, size - 1, "buffer");
    options.truncation = INFINITY;
    assert_refuses(&o, &options, size, "truncation");
    options.truncation = 1;
    options.noise_mode = (sg_noise_mode)3;
    assert_refuses(&o, &options, size, "noise_mode");
    options.noise_mode = SG_NOISE_NONE;
    options.move = "smile=1";
    assert_refuses(&o, &options, size, "\"move\" needs \"directions\"");
    options.move = NULL;
    options.radius = NAN;
    assert_refuses(&o, &options, size, "radius");
    options.radius = 0;
    options.centers = -1;
    assert_refuses(&o, &options, size, "centers");
    options.centers = 0;
    sg_error error = {SG_ERROR_FILE, "from before"};
    uint8_t *pixels = malloc(size);
    assert_int_equal(sg_model_paint(o.model, &options, pixels, size, &error), SG_OK);
    assert_int_equal(error.status, SG_OK);
    assert_string_equal(error.message, "");
    free(pixels);
    close_model(&o);
}

static void test_files_without_a_model_are_refused(void **state)
{
    char *text = temporary_path(state, "text.safetensors");
    raw_write(text, "no network", 10);
    const char *const paths[] = {"nowhere.safetensors", text};
    const sg_status expected[] = {SG_ERROR_FILE, SG_ERROR_FORMAT};
    sg_context *context;
    assert_int_equal(sg_context_open(NULL, &context, NULL), SG_OK);
    for (size_t i = 0; i < 2; i++) {
        sg_error error;
        sg_model *model = (sg_model *)&error;
        assert_int_equal(sg_model_open(context, paths[i], &model, &error), expected[i]);
        assert_null(model);
        assert_non_null(strstr(error.message, paths[i]));
    }
    sg_model_close(NULL);
    sg_context_close(context);
    free(text);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_info),
        TEST(test_pictures_are_those_of_the_program),
        cmocka_unit_test(test_labels_in_place_of_a_class),
        TEST(test_png_holds_the_same_pixels),
        cmocka_unit_test(test_floats_are_the_pixels_before_rounding),
        cmocka_unit_test(test_latent_takes_the_seeds_place),
        cmocka_unit_test(test_edits_change_pictures),
        cmocka_unit_test(test_bad_options_are_refused),
        TEST(test_files_without_a_model_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
