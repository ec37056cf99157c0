/*
 * Decodes pictures first, then compares each with the shape of most of them. When that leaves fewer
 * good ones than are wanted, decodes more, and compares all again.
 * Tested by: tests/cli/test_dataset.c
 */
#include "data/sources/dataset_doctor.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/parallel.h"
#include "data/picture_base.h"
#include "data/sources/picture_traits.h"
#include "image/channels.h"

#define CHUNK 64 /* pictures between two reports of progress */

/* What decoding a picture told. */
typedef struct scanned_picture {
    sg_image_shape shape; /* width 0 when the picture could not be decoded */
    sg_fingerprint print;
    bool is_blank;
    char *reason; /* why it could not be decoded; NULL on lack of memory */
} scanned_picture;

/* An examination under way. */
typedef struct scan {
    const sg_picture_source *source;
    const sg_examination_plan *plan;
    size_t first;              /* picture of the chunk that is being decoded */
    scanned_picture *pictures; /* [decoded] */
    size_t decoded;
    sg_image_shape common; /* the size of most pictures, and the channels of most */
    sg_examination *found;
} scan;

/* ---- decoding ---- */

static void decode_range(size_t begin, size_t end, void *argument)
{
    const scan *work = argument;
    for (size_t i = work->first + begin; i < work->first + end; i++) {
        sg_image *image = NULL;
        sg_error error = {0};
        scanned_picture *picture = &work->pictures[i];
        if (!sg_picture_source_read(work->source, i, &image, &error)) {
            picture->shape = sg_image_shape_of(image);
            picture->print = sg_picture_fingerprint(image);
            picture->is_blank = sg_picture_is_blank(image);
        } else {
            picture->reason = sg_duplicate_text(error.message);
        }
        sg_image_destroy(image);
    }
}

/* Decodes pictures until `count` are decoded. */
static sg_status decode_up_to(scan *work, size_t count, sg_error *error)
{
    const size_t wanted = work->plan->wanted;
    scanned_picture *grown = sg_reallocate(work->pictures, count, sizeof *grown);
    if (!grown)
        return sg_fail_memory(error, "%zu pictures", count);
    work->pictures = grown;
    for (size_t i = work->decoded; i < count; i++)
        grown[i] = (scanned_picture){0};
    work->first = work->decoded;
    work->decoded = count;
    for (; work->first < count; work->first += CHUNK) {
        const double total = wanted > 0 && wanted < count ? (double)wanted : (double)count;
        if (sg_watch_step(work->plan->watch, fmin((double)work->first, total), total, NULL))
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
    while (i + 1 < work->decoded &&
           (is_tiny(&work->pictures[i].shape) ||
            (compare_sizes(&work->pictures[i].shape, &work->common) == 0) != common))
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
                     pictures[other].name, work->pictures[other].shape.width,
                     work->pictures[other].shape.height);
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
    for (size_t i = 0; i < work->decoded && all; i++) {
        const sg_image_shape *shape = &work->pictures[i].shape;
        all = is_tiny(shape) ||
              sg_transform_enlarges(&work->plan->transform, shape->width, shape->height);
    }
    return all;
}

/* Finds out whether all pictures are too small for the resolution. */
static sg_status judge_resolution(const scan *work, size_t good_count, sg_error *error)
{
    if (!all_are_small(work, good_count))
        return SG_OK;
    const sg_picture_transform *transform = &work->plan->transform;
    const bool band = sg_transform_is_band(transform->kind);
    const size_t first = find_sized(work, true);
    char *text =
        sentence("%s: all pictures are too small for the %zux%zu asked for, such as %s "
                 "with %zux%zu: choose a smaller \"resolution\"%s",
                 work->source->path, transform->width, transform->height,
                 work->source->pictures[first].name, work->pictures[first].shape.width,
                 work->pictures[first].shape.height, band ? "" : ", or \"fix\" to enlarge them");
    *(band ? &work->found->obstacle : &work->found->smallness) = text;
    return text ? SG_OK : sg_fail_memory(error, "the report");
}

