/*
 * Opens the data of a run.
 * Tested by: tests/cli/test_train_data.c
 */
#include <stdio.h>
#include <string.h>

#include "data/kinds/open_dataset.h"
#include "data/kinds/subset_dataset.h"
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

/* Keeps as many of the pictures as the options ask for. */
static sg_status choose_subset(sg_run_state *run, sg_error *error)
{
    if (run->options.subset > 0) {
        sg_dataset *whole = run->dataset;
        run->dataset = NULL;
        SG_TRY(sg_dataset_choose(whole, (size_t)run->options.subset, run->options.trainer.seed,
                                 &run->dataset, error));
    }
    run->info = sg_dataset_info_of(run->dataset);
    return SG_OK;
}

static sg_status open_set(sg_run_state *run, sg_error *error)
{
    const char *data = run->options.data;
    const sg_status status = run->options.conditional
                                 ? sg_dataset_open(data, &run->dataset, error)
                                 : sg_dataset_open_unlabelled(data, &run->dataset, error);
    if (!status)
        return choose_subset(run, error);
    if (status != SG_ERROR_SHAPE || !error)
        return status;
    const size_t length = strlen(error->message);
    snprintf(error->message + length, sizeof error->message - length,
             ", or \"resolution\" with the same number does so for this training");
    return status;
}

sg_status sg_run_open_data(sg_run_state *run, sg_error *error)
{
    if (run->options.resolution > 0 && !run->options.resume)
        SG_TRY(sg_run_convert_data(run, error));
    if (run->info.image_count == 0) /* a dry run may know them already */
        SG_TRY(open_set(run, error));
    return run->options.conditional && run->info.label_count == 0 ? fail_unlabelled(run, error)
                                                                  : SG_OK;
}
