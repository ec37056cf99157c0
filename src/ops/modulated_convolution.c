/* Modulated convolution by scaled activations. */
#include "ops/modulated_convolution.h"

#include "ops/arithmetic.h"
#include "ops/check.h"
#include "ops/layout.h"
#include "ops/matmul.h"
#include "ops/reduce.h"

sg_tensor *sg_demodulation(sg_tensor *w, sg_tensor *styles)
{
    if (!sg_check_rank("demodulation", w, 4) || !sg_check_rank("demodulation", styles, 2))
        return NULL;
    size_t scope = sg_scope_open(w->context);
    int64_t out = w->shape.size[0];
    int64_t in = w->shape.size[1];
    sg_tensor *energy = sg_sum_product(w, w, SG_SHAPE(out, in, 1, 1));
    energy = sg_reshape(energy, SG_SHAPE(out, in));
    sg_tensor *power = sg_matmul(sg_multiply(styles, styles), false, energy, true, 1);
    sg_tensor *factors = sg_power(sg_affine(power, 1, 1e-8), -0.5);
    return sg_scope_close(w->context, scope, factors);
}

sg_tensor *sg_modulated_convolution(sg_tensor *x, sg_tensor *w, sg_tensor *styles,
                                    sg_tensor *filter, sg_tensor *noise, sg_tensor *bias,
                                    sg_modulated_options options)
{
    if (!sg_check_rank("modulated_convolution", x, 4) ||
        !sg_check_rank("modulated_convolution", styles, 2))
        return NULL;
    sg_context *context = x->context;
    size_t scope = sg_scope_open(context);
    sg_shape per_channel = SG_SHAPE(styles->shape.size[0], 1, 1, styles->shape.size[1]);
    sg_tensor *factors = options.demodulate ? sg_demodulation(w, styles) : NULL;
    sg_tensor *scaled = sg_multiply(x, sg_reshape(styles, per_channel));
    sg_tensor *y = sg_resample_convolution(scaled, w, filter, options.resample);
    y = context->recording ? sg_bias_act(y, factors, noise, bias, options.epilogue)
                           : sg_bias_act_in_place(y, factors, noise, bias, options.epilogue);
    return sg_scope_close(context, scope, y);
}
