/*
 * The loader's sequence: a function of seed and position alone, whole epochs, flips, labels, and
 * how it stops and fails. The data set is made up: picture i holds i in its first pixel.
 */
#include "data/loader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/error.h"
#include "data/dataset.h"

enum {
    COUNT = 13,
    HEIGHT = 2,
    WIDTH = 3,
    CHANNELS = 2,
    IMAGE = HEIGHT * WIDTH * CHANNELS,
    CLASSES = 4,
    NEVER = 1000
};

/* A made-up data set that can fail at one picture or take its time. */
typedef struct made_up {
    size_t failing; /* the picture that cannot be read */
    long delay;     /* nanoseconds for each picture */
} made_up;

/* Pixel (y, x), channel c of picture i is 20 i + 6 y + 2 x + c, below 256 for i < 13. */
static sg_status read_made_up(const void *state, size_t index, uint8_t *pixels_hwc, int *label,
                              sg_error *error)
{
    const made_up *set = state;
    if (set->delay > 0) {
        const struct timespec pause = {.tv_nsec = set->delay};
        nanosleep(&pause, NULL);
    }
    if (index == set->failing)
        return sg_fail(error, SG_ERROR_FILE, "picture %zu: made up to fail", index);
    for (size_t i = 0; i < IMAGE; i++)
        pixels_hwc[i] = (uint8_t)(20 * index + i);
    *label = index == 5 ? -1 : (int)(index % CLASSES);
    return SG_OK;
}

static void destroy_made_up(void *state)
{
    (void)state;
}

static sg_dataset *create_dataset(made_up *set, size_t count, size_t label_count)
{
    static const sg_dataset_functions functions = {.read = read_made_up,
                                                   .destroy = destroy_made_up};
    sg_dataset_info info = {.image_count = count,
                            .height = HEIGHT,
                            .width = WIDTH,
                            .channels = CHANNELS,
                            .label_count = label_count};
    sg_dataset_set_name(&info, "made up", 7);
    sg_dataset *dataset = NULL;
    assert_int_equal(sg_dataset_create(&functions, set, &info, &dataset, NULL), SG_OK);
    return dataset;
}

/* The first `count` pictures from `options` on, in `images` (count * IMAGE) and `labels`. */
static void collect(const sg_dataset *dataset, const sg_loader_options *options, size_t count,
                    float *images, float *labels)
{
    sg_loader *loader = NULL;
    sg_error error = {0};
    const size_t label_count = sg_dataset_info_of(dataset).label_count;
    assert_int_equal(sg_loader_create(dataset, options, &loader, &error), SG_OK);
    for (size_t done = 0; done < count; done += options->batch_size)
        assert_int_equal(sg_loader_next(loader, images + done * IMAGE,
                                        labels ? labels + done * label_count : NULL, &error),
                         SG_OK);
    sg_loader_destroy(loader);
}

static uint8_t level_of(float value)
{
    const float level = (value + 1.0f) * 127.5f + 0.5f;
    assert_true(value >= -1.0f && value <= 1.0f);
    return (uint8_t)level;
}

/* Whether a picture is flipped: its first pixel's channels are those of the last column then. */
static int is_flipped(const float *image)
{
    return level_of(image[0]) % 20 == 2 * (WIDTH - 1);
}

/* The data set's index of a picture, after a check of every pixel. */
static size_t index_of(const float *image)
{
    const int flipped = is_flipped(image);
    const size_t index = level_of(image[0]) / 20;
    for (size_t y = 0; y < HEIGHT; y++) {
        for (size_t x = 0; x < WIDTH; x++) {
            for (size_t c = 0; c < CHANNELS; c++) {
                const size_t column = flipped ? WIDTH - 1 - x : x;
                const size_t level = 20 * index + (y * WIDTH + column) * CHANNELS + c;
                const float expected = (float)level / 127.5f - 1.0f;
                assert_true(image[(y * WIDTH + x) * CHANNELS + c] == expected);
            }
        }
    }
    return index;
}

static sg_loader_options options_of(size_t batch_size, uint64_t seed, uint64_t position)
{
    sg_loader_options options;
    sg_loader_options_init(&options);
    options.batch_size = batch_size;
    options.seed = seed;
    options.position = position;
    return options;
}

enum { LONG = 12 * COUNT };

