/*
 * Gathers pictures, features and pairs of a set; see gathered.h.
 * Tested by: tests/cli/test_metrics.c
 */
#include "metrics/measure/gathered.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "metrics/formulas/ms_ssim.h"

/* Pictures that go through a network at once. */
enum { BATCH = 32 };

sg_status sg_measure_advance(sg_measure_progress *progress, double samples, sg_error *error)
{
    progress->done += samples;
    if (sg_watch_step(progress->watch, progress->done, progress->total, progress->remark))
        return sg_fail(error, SG_ERROR_CANCELLED, "measuring was stopped");
    return SG_OK;
}

sg_network_features *sg_gathered_network(sg_gathered *gathered, sg_looker *network)
{
    for (size_t i = 0; i < gathered->network_count; i++)
        if (gathered->networks[i].network == network)
            return &gathered->networks[i];
    sg_network_features *added = &gathered->networks[gathered->network_count++];
    added->network = network;
    return added;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static sg_status begin_network(sg_network_features *entry, sg_error *error)
{
    const size_t width = sg_looker_features(entry->network);
    const size_t classes = sg_looker_classes(entry->network);
    entry->needed = larger(entry->feature_rows, entry->logit_rows);
    for (size_t i = 0; i < entry->sums.moment_count; i++)
        entry->needed = larger(entry->needed, entry->sums.counts[i]);
    if (entry->feature_rows > 0)
        entry->features = sg_allocate(entry->feature_rows, width * sizeof(float));
    if (entry->logit_rows > 0)
        entry->logits = sg_allocate(entry->logit_rows, classes * sizeof(float));
    if ((entry->feature_rows > 0 && !entry->features) || (entry->logit_rows > 0 && !entry->logits))
        return sg_fail_memory(error, "the features of %zu pictures",
                              larger(entry->feature_rows, entry->logit_rows));
    return sg_feature_sums_begin(&entry->sums, width, error);
}

sg_status sg_gather_begin(sg_gathered *gathered, const sg_picture_stream *stream, sg_error *error)
{
    for (size_t i = 0; i < gathered->network_count; i++)
        SG_TRY(begin_network(&gathered->networks[i], error));
    if (gathered->picture_rows > 0)
        gathered->pictures =
            sg_allocate(gathered->picture_rows, 3 * stream->height * stream->width);
    if (gathered->pair_count > 0)
        gathered->pairs = sg_allocate(gathered->pair_count, sizeof *gathered->pairs);
    if ((gathered->picture_rows > 0 && !gathered->pictures) ||
        (gathered->pair_count > 0 && !gathered->pairs))
        return sg_fail_memory(error, "%zu pictures", gathered->picture_rows);
    return SG_OK;
}

size_t sg_gather_length(const sg_gathered *gathered)
{
    size_t length = larger(gathered->picture_rows, 2 * gathered->pair_count);
    length = gathered->seen < length ? length : 0;
    for (size_t i = 0; i < gathered->network_count; i++)
        if (gathered->networks[i].seen < gathered->networks[i].needed)
            length = larger(length, gathered->networks[i].needed);
    return length;
}

/* A batch of pictures, and room for what a network says of them. */
typedef struct batch {
    size_t first, count;
    size_t height, width;
    uint8_t *pixels; /* [BATCH, height, width, 3] */
    float *features; /* [BATCH, the most of a network] */
    float *logits;
    size_t planes; /* 1 for grey pictures, otherwise 3 */
    float *pair;   /* [2, planes, height, width] */
} batch;

/* Takes over what is wanted of the features and logits of a batch. */
static sg_status take_features(sg_network_features *entry, const batch *from, size_t count,
                               sg_error *error)
{
    const size_t width = sg_looker_features(entry->network);
    const size_t classes = sg_looker_classes(entry->network);
    for (size_t i = 0; i < count; i++) {
        const size_t index = from->first + i;
        const float *features = from->features + i * width;
        if (index < entry->feature_rows)
            memcpy(entry->features + index * width, features, width * sizeof *features);
        if (index < entry->logit_rows)
            memcpy(entry->logits + index * classes, from->logits + i * classes,
                   classes * sizeof *features);
        SG_TRY(sg_feature_sums_add(&entry->sums, features, error));
    }
    entry->seen += count;
    return SG_OK;
}

static sg_status see(sg_network_features *entry, const batch *seen, sg_feature_resize resize,
                     sg_error *error)
{
    if (seen->first >= entry->needed || entry->seen > seen->first)
        return SG_OK;
    const size_t left = entry->needed - seen->first;
    const size_t count = seen->count < left ? seen->count : left;
    const sg_feature_pictures pictures = {.count = count,
                                          .height = seen->height,
                                          .width = seen->width,
                                          .channels = 3,
                                          .bytes = seen->pixels};
    const sg_feature_results results = {.features = seen->features,
                                        .logits = entry->logit_rows > 0 ? seen->logits : NULL,
                                        .no_bias = true};
    SG_TRY(sg_looker_compute(entry->network, &pictures, resize, &results, error));
    return take_features(entry, seen, count, error);
}

/* Computes the MS-SSIM of two pictures of a batch. */
static sg_status compare_pair(const batch *from, size_t first, double *value, sg_error *error)
{
    const size_t pixels = from->height * from->width;
    const uint8_t *a = from->pixels + first * 3 * pixels;
    const uint8_t *b = a + 3 * pixels;
    for (size_t c = 0; c < from->planes; c++)
        for (size_t i = 0; i < pixels; i++) {
            from->pair[c * pixels + i] = a[3 * i + c];
            from->pair[(from->planes + c) * pixels + i] = b[3 * i + c];
        }
    const sg_picture_pair pair = {.channels = from->planes,
                                  .height = from->height,
                                  .width = from->width,
                                  .a = from->pair,
                                  .b = from->pair + from->planes * pixels};
    sg_ms_ssim_result result;
    SG_TRY(sg_ms_ssim(&pair, sg_ms_ssim_weights, &result, error));
    *value = result.value;
    return SG_OK;
}

/* Keeps pictures and compares pairs of a batch, which begins with an even picture. */
static sg_status keep(sg_gathered *gathered, const batch *from, sg_error *error)
{
    const size_t bytes = 3 * from->height * from->width;
    if (from->first < gathered->seen)
        return SG_OK;
    for (size_t i = 0; i < from->count && from->first + i < gathered->picture_rows; i++)
        memcpy(gathered->pictures + (from->first + i) * bytes, from->pixels + i * bytes, bytes);
    for (size_t i = 0; i + 1 < from->count && (from->first + i) / 2 < gathered->pair_count; i += 2)
        SG_TRY(compare_pair(from, i, &gathered->pairs[(from->first + i) / 2], error));
    gathered->seen += from->count;
    return SG_OK;
}

static sg_status gather_batch(sg_gathered *gathered, sg_picture_stream *stream, batch *next,
                              sg_feature_resize resize, sg_measure_progress *progress,
                              sg_error *error)
{
    for (size_t i = 0; i < next->count; i++) {
        SG_TRY(sg_stream_read(stream, next->first + i,
                              next->pixels + i * 3 * next->height * next->width, error));
        SG_TRY(sg_measure_advance(progress, 0.5, error));
    }
    for (size_t i = 0; i < gathered->network_count; i++)
        SG_TRY(see(&gathered->networks[i], next, resize, error));
    SG_TRY(keep(gathered, next, error));
    return sg_measure_advance(progress, 0.5 * (double)next->count, error);
}

static sg_status allocate_batch(const sg_gathered *gathered, const sg_picture_stream *stream,
                                batch *made, sg_error *error)
{
    size_t width = 1;
    size_t classes = 1;
    for (size_t i = 0; i < gathered->network_count; i++) {
        const sg_looker *network = gathered->networks[i].network;
        width = larger(width, sg_looker_features(network));
        classes = larger(classes, sg_looker_classes(network));
    }
    *made = (batch){
        .height = stream->height, .width = stream->width, .planes = stream->channels < 3 ? 1 : 3};
    made->pair = sg_allocate(stream->height * stream->width, 6 * sizeof(float));
    made->pixels = sg_allocate(BATCH * stream->height, 3 * stream->width);
    made->features = sg_allocate(width, BATCH * sizeof(float));
    made->logits = sg_allocate(classes, BATCH * sizeof(float));
    if (!made->pixels || !made->features || !made->logits || !made->pair)
        return sg_fail_memory(error, "a batch of pictures");
    return SG_OK;
}

sg_status sg_gather(sg_gathered *gathered, sg_picture_stream *stream, sg_feature_resize resize,
                    sg_measure_progress *progress, sg_error *error)
{
    const size_t length = sg_gather_length(gathered);
    batch next;
    sg_status status = allocate_batch(gathered, stream, &next, error);
    for (; next.first < length && !status; next.first += BATCH) {
        next.count = length - next.first < BATCH ? length - next.first : BATCH;
        status = gather_batch(gathered, stream, &next, resize, progress, error);
    }
    free(next.pixels);
    free(next.features);
    free(next.logits);
    free(next.pair);
    return status;
}

void sg_gathered_clear(sg_gathered *gathered)
{
    for (size_t i = 0; i < gathered->network_count; i++) {
        sg_feature_sums_clear(&gathered->networks[i].sums);
        free(gathered->networks[i].features);
        free(gathered->networks[i].logits);
    }
    free(gathered->pictures);
    free(gathered->pairs);
    *gathered = (sg_gathered){0};
}
