/* Noise buffers: draws, the regulariser, normalisation; see noise_buffers.h. */
#include "invert/noise_buffers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "ops/picture_scale.h"
#include "ops/reduce.h"

static const char buffer_suffix[] = ".noise_const";

/* Returns how many values a buffer has to work on: none in a rehearsal. */
static int64_t values_of(const sg_tensor *buffer)
{
    return sg_is_hollow(buffer->context) ? 0 : sg_tensor_count(buffer);
}

static void copy(const sg_tensor *from, sg_tensor *to)
{
    if (values_of(from) == 0)
        return;
    memcpy(to->storage->data, from->storage->data,
           (size_t)values_of(from) * sg_dtype_bytes(from->dtype));
}

sg_status sg_noise_buffers_find(sg_noise_buffers *noise, const sg_parameter_set *parameters,
                                sg_error *error)
{
    *noise = (sg_noise_buffers){
        .buffers = sg_allocate(parameters->count + 1, sizeof *noise->buffers),
        .originals = sg_allocate(parameters->count + 1, sizeof *noise->originals)};
    if (!noise->buffers || !noise->originals)
        return sg_fail_memory(error, "the noise of a network");
    const size_t scope = sg_scope_open(parameters->context);
    for (size_t i = 0; i < parameters->count; i++) {
        const sg_parameter *parameter = &parameters->items[i];
        if (!sg_has_suffix(parameter->name, buffer_suffix))
            continue;
        sg_tensor *kept = sg_tensor_create(parameters->context, parameter->tensor->dtype,
                                           parameter->tensor->shape);
        if (!kept)
            break;
        copy(parameter->tensor, kept);
        noise->buffers[noise->count] = parameter;
        noise->originals[noise->count++] = sg_tensor_retain(kept);
    }
    sg_scope_close(parameters->context, scope, NULL);
    return sg_context_take_error(parameters->context, error);
}

void sg_noise_buffers_clear(sg_noise_buffers *noise)
{
    for (size_t i = 0; i < noise->count; i++)
        sg_tensor_release(noise->originals[i]);
    free(noise->originals);
    free(noise->buffers);
    *noise = (sg_noise_buffers){0};
}

void sg_noise_buffers_draw(sg_noise_buffers *noise, sg_numpy_random *random)
{
    for (size_t i = 0; i < noise->count; i++) {
        sg_tensor *buffer = noise->buffers[i]->tensor;
        for (int64_t k = 0; k < values_of(buffer); k++)
            sg_tensor_set_value(buffer, k, (double)(float)sg_numpy_random_normal(random));
        sg_tensor_touch(buffer);
    }
}

void sg_noise_buffers_swap(sg_noise_buffers *noise)
{
    for (size_t i = 0; i < noise->count; i++) {
        sg_tensor *buffer = noise->buffers[i]->tensor;
        for (int64_t k = 0; k < values_of(buffer); k++) {
            const double kept = sg_tensor_value(noise->originals[i], k);
            sg_tensor_set_value(noise->originals[i], k, sg_tensor_value(buffer, k));
            sg_tensor_set_value(buffer, k, kept);
        }
        sg_tensor_touch(buffer);
    }
}

/* Returns the square of the mean product of x [1, H, W, 1] with x shifted by one along an axis. */
static sg_tensor *correlation(sg_tensor *x, int axis)
{
    if (!x)
        return NULL;
    const int64_t size = x->shape.size[axis];
    if (size < 2)
        return sg_power(sg_mean_all(sg_multiply(x, x)), 2);
    sg_tensor *shifted =
        sg_concatenate(sg_slice(x, axis, size - 1, 1), sg_slice(x, axis, 0, size - 1), axis);
    return sg_power(sg_mean_all(sg_multiply(x, shifted)), 2);
}

/* Returns x [1, H, W, 1] averaged over 2x2 pixels, an odd last row or column left out. */
static sg_tensor *halve(sg_tensor *x)
{
    if (x->shape.size[1] % 2)
        x = sg_slice(x, 1, 0, x->shape.size[1] - 1);
    if (x && x->shape.size[2] % 2)
        x = sg_slice(x, 2, 0, x->shape.size[2] - 1);
    return sg_reduce_box(x, 2);
}

static sg_tensor *penalty_of(sg_tensor *buffer)
{
    enum { SMALLEST = 8 };
    const int64_t *size = buffer->shape.size;
    sg_tensor *x = sg_reshape(buffer, SG_SHAPE(1, size[0], size[1], 1));
    sg_tensor *sum = sg_add(correlation(x, 2), correlation(x, 1));
    while (x && x->shape.size[1] > SMALLEST && x->shape.size[2] > 1) {
        x = halve(x);
        sum = sg_add(sum, sg_add(correlation(x, 2), correlation(x, 1)));
    }
    return sum;
}

sg_tensor *sg_noise_buffers_penalty(const sg_noise_buffers *noise)
{
    sg_tensor *sum = NULL;
    for (size_t i = 0; i < noise->count; i++) {
        sg_tensor *term = penalty_of(noise->buffers[i]->tensor);
        sum = i == 0 ? term : sg_add(sum, term);
    }
    return sum;
}

void sg_noise_buffers_normalise(sg_noise_buffers *noise)
{
    for (size_t i = 0; i < noise->count; i++) {
        sg_tensor *buffer = noise->buffers[i]->tensor;
        const int64_t count = sg_tensor_count(buffer);
        double mean = 0;
        double square = 0;
        for (int64_t k = 0; k < count; k++)
            mean += sg_tensor_value(buffer, k) / (double)count;
        for (int64_t k = 0; k < count; k++)
            square += pow(sg_tensor_value(buffer, k) - mean, 2) / (double)count;
        const double scale = square > 0 ? 1 / sqrt(square) : 1;
        for (int64_t k = 0; k < count; k++)
            sg_tensor_set_value(buffer, k, (sg_tensor_value(buffer, k) - mean) * scale);
        sg_tensor_touch(buffer);
    }
}