static void test_same_seed_same_order(void **state)
{
    (void)state;
    static float first[LONG * IMAGE];
    static float second[LONG * IMAGE];
    made_up set = {.failing = NEVER};
    sg_dataset *dataset = create_dataset(&set, COUNT, 0);
    sg_loader_options options = options_of(4, 7, 0);
    options.mirror = true;
    collect(dataset, &options, LONG, first, NULL);
    /* Other batches, another ring: the same sequence. */
    options.batch_size = 6;
    options.batches_ahead = 1;
    collect(dataset, &options, LONG, second, NULL);
    assert_memory_equal(first, second, sizeof first);
    sg_dataset_destroy(dataset);
}

static void test_other_seed_other_order(void **state)
{
    (void)state;
    static float first[LONG * IMAGE];
    static float second[LONG * IMAGE];
    made_up set = {.failing = NEVER};
    sg_dataset *dataset = create_dataset(&set, COUNT, 0);
    sg_loader_options options = options_of(4, 7, 0);
    collect(dataset, &options, LONG, first, NULL);
    options.seed = 8;
    collect(dataset, &options, LONG, second, NULL);
    size_t equal = 0;
    for (size_t i = 0; i < LONG; i++)
        equal += index_of(first + i * IMAGE) == index_of(second + i * IMAGE);
    assert_true(equal < LONG / 2); /* one in 13 is expected */
    sg_dataset_destroy(dataset);
}

static void test_every_image_once_per_epoch(void **state)
{
    (void)state;
    static float images[LONG * IMAGE];
    made_up set = {.failing = NEVER};
    sg_dataset *dataset = create_dataset(&set, COUNT, 0);
    const sg_loader_options options = options_of(1, 3, 0);
    collect(dataset, &options, LONG, images, NULL);
    size_t equal_to_previous = 0;
    for (size_t epoch = 0; epoch < LONG / COUNT; epoch++) {
        int seen[COUNT] = {0};
        for (size_t i = 0; i < COUNT; i++) {
            const float *image = images + (epoch * COUNT + i) * IMAGE;
            assert_false(is_flipped(image));
            seen[index_of(image)]++;
            equal_to_previous += epoch > 0 && index_of(image) == index_of(image - COUNT * IMAGE);
        }
        for (size_t i = 0; i < COUNT; i++)
            assert_int_equal(seen[i], 1);
    }
    assert_true(equal_to_previous < LONG / 2); /* epochs differ from each other */
    sg_dataset_destroy(dataset);
}

static void test_starts_anywhere(void **state)
{
    (void)state;
    static float all[LONG * IMAGE];
    static float tail[LONG * IMAGE];
    static const size_t starts[] = {1, 4, COUNT - 1, COUNT, COUNT + 1, 5 * COUNT + 3};
    made_up set = {.failing = NEVER};
    sg_dataset *dataset = create_dataset(&set, COUNT, 0);
    sg_loader_options options = options_of(1, 11, 0);
    options.mirror = true;
    collect(dataset, &options, LONG, all, NULL);
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        options.position = starts[i];
        collect(dataset, &options, LONG - starts[i], tail, NULL);
        assert_memory_equal(tail, all + starts[i] * IMAGE,
                            (LONG - starts[i]) * IMAGE * sizeof *tail);
    }
    /* Far beyond what could be replayed. */
    options.position = UINT64_C(1) << 60;
    collect(dataset, &options, COUNT, tail, NULL);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(index_of(tail + i * IMAGE) < COUNT);
    sg_dataset_destroy(dataset);
}

/* Flips follow neither the picture nor the place in the epoch. */
static void test_flips_half(void **state)
{
    (void)state;
    static float images[LONG * IMAGE];
    made_up set = {.failing = NEVER};
    sg_dataset *dataset = create_dataset(&set, COUNT, 0);
    sg_loader_options options = options_of(2, 5, 0);
    options.mirror = true;
    collect(dataset, &options, LONG, images, NULL);
    size_t flips = 0;
    size_t flips_by_picture[COUNT] = {0};
    size_t flips_by_place[COUNT] = {0};
    for (size_t i = 0; i < LONG; i++) {
        const float *image = images + i * IMAGE;
        flips += (size_t)is_flipped(image);
        flips_by_picture[index_of(image)] += (size_t)is_flipped(image);
        flips_by_place[i % COUNT] += (size_t)is_flipped(image);
    }
    assert_true(flips > LONG * 3 / 10 && flips < LONG * 7 / 10);
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(flips_by_picture[i] > 0 && flips_by_picture[i] < LONG / COUNT);
        assert_true(flips_by_place[i] > 0 && flips_by_place[i] < LONG / COUNT);
    }
    sg_dataset_destroy(dataset);
}

