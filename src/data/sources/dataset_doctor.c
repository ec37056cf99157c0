/*
 * Decodes everything first, then compares each picture with the shape of most of them.
 * Tested by: tests/cli/test_dataset.c
 */
#include "data/sources/dataset_doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/parallel.h"
#include "data/picture_base.h"
#include "image/channels.h"

#define CHUNK 64 /* pictures between two reports of progress */

/* An examination under way. */
typedef struct scan {
    const sg_picture_source *source;
    const sg_picture_transform *transform;
    size_t first;           /* picture of the chunk that is being decoded */
    sg_image_shape *shapes; /* [count]; width 0 when a picture could not be decoded */
    char **reasons;         /* [count]: why not; NULL on lack of memory */
    sg_image_shape common;  /* the size of most pictures, and the channels of most */
    sg_examination *found;
} scan;

/* ---- decoding ---- */

static void decode_range(size_t begin, size_t end, void *argument)
{
    const scan *work = argument;
    for (size_t i = work->first + begin; i < work->first + end; i++) {
        sg_image *image = NULL;
        sg_error error = {0};
        if (!sg_picture_source_read(work->source, i, &image, &error))
            work->shapes[i] = sg_image_shape_of(image);
        else
            work->reasons[i] = sg_duplicate_text(error.message);
        sg_image_destroy(image);
    }
}

static sg_status decode_all(scan *work, const sg_watch *watch, sg_error *error)
{
    const size_t count = work->found->count;
    for (work->first = 0; work->first < count; work->first += CHUNK) {
        if (sg_watch_step(watch, (double)work->first, (double)count, NULL))
            return sg_fail(error, SG_ERROR_CANCELLED, "stopped while the pictures were examined");
        const size_t left = count - work->first;
        sg_parallel_for(left < CHUNK ? left : CHUNK, 1, decode_range, work);
    }
    return SG_OK;
}

/* ---- what most pictures are like ---- */

static bool is_tiny(const sg_image_shape *shape)
{
    return shape->width < SG_SMALLEST_SIDE || shape->height < SG_SMALLEST_SIDE;
}

static int compare_sizes(const void *left, const void *right)
{
    const sg_image_shape *a = left;
    const sg_image_shape *b = right;
    if (a->width != b->width)
        return a->width < b->width ? -1 : 1;
    return (a->height > b->height) - (a->height < b->height);
}

/* Sorts `sizes`, finds the most frequent one, and returns how often it occurs. */
static size_t find_common_size(sg_image_shape *sizes, size_t count, sg_image_shape *common)
{
    size_t most = 0;
    size_t run = 0;
    if (count > 0)
        qsort(sizes, count, sizeof *sizes, compare_sizes);
    for (size_t i = 0; i < count; i++) {
        run = i > 0 && compare_sizes(&sizes[i], &sizes[i - 1]) == 0 ? run + 1 : 1;
        if (run >= most) {
            most = run;
            common->width = sizes[i].width;
            common->height = sizes[i].height;
        }
    }
    return most;
}

/* Returns the most frequent channel count; of equally frequent ones RGB, then the larger. */
static size_t find_common_channels(const sg_image_shape *shapes, size_t count)
{
    size_t occurrences[5] = {0};
    size_t common = 3;
    for (size_t i = 0; i < count; i++)
        occurrences[shapes[i].channels]++;
    for (size_t channels = 4; channels >= 1; channels--)
        common = occurrences[channels] > occurrences[common] ? channels : common;
    return occurrences[common] > 0 ? common : 0;
}

