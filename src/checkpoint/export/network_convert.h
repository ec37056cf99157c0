/* Network files of any format into other formats. */
#ifndef SG_CHECKPOINT_EXPORT_NETWORK_CONVERT_H
#define SG_CHECKPOINT_EXPORT_NETWORK_CONVERT_H

#include "checkpoint/export/network_format.h"

/* The parts to convert, by their numbers in sg_network_part. */
typedef struct sg_network_choice {
    bool part[SG_PART_COUNT];
    bool readable;                   /* G and D are left out if they cannot be read */
    sg_error refusal[SG_PART_COUNT]; /* why; status SG_OK for parts that are not left out */
} sg_network_choice;

/* Chooses all parts that the file has, of G and D those that can be read. */
sg_network_choice sg_network_choose_all(const sg_network_file *file);

/*
 * Writes the chosen parts, all of which the file has, in the format; networks are built in
 * `context`. A native file passes its metadata on to a native one, and a foreign file's program is
 * noted there as "converted_from". Equal files give equal bytes.
 *
 * If choice->readable, G and D that cannot be read are taken out of `choice`, with the reason in
 * its `refusal`, unless no part would be left. If D is chosen and the format's program cannot build
 * it, it is left out, and *left_out (otherwise NULL) says why, as the end of a sentence that begins
 * with "D". Fails as loading, saving and the format's write do.
 */
sg_status sg_network_convert(const sg_network_file *file, sg_network_choice *choice,
                             const sg_network_format *format, const char *path, sg_context *context,
                             const char **left_out, sg_error *error);

#endif
