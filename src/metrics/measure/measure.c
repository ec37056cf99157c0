/*
 * Measures networks and sets of pictures; see measurer.h.
 * Tested by: tests/cli/test_metrics.c
 */
#include "metrics/measure/measurer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "base/files/file.h"
#include "latent/moved_input.h"
#include "metrics/formulas/laplacian.h"
#include "metrics/measure/distance_metrics.h"
#include "metrics/measure/measurer_state.h"

/* ---- needs ---- */

/* Returns the union of what the metrics of the list need. */
static unsigned needs_of(const sg_metric_list *list)
{
    unsigned needs = 0;
    for (size_t i = 0; i < list->count; i++)
        needs |= sg_metric_of(&list->items[i])->needs;
    return needs;
}

/* Returns the name of the first metric of the list that needs `need`. */
static const char *who_needs(const sg_metric_list *list, unsigned need, char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (sg_metric_of(&list->items[i])->needs & need)
            return sg_metric_name(&list->items[i], name);
    return "";
}

sg_looker *sg_measurer_network(const sg_measurer *measurer, const char *kind)
{
    for (size_t i = 0; kind && i < measurer->network_count; i++)
        if (strcmp(measurer->kinds[i], kind) == 0)
            return measurer->networks[i];
    return NULL;
}

/* Returns how many samples an item wants. */
static size_t wanted_samples(const sg_measurer *measurer, const sg_metric_item *item)
{
    return measurer->options.samples > 0 ? measurer->options.samples : sg_metric_samples(item);
}

/* Returns how many of the real pictures count for an item. */
static size_t wanted_reals(const sg_measurer *measurer, const sg_metric_item *item)
{
    const unsigned needs = sg_metric_of(item)->needs;
    const size_t samples = wanted_samples(measurer, item);
    if (!(needs & SG_METRIC_REALS))
        return 0;
    if (needs & SG_METRIC_EVERY_REAL)
        return measurer->reals.images;
    return samples < measurer->reals.stream.count ? samples : measurer->reals.stream.count;
}

/* ---- opening ---- */

/* Opens the looker of a kind. That none is there is a mistake in what was given. */
static sg_status find_network(const sg_measurer *measurer, const char *kind, sg_looker **network,
                              sg_error *error)
{
    sg_error reason = {0};
    const sg_measurer_options *options = &measurer->options;
    const sg_picture_stream *reals = &measurer->reals.stream;
    const sg_looker_places places = {options->files, options->file_count, options->beside};
    const sg_looked_at pictures = {options->height > 0 ? options->height : reals->height,
                                   options->height > 0 ? options->width : reals->width,
                                   options->height > 0 ? options->channels : reals->channels};
    if (!sg_looker_find(kind, &places, &pictures, network, &reason))
        return SG_OK;
    return sg_fail(error, reason.status == SG_ERROR_FILE ? SG_ERROR_ARGUMENT : reason.status, "%s",
                   reason.message);
}

static sg_status open_networks(sg_measurer *measurer, sg_error *error)
{
    const sg_measurer_options *options = &measurer->options;
    for (size_t i = 0; i < options->metrics->count; i++) {
        const char *kind = sg_metric_of(&options->metrics->items[i])->network;
        if (!kind || sg_measurer_network(measurer, kind))
            continue;
        const size_t index = measurer->network_count;
        measurer->kinds[index] = kind;
        SG_TRY(find_network(measurer, kind, &measurer->networks[index], error));
        measurer->network_count++;
    }
    return SG_OK;
}

static sg_status open_reals(sg_measurer *measurer, const sg_watch *watch, sg_error *error)
{
    char name[SG_METRIC_NAME_BYTES];
    const sg_measurer_options *options = &measurer->options;
    if (!(needs_of(options->metrics) & SG_METRIC_REALS))
        return SG_OK;
    if (!options->data)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s compares with real pictures, whose place \"data\" must name",
                       who_needs(options->metrics, SG_METRIC_REALS, name));
    SG_TRY(sg_reference_open(&measurer->reals, options->data, options->mirror, error));
    sg_reference_warn(&measurer->reals, watch);
    return SG_OK;
}

