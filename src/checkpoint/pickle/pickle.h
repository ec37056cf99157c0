/*
 * A bounded interpreter of pickles, protocols 0 to 5, that builds values and executes nothing. A
 * call that a pickle asks for becomes data if its name is known (pickle_calls.h), otherwise an
 * inert value.
 */
#ifndef SG_CHECKPOINT_PICKLE_PICKLE_H
#define SG_CHECKPOINT_PICKLE_PICKLE_H

#include "checkpoint/pickle/pickle_source.h"

/*
 * Reads one pickle: its value into *root and the number of its bytes into *used. Fails with a
 * sentence that names the file's path and the byte.
 */
sg_status sg_pickle_read(const sg_pickle_source *source, size_t *used, sg_value **root,
                         sg_error *error);

#endif
