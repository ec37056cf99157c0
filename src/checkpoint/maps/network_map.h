/*
 * A map tells which tensor and which option of a program's files is which official one, apart from
 * the containers that the files are in. Each is defined in a file of its own and listed in
 * map_table.h.
 */
#ifndef SG_CHECKPOINT_MAPS_NETWORK_MAP_H
#define SG_CHECKPOINT_MAPS_NETWORK_MAP_H

#include "checkpoint/contents/network_contents.h"
#include "checkpoint/values/tensor_entry.h"

typedef struct sg_network_map {
    const char *title; /* of the files, for sentences: "a snapshot of stylegan3" */

    /* True if a file with this root was written by the map's program. */
    bool (*recognize)(const sg_value *root);

    /* Fills contents, whose path is set, from the root; the values must outlive them. */
    sg_status (*read)(const sg_value *root, sg_network_contents *contents, sg_error *error);

    /* The rest is NULL for programs whose files are only read. */
    const char *program; /* for which files are written: "stylegan2-pytorch" */
    const char *suffix;  /* of such files: ".pt" */

    /*
     * Hands the tensors of a file with these networks to `writer`. If the program cannot build D,
     * leaves it out, and *left_out (otherwise NULL) says why, as the end of a sentence that begins
     * with "D". Fails with SG_ERROR_ARGUMENT for generators that the program cannot build.
     */
    sg_status (*write)(const char *path, const sg_network_parts *parts, sg_tensor_writer writer,
                       const char **left_out, sg_error *error);
} sg_network_map;

#endif
