/* `stylegan dataset`: examines pictures, and makes a set for training of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"
#include "cli/options/command.h"
#include "cli/options/legacy_options.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/report.h"
#include "data/kinds/open_dataset.h"
#include "data/sources/dataset_doctor.h"
#include "data/sources/dataset_writer.h"
#include "image/channels.h"

static const sg_usage usage = {
    .command = "dataset",
    .synopsis = "SOURCE DEST [options]",
    .description =
        "Makes a set for training in the official layout: PNG pictures of one size in the folder\n"
        "or .zip archive DEST, with dataset.json for the labels. SOURCE is a folder of PNG or "
        "JPEG\n"
        "pictures (labels from sub-folders, dataset.json or labels.csv), a zip archive of those,\n"
        "or IDX files. Every picture is examined first; when some are bad, all of them are listed\n"
        "and nothing is written, unless --skip or --fix says what to do about them.",
    .examples = "  stylegan dataset photos set.zip --resolution 64 --transform center-crop --skip\n"
                "  stylegan dataset data/mnist digits.zip --resolution 16 --filter area"};

/* What the command line asks for. */
typedef struct dataset_arguments {
    const char *paths[2]; /* SOURCE, DEST */
    char *source;
    char *dest;
    char *resolution;
    char *transform;
    char *filter;
    int max_images;
    int skip;
    int fix;
} dataset_arguments;

/* ---- progress ---- */

