/* `stylegan dataset`: examines pictures, and makes a set for training of them.
 * Tested by: tests/cli/test_dataset.c */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"
#include "cli/options/options.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/report.h"
#include "data/kinds/open_dataset.h"
#include "data/picture_base.h"
#include "data/sources/dataset_doctor.h"
#include "data/sources/dataset_writer.h"
#include "image/channels.h"

/* What the command line asks for. */
typedef struct dataset_options {
    const char *source, *dest;
    sg_picture_transform transform;
    int max_images; /* where it was given */
    bool skip, fix;
    sg_given given;
} dataset_options;

static const char command_name[] = "dataset";

/* ---- progress ---- */

static bool show_progress(void *progress, double done, double total, const char *remark)
{
    (void)total;
    sg_progress_update(progress, done, remark);
    return sg_interrupted();
}

/* ---- options ---- */

static bool parse_side(const char *text, const char **end, size_t *side)
{
    char *stop = NULL;
    if (text[0] < '1' || text[0] > '9')
        return false;
    const unsigned long value = strtoul(text, &stop, 10);
    *end = stop;
    *side = value;
    return value <= 65536;
}

/* Reads "64" or "640x360" into the transform. */
static sg_status parse_resolution(const char *text, void *value, sg_error *error)
{
    sg_picture_transform *transform = value;
    const char *end = NULL;
    bool whole = parse_side(text, &end, &transform->width);
    transform->height = transform->width;
    if (whole && *end == 'x')
        whole = parse_side(end + 1, &end, &transform->height);
    if (whole && *end == '\0')
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "is \"%s\", but must be a number such as 64, or two such as 640x360", text);
}

static const sg_field_codec resolution_codec = {.parse = parse_resolution};

static const sg_field dataset_fields[] = {
    {SG_TEXT(dataset_options, source),
     SG_OPTION("source", "PATH", "where the pictures are: SOURCE"),
     SG_FLAGS(SG_FIELD_POSITIONAL | SG_FIELD_REQUIRED), SG_GROUP("Data")},
    {SG_TEXT(dataset_options, dest),
     SG_OPTION("dest", "PATH", "the folder or .zip archive to write: DEST"),
     SG_FLAGS(SG_FIELD_POSITIONAL | SG_FIELD_REQUIRED)},
    {SG_INT(dataset_options, max_images, 1, INT_MAX),
     SG_OPTION("max-images", "N", "take the first N pictures only")},
    {SG_CODED(dataset_options, transform, &resolution_codec),
     SG_OPTION("resolution", "N|WxH", "resize to N pixels a side, or to W wide and H high"),
     SG_GROUP("Pictures")},
    {SG_CHOICE(dataset_options, transform.kind, &sg_transform_choices),
     SG_OPTION("transform", "NAME",
               "which part of a picture is taken: center-crop, center-crop-wide, pad or stretch"),
     SG_USUAL("stretch")},
    {SG_CHOICE(dataset_options, transform.filter, &sg_resize_choices),
     SG_OPTION("filter", "NAME", "how pictures are resized: box, lanczos or area"),
     SG_USUAL("lanczos")},
    {SG_FLAG(dataset_options, skip), SG_OPTION("skip", NULL, "leave bad pictures out"),
     SG_GROUP("Bad pictures")},
    {SG_FLAG(dataset_options, fix),
     SG_OPTION("fix", NULL, "repair bad pictures where that is possible, leave out the others")},
};
static const SG_FIELD_TABLE(dataset_fields, NULL);

static bool is_given(const dataset_options *options, size_t offset)
{
    return sg_given_at(&dataset_fields_table, &options->given, offset);
}

