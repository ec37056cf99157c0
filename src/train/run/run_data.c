/*
 * Opens the data of a run, and scores the part of them that is held out.
 * Tested by: tests/cli/test_train_data.c
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "data/kinds/open_dataset.h"
#include "data/kinds/reduced_dataset.h"
#include "data/kinds/subset_dataset.h"
#include "data/picture_base.h"
#include "tensor/context.h"
#include "train/options/loss_options.h"
#include "train/run/run_cache.h"

/* Fails with what was found in place of labels. */
static sg_status fail_unlabelled(const sg_run_state *run, sg_error *error)
{
    const char *notes = run->info.notes ? run->info.notes : "";
    const char *warning = strstr(notes, "Warning: ");
    const char *reason = warning ? warning + strlen("Warning: ")
                                 : "no label file lies beside it, and its pictures are in no "
                                   "folders of classes";
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "\"conditional\" asks for labels, but %s has none: %.*s", run->options.data,
                   (int)strcspn(reason, "\n"), reason);
}

static sg_status open_set(const sg_run_state *run, const char *path, sg_dataset **dataset,
                          sg_error *error)
{
    const sg_status status = run->options.conditional
                                 ? sg_dataset_open(path, dataset, error)
                                 : sg_dataset_open_unlabelled(path, dataset, error);
    if (status != SG_ERROR_SHAPE || !error)
        return status;
    const size_t length = strlen(error->message);
    snprintf(error->message + length, sizeof error->message - length,
             ", or \"resolution\" with the same number does so for this training");
    return status;
}

/* Replaces a data set by `count` of its pictures. */
static sg_status choose(const sg_run_state *run, size_t count, bool from_end, sg_dataset **dataset,
                        sg_error *error)
{
    sg_dataset *whole = *dataset;
    *dataset = NULL;
    return sg_dataset_choose(whole, count, from_end, run->options.trainer.seed, dataset, error);
}

/* Keeps as many of the pictures as the options ask for; held-out ones are not among them. */
static sg_status choose_subset(sg_run_state *run, sg_error *error)
{
    const size_t total = sg_dataset_info_of(run->dataset).image_count;
    const size_t held_out = (size_t)run->options.held_out.count;
    const size_t asked = (size_t)run->options.subset;
    if (held_out > 0 && (held_out >= total || (asked <= total && asked > total - held_out)))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"held_out\" is %zu, but only %zu images of %s are left beside those that "
                       "are trained on",
                       held_out, asked > 0 ? total - asked : total - 1, run->options.data);
    if (asked > 0 || held_out > 0)
        SG_TRY(choose(run, asked > 0 ? asked : total - held_out, false, &run->dataset, error));
    run->info = sg_dataset_info_of(run->dataset);
    return SG_OK;
}

/* Opens the pictures that are only scored, which must be like those that are trained on. */
static sg_status open_held_out(sg_run_state *run, sg_error *error)
{
    const sg_held_out *held_out = &run->options.held_out;
    const char *path = held_out->path[0] ? held_out->path : run->options.data;
    if (!held_out->path[0] && held_out->count == 0)
        return SG_OK;
    SG_TRY(open_set(run, path, &run->held_out, error));
    if (held_out->count > 0)
        SG_TRY(choose(run, (size_t)held_out->count, true, &run->held_out, error));
    const sg_dataset_info info = sg_dataset_info_of(run->held_out);
    if (info.height != run->info.height || info.width != run->info.width ||
        info.channels != run->info.channels ||
        (run->options.conditional && info.label_count != run->info.label_count))
        return sg_fail(
            error, SG_ERROR_SHAPE,
            "\"held_out\" %s has images of %zux%zu with %zu channels and %zu classes, but "
            "those that are trained on have %zux%zu, %zu and %zu",
            path, info.width, info.height, info.channels, info.label_count, run->info.width,
            run->info.height, run->info.channels, run->info.label_count);
    return SG_OK;
}

sg_status sg_run_open_data(sg_run_state *run, sg_error *error)
{
    if (run->options.resolution > 0 && !run->options.resume)
        SG_TRY(sg_run_convert_data(run, error));
    if (run->info.image_count == 0) { /* a dry run may know them already */
        SG_TRY(open_set(run, run->options.data, &run->dataset, error));
        SG_TRY(choose_subset(run, error));
        SG_TRY(open_held_out(run, error));
    }
    return run->options.conditional && run->info.label_count == 0 ? fail_unlabelled(run, error)
                                                                  : SG_OK;
}

/* ---- what a classifier tells ---- */

