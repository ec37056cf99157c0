/* Data sets: finds the kind that recognises a path, and passes reads on to it. */
#include "data/dataset.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/text.h"
#include "data/dataset_kind.h"
#include "data/kinds/folder_dataset.h"
#include "data/kinds/idx_dataset.h"
#include "data/kinds/zip_dataset.h"

struct sg_dataset {
    const sg_dataset_functions *functions;
    void *state;
    sg_dataset_info info;
};

/* The kinds, asked in this order. */
static const sg_dataset_kind *const kinds[] = {&sg_idx_dataset_kind, &sg_zip_dataset_kind,
                                               &sg_folder_dataset_kind};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

static sg_status fail_unrecognised(const char *path, sg_error *error)
{
    sg_text expected = {0};
    for (size_t i = 0; i < KIND_COUNT; i++)
        sg_text_append(&expected, "%s%s", i == 0 ? "" : ", or ", kinds[i]->expected);
    sg_fail(error, SG_ERROR_FORMAT, "%s: %s, expected %s", path,
            sg_path_is_folder(path) ? "the folder holds no data set" : "the file is no data set",
            expected.bytes ? expected.bytes : "a data set");
    sg_text_clear(&expected);
    return SG_ERROR_FORMAT;
}

sg_status sg_dataset_open(const char *path, sg_dataset **dataset, sg_error *error)
{
    *dataset = NULL;
    if (!sg_path_exists(path))
        return sg_fail(error, SG_ERROR_FILE, "%s: there is no such file or folder", path);
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (kinds[i]->recognises(path))
            return kinds[i]->open(path, dataset, error);
    return fail_unrecognised(path, error);
}

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
