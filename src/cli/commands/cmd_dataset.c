/* `stylegan dataset`: examines pictures, and makes a set for training of them.
 * Tested by: tests/cli/test_dataset.c */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/text.h"
#include "cli/options/help.h"
#include "cli/options/options.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/report.h"
#include "data/kinds/open_dataset.h"
#include "data/picture_base.h"
#include "data/sources/dataset_doctor.h"
#include "data/sources/dataset_overview.h"
#include "data/sources/dataset_writer.h"
#include "image/channels.h"

/* What the command line asks for. */
typedef struct dataset_options {
    const char *source, *dest;
    const char *overview; /* or NULL */
    sg_picture_transform transform;
    int width, height; /* the resolution, in place of the transform's; where they were given */
    int channels;      /* index into channel_names; where it was given */
    int max_images;    /* where it was given */
    bool skip, fix, compress, follow_links;
    sg_given given;
} dataset_options;

static const char command_name[] = "dataset";

enum { MOST_NAMED = 10 }; /* pictures in a warning */

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

static bool is_usual_side(size_t side)
{
    return side >= SG_SMALLEST_SIDE && side <= SG_LARGEST_SIDE && (side & (side - 1)) == 0;
}

/* Reads "64" or "640x360" into the transform. One number is the side that most networks want; a
 * square with another, such as 96x96, is spelled out. */
static sg_status parse_resolution(const char *text, void *value, sg_error *error)
{
    sg_picture_transform *transform = value;
    const char *end = NULL;
    bool whole = parse_side(text, &end, &transform->width);
    transform->height = transform->width;
    const bool both = whole && *end == 'x';
    const size_t side = transform->width;
    if (both)
        whole = parse_side(end + 1, &end, &transform->height);
    if (whole && *end == '\0')
        return both || is_usual_side(side)
                   ? SG_OK
                   : sg_fail(error, SG_ERROR_ARGUMENT,
                             "has the width %zu, but must have 8, 16, 32, 64 ... 4096 (a power of "
                             "two), or both sides as in 96x96",
                             side);
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "is \"%s\", but must be a number such as 64, or two such as 640x360", text);
}

static const char *const channel_names[] = {"1", "3", "4"};
static const size_t channel_counts[] = {1, 3, 4};
static const sg_choices channel_choices = SG_CHOICES(channel_names);

static const sg_field_codec resolution_codec = {.parse = parse_resolution};

