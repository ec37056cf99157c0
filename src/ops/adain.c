/* Adaptive instance normalisation: a style by plain ops, or the end of a layer by one kernel. */
#include "ops/adain.h"

#include "kernels/elementwise/adain.h"
#include "ops/arithmetic.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/layout.h"
#include "tensor/work.h"

sg_tensor *sg_apply_style(sg_tensor *x, sg_tensor *styles)
{
    if (!x || !styles)
        return NULL;
    const int64_t samples = x->shape.size[0];
    const int64_t channels = x->shape.size[3];
    const sg_shape shape = SG_SHAPE(samples, 1, 1, channels);
    sg_tensor *scale = sg_affine(sg_slice(styles, 1, 0, channels), 1, 1);
    sg_tensor *shift = sg_slice(styles, 1, channels, channels);
    return sg_add(sg_multiply(x, sg_reshape(scale, shape)), sg_reshape(shift, shape));
}

bool sg_adain_fuses(const sg_tensor *x, sg_activation activation)
{
    return x && !x->context->recording && !x->context->reference_kernels && x->dtype == SG_F32 &&
           sg_activation_is_piecewise_linear(activation);
}

static bool has_shape(const sg_tensor *tensor, sg_shape shape)
{
    return sg_shape_equal(&tensor->shape, &shape);
}

static bool operands_fit(const sg_tensor *x, const sg_adain_inputs *in)
{
    const int64_t *s = x->shape.size;
    if (!has_shape(in->bias, SG_SHAPE(s[3])) || !has_shape(in->styles, SG_SHAPE(s[0], 2 * s[3])))
        return false;
    if (!in->noise)
        return true;
    return has_shape(in->strength, SG_SHAPE(s[3])) &&
           (has_shape(in->noise, SG_SHAPE(s[0], s[1], s[2], 1)) ||
            has_shape(in->noise, SG_SHAPE(1, s[1], s[2], 1)));
}

/* True if every operand present has the type of x and fits it; fails otherwise. */
static bool check_operands(sg_tensor *x, const sg_adain_inputs *in)
{
    sg_tensor *given[] = {x, in->bias, in->styles, in->noise ? in->noise : x,
                          in->noise ? in->strength : x};
    if (!sg_check_inputs("adain", given, 5) || !sg_check_rank("adain", x, 4))
        return false;
    if (operands_fit(x, in))
        return true;
    char text[160];
    sg_context_fail(x->context, SG_ERROR_SHAPE,
                    "adain: noise, bias or styles do not fit an input of shape %s",
                    sg_shape_print(&x->shape, text));
    return false;
}

sg_tensor *sg_adain_in_place(sg_tensor *x, const sg_adain_inputs *in)
{
    if (!x || x->context->error.status || !check_operands(x, in))
        return NULL;
    const int64_t *s = x->shape.size;
    const sg_adain_shape shape = {.samples = s[0],
                                  .pixels = s[1] * s[2],
                                  .channels = s[3],
                                  .noise_per_sample = in->noise && in->noise->shape.size[0] > 1,
                                  .slope = sg_activation_negative_slope(
                                      in->activation, sg_activation_default_alpha(in->activation)),
                                  .epsilon = in->epsilon};
    void *scratch = sg_pool_scratch(x->context->pool, sg_adain_scratch_bytes(&shape));
    if (!scratch)
        return sg_context_fail_memory(x->context, "a style");
    const sg_adain_operands operands = {.noise = sg_values(in->noise),
                                        .strength = in->noise ? sg_values(in->strength) : NULL,
                                        .bias = sg_f32(in->bias),
                                        .styles = sg_f32(in->styles)};
    sg_tensor *inputs[] = {x, in->noise, in->bias, in->styles};
    sg_work_note("adain", NULL, 0, inputs, 4, x);
    if (!sg_is_hollow(x->context))
        sg_adain(&shape, &operands, sg_f32(x), scratch);
    return x;
}
