/*
 * The cache of a run's data; see run_cache.h.
 * Tested by: tests/cli/test_train_data.c
 */
#include "train/run/run_cache.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/file.h"
#include "data/kinds/open_dataset.h"
#include "data/picture_base.h"
#include "data/sources/dataset_doctor.h"
#include "data/sources/dataset_writer.h"

enum { MOST_REASONS = 5 }; /* of pictures that are left out */

/* ---- the archive's name ---- */

/* Adds bytes to a hash: Fowler, Noll and Vo's, variant 1a of 64 bits. */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Hashes what the set depends on, but not the pixels. *ready tells whether all pictures are alike
 * squares of `side` pixels. */
static uint64_t hash_source(const sg_picture_source *source, size_t side, bool *ready)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    size_t channels = 0;
    *ready = true;
    for (size_t i = 0; i < source->count; i++) {
        const sg_picture *picture = &source->pictures[i];
        sg_image_shape shape = {0};
        const bool bad = sg_picture_source_measure(source, i, &shape, NULL);
        const uint64_t numbers[] = {shape.width, shape.height, shape.channels,
                                    (uint64_t)(int64_t)picture->label};
        channels = i == 0 ? shape.channels : channels;
        *ready = *ready && !bad && shape.width == side && shape.height == side &&
                 shape.channels == channels;
        hash = hash_bytes(hash, picture->name, strlen(picture->name) + 1);
        hash = hash_bytes(hash, numbers, sizeof numbers);
    }
    if (source->label_values)
        hash = hash_bytes(hash, source->label_values,
                          source->label_rows * source->label_count * sizeof(float));
    return hash_bytes(hash, source->path, strlen(source->path));
}

/* Writes the archive's path to run->cache. */
static sg_status name_cache(sg_run_state *run, const sg_picture_source *source, uint64_t hash,
                            sg_error *error)
{
    size_t length = 0;
    const int side = run->options.resolution;
    const char *last = sg_path_last(source->path, &length);
    const bool named = length > 0 && last[0] != '.';
    if (named && length > 4 && strncmp(last + length - 4, ".zip", 4) == 0)
        length -= 4;
    const int written =
        snprintf(run->cache, sizeof run->cache, "%s/%.*s-%dx%d-%08" PRIx32 ".zip",
                 run->options.outdir, named ? (int)(length < 100 ? length : 100) : 8,
                 named ? last : "pictures", side, side, (uint32_t)(hash ^ hash >> 32));
    return written < (int)sizeof run->cache
               ? SG_OK
               : sg_fail(error, SG_ERROR_FILE, "\"outdir\" is too long: %.200s", run->cache);
}

/* ---- the set ---- */

static bool show_progress(void *user, double done, double total, const char *remark)
{
    const sg_run_state *run = user;
    (void)remark;
    return run->callbacks.prepare && run->callbacks.prepare(run->callbacks.user, done, total);
}

/* Notes which pictures are left out, and why. */
static void note_left_out(sg_run_state *run, const sg_examination *found, size_t taken)
{
    size_t noted = 0;
    if (taken == found->count)
        return;
    sg_text_append(&run->notes, "Warning: %zu of %zu pictures are left out:\n",
                   found->count - taken, found->count);
    for (size_t i = 0; i < found->bad_count; i++) {
        sg_bad_picture *bad = &found->bad[i];
        if (!bad->repairable && noted++ < MOST_REASONS)
            sg_text_append(&run->notes, "  %s\n", sg_text_make_safe(bad->reason));
    }
    if (noted > MOST_REASONS)
        sg_text_append(&run->notes, "  and %zu more\n", noted - MOST_REASONS);
}

/* Fills in what a dry run needs to know of the set. */
static void describe_set(sg_run_state *run, const sg_set_plan *plan)
{
    const size_t side = plan->transform.width;
    run->info = (sg_dataset_info){.image_count = plan->count,
                                  .height = side,
                                  .width = side,
                                  .channels = plan->channels,
                                  .label_count = plan->source->label_count};
    sg_text_append(&run->notes, "Note: the training would bring %zu pictures to %zux%zu pixels\n",
                   plan->count, side, side);
}

/* Writes the archive of the examined pictures, or in a dry run only says what it would hold. */
static sg_status write_cache(sg_run_state *run, const sg_set_plan *plan, sg_error *error)
{
    const size_t side = plan->transform.width;
    if (run->options.dry_run) {
        describe_set(run, plan);
        return SG_OK;
    }
    sg_text_append(&run->notes, "Note: brought %zu pictures of %s to %zux%zu pixels, in %s\n",
                   plan->count, plan->source->path, side, side, run->cache);
    return sg_dataset_write(plan, run->cache, error);
}

static sg_status make_cache(sg_run_state *run, const sg_picture_source *source, sg_error *error)
{
    const size_t side = (size_t)run->options.resolution;
    const sg_watch watch = {.user = run, .step = show_progress};
    sg_examination found = {0};
    size_t *indices = NULL;
    sg_set_plan plan = {.source = source,
                        .transform = {SG_TRANSFORM_CENTER_CROP, side, side, SG_RESIZE_LANCZOS},
                        .watch = &watch};
    const sg_examination_plan examined = {
        .fixes = true, .transform = plan.transform, .watch = &watch};
    sg_status status = sg_examine_pictures(source, &examined, &found, error);
    if (!status && found.obstacle)
        status = sg_fail(error, SG_ERROR_SHAPE, "%s", found.obstacle);
    if (!status) {
        indices = sg_examination_choose(&found, true, &plan.count);
        status = indices ? SG_OK : sg_fail_memory(error, "%zu pictures", found.count);
    }
    if (!status && plan.count == 0)
        status = sg_fail(error, SG_ERROR_FORMAT, "%s: holds no good picture: %s", source->path,
                         found.bad[0].reason);
    plan.indices = indices;
    plan.channels = found.channels;
    if (!status)
        note_left_out(run, &found, plan.count);
    if (!status)
        status = write_cache(run, &plan, error);
    free(indices);
    sg_examination_clear(&found);
    return status;
}

/* Notes what the source says, whose labels come from the cache from now on. */
static void note_source(sg_run_state *run, const sg_picture_source *source)
{
    if (source->notes.bytes)
        sg_text_append(&run->notes, "%s", source->notes.bytes);
}

static sg_status convert(sg_run_state *run, const sg_picture_source *source, sg_error *error)
{
    bool ready = false;
    const uint64_t hash = hash_source(source, (size_t)run->options.resolution, &ready);
    if (ready)
        return SG_OK;
    note_source(run, source);
    if (run->options.dry_run)
        return make_cache(run, source, error);
    SG_TRY(name_cache(run, source, hash, error));
    if (sg_path_exists(run->cache))
        sg_text_append(&run->notes, "Note: took %s, which an earlier run made of %s\n", run->cache,
                       source->path);
    else
        SG_TRY(make_cache(run, source, error));
    run->options.data = run->cache;
    return SG_OK;
}

sg_status sg_run_convert_data(sg_run_state *run, sg_error *error)
{
    sg_picture_source *source = NULL;
    const int side = run->options.resolution;
    if (side < SG_SMALLEST_SIDE || side > SG_LARGEST_SIDE || (side & (side - 1)) != 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"resolution\" is %d, but must be 8, 16, 32 ... %d (a power of two)", side,
                       SG_LARGEST_SIDE);
    SG_TRY(run->options.conditional
               ? sg_picture_source_open(run->options.data, &source, error)
               : sg_picture_source_open_unlabelled(run->options.data, &source, error));
    const sg_status status = convert(run, source, error);
    sg_picture_source_destroy(source);
    return status;
}
