/*
 * The named arrays of a network in a foreign file, and which of them a map has taken; for the maps
 * of this folder.
 */
#ifndef SG_CHECKPOINT_MAPS_FOREIGN_TENSORS_H
#define SG_CHECKPOINT_MAPS_FOREIGN_TENSORS_H

#include "checkpoint/contents/network_contents.h"
#include "nn/parameter.h"

typedef struct sg_foreign_tensor {
    char *name;
    const sg_value *value;
    bool taken;
} sg_foreign_tensor;

typedef struct sg_foreign_tensors {
    sg_foreign_tensor *items;
    size_t count, capacity;
} sg_foreign_tensors;

/*
 * Adds a value under "PREFIXNAME"; false for lack of memory, or beyond 16384
 * entries, far above what any network has.
 */
bool sg_foreign_tensors_add(sg_foreign_tensors *list, const char *prefix, const char *name,
                            const sg_value *value);

/* Frees the list. */
void sg_foreign_tensors_clear(sg_foreign_tensors *list);

/* The entry of that name, or NULL; the number of entries "PREFIXNSUFFIX" with N = first, first + 1
 * and on. */
sg_foreign_tensor *sg_foreign_tensors_find(const sg_foreign_tensors *list, const char *name);
int sg_foreign_tensors_run(const sg_foreign_tensors *list, const char *prefix, int first,
                           const char *suffix);

/* A dimension of the array of that name, from 1; 0 when there is none or it does not fit an int. */
int sg_foreign_tensors_size(const sg_foreign_tensors *list, const char *name, int axis);

/* An official tensor, by what it is called and how it lies in a foreign file. */
typedef struct sg_foreign_name {
    char official[SG_PARAMETER_NAME_BYTES];
    char foreign[SG_PARAMETER_NAME_BYTES];
    int rank; /* official */
    sg_axis_order order;
    double added;
} sg_foreign_name;

/*
 * Adds the tensor to the part and marks it as taken, when the list has it. Fails when it is no
 * array, or one whose axes do not fit.
 */
sg_status sg_foreign_tensors_take(sg_foreign_tensors *list, sg_network_contents *contents,
                                  sg_network_part part, const sg_foreign_name *name,
                                  sg_error *error);

/*
 * The channel_base and channel_max that give these numbers of channels at the resolutions 4, 8 and
 * on; false when none do.
 */
bool sg_channels_infer(const int *channels, int levels, int *channel_base, int *channel_max);

#endif