/* Returns the sentence on the heap; NULL on lack of memory. */
static char *sentence(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *sentence(const char *format, ...)
{
    char text[1000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return sg_duplicate_text(text);
}

/* Returns the first picture that is not tiny and has the common size (or, if not `common`, has
 * not). */
static size_t find_sized(const scan *work, bool common)
{
    size_t i = 0;
    while (i + 1 < work->found->count &&
           (is_tiny(&work->shapes[i]) ||
            (compare_sizes(&work->shapes[i], &work->common) == 0) != common))
        i++;
    return i;
}

/* Sets *obstacle to why the pictures make no set without a resolution, or leaves it. */
static sg_status judge_sizes(const scan *work, size_t common_count, size_t good_count,
                             char **obstacle, sg_error *error)
{
    const sg_image_shape *common = &work->common;
    const sg_picture *pictures = work->source->pictures;
    size_t height = common->height;
    size_t width = common->width;
    sg_picture_base size;
    const size_t first = find_sized(work, true);
    if (2 * common_count < good_count) {
        const size_t other = find_sized(work, false);
        *obstacle =
            sentence("%s: the pictures have different sizes: %s has %zux%zu pixels and %s "
                     "%zux%zu; \"resolution\" brings all to one, with \"transform\" cropped or "
                     "padded",
                     work->source->path, pictures[first].name, common->width, common->height,
                     pictures[other].name, work->shapes[other].width, work->shapes[other].height);
    } else if (good_count > 0 && !sg_picture_base_find(height, width, &size)) {
        sg_picture_base_near(&height, &width);
        *obstacle = sentence(
            "%s: %s has %zux%zu pixels, expected a square of 8, 16, 32, 64 ... or a "
            "rectangle such as %zux%zu; \"resolution\" converts the pictures, with "
            "\"transform\" cropped or padded",
            work->source->path, pictures[first].name, common->width, common->height, width, height);
    } else {
        return SG_OK;
    }
    return *obstacle ? SG_OK : sg_fail_memory(error, "the report");
}

/* True if there are pictures that are not tiny, and all of these would have to be enlarged. */
static bool all_are_small(const scan *work, size_t good_count)
{
    bool all = good_count > 0;
    for (size_t i = 0; i < work->found->count && all; i++) {
        const sg_image_shape *shape = &work->shapes[i];
        all = is_tiny(shape) || sg_transform_enlarges(work->transform, shape->width, shape->height);
    }
    return all;
}

/* Finds out whether all pictures are too small for the resolution. */
static sg_status judge_resolution(const scan *work, size_t good_count, sg_error *error)
{
    if (!all_are_small(work, good_count))
        return SG_OK;
    const bool wide = work->transform->kind == SG_TRANSFORM_CENTER_CROP_WIDE;
    const size_t first = find_sized(work, true);
    char *text = sentence("%s: all pictures are too small for the %zux%zu asked for, such as %s "
                          "with %zux%zu: choose a smaller \"resolution\"%s",
                          work->source->path, work->transform->width, work->transform->height,
                          work->source->pictures[first].name, work->shapes[first].width,
                          work->shapes[first].height, wide ? "" : ", or \"fix\" to enlarge them");
    *(wide ? &work->found->obstacle : &work->found->smallness) = text;
    return text ? SG_OK : sg_fail_memory(error, "the report");
}

static sg_status find_common(scan *work, sg_error *error)
{
    size_t good_count = 0;
    sg_image_shape *good = sg_allocate(work->found->count, sizeof *good);
    if (!good)
        return sg_fail_memory(error, "%zu pictures", work->found->count);
    for (size_t i = 0; i < work->found->count; i++)
        if (!is_tiny(&work->shapes[i]))
            good[good_count++] = work->shapes[i];
    work->common.channels = find_common_channels(good, good_count);
    work->found->channels = work->common.channels;
    const size_t common_count = find_common_size(good, good_count, &work->common);
    free(good);
    return work->transform->width == 0
               ? judge_sizes(work, common_count, good_count, &work->found->obstacle, error)
               : judge_resolution(work, good_count, error);
}

/* ---- each picture ---- */

/* Sets *reason to what is wrong with the shape, if anything is; false on lack of memory. */
static bool judge_shape(const scan *work, const char *name, const sg_image_shape *shape,
                        bool *repairable, char **reason)
{
    const sg_picture_transform *transform = work->transform;
    if (is_tiny(shape)) {
        *reason = sentence("%s: has only %zux%zu pixels, expected at least %dx%d", name,
                           shape->width, shape->height, SG_SMALLEST_SIDE, SG_SMALLEST_SIDE);
    } else if (transform->width > 0 && !work->found->obstacle && !work->found->smallness &&
               sg_transform_enlarges(transform, shape->width, shape->height)) {
        *repairable = transform->kind != SG_TRANSFORM_CENTER_CROP_WIDE;
        *reason = sentence("%s: has %zux%zu pixels, too few for the %zux%zu asked for", name,
                           shape->width, shape->height, transform->width, transform->height);
    } else if (transform->width == 0 && !work->found->obstacle &&
               compare_sizes(shape, &work->common) != 0) {
        *reason =
            sentence("%s: has %zux%zu pixels, most others %zux%zu (\"resolution\" brings all "
                     "to one size)",
                     name, shape->width, shape->height, work->common.width, work->common.height);
    } else if (shape->channels != work->common.channels) {
        *repairable = true;
        *reason = sentence("%s: is %s, most others are %s", name, sg_channels_name(shape->channels),
                           sg_channels_name(work->common.channels));
    } else {
        return true;
    }
    return *reason;
}

/* Fills in *bad, whose reason stays NULL for a good picture; false on lack of memory. */
static bool judge(scan *work, size_t index, sg_bad_picture *bad)
{
    const sg_picture_source *source = work->source;
    *bad = (sg_bad_picture){.index = index, .reason = work->reasons[index]};
    work->reasons[index] = NULL;
    if (bad->reason)
        return true;
    char *name = sg_picture_source_name(source, index);
    bool complete = name && work->shapes[index].width > 0;
    if (complete && source->label_count > 0 && source->pictures[index].label < 0) {
        bad->reason =
            sentence("%s: has no label in %s, though others have", name, source->label_file);
        complete = bad->reason;
    } else if (complete) {
        complete = judge_shape(work, name, &work->shapes[index], &bad->repairable, &bad->reason);
    }
    free(name);
    return complete;
}

static sg_status judge_all(scan *work, sg_error *error)
{
    sg_examination *found = work->found;
    for (size_t i = 0; i < found->count; i++) {
        if (!judge(work, i, &found->bad[found->bad_count]))
            return sg_fail_memory(error, "%zu pictures", found->count);
        if (found->bad[found->bad_count].reason) {
            found->repairable_count += found->bad[found->bad_count].repairable ? 1 : 0;
            found->bad_count++;
        }
    }
    return SG_OK;
}

sg_status sg_examine_pictures(const sg_picture_source *source, size_t count,
                              const sg_picture_transform *transform, const sg_watch *watch,
                              sg_examination *examination, sg_error *error)
{
    count = count < source->count ? count : source->count;
    *examination = (sg_examination){.count = count};
    scan work = {.source = source, .transform = transform, .found = examination};
    sg_status status = SG_OK;
    work.shapes = sg_allocate(count, sizeof *work.shapes);
    work.reasons = sg_allocate(count, sizeof *work.reasons);
    examination->bad = sg_allocate(count, sizeof *examination->bad);
    if (!work.shapes || !work.reasons || !examination->bad) {
        status = sg_fail_memory(error, "%zu pictures", count);
    } else {
        status = decode_all(&work, watch, error);
        if (!status)
            status = find_common(&work, error);
        if (!status)
            status = judge_all(&work, error);
        for (size_t i = 0; i < count; i++)
            free(work.reasons[i]);
    }
    free(work.shapes);
    free(work.reasons);
    return status;
}

void sg_examination_clear(sg_examination *examination)
{
    for (size_t i = 0; i < examination->bad_count; i++)
        free(examination->bad[i].reason);
    free(examination->bad);
    free(examination->obstacle);
    free(examination->smallness);
    *examination = (sg_examination){0};
}
