/* Lists of tensors by their official names and those of another program. */
#ifndef SG_CHECKPOINT_MAPS_FOREIGN_NAMES_H
#define SG_CHECKPOINT_MAPS_FOREIGN_NAMES_H

#include "checkpoint/contents/network_tensor.h"
#include "nn/parameter.h"

/* How a tensor lies in the other program's files. */
typedef struct sg_foreign_form {
    int rank; /* of the official tensor */
    sg_axis_order order;
    double added; /* to each of the file's numbers */
    int leading;  /* axes of size 1 before the official ones, in the file only */
    int trailing; /* and after them */
    double scale; /* of the file's numbers; 0: 1 */
} sg_foreign_form;

/* A tensor by both its names. */
typedef struct sg_foreign_name {
    char official[SG_PARAMETER_NAME_BYTES];
    char foreign[SG_PARAMETER_NAME_BYTES];
    sg_foreign_form form;
} sg_foreign_name;

/* A growing list; start from a zeroed struct. */
typedef struct sg_foreign_names {
    sg_foreign_name *items;
    size_t count, capacity;
    bool failed; /* memory ran out; the list is incomplete */
} sg_foreign_names;

/* A tensor within a layer. Rows of a layer end with a NULL name. */
typedef struct sg_layer_row {
    const char *official, *foreign;
    sg_foreign_form form;
} sg_layer_row;

/* Adds a tensor; names that are too long are cut. */
void sg_foreign_names_add(sg_foreign_names *names, const char *official, const char *foreign,
                          sg_foreign_form form);

/* Adds the tensors of a layer: "OFFICIAL.row" and "FOREIGN", `separator`, "row". */
void sg_foreign_names_add_layer(sg_foreign_names *names, const char *official, const char *foreign,
                                char separator, const sg_layer_row *rows);

/* Frees the list. */
void sg_foreign_names_clear(sg_foreign_names *names);

#endif