/* Returns the exit status for a resolution that no network takes, or SG_EXIT_DONE. */
static int check_transform(const sg_command *command, const dataset_options *options)
{
    const sg_picture_transform *transform = &options->transform;
    const bool wide = transform->kind == SG_TRANSFORM_CENTER_CROP_WIDE;
    const bool kind = is_given(options, offsetof(dataset_options, transform.kind));
    const size_t width = transform->width;
    size_t height = transform->height;
    sg_picture_base size;
    if (width == 0)
        return kind || is_given(options, offsetof(dataset_options, transform.filter))
                   ? sg_usage_error(command, "--%s needs --resolution beside it",
                                    kind ? "transform" : "filter")
                   : SG_EXIT_DONE;
    if ((wide || transform->height == width) &&
        (width < SG_SMALLEST_SIDE || width > SG_LARGEST_SIDE || (width & (width - 1)) != 0))
        return sg_usage_error(command,
                              "--resolution has the width %zu, but must have 8, 16, 32, 64 ... "
                              "4096 (a power of two)",
                              width);
    if (!wide && transform->height != width && !sg_picture_base_find(height, width, &size)) {
        size_t near_width = width;
        sg_picture_base_near(&height, &near_width);
        return sg_usage_error(command,
                              "--resolution is %zux%zu, but a network's rectangles are a constant "
                              "with 3 to 16 pixels on its shorter side, doubled again and again, "
                              "such as %zux%zu",
                              width, transform->height, near_width, height);
    }
    if (wide && transform->height > width)
        return sg_usage_error(command,
                              "--resolution is %zux%zu, higher than wide, which --transform "
                              "center-crop-wide cannot make",
                              width, transform->height);
    return SG_EXIT_DONE;
}

/* ---- what the doctor found ---- */

static void print_notes(const sg_picture_source *source)
{
    char foreign[320];
    if (source->foreign_count > 0)
        sg_report_warning(command_name, "%s holds %s", source->path,
                          sg_foreign_pictures_describe(source, foreign, sizeof foreign));
    if (source->unmatched_count > 0)
        sg_report_warning(
            command_name, "%s/%s has labels for %zu pictures that are not there (the first: %s)",
            source->path, source->label_file, source->unmatched_count, source->first_unmatched);
}

/* Lists all bad pictures on standard error. */
static void print_bad(const sg_examination *found)
{
    if (found->bad_count == 0)
        return;
    fprintf(stderr, "stylegan: dataset: %zu of %zu pictures %s bad:\n", found->bad_count,
            found->count, found->bad_count == 1 ? "is" : "are");
    for (size_t i = 0; i < found->bad_count; i++)
        fprintf(stderr, "  %s%s\n", sg_text_make_safe(found->bad[i].reason),
                found->bad[i].repairable ? " [--fix repairs it]" : "");
}

/* Checks that the examined pictures, except those left out, make a set. */
static sg_status check_findings(const dataset_options *options, const sg_examination *found,
                                sg_error *error)
{
    const size_t hopeless = found->bad_count - found->repairable_count;
    if (found->obstacle)
        return sg_fail(error, SG_ERROR_SHAPE, "%s", found->obstacle);
    if (found->smallness && !options->fix)
        return sg_fail(error, SG_ERROR_SHAPE, "%s", found->smallness);
    if (found->bad_count > 0 && !options->skip && !options->fix)
        return found->repairable_count > 0
                   ? sg_fail(error, SG_ERROR_FORMAT,
                             "nothing was written: --skip leaves the bad pictures out, --fix "
                             "repairs %zu of them and leaves out %zu",
                             found->repairable_count, hopeless)
                   : sg_fail(error, SG_ERROR_FORMAT,
                             "nothing was written: --skip leaves the bad pictures out");
    if ((options->fix ? hopeless : found->bad_count) == found->count)
        return sg_fail(error, SG_ERROR_FORMAT, "nothing was written: no good picture is left");
    return SG_OK;
}

/* Returns the pictures to take, in their order; *count of them. NULL on lack of memory. */
static size_t *choose_pictures(const dataset_options *options, const sg_examination *found,
                               size_t *count)
{
    size_t bad = 0;
    size_t *indices = sg_allocate(found->count, sizeof *indices);
    *count = 0;
    for (size_t i = 0; i < found->count && indices; i++) {
        const bool is_bad = bad < found->bad_count && found->bad[bad].index == i;
        if (!is_bad || (options->fix && found->bad[bad].repairable))
            indices[(*count)++] = i;
        bad += is_bad ? 1 : 0;
    }
    return indices;
}

/* ---- the work ---- */

