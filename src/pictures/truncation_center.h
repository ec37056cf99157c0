/* The option --new-center: where truncation leads in place of the average w. */
#ifndef SG_PICTURES_TRUNCATION_CENTER_H
#define SG_PICTURES_TRUNCATION_CENTER_H

#include "checkpoint/numpy/w_file.h"
#include "latent/styles.h"
#include "pictures/picture_network.h"

/* A center; zero it before use, clear it after. */
typedef struct sg_center {
    const char *file; /* that it is from, borrowed; NULL: it is the w of source.seed */
    sg_w_set set;     /* what the file holds */
    sg_style_source source;
} sg_center;

/* Whether the option names a seed; else it is a file's path. */
bool sg_center_is_seed(const char *text);

/*
 * Finds the center of a loaded network: a seed, whose class the caller may set, or the only w of
 * the file at `text`, which must outlive the center.
 */
sg_status sg_center_read(const char *text, const sg_picture_network *network, sg_center *center,
                         sg_error *error);

/* Frees what the center holds and zeroes it. */
void sg_center_clear(sg_center *center);

/* Reads the w in a file for a loaded network, as sg_w_file_read. */
sg_status sg_read_w_file(const char *path, const sg_picture_network *network, sg_w_set *set,
                         sg_error *error);

#endif
