/* Modulated convolution: one kernel where one suits, otherwise by scaled activations. */
#include "ops/convolution/modulated.h"

#include "ops/arithmetic.h"
#include "ops/check.h"
#include "ops/convolution/demodulation.h"
#include "ops/convolution/fused.h"
#include "ops/convolution/padded_channels.h"
#include "ops/convolution/resample.h"
#include "ops/layout.h"

sg_tensor *sg_modulated_convolution(sg_tensor *x, sg_tensor *w, sg_tensor *styles,
                                    sg_tensor *filter, sg_tensor *noise, sg_tensor *bias,
                                    sg_modulated_options options)
{
    if (!w || !sg_check_rank("modulated_convolution", x, 4) ||
        !sg_check_rank("modulated_convolution", w, 4) ||
        !sg_check_rank("modulated_convolution", styles, 2))
        return NULL;
    sg_context *context = x->context;
    size_t scope = sg_scope_open(context);
    sg_tensor *fused = sg_fused_convolution(x, w, styles, filter, noise, bias, &options);
    if (fused || context->error.status)
        return sg_scope_close(context, scope, fused);
    if (x->shape.size[3] == sg_padded_channels(w->shape.size[1]))
        x = sg_slice(x, 3, 0, w->shape.size[1]);
    sg_shape per_channel = SG_SHAPE(styles->shape.size[0], 1, 1, styles->shape.size[1]);
    sg_tensor *factors = options.demodulate ? sg_demodulation(w, styles, options.normalized) : NULL;
    sg_tensor *scaled = sg_multiply(x, sg_reshape(styles, per_channel));
    sg_tensor *y = sg_resample_convolution(scaled, w, filter, options.resample);
    y = sg_bias_act_in_place(y, factors, noise, bias, options.epilogue);
    return sg_scope_close(context, scope, y);
}
