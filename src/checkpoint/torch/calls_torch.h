/* Torch's tensors and nested files as pickles build them. */
#ifndef SG_CHECKPOINT_TORCH_CALLS_TORCH_H
#define SG_CHECKPOINT_TORCH_CALLS_TORCH_H

#include "checkpoint/pickle/pickle_source.h"

/* Finds torch's callable of that name, or NULL; for the sources of pickles. */
const sg_callable *sg_torch_find_callable(const char *name);

#endif
