/*
 * Fingerprints and records of sets of pictures; see reference_set.h.
 * Tested by: tests/cli/test_metrics.c
 */
#include "metrics/measure/reference_set.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"
#include "data/kinds/open_dataset.h"

enum { NOTE_BYTES = 1024, LARGEST_RECORD = 1 << 28 };

/* The most bytes of pixels that a fingerprint takes; more take longer than they are worth. */
static const double most_pixels = 1 << 30;

/* ---- fingerprint ---- */

/* Returns how many of the pictures are hashed. */
static size_t hashed_count(const sg_reference_set *set)
{
    const sg_picture_stream *stream = &set->stream;
    const double bytes = 3.0 * (double)stream->height * (double)stream->width;
    const double most = most_pixels / bytes;
    if ((double)set->images <= most)
        return set->images;
    return most < 1 ? 1 : (size_t)most;
}

sg_status sg_reference_identify(sg_reference_set *set, const sg_watch *watch, sg_error *error)
{
    sg_picture_stream *stream = &set->stream;
    const size_t size = 3 * stream->height * stream->width;
    const size_t count = hashed_count(set);
    char head[128];
    sg_sha256 hash;
    uint8_t *rgb = sg_allocate(stream->height, 3 * stream->width);
    if (!rgb)
        return sg_fail_memory(error, "a picture of %s", set->path);
    snprintf(head, sizeof head, "%zu pictures of %zux%zu", set->images, stream->width,
             stream->height);
    sg_sha256_begin(&hash);
    sg_sha256_add(&hash, head, strlen(head));
    sg_status status = SG_OK;
    for (size_t i = 0; i < count && !status; i++) {
        const size_t index =
            count == set->images ? i : (size_t)((double)i * (double)set->images / (double)count);
        status = sg_stream_read(stream, index, rgb, error);
        if (!status)
            sg_sha256_add(&hash, rgb, size);
        if (!status && sg_watch_step(watch, (double)i, (double)count, "fingerprint of the reals"))
            status = sg_fail(error, SG_ERROR_CANCELLED, "measuring was stopped");
    }
    sg_sha256_end(&hash, set->fingerprint);
    free(rgb);
    return status;
}

/* ---- record ---- */

static bool is_jpeg(const char *name)
{
    static const char *const endings[] = {".jpg", ".jpeg", ".JPG", ".JPEG"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (sg_has_suffix(name, endings[i]))
            return true;
    return false;
}

/* Reads the member "filter" of a file that may be dataset.json. */
static void read_record(const sg_picture_source *source, const sg_picture *file,
                        char filter[SG_FILTER_BYTES])
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    if (!sg_has_suffix(file->name, "dataset.json") ||
        source->functions->fetch(source->state, file, LARGEST_RECORD, &bytes, &size, NULL))
        return;
    cJSON *root = cJSON_ParseWithLength((const char *)bytes, size);
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(root, "filter");
    if (cJSON_IsString(member))
        snprintf(filter, SG_FILTER_BYTES, "%s", member->valuestring);
    cJSON_Delete(root);
    free(bytes);
}

static void read_traits(const char *path, size_t *jpegs, char filter[SG_FILTER_BYTES])
{
    sg_picture_source *source = NULL;
    *jpegs = 0;
    filter[0] = '\0';
    if (sg_picture_source_open_unlabelled(path, &source, NULL))
        return;
    for (size_t i = 0; i < source->count; i++)
        *jpegs += is_jpeg(source->pictures[i].name);
    for (size_t i = 0; i < source->label_files.count && source->functions->fetch; i++)
        read_record(source, &source->label_files.files[i], filter);
    sg_picture_source_destroy(source);
}

void sg_reference_filter(const char *path, char filter[SG_FILTER_BYTES])
{
    size_t jpegs;
    read_traits(path, &jpegs, filter);
}

void sg_reference_warn(const sg_reference_set *set, const sg_watch *watch)
{
    char note[NOTE_BYTES];
    snprintf(note, sizeof note,
             "%zu of the %zu pictures in %.600s are JPEG files, whose blocks and lost colours "
             "distances notice: figures are comparable only with those of the same files",
             set->jpegs, set->images, set->path);
    if (set->jpegs > 0)
        sg_watch_note(watch, note);
}

void sg_reference_compare(const sg_reference_set *set, const sg_reference_set *other,
                          const sg_watch *watch)
{
    char note[NOTE_BYTES];
    snprintf(note, sizeof note,
             "%.300s was resized by the filter %s and %.300s by %s, and distances notice the "
             "filter; make both sets by the same one",
             set->path, set->filter, other->path, other->filter);
    if (set->filter[0] && other->filter[0] && strcmp(set->filter, other->filter) != 0)
        sg_watch_note(watch, note);
}

sg_status sg_reference_open(sg_reference_set *set, const char *path, bool mirror, sg_error *error)
{
    set->path = path;
    SG_TRY(sg_stream_open_set(&set->stream, path, mirror, error));
    set->images = set->stream.count / (mirror ? 2 : 1);
    read_traits(path, &set->jpegs, set->filter);
    return SG_OK;
}

void sg_reference_close(sg_reference_set *set)
{
    sg_stream_close(&set->stream);
    *set = (sg_reference_set){0};
}
