/* Sheets of pictures: their shape, which picture stands where, fixed latents. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/kinds/open_dataset.h"
#include "image/files/png_file.h"
#include "support/generated.h"
#include "support/idx_file.h"
#include "support/networks.h"
#include "support/picture_files.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"
#include "train/run/sheets.h"

static void assert_shape(int height, int width, int classes, int columns, int rows)
{
    const sg_sheet sheet = sg_sheet_for(height, width, classes, SG_SHEET_USUAL);
    assert_int_equal(sheet.columns, columns);
    assert_int_equal(sheet.rows, rows);
    assert_int_equal(sheet.classes, classes);
}

static void sheets_have_a_handy_shape(void **state)
{
    (void)state;
    assert_shape(32, 32, 0, 16, 10);
    assert_shape(128, 128, 0, 8, 5);
    assert_shape(1024, 1024, 0, 4, 4);
    assert_shape(2048, 4096, 0, 2, 2);
    assert_shape(128, 64, 0, 16, 5);
    assert_shape(32, 32, 10, 16, 10);
    assert_shape(32, 32, 1, 16, 1);
    assert_shape(32, 32, 100, 16, 16);
}

static void sheets_may_be_larger(void **state)
{
    (void)state;
    const sg_sheet small = sg_sheet_for(32, 32, 0, SG_SHEET_1080P);
    const sg_sheet middle = sg_sheet_for(512, 512, 0, SG_SHEET_4K);
    const sg_sheet large = sg_sheet_for(256, 256, 100, SG_SHEET_8K);
    assert_int_equal(small.columns, 30);
    assert_int_equal(small.rows, 16);
    assert_int_equal(middle.columns, 7);
    assert_int_equal(middle.rows, 4);
    assert_int_equal(large.columns, 30);
    assert_int_equal(large.rows, 32);
}

static sg_image *read_sheet(const char *path)
{
    sg_error error = {0};
    sg_image *image = NULL;
    if (png_read(path, &image, &error))
        fail_msg("%s", error.message);
    return image;
}

static sg_dataset *open_data(void *const *state)
{
    sg_error error = {0};
    sg_dataset *dataset = NULL;
    char *data = tiny_run_data(state);
    if (sg_dataset_open(data, &dataset, &error))
        fail_msg("%s", error.message);
    free(data);
    return dataset;
}

/* Whether the 8x8 picture `index` of the set stands at this cell, each pixel as a square. */
static bool shows(const sg_image *sheet, const sg_sheet *shape, int column, int row, int index)
{
    const size_t pitch_x = (sheet->width + 1) / (size_t)shape->columns;
    const size_t pitch_y = (sheet->height + 1) / (size_t)shape->rows;
    const size_t scale = pitch_x / 8;
    for (size_t i = 0; i < 64; i++) {
        const size_t x = (size_t)column * pitch_x + i % 8 * scale + scale / 2;
        const size_t y = (size_t)row * pitch_y + i / 8 * scale + scale / 2;
        if (sheet->pixels[(y * sheet->width + x) * sheet->channels] !=
            idx_element((size_t)index * 64 + i))
            return false;
    }
    return true;
}

static void real_pictures_stand_in_order(void **state)
{
    sg_error error = {0};
    sg_dataset *dataset = open_data(state);
    char *path = temporary_path(state, "reals.png");
    const sg_sheet shape = {.columns = 4, .rows = 3, .plain = true};
    assert_int_equal(sg_sheet_write_reals(&shape, dataset, "some/data", path, &error), SG_OK);
    sg_image *sheet = read_sheet(path);
    for (int cell = 0; cell < 12; cell++)
        assert_true(shows(sheet, &shape, cell % 4, cell / 4, cell));
    sg_image_destroy(sheet);
    sg_dataset_destroy(dataset);
    free(path);
}

