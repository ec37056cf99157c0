/*
 * The modulated convolution of StyleGAN2 (Karras et al. 2020, section 2.2) with its epilogue.
 *
 * The paper scales the weights per sample. Scaling the input channels by the style, convolving the
 * whole batch with the shared weights and scaling the output channels by the demodulation factor
 * gives the same numbers with one matrix product and weights packed once.
 */
#ifndef SG_OPS_CONVOLUTION_MODULATED_H
#define SG_OPS_CONVOLUTION_MODULATED_H

#include "ops/convolution/options.h"
#include "ops/convolution/padded_channels.h"

/*
 * Returns epilogue(convolution(x * styles) * demodulation + noise + bias): x [N, H, W, I],
 * w [O, I, K, K], styles [N, I], noise [1 or N, H', W', 1] or NULL, bias [O] or NULL, filter as for
 * sg_resample_convolution. x may be padded to sg_padded_channels(I) channels; the padding is
 * ignored. With the tape off, one kernel does all of it where one suits
 * (ops/convolution/fused.h); otherwise the epilogue overwrites the convolution's result.
 */
sg_tensor *sg_modulated_convolution(sg_tensor *x, sg_tensor *w, sg_tensor *styles,
                                    sg_tensor *filter, sg_tensor *noise, sg_tensor *bias,
                                    sg_modulated_options options);

#endif
