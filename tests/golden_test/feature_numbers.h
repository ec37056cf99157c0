/* Comparison of single-precision results, plain arrays, with what a file says of them. */
#ifndef GOLDEN_TEST_FEATURE_NUMBERS_H
#define GOLDEN_TEST_FEATURE_NUMBERS_H

#include "features/feature_network.h"
#include "golden_test/golden_case.h"

/* Relative error that single precision may have. */
#define GOLDEN_SINGLE_TOLERANCE 1e-5

/* A group being compared: its name and its worst tensor so far. */
typedef struct number_group {
    golden_case *test;
    const char *name;
    double error;
    char worst[100];
    int compared;
} number_group;

/* Images of a layer, [count, height, width, channels]. */
typedef struct layer_values {
    float *values;
    size_t count, pixels, channels;
} layer_values;

/* Compares `count` numbers with the tensor of that name, if the file has it. */
void group_compare(number_group *group, const char *name, const float *values, size_t count);
void group_compare_doubles(number_group *group, const char *name, const double *values,
                           size_t count);

/*
 * Compares an image with samples "PREFIX.sample" (of one picture) or "PREFIX.sample_N" at the flat
 * indices of "INDEX.sample_index", with the means and deviations of channels and with statistics.
 */
void group_compare_layer(number_group *group, const char *prefix, const char *index,
                         const layer_values *layer);

/* Compares "NAME.stats": mean, deviation, least, largest value and length of each row. */
void group_compare_stats(number_group *group, const char *name, const float *values, size_t rows,
                         size_t length);

/* Reports the group, unless nothing was compared. */
void group_report(const number_group *group);

/* Reports a failure of the library as the group's. */
void group_fail(const number_group *group, const sg_error *error);

/* Returns pictures of the file, [N, 3, H, W], as a batch that owns its values; NULL ones if absent.
 */
sg_feature_pictures case_feature_pictures(golden_case *test, const char *name);

enum { SCRATCH_BYTES = 300 };

/* Makes a folder for files of this run in `folder` [SCRATCH_BYTES], and removes it with the files
 * named in it. */
bool make_scratch(char *folder);
void remove_scratch(const char *folder, const char *const *names, size_t count);

#endif
