/* Safetensors files: every tensor in every way, and the networks in them. */
#include <stdlib.h>

#include "base/allocate.h"
#include "checkpoint/network_file.h"
#include "checkpoint/network_size.h"
#include "fuzz/fuzz.h"

/* Making a network of this many values takes as long as a thousand other inputs. */
#define SLOW_VALUES 20000.0

static void read_tensor(sg_safetensors *file, const sg_stored_tensor *tensor)
{
    sg_error error = {0};
    void *bytes = sg_allocate(tensor->bytes + 1, 1);
    float *floats = sg_allocate(tensor->count + 1, sizeof *floats);
    double *doubles = sg_allocate(tensor->count + 1, sizeof *doubles);
    if (bytes != NULL && floats != NULL && doubles != NULL) {
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
        if (sg_safetensors_find(file, tensor->name) != tensor) {
            abort();
        }
        read_tensor(file, tensor);
    }
    for (size_t i = 0; i < sg_safetensors_metadata_count(file); i++) {
        const sg_metadata pair = sg_safetensors_metadata_at(file, i);
        if (sg_safetensors_metadata(file, pair.key) != pair.value) {
            abort();
        }
    }
}

static void load_generator(sg_network_file *file, sg_network_part part, sg_context *context)
{
    sg_error error = {0};
    sg_generator_config config;
    sg_generator *generator = NULL;
    sg_status status = sg_network_generator_config(file, part, &config, &error);
    if (fuzz_check(status, &error) != SG_OK || sg_generator_least_values(&config) > SLOW_VALUES) {
        return;
    }
    status = sg_network_load_generator(file, part, context, &generator, &error);
    if (fuzz_check(status, &error) == SG_OK) {
        sg_generator_destroy(generator);
    }
}

static void load_discriminator(sg_network_file *file, sg_context *context)
{
    sg_error error = {0};
    sg_discriminator_config config;
    sg_discriminator *discriminator = NULL;
    sg_status status = sg_network_discriminator_config(file, &config, &error);
    if (fuzz_check(status, &error) != SG_OK ||
        sg_discriminator_least_values(&config) > SLOW_VALUES) {
        return;
    }
    status = sg_network_load_discriminator(file, context, &discriminator, &error);
    if (fuzz_check(status, &error) == SG_OK) {
        sg_discriminator_destroy(discriminator);
    }
}

static void load_networks(sg_network_file *file)
{
    sg_context *context = sg_context_create(1);
    if (context != NULL) {
        load_generator(file, SG_PART_G, context);
        load_generator(file, SG_PART_G_EMA, context);
        load_discriminator(file, context);
        sg_context_destroy(context);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file("network.safetensors", data, size);
    sg_error error = {0};
    sg_safetensors *tensors = NULL;
    sg_network_file *network = NULL;
    if (fuzz_check(sg_safetensors_open(path, &tensors, &error), &error) == SG_OK) {
        read_tensors(tensors);
    }
    sg_safetensors_close(tensors);
    if (fuzz_check(sg_network_open(path, &network, &error), &error) == SG_OK) {
        load_networks(network);
    }
    sg_network_close(network);
    return 0;
}
