/*
 * bench ops: the operations that a style-based network spends its time in, one by one.
 * Tested by: tests/cli/test_bench.c
 */
#include <stdio.h>

#include "cli/bench/bench.h"
#include "cli/terminal/report.h"
#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/convolution/convolution.h"
#include "ops/upfirdn.h"

/* What one benchmark works on: x [batch, side, side, channels] and friends. */
typedef struct operands {
    sg_tensor *x, *y, *w, *filter, *bias;
} operands;

typedef struct subject {
    const char *name;
    sg_tensor *(*run)(const operands *o);
} subject;

static sg_convolution_options same_size(void)
{
    sg_convolution_options options = sg_convolution_defaults();
    options.pad_left = options.pad_right = options.pad_top = options.pad_bottom = 1;
    return options;
}

static sg_tensor *forward(const operands *o)
{
    return sg_convolution(o->x, o->w, same_size());
}

static sg_tensor *backward_data(const operands *o)
{
    return sg_convolution_transpose(o->x, o->w, o->x->shape.size[1], o->x->shape.size[2],
                                    same_size());
}

static sg_tensor *backward_weights(const operands *o)
{
    return sg_convolution_weights(o->x, o->y, 3, 3, same_size());
}

static sg_tensor *transposed_stride(const operands *o)
{
    sg_convolution_options options = sg_convolution_defaults();
    options.stride_x = options.stride_y = 2;
    return sg_convolution_transpose(o->x, o->w, 2 * o->x->shape.size[1] + 1,
                                    2 * o->x->shape.size[2] + 1, options);
}

static sg_tensor *upsample(const operands *o)
{
    return sg_upfirdn(o->x, o->filter, sg_upsample_options(&o->filter->shape, 2));
}

static sg_tensor *blur(const operands *o)
{
    sg_upfirdn_options options = sg_upfirdn_defaults();
    options.pad_x0 = options.pad_y0 = 2;
    options.pad_x1 = options.pad_y1 = 1;
    return sg_upfirdn(o->x, o->filter, options);
}

static sg_tensor *bias_act(const operands *o)
{
    return sg_bias_act(o->x, NULL, NULL, o->bias, sg_bias_act_defaults(SG_LRELU));
}

static sg_tensor *multiply(const operands *o)
{
    return sg_multiply(o->x, o->y);
}

static const subject subjects[] = {{"ops/convolution", forward},
                                   {"ops/convolution_transpose", backward_data},
                                   {"ops/convolution_weights", backward_weights},
                                   {"ops/convolution_transpose/stride2", transposed_stride},
                                   {"ops/upfirdn/up2", upsample},
                                   {"ops/upfirdn/blur", blur},
                                   {"ops/bias_act", bias_act},
                                   {"ops/multiply", multiply}};

static bool make_operands(const sg_bench *bench, sg_context *context, operands *o)
{
    static const float taps[16] = {1, 3, 3, 1, 3, 9, 9, 3, 3, 9, 9, 3, 1, 3, 3, 1};
    int64_t channels = sg_bench_channels(bench, 512);
    int64_t side = bench->resolution > 0 ? bench->resolution : 32;
    int64_t batch = sg_bench_batch(bench, 4);
    sg_shape image = SG_SHAPE(batch, side, side, channels);
    o->x = sg_tensor_full(context, SG_F32, image, 0.5);
    o->y = sg_tensor_full(context, SG_F32, image, 0.25);
    o->w = sg_tensor_full(context, SG_F32, SG_SHAPE(channels, channels, 3, 3), 0.01);
    o->filter = sg_tensor_from_floats(context, SG_F32, SG_SHAPE(4, 4), taps);
    o->bias = sg_tensor_full(context, SG_F32, SG_SHAPE(channels), 0.1);
    if (context->error.status)
        return false;
    o->w->storage->keeps_packed = true;
    return true;
}

typedef struct subject_run {
    const subject *subject;
    const operands *operands;
} subject_run;

static bool run_subject(const void *argument)
{
    const subject_run *one = argument;
    return one->subject->run(one->operands);
}

static bool time_subject(const sg_bench *bench, sg_context *context, const subject *s,
                         const operands *o)
{
    sg_bench_result result = {.name = s->name};
    sg_bench_reset_peak();
    if (!sg_bench_time_operation(bench, context, run_subject, &(subject_run){s, o}, &result))
        return false;
    sg_bench_report(bench, &result);
    return true;
}

int sg_bench_ops(sg_bench *bench)
{
    sg_error error = {0};
    operands o;
    sg_context *context = sg_context_create_with(&bench->compute);
    bool done = context && sg_bench_measure_limit(bench) && make_operands(bench, context, &o);
    for (size_t i = 0; done && i < sizeof subjects / sizeof *subjects; i++)
        done = time_subject(bench, context, &subjects[i], &o);
    done = done && sg_bench_filtered(bench, context);
    if (context && sg_context_take_error(context, &error))
        fprintf(stderr, "stylegan: bench: %s\n", error.message);
    sg_context_destroy(context);
    return done ? SG_EXIT_DONE : SG_EXIT_FAILED;
}
