/*
 * Opens the data of a run.
 * Tested by: tests/cli/test_train_data.c
 */
#include <string.h>

#include "data/kinds/open_dataset.h"
#include "train/run/run_state.h"

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

sg_status sg_run_open_data(sg_run_state *run, sg_error *error)
{
    SG_TRY(run->options.conditional
               ? sg_dataset_open(run->options.data, &run->dataset, error)
               : sg_dataset_open_unlabelled(run->options.data, &run->dataset, error));
    run->info = sg_dataset_info_of(run->dataset);
    return run->options.conditional && run->info.label_count == 0 ? fail_unlabelled(run, error)
                                                                  : SG_OK;
}
