/* The inside of an open network file; for the files of this folder. */
#ifndef SG_CHECKPOINT_NETWORK_NETWORK_OPENED_H
#define SG_CHECKPOINT_NETWORK_NETWORK_OPENED_H

#include "checkpoint/contents/network_contents.h"

struct sg_network_file {
    char *path;
    uint64_t bytes;          /* of the file */
    sg_safetensors *tensors; /* of a native file, else NULL */
    sg_document *document;   /* of any other, else NULL */
    sg_network_contents contents;
};

#endif