/* Reads the texts, if a metric needs them. */
static sg_status read_texts(sg_measurer *measurer, sg_error *error)
{
    char name[SG_METRIC_NAME_BYTES];
    const sg_measurer_options *options = &measurer->options;
    if (!(needs_of(options->metrics) & SG_METRIC_TEXTS))
        return options->text_count > 0
                   ? sg_fail(error, SG_ERROR_ARGUMENT,
                             "\"text\" is what pictures should fit, but clip_score, which would "
                             "say how well, is not among the \"metrics\"")
                   : SG_OK;
    if (options->text_count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s says how well pictures fit texts, which \"text\" must give",
                       who_needs(options->metrics, SG_METRIC_TEXTS, name));
    sg_looker *network = sg_measurer_network(measurer, "clip");
    measurer->texts = sg_allocate(options->text_count, sg_looker_features(network) * sizeof(float));
    if (!measurer->texts)
        return sg_fail_memory(error, "%zu texts", options->text_count);
    return sg_feature_network_texts(sg_looker_network(network), options->texts, options->text_count,
                                    measurer->texts, error);
}

sg_status sg_measurer_create(const sg_measurer_options *options, const sg_watch *watch,
                             sg_measurer **measurer, sg_error *error)
{
    *measurer = NULL;
    sg_measurer *made = sg_allocate(1, sizeof *made);
    if (!made)
        return sg_fail_memory(error, "measuring");
    made->options = *options;
    sg_status status = open_reals(made, watch, error);
    if (!status)
        status = open_networks(made, error);
    if (!status)
        status = read_texts(made, error);
    if (!status && !options->no_cache)
        made->cache = sg_user_folder(SG_USER_CACHE);
    if (status) {
        sg_measurer_destroy(made);
        return status;
    }
    *measurer = made;
    return SG_OK;
}

void sg_measurer_destroy(sg_measurer *measurer)
{
    if (!measurer)
        return;
    sg_gathered_clear(&measurer->real);
    sg_reference_close(&measurer->reals);
    for (size_t i = 0; i < measurer->network_count; i++)
        sg_looker_close(measurer->networks[i]);
    free(measurer->texts);
    free(measurer->labels);
    free(measurer->label_values);
    free(measurer->cache);
    free(measurer);
}

/* ---- gathering ---- */

/* Asks for what an item needs of the first `count` pictures of a set. */
static sg_status ask(const sg_measurer *measurer, const sg_metric_item *item, size_t count,
                     bool real, sg_gathered *gathered, sg_error *error)
{
    const sg_metric *metric = sg_metric_of(item);
    sg_looker *network = sg_measurer_network(measurer, metric->network);
    if (metric->needs & SG_METRIC_PICTURES && gathered->picture_rows < count)
        gathered->picture_rows = count;
    if (metric->needs & SG_METRIC_PAIRS && !real && gathered->pair_count < count / 2)
        gathered->pair_count = count / 2;
    if (!(metric->needs & (SG_METRIC_MOMENTS | SG_METRIC_FEATURES | SG_METRIC_LOGITS)))
        return SG_OK;
    sg_network_features *entry = sg_gathered_network(gathered, network);
    const bool resampled = metric->needs & SG_METRIC_MOMENTS && measurer->options.resample && !real;
    if ((metric->needs & SG_METRIC_FEATURES || resampled) && entry->feature_rows < count)
        entry->feature_rows = count;
    if (metric->needs & SG_METRIC_LOGITS && !real && entry->logit_rows < count)
        entry->logit_rows = count;
    if (metric->needs & SG_METRIC_MOMENTS && !sg_feature_sums_ask(&entry->sums, count))
        return sg_fail(error, SG_ERROR_ARGUMENT, "too many different numbers of pictures");
    return SG_OK;
}

static sg_status key_of(const sg_measurer *measurer, const sg_network_features *entry,
                        char hash[SG_FEATURE_HASH_BYTES], sg_cache_key *key, sg_error *error)
{
    SG_TRY(sg_looker_hash(entry->network, hash, error));
    *key = (sg_cache_key){
        .folder = measurer->cache,
        .fingerprint = measurer->reals.fingerprint,
        .kind = sg_looker_kind(entry->network),
        .hash = hash,
        .resize = sg_choice_name(&sg_feature_resize_choices, measurer->options.resize),
        .mirror = measurer->options.mirror && entry->needed > measurer->reals.images};
    return SG_OK;
}