static void print_result(const dataset_options *options, const sg_examination *found,
                         const sg_set_plan *plan)
{
    if (found->bad_count > 0) {
        const size_t left_out = found->count - plan->count;
        fprintf(stderr, "stylegan: dataset: %zu repaired, %zu left out\n",
                found->bad_count - left_out, left_out);
    }
    printf("Wrote %zu %s picture%s", plan->count, sg_channels_name(plan->channels),
           plan->count == 1 ? "" : "s");
    const sg_picture_transform *transform = &plan->transform;
    const bool wide = transform->kind == SG_TRANSFORM_CENTER_CROP_WIDE;
    if (transform->width > 0)
        printf(" of %zux%zu pixels", transform->width, wide ? transform->width : transform->height);
    if (plan->source->label_count > 0)
        printf(" in %zu classes", plan->source->label_count);
    printf(" to %s\n", options->dest);
}

static sg_status examine(const dataset_options *options, const sg_picture_source *source,
                         sg_examination *found, sg_error *error)
{
    sg_progress progress;
    const sg_watch watch = {.user = &progress, .step = show_progress};
    const size_t limit = options->max_images > 0 ? (size_t)options->max_images : source->count;
    sg_progress_start(&progress, "examining", "pictures", 0,
                      (double)(limit < source->count ? limit : source->count));
    sg_status status =
        sg_examine_pictures(source, limit, &options->transform, &watch, found, error);
    sg_progress_clear(&progress);
    if (!status) {
        print_notes(source);
        print_bad(found);
        status = check_findings(options, found, error);
    }
    return status;
}

static sg_status write_set(const dataset_options *options, const sg_picture_source *source,
                           const sg_examination *found, sg_error *error)
{
    sg_progress progress;
    const sg_watch watch = {.user = &progress, .step = show_progress};
    sg_set_plan plan = {.source = source,
                        .transform = options->transform,
                        .channels = found->channels,
                        .watch = &watch};
    size_t *indices = choose_pictures(options, found, &plan.count);
    if (!indices)
        return sg_fail_memory(error, "a context");
    plan.indices = indices;
    sg_progress_start(&progress, "writing", "pictures", 0, (double)plan.count);
    const sg_status status = sg_dataset_write(&plan, options->dest, error);
    sg_progress_clear(&progress);
    if (!status)
        print_result(options, found, &plan);
    free(indices);
    return status;
}

static sg_status make_set(const dataset_options *options, sg_error *error)
{
    sg_picture_source *source = NULL;
    sg_examination found = {0};
    sg_status status = sg_dataset_check_destination(options->dest, error);
    if (!status)
        status = sg_picture_source_open(options->source, &source, error);
    if (!status)
        status = examine(options, source, &found, error);
    if (!status)
        status = write_set(options, source, &found, error);
    sg_examination_clear(&found);
    sg_picture_source_destroy(source);
    return status;
}

static int run(const sg_command *command, void *given)
{
    const dataset_options *options = given;
    sg_error error = {0};
    const int refused = check_transform(command, options);
    if (refused)
        return refused;
    sg_interrupt_watch();
    return make_set(options, &error) ? sg_report_failure(command->name, &error) : SG_EXIT_DONE;
}

static const dataset_options defaults = {.transform.filter = SG_RESIZE_LANCZOS};
static const sg_option_group groups[] = {
    {&dataset_fields_table, 0, offsetof(dataset_options, given), NULL}};

const sg_command sg_dataset_command = {
    .name = command_name,
    .summary = "Examine pictures and make a set for training of them",
    .synopsis = "SOURCE DEST [options]",
    .description =
        "Makes a set for training in the official layout: PNG pictures of one size in the folder "
        "or .zip archive DEST, with dataset.json for the labels. SOURCE is a folder of pictures "
        "(labels from sub-folders, dataset.json or labels.csv), a zip archive of those, "
        "or IDX files. Every picture is examined first; when some are bad, all of them are listed "
        "and nothing is written, unless --skip or --fix says what to do about them.",
    .examples = "  stylegan dataset photos set.zip --resolution 64 --transform center-crop --skip\n"
                "  stylegan dataset photos wide.zip --resolution 640x384 --transform center-crop\n"
                "  stylegan dataset data/mnist digits.zip --resolution 16 --filter area",
    SG_TAKES(groups, dataset_options),
    .defaults = &defaults,
    .run = run,
};
