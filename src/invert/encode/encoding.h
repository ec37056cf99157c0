/*
 * The w of pictures by an encoder, in one pass; w so found is also where a projection starts that
 * refines it (hybrid: Zhu et al. 2016, section 3.1).
 *
 *     sg_network_open(path, &file, error), sg_network_load_encoder(file, context, &encoder, error)
 *     sg_encoding_check(encoder, path, generator, error)
 *     sg_encode(encoder, &pictures, ws, error)
 *     sg_encoder_destroy(encoder)
 */
#ifndef SG_INVERT_ENCODE_ENCODING_H
#define SG_INVERT_ENCODE_ENCODING_H

#include "features/feature_pictures.h"
#include "models/encoder/encoder.h"
#include "models/generator.h"

/* Fails with SG_ERROR_ARGUMENT unless the encoder, of the file at `path`, tells as many w as the
 * generator takes, and of the same width. */
sg_status sg_encoding_check(const sg_encoder *encoder, const char *path,
                            const sg_generator *generator, sg_error *error);

/*
 * Tells the w of pictures with values of 0 to 255: ws [count, num_ws, w_dim]. One channel is
 * repeated for an encoder of three; three make a grey one for an encoder of one. Sides must be the
 * encoder's, or a whole multiple or fraction of it; fails with SG_ERROR_SHAPE otherwise.
 */
sg_status sg_encode(sg_encoder *encoder, const sg_feature_pictures *pictures, float *ws,
                    sg_error *error);

#endif
