/*
 * The fields of a picture request as people give them: options of the commands, keys of a line of a
 * batch, and members of the public sg_picture_options. Tables are about sg_picture_request.
 */
#ifndef SG_PICTURES_PICTURE_FIELDS_H
#define SG_PICTURES_PICTURE_FIELDS_H

#include "edit/request/edit_store.h"
#include "pictures/picture_request.h"

/* All of them: the keys of a line of a batch. */
extern const sg_field_table sg_picture_fields;

/* Groups of them: command-line options. */
extern const sg_field_table sg_label_fields;        /* --label */
extern const sg_field_table sg_save_w_fields;       /* --save-w */
extern const sg_field_table sg_psi_fields;          /* --trunc, a number */
extern const sg_field_table sg_truncation_fields;   /* --trunc and --trunc-cutoff */
extern const sg_field_table sg_center_fields;       /* --new-center */
extern const sg_field_table sg_cutoff_fields;       /* --trunc-cutoff and --new-center */
extern const sg_field_table sg_noise_fields;        /* --noise-mode, const by default */
extern const sg_field_table sg_varied_noise_fields; /* --noise-mode, random by default */
extern const sg_field_table sg_transform_fields;    /* --translate and --rotate */
extern const sg_field_table sg_sum_fields;          /* --w */
extern const sg_field_table sg_edit_fields;         /* --directions, --move ... --centers */

/*
 * Checks what depends on the loaded network or came from a program: class, psi, noise mode, z and
 * transform. Fails with SG_ERROR_ARGUMENT and a sentence that spells members by `spelling`, or
 * SG_ERROR_NUMERIC for a z that is not finite.
 */
sg_status sg_picture_request_check(const sg_picture_network *network,
                                   const sg_picture_request *request, sg_spelling spelling,
                                   sg_error *error);

/*
 * Reads what was given of the label for the opened network: label->values point to *values, which
 * the caller frees; both are NULL without a label, and for an unconditional network. Fails with
 * SG_ERROR_ARGUMENT for another number of numbers than c_dim.
 */
sg_status sg_picture_label_read(sg_picture_label *label, const sg_picture_network *network,
                                sg_spelling spelling, float **values, sg_error *error);

/*
 * Makes the plan of the request's edits for the loaded network, in *plan (NULL without any), which
 * the caller destroys, and lets the request follow it. Fails as sg_edit_plan_make does.
 */
sg_status sg_picture_edit_read(const sg_picture_network *network, sg_picture_request *request,
                               sg_edit_plan **plan, sg_error *error);

/* The same with a plan of the store of the network's generator, which is made once for equal
 * edits; the request follows it until the store is asked again. */
sg_status sg_picture_edit_find(sg_edit_store *store, sg_picture_request *request, sg_error *error);

#endif