/* With and without flips the same pictures come. */
static void test_mirror_leaves_the_order(void **state)
{
    (void)state;
    static float plain[LONG * IMAGE];
    static float mirrored[LONG * IMAGE];
    made_up set = {.failing = NEVER};
    sg_dataset *dataset = create_dataset(&set, COUNT, 0);
    sg_loader_options options = options_of(2, 5, 0);
    collect(dataset, &options, LONG, plain, NULL);
    options.mirror = true;
    collect(dataset, &options, LONG, mirrored, NULL);
    for (size_t i = 0; i < LONG; i++)
        assert_int_equal(index_of(plain + i * IMAGE), index_of(mirrored + i * IMAGE));
    sg_dataset_destroy(dataset);
}

/* Rows come in the other order in about half of the pictures, whatever the other flip does. */
static void test_mirror_y_turns_rows(void **state)
{
    (void)state;
    enum { ROW = WIDTH * CHANNELS };
    static float plain[LONG * IMAGE];
    static float turned[LONG * IMAGE];
    made_up set = {.failing = NEVER};
    sg_dataset *dataset = create_dataset(&set, COUNT, 0);
    for (int mirror = 0; mirror < 2; mirror++) {
        sg_loader_options options = options_of(2, 5, 0);
        size_t flips = 0;
        options.mirror = mirror;
        collect(dataset, &options, LONG, plain, NULL);
        options.mirror_y = true;
        collect(dataset, &options, LONG, turned, NULL);
        for (size_t i = 0; i < LONG; i++) {
            const float *expected = plain + i * IMAGE;
            const float *found = turned + i * IMAGE;
            const bool flipped = memcmp(expected, found, ROW * sizeof *found) != 0;
            for (size_t y = 0; y < HEIGHT; y++)
                assert_memory_equal(expected + (flipped ? HEIGHT - 1 - y : y) * ROW,
                                    found + y * ROW, ROW * sizeof *found);
            flips += flipped;
        }
        assert_true(flips > LONG * 3 / 10 && flips < LONG * 7 / 10);
    }
    sg_dataset_destroy(dataset);
}

static void test_labels_are_one_hot(void **state)
{
    (void)state;
    static float images[2 * COUNT * IMAGE];
    static float labels[2 * COUNT * CLASSES];
    made_up set = {.failing = NEVER};
    sg_dataset *dataset = create_dataset(&set, COUNT, CLASSES);
    const sg_loader_options options = options_of(COUNT, 5, 0);
    collect(dataset, &options, 2 * COUNT, images, labels);
    for (size_t i = 0; i < 2 * COUNT; i++) {
        const size_t index = index_of(images + i * IMAGE);
        for (size_t class = 0; class < CLASSES; class ++) {
            const int set_here = index != 5 && index % CLASSES == class;
            assert_true(labels[i * CLASSES + class] == (set_here ? 1.0f : 0.0f));
        }
    }
    collect(dataset, &options, COUNT, images, NULL);
    sg_dataset_destroy(dataset);
}

static void test_batch_larger_than_the_data_set(void **state)
{
    (void)state;
    float images[7 * IMAGE];
    made_up set = {.failing = NEVER};
    sg_dataset *dataset = create_dataset(&set, 1, 0);
    const sg_loader_options options = options_of(7, 5, 0);
    collect(dataset, &options, 7, images, NULL);
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(index_of(images + i * IMAGE), 0);
    sg_dataset_destroy(dataset);
}

static void test_read_errors_arrive_in_order(void **state)
{
    (void)state;
    static float images[2 * COUNT * IMAGE];
    made_up set = {.failing = NEVER};
    sg_dataset *dataset = create_dataset(&set, COUNT, 0);
    const sg_loader_options options = options_of(1, 9, 0);
    collect(dataset, &options, COUNT, images, NULL);
    const size_t good = 6;
    set.failing = index_of(images + good * IMAGE);

    sg_loader *loader = NULL;
    assert_int_equal(sg_loader_create(dataset, &options, &loader, NULL), SG_OK);
    for (size_t i = 0; i < good; i++) {
        float image[IMAGE];
        assert_int_equal(sg_loader_next(loader, image, NULL, NULL), SG_OK);
        assert_memory_equal(image, images + i * IMAGE, sizeof image);
    }
    for (int attempt = 0; attempt < 2; attempt++) {
        float image[IMAGE];
        sg_error error = {0};
        assert_int_equal(sg_loader_next(loader, image, NULL, &error), SG_ERROR_FILE);
        assert_int_equal(error.status, SG_ERROR_FILE);
        assert_non_null(strstr(error.message, "made up to fail"));
    }
    sg_loader_destroy(loader);
    sg_dataset_destroy(dataset);
}

