/*
 * `stylegan metrics`: measures networks, sets of pictures and runs by the table of metrics
 * (metrics/measure/metric_table.h).
 * Tested by: tests/cli/test_metrics.c
 */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/file.h"
#include "base/parallel.h"
#include "cli/metrics/metrics_report.h"
#include "cli/options/option_groups.h"
#include "data/kinds/open_dataset.h"
#include "metrics/measure/metric_choice.h"
#include "metrics/measure/reference_set.h"
#include "train/measure/metric_log.h"
#include "train/run/run_folder.h"
#include "train/run/snapshots.h"

/* Options and state of the command. */
typedef struct measurement {
    sg_text_list networks, pictures, features, texts;
    const char *keywords, *run, *plot;
    int class_index, samples;
    sg_measurer_options options;
    sg_metric_list metrics;
    bool verbose, json, csv, errors;
    sg_context_options compute;
    sg_picture_network network; /* the one that is measured now */
    sg_saved_options saved;     /* of the run */
    char **snapshots;           /* [snapshot_count]: paths of the run's networks */
    size_t snapshot_count;
    sg_measurer *measurer;
    sg_metrics_report report;
} measurement;

static const measurement defaults = {.class_index = -1, .options = {.psi = 1}};

static const sg_field metrics_fields[] = {
    {SG_CODED(measurement, networks, &sg_text_list_codec),
     SG_OPTION("network", "FILE",
               "a network file, also without --network; several are compared in a table"),
     SG_FLAGS(SG_FIELD_POSITIONAL | SG_FIELD_REPEATED), SG_GROUP("What is measured")},
    {SG_CODED(measurement, keywords, &sg_keywords_codec), SG_CONFIG_OPTION},
    {SG_CODED(measurement, pictures, &sg_text_list_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("pictures", "PATH",
               "a folder or zip of pictures instead of a network's; may be repeated")},
    {SG_TEXT(measurement, run),
     SG_OPTION("run", "RUN",
               "all network snapshots of a run's folder, with lines in its metric-NAME.jsonl and a "
               "plot over kimg")},
    {"class", SG_INT(measurement, class_index, 0, INT_MAX),
     SG_OPTION("class", "N", "the class of a conditional network's pictures, counted from 0"),
     SG_USUAL("as often as in --data, otherwise each as often")},
    {SG_NUMBER(measurement, options.psi, -HUGE_VAL, HUGE_VAL),
     SG_OPTION("trunc", "PSI", "truncation of the pictures; published figures have none"),
     SG_USUAL("1")},
    {SG_TEXT(measurement, options.data),
     SG_OPTION("data", "PATH", "the real pictures to compare with"), SG_GROUP("Reals")},
    {SG_FLAG(measurement, options.mirror),
     SG_OPTION("mirror", NULL,
               "their mirror images count too; not for metrics whose names end in _full")},
    {SG_FLAG(measurement, options.no_cache),
     SG_OPTION("no-cache", NULL,
               "neither read nor keep their features in $XDG_CACHE_HOME/stylegan")},
    {SG_CODED(measurement, metrics, &sg_metric_list_codec),
     SG_OPTION("metrics", "LIST", "what to measure, names with commas between"),
     SG_USUAL("what can be measured with what is there"), SG_GROUP("Measuring")},
    {SG_CODED(measurement, features, &sg_text_list_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("features", "FILE", "a feature network's file; may be repeated"),
     SG_USUAL("those in $XDG_DATA_HOME/stylegan")},
    {SG_CODED(measurement, texts, &sg_text_list_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("text", "TEXT",
               "for clip_score, a text that the pictures are to fit; may be repeated")},
    {SG_CHOICE(measurement, options.resize, &sg_feature_resize_choices),
     SG_OPTION("resize", "MODE",
               "how pictures come to the network's size: legacy as the official programs, clean "
               "as clean-fid, halfpixel as pytorch-fid"),
     SG_USUAL("legacy")},
    {SG_INT(measurement, samples, 1, INT_MAX),
     SG_OPTION("num", "N", "pictures, in place of the numbers in the names")},
    {SG_UINT64(measurement, options.seed, 0),
     SG_OPTION("seed", "N", "seed of latents, subsets and directions"), SG_USUAL("0")},
    {SG_FLAG(measurement, errors),
     SG_OPTION("errors", NULL, "standard errors by bootstrap too, where they take longer")},
    {SG_FLAG(measurement, json), SG_OPTION("json", NULL, "print a JSON object for each metric"),
     SG_GROUP("Output")},
    {SG_FLAG(measurement, csv), SG_OPTION("csv", NULL, "print a table with commas")},
    {SG_TEXT(measurement, plot), SG_OPTION("plot", "FILE", "the PNG file for the curves of --run"),
     SG_USUAL("metrics.png in the run's folder")},
    {SG_FLAG(measurement, verbose), SG_OPTION("verbose", NULL, "accepted, as progress is shown")},
};
static const SG_FIELD_TABLE(metrics_fields, NULL);

/* ---- what is measured ---- */

static sg_status open_run(measurement *all, sg_error *error)
{
    if (!all->run)
        return SG_OK;
    SG_TRY(sg_snapshot_list(all->run, &all->snapshots, &all->snapshot_count, error));
    if (!sg_run_folder_read_options(all->run, &all->saved, NULL) && !all->options.data)
        all->options.data = all->saved.options.data;
    return SG_OK;
}

static size_t subject_count(const measurement *all)
{
    return all->networks.count + all->pictures.count + all->snapshot_count;
}

/* Returns the path of subject `index`: networks, the run's snapshots, then pictures. */
static const char *subject_path(const measurement *all, size_t index, bool *network)
{
    *network = index < all->networks.count + all->snapshot_count;
    if (index < all->networks.count)
        return all->networks.texts[index];
    index -= all->networks.count;
    return index < all->snapshot_count ? all->snapshots[index]
                                       : all->pictures.texts[index - all->snapshot_count];
}

static sg_status check_class(const measurement *all, sg_error *error)
{
    const int classes = all->network.config.c_dim;
    if (all->class_index < 0 || all->class_index < classes)
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT, "\"class\" is %d, but %s has %d classes",
                   all->class_index, all->network.path, classes);
}

/* Opens a subject, which is closed by sg_picture_network_close. */
static sg_status open_subject(measurement *all, size_t index, const sg_watch *watch,
                              sg_measured *subject, sg_error *error)
{
    bool network;
    const char *path = subject_path(all, index, &network);
    *subject = (sg_measured){.name = path, .class_index = all->class_index};
    if (!network)
        return SG_OK;
    all->network.keywords = all->keywords;
    SG_TRY(sg_picture_network_open(&all->network, path, watch, error));
    SG_TRY(check_class(all, error));
    SG_TRY(sg_picture_network_load(&all->network, &all->compute, error));
    subject->name = all->network.path;
    subject->generator = all->network.generator;
    return SG_OK;
}

/* ---- how ---- */

static sg_status check_options(measurement *all, sg_error *error)
{
    if (all->json && all->csv)
        return sg_fail(error, SG_ERROR_ARGUMENT, "--json and --csv are two forms; choose one");
    if (all->run && all->networks.count + all->pictures.count > 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--run measures the run's own snapshots; leave out --network and "
                       "--pictures");
    if (all->plot && !all->run)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--plot draws the curves of a run's snapshots, which --run must name");
    if (!all->run && all->networks.count + all->pictures.count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the option --network is missing: a network file, or --pictures PATH for "
                       "pictures without a network, or --run RUN for a run's snapshots");
    sg_set_thread_count(all->compute.threads);
    return SG_OK;
}

/* Sets what the options say of the first subject: the size of its pictures, and its file. */
static sg_status describe_pictures(measurement *all, const sg_measured *subject, sg_error *error)
{
    sg_measurer_options *options = &all->options;
    if (subject->generator) {
        options->beside = subject->name;
        options->height = (size_t)sg_generator_height(subject->generator);
        options->width = (size_t)sg_generator_width(subject->generator);
        options->channels = (size_t)all->network.config.img_channels;
        return SG_OK;
    }
    sg_dataset *dataset = NULL;
    SG_TRY(sg_dataset_open_unlabelled(subject->name, &dataset, error));
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    options->height = info.height;
    options->width = info.width;
    options->channels = info.channels;
    sg_dataset_destroy(dataset);
    return SG_OK;
}

/* Chooses metrics by what is there, and says which, and what else could be measured. */
static sg_status choose(measurement *all, const sg_measured *subject, const sg_watch *watch,
                        sg_error *error)
{
    const sg_metric_means means = {.data = all->options.data,
                                   .generator = subject->generator,
                                   .files = all->features.texts,
                                   .file_count = all->features.count,
                                   .beside = all->options.beside,
                                   .height = all->options.height,
                                   .width = all->options.width,
                                   .channels = all->options.channels};
    sg_text more = {0};
    sg_metric_choose(&means, &all->metrics, &more);
    for (char *line = more.bytes; line && *line;) {
        char *end = strchr(line, '\n');
        *end = '\0';
        sg_watch_note(watch, line);
        line = end + 1;
    }
    const bool failed = more.failed;
    sg_text_clear(&more);
    if (failed)
        return sg_fail_memory(error, "a choice of metrics");
    if (all->metrics.count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "nothing can be measured with what is there");
    return SG_OK;
}

static sg_status prepare_measurer(measurement *all, const sg_watch *watch, sg_error *error)
{
    all->options.metrics = &all->metrics;
    all->options.samples = (size_t)all->samples;
    all->options.files = all->features.texts;
    all->options.file_count = all->features.count;
    all->options.texts = all->texts.texts;
    all->options.text_count = all->texts.count;
    all->options.resample = all->errors;
    return sg_measurer_create(&all->options, watch, &all->measurer, error);
}

static void prepare_report(measurement *all)
{
    sg_metrics_report *report = &all->report;
    report->form = all->json ? SG_METRICS_JSON : all->csv ? SG_METRICS_CSV : SG_METRICS_TEXT;
    report->metrics = &all->metrics;
    report->subjects = subject_count(all);
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    measurement *all = state;
    sg_measured subject;
    SG_TRY(check_options(all, error));
    SG_TRY(open_run(all, error));
    SG_TRY(open_subject(all, 0, watch, &subject, error));
    SG_TRY(describe_pictures(all, &subject, error));
    if (all->metrics.count == 0)
        SG_TRY(choose(all, &subject, watch, error));
    SG_TRY(prepare_measurer(all, watch, error));
    prepare_report(all);
    return sg_measurer_check(all->measurer, &subject, error);
}

/* ---- measuring ---- */

/* Notes when the real pictures were brought to their size by another filter than those on which the
 * network was trained, as its run's folder says. */
static void note_filter(const measurement *all, const char *network, const sg_watch *watch)
{
    char note[1024];
    char trained[SG_FILTER_BYTES];
    char compared[SG_FILTER_BYTES];
    sg_saved_options saved;
    char *folder = sg_path_folder(network);
    if (folder && all->options.data && !sg_run_folder_read_options(folder, &saved, NULL)) {
        sg_reference_filter(saved.options.data, trained);
        sg_reference_filter(all->options.data, compared);
        snprintf(note, sizeof note,
                 "%.400s was trained on pictures resized by the filter %s, but those in %.400s "
                 "were resized by %s, which distances notice",
                 network, trained, all->options.data, compared);
        if (trained[0] && compared[0] && strcmp(trained, compared) != 0)
            sg_watch_note(watch, note);
    }
    free(folder);
}

static sg_status measure_subject(measurement *all, size_t index, const sg_watch *watch,
                                 sg_error *error)
{
    sg_metric_result results[SG_MOST_METRICS];
    sg_measured subject = {.name = all->network.path,
                           .generator = all->network.generator,
                           .class_index = all->class_index};
    if (index > 0 || !subject.generator)
        SG_TRY(open_subject(all, index, watch, &subject, error));
    if (subject.generator && !all->run)
        note_filter(all, subject.name, watch);
    SG_TRY(sg_measure(all->measurer, &subject, watch, results, error));
    for (size_t i = 0; i < all->metrics.count && all->run; i++)
        SG_TRY(
            sg_metric_log_append(all->run, sg_snapshot_images(subject.name), &results[i], error));
    return sg_metrics_print(&all->report, all->measurer, &subject, results, error);
}

/* Names the best snapshot of a run, and draws the curves. */
static sg_status conclude(const measurement *all, sg_error *error)
{
    char path[SG_PATH_BYTES];
    char name[SG_METRIC_NAME_BYTES];
    char snapshot[SG_SNAPSHOT_NAME_BYTES];
    sg_metric_point best;
    const sg_metric_item *judge = sg_metric_list_judge(&all->metrics);
    sg_run_folder_path(path, all->run, "metrics.png");
    if (sg_metric_log_best(all->run, judge, &best)) {
        SG_TRY(sg_metric_log_name_best(all->run, judge, &best, error));
        if (all->report.form == SG_METRICS_TEXT)
            printf("Best by %s: %s\n", sg_metric_name(judge, name),
                   sg_snapshot_name(best.images, snapshot));
    }
    return sg_metric_log_draw(all->run, &all->metrics, all->plot ? all->plot : path, error);
}

static sg_status measure(void *state, const sg_watch *watch, sg_error *error)
{
    measurement *all = state;
    sg_status status = SG_OK;
    for (size_t i = 0; i < subject_count(all) && !status; i++) {
        status = measure_subject(all, i, watch, error);
        sg_picture_network_close(&all->network);
    }
    return !status && all->run ? conclude(all, error) : status;
}

static int run(const sg_command *command, void *options)
{
    measurement *all = options;
    const int status = sg_command_work(command, "measuring", "pictures", prepare, measure, all);
    sg_measurer_destroy(all->measurer);
    sg_picture_network_close(&all->network);
    for (size_t i = 0; i < all->snapshot_count; i++)
        free(all->snapshots[i]);
    free(all->snapshots);
    return status;
}

static void list_metrics(const void *options)
{
    char name[SG_METRIC_NAME_BYTES];
    (void)options;
    printf("\nMetrics, in whose names another number of pictures may stand (fid5k, swd1k):\n");
    for (size_t i = 0; i < sg_metric_count; i++)
        printf("  %-14s  %s%s%s\n", sg_metric_official_name(&sg_metrics[i], name),
               sg_metrics[i].meaning, sg_metrics[i].unit[0] ? ", in " : "", sg_metrics[i].unit);
}

static const sg_option_group groups[] = {
    SG_GROUP_OF_ALL(metrics_fields_table),
    SG_GROUP_AT(sg_compute_fields_table, measurement, compute),
};

const sg_command sg_metrics_command = {
    .name = "metrics",
    .summary = "Measure trained networks, and sets of pictures",
    .synopsis = "(--network FILE... | --pictures PATH... | --run RUN) [--data PATH] [--metrics "
                "LIST] [options]",
    .description =
        "Measures how good a network's pictures are, by the metrics of the literature, with the "
        "official programs' names and figures. Distances need real pictures (--data); most of "
        "them look at pictures with a published network, whose file --features names. Nothing is "
        "downloaded: swd, msssim, pplpx and eq need no file, and fd_own, kid_own and pr_own a "
        "classifier that train --cfg classifier makes.",
    .examples =
        "  stylegan metrics --network network.safetensors --data photos.zip --metrics fid50k_full\n"
        "  stylegan metrics --data photos.zip --pictures generated/ --metrics fid5k,kid5k --json\n"
        "  stylegan metrics --network stylegan3.safetensors --metrics eqt1k_int,eqr1k\n"
        "  stylegan metrics --pictures cats/ --metrics clip_score --text \"a photo of a cat\" "
        "--features ViT-B-32.pt\n"
        "  stylegan metrics --run runs/00000-fit-digits --metrics swd1k",
    SG_TAKES(groups, measurement),
    .defaults = &defaults,
    .run = run,
    .describe = list_metrics,
};
