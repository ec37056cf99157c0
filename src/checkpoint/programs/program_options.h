/* The options of networks of which a file has the tensors alone. */
#ifndef SG_CHECKPOINT_PROGRAMS_PROGRAM_OPTIONS_H
#define SG_CHECKPOINT_PROGRAMS_PROGRAM_OPTIONS_H

#include "checkpoint/programs/program_network.h"

/*
 * Adds the part's config: options from the names and shapes of its tensors in dict->contents, which
 * have their official names, from the filter and from the network's row. Adds zeros for the tensors
 * of networks that grow that the program does without and that a finished network does not use.
 * Refuses a part that cannot be built.
 */
sg_status sg_program_configure(const sg_program_network *network, sg_state_dict *dict);

#endif
