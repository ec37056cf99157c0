/* Safetensors files: every tensor in every way, and the networks in them. */
#include <stdlib.h>

#include "base/allocate.h"
#include "checkpoint/safetensors/safetensors.h"
#include "fuzz/fuzz.h"
#include "fuzz/networks.h"

static void read_tensor(sg_safetensors *file, const sg_stored_tensor *tensor)
{
    sg_error error = {0};
    void *bytes = sg_allocate(tensor->bytes + 1, 1);
    float *floats = sg_allocate(tensor->count + 1, sizeof *floats);
    double *doubles = sg_allocate(tensor->count + 1, sizeof *doubles);
    if (bytes && floats && doubles) {
        fuzz_check(sg_safetensors_read_bytes(file, tensor, bytes, &error), &error);
        fuzz_check(sg_safetensors_read_floats(file, tensor, floats, &error), &error);
        fuzz_check(sg_safetensors_read_doubles(file, tensor, doubles, &error), &error);
    }
    free(bytes);
    free(floats);
    free(doubles);
}

static void read_tensors(sg_safetensors *file)
{
    for (size_t i = 0; i < sg_safetensors_count(file); i++) {
        const sg_stored_tensor *tensor = sg_safetensors_at(file, i);
        if (sg_safetensors_find(file, tensor->name) != tensor)
            abort();
        read_tensor(file, tensor);
    }
    for (size_t i = 0; i < sg_safetensors_metadata_count(file); i++) {
        const sg_metadata pair = sg_safetensors_metadata_at(file, i);
        if (sg_safetensors_metadata(file, pair.key) != pair.value)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file("network.safetensors", data, size);
    sg_error error = {0};
    sg_safetensors *tensors = NULL;
    if (!fuzz_check(sg_safetensors_open(path, &tensors, &error), &error))
        read_tensors(tensors);
    sg_safetensors_close(tensors);
    fuzz_read_networks(path);
    return 0;
}
