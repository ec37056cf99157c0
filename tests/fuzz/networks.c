#include "fuzz/networks.h"
#include "checkpoint/network/network_load.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "checkpoint/network/network_file.h"
#include "fuzz/fuzz.h"
#include "models/network_size.h"

/* Building a network of this many values takes as long as a thousand other inputs. */
#define SLOW_VALUES 20000.0

enum { MOST_TENSORS = 200, MOST_ELEMENTS = 1 << 14 };

/* Reads every number: mapped ones must lie within the file. */
static void read_parameters(const sg_parameter_set *parameters)
{
    volatile float sum = 0.0f;
    for (size_t i = 0; i < parameters->count; i++) {
        const sg_tensor *tensor = parameters->items[i].tensor;
        const int64_t count = sg_shape_count(&tensor->shape);
        for (int64_t j = 0; j < count; j++)
            sum = sum + sg_f32(tensor)[j];
    }
}

static void load_generator(const sg_network_file *file, sg_network_part part, sg_context *context)
{
    sg_error error = {0};
    sg_generator_config config;
    sg_generator *generator = NULL;
    sg_status status = sg_network_generator_config(file, part, &config, &error);
    if (fuzz_check(status, &error) || sg_generator_least_values(&config) > SLOW_VALUES)
        return;
    status = sg_network_load_generator(file, part, context, &generator, &error);
    if (!fuzz_check(status, &error)) {
        read_parameters(sg_generator_parameters(generator));
        sg_generator_destroy(generator);
    }
}

static void load_discriminator(const sg_network_file *file, sg_context *context)
{
    sg_error error = {0};
    sg_discriminator_config config;
    sg_discriminator *discriminator = NULL;
    sg_status status = sg_network_discriminator_config(file, &config, &error);
    if (fuzz_check(status, &error) || sg_discriminator_least_values(&config) > SLOW_VALUES)
        return;
    status = sg_network_load_discriminator(file, context, &discriminator, &error);
    if (!fuzz_check(status, &error)) {
        read_parameters(sg_discriminator_parameters(discriminator));
        sg_discriminator_destroy(discriminator);
    }
}

static void load_networks(const sg_network_file *file)
{
    sg_context *context = sg_context_create(1);
    if (context) {
        load_generator(file, SG_PART_G, context);
        load_generator(file, SG_PART_G_EMA, context);
        load_discriminator(file, context);
        sg_context_destroy(context);
    }
}

static void read_tensor(const sg_network_tensor *tensor)
{
    sg_error error = {0};
    float *floats = sg_allocate(tensor->count + 1, sizeof *floats);
    double *doubles = sg_allocate(tensor->count + 1, sizeof *doubles);
    if (floats && doubles) {
        fuzz_check(sg_network_tensor_read_floats(tensor, floats, &error), &error);
        fuzz_check(sg_network_tensor_read_doubles(tensor, doubles, &error), &error);
    }
    free(floats);
    free(doubles);
}

static void read_part(const sg_network_file *file, sg_network_part part)
{
    const size_t count = sg_network_tensor_count(file, part);
    for (size_t i = 0; i < count && i < MOST_TENSORS; i++) {
        char shape[200];
        const sg_network_tensor *tensor = sg_network_tensor_at(file, part, i);
        if (!sg_network_tensor_find(file, part, tensor->name) ||
            strlen(sg_network_tensor_print_shape(tensor, shape)) >= sizeof shape)
            abort();
        if (tensor->count <= MOST_ELEMENTS)
            read_tensor(tensor);
    }
}

void fuzz_read_networks(const char *path)
{
    sg_error error = {0};
    sg_network_file *file = NULL;
    if (fuzz_check(sg_network_open(path, &file, &error), &error))
        return;
    for (int part = 0; part < SG_PART_COUNT; part++)
        read_part(file, (sg_network_part)part);
    load_networks(file);
    sg_network_close(file);
}