static bool on_progress(void *argument, size_t done, size_t total)
{
    (void)total;
    sg_progress_update(argument, (double)done, NULL);
    return !sg_interrupted();
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

/* "64" or "640x360" into the transform. */
static bool parse_resolution(const char *text, sg_picture_transform *transform)
{
    const char *end = NULL;
    if (!parse_side(text, &end, &transform->width))
        return false;
    transform->height = transform->width;
    if (*end == 'x')
        return parse_side(end + 1, &end, &transform->height) && *end == '\0';
    return *end == '\0';
}

/* The exit status for a resolution that no network takes, or SG_EXIT_DONE. */
static int check_resolution(const sg_picture_transform *transform, const char *text)
{
    const bool wide = transform->kind == SG_TRANSFORM_CENTER_CROP_WIDE;
    const size_t width = transform->width;
    if (width < SG_SMALLEST_SIDE || (width & (width - 1)) != 0)
        return sg_old_usage_error(&usage,
                                  "--resolution %s has the width %zu, expected 8, 16, 32, 64 "
                                  "... (a power of two)",
                                  text, width);
    if (!wide && transform->height != width)
        return sg_old_usage_error(&usage,
                                  "--resolution %s is not square, as it must be without "
                                  "--transform center-crop-wide",
                                  text);
    if (wide && transform->height > width)
        return sg_old_usage_error(&usage,
                                  "--resolution %s is higher than wide, which "
                                  "--transform center-crop-wide cannot make",
                                  text);
    return SG_EXIT_DONE;
}

static int read_transform(const dataset_arguments *given, sg_picture_transform *transform)
{
    *transform = (sg_picture_transform){.filter = SG_RESIZE_LANCZOS};
    if (given->filter && !sg_resize_filter_by_name(given->filter, &transform->filter))
        return sg_old_usage_error(&usage, "--filter is '%s', expected box, lanczos or area",
                                  given->filter);
    if (given->transform && !sg_transform_by_name(given->transform, &transform->kind))
        return sg_old_usage_error(
            &usage, "--transform is '%s', expected center-crop, center-crop-wide or pad",
            given->transform);
    if (!given->resolution)
        return !given->transform && !given->filter
                   ? SG_EXIT_DONE
                   : sg_old_usage_error(&usage, "--%s needs --resolution beside it",
                                        given->transform ? "transform" : "filter");
    if (!parse_resolution(given->resolution, transform))
        return sg_old_usage_error(&usage,
                                  "--resolution is '%s', expected a number such as 64, or "
                                  "two such as 640x360",
                                  given->resolution);
    return check_resolution(transform, given->resolution);
}

/* SOURCE and DEST may also be given as options, as in the official program. */
static int read_paths(dataset_arguments *given)
{
    const char *const options[] = {given->source, given->dest};
    size_t next = 0;
    const char *positional[2] = {given->paths[0], given->paths[1]};
    for (size_t i = 0; i < 2; i++) {
        const bool is_free = !options[i] && next < 2;
        given->paths[i] = is_free ? positional[next++] : options[i];
    }
    if (next < 2 && positional[next])
        return sg_old_usage_error(&usage, "'%s' is one path too many", positional[next]);
    if (!given->paths[0] || !given->paths[1])
        return sg_old_usage_error(&usage, "%s is missing",
                                  !given->paths[0] ? "SOURCE, where the pictures are,"
                                                   : "DEST, the folder or .zip to write,");
    return SG_EXIT_DONE;
}

/* ---- what the doctor found ---- */

static void print_notes(const sg_picture_source *source)
{
    if (source->foreign_count > 0)
        sg_report_warning(usage.command,
                          "%s holds %zu pictures of other kinds than PNG and JPEG, which are not "
                          "read (the first: %s)",
                          source->path, source->foreign_count, source->first_foreign);
    if (source->unmatched_count > 0)
        sg_report_warning(
            usage.command, "%s/%s has labels for %zu pictures that are not there (the first: %s)",
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

/* Whether the examined pictures, without those that are left out, make a set. */
static sg_status check_findings(const dataset_arguments *given, const sg_examination *found,
                                sg_error *error)
{
    const size_t hopeless = found->bad_count - found->repairable_count;
    if (found->obstacle)
        return sg_fail(error, SG_ERROR_SHAPE, "%s", found->obstacle);
    if (found->smallness && !given->fix)
        return sg_fail(error, SG_ERROR_SHAPE, "%s", found->smallness);
    if (found->bad_count > 0 && !given->skip && !given->fix)
        return found->repairable_count > 0
                   ? sg_fail(error, SG_ERROR_FORMAT,
                             "nothing was written: --skip leaves the bad pictures out, --fix "
                             "repairs %zu of them and leaves out %zu",
                             found->repairable_count, hopeless)
                   : sg_fail(error, SG_ERROR_FORMAT,
                             "nothing was written: --skip leaves the bad pictures out");
    if ((given->fix ? hopeless : found->bad_count) == found->count)
        return sg_fail(error, SG_ERROR_FORMAT, "nothing was written: no good picture is left");
    return SG_OK;
}

/* The pictures to take, in their order; *count of them. NULL on lack of memory. */
static size_t *choose_pictures(const dataset_arguments *given, const sg_examination *found,
                               size_t *count)
{
    size_t bad = 0;
    size_t *indices = sg_allocate(found->count, sizeof *indices);
    *count = 0;
    for (size_t i = 0; i < found->count && indices; i++) {
        const bool is_bad = bad < found->bad_count && found->bad[bad].index == i;
        if (!is_bad || (given->fix && found->bad[bad].repairable))
            indices[(*count)++] = i;
        bad += is_bad ? 1 : 0;
    }
    return indices;
}

/* ---- the work ---- */

static void print_result(const dataset_arguments *given, const sg_examination *found,
                         const sg_set_plan *plan)
{
    if (found->bad_count > 0) {
        const size_t left_out = found->count - plan->count;
        fprintf(stderr, "stylegan: dataset: %zu repaired, %zu left out\n",
                found->bad_count - left_out, left_out);
    }
    printf("Wrote %zu %s picture%s", plan->count, sg_channels_name(plan->channels),
           plan->count == 1 ? "" : "s");
    if (plan->transform.width > 0)
        printf(" of %zux%zu pixels", plan->transform.width, plan->transform.width);
    if (plan->source->label_count > 0)
        printf(" in %zu classes", plan->source->label_count);
    printf(" to %s\n", given->paths[1]);
}

static sg_status examine(const dataset_arguments *given, const sg_picture_source *source,
                         const sg_picture_transform *transform, sg_examination *found,
                         sg_error *error)
{
    sg_progress progress;
    const size_t limit = given->max_images > 0 ? (size_t)given->max_images : source->count;
    sg_progress_start(&progress, "examining", "pictures", 0,
                      (double)(limit < source->count ? limit : source->count));
    sg_status status =
        sg_examine_pictures(source, limit, transform, on_progress, &progress, found, error);
    sg_progress_finish(&progress);
    if (!status) {
        print_notes(source);
        print_bad(found);
        status = check_findings(given, found, error);
    }
    return status;
}

static sg_status write_set(const dataset_arguments *given, const sg_picture_source *source,
                           const sg_picture_transform *transform, const sg_examination *found,
                           sg_error *error)
{
    sg_progress progress;
    sg_set_plan plan = {.source = source,
                        .transform = *transform,
                        .channels = found->channels,
                        .progress = on_progress,
                        .argument = &progress};
    size_t *indices = choose_pictures(given, found, &plan.count);
    if (!indices)
        return sg_fail_memory(error, "a context");
    plan.indices = indices;
    sg_progress_start(&progress, "writing", "pictures", 0, (double)plan.count);
    const sg_status status = sg_dataset_write(&plan, given->paths[1], error);
    sg_progress_finish(&progress);
    if (!status)
        print_result(given, found, &plan);
    free(indices);
    return status;
}

static sg_status run(const dataset_arguments *given, const sg_picture_transform *transform,
                     sg_error *error)
{
    sg_picture_source *source = NULL;
    sg_examination found = {0};
    sg_status status = sg_dataset_check_destination(given->paths[1], error);
    if (!status)
        status = sg_picture_source_open(given->paths[0], &source, error);
    if (!status)
        status = examine(given, source, transform, &found, error);
    if (!status)
        status = write_set(given, source, transform, &found, error);
    sg_examination_clear(&found);
    sg_picture_source_destroy(source);
    return status;
}

int sg_command_dataset(int argc, const char **argv);
int sg_command_dataset(int argc, const char **argv)
{
    dataset_arguments given = {.max_images = -1};
    sg_picture_transform transform;
    sg_error error = {0};
    const struct poptOption table[] = {
        {"resolution", 0, POPT_ARG_STRING, &given.resolution, 0,
         "resize to N pixels a side, or WxH with center-crop-wide", "N|WxH"},
        {"transform", 0, POPT_ARG_STRING, &given.transform, 0,
         "center-crop, center-crop-wide or pad (default: stretch)", "NAME"},
        {"filter", 0, POPT_ARG_STRING, &given.filter, 0, "box, lanczos or area (default lanczos)",
         "NAME"},
        {"max-images", 0, POPT_ARG_INT, &given.max_images, 0, "take the first N pictures only",
         "N"},
        {"skip", 0, POPT_ARG_NONE, &given.skip, 0, "leave bad pictures out", NULL},
        {"fix", 0, POPT_ARG_NONE, &given.fix, 0,
         "repair bad pictures where that is possible, leave out the others", NULL},
        {"source", 0, POPT_ARG_STRING, &given.source, 0, "another way to give SOURCE", "PATH"},
        {"dest", 0, POPT_ARG_STRING, &given.dest, 0, "another way to give DEST", "PATH"},
        POPT_TABLEEND};
    switch (sg_options_parse(&usage, table, argc, argv, given.paths, 2)) {
    case SG_PARSED_HELP:
        return SG_EXIT_DONE;
    case SG_PARSED_BAD:
        return SG_EXIT_USAGE;
    case SG_PARSED_GO:
        break;
    }
    if (given.max_images != -1 && given.max_images < 1)
        return sg_old_usage_error(&usage, "--max-images is %d, expected 1 or more",
                                  given.max_images);
    int status = read_paths(&given);
    status = status == SG_EXIT_DONE ? read_transform(&given, &transform) : status;
    if (status != SG_EXIT_DONE)
        return status;
    sg_interrupt_watch();
    return !run(&given, &transform, &error) ? SG_EXIT_DONE
                                            : sg_report_failure(usage.command, &error);
}
