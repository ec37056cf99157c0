/*
 * Blending two generators of equal shapes, layer by layer (Pinkney and Adler 2020, "Resolution
 * dependent GAN interpolation"): coarse layers of one, fine layers of a network that was fine-tuned
 * from it, so that one's shapes get the other's look.
 */
#ifndef SG_EDIT_BLEND_BLEND_H
#define SG_EDIT_BLEND_BLEND_H

#include "base/choices.h"
#include "models/generator.h"

/* Which layers are the second network's. */
typedef enum sg_blend_kind {
    /*
     * The rule of the published program, with its traps. Positions run through the resolutions 4,
     * 8, 16 ..., two for each: first conv0 (of 4x4, the constant), then conv1 and to-RGB. x is a
     * layer's position minus that of the switch. Hard, a layer is the second network's for x > 1
     * alone: the switch itself and the next position stay the first's. Soft, its share is
     * 1 / (1 + exp(-x / width)). The convolution of 4x4 and the skips of residual blocks, whose
     * names the rule does not match, stay the first's always.
     */
    SG_BLEND_PUBLISHED,
    /*
     * All layers from the resolution of the switch on are the second network's; softly, with x the
     * number of doublings from it plus a half, by the same formula.
     */
    SG_BLEND_PLAIN
} sg_blend_kind;

/* The names of sg_blend_kind: "published", "plain". */
extern const sg_choices sg_blend_kinds;

typedef struct sg_blend_rule {
    sg_blend_kind kind;
    int resolution; /* of the switch; 0: all layers are the second network's */
    int level;      /* published: 0, or 1 for the second position of the resolution */
    double width;   /* of a soft switch in positions or doublings; 0: hard */
    double share;   /* of the second network where a layer is its own: 1, or less for an average */
} sg_blend_rule;

/*
 * Returns the share of the second network in a parameter of the generator, by its name
 * ("synthesis.b8.conv0.affine.weight"): a layer's weight, bias, noise strength and affine map go
 * together. 0 for the mapping network.
 */
double sg_blend_share(const sg_blend_rule *rule, const sg_generator *generator, const char *name);

/*
 * Makes the synthesis parameters of `first` the blend of both networks. The mapping network and
 * buffers (average of w, constant noise) stay the first's. Fails with SG_ERROR_SHAPE for a
 * parameter that one lacks or has in another shape, and with SG_ERROR_ARGUMENT for a rule that does
 * not suit the networks: an unknown resolution, or the published rule for names that it does not
 * know.
 */
sg_status sg_blend(const sg_blend_rule *rule, sg_generator *first, sg_generator *second,
                   sg_error *error);

#endif
