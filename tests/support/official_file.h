/* Snapshots as the official PyTorch programs save them, for tests of the map that reads them. */
#ifndef SUPPORT_OFFICIAL_FILE_H
#define SUPPORT_OFFICIAL_FILE_H

#include "checkpoint/contents/network_part.h"

/*
 * Writes {"G", "D", "G_ema"} of the networks that are there, each as modules within modules.
 * `left_out` is a keyword that no part's init_kwargs have, "KEY=JSON" for another value of it, or
 * NULL.
 */
void write_official(const char *path, const sg_network_parts *parts, const char *left_out);

#endif
