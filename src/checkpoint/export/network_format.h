/* The formats that networks are written in. */
#ifndef SG_CHECKPOINT_EXPORT_NETWORK_FORMAT_H
#define SG_CHECKPOINT_EXPORT_NETWORK_FORMAT_H

#include "base/choices.h"
#include "checkpoint/contents/network_part.h"
#include "checkpoint/network/network_file.h"

typedef struct sg_network_format {
    const char *suffix;  /* of its files, ".pt" */
    int layout;          /* of sg_network_layouts */
    const char *program; /* that reads them; NULL: this one */
    /*
     * Writes the file; NULL for the native format. If the program cannot build D, leaves it out,
     * and *left_out (otherwise NULL) says why, as the end of a sentence that begins with "D". Fails
     * with SG_ERROR_ARGUMENT for generators that the program cannot build.
     */
    sg_status (*write)(const char *path, const sg_network_parts *parts, const char **left_out,
                       sg_error *error);
} sg_network_format;

/* Whose names and structure a file has: "native", "official", "stylegan2-pytorch". */
extern const sg_choices sg_network_layouts;

/* Finds the format of a file to be written by the end of its name, in any case, and its layout
 * (negative: the usual one of that suffix); NULL if there is none. */
const sg_network_format *sg_network_format_find(const char *path, int layout);

/* Prints the ends of names, ".safetensors, .pkl or .pt", into `text` of `size` bytes; returns text.
 */
char *sg_network_format_suffixes(char *text, size_t size);

#endif
