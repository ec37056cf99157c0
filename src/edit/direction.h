/*
 * What a direction of editing is, and sets of them: a step through w, or through StyleSpace (Wu et
 * al. 2021: the outputs of the layers' affine maps), with a name and a unit of measure.
 */
#ifndef SG_EDIT_DIRECTION_H
#define SG_EDIT_DIRECTION_H

#include <stddef.h>

#include "base/error.h"

enum { SG_ALL_LAYERS = -1, SG_LAYER_NAME_BYTES = 64 };

/* One channel of StyleSpace and how far an amount of 1 moves it. */
typedef struct sg_style_channel {
    char layer[SG_LAYER_NAME_BYTES]; /* "b16.conv1": the module without "synthesis." */
    int channel;                     /* 0 .. the layer's channels - 1 */
    double step; /* in the style's own units: the channel's standard deviation, or a multiple */
} sg_style_channel;

/*
 * A direction. An amount moves w to w + amount * sigma * values for the inputs first .. last of the
 * synthesis network, and each style channel by amount * step; either part may be empty.
 */
typedef struct sg_direction {
    char *name;     /* owned */
    double *values; /* [rows, width], owned; NULL: it moves style channels alone */
    size_t rows;    /* 1: the same for every input; otherwise num_ws */
    size_t width;   /* w_dim */
    double sigma; /* standard deviation of w along the values, so that amounts count in it; 1 where
                     it is not known */
    int first, last; /* inputs that it moves, both included; a last of SG_ALL_LAYERS: to the end */
    double useful_from,
        useful_to; /* amounts between which pictures stay sensible; both 0: not known */
    char *source;  /* how it was found, for people; owned; NULL: not known */
    sg_style_channel *channels; /* owned */
    size_t channel_count;
} sg_direction;

/* Directions of one network, in their order; zero it before use, clear it after. */
typedef struct sg_direction_set {
    sg_direction *items; /* owned */
    size_t count, capacity;
} sg_direction_set;

/* The values of a direction that is not filled yet: all inputs, sigma 1. */
#define SG_DIRECTION(...)                                                                          \
    {                                                                                              \
        .sigma = 1, .last = SG_ALL_LAYERS, __VA_ARGS__                                             \
    }

/* Frees what the direction owns, and zeroes it. */
void sg_direction_clear(sg_direction *direction);
void sg_direction_set_clear(sg_direction_set *set);

/*
 * Appends a copy of `direction`, with copies of all that it points to. Fails with SG_ERROR_MEMORY,
 * or with SG_ERROR_ARGUMENT for a name that the set has already, an empty one, or numbers that are
 * not finite.
 */
sg_status sg_direction_set_add(sg_direction_set *set, const sg_direction *direction,
                               sg_error *error);

/*
 * Returns the direction of that name, borrowed; NULL, with a sentence that suggests the nearest
 * name, where there is none.
 */
const sg_direction *sg_direction_find(const sg_direction_set *set, const char *name,
                                      sg_error *error);

#endif
