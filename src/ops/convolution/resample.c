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

/* Padding of the upsampled image on each side, the filter's reach included. */
typedef struct padding {
    int x0, x1, y0, y1;
} padding;

static padding filter_padding(const sg_tensor *filter, const sg_resample_options *o)
{
    padding p = {o->padding, o->padding, o->padding, o->padding};
    if (!filter)
        return p;
    int height = (int)filter->shape.size[0];
    int width = (int)filter->shape.size[1];
    if (o->up > 1) {
        p.x0 += (width + o->up - 1) / 2;
        p.x1 += (width - o->up) / 2;
        p.y0 += (height + o->up - 1) / 2;
        p.y1 += (height - o->up) / 2;
    }
    if (o->down > 1) {
        p.x0 += (width - o->down + 1) / 2;
        p.x1 += (width - o->down) / 2;
        p.y0 += (height - o->down + 1) / 2;
        p.y1 += (height - o->down) / 2;
    }
    return p;
}

static sg_tensor *filtered(sg_tensor *x, sg_tensor *filter, int up, int down, padding p)
{
    sg_upfirdn_options options = {.up_x = up,
                                  .up_y = up,
                                  .down_x = down,
                                  .down_y = down,
                                  .pad_x0 = p.x0,
                                  .pad_x1 = p.x1,
                                  .pad_y0 = p.y0,
                                  .pad_y1 = p.y1,
                                  .gain = up * up};
    return sg_upfirdn(x, filter, options);
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
                             const sg_resample_options *o, padding p)
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
    p.x0 -= width - 1;
    p.x1 -= width - o->up;
    p.y0 -= height - 1;
    p.y1 -= height - o->up;
    sg_upfirdn_options fir = {.up_x = 1,
                              .up_y = 1,
                              .down_x = o->down,
                              .down_y = o->down,
                              .pad_x0 = p.x0,
                              .pad_x1 = p.x1,
                              .pad_y0 = p.y0,
                              .pad_y1 = p.y1,
                              .gain = o->up * o->up};
    return sg_upfirdn(y, filter, fir);
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
    padding p = filter_padding(filter, &options);
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
