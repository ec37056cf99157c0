/* What a transfer of weights did with one network, as lines for people. */
#ifndef SG_TRAIN_TRANSFER_TRANSFER_REPORT_H
#define SG_TRAIN_TRANSFER_TRANSFER_REPORT_H

#include "base/text.h"
#include "train/transfer/adaptation.h"

enum { SG_TRANSFER_GROUPS = 64 };

/* Tensors of one block to which the same happened. */
typedef struct sg_transfer_group {
    char block[SG_PARAMETER_NAME_BYTES]; /* "synthesis.b64" */
    char first[SG_PARAMETER_NAME_BYTES]; /* the first tensor's name */
    char shape[200], stored[200];        /* its shape, and that in the file; empty: it has none */
    const char *word, *how;              /* "new", "not in the file" */
    size_t count;
} sg_transfer_group;

/* The groups of one network; starts zeroed. */
typedef struct sg_transfer_report {
    sg_transfer_group groups[SG_TRANSFER_GROUPS];
    size_t count, more; /* more: tensors of groups for which there is no room */
} sg_transfer_report;

/* Notes a tensor that was not merely copied; `stored` is the file's, or NULL. */
void sg_transfer_note(sg_transfer_report *report, const sg_parameter *item,
                      const sg_network_tensor *stored, sg_transfer_result result);

/* Notes the tensors of the file that no network here has. */
void sg_transfer_note_unused(sg_transfer_report *report, const sg_transfer_source *source);

/* Appends a line per group, each indented and with a newline. */
void sg_transfer_print(const sg_transfer_report *report, sg_text *text);

#endif
