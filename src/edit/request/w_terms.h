/*
 * w that edits name: "seed:4" (or "4"), a file of w such as "photo.npz", "photos.npz#2" for the
 * third in it, and "average"; and sums of them, "seed:1 - seed:2 + 0.5*seed:3".
 */
#ifndef SG_EDIT_REQUEST_W_TERMS_H
#define SG_EDIT_REQUEST_W_TERMS_H

#include "latent/styles.h"

enum { SG_MOST_TERMS = 64 };

/* A w, times a factor; zero it before use, clear it after. */
enum { SG_TERM_TEXT_BYTES = 40 };
typedef struct sg_w_term {
    char text[SG_TERM_TEXT_BYTES]; /* as it was given, cut: "seed:4" */
    double factor;
    uint32_t seed; /* where there are no values */
    float *values; /* [num_ws, w_dim] of a file, or of the average; owned */
    char *path;    /* of the file; NULL: none; owned */
    bool average;  /* is not truncated, since truncation leads to it */
} sg_w_term;

/* Reads one w for the generator; the factor is 1. Fails with SG_ERROR_ARGUMENT for what is no w,
 * or as sg_w_file_read does. */
sg_status sg_w_term_read(const char *text, sg_generator *generator, sg_w_term *term,
                         sg_error *error);
void sg_w_term_clear(sg_w_term *term);

/*
 * Reads a sum into terms[SG_MOST_TERMS], which the caller clears, and *count. Terms are NUMBER*W or
 * W with a plus or minus between them; names of files end at a blank. Fails in the same way; *count
 * counts the terms read so far.
 */
sg_status sg_w_terms_read(const char *text, sg_generator *generator, sg_w_term *terms,
                          size_t *count, sg_error *error);

#endif
