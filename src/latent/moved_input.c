/*
 * Moved and turned inputs. A constant of n samples a side is a sum of n waves in each direction,
 * which can be evaluated anywhere: its interpolation is the periodic sinc.
 */
#include "latent/moved_input.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

/* Returns the periodic sinc of `length` samples at x samples from its peak of 1. */
static double periodic_sinc(double x, int64_t length)
{
    double sum = 1;
    for (int64_t k = 1; 2 * k <= length; k++)
        sum += (2 * k == length ? 1 : 2) * cos(2 * M_PI * (double)k * x / (double)length);
    return sum / (double)length;
}

/* Sets the constant [C, h, w] at (row, column) to the original's waves at (y, x) samples. */
static void sample_waves(const sg_moved_input *input, int64_t row, int64_t column, double y,
                         double x)
{
    const int64_t *size = input->constant->shape.size;
    float *to = sg_f32(input->constant);
    for (int64_t c = 0; c < size[0]; c++) {
        const float *from = input->values + c * size[1] * size[2];
        double sum = 0;
        for (int64_t i = 0; i < size[1]; i++)
            for (int64_t k = 0; k < size[2]; k++)
                sum += from[i * size[2] + k] * periodic_sinc(y - (double)i, size[1]) *
                       periodic_sinc(x - (double)k, size[2]);
        to[(c * size[1] + row) * size[2] + column] = (float)sum;
    }
}

/* Turns are those of pixels, so the sides of a rectangle are taken in units of its height. */
static void move_constant(sg_moved_input *input, const sg_transform *transform)
{
    const int64_t *size = input->constant->shape.size;
    const double height = (double)size[1];
    const double width = (double)size[2];
    const double wider = width / height;
    double inverse[9];
    sg_transform_invert(&(sg_transform){.x = transform->x * wider,
                                        .y = transform->y,
                                        .degrees = transform->degrees},
                        inverse);
    for (int64_t row = 0; row < size[1]; row++)
        for (int64_t column = 0; column < size[2]; column++) {
            /* from the middle */
            const double x = (((double)column + 0.5) / width - 0.5) * wider;
            const double y = ((double)row + 0.5) / height - 0.5;
            const double from_x = inverse[0] * x + inverse[1] * y + inverse[2];
            const double from_y = inverse[3] * x + inverse[4] * y + inverse[5];
            sample_waves(input, row, column, (from_y + 0.5) * height - 0.5,
                         (from_x / wider + 0.5) * width - 0.5);
        }
    sg_tensor_touch(input->constant);
}

sg_status sg_moved_input_begin(sg_generator *generator, sg_moved_input *input, sg_error *error)
{
    input->generator = generator;
    if (sg_generator_transform(generator, input->transform))
        return SG_OK;
    const sg_parameter *found =
        sg_parameter_find(sg_generator_parameters(generator), "synthesis.b4.const");
    if (!found || found->tensor->shape.rank != 3)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the network has no input that could be moved and turned");
    const size_t count = (size_t)sg_shape_count(&found->tensor->shape);
    input->values = sg_allocate(count, sizeof *input->values);
    if (!input->values)
        return sg_fail_memory(error, "the network's input");
    input->constant = found->tensor;
    memcpy(input->values, sg_f32(input->constant), count * sizeof *input->values);
    return SG_OK;
}

void sg_moved_input_set(sg_moved_input *input, const sg_transform *transform)
{
    double inverse[9];
    if (input->constant) {
        move_constant(input, transform);
        return;
    }
    sg_transform_invert(transform, inverse);
    sg_generator_set_transform(input->generator, inverse);
}

void sg_moved_input_end(sg_moved_input *input)
{
    if (input->constant) {
        memcpy(sg_f32(input->constant), input->values,
               (size_t)sg_shape_count(&input->constant->shape) * sizeof *input->values);
        sg_tensor_touch(input->constant);
    } else if (input->generator) {
        sg_generator_set_transform(input->generator, input->transform);
    }
    free(input->values);
    *input = (sg_moved_input){0};
}
