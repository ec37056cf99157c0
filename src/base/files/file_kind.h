/*
 * What a file is, whatever its name says: one table for networks, files of w and data sets. Readers
 * ask it for the form of a file that they may read; sentences about a file that is none of these
 * say what it seems to be and what to do with it.
 */
#ifndef SG_BASE_FILES_FILE_KIND_H
#define SG_BASE_FILES_FILE_KIND_H

#include "base/error.h"

/* Forms that readers here choose by; all others are SG_FORM_OTHER. */
typedef enum sg_file_form {
    SG_FORM_OTHER,
    SG_FORM_ZIP, /* also torch's archives and NumPy's .npz */
    SG_FORM_TAR,
    SG_FORM_PICKLE, /* also torch's streams */
    SG_FORM_SAFETENSORS,
    SG_FORM_NUMPY, /* an .npy file */
    SG_FORM_PNG,
    SG_FORM_JPEG,
    SG_FORM_WEBP
} sg_file_form;

/* A kind of file; static. */
typedef struct sg_file_kind {
    const char *noun;   /* "a web page (HTML)" */
    const char *advice; /* what to do with it, an imperative; NULL: nothing */
    sg_file_form form;
    bool text;    /* its first words say more */
    bool cut_off; /* it has its start alone */
} sg_file_kind;

/* The first bytes of a file that tell most kinds. */
enum { SG_FILE_KIND_BYTES = 512 };

/*
 * Tells the kind of a file that starts with these bytes; `whole`: they are all that it has, so that
 * an end that is missing shows. Never NULL.
 */
const sg_file_kind *sg_file_kind_of(const unsigned char *bytes, size_t size, bool whole);

/* Tells the form of the file at `path` by its first bytes; SG_FORM_OTHER if it cannot be read. */
sg_file_form sg_file_form_at(const char *path);

/*
 * Fails with SG_ERROR_FORMAT and "PATH is no WANTED: it seems to be KIND; ADVICE", from the file's
 * content. SG_ERROR_FILE if the file cannot be read, or is a folder.
 */
sg_status sg_file_fail_kind(const char *path, const char *wanted, sg_error *error);

/*
 * Forwards a reader's failure, `reason`: if the file was cut off, with that and what to do about it
 * after the reader's sentence. Returns its status.
 */
sg_status sg_file_fail_reading(const char *path, const sg_error *reason, sg_error *error);

#endif
