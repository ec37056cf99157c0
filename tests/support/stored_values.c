/* Reference values from files. */
#include "support/stored_values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ops/layout.h"

sg_safetensors *open_golden_values(const char *name)
{
    char path[200];
    sg_error error = {0};
    sg_safetensors *file = NULL;
    snprintf(path, sizeof path, "tests/golden/%s", name);
    if (sg_safetensors_open(path, &file, &error))
        fail_msg("%s", error.message);
    return file;
}

sg_tensor *stored_tensor(sg_context *context, sg_dtype dtype, sg_safetensors *file,
                         const char *name)
{
    sg_error error = {0};
    const sg_stored_tensor *stored = sg_safetensors_find(file, name);
    if (!stored)
        fail_msg("the file has no %s", name);
    double *values = calloc(stored->count + 1, sizeof *values);
    assert_non_null(values);
    if (sg_safetensors_read_doubles(file, stored, values, &error))
        fail_msg("%s", error.message);
    sg_tensor *tensor = sg_tensor_create(context, dtype, sg_shape_of(stored->rank, stored->size));
    assert_non_null(tensor);
    for (size_t i = 0; i < stored->count; i++)
        sg_tensor_set_value(tensor, (int64_t)i, values[i]);
    free(values);
    return tensor;
}

sg_tensor *stored_picture(sg_context *context, sg_dtype dtype, sg_safetensors *file,
                          const char *name)
{
    return sg_to_channels_last(stored_tensor(context, dtype, file, name));
}
