/* What a projection takes, foretold by a rehearsal of one step without numbers. */
#ifndef SG_INVERT_PROJECTOR_COST_H
#define SG_INVERT_PROJECTOR_COST_H

#include "invert/projector.h"
#include "models/network_cost.h"

/*
 * Foretells the memory and the multiply-adds of a step of a projection with such networks, whose
 * own are not touched, towards one target of three channels. cost->values counts the generator's
 * parameters. Takes milliseconds.
 */
sg_status sg_projector_cost(const sg_invert_networks *networks, const sg_projector_options *options,
                            sg_network_cost *cost, sg_error *error);

#endif