static sg_status find_common(scan *work, sg_error *error)
{
    size_t good_count = 0;
    sg_image_shape *good = sg_allocate(work->decoded, sizeof *good);
    if (!good)
        return sg_fail_memory(error, "%zu pictures", work->decoded);
    for (size_t i = 0; i < work->decoded; i++)
        if (!is_tiny(&work->pictures[i].shape))
            good[good_count++] = work->pictures[i].shape;
    work->common.channels = find_common_channels(good, good_count);
    if (work->plan->channels > 0 && good_count > 0)
        work->common.channels = work->plan->channels;
    work->found->channels = work->common.channels;
    const size_t common_count = find_common_size(good, good_count, &work->common);
    free(good);
    return work->plan->transform.width == 0
               ? judge_sizes(work, common_count, good_count, &work->found->obstacle, error)
               : judge_resolution(work, good_count, error);
}

/* ---- each picture ---- */

/* Sets *reason to what is wrong with the shape, if anything is; false on lack of memory. */
static bool judge_shape(const scan *work, const char *name, const sg_image_shape *shape,
                        bool *repairable, char **reason)
{
    const sg_picture_transform *transform = &work->plan->transform;
    if (is_tiny(shape)) {
        *reason = sentence("%s: has only %zux%zu pixels, expected at least %dx%d", name,
                           shape->width, shape->height, SG_SMALLEST_SIDE, SG_SMALLEST_SIDE);
    } else if (transform->width > 0 && !work->found->obstacle && !work->found->smallness &&
               sg_transform_enlarges(transform, shape->width, shape->height)) {
        *repairable = !sg_transform_is_band(transform->kind);
        *reason = sentence("%s: has %zux%zu pixels, too few for the %zux%zu asked for", name,
                           shape->width, shape->height, transform->width, transform->height);
    } else if (transform->width == 0 && !work->found->obstacle &&
               compare_sizes(shape, &work->common) != 0) {
        *reason =
            sentence("%s: has %zux%zu pixels, most others %zux%zu (\"resolution\" brings all "
                     "to one size)",
                     name, shape->width, shape->height, work->common.width, work->common.height);
    } else if (work->plan->channels == 0 && shape->channels != work->common.channels) {
        *repairable = true;
        *reason = sentence("%s: is %s, most others are %s", name, sg_channels_name(shape->channels),
                           sg_channels_name(work->common.channels));
    } else {
        return true;
    }
    return *reason;
}

/* Fills in *bad, whose reason stays NULL for a good picture; false on lack of memory. */
static bool judge(const scan *work, size_t index, sg_bad_picture *bad)
{
    const sg_picture_source *source = work->source;
    const scanned_picture *picture = &work->pictures[index];
    *bad = (sg_bad_picture){.index = index};
    if (picture->shape.width == 0) {
        bad->reason = picture->reason ? sg_duplicate_text(picture->reason) : NULL;
        return bad->reason;
    }
    char *name = sg_picture_source_name(source, index);
    bool complete = name;
    if (complete && source->label_count > 0 && source->pictures[index].label < 0) {
        bad->reason =
            sentence("%s: has no label in %s, though others have", name, source->label_file);
        complete = bad->reason;
    } else if (complete) {
        complete = judge_shape(work, name, &picture->shape, &bad->repairable, &bad->reason);
    }
    free(name);
    return complete;
}

/* Judges the decoded pictures up to the last one that is wanted; *good is how many are. */
static sg_status judge_all(const scan *work, size_t *good, sg_error *error)
{
    sg_examination *found = work->found;
    const size_t wanted = work->plan->wanted > 0 ? work->plan->wanted : SIZE_MAX;
    found->bad = sg_allocate(work->decoded, sizeof *found->bad);
    if (!found->bad)
        return sg_fail_memory(error, "%zu pictures", work->decoded);
    for (*good = 0; found->count < work->decoded && *good < wanted; found->count++) {
        sg_bad_picture *bad = &found->bad[found->bad_count];
        if (!judge(work, found->count, bad))
            return sg_fail_memory(error, "%zu pictures", work->decoded);
        found->bad_count += bad->reason ? 1 : 0;
        found->repairable_count += bad->reason && bad->repairable ? 1 : 0;
        *good += !bad->reason || (bad->repairable && work->plan->fixes) ? 1 : 0;
    }
    return SG_OK;
}

/* Compares all decoded pictures anew. */
static sg_status judge_anew(scan *work, size_t *good, sg_error *error)
{
    sg_examination_clear(work->found);
    SG_TRY(find_common(work, error));
    return judge_all(work, good, error);
}