/* Loads from the cache, or keeps there, what each network says of the real pictures. */
static sg_status use_cache(sg_measurer *measurer, bool save, const sg_watch *watch, sg_error *error)
{
    char hash[SG_FEATURE_HASH_BYTES];
    sg_cache_key key;
    for (size_t i = 0; i < measurer->real.network_count; i++) {
        sg_network_features *entry = &measurer->real.networks[i];
        SG_TRY(key_of(measurer, entry, hash, &key, error));
        if (!save)
            sg_cache_load(&key, entry, watch);
        else if (measurer->fresh[i])
            sg_cache_save(&key, entry, watch);
        measurer->fresh[i] = entry->seen < entry->needed;
    }
    return SG_OK;
}

/* Prepares what is wanted of the real pictures, and takes from the cache what is there. */
static sg_status begin_reals(sg_measurer *measurer, const sg_watch *watch, sg_error *error)
{
    const sg_metric_list *list = measurer->options.metrics;
    if (measurer->real_begun || !measurer->reals.path)
        return SG_OK;
    SG_TRY(sg_reference_identify(&measurer->reals, watch, error));
    for (size_t i = 0; i < list->count; i++) {
        const size_t count = wanted_reals(measurer, &list->items[i]);
        if (count > 0)
            SG_TRY(ask(measurer, &list->items[i], count, true, &measurer->real, error));
    }
    SG_TRY(sg_gather_begin(&measurer->real, &measurer->reals.stream, error));
    measurer->real_begun = true;
    return use_cache(measurer, false, watch, error);
}

static sg_status gather_reals(sg_measurer *measurer, sg_measure_progress *progress, sg_error *error)
{
    if (!measurer->reals.path || sg_gather_length(&measurer->real) == 0)
        return SG_OK;
    progress->remark = "real pictures";
    SG_TRY(sg_gather(&measurer->real, &measurer->reals.stream, measurer->options.resize, progress,
                     error));
    return use_cache(measurer, true, progress->watch, error);
}

/* ---- subjects ---- */

static sg_status refuse_set(const sg_measurer *measurer, const sg_measured *subject,
                            sg_error *error)
{
    char name[SG_METRIC_NAME_BYTES];
    const sg_metric_list *list = measurer->options.metrics;
    if (!(needs_of(list) & SG_METRIC_GENERATOR))
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "%s needs a network, whose latents and inputs it moves; %s holds pictures alone",
                   who_needs(list, SG_METRIC_GENERATOR, name), subject->name);
}

sg_status sg_measurer_check(const sg_measurer *measurer, const sg_measured *subject,
                            sg_error *error)
{
    char name[SG_METRIC_NAME_BYTES];
    const unsigned needs = needs_of(measurer->options.metrics);
    sg_moved_input input = {0};
    if (!subject->generator)
        return refuse_set(measurer, subject, error);
    if (needs & SG_METRIC_MAPS_LATENTS && sg_generator_config_of(subject->generator)->w_dim <= 0)
        return sg_fail(
            error, SG_ERROR_ARGUMENT, "%s walks through w, which the network in %s does not have",
            who_needs(measurer->options.metrics, SG_METRIC_MAPS_LATENTS, name), subject->name);
    if (!(needs & SG_METRIC_MOVES_INPUT))
        return SG_OK;
    const sg_status status = sg_moved_input_begin(subject->generator, &input, error);
    sg_moved_input_end(&input);
    return status;
}

/* Everything about one subject while it is measured. */
typedef struct measurement {
    sg_measurer *measurer;
    const sg_measured *subject;
    sg_metric_setup setup;
    sg_reference_set set; /* of a subject that is pictures */
    sg_picture_stream painted;
    sg_picture_stream *stream;
    sg_gathered fake;
    sg_measure_progress progress;
    size_t samples[SG_MOST_METRICS]; /* that count for each item */
} measurement;

/* Fails for pictures that are too small, or of another size than the real ones. */
static sg_status check_size(const measurement *all, sg_error *error)
{
    const sg_measurer *measurer = all->measurer;
    sg_laplacian_shape shape;
    const sg_picture_stream *real = &measurer->reals.stream;
    const sg_picture_stream *fake = all->stream;
    if (needs_of(measurer->options.metrics) & SG_METRIC_PICTURES)
        SG_TRY(sg_laplacian_find(fake->height, fake->width, &shape, error));
    if (!measurer->reals.path || (real->height == fake->height && real->width == fake->width))
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "the pictures of %s are %zux%zu, but those in %s are %zux%zu; a distance of "
                   "pictures of different sizes is one of resizing, so bring them to one size "
                   "first",
                   all->subject->name, fake->width, fake->height, measurer->reals.path, real->width,
                   real->height);
}