/* Labels go 0, 1, 2, 0, 1 ...: row r shows the pictures r, r + 3, r + 6 ... */
static void real_pictures_stand_by_class(void **state)
{
    sg_error error = {0};
    sg_dataset *dataset = open_data(state);
    char *path = temporary_path(state, "reals.png");
    const sg_sheet shape = {.columns = 4, .rows = 3, .classes = 3, .plain = true};
    assert_int_equal(sg_sheet_write_reals(&shape, dataset, "some/data", path, &error), SG_OK);
    sg_image *sheet = read_sheet(path);
    for (int cell = 0; cell < 12; cell++)
        assert_true(shows(sheet, &shape, cell % 4, cell / 4, cell / 4 + 3 * (cell % 4)));
    sg_image_destroy(sheet);
    sg_dataset_destroy(dataset);
    free(path);
}

/* Pictures 0 to 3 have the rows 0, 3, 1, 0 of these labels, as numbers of a data set of its own. */
static sg_status read_numbered(const void *dataset, size_t index, uint8_t *pixels, int *label,
                               sg_error *error)
{
    static const int rows[] = {0, 3, 1, 0};
    *label = rows[index];
    return sg_dataset_read(dataset, index, pixels, NULL, error);
}

static void keep_source(void *dataset)
{
    (void)dataset;
}

/* Row r of the sheet shows the pictures whose numbers are nearest to its label. */
static void real_pictures_stand_by_their_numbers(void **state)
{
    static const sg_dataset_functions functions = {.read = read_numbered, .destroy = keep_source};
    static const float values[] = {0, 0, 5, 5, 0, 9, 1, 0};
    static const int expected[3][2] = {{0, 3}, {1, 0}, {2, 1}};
    sg_error error = {0};
    sg_dataset *source = open_data(state);
    sg_dataset *dataset = NULL;
    sg_dataset_info info = sg_dataset_info_of(source);
    info.image_count = 4;
    info.label_count = 2;
    info.label_rows = 4;
    info.label_values = values;
    assert_int_equal(sg_dataset_create(&functions, source, &info, &dataset, &error), SG_OK);
    float *labels = sg_sheet_labels(dataset, 3);
    assert_memory_equal(labels, ((const float[]){0, 0, 1, 0, 5, 5}), 6 * sizeof *labels);
    const sg_sheet shape = {.columns = 2, .rows = 3, .classes = 2, .plain = true, .labels = labels};
    char *path = temporary_path(state, "reals.png");
    assert_int_equal(sg_sheet_write_reals(&shape, dataset, "images", path, &error), SG_OK);
    sg_image *sheet = read_sheet(path);
    for (int cell = 0; cell < 6; cell++)
        assert_true(shows(sheet, &shape, cell % 2, cell / 2, expected[cell / 2][cell % 2]));
    char text[16];
    assert_string_equal(sg_sheet_row_name(&shape, 2, text, sizeof text), "5 5");
    sg_image_destroy(sheet);
    sg_dataset_destroy(dataset);
    sg_dataset_destroy(source);
    free(labels);
    free(path);
}

static void small_sets_leave_cells_empty(void **state)
{
    sg_error error = {0};
    sg_dataset *dataset = open_data(state);
    char *path = temporary_path(state, "reals.png");
    const sg_sheet shape = {.columns = 6, .rows = 4, .plain = true};
    assert_int_equal(sg_sheet_write_reals(&shape, dataset, "some/data", path, &error), SG_OK);
    sg_image *sheet = read_sheet(path);
    assert_true(shows(sheet, &shape, 3, 2, 15));
    assert_false(shows(sheet, &shape, 4, 2, 16));
    sg_image_destroy(sheet);
    sg_dataset_destroy(dataset);
    free(path);
}

/* Writes a sheet of a tiny generator of this many channels; the picture, read back. */
static sg_image *fake_sheet(void *const *state, const sg_sheet *shape, int channels, uint64_t seed)
{
    sg_error error = {0};
    sg_context *context = sg_context_create(1);
    assert_non_null(context);
    const sg_generator_config config =
        tiny_generator_config(SG_ARCHITECTURE_SKIP, channels, shape->classes);
    sg_generator *generator = tiny_generator(context, &config, SG_F32, 1);
    char *path = temporary_path(state, "fakes.png");
    if (sg_sheet_write_fakes(shape, generator, seed, 12500, path, &error))
        fail_msg("%s", error.message);
    assert_int_equal(context->scope_count, 0);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
    sg_image *image = read_sheet(path);
    free(path);
    return image;
}