static void test_labels_beyond_the_classes_fail(void **state)
{
    (void)state;
    float images[COUNT * IMAGE];
    float labels[COUNT * 2];
    made_up set = {.failing = NEVER};
    sg_dataset *dataset = create_dataset(&set, COUNT, 2);
    const sg_loader_options options = options_of(COUNT, 9, 0);
    sg_loader *loader = NULL;
    sg_error error = {0};
    assert_int_equal(sg_loader_create(dataset, &options, &loader, NULL), SG_OK);
    assert_int_equal(sg_loader_next(loader, images, labels, &error), SG_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "expected at most 1"));
    sg_loader_destroy(loader);
    sg_dataset_destroy(dataset);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Destruction while the ring is full, while it is being filled, and in the middle of a slow batch.
 */
static void test_destroy_at_any_time(void **state)
{
    (void)state;
    made_up set = {.failing = NEVER};
    sg_dataset *dataset = create_dataset(&set, COUNT, CLASSES);
    sg_loader_options options = options_of(2, 9, 0);
    const struct timespec until_full = {.tv_nsec = 20000000};
    sg_loader *loader = NULL;
    assert_int_equal(sg_loader_create(dataset, &options, &loader, NULL), SG_OK);
    nanosleep(&until_full, NULL);
    sg_loader_destroy(loader);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(sg_loader_create(dataset, &options, &loader, NULL), SG_OK);
        sg_loader_destroy(loader);
    }
    set.delay = 1000000;
    options.batch_size = 100000; /* would take 100 seconds */
    const double start = seconds_now();
    assert_int_equal(sg_loader_create(dataset, &options, &loader, NULL), SG_OK);
    nanosleep(&until_full, NULL);
    sg_loader_destroy(loader);
    assert_true(seconds_now() - start < 30.0);
    sg_loader_destroy(NULL);
    sg_dataset_destroy(dataset);
}

static void test_slow_reads_are_waited_for(void **state)
{
    (void)state;
    static float images[COUNT * IMAGE];
    made_up set = {.failing = NEVER, .delay = 1000000};
    sg_dataset *dataset = create_dataset(&set, COUNT, 0);
    const sg_loader_options options = options_of(1, 9, 0);
    collect(dataset, &options, COUNT, images, NULL);
    int seen[COUNT] = {0};
    for (size_t i = 0; i < COUNT; i++)
        seen[index_of(images + i * IMAGE)]++;
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(seen[i], 1);
    sg_dataset_destroy(dataset);
}

static void test_refuses_bad_options(void **state)
{
    (void)state;
    made_up set = {.failing = NEVER};
    sg_dataset *dataset = create_dataset(&set, COUNT, 0);
    static const size_t bad[][2] = {{0, 3}, {1, 0}, {1, SG_LOADER_LARGEST_AHEAD + 1}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sg_loader_options options = options_of(bad[i][0], 0, 0);
        options.batches_ahead = bad[i][1];
        sg_error error = {0};
        sg_loader *loader = (sg_loader *)&error;
        assert_int_equal(sg_loader_create(dataset, &options, &loader, &error), SG_ERROR_ARGUMENT);
        assert_null(loader);
    }
    const sg_loader_options huge = options_of(SIZE_MAX / 2, 0, 0);
    sg_loader *loader = NULL;
    assert_int_equal(sg_loader_create(dataset, &huge, &loader, NULL), SG_ERROR_MEMORY);
    assert_null(loader);
    sg_dataset_destroy(dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_seed_same_order),
        cmocka_unit_test(test_other_seed_other_order),
        cmocka_unit_test(test_every_image_once_per_epoch),
        cmocka_unit_test(test_starts_anywhere),
        cmocka_unit_test(test_flips_half),
        cmocka_unit_test(test_mirror_leaves_the_order),
        cmocka_unit_test(test_mirror_y_turns_rows),
        cmocka_unit_test(test_labels_are_one_hot),
        cmocka_unit_test(test_batch_larger_than_the_data_set),
        cmocka_unit_test(test_read_errors_arrive_in_order),
        cmocka_unit_test(test_labels_beyond_the_classes_fail),
        cmocka_unit_test(test_destroy_at_any_time),
        cmocka_unit_test(test_slow_reads_are_waited_for),
        cmocka_unit_test(test_refuses_bad_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