static sg_status open_subject(measurement *all, const sg_watch *watch, sg_error *error)
{
    const sg_measurer *measurer = all->measurer;
    const sg_measured *subject = all->subject;
    all->setup = (sg_metric_setup){.generator = subject->generator,
                                   .seed = measurer->options.seed,
                                   .psi = measurer->options.psi,
                                   .class_index = subject->class_index,
                                   .resize = (int)measurer->options.resize};
    if (!subject->generator) {
        all->stream = &all->set.stream;
        SG_TRY(sg_reference_open(&all->set, subject->name, false, error));
        sg_reference_compare(&measurer->reals, &all->set, watch);
        return check_size(all, error);
    }
    all->stream = &all->painted;
    if (subject->class_index < 0)
        sg_measurer_labels(all->measurer, subject, watch, &all->setup);
    SG_TRY(sg_stream_open_generator(&all->painted, &all->setup, error));
    return check_size(all, error);
}

/* ---- numbers of pictures ---- */

/* Returns the least number of pictures of a set with which a metric is defined. */
static size_t least_pictures(const sg_metric *metric)
{
    if (metric->nearest > 0)
        return metric->nearest + 1;
    return metric->needs & (SG_METRIC_MOMENTS | SG_METRIC_FEATURES | SG_METRIC_PAIRS) ? 2 : 1;
}

static sg_status check_count(const sg_metric_item *item, const char *place, size_t count,
                             sg_error *error)
{
    char name[SG_METRIC_NAME_BYTES];
    const size_t least = least_pictures(sg_metric_of(item));
    if (count >= least)
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT, "%s needs %zu pictures or more, but of %s it has %zu",
                   sg_metric_name(item, name), least, place, count);
}

/* Notes that a distance of few pictures says little, for those that are biased by their number. */
static void warn_of_few(const sg_metric_item *item, size_t count, const sg_watch *watch)
{
    enum { ENOUGH = 2048 };
    char name[SG_METRIC_NAME_BYTES];
    char note[512];
    snprintf(
        note, sizeof note,
        "%s of %zu pictures: with fewer than %d the distance comes out too large, by an amount "
        "that depends on the number; compare only figures of equal numbers",
        sg_metric_name(item, name), count, ENOUGH);
    if (sg_metric_of(item)->needs & SG_METRIC_MOMENTS && count < ENOUGH)
        sg_watch_note(watch, note);
}

static sg_status count_samples(measurement *all, const sg_watch *watch, sg_error *error)
{
    const sg_metric_list *list = all->measurer->options.metrics;
    char name[SG_METRIC_NAME_BYTES];
    for (size_t i = 0; i < list->count; i++) {
        const sg_metric_item *item = &list->items[i];
        const size_t wanted = wanted_samples(all->measurer, item);
        const size_t reals = wanted_reals(all->measurer, item);
        all->samples[i] = wanted < all->stream->count ? wanted : all->stream->count;
        SG_TRY(check_count(item, all->subject->name, all->samples[i], error));
        if (reals > 0)
            SG_TRY(check_count(item, all->measurer->reals.path, reals, error));
        if (all->samples[i] < wanted && all->measurer->options.samples == 0) {
            char note[1024];
            snprintf(note, sizeof note,
                     "%s is of %zu pictures, but %.700s holds %zu, which all "
                     "count",
                     sg_metric_name(item, name), wanted, all->subject->name, all->samples[i]);
            sg_watch_note(watch, note);
        }
        if (!all->measurer->warned)
            warn_of_few(item, reals > 0 && reals < all->samples[i] ? reals : all->samples[i],
                        watch);
    }
    /* Networks that follow have as many pictures; sets may have other numbers. */
    all->measurer->warned = all->subject->generator;
    return SG_OK;
}

/* ---- passes ---- */

/* Tells whether an item before `index` shares its pass and its number of samples. */
static bool is_shared(const measurement *all, size_t index)
{
    const sg_metric_list *list = all->measurer->options.metrics;
    for (size_t i = 0; i < index; i++)
        if (sg_metric_of(&list->items[i])->pass == sg_metric_of(&list->items[index])->pass &&
            all->samples[i] == all->samples[index])
            return true;
    return false;
}

