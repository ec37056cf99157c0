/* The edits of a picture as a request has them. */
#ifndef SG_EDIT_REQUEST_EDIT_REQUEST_H
#define SG_EDIT_REQUEST_EDIT_REQUEST_H

#include "edit/request/edit_list.h"
#include "edit/request/w_terms.h"

typedef struct sg_edit_plan sg_edit_plan;

/* What is asked for; texts are borrowed. All zero: nothing. */
typedef struct sg_edit_request {
    const char *directions; /* a file of directions */
    sg_edit_list moves;     /* "smile=2@0-7": directions of the file by their sigmas */
    bool orthogonal;        /* moves do not disturb each other */
    bool from_boundary;     /* amounts are distances from the directions' boundaries, w.d = 0 */
    const char *keep;       /* further directions that they do not disturb, with commas */
    sg_edit_list styles;    /* "b16.conv1:45=3": channels by their standard deviations */
    sg_edit_list mixes;     /* "seed:5=0.4@0-3": shares of other w */
    sg_edit_list psis;      /* "0-3=0.5": psi of some inputs */
    const char *sum;        /* the w to start from: "seed:1 - seed:2 + 0.5*seed:3" */
    double radius;          /* largest distance from the centre of truncation; 0: any */
    double clamp;           /* largest deviation of a component in standard deviations; 0: any */
    int centers;            /* clusters of w, of which the nearest is the centre; 0: none */
    /* Once it is read: */
    const sg_edit_plan *plan; /* borrowed; NULL: nothing is edited */
    double strength;          /* moves and styles are multiplied by it; read with a plan alone */
    bool only_source;         /* the picture before: of the plan, the sum alone counts */
} sg_edit_request;

/* A w that is mixed in, before truncation. */
typedef struct sg_edit_mix {
    sg_w_term term;
    bool *chosen; /* [num_ws], owned by the plan */
    double share;
} sg_edit_mix;

#endif
