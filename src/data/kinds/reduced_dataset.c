/*
 * Box averages of full pictures. To decode a large picture for a few pixels every time would take
 * longer than to train on them, so levels that fit are kept in memory.
 */
#include "data/kinds/reduced_dataset.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

/* The most bytes of pictures that are kept. */
#define LARGEST_CACHE ((size_t)256 << 20)

typedef struct reduced_dataset {
    const sg_dataset *source;
    sg_dataset_info info; /* of the reduced pictures */
    size_t factor;
    size_t picture_bytes;  /* of a reduced picture */
    pthread_mutex_t mutex; /* guards the members after it */
    uint8_t *pictures;     /* [image_count, picture_bytes]; NULL when pictures are not kept */
    int *labels;           /* [image_count] */
    bool *known;           /* [image_count]: true for pictures that are kept */
} reduced_dataset;

static void destroy(void *state)
{
    reduced_dataset *set = state;
    pthread_mutex_destroy(&set->mutex);
    free(set->pictures);
    free(set->labels);
    free(set->known);
    free(set);
}

/* Returns sum / count, rounded to the nearest, halves to even; count is a power of two. */
static uint8_t rounded_mean(size_t sum, size_t count)
{
    size_t mean = sum;
    for (size_t left = count; left > 1; left /= 2)
        mean /= 2;
    const size_t twice_rest = 2 * (sum - mean * count);
    const bool up = twice_rest > count || (twice_rest == count && mean % 2 == 1);
    return (uint8_t)(mean + (up ? 1 : 0));
}

/* Returns the mean of one channel of a block; `block` points to its first value. */
static uint8_t block_mean(const reduced_dataset *set, const uint8_t *block)
{
    const size_t channels = set->info.channels;
    const size_t row = set->info.width * set->factor * channels;
    size_t sum = 0;
    for (size_t y = 0; y < set->factor; y++)
        for (size_t x = 0; x < set->factor; x++)
            sum += block[y * row + x * channels];
    return rounded_mean(sum, set->factor * set->factor);
}

static void reduce(const reduced_dataset *set, const uint8_t *full, uint8_t *pixels_hwc)
{
    const size_t channels = set->info.channels;
    const size_t row = set->info.width * set->factor * channels;
    for (size_t y = 0; y < set->info.height; y++) {
        for (size_t x = 0; x < set->info.width; x++) {
            const uint8_t *block = full + y * set->factor * row + x * set->factor * channels;
            for (size_t channel = 0; channel < channels; channel++)
                *pixels_hwc++ = block_mean(set, block + channel);
        }
    }
}

static sg_status read_full(const reduced_dataset *set, size_t index, uint8_t *pixels_hwc,
                           int *label, sg_error *error)
{
    uint8_t *full = sg_allocate(set->picture_bytes, set->factor * set->factor);
    if (!full)
        return sg_fail_memory(error, "image %zu of %s", index, set->info.name);
    const sg_status status = sg_dataset_read(set->source, index, full, label, error);
    if (!status)
        reduce(set, full, pixels_hwc);
    free(full);
    return status;
}

/* Copies a picture that is kept; false when it is not. */
static bool recall(reduced_dataset *set, size_t index, uint8_t *pixels_hwc, int *label)
{
    pthread_mutex_lock(&set->mutex);
    const bool known = set->pictures && set->known[index];
    if (known) {
        memcpy(pixels_hwc, set->pictures + index * set->picture_bytes, set->picture_bytes);
        *label = set->labels[index];
    }
    pthread_mutex_unlock(&set->mutex);
    return known;
}

static void keep(reduced_dataset *set, size_t index, const uint8_t *pixels_hwc, int label)
{
    pthread_mutex_lock(&set->mutex);
    if (set->pictures) {
        memcpy(set->pictures + index * set->picture_bytes, pixels_hwc, set->picture_bytes);
        set->labels[index] = label;
        set->known[index] = true;
    }
    pthread_mutex_unlock(&set->mutex);
}

static sg_status read_picture(const void *state, size_t index, uint8_t *pixels_hwc, int *label,
                              sg_error *error)
{
    /* The kept pictures are a cache, to which readers add. */
    reduced_dataset *set = (reduced_dataset *)(uintptr_t)state;
    if (recall(set, index, pixels_hwc, label))
        return SG_OK;
    const sg_status status = read_full(set, index, pixels_hwc, label, error);
    if (!status)
        keep(set, index, pixels_hwc, *label);
    return status;
}

static int label_of(const void *state, size_t index)
{
    const reduced_dataset *set = state;
    int label = -1;
    (void)sg_dataset_label(set->source, index, &label, NULL);
    return label;
}

/* Makes room to keep the pictures if they are small enough; a failure only means slower reading. */
static void allocate_cache(reduced_dataset *set)
{
    size_t bytes = 0;
    const size_t count = set->info.image_count;
    if (!sg_size_multiply(count, set->picture_bytes, &bytes) || bytes > LARGEST_CACHE)
        return;
    set->labels = sg_allocate(count, sizeof *set->labels);
    set->known = sg_allocate(count, sizeof *set->known);
    if (set->labels && set->known)
        set->pictures = sg_allocate(count, set->picture_bytes);
}

static bool is_factor(const sg_dataset_info *info, size_t factor)
{
    return factor > 0 && (factor & (factor - 1)) == 0 && info->height % factor == 0 &&
           info->width % factor == 0;
}

sg_status sg_dataset_reduce(const sg_dataset *source, size_t factor, sg_dataset **reduced,
                            sg_error *error)
{
    static const sg_dataset_functions functions = {
        .read = read_picture, .label = label_of, .destroy = destroy};
    *reduced = NULL;
    sg_dataset_info info = sg_dataset_info_of(source);
    if (!is_factor(&info, factor))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: images of %zux%zu cannot be reduced by %zu, expected a power of two "
                       "that divides both sides",
                       info.name, info.width, info.height, factor);
    info.height /= factor;
    info.width /= factor;
    reduced_dataset *set = sg_allocate(1, sizeof *set);
    if (!set)
        return sg_fail_memory(error, "reduced images of %s", info.name);
    *set = (reduced_dataset){.source = source,
                             .info = info,
                             .factor = factor,
                             .picture_bytes = info.height * info.width * info.channels,
                             .mutex = PTHREAD_MUTEX_INITIALIZER};
    allocate_cache(set);
    return sg_dataset_create(&functions, set, &info, reduced, error);
}
