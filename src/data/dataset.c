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

sg_status sg_dataset_read(const sg_dataset *dataset, size_t index, uint8_t *pixels_hwc, int *label,
                          sg_error *error)
{
    int ignored = -1;
    if (index >= dataset->info.image_count)
        return sg_fail(error, SG_ERROR_ARGUMENT, "%s: image %zu was asked for, but it holds %zu",
                       dataset->info.name, index, dataset->info.image_count);
    return dataset->functions->read(dataset->state, index, pixels_hwc, label ? label : &ignored,
                                    error);
}