/* Returns the bits, within the item's pass, of all metrics that share it. */
static unsigned wanted_of(const measurement *all, size_t index)
{
    const sg_metric_list *list = all->measurer->options.metrics;
    const sg_metric_pass *pass = sg_metric_of(&list->items[index])->pass;
    unsigned wanted = 0;
    for (size_t i = 0; i < list->count; i++)
        if (sg_metric_of(&list->items[i])->pass == pass && all->samples[i] == all->samples[index])
            wanted |= 1u << sg_metric_of(&list->items[i])->which;
    return wanted;
}

static sg_status finish_pass(const measurement *all, size_t first, const void *state,
                             sg_metric_result *results, double seconds, sg_error *error)
{
    const sg_metric_list *list = all->measurer->options.metrics;
    const sg_metric_pass *pass = sg_metric_of(&list->items[first])->pass;
    char name[SG_METRIC_NAME_BYTES];
    for (size_t i = first; i < list->count; i++) {
        const sg_metric *metric = sg_metric_of(&list->items[i]);
        if (metric->pass != pass || all->samples[i] != all->samples[first])
            continue;
        SG_TRY(pass->finish(state, metric->which, results[i].values, error));
        if (isnan(results[i].values[0]))
            return sg_fail(error, SG_ERROR_ARGUMENT, "%s cannot be measured: %s",
                           sg_metric_name(&list->items[i], name), pass->untold);
        results[i].seconds = seconds;
    }
    return SG_OK;
}

/* A pass on its way. */
typedef struct pass_run {
    const sg_metric_pass *pass;
    sg_metric_setup setup;
    unsigned wanted; /* of its metrics */
    void *state;
} pass_run;

/* Begins the pass of the item at `first`, and of all that share it, for some samples; end_pass must
 * follow, also on failure. */
static sg_status begin_pass(const measurement *all, size_t first, size_t samples, pass_run *run,
                            sg_error *error)
{
    const sg_metric *metric = sg_metric_of(&all->measurer->options.metrics->items[first]);
    *run = (pass_run){metric->pass, all->setup, wanted_of(all, first),
                      sg_allocate(1, metric->pass->state_bytes)};
    run->setup.samples = samples;
    run->setup.network = sg_measurer_network(all->measurer, metric->network);
    if (!run->state)
        return sg_fail_memory(error, "the sums of metrics");
    return run->pass->begin ? run->pass->begin(&run->setup, run->state, error) : SG_OK;
}

static sg_status add_sample(const pass_run *run, size_t index, sg_error *error)
{
    return run->pass->accumulate(&run->setup, run->wanted, index, run->state, error);
}

static void end_pass(pass_run *run)
{
    if (run->state && run->pass->release)
        run->pass->release(run->state);
    free(run->state);
}

/* Runs the pass of the item at `first` and of all that share it. */
static sg_status run_pass(measurement *all, size_t first, sg_metric_result *results,
                          sg_error *error)
{
    const double started = sg_clock_seconds();
    pass_run run;
    sg_status status = begin_pass(all, first, all->samples[first], &run, error);
    all->progress.remark = NULL;
    for (size_t i = 0; i < run.setup.samples && !status; i++) {
        status = add_sample(&run, i, error);
        if (!status)
            status = sg_measure_advance(&all->progress, 1, error);
    }
    if (!status)
        status = finish_pass(all, first, run.state, results, sg_clock_seconds() - started, error);
    end_pass(&run);
    return status;
}

/* ---- values of what was gathered ---- */

/* Fills in a side as far as it was gathered for the item. */
static sg_metric_side side_of(const sg_measurer *measurer, const sg_gathered *gathered,
                              const sg_metric *metric, size_t count)
{
    sg_metric_side side = {.count = count,
                           .pictures = gathered->pictures,
                           .pairs = gathered->pairs,
                           .pair_count = gathered->pairs ? count / 2 : 0};
    const sg_looker *network = sg_measurer_network(measurer, metric->network);
    for (size_t i = 0; i < gathered->network_count; i++) {
        const sg_network_features *entry = &gathered->networks[i];
        if (entry->network != network)
            continue;
        side.moments = sg_feature_sums_find(&entry->sums, count);
        side.features = entry->features;
        side.width = sg_looker_features(network);
        side.logits = entry->logits;
        side.classes = sg_looker_classes(network);
    }
    return side;
}

/* Returns the samples for which comparing the sets counts: patches take longer than pictures. */
static double weight_of(const measurement *all, size_t index)
{
    const sg_metric *metric = sg_metric_of(&all->measurer->options.metrics->items[index]);
    return metric->needs & SG_METRIC_PICTURES ? 4 * (double)all->samples[index] : 0;
}

