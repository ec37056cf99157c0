/* What the rules share; see adaptation.h. Tested by: tests/train/transfer/test_transfer.c */
#include "train/transfer/adaptation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"

const sg_network_tensor *sg_transfer_find(const sg_transfer_source *source, const char *name)
{
    char other[3 * SG_PARAMETER_NAME_BYTES];
    char prefix[64];
    const sg_network_tensor *found = sg_network_tensor_find(source->file, source->part, name);
    if (found || !source->known || !source->of_generator)
        return found;
    const int length = snprintf(prefix, sizeof prefix, "synthesis.L%d_%d_",
                                source->g_here.stylegan3.num_layers, source->resolution_here);
    if (strncmp(name, prefix, (size_t)length) != 0)
        return NULL;
    const char *rest = strchr(name + length, '.');
    if (!rest)
        return NULL;
    snprintf(other, sizeof other, "%s%d%s", prefix, source->channels_file, rest);
    return sg_network_tensor_find(source->file, source->part, other);
}

sg_status sg_transfer_read(const sg_transfer_source *source, const char *name, size_t columns,
                           float **values, size_t *rows, sg_error *error)
{
    const sg_network_tensor *stored = sg_transfer_find(source, name);
    *values = NULL;
    *rows = 0;
    if (!stored || stored->rank < 1 || stored->size[0] < 1)
        return SG_OK;
    const size_t first = (size_t)stored->size[0];
    if (columns > 0 && stored->count / first != columns)
        return SG_OK;
    float *numbers = sg_allocate(stored->count, sizeof *numbers);
    if (!numbers)
        return sg_fail_memory(error, "weights");
    const sg_status status = sg_network_tensor_read_floats(stored, numbers, error);
    if (status) {
        free(numbers);
        return status;
    }
    *values = numbers;
    *rows = first;
    return SG_OK;
}

int sg_transfer_block(const char *name, const char **rest)
{
    static const char prefix[] = "synthesis.";
    if (sg_has_prefix(name, prefix))
        name += sizeof prefix - 1;
    char *end = NULL;
    const long resolution = name[0] == 'b' ? strtol(name + 1, &end, 10) : 0;
    if (resolution < 4 || resolution > SG_LARGEST_RESOLUTION || *end != '.')
        return 0;
    *rest = end + 1;
    return (int)resolution;
}

float *sg_transfer_write(sg_parameter *target)
{
    sg_tensor_touch(target->tensor);
    return sg_f32(target->tensor);
}
