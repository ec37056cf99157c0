/* Named tensors and their initial values, each drawn from a random stream of its own. */
#include "nn/parameter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/hash.h"
#include "base/random.h"
#include "tensor/tape.h"

void sg_parameter_set_init(sg_parameter_set *set, sg_context *context, sg_dtype dtype,
                           uint64_t seed)
{
    *set = (sg_parameter_set){.context = context, .dtype = dtype, .seed = seed};
}

void sg_parameter_set_clear(sg_parameter_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        sg_tensor_release(set->items[i].tensor);
    free(set->items);
    *set = (sg_parameter_set){.context = set->context};
}

/* Returns the random stream of a name: its hash. */
static uint64_t hash_name(const char *name)
{
    return sg_hash_bytes(sg_hash_start, name, strlen(name));
}

static void fill_normal(const sg_parameter_set *set, const char *name, double scale,
                        sg_tensor *tensor)
{
    enum { BLOCK = 1024 };
    float values[BLOCK];
    sg_random random = sg_random_stream(set->seed, hash_name(name));
    int64_t count = sg_tensor_count(tensor);
    for (int64_t at = 0; at < count; at += BLOCK) {
        int64_t length = count - at < BLOCK ? count - at : BLOCK;
        sg_random_normal_fill(&random, values, (size_t)length);
        for (int64_t i = 0; i < length; i++)
            sg_tensor_set_value(tensor, at + i, scale * (double)values[i]);
    }
}

static void fill_uniform(const sg_parameter_set *set, const char *name, double scale,
                         sg_tensor *tensor)
{
    sg_random random = sg_random_stream(set->seed, hash_name(name));
    for (int64_t i = 0; i < sg_tensor_count(tensor); i++)
        sg_tensor_set_value(tensor, i, scale * (2 * sg_random_uniform(&random) - 1));
}

/* Creates a tensor with its initial values, owned by the caller; NULL on failure. */
static sg_tensor *initial_tensor(const sg_parameter_set *set, const char *name, sg_shape shape,
                                 sg_initial initial)
{
    size_t scope = sg_scope_open(set->context);
    sg_tensor *tensor = sg_tensor_create(set->context, set->dtype, shape);
    const bool filled = tensor && tensor->storage->data && !set->context->blank_parameters;
    if (filled && initial.kind == SG_INITIAL_NORMAL)
        fill_normal(set, name, initial.value, tensor);
    if (filled && initial.kind == SG_INITIAL_UNIFORM)
        fill_uniform(set, name, initial.value, tensor);
    for (int64_t i = 0;
         filled && initial.kind == SG_INITIAL_CONSTANT && i < sg_tensor_count(tensor); i++)
        sg_tensor_set_value(tensor, i, initial.value);
    if (tensor)
        tensor->storage->keeps_packed = true;
    sg_tensor_retain(tensor);
    sg_scope_close(set->context, scope, NULL);
    return tensor;
}

sg_tensor *sg_parameter_add(sg_parameter_set *set, const char *prefix, const char *name,
                            sg_shape shape, bool trainable, sg_initial initial)
{
    if (set->context->error.status)
        return NULL;
    if (!sg_grow(&set->items, &set->capacity, set->count, sizeof *set->items))
        return sg_context_fail_memory(set->context, "a network's tensors");
    sg_parameter *parameter = &set->items[set->count];
    int length = snprintf(parameter->name, sizeof parameter->name, "%s%s%s", prefix,
                          *prefix ? "." : "", name);
    if (length < 0 || (size_t)length >= sizeof parameter->name)
        return sg_context_fail(set->context, SG_ERROR_ARGUMENT,
                               "the tensor name %s.%s is longer than %d characters", prefix, name,
                               SG_PARAMETER_NAME_BYTES - 1);
    parameter->trainable = trainable;
    parameter->gain = 1;
    parameter->tensor = initial_tensor(set, parameter->name, shape, initial);
    if (parameter->tensor)
        set->count++;
    return parameter->tensor;
}

bool sg_parameter_share(sg_parameter_set *set, const sg_parameter *parameter)
{
    if (!sg_grow(&set->items, &set->capacity, set->count, sizeof *set->items)) {
        sg_context_fail_memory(set->context, "a list of tensors");
        return false;
    }
    set->items[set->count] = *parameter;
    set->items[set->count].trainable = true;
    sg_tensor_retain(set->items[set->count++].tensor);
    return true;
}

void sg_parameter_set_gain(sg_parameter_set *set, const sg_tensor *weight, double gain)
{
    for (size_t i = set->count; weight && i-- > 0;)
        if (set->items[i].tensor == weight) {
            set->items[i].gain = gain;
            return;
        }
}

sg_parameter *sg_parameter_find(const sg_parameter_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->items[i].name, name) == 0)
            return &set->items[i];
    return NULL;
}

void sg_parameter_set_require_gradient(sg_parameter_set *set, bool required)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].trainable)
            sg_tensor_require_gradient(set->items[i].tensor, required);
}

int64_t sg_parameter_set_count_values(const sg_parameter_set *set)
{
    int64_t count = 0;
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].trainable)
            count += sg_tensor_count(set->items[i].tensor);
    return count;
}