static sg_status finish_item(measurement *all, size_t index, double gathering,
                             sg_metric_result *result, sg_error *error)
{
    const sg_measurer *measurer = all->measurer;
    const sg_metric *metric = sg_metric_of(&result->item);
    const double started = sg_clock_seconds();
    sg_watch_part compared = {all->progress.watch, all->progress.done, weight_of(all, index),
                              all->progress.total};
    const sg_watch watch = {.user = &compared, .step = sg_watch_part_step};
    sg_metric_case gathered = {.metric = metric,
                               .watch = &watch,
                               .height = all->stream->height,
                               .width = all->stream->width,
                               .seed = measurer->options.seed,
                               .errors = result->errors,
                               .texts = measurer->texts,
                               .text_count = measurer->options.text_count,
                               .resample = measurer->options.resample};
    gathered.fake = side_of(measurer, &all->fake, metric, all->samples[index]);
    if (result->reals > 0)
        gathered.real = side_of(measurer, &measurer->real, metric, result->reals);
    SG_TRY(metric->finish(&gathered, result->values, error));
    result->seconds = gathering + sg_clock_seconds() - started;
    all->progress.done += compared.length;
    return SG_OK;
}

static void begin_results(const measurement *all, sg_metric_result *results)
{
    const sg_metric_list *list = all->measurer->options.metrics;
    for (size_t i = 0; i < list->count; i++) {
        results[i] = (sg_metric_result){.item = list->items[i],
                                        .samples = all->samples[i],
                                        .reals = wanted_reals(all->measurer, &list->items[i])};
        results[i].mirrored = results[i].reals > all->measurer->reals.images;
        for (size_t k = 0; k < SG_METRIC_MOST_VALUES; k++)
            results[i].values[k] = results[i].errors[k] = NAN;
    }
}

static sg_status begin_subject(measurement *all, sg_error *error)
{
    const sg_metric_list *list = all->measurer->options.metrics;
    for (size_t i = 0; i < list->count; i++)
        if (!sg_metric_of(&list->items[i])->pass)
            SG_TRY(ask(all->measurer, &list->items[i], all->samples[i], false, &all->fake, error));
    return sg_gather_begin(&all->fake, all->stream, error);
}

/* Returns all the samples that are to be made or read. */
static double length_of(const measurement *all)
{
    const sg_metric_list *list = all->measurer->options.metrics;
    double length = (double)(sg_gather_length(&all->measurer->real) + sg_gather_length(&all->fake));
    for (size_t i = 0; i < list->count; i++)
        if (!sg_metric_of(&list->items[i])->pass)
            length += weight_of(all, i);
        else if (!is_shared(all, i))
            length += (double)all->samples[i];
    return length;
}

static sg_status measure_all(measurement *all, sg_metric_result *results, sg_error *error)
{
    const sg_metric_list *list = all->measurer->options.metrics;
    const double started = sg_clock_seconds();
    all->progress.total = length_of(all);
    sg_watch_step(all->progress.watch, 0, all->progress.total, NULL);
    SG_TRY(gather_reals(all->measurer, &all->progress, error));
    all->progress.remark = "generated pictures";
    SG_TRY(
        sg_gather(&all->fake, all->stream, all->measurer->options.resize, &all->progress, error));
    const double gathering = sg_clock_seconds() - started;
    for (size_t i = 0; i < list->count; i++) {
        if (!sg_metric_of(&list->items[i])->pass)
            SG_TRY(finish_item(all, i, gathering, &results[i], error));
        else if (!is_shared(all, i))
            SG_TRY(run_pass(all, i, results, error));
        SG_TRY(sg_measure_advance(&all->progress, 0, error));
    }
    return SG_OK;
}

static void close_measurement(measurement *all)
{
    sg_gathered_clear(&all->fake);
    sg_reference_close(&all->set);
    sg_stream_close(&all->painted);
}

static sg_status prepare(measurement *all, const sg_watch *watch, sg_error *error)
{
    all->progress.watch = watch;
    SG_TRY(sg_measurer_check(all->measurer, all->subject, error));
    SG_TRY(open_subject(all, watch, error));
    SG_TRY(count_samples(all, watch, error));
    SG_TRY(begin_reals(all->measurer, watch, error));
    return begin_subject(all, error);
}

