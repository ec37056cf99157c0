/* What a plan of edits is made of, and the functions that make its parts. */
#ifndef SG_EDIT_REQUEST_PLAN_PARTS_H
#define SG_EDIT_REQUEST_PLAN_PARTS_H

#include "base/text.h"
#include "edit/centres.h"
#include "edit/direction.h"
#include "edit/request/edit_request.h"
#include "edit/style_space.h"

/* A move of w. */
typedef struct sg_plan_move {
    const sg_direction *direction; /* while the plan is made */
    double *step;                  /* [1 or num_ws, w_dim]: what an amount of 1 adds; owned */
    bool layered;
    bool *chosen; /* [num_ws], owned */
    double amount;
} sg_plan_move;

/* The path of a search (edit_path.h). */
typedef struct sg_plan_path {
    size_t points, values;
    float *steps; /* [points, values]: of w, or of the shifts; owned; NULL: none */
} sg_plan_path;

struct sg_edit_plan {
    sg_generator *generator;
    size_t inputs, width;
    sg_text text;
    /* The start. */
    sg_w_term *terms;
    size_t term_count;
    sg_edit_mix *mixes;
    size_t mix_count;
    /* Truncation. */
    double *psis;  /* [num_ws], of those inputs that have_psi; NULL: none has */
    bool *has_psi; /* [num_ws] */
    double radius, clamp;
    sg_moments moments;   /* of w, with a clamp */
    sg_clusters clusters; /* count 0: none */
    /* Moves and shifts: how many were named, and the last of them. */
    size_t named;
    char name[SG_EDIT_TEXT_BYTES];
    double amount;
    sg_plan_move *moves;
    bool from_boundary; /* amounts are distances from the boundaries of the directions */
    size_t move_count;
    sg_style_space space; /* open once a shift needs it */
    sg_style_shift *shifts;
    double *amounts; /* [shift_count]: of the shifts, at full strength */
    double *saved;   /* [shift_count]: scratch of sg_style_shift_begin */
    size_t shift_count, shift_capacity, amount_capacity;
    sg_plan_path path; /* with shifts, theirs */
};

/* What was read or computed for other plans, to be taken instead of making it again; borrowed. */
typedef struct sg_plan_sources {
    const sg_direction_set *directions; /* of the request's file; NULL: it names none */
    /* Plans of the same label, with as many clusters as the request wants and with moments; NULL:
     * none. */
    const sg_edit_plan *with_clusters, *with_moments;
} sg_plan_sources;

/* Reads a file of directions for the generator's w. Fails as sg_direction_file_read does. */
sg_status sg_plan_read_directions(const char *path, const sg_generator *generator,
                                  sg_direction_set *directions, sg_error *error);

/* Creates a plan without parts, which sg_edit_plan_destroy frees; NULL on lack of memory. */
sg_edit_plan *sg_plan_create(sg_generator *generator, sg_error *error);

/* Makes a plan as sg_edit_plan_make does, of a request that edits. */
sg_status sg_edit_plan_make_of(const sg_edit_request *request, sg_generator *generator,
                               sg_style_label label, const sg_plan_sources *sources,
                               sg_edit_plan **plan, sg_error *error);

/* Returns value `index` of the plan's path at a strength. */
double sg_plan_path_at(const sg_edit_plan *plan, double strength, size_t index);

/* Fill the parts of a plan; it is destroyed on failure. */
sg_status sg_plan_truncation(sg_edit_plan *plan, const sg_edit_request *request,
                             sg_style_label label, const sg_plan_sources *sources, sg_error *error);
sg_status sg_plan_mixes(sg_edit_plan *plan, const sg_edit_request *request, sg_error *error);
sg_status sg_plan_moves(sg_edit_plan *plan, const sg_edit_request *request,
                        const sg_direction_set *directions, sg_error *error);
sg_status sg_plan_styles(sg_edit_plan *plan, const sg_edit_request *request, sg_style_label label,
                         sg_error *error);

#endif
