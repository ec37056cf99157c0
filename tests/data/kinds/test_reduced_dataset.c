/* Levels of the pyramid: means of blocks, rounding, labels, and that pictures are read only once.
 */
#include "data/kinds/reduced_dataset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/dataset.h"

enum { COUNT = 3, HEIGHT = 4, WIDTH = 8, CHANNELS = 2, IMAGE = HEIGHT * WIDTH * CHANNELS };

/* A made-up data set that counts how often it is read, and fails at picture 2 when told to. */
typedef struct made_up {
    int *reads;
    bool failing;
} made_up;

static uint8_t value_at(size_t index, size_t y, size_t x, size_t channel)
{
    return (uint8_t)(index * 131 + y * y * 37 + x * 53 + channel * 101 + (x * y) % 7);
}

static sg_status read_made_up(const void *state, size_t index, uint8_t *pixels_hwc, int *label,
                              sg_error *error)
{
    const made_up *set = state;
    ++*set->reads;
    if (set->failing && index == 2)
        return sg_fail(error, SG_ERROR_FILE, "picture %zu: made up to fail", index);
    for (size_t i = 0; i < IMAGE; i++)
        pixels_hwc[i] = value_at(index, i / (WIDTH * CHANNELS), i / CHANNELS % WIDTH, i % CHANNELS);
    *label = (int)index;
    return SG_OK;
}

static void destroy_made_up(void *state)
{
    (void)state;
}

static sg_dataset *create_dataset(made_up *set)
{
    static const sg_dataset_functions functions = {.read = read_made_up,
                                                   .destroy = destroy_made_up};
    sg_dataset_info info = {.image_count = COUNT,
                            .height = HEIGHT,
                            .width = WIDTH,
                            .channels = CHANNELS,
                            .label_count = COUNT};
    sg_dataset_set_name(&info, "made up", 7);
    sg_dataset *dataset = NULL;
    assert_int_equal(sg_dataset_create(&functions, set, &info, &dataset, NULL), SG_OK);
    return dataset;
}

/* The mean of a block in floating point, rounded as C's rint does: halves to the even number. */
static uint8_t expected_mean(size_t factor, size_t index, size_t y, size_t x, size_t channel)
{
    double sum = 0;
    for (size_t dy = 0; dy < factor; dy++)
        for (size_t dx = 0; dx < factor; dx++)
            sum += value_at(index, y * factor + dy, x * factor + dx, channel);
    return (uint8_t)__builtin_rint(sum / (double)(factor * factor));
}

static void check_level(size_t factor)
{
    int reads = 0;
    made_up set = {.reads = &reads};
    sg_dataset *full = create_dataset(&set);
    sg_dataset *reduced = NULL;
    assert_int_equal(sg_dataset_reduce(full, factor, &reduced, NULL), SG_OK);
    const sg_dataset_info info = sg_dataset_info_of(reduced);
    assert_int_equal(info.height, HEIGHT / factor);
    assert_int_equal(info.width, WIDTH / factor);
    assert_int_equal(info.image_count, COUNT);
    assert_int_equal(info.label_count, COUNT);
    assert_string_equal(info.name, "made up");
    for (int round = 0; round < 2; round++) {
        for (size_t index = 0; index < COUNT; index++) {
            uint8_t pixels[IMAGE];
            int label = -1;
            assert_int_equal(sg_dataset_read(reduced, index, pixels, &label, NULL), SG_OK);
            assert_int_equal(label, index);
            for (size_t i = 0; i < info.height * info.width * CHANNELS; i++) {
                const size_t row = info.width * CHANNELS;
                assert_int_equal(pixels[i], expected_mean(factor, index, i / row,
                                                          i / CHANNELS % info.width, i % CHANNELS));
            }
        }
    }
    assert_int_equal(reads, COUNT);
    sg_dataset_destroy(reduced);
    sg_dataset_destroy(full);
}

static void pixels_are_rounded_means_of_blocks(void **state)
{
    (void)state;
    check_level(1);
    check_level(2);
    check_level(4);
}

static void halves_go_to_the_even_number(void **state)
{
    (void)state;
    /* Blocks of 2x2 with sums of 4 n + 2 occur, or the test above says nothing of halves. */
    int halves = 0;
    for (size_t index = 0; index < COUNT; index++) {
        for (size_t i = 0; i < HEIGHT * WIDTH / 4; i++) {
            size_t sum = 0;
            for (size_t k = 0; k < 4; k++)
                sum += value_at(index, i / (WIDTH / 2) * 2 + k / 2, i % (WIDTH / 2) * 2 + k % 2, 0);
            halves += sum % 4 == 2 ? 1 : 0;
        }
    }
    assert_true(halves > 1);
}

static void failures_are_passed_on(void **state)
{
    int reads = 0;
    made_up set = {.reads = &reads, .failing = true};
    (void)state;
    sg_dataset *full = create_dataset(&set);
    sg_dataset *reduced = NULL;
    sg_error error = {0};
    uint8_t pixels[IMAGE];
    assert_int_equal(sg_dataset_reduce(full, 2, &reduced, &error), SG_OK);
    assert_int_equal(sg_dataset_read(reduced, 2, pixels, NULL, &error), SG_ERROR_FILE);
    assert_string_equal(error.message, "picture 2: made up to fail");
    assert_int_equal(sg_dataset_read(reduced, 1, pixels, NULL, &error), SG_OK);
    sg_dataset_destroy(reduced);
    sg_dataset_destroy(full);
}

static void factors_that_do_not_divide_are_refused(void **state)
{
    static const size_t factors[] = {0, 3, 8};
    int reads = 0;
    made_up set = {.reads = &reads};
    (void)state;
    sg_dataset *full = create_dataset(&set);
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        sg_error error = {0};
        sg_dataset *reduced = full;
        assert_int_equal(sg_dataset_reduce(full, factors[i], &reduced, &error), SG_ERROR_ARGUMENT);
        assert_null(reduced);
        assert_non_null(strstr(error.message, "made up: images of 8x4 cannot be reduced by"));
    }
    sg_dataset_destroy(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pixels_are_rounded_means_of_blocks),
        cmocka_unit_test(halves_go_to_the_even_number),
        cmocka_unit_test(failures_are_passed_on),
        cmocka_unit_test(factors_that_do_not_divide_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
