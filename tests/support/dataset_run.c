/* Sets are written to the test's folder and opened again as users do. */
#include "support/dataset_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cjson/cJSON.h>
#include <cmocka.h>
#include <png.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "data/kinds/open_dataset.h"
#include "support/picture_files.h"
#include "support/temporary_folder.h"

enum { MOST_OPTIONS = 16 };

program_result convert(void *const *state, const char *out, const char *const *options)
{
    char *source = temporary_path(state, "in");
    char *dest = temporary_path(state, out);
    const char *arguments[MOST_OPTIONS + 4] = {"dataset", source, dest};
    for (size_t i = 0; options[i]; i++) {
        assert_true(i < MOST_OPTIONS);
        arguments[3 + i] = options[i];
    }
    const program_result result = run_program(arguments);
    free(source);
    free(dest);
    return result;
}

bool is_there(void *const *state, const char *name)
{
    char *path = temporary_path(state, name);
    const bool exists = sg_path_exists(path);
    free(path);
    return exists;
}

sg_dataset *open_set(void *const *state, const char *name)
{
    char *path = temporary_path(state, name);
    sg_dataset *dataset = NULL;
    sg_error error = {0};
    if (sg_dataset_open(path, &dataset, &error))
        fail_msg("%s", error.message);
    free(path);
    return dataset;
}

void check_sized_set(void *const *state, const char *name, size_t count, size_t width,
                     size_t height, size_t channels, size_t label_count)
{
    sg_dataset *dataset = open_set(state, name);
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    assert_int_equal(info.image_count, count);
    assert_int_equal(info.width, width);
    assert_int_equal(info.height, height);
    assert_int_equal(info.channels, channels);
    assert_int_equal(info.label_count, label_count);
    sg_dataset_destroy(dataset);
}

void check_set(void *const *state, const char *name, size_t count, size_t side, size_t channels,
               size_t label_count)
{
    check_sized_set(state, name, count, side, side, channels, label_count);
}

void check_picture(void *const *state, const char *name, size_t index, const uint8_t *pixel,
                   size_t channels, int label)
{
    int found = 99;
    sg_dataset *dataset = open_set(state, name);
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    uint8_t *pixels = malloc(info.width * info.height * info.channels);
    assert_non_null(pixels);
    assert_int_equal(sg_dataset_read(dataset, index, pixels, &found, NULL), SG_OK);
    assert_memory_equal(pixels, pixel, channels);
    assert_int_equal(found, label);
    free(pixels);
    sg_dataset_destroy(dataset);
}

void write_colors(void *const *state, const char *name, size_t side, uint8_t red)
{
    const size_t size = side * side * 3;
    uint8_t *pixels = malloc(size);
    assert_non_null(pixels);
    for (size_t i = 0; i < size; i++) {
        const uint8_t levels[] = {red, 100, 200};
        pixels[i] = 2 * i < size ? levels[i % 3] : (uint8_t)(levels[i % 3] + 40);
    }
    png_write(state, name, side, PNG_COLOR_TYPE_RGB, 8, pixels, NULL);
    free(pixels);
}

void check_remark(void *const *state, const char *name, const char *key, const char *expected)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    char *path = temporary_path(state, name);
    assert_int_equal(sg_read_file(path, 1 << 20, &bytes, &size, NULL), SG_OK);
    cJSON *object = cJSON_Parse((const char *)bytes);
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);
    assert_non_null(value);
    if (!expected)
        assert_true(cJSON_IsNull(value));
    else
        assert_string_equal(cJSON_GetStringValue(value), expected);
    cJSON_Delete(object);
    free(bytes);
    free(path);
}
