/* The inside of an open network file; for the files of this folder. */
#ifndef SG_CHECKPOINT_NETWORK_NETWORK_INSIDE_H
#define SG_CHECKPOINT_NETWORK_NETWORK_INSIDE_H

#include "checkpoint/contents/network_contents.h"
#include "checkpoint/document.h"

struct sg_network_file {
    char *path;
    uint64_t bytes;          /* of the file */
    sg_safetensors *tensors; /* of a native file, otherwise NULL */
    sg_document *document;   /* of any other file, otherwise NULL */
    cJSON *given;            /* keywords that people gave, or NULL */
    sg_network_contents contents;
};

#endif