static const sg_field dataset_fields[] = {
    {SG_TEXT(dataset_options, source),
     SG_OPTION("source", "PATH", "where the pictures are: SOURCE"),
     SG_FLAGS(SG_FIELD_POSITIONAL | SG_FIELD_REQUIRED), SG_GROUP("Data")},
    {SG_TEXT(dataset_options, dest),
     SG_OPTION("dest", "PATH", "the folder or .zip archive to write: DEST"),
     SG_FLAGS(SG_FIELD_POSITIONAL | SG_FIELD_REQUIRED)},
    {SG_FLAG(dataset_options, follow_links),
     SG_OPTION("follow-links", NULL, "take also what symbolic links out of SOURCE lead to")},
    {SG_INT(dataset_options, max_images, 1, INT_MAX),
     SG_OPTION("max-images", "N", "take the first N good pictures only")},
    {SG_TEXT(dataset_options, overview),
     SG_OPTION("overview", "FILE.png", "also write a sheet that shows a sample of the set")},
    {SG_FLAG(dataset_options, compress),
     SG_OPTION("compress", NULL, "compress the PNG files: a smaller set, slower to read")},
    {SG_CODED(dataset_options, transform, &resolution_codec),
     SG_OPTION("resolution", "N|WxH", "resize to N pixels a side, or to W wide and H high"),
     SG_GROUP("Pictures")},
    {SG_INT(dataset_options, width, SG_SMALLEST_SIDE, SG_LARGEST_SIDE),
     SG_OPTION("width", "W", "the width of --resolution WxH, with --height")},
    {SG_INT(dataset_options, height, SG_SMALLEST_SIDE, SG_LARGEST_SIDE),
     SG_OPTION("height", "H", "the height of --resolution WxH, with --width")},
    {SG_CHOICE(dataset_options, transform.kind, &sg_transform_choices),
     SG_OPTION("transform", "NAME",
               "which part of a picture is taken: center-crop, center-crop-wide, "
               "center-crop-tall, pad or stretch"),
     SG_USUAL("stretch")},
    {SG_CHOICE(dataset_options, transform.filter, &sg_resize_choices),
     SG_OPTION("resize-filter", "NAME",
               "how pictures are resized: lanczos, box, area, bilinear, hamming or bicubic"),
     SG_USUAL("lanczos")},
    {SG_CHOICE(dataset_options, transform.filter, &sg_resize_choices),
     SG_OPTION("filter", "NAME", "another name of --resize-filter")},
    {SG_CHOICE(dataset_options, channels, &channel_choices),
     SG_OPTION("force-channels", "N",
               "convert all pictures to grey (1), RGB (3) or RGBA (4); otherwise to what most are, "
               "where --fix allows it")},
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

/* Takes the resolution of --width and --height into the transform; returns the exit status. */
static int take_sides(const sg_command *command, dataset_options *options)
{
    const bool width = is_given(options, offsetof(dataset_options, width));
    const bool height = is_given(options, offsetof(dataset_options, height));
    if (width != height)
        return sg_usage_error(command, "--%s needs --%s beside it", width ? "width" : "height",
                              width ? "height" : "width");
    if (width && options->transform.width > 0)
        return sg_usage_error(command, "--resolution and --width exclude each other");
    if (width) {
        options->transform.width = (size_t)options->width;
        options->transform.height = (size_t)options->height;
    }
    return SG_EXIT_DONE;
}

/* Returns the exit status for a size that no network makes, or SG_EXIT_DONE. */
static int check_size(const sg_command *command, const sg_picture_transform *transform)
{
    const sg_image_shape made = sg_transform_shape(transform);
    size_t width = made.width;
    size_t height = made.height;
    sg_picture_base base;
    if (sg_picture_base_find(height, width, &base))
        return SG_EXIT_DONE;
    sg_picture_base_near(&height, &width);
    return sg_usage_error(command,
                          "--resolution is %zux%zu, but a network's pictures are a constant with "
                          "3 to 16 pixels on its shorter side, doubled again and again, such as "
                          "%zux%zu",
                          transform->width, transform->height, width, height);
}

/* Returns the exit status for a transform that cannot be made, or SG_EXIT_DONE. */
static int check_transform(const sg_command *command, const dataset_options *options)
{
    const sg_picture_transform *transform = &options->transform;
    const bool wide = transform->kind == SG_TRANSFORM_CENTER_CROP_WIDE;
    const bool kind = is_given(options, offsetof(dataset_options, transform.kind));
    if (transform->width == 0)
        return kind || is_given(options, offsetof(dataset_options, transform.filter))
                   ? sg_usage_error(command, "--%s needs --resolution beside it",
                                    kind ? "transform" : "resize-filter")
                   : SG_EXIT_DONE;
    if (sg_transform_is_band(transform->kind) &&
        (wide ? transform->height > transform->width : transform->width > transform->height))
        return sg_usage_error(
            command, "--resolution is %zux%zu, %s, which --transform %s cannot make",
            transform->width, transform->height, wide ? "higher than wide" : "wider than high",
            sg_transform_name(transform->kind));
    return check_size(command, transform);
}

/* ---- what the doctor found ---- */

/* Prints the collection's warnings, or its other notes. */
static void print_source_notes(const sg_picture_source *source, bool warnings)
{
    static const char mark[] = "Warning: ";
    const char *line = source->notes.bytes ? source->notes.bytes : "";
    for (size_t length = 0; *line; line += length + (line[length] ? 1 : 0)) {
        length = strcspn(line, "\n");
        const bool warns = strncmp(line, mark, sizeof mark - 1) == 0;
        const size_t skipped = warns ? sizeof mark - 1 : 0;
        if (warns && warnings)
            sg_report_warning(command_name, "%.*s", (int)(length - skipped), line + skipped);
        else if (!warns && !warnings)
            printf("%.*s\n", (int)length, line);
    }
}

static void print_notes(const sg_picture_source *source)
{
    sg_text text = {0};
    if (source->foreign_count > 0)
        sg_foreign_pictures_describe(source, "", &text);
    if (text.bytes)
        sg_report_warning(command_name, "%s", text.bytes);
    sg_text_clear(&text);
    print_source_notes(source, true);
}

/* Lists all bad pictures on standard error. */
static void print_bad(const sg_examination *found)
{
    sg_error reason;
    if (found->bad_count == 0)
        return;
    fprintf(stderr, "stylegan: dataset: %zu of %zu pictures %s bad:\n", found->bad_count,
            found->count, found->bad_count == 1 ? "is" : "are");
    for (size_t i = 0; i < found->bad_count; i++) {
        snprintf(reason.message, sizeof reason.message, "%s", found->bad[i].reason);
        sg_fields_respell(&dataset_fields_table, reason.message, sizeof reason.message);
        fprintf(stderr, "  %s%s\n", sg_text_make_safe(reason.message),
                found->bad[i].repairable ? " [--fix repairs it]" : "");
    }
}

/* Prints a heading of a warning about pictures. */
static void print_heading(size_t count, const char *one, const char *several)
{
    fprintf(stderr, "stylegan: dataset: warning: %zu picture%s:\n", count,
            count == 1 ? one : several);
}

static void print_rest(size_t count)
{
    if (count > MOST_NAMED)
        fprintf(stderr, "  and %zu more\n", count - MOST_NAMED);
}

static void print_name(const sg_picture_source *source, size_t index, const char *before)
{
    char *name = sg_picture_source_name(source, index);
    fprintf(stderr, "%s%s", before, name ? sg_text_make_safe(name) : "?");
    free(name);
}

/* Names the good pictures from which a network learns nothing new. */
static void print_useless(const sg_picture_source *source, const sg_examination *found)
{
    const size_t repeated = found->repeated_count;
    const size_t blank = found->blank_count;
    if (repeated > 0)
        print_heading(repeated, " has the pixels of another", "s have the pixels of others");
    for (size_t i = 0; i < repeated && i < MOST_NAMED; i++) {
        print_name(source, found->repeated[i].index, "  ");
        print_name(source, found->repeated[i].original, " = ");
        fputc('\n', stderr);
    }
    print_rest(repeated);
    if (blank > 0)
        print_heading(blank, " is almost of one colour", "s are almost of one colour");
    for (size_t i = 0; i < blank && i < MOST_NAMED; i++) {
        print_name(source, found->blank[i], "  ");
        fputc('\n', stderr);
    }
    print_rest(blank);
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

/* ---- the work ---- */

static void print_result(const dataset_options *options, const sg_examination *found,
                         const sg_set_plan *plan)
{
    if (found->bad_count > 0) {
        const size_t left_out = found->count - plan->count;
        fprintf(stderr, "stylegan: dataset: %zu repaired, %zu left out\n",
                found->bad_count - left_out, left_out);
    }
    print_source_notes(plan->source, false);
    printf("Wrote %zu %s picture%s", plan->count, sg_channels_name(plan->channels),
           plan->count == 1 ? "" : "s");
    const sg_image_shape made = sg_transform_shape(&plan->transform);
    if (made.width > 0)
        printf(" of %zux%zu pixels", made.width, made.height);
    if (plan->source->label_values)
        printf(" with %zu label value%s", plan->source->label_count,
               plan->source->label_count == 1 ? "" : "s");
    else if (plan->source->label_count > 0)
        printf(" in %zu class%s", plan->source->label_count,
               plan->source->label_count == 1 ? "" : "es");
    printf(" to %s\n", options->dest);
}

static sg_status examine(const dataset_options *options, const sg_picture_source *source,
                         sg_examination *found, sg_error *error)
{
    sg_progress progress;
    const sg_watch watch = {.user = &progress, .step = show_progress};
    const size_t limit = options->max_images > 0 ? (size_t)options->max_images : source->count;
    const bool converts = is_given(options, offsetof(dataset_options, channels));
    const sg_examination_plan plan = {
        .wanted = limit,
        .fixes = options->fix,
        .transform = options->transform,
        .channels = converts ? channel_counts[options->channels] : 0,
        .watch = &watch,
    };
    sg_progress_start(&progress, "examining", "pictures", 0,
                      (double)(limit < source->count ? limit : source->count));
    sg_status status = sg_examine_pictures(source, &plan, found, error);
    sg_progress_clear(&progress);
    if (!status) {
        print_notes(source);
        print_bad(found);
        print_useless(source, found);
        status = check_findings(options, found, error);
    }
    return status;
}

static sg_status write_overview(const sg_set_plan *plan, const char *path, sg_error *error)
{
    SG_TRY(sg_make_parent_folder(path, error));
    SG_TRY(sg_overview_write(plan, path, error));
    printf("A sample of it is in %s\n", path);
    return SG_OK;
}

static sg_status write_set(const dataset_options *options, const sg_picture_source *source,
                           const sg_examination *found, sg_error *error)
{
    sg_progress progress;
    const sg_watch watch = {.user = &progress, .step = show_progress};
    sg_set_plan plan = {.source = source,
                        .transform = options->transform,
                        .channels = found->channels,
                        .compressed = options->compress,
                        .watch = &watch};
    size_t *indices = sg_examination_choose(found, options->fix, &plan.count);
    if (!indices)
        return sg_fail_memory(error, "a context");
    plan.indices = indices;
    sg_progress_start(&progress, "writing", "pictures", 0, (double)plan.count);
    sg_status status = sg_dataset_write(&plan, options->dest, error);
    sg_progress_clear(&progress);
    if (!status)
        print_result(options, found, &plan);
    if (!status && options->overview)
        status = write_overview(&plan, options->overview, error);
    free(indices);
    return status;
}

static sg_status make_set(const dataset_options *options, sg_error *error)
{
    sg_picture_source *source = NULL;
    sg_examination found = {0};
    sg_status status = sg_dataset_check_destination(options->dest, error);
    if (!status)
        status = options->follow_links
                     ? sg_picture_source_open_linked(options->source, &source, error)
                     : sg_picture_source_open(options->source, &source, error);
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
    dataset_options *options = given;
    sg_error error = {0};
    int refused = take_sides(command, options);
    if (!refused)
        refused = check_transform(command, options);
    if (refused)
        return refused;
    sg_interrupt_watch(SG_INTERRUPT_ENDS);
    if (!make_set(options, &error))
        return SG_EXIT_DONE;
    if (error.status == SG_ERROR_CANCELLED)
        return sg_command_failure(command, &error);
    sg_command_respell(command, error.message, sizeof error.message);
    return sg_report_failure(command->name, &error);
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
        "(labels from dataset.json, labels.csv, list_attr_celeba.txt or sub-folders), a zip "
        "archive of those, IDX files, CIFAR's archives or an LMDB database. Every picture is "
        "examined first; when some are bad, all of them are listed "
        "and nothing is written, unless --skip or --fix says what to do about them.",
    .examples = "  stylegan dataset photos set.zip --resolution 64 --transform center-crop --skip\n"
                "  stylegan dataset photos wide.zip --resolution 640x384 --transform center-crop\n"
                "  stylegan dataset cifar-10-python.tar.gz cifar10.zip --overview cifar10.png\n"
                "  stylegan dataset data/mnist digits.zip --resolution 16 --resize-filter area",
    SG_TAKES(groups, dataset_options),
    .defaults = &defaults,
    .run = run,
};
