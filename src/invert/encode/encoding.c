/*
 * One pass of an encoder over pictures; see encoding.h.
 *
 * Tested by: tests/models/encoder/test_encoder.c
 */
#include "invert/encode/encoding.h"

#include <string.h>

/* Weights of the colours in a grey picture (ITU-R BT.601), as data sets are made grey. */
static const double grey_weights[3] = {0.299, 0.587, 0.114};

sg_status sg_encoding_check(const sg_encoder *encoder, const char *path,
                            const sg_generator *generator, sg_error *error)
{
    const sg_encoder_config *config = sg_encoder_config_of(encoder);
    const int w_dim = sg_generator_config_of(generator)->w_dim;
    const int num_ws = sg_generator_num_ws(generator);
    if (config->w_dim == w_dim && config->num_ws == num_ws)
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "the encoder of %s tells %d w of %d numbers, but the network takes %d of %d: it "
                   "belongs to another network",
                   path, config->num_ws, config->w_dim, num_ws, w_dim);
}

/* Returns the value of a pixel's channel, 0 to 255, in as many channels as the encoder takes. */
static double pixel_value(const sg_feature_pictures *pictures, size_t pixel, size_t channel,
                          size_t channels)
{
    double sum = 0;
    const bool mixes = channels == 1 && pictures->channels == 3;
    for (size_t c = mixes ? 0 : channel; c < (mixes ? 3 : channel + 1); c++) {
        const size_t at = pixel * pictures->channels + (c < pictures->channels ? c : 0);
        sum += (mixes ? grey_weights[c] : 1) *
               (pictures->bytes ? (double)pictures->bytes[at] : (double)pictures->floats[at]);
    }
    return sum;
}

/* Returns the pictures as a tensor of values from -1 to 1. */
static sg_tensor *wrap(sg_context *context, const sg_feature_pictures *pictures, int channels)
{
    sg_tensor *x = sg_tensor_create(context, SG_F32,
                                    SG_SHAPE((int64_t)pictures->count, (int64_t)pictures->height,
                                             (int64_t)pictures->width, channels));
    const size_t pixels = pictures->count * pictures->height * pictures->width;
    for (size_t i = 0; x && i < pixels; i++)
        for (int c = 0; c < channels; c++)
            sg_f32(x)[i * (size_t)channels + (size_t)c] =
                (float)(pixel_value(pictures, i, (size_t)c, (size_t)channels) / 127.5 - 1);
    return x;
}

sg_status sg_encode(sg_encoder *encoder, const sg_feature_pictures *pictures, float *ws,
                    sg_error *error)
{
    sg_context *context = sg_encoder_parameters(encoder)->context;
    const bool recording = context->recording;
    const size_t scope = sg_scope_open(context);
    context->recording = false;
    sg_tensor *x = wrap(context, pictures, sg_encoder_config_of(encoder)->img_channels);
    const sg_encoder_pass pass = {.stage = SG_ENCODER_ALL_DELTAS};
    const sg_tensor *found = sg_encoder_styles(encoder, sg_encoder_codes(encoder, x, pass));
    if (found)
        memcpy(ws, sg_f32(found), (size_t)sg_tensor_count(found) * sizeof *ws);
    context->recording = recording;
    sg_scope_close(context, scope, NULL);
    return found ? SG_OK : sg_context_take_error(context, error);
}
