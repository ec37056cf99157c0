/* Convolution cases. */
#include "support/convolution_cases.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/convolution/reference.h"
#include "support/numbers.h"

bool shape_of_geometry(const convolution_geometry *g, bool swapped_weights,
                       sg_convolution_shape *shape)
{
    int64_t room_y = g->height + g->top + g->bottom - g->kernel_height;
    int64_t room_x = g->width + g->left + g->right - g->kernel_width;
    if (room_y < 0 || room_x < 0)
        return false;
    *shape = (sg_convolution_shape){.batch = g->batch,
                                    .groups = g->groups,
                                    .in_height = g->height,
                                    .in_width = g->width,
                                    .in_channels = g->in_channels,
                                    .out_height = room_y / g->stride + 1,
                                    .out_width = room_x / g->stride + 1,
                                    .out_channels = g->out_channels,
                                    .kernel_height = g->kernel_height,
                                    .kernel_width = g->kernel_width,
                                    .stride_y = g->stride,
                                    .stride_x = g->stride,
                                    .pad_top = g->top,
                                    .pad_left = g->left,
                                    .pad_bottom = g->bottom,
                                    .pad_right = g->right,
                                    .swapped_weights = swapped_weights};
    return true;
}

int64_t count_x(const sg_convolution_shape *s)
{
    return s->batch * s->in_height * s->in_width * s->in_channels;
}

int64_t count_w(const sg_convolution_shape *s)
{
    return s->out_channels * (s->in_channels / s->groups) * s->kernel_height * s->kernel_width;
}

int64_t count_y(const sg_convolution_shape *s)
{
    return s->batch * s->out_height * s->out_width * s->out_channels;
}

static void print_name(const sg_convolution_shape *s, char *name, size_t room)
{
    snprintf(name, room,
             "%" PRId64 " x %" PRId64 "x%" PRId64 ", %" PRId64 " to %" PRId64
             " channels in %" PRId64 " groups, kernel %" PRId64 "x%" PRId64 ", stride %" PRId64
             ", padding %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "%s",
             s->batch, s->in_height, s->in_width, s->in_channels, s->out_channels, s->groups,
             s->kernel_height, s->kernel_width, s->stride_y, s->pad_top, s->pad_left, s->pad_bottom,
             s->pad_right, s->swapped_weights ? ", swapped" : "");
}

/* The position of plain element `at`, [out, in, taps], in the shape's order. */
static int64_t weight_place(const sg_convolution_shape *s, int64_t at)
{
    if (!s->swapped_weights)
        return at;
    int64_t taps = s->kernel_height * s->kernel_width;
    int64_t tap = at % taps;
    int64_t in = at / taps % s->in_channels;
    int64_t out = at / taps / s->in_channels;
    return (in * s->out_channels + out) * taps + tap;
}

void make_convolution_case(convolution_case *made, const sg_convolution_shape *shape, double gain,
                           unsigned results)
{
    *made = (convolution_case){.shape = *shape, .gain = gain};
    print_name(shape, made->name, sizeof made->name);
    sg_convolution_shape plain = *shape;
    plain.swapped_weights = 0;
    float *plain_w = random_floats(count_w(shape), 2);
    made->x = random_floats(count_x(shape), 1);
    made->y = random_floats(count_y(shape), 3);
    made->w = random_floats(count_w(shape), 0);
    for (int64_t i = 0; i < count_w(shape); i++)
        made->w[weight_place(shape, i)] = plain_w[i];
    double *x = doubles_of(made->x, count_x(shape));
    double *w = doubles_of(plain_w, count_w(shape));
    double *y = doubles_of(made->y, count_y(shape));
    if (results & CASE_FORWARD) {
        made->forward = zero_doubles(count_y(shape));
        sg_convolution_reference_f64(&plain, SG_FORWARD, gain, x, w, made->forward);
    }
    if (results & CASE_DATA) {
        made->data = zero_doubles(count_x(shape));
        sg_convolution_reference_f64(&plain, SG_BACKWARD_DATA, gain, y, w, made->data);
    }
    if (results & CASE_WEIGHTS) {
        made->weights = zero_doubles(count_w(shape));
        sg_convolution_reference_f64(&plain, SG_BACKWARD_WEIGHTS, gain, x, y, w);
        for (int64_t i = 0; i < count_w(shape); i++)
            made->weights[weight_place(shape, i)] = w[i];
    }
    free(x);
    free(w);
    free(y);
    free(plain_w);
}

void free_convolution_case(convolution_case *made)
{
    free(made->x);
    free(made->w);
    free(made->y);
    free(made->forward);
    free(made->data);
    free(made->weights);
}

void assert_near_by_norm(const char *name, const char *what, const float *found,
                         const double *expected, int64_t count, double tolerance)
{
    double error = 0;
    double norm = 0;
    for (int64_t i = 0; i < count; i++) {
        double difference = (double)found[i] - expected[i];
        error += difference * difference;
        norm += expected[i] * expected[i];
    }
    /* Written so that a NaN fails. */
    if (!(sqrt(error) <= tolerance * sqrt(norm)))
        fail_msg("%s, %s: the error's norm is %.3g, the result's %.3g", name, what, sqrt(error),
                 sqrt(norm));
}

void *unwritten_bytes(size_t bytes)
{
    void *room = NULL;
    if (posix_memalign(&room, 64, bytes ? bytes : 1))
        fail_msg("out of memory for %zu bytes", bytes);
    memset(room, 0xff, bytes);
    return room;
}

float *unwritten_floats(int64_t count)
{
    return unwritten_bytes((size_t)count * sizeof(float));
}
