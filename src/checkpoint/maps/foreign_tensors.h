/* The named arrays of a network in a foreign file, each marked once a map has taken it. */
#ifndef SG_CHECKPOINT_MAPS_FOREIGN_TENSORS_H
#define SG_CHECKPOINT_MAPS_FOREIGN_TENSORS_H

#include "checkpoint/contents/network_contents.h"
#include "checkpoint/maps/foreign_names.h"

typedef struct sg_foreign_tensor {
    char *name;
    const sg_value *value;
    bool taken;
} sg_foreign_tensor;

typedef struct sg_foreign_tensors {
    sg_foreign_tensor *items;
    size_t count, capacity;
} sg_foreign_tensors;

enum { SG_LONGEST_FOREIGN_NAME = 250 /* bytes */ };

/*
 * Adds a value under "PREFIXNAME"; false for lack of memory, for a name of more than
 * SG_LONGEST_FOREIGN_NAME bytes, or beyond 65,536 entries, far more than any network has.
 */
bool sg_foreign_tensors_add(sg_foreign_tensors *list, const char *prefix, const char *name,
                            const sg_value *value);

/* Frees the list. */
void sg_foreign_tensors_clear(sg_foreign_tensors *list);

/* Finds the entry of that name, or NULL; counts the entries "PREFIX", N, "SUFFIX" with N = first,
 * first + 1 and so on. */
sg_foreign_tensor *sg_foreign_tensors_find(const sg_foreign_tensors *list, const char *name);
int sg_foreign_tensors_run(const sg_foreign_tensors *list, const char *prefix, int first,
                           const char *suffix);

/* Returns a dimension of the array of that name; 0 if there is none or it does not fit an int. */
int sg_foreign_tensors_size(const sg_foreign_tensors *list, const char *name, int axis);

/*
 * Adds the tensor to the part and marks it as taken, if the list has it. Fails if it is no array,
 * or one whose axes do not fit.
 */
sg_status sg_foreign_tensors_take(sg_foreign_tensors *list, sg_network_contents *contents,
                                  sg_network_part part, const sg_foreign_name *name,
                                  sg_error *error);

/*
 * Finds the channel_base and channel_max of networks with these numbers of channels at the
 * resolutions 4, 8, 16 ...; false if none have them.
 */
bool sg_channels_infer(const int *channels, int levels, int *channel_base, int *channel_max);

#endif
