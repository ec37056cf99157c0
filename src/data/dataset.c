/* Data sets: checks indices, and passes reads on to the kind. */
#include "data/dataset.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

struct sg_dataset {
    const sg_dataset_functions *functions;
    void *state;
    sg_dataset_info info;
};

sg_status sg_dataset_create(const sg_dataset_functions *functions, void *state,
                            const sg_dataset_info *info, sg_dataset **dataset, sg_error *error)
{
    *dataset = sg_allocate(1, sizeof **dataset);
    if (!*dataset) {
        functions->destroy(state);
        return sg_fail_memory(error, "%s", info->name);
    }
    **dataset = (sg_dataset){.functions = functions, .state = state, .info = *info};
    if (!info->label_values)
        (*dataset)->info.label_rows = info->label_count;
    return SG_OK;
}

void sg_dataset_set_name(sg_dataset_info *info, const char *name, size_t length)
{
    if (length >= sizeof info->name)
        length = sizeof info->name - 1;
    memcpy(info->name, name, length);
    info->name[length] = '\0';
}

void sg_dataset_destroy(sg_dataset *dataset)
{
    if (!dataset)
        return;
    dataset->functions->destroy(dataset->state);
    free(dataset);
}

sg_dataset_info sg_dataset_info_of(const sg_dataset *dataset)
{
    return dataset->info;
}

sg_status sg_dataset_check_labels(const sg_dataset *dataset, sg_error *error)
{
    const char *problem = dataset->info.label_problem;
    return problem ? sg_fail(error, SG_ERROR_FORMAT, "%s", problem) : SG_OK;
}

void sg_dataset_leave_labels(sg_dataset *dataset)
{
    sg_dataset_info *info = &dataset->info;
    if (info->label_count > 0 || info->label_problem)
        info->unread_labels = "its own file of labels";
    info->label_count = info->label_rows = 0;
    info->label_values = NULL;
    info->label_names = NULL;
    info->label_problem = NULL;
}

/* Fails for an index beyond the last. */
static sg_status check_index(const sg_dataset *dataset, size_t index, sg_error *error)
{
    if (index < dataset->info.image_count)
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT, "%s: image %zu was asked for, but it holds %zu",
                   dataset->info.name, index, dataset->info.image_count);
}

sg_status sg_dataset_label(const sg_dataset *dataset, size_t index, int *label, sg_error *error)
{
    const sg_dataset_info *info = &dataset->info;
    SG_TRY(check_index(dataset, index, error));
    *label = -1;
    if (info->label_count == 0)
        return SG_OK;
    if (dataset->functions->label) {
        *label = dataset->functions->label(dataset->state, index);
        return SG_OK;
    }
    uint8_t *pixels = sg_allocate(info->height * info->width, info->channels);
    if (!pixels)
        return sg_fail_memory(error, "image %zu of %s", index, info->name);
    const sg_status status = dataset->functions->read(dataset->state, index, pixels, label, error);
    free(pixels);
    return status;
}

void sg_dataset_trace(const sg_dataset *dataset, size_t index, sg_text *text)
{
    if (dataset->functions->trace && index < dataset->info.image_count)
        dataset->functions->trace(dataset->state, index, text);
}

sg_status sg_dataset_read(const sg_dataset *dataset, size_t index, uint8_t *pixels_hwc, int *label,
                          sg_error *error)
{
    int ignored = -1;
    SG_TRY(check_index(dataset, index, error));
    return dataset->functions->read(dataset->state, index, pixels_hwc, label ? label : &ignored,
                                    error);
}