/* Tells whether the numbers of each label add up to 1, none of them negative. */
static bool are_shares(const sg_dataset_info *info)
{
    for (size_t i = 0; i < info->label_rows; i++) {
        const float *row = info->label_values + i * info->label_count;
        double sum = 0;
        for (size_t k = 0; k < info->label_count; k++) {
            if (!(row[k] >= 0))
                return false;
            sum += (double)row[k];
        }
        if (fabs(sum - 1) > 1e-3)
            return false;
    }
    return info->label_count > 1;
}

sg_status sg_run_choose_output(sg_run_state *run, sg_error *error)
{
    const sg_dataset_info *info = &run->info;
    sg_discriminator_output *output = &run->options.trainer.discriminator.output;
    *output = SG_OUTPUT_CLASSES;
    if (!info->label_values && info->label_count < 2)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the pictures of %s are of %zu class, but a classifier needs two or more",
                       run->options.data, info->label_count);
    if (!info->label_values || are_shares(info))
        return SG_OK;
    *output = SG_OUTPUT_ATTRIBUTES;
    for (size_t i = 0; i < info->label_rows * info->label_count; i++) {
        const float value = info->label_values[i];
        if (!(value >= 0 && value <= 1) && value != -1)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "a label of %s has the number %g, but a classifier's labels are "
                           "classes, or attributes from 0 to 1 (-1 counts as 0)",
                           run->options.data, (double)value);
    }
    return SG_OK;
}

/* ---- scores of held-out pictures ---- */

/* Returns how many pictures are scored at a time: a part of a batch, or all where they are fewer,
 * in whole groups of the minibatch standard deviation. */
static size_t scored_at_a_time(const sg_run_state *run)
{
    const sg_trainer_options *o = &run->options.trainer;
    const size_t count = sg_dataset_info_of(run->held_out).image_count;
    const size_t part = (size_t)sg_batch_part(o, run->batch);
    const bool grouped = o->discriminator.mbstd_num_channels > 0;
    const size_t group = grouped ? (size_t)o->discriminator.mbstd_group_size : 1;
    if (count >= part)
        return part;
    return count > group ? count - count % group : count;
}

/* Scores `parts` times `batch` pictures from the one at `first` on; `part` numbers the first part.
 */
static sg_status score_span(sg_run_state *run, const sg_dataset *pictures, size_t first,
                            size_t batch, size_t parts, size_t part, sg_error *error)
{
    const sg_dataset_info info = sg_dataset_info_of(pictures);
    sg_loader *loader = NULL;
    sg_loader_options options;
    sg_loader_options_init(&options);
    options.batch_size = batch;
    options.position = first;
    float *images = sg_allocate(batch * info.height * info.width, info.channels * sizeof *images);
    float *labels = sg_allocate(batch, (info.label_count + 1) * sizeof *labels);
    sg_status status = images && labels ? sg_loader_create(pictures, &options, &loader, error)
                                        : sg_fail_memory(error, "%zu images", batch);
    for (size_t i = 0; i < parts && !status; i++) {
        status = sg_loader_next(loader, images, labels, error);
        if (!status && sg_trainer_score(run->trainer, images, labels, (int)batch, (int)(part + i),
                                        &run->statistics))
            status = sg_context_take_error(run->context, error);
    }
    sg_loader_destroy(loader);
    free(images);
    free(labels);
    return status;
}

/* A classifier's accuracy is that of all pictures. Scores are of whole parts. */
static sg_status score_all(sg_run_state *run, const sg_dataset *pictures, sg_error *error)
{
    const size_t count = sg_dataset_info_of(pictures).image_count;
    const size_t batch = scored_at_a_time(run);
    const size_t parts = count / batch;
    const size_t rest = count - parts * batch;
    SG_TRY(score_span(run, pictures, 0, batch, parts, 0, error));
    return rest > 0 && sg_trainer_trains_one(&run->options.trainer)
               ? score_span(run, pictures, parts * batch, rest, 1, parts, error)
               : SG_OK;
}

sg_status sg_run_score_held_out(sg_run_state *run, sg_error *error)
{
    sg_dataset *reduced = NULL;
    const sg_generator_config *config = &run->options.trainer.generator;
    const size_t width = (size_t)sg_picture_side(config->base_width, run->resolution);
    if (!run->held_out)
        return SG_OK;
    if (width < run->info.width)
        SG_TRY(sg_dataset_reduce(run->held_out, run->info.width / width, &reduced, error));
    const sg_status status = score_all(run, reduced ? reduced : run->held_out, error);
    sg_dataset_destroy(reduced);
    return status;
}
