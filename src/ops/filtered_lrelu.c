/* The filtered leaky ReLU, composed of its steps. */
#include "ops/filtered_lrelu.h"

#include "ops/activation.h"
#include "ops/check.h"
#include "ops/layout.h"
#include "ops/upfirdn.h"

/* An axis at a time, or both by a filter that is no product. */
static sg_tensor *resample(sg_tensor *x, sg_tensor *filter, sg_upfirdn_options options)
{
    if (!x || !filter || filter->shape.rank == 2)
        return sg_upfirdn(x, filter, options);
    int64_t taps = filter->shape.size[0];
    sg_upfirdn_options along_x = options;
    sg_upfirdn_options along_y = options;
    along_x.up_y = along_x.down_y = along_y.up_x = along_y.down_x = 1;
    along_x.pad_y0 = along_x.pad_y1 = along_y.pad_x0 = along_y.pad_x1 = 0;
    along_x.gain = 1;
    x = sg_upfirdn(x, sg_reshape(filter, SG_SHAPE(1, taps)), along_x);
    return sg_upfirdn(x, sg_reshape(filter, SG_SHAPE(taps, 1)), along_y);
}

/* The filter, or one that changes nothing. */
static sg_tensor *or_identity(const sg_tensor *x, sg_tensor *filter)
{
    return filter ? filter : sg_tensor_full(x->context, x->dtype, SG_SHAPE(1, 1), 1);
}

static sg_tensor *activate(sg_tensor *x, const sg_filtered_lrelu_options *o)
{
    sg_bias_act_options options = sg_bias_act_defaults(SG_LRELU);
    options.alpha = o->slope;
    options.gain = o->gain;
    options.clamp = o->clamp;
    return sg_bias_act(x, NULL, NULL, NULL, options);
}

sg_tensor *sg_filtered_lrelu(sg_tensor *x, sg_tensor *up_filter, sg_tensor *down_filter,
                             sg_tensor *bias, sg_filtered_lrelu_options o)
{
    if (!sg_check_inputs("filtered_lrelu", &x, 1) || !sg_check_rank("filtered_lrelu", x, 4))
        return NULL;
    size_t scope = sg_scope_open(x->context);
    sg_upfirdn_options up = sg_upfirdn_defaults();
    sg_upfirdn_options down = sg_upfirdn_defaults();
    up.up_x = up.up_y = o.up;
    up.pad_x0 = o.pad_x0;
    up.pad_x1 = o.pad_x1;
    up.pad_y0 = o.pad_y0;
    up.pad_y1 = o.pad_y1;
    up.gain = (double)o.up * o.up;
    down.down_x = down.down_y = o.down;
    sg_tensor *y = sg_bias_act(x, NULL, NULL, bias, sg_bias_act_defaults(SG_LINEAR));
    y = activate(resample(y, or_identity(x, up_filter), up), &o);
    y = resample(y, or_identity(x, down_filter), down);
    return sg_scope_close(x->context, scope, y);
}
