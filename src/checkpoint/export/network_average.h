/* The mean of several network files (stochastic weight averaging, Izmailov et al. 2018). */
#ifndef SG_CHECKPOINT_EXPORT_NETWORK_AVERAGE_H
#define SG_CHECKPOINT_EXPORT_NETWORK_AVERAGE_H

#include "checkpoint/export/network_convert.h"

/*
 * Writes a native file with the mean of `count` files' networks: of each part that all have, each
 * parameter and the average of w is the mean, and other buffers are those of the last file, as the
 * moving average of a training copies them. *choice gets the parts. The metadata are "averaged",
 * the number of files, and the last file's "kimg", if it has one. Networks are built in `context`.
 *
 * Fails with SG_ERROR_ARGUMENT for files without a common part, with SG_ERROR_SHAPE for networks of
 * different configs, and as loading and saving do.
 */
sg_status sg_network_average(const sg_network_file *const *files, size_t count, const char *path,
                             sg_context *context, sg_network_choice *choice, sg_error *error);

#endif
