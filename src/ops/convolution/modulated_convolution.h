/*
 * The modulated convolution of StyleGAN2 (Karras et al. 2020, section 2.2) with its epilogue.
 *
 * The paper scales the weights per sample. Scaling the input channels by the style, convolving the
 * whole batch with the shared weights and scaling the output channels by the demodulation factor
 * gives the same numbers with one matrix product and weights packed once.
 */
#ifndef SG_OPS_CONVOLUTION_MODULATED_CONVOLUTION_H
#define SG_OPS_CONVOLUTION_MODULATED_CONVOLUTION_H

#include "ops/activation.h"
#include "ops/convolution/resample_convolution.h"

typedef struct sg_modulated_options {
    sg_resample_options resample;
    bool demodulate;
    bool normalized; /* demodulate as of weights and styles of mean square 1 */
    sg_bias_act_options epilogue;
    bool pad_channels;  /* the result may have sg_padded_channels(O) channels, more than w has */
    sg_storage *result; /* where the result may go when the tape is off, or NULL; borrowed */
} sg_modulated_options;

/*
 * epilogue(convolution(x * styles) * demodulation + noise + bias): x [N, H, W, I], w [O, I, K, K],
 * styles [N, I], noise [1 or N, H', W', 1] or NULL, bias [O] or NULL, filter as for
 * sg_resample_convolution. x may have sg_padded_channels(I) channels, of which the further ones do
 * not count. With the tape off, all of it is one kernel where there is one
 * (ops/convolution/fused_convolution.h); else the epilogue writes over the convolution's result.
 */
sg_tensor *sg_modulated_convolution(sg_tensor *x, sg_tensor *w, sg_tensor *styles,
                                    sg_tensor *filter, sg_tensor *noise, sg_tensor *bias,
                                    sg_modulated_options options);

/* As many channels as fill whole vectors, with zeros for those that are not there: off the tape,
 * odd numbers of channels are carried along this way. */
int64_t sg_padded_channels(int64_t channels);

/* x with zeros as further channels, up to `channels` of them, off the tape; x where it has as many.
 */
sg_tensor *sg_pad_channels(sg_tensor *x, int64_t channels);

/*
 * The demodulation factors 1 / sqrt(sum over i, k of (w * styles)^2 + 1e-8), [N, O]. `normalized`
 * takes 1e-8 times the mean squares of each w[o] and of the styles instead, which is what StyleGAN3
 * does by scaling both first.
 */
sg_tensor *sg_demodulation(sg_tensor *w, sg_tensor *styles, bool normalized);

#endif