static bool same_picture(const sg_image *a, const sg_image *b)
{
    return a->width == b->width && a->height == b->height && a->channels == b->channels &&
           memcmp(a->pixels, b->pixels, sg_image_size(a)) == 0;
}

static void fakes_depend_on_the_seed_alone(void **state)
{
    const sg_sheet shape = {.columns = 4, .rows = 2, .plain = true};
    sg_image *one = fake_sheet(state, &shape, 3, 7);
    sg_image *two = fake_sheet(state, &shape, 3, 7);
    sg_image *three = fake_sheet(state, &shape, 3, 8);
    assert_int_equal(one->channels, 3);
    assert_true(same_picture(one, two));
    assert_false(same_picture(one, three));
    sg_image_destroy(one);
    sg_image_destroy(two);
    sg_image_destroy(three);
}

static void every_number_of_channels_gives_a_sheet(void **state)
{
    static const int channels[] = {1, 2, 3, 4, 7};
    static const size_t shown[] = {1, 2, 3, 4, 3};
    const sg_sheet shape = {.columns = 4, .rows = 2, .classes = 3, .plain = true};
    for (int i = 0; i < 5; i++) {
        sg_image *sheet = fake_sheet(state, &shape, channels[i], 7);
        assert_int_equal(sheet->channels, shown[i]);
        sg_image_destroy(sheet);
    }
}

/* A labelled sheet is white around its pictures, smaller for fewer of them, and says its kimg. */
static void labelled_sheets_say_what_they_show(void **state)
{
    sg_error error = {0};
    sg_dataset *dataset = open_data(state);
    char *path = temporary_path(state, "reals.png");
    const sg_sheet shape = {.columns = 16, .rows = 10};
    assert_int_equal(sg_sheet_write_reals(&shape, dataset, "some/data", path, &error), SG_OK);
    sg_image *sheet = read_sheet(path);
    assert_int_equal(sheet->pixels[0], 255);
    assert_int_equal(sheet->channels, 3);
    assert_true(sheet->height < 3 * 64);
    sg_image_destroy(sheet);
    assert_remark(state, "reals.png", "data", "data");
    free(path);
    sg_dataset_destroy(dataset);
    const sg_sheet classes = {.columns = 4, .rows = 2, .classes = 2};
    sg_image_destroy(fake_sheet(state, &classes, 3, 7));
    assert_remark(state, "fakes.png", "kimg", "12.5");
    assert_remark(state, "fakes.png", "class", "0-1, a row for each");
    assert_remark(state, "fakes.png", "Title", "generated pictures, kimg 12.5, psi 1");
}

static void unwritable_paths_are_reported(void **state)
{
    sg_error error = {0};
    sg_dataset *dataset = open_data(state);
    char *path = temporary_path(state, "no/reals.png");
    const sg_sheet shape = {.columns = 4, .rows = 2, .plain = true};
    assert_int_equal(sg_sheet_write_reals(&shape, dataset, "some/data", path, &error),
                     SG_ERROR_FILE);
    assert_non_null(strstr(error.message, "no/"));
    sg_dataset_destroy(dataset);
    free(path);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, tiny_run_setup, tiny_run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sheets_have_a_handy_shape),
        cmocka_unit_test(sheets_may_be_larger),
        IN_FOLDER(real_pictures_stand_in_order),
        IN_FOLDER(real_pictures_stand_by_class),
        IN_FOLDER(real_pictures_stand_by_their_numbers),
        IN_FOLDER(small_sets_leave_cells_empty),
        IN_FOLDER(fakes_depend_on_the_seed_alone),
        IN_FOLDER(every_number_of_channels_gives_a_sheet),
        IN_FOLDER(labelled_sheets_say_what_they_show),
        IN_FOLDER(unwritable_paths_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