/* ---- good pictures that are of no use ---- */

/* A picture's fingerprint with its place. */
typedef struct placed_print {
    sg_fingerprint print;
    size_t index;
} placed_print;

static int compare_prints(const void *left, const void *right)
{
    const placed_print *a = left;
    const placed_print *b = right;
    const int order = sg_fingerprint_compare(&a->print, &b->print);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

static int compare_repeated(const void *left, const void *right)
{
    const size_t a = ((const sg_repeated_picture *)left)->index;
    const size_t b = ((const sg_repeated_picture *)right)->index;
    return (a > b) - (a < b);
}

/* Lists the good pictures' fingerprints, and the blank pictures; returns how many are good. */
static size_t list_good(const scan *work, placed_print *prints)
{
    size_t bad = 0;
    size_t count = 0;
    sg_examination *found = work->found;
    for (size_t i = 0; i < found->count; i++) {
        if (bad < found->bad_count && found->bad[bad].index == i) {
            bad++;
            continue;
        }
        prints[count++] = (placed_print){.print = work->pictures[i].print, .index = i};
        if (work->pictures[i].is_blank)
            found->blank[found->blank_count++] = i;
    }
    return count;
}

static sg_status find_useless(const scan *work, sg_error *error)
{
    sg_examination *found = work->found;
    placed_print *prints = sg_allocate(found->count, sizeof *prints);
    found->blank = sg_allocate(found->count, sizeof *found->blank);
    found->repeated = sg_allocate(found->count, sizeof *found->repeated);
    if (!prints || !found->blank || !found->repeated) {
        free(prints);
        return sg_fail_memory(error, "%zu pictures", found->count);
    }
    const size_t count = list_good(work, prints);
    if (count > 0)
        qsort(prints, count, sizeof *prints, compare_prints);
    for (size_t i = 1, first = 0; i < count; i++)
        if (sg_fingerprint_compare(&prints[i].print, &prints[first].print) == 0)
            found->repeated[found->repeated_count++] =
                (sg_repeated_picture){prints[i].index, prints[first].index};
        else
            first = i;
    if (found->repeated_count > 0)
        qsort(found->repeated, found->repeated_count, sizeof *found->repeated, compare_repeated);
    free(prints);
    return SG_OK;
}

/* ---- the whole ---- */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static sg_status examine(scan *work, sg_error *error)
{
    const size_t all = work->source->count;
    const size_t wanted = work->plan->wanted > 0 ? work->plan->wanted : all;
    size_t good = 0;
    SG_TRY(decode_up_to(work, smaller(wanted, all), error));
    SG_TRY(judge_anew(work, &good, error));
    while (good < wanted && work->decoded < all) {
        /* at least as many again, since all are compared each time */
        const size_t more = wanted - good > work->decoded ? wanted - good : work->decoded;
        SG_TRY(decode_up_to(work, work->decoded + smaller(more, all - work->decoded), error));
        SG_TRY(judge_anew(work, &good, error));
    }
    return find_useless(work, error);
}

sg_status sg_examine_pictures(const sg_picture_source *source, const sg_examination_plan *plan,
                              sg_examination *examination, sg_error *error)
{
    *examination = (sg_examination){0};
    scan work = {.source = source, .plan = plan, .found = examination};
    const sg_status status = examine(&work, error);
    for (size_t i = 0; i < work.decoded; i++)
        free(work.pictures[i].reason);
    free(work.pictures);
    return status;
}

size_t *sg_examination_choose(const sg_examination *examination, bool fix, size_t *count)
{
    size_t bad = 0;
    size_t *indices = sg_allocate(examination->count, sizeof *indices);
    *count = 0;
    for (size_t i = 0; i < examination->count && indices; i++) {
        const bool is_bad = bad < examination->bad_count && examination->bad[bad].index == i;
        if (!is_bad || (fix && examination->bad[bad].repairable))
            indices[(*count)++] = i;
        bad += is_bad ? 1 : 0;
    }
    return indices;
}

void sg_examination_clear(sg_examination *examination)
{
    for (size_t i = 0; i < examination->bad_count; i++)
        free(examination->bad[i].reason);
    free(examination->bad);
    free(examination->repeated);
    free(examination->blank);
    free(examination->obstacle);
    free(examination->smallness);
    *examination = (sg_examination){0};
}
