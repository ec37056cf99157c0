/*
 * What a training state says of the run that it belongs to, so that a resume cannot go on with
 * something else: the options that decide the result, and the fingerprint of the images.
 */
#ifndef SG_TRAIN_RUN_RUN_IDENTITY_H
#define SG_TRAIN_RUN_RUN_IDENTITY_H

#include "data/fingerprint.h"
#include "train/options/run_options.h"

typedef struct sg_run_identity {
    char *options; /* JSON; owned; NULL: not known, as of states of old programs */
    char data[SG_FINGERPRINT_BYTES]; /* empty: not known */
} sg_run_identity;

/* Sets the options, of which those that a resumed run may change are left out. Fails with
 * SG_ERROR_MEMORY. */
sg_status sg_run_identity_set(sg_run_identity *identity, const sg_run_options *options,
                              sg_error *error);

/*
 * Fails with SG_ERROR_FORMAT unless the options of `now` are those of `then`, for each that both
 * know: the sentence names the options that differ, their values, and `folder`.
 */
sg_status sg_run_identity_check_options(const sg_run_identity *then, const sg_run_identity *now,
                                        const char *folder, sg_error *error);

/* Fails with SG_ERROR_FORMAT unless the images, which are at `path`, are those of `then`. */
sg_status sg_run_identity_check_data(const sg_run_identity *then, const sg_run_identity *now,
                                     const char *folder, const char *path, sg_error *error);

/* Frees the options. */
void sg_run_identity_clear(sg_run_identity *identity);

#endif
