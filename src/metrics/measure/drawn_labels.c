/*
 * Labels for pictures of conditional generators, drawn as often as the real pictures have them.
 * Tested by: tests/cli/test_metrics.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "data/kinds/open_dataset.h"
#include "metrics/measure/measurer_state.h"

/* Copies the labels of the data set, which has `width` classes or numbers. */
static sg_status copy_labels(sg_measurer *measurer, const sg_dataset *dataset, sg_error *error)
{
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    measurer->labels = sg_allocate(info.image_count, sizeof *measurer->labels);
    if (!measurer->labels)
        return sg_fail_memory(error, "labels");
    for (size_t i = 0; i < info.image_count; i++) {
        SG_TRY(sg_dataset_label(dataset, i, &measurer->labels[i], error));
        if (measurer->labels[i] < 0)
            return sg_fail(error, SG_ERROR_FORMAT, "some of its pictures have no label");
    }
    measurer->label_count = info.image_count;
    if (!info.label_values)
        return SG_OK;
    measurer->label_rows = info.label_rows;
    measurer->label_values = sg_allocate(info.label_rows, info.label_count * sizeof(float));
    if (!measurer->label_values)
        return sg_fail_memory(error, "labels");
    memcpy(measurer->label_values, info.label_values,
           info.label_rows * info.label_count * sizeof(float));
    return SG_OK;
}

static sg_status read_labels(sg_measurer *measurer, size_t width, sg_error *error)
{
    sg_dataset *dataset = NULL;
    SG_TRY(sg_dataset_open(measurer->options.data, &dataset, error));
    sg_status status = sg_dataset_check_labels(dataset, error);
    const size_t found = sg_dataset_info_of(dataset).label_count;
    if (!status && found != width)
        status = sg_fail(error, SG_ERROR_FORMAT,
                         "it has labels of %zu classes, and the network takes %zu", found, width);
    if (!status)
        status = copy_labels(measurer, dataset, error);
    sg_dataset_destroy(dataset);
    return status;
}

void sg_measurer_labels(sg_measurer *measurer, const sg_measured *subject, const sg_watch *watch,
                        sg_metric_setup *setup)
{
    const int width = sg_generator_config_of(subject->generator)->c_dim;
    sg_error reason = {0};
    if (width <= 0 || !measurer->options.data)
        return;
    if (!measurer->labels_read && read_labels(measurer, (size_t)width, &reason)) {
        char note[1024];
        snprintf(note, sizeof note, "classes are drawn evenly, not as often as in %.300s: %.500s",
                 measurer->options.data, reason.message);
        sg_watch_note(watch, note);
        free(measurer->labels);
        measurer->labels = NULL;
    }
    measurer->labels_read = true;
    setup->drawn_labels = measurer->labels;
    setup->drawn_count = measurer->label_count;
    setup->labels = measurer->labels ? measurer->label_values : NULL;
    setup->label_rows = measurer->label_rows;
}