sg_status sg_measure(sg_measurer *measurer, const sg_measured *subject, const sg_watch *watch,
                     sg_metric_result *results, sg_error *error)
{
    measurement all = {.measurer = measurer, .subject = subject};
    sg_status status = prepare(&all, watch, error);
    if (!status) {
        begin_results(&all, results);
        status = measure_all(&all, results, error);
    }
    close_measurement(&all);
    return status;
}

/* ---- forecast ---- */

/* Returns the seconds that one sample of the item's pass takes, by two of them. */
static sg_status time_pass(const measurement *all, size_t index, double *seconds, sg_error *error)
{
    enum { TIMED = 2 };
    pass_run run;
    sg_status status = begin_pass(all, index, TIMED, &run, error);
    double started = 0;
    for (size_t i = 0; i < TIMED && !status; i++) {
        started = sg_clock_seconds();
        status = add_sample(&run, i, error);
    }
    *seconds = sg_clock_seconds() - started;
    end_pass(&run);
    return status;
}

/* Returns the seconds in which the network sees a picture, by the last of two batches. */
static sg_status time_network(const sg_measurer *measurer, const sg_picture_stream *stream,
                              sg_looker *network, const uint8_t *pixels, double *seconds,
                              sg_error *error)
{
    const size_t width = sg_looker_features(network);
    float *features = sg_allocate(width + 1, 4 * sizeof *features);
    if (!features)
        return sg_fail_memory(error, "features");
    const sg_feature_pictures pictures = {.count = 4,
                                          .height = stream->height,
                                          .width = stream->width,
                                          .channels = 3,
                                          .bytes = pixels};
    const sg_feature_results results = {.features = features};
    sg_status status = SG_OK;
    double started = 0;
    for (size_t i = 0; i < 2 && !status; i++) {
        started = sg_clock_seconds();
        status = sg_looker_compute(network, &pictures, measurer->options.resize, &results, error);
    }
    *seconds = (sg_clock_seconds() - started) / 4;
    free(features);
    return status;
}

/* Adds the seconds of gathering a set to *seconds. */
static sg_status time_gathering(const sg_measurer *measurer, const sg_gathered *gathered,
                                sg_picture_stream *stream, double *seconds, sg_error *error)
{
    const size_t size = 3 * stream->height * stream->width;
    if (stream->count == 0)
        return SG_OK;
    uint8_t *pixels = sg_allocate(stream->height, 4 * 3 * stream->width);
    sg_status status = pixels ? SG_OK : sg_fail_memory(error, "pictures");
    double started = 0;
    for (size_t i = 0; i < 4 && !status; i++) {
        if (i == 1)
            started = sg_clock_seconds();
        status = sg_stream_read(stream, i % stream->count, pixels + i * size, error);
    }
    *seconds += (sg_clock_seconds() - started) / 3 * (double)sg_gather_length(gathered);
    for (size_t i = 0; i < gathered->network_count && !status; i++) {
        const sg_network_features *entry = &gathered->networks[i];
        double each = 0;
        if (entry->seen < entry->needed)
            status = time_network(measurer, stream, entry->network, pixels, &each, error);
        *seconds += each * (double)entry->needed;
    }
    free(pixels);
    return status;
}

static sg_status add_times(measurement *all, double *seconds, sg_error *error)
{
    const sg_metric_list *list = all->measurer->options.metrics;
    if (sg_gather_length(&all->fake) > 0)
        SG_TRY(time_gathering(all->measurer, &all->fake, all->stream, seconds, error));
    for (size_t i = 0; i < list->count; i++) {
        double each = 0;
        if (sg_metric_of(&list->items[i])->needs & SG_METRIC_PICTURES)
            SG_TRY(sg_time_swd(all->stream->height, all->stream->width, all->samples[i], &each,
                               error));
        *seconds += each;
        if (!sg_metric_of(&list->items[i])->pass || is_shared(all, i))
            continue;
        SG_TRY(time_pass(all, i, &each, error));
        *seconds += each * (double)all->samples[i];
    }
    return SG_OK;
}

sg_status sg_measure_forecast(sg_measurer *measurer, const sg_measured *subject,
                              const sg_watch *watch, double *seconds, sg_error *error)
{
    measurement all = {.measurer = measurer, .subject = subject};
    *seconds = 0;
    sg_status status = prepare(&all, watch, error);
    if (!status)
        status = add_times(&all, seconds, error);
    close_measurement(&all);
    return status;
}
