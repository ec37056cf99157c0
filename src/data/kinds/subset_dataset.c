/* Some pictures of a data set, found through a list of their numbers; see subset_dataset.h. */
#include "data/kinds/subset_dataset.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/numpy_random.h"

typedef struct subset_dataset {
    sg_dataset *source;
    size_t *indices; /* in `source`, ascending */
} subset_dataset;

static void destroy(void *state)
{
    subset_dataset *set = state;
    sg_dataset_destroy(set->source);
    free(set->indices);
    free(set);
}

static sg_status read_picture(const void *state, size_t index, uint8_t *pixels_hwc, int *label,
                              sg_error *error)
{
    const subset_dataset *set = state;
    return sg_dataset_read(set->source, set->indices[index], pixels_hwc, label, error);
}

static int label_of(const void *state, size_t index)
{
    const subset_dataset *set = state;
    int label = -1;
    (void)sg_dataset_label(set->source, set->indices[index], &label, NULL);
    return label;
}

static void trace(const void *state, size_t index, sg_text *text)
{
    const subset_dataset *set = state;
    sg_dataset_trace(set->source, set->indices[index], text);
}

static int compare(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a;
    const size_t y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Returns the chosen numbers below `total` on the heap; NULL on lack of memory. */
static size_t *choose(size_t total, size_t count, bool from_end, uint64_t seed)
{
    sg_numpy_random random;
    size_t *indices = sg_allocate(total, sizeof *indices);
    if (!indices)
        return NULL;
    for (size_t i = 0; i < total; i++)
        indices[i] = i;
    sg_numpy_random_seed(&random, (uint32_t)(seed % (UINT64_C(1) << 31)));
    sg_numpy_random_shuffle(&random, indices, total);
    if (from_end)
        memmove(indices, indices + total - count, count * sizeof *indices);
    qsort(indices, count, sizeof *indices, compare);
    return indices;
}

sg_status sg_dataset_choose(sg_dataset *source, size_t count, bool from_end, uint64_t seed,
                            sg_dataset **subset, sg_error *error)
{
    static const sg_dataset_functions functions = {
        .read = read_picture, .label = label_of, .trace = trace, .destroy = destroy};
    sg_dataset_info info = sg_dataset_info_of(source);
    *subset = NULL;
    if (count < 1 || count > info.image_count) {
        sg_dataset_destroy(source);
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"subset\" is %zu, but must be from 1 to %zu, the images of %s", count,
                       info.image_count, info.name);
    }
    subset_dataset *set = sg_allocate(1, sizeof *set);
    if (set)
        *set = (subset_dataset){source, choose(info.image_count, count, from_end, seed)};
    if (!set || !set->indices) {
        sg_dataset_destroy(source);
        free(set);
        return sg_fail_memory(error, "a choice of %zu images", count);
    }
    info.image_count = count;
    return sg_dataset_create(&functions, set, &info, subset, error);
}
