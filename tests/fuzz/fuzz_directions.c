/*
 * Files of directions of every container: for a network of 3 inputs with w of 2 numbers, and for
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "edit/directions/direction_file.h"
#include "fuzz/fuzz.h"

static void check(const sg_direction_set *set)
{
    if (set->count == 0)
        abort();
    for (size_t i = 0; i < set->count; i++) {
        const sg_direction *direction = &set->items[i];
        if (!direction->name || !direction->name[0] || !isfinite(direction->sigma))
            abort();
        if (!direction->values && direction->channel_count == 0)
            abort();
        for (size_t k = 0; direction->values && k < direction->rows * direction->width; k++)
            if (!isfinite(direction->values[k]))
                abort();
        for (size_t k = 0; k < direction->channel_count; k++)
            if (!memchr(direction->channels[k].layer, '\0', SG_LAYER_NAME_BYTES))
                abort();
    }
}

static void read_set(const char *path, sg_direction_shape shape)
{
    sg_error error = {0};
    sg_direction_set set = {0};
    if (!fuzz_check(sg_direction_file_read(path, shape, &set, &error), &error))
        check(&set);
    sg_direction_set_clear(&set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file("input.npz", data, size);
    read_set(path, (sg_direction_shape){3, 2});
    read_set(path, (sg_direction_shape){0, 0});
    return 0;
}
