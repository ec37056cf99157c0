/*
 * Up- and downsampling convolutions: upsampling is a transposed convolution followed by the filter,
 * downsampling the filter followed by a strided convolution, so that the convolution always runs
 * on the small image (Karras et al. 2020, section 4.1 and appendix B).
 */
#include "ops/convolution/resample.h"

#include "ops/check.h"
#include "ops/convolution/convolution.h"
#include "ops/layout.h"
#include "ops/upfirdn.h"

static void add_padding(sg_upfirdn_options *sum, sg_upfirdn_options term)
{
    sum->pad_x0 += term.pad_x0;
    sum->pad_x1 += term.pad_x1;
    sum->pad_y0 += term.pad_y0;
    sum->pad_y1 += term.pad_y1;
}

/* Returns the padding of the upsampled image on each side, the filter's reach included. */
static sg_upfirdn_options filter_padding(const sg_tensor *filter, const sg_resample_options *o)
{
    sg_upfirdn_options p = sg_upfirdn_defaults();
    p.pad_x0 = p.pad_x1 = p.pad_y0 = p.pad_y1 = o->padding;
    if (filter && o->up > 1)
        add_padding(&p, sg_upsample_options(&filter->shape, o->up));
    if (filter && o->down > 1)
        add_padding(&p, sg_downsample_options(&filter->shape, o->down));
    return p;
}

static sg_tensor *filtered(sg_tensor *x, sg_tensor *filter, int up, int down, sg_upfirdn_options p)
{
    p.up_x = p.up_y = up;
    p.down_x = p.down_y = down;
    p.gain = up * up;
    return sg_upfirdn(x, filter, p);
}

/* Returns the kernel, reversed in both axes unless `as_is`. */
static sg_tensor *oriented(sg_tensor *w, bool as_is)
{
    return as_is ? w : sg_flip(w, 1u << 2 | 1u << 3);
}

/* Correlates, with or without stride. */
static sg_tensor *convolve(sg_tensor *x, sg_tensor *w, const sg_resample_options *o, int stride,
                           int pad)
{
    sg_convolution_options options = sg_convolution_defaults();
    options.stride_x = options.stride_y = stride;
    options.pad_left = options.pad_right = options.pad_top = options.pad_bottom = pad;
    options.gain = o->gain;
    options.direct = o->direct;
    return sg_convolution(x, oriented(w, o->flip_weight), options);
}

/*
 * Inserts zeros and convolves in one op: the transposed convolution with stride `up` is the true
 * convolution of the upsampled image, so its kernel is reversed for correlation. The weights are
 * stored swapped from the view of the convolution that this op is the adjoint of.
 */
static sg_tensor *upsampling(sg_tensor *x, sg_tensor *w, sg_tensor *filter,
                             const sg_resample_options *o, sg_upfirdn_options p)
{
    int height = (int)w->shape.size[2];
    int width = (int)w->shape.size[3];
    sg_convolution_options options = sg_convolution_defaults();
    options.stride_x = options.stride_y = o->up;
    options.gain = o->gain;
    sg_tensor *kernel = oriented(w, !o->flip_weight);
    options.swapped_weights = true;
    int64_t out_height = (x->shape.size[1] - 1) * o->up + height;
    int64_t out_width = (x->shape.size[2] - 1) * o->up + width;
    sg_tensor *y = sg_convolution_transpose(x, kernel, out_height, out_width, options);
    /* The transposed convolution has enlarged the image by the kernel's reach already. */
    p.pad_x0 -= width - 1;
    p.pad_x1 -= width - o->up;
    p.pad_y0 -= height - 1;
    p.pad_y1 -= height - o->up;
    p.down_x = p.down_y = o->down;
    p.gain = o->up * o->up;
    return sg_upfirdn(y, filter, p);
}

sg_tensor *sg_resample_convolution(sg_tensor *x, sg_tensor *w, sg_tensor *filter,
                                   sg_resample_options options)
{
    if (!sg_check_rank("resample_convolution", x, 4) ||
        !sg_check_rank("resample_convolution", w, 4))
        return NULL;
    if (!filter && (options.up > 1 || options.down > 1))
        return NULL; /* a filter that failed earlier */
    bool pointwise = w->shape.size[2] == 1 && w->shape.size[3] == 1;
    sg_upfirdn_options p = filter_padding(filter, &options);
    if (options.up == 1 && options.down == 1)
        return convolve(x, w, &options, 1, options.padding);
    if (pointwise && options.up == 1)
        return convolve(filtered(x, filter, 1, options.down, p), w, &options, 1, 0);
    if (pointwise && options.down == 1)
        return filtered(convolve(x, w, &options, 1, 0), filter, options.up, 1, p);
    if (options.up == 1)
        return convolve(filtered(x, filter, 1, 1, p), w, &options, options.down, 0);
    return upsampling(x, w, filter, &options, p);
}
