/* Network files of any format into other formats. */
#ifndef SG_CHECKPOINT_EXPORT_NETWORK_CONVERT_H
#define SG_CHECKPOINT_EXPORT_NETWORK_CONVERT_H

#include "checkpoint/network/network_file.h"

/* Which parts to convert, by their numbers in sg_network_part. */
typedef struct sg_network_choice {
    bool part[SG_PART_COUNT];
} sg_network_choice;

/* All parts that the file has. */
sg_network_choice sg_network_choose_all(const sg_network_file *file);

/*
 * Writes the chosen parts, all of which the file has, as a native file; networks are built in
 * `context`. A network of a family that cannot be built yet is copied tensor by tensor. A native
 * file's metadata are passed on, and a foreign one's program is noted as "converted_from". Equal
 * files give equal bytes. Fails as loading and saving do.
 */
sg_status sg_network_convert(const sg_network_file *file, const sg_network_choice *choice,
                             const char *path, sg_context *context, sg_error *error);

/*
 * Writes the chosen parts as a checkpoint of stylegan2-pytorch by rosinality (rosinality_save.h).
 * When D is chosen and that program cannot build it, it is left out, and *left_out (never NULL)
 * says why as the end of a sentence that begins with "D"; else *left_out becomes NULL.
 */
sg_status sg_network_convert_to_rosinality(const sg_network_file *file,
                                           const sg_network_choice *choice, const char *path,
                                           sg_context *context, const char **left_out,
                                           sg_error *error);

#endif
