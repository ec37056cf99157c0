/*
 * What a training state says of the run that it belongs to, so that a resume cannot go on with
 * something else: the options that decide the result, and the fingerprints of the images and
 * of other files.
 */
#ifndef SG_TRAIN_RUN_RUN_IDENTITY_H
#define SG_TRAIN_RUN_RUN_IDENTITY_H

#include "data/fingerprint.h"
#include "train/options/run_options.h"

/* Of what is known of files, with the zero byte. */
enum { SG_RUN_FILES_BYTES = 512 };

typedef struct sg_run_identity {
    char *options; /* JSON; owned; NULL: not known, as of states of old programs */
    char data[SG_FINGERPRINT_BYTES]; /* empty: not known */
    char files[SG_RUN_FILES_BYTES];  /* "NAME SHA-256;" of each; empty: not known */
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

/* Adds the file at `path`, what it is in one word. Fails with SG_ERROR_FILE if it cannot be read.
 */
sg_status sg_run_identity_add_file(sg_run_identity *identity, const char *name, const char *path,
                                   sg_error *error);

/* Fails with SG_ERROR_FORMAT unless the file called `name`, which is at `path`, has the contents
 * that it has in `then`, if both know it. */
sg_status sg_run_identity_check_file(const sg_run_identity *then, const sg_run_identity *now,
                                     const char *name, const char *path, const char *folder,
                                     sg_error *error);

/* Frees the options. */
void sg_run_identity_clear(sg_run_identity *identity);

#endif
