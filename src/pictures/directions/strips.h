/*
 * Strips of directions: each seed's picture moved along a direction by several amounts, and what a
 * classifier says of it on the way.
 */
#ifndef SG_PICTURES_DIRECTIONS_STRIPS_H
#define SG_PICTURES_DIRECTIONS_STRIPS_H

#include "edit/directions/attributes.h"
#include "pictures/picture_set.h"

/* What is painted; everything is borrowed. */
typedef struct sg_strips {
    const sg_picture_work *work; /* prepared, without edits; its seeds are the lines */
    const char *directions;      /* their file */
    const char *const *names;    /* [count]: of the directions */
    size_t count;
    const double *amounts; /* [amount_count], in sigmas */
    size_t amount_count;
    const char *keep;                /* names, with commas, of directions that stay undisturbed */
    bool transposed;                 /* amounts from top to bottom */
    const sg_attributes *attributes; /* NULL: nobody is asked */
    const size_t *asked;             /* [asked_count]: attributes whose answers are drawn */
    size_t asked_count;
} sg_strips;

/*
 * Writes FOLDER/NAME.png for every direction, a line for each seed and a column for each amount; of
 * one seed alone FOLDER/strips.png, a line for each direction. With a classifier also
 * FOLDER/answers.png, the mean probability of each attribute by amount, a panel for each direction,
 * and the same numbers in FOLDER/answers.tsv. Fails as sg_edit_plan_make and painting do.
 */
sg_status sg_strips_paint(const sg_strips *strips, const sg_watch *watch, sg_error *error);

#endif
