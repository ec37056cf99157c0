/*
 * bench features: pictures of their networks' size through Inception-v3, VGG16 and the image
 * tower of CLIP's ViT-B/32 with random weights.
 * Tested by: tests/cli/test_bench.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "cli/bench/bench.h"
#include "cli/terminal/report.h"
#include "features/feature_network.h"

/* The networks, and the work of a picture. */
static const struct feature_row {
    const char *kind, *name;
    size_t side;
    double multiply_adds; /* of its convolutions and matrices */
} rows[] = {{"inception", "features/inception", 299, 5.71e9},
            {"vgg16", "features/vgg16", 224, 15.47e9},
            {"clip", "features/clip", 224, 4.37e9}};

enum { CHANNELS = 3 };

/* Computes the features once to warm up, then as often as asked. */
static sg_status time_runs(const sg_bench *bench, sg_feature_network *network,
                           const sg_feature_pictures *pictures, sg_bench_result *result,
                           sg_error *error)
{
    const sg_feature_results results = {
        .features =
            sg_allocate(pictures->count, sg_feature_network_features(network) * sizeof(float))};
    sg_status status = results.features ? SG_OK : sg_fail_memory(error, "features");
    for (int i = 0; i <= bench->runs && !status; i++) {
        const double start = sg_clock_seconds();
        status = sg_feature_network_compute(network, pictures, SG_FEATURE_RESIZE_LEGACY, &results,
                                            error);
        const double seconds = sg_clock_seconds() - start;
        if (i > 0 && (result->seconds == 0 || seconds < result->seconds))
            result->seconds = seconds;
    }
    result->peak_bytes = sg_bench_peak_bytes();
    free(results.features);
    return status;
}

static sg_status measure(const sg_bench *bench, const struct feature_row *row, sg_error *error)
{
    const size_t count = (size_t)sg_bench_batch(bench, 16);
    const size_t bytes = row->side * row->side * CHANNELS;
    sg_feature_network *network = NULL;
    uint8_t *pixels = sg_allocate(count, bytes);
    sg_bench_result result = {.name = row->name,
                              .pictures = (double)count,
                              .multiply_adds = (double)count * row->multiply_adds};
    sg_bench_reset_peak();
    sg_status status = pixels ? SG_OK : sg_fail_memory(error, "the pictures");
    for (size_t i = 0; i < count * bytes && pixels; i++)
        pixels[i] = (uint8_t)(i * 2654435761u >> 13);
    if (!status)
        status = sg_feature_network_random(row->kind, &network, error);
    const sg_feature_pictures pictures = {count, row->side, row->side, CHANNELS, pixels, NULL};
    if (!status)
        status = time_runs(bench, network, &pictures, &result, error);
    if (!status)
        sg_bench_report(bench, &result);
    sg_feature_network_close(network);
    free(pixels);
    return status;
}

int sg_bench_features(sg_bench *bench)
{
    if (!sg_bench_measure_limit(bench))
        return SG_EXIT_FAILED;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sg_error error = {0};
        if (measure(bench, &rows[i], &error)) {
            fprintf(stderr, "stylegan: bench: %s\n", error.message);
            return SG_EXIT_FAILED;
        }
    }
    return SG_EXIT_DONE;
}
