/* Files of blended networks. */
#ifndef SG_EDIT_BLEND_BLEND_FILE_H
#define SG_EDIT_BLEND_BLEND_FILE_H

#include "checkpoint/network/network_file.h"
#include "edit/blend/blend.h"

/*
 * Writes a native file with the blend of two files' networks: of G and G_ema, each that both have;
 * D is the first file's, if it has one. The metadata are "blend", the rule as a text, and the
 * kimg and classes of the first. Networks are built in `context`. Fails with SG_ERROR_ARGUMENT for
 * files without a common generator, and as sg_blend, loading and saving do.
 */
sg_status sg_blend_files(const sg_network_file *first, const sg_network_file *second,
                         const sg_blend_rule *rule, const char *path, sg_context *context,
                         sg_error *error);

#endif
