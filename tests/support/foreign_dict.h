/* Small dicts of named arrays, as torch.save(state_dict) and numpy write them. */
#ifndef SUPPORT_FOREIGN_DICT_H
#define SUPPORT_FOREIGN_DICT_H

#include <stdint.h>

/* A named array; the sizes end with a 0, so {0} is a scalar. */
typedef struct named_array {
    const char *name; /* NULL ends a list */
    int64_t size[5];
} named_array;

/* Writes a pickle of a dict of these arrays, each numbered from 0; fails the test if it cannot. */
void write_dict(const char *path, const named_array *arrays);

#endif
