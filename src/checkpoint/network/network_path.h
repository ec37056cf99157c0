/* Which file a path to a network means: a file, the newest snapshot of a run, or a known name. */
#ifndef SG_CHECKPOINT_NETWORK_NETWORK_PATH_H
#define SG_CHECKPOINT_NETWORK_NETWORK_PATH_H

#include "base/error.h"

/*
 * Finds the file that `path` means and returns its path on the heap in *found (NULL on failure).
 * Of a folder that is the network with the highest number in its name
 * ("network-snapshot-000200.pkl", of this program and of the official ones; "model_7.pt"); of a
 * folder of runs ("00003-..."), that of the run with the highest number that has any. Fails with
 * SG_ERROR_FILE for a folder without networks, and, where there is no such file, for the name of a
 * published network ("ffhq256", "gdrive:networks/...") with the address that it stands for. Any
 * other path is copied.
 */
sg_status sg_network_locate(const char *path, char **found, sg_error *error);

#endif
