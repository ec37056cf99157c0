/* The cost of an encoder, by a rehearsal.
 * Tested by: tests/models/test_network_cost.c */
#include "models/encoder/encoder_cost.h"

#include "models/encoder/encoder.h"
#include "tensor/tensor.h"

sg_status sg_encoder_cost(const sg_encoder_config *config, bool exact, sg_network_cost *cost,
                          sg_error *error)
{
    *cost = (sg_network_cost){0};
    sg_context *context = sg_cost_begin(exact, error);
    if (!context)
        return SG_ERROR_MEMORY;
    sg_encoder *encoder = sg_encoder_create(context, config, SG_F32, 0);
    if (encoder) {
        sg_cost_note(sg_encoder_parameters(encoder), cost);
        const sg_shape shape =
            SG_SHAPE(1, config->img_resolution, config->img_resolution, config->img_channels);
        sg_encoder_codes(encoder, sg_tensor_create(context, SG_F32, shape),
                         (sg_encoder_pass){.stage = SG_ENCODER_ALL_DELTAS});
        sg_scope_close(context, 0, NULL);
    }
    sg_encoder_destroy(encoder);
    return sg_cost_end(context, cost, error);
}
