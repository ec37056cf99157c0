/* Holding a network's tensors against those of an official network's file. */
#ifndef SUPPORT_GOLDEN_NAMES_H
#define SUPPORT_GOLDEN_NAMES_H

#include "checkpoint/network/network_file.h"

/* The golden cases whose network.safetensors holds G_ema and D; NULL at the end. */
extern const char *const golden_networks[];

/* Opens the case's network file; ends the test on failure. */
sg_network_file *open_golden_network(const char *name);

/* Fails the test unless the set holds exactly the part's tensors, with their names and shapes. */
void assert_names_of_part(const sg_parameter_set *set, sg_network_file *file, sg_network_part part);

#endif
