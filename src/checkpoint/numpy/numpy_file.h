/*
 * NumPy's files: .npy (one array; format versions 1 to 3) and .npz (a zip archive of them, stored
 * or deflated). An .npy file is the six bytes "\x93NUMPY", two of version, the header's length, and
 * the header: a Python dictionary such as
 *
 *   {'descr': '<f4', 'fortran_order': False, 'shape': (1, 14, 512), }
 *
 * The elements follow. Nothing in such a file is run: arrays of objects, which are pickles, are
 * refused or handed out as such.
 */
#ifndef SG_CHECKPOINT_NUMPY_NUMPY_FILE_H
#define SG_CHECKPOINT_NUMPY_NUMPY_FILE_H

#include "base/error.h"
#include "checkpoint/values/stored_type.h"

/* The largest file, and the largest array of an archive, in bytes. */
#define SG_NUMPY_LARGEST_FILE ((size_t)1 << 30)

/* An array of numbers; plain data. */
typedef struct sg_numpy_array {
    int rank;
    int64_t size[SG_STORED_MAX_RANK]; /* outermost first; entries from `rank` on are 1 */
    size_t count;                     /* elements */
    float *values;                    /* row-major; NULL for an array of objects */
    unsigned char *pickle;            /* of an array of objects: the pickle of the whole array */
    size_t pickle_bytes;
} sg_numpy_array;

/* Frees what the array holds and zeroes it. */
void sg_numpy_array_clear(sg_numpy_array *array);

/* Prints "(1, 14, 512)" into `text` (at least 200 bytes); returns text. */
char *sg_numpy_shape_print(const sg_numpy_array *array, char *text);

/* Which array of an archive is read. */
typedef struct sg_numpy_choice {
    const char *const *names; /* without ".npy", the best first */
    size_t name_count;
    bool objects; /* arrays of objects are read too, as the pickles that they are */
} sg_numpy_choice;

/*
 * Reads the array of an .npy file, or from an .npz file the first array of the choice's names that
 * it has. If there is none of these or `choice` is NULL, the only array of the archive is read.
 * Elements are floats of 16, 32 or 64 bits, integers or truth values, of either byte order, in C or
 * Fortran order; they become floats in C order, too large ones infinite. The first bytes tell the
 * kind of file. The caller clears `array`, which is zeroed on failure. Fails with SG_ERROR_FILE,
 * SG_ERROR_FORMAT or SG_ERROR_MEMORY.
 */
sg_status sg_numpy_read(const char *path, const sg_numpy_choice *choice, sg_numpy_array *array,
                        sg_error *error);

/*
 * Reads an array of texts from an .npz file: *texts, `*count` of them in UTF-8, each of which and
 * the list the caller frees by sg_numpy_texts_free; NULL and 0 where the archive has no array
 * `name`. Fails as sg_numpy_read does.
 */
sg_status sg_numpy_read_texts(const char *path, const char *name, char ***texts, size_t *count,
                              sg_error *error);
void sg_numpy_texts_free(char **texts, size_t count);

/* True if the zip archive at `path` holds an array, so that it is no other program's. */
bool sg_numpy_is_archive(const char *path);

/* An array to be written; everything is borrowed. */
typedef struct sg_numpy_entry {
    const char *name; /* within an .npz file, without ".npy"; ignored for an .npy file */
    int rank;         /* at most SG_STORED_MAX_RANK */
    int64_t size[SG_STORED_MAX_RANK];
    const float *values; /* row-major */
    /* A list of texts in UTF-8 in place of the values, which np.load gives as an array of str; its
     * rank is 1. NULL: numbers. */
    const char *const *texts;
} sg_numpy_entry;

/*
 * Writes one array as .npy, or several as .npz (stored, as by numpy.savez), atomically; equal
 * arrays give equal bytes. Fails with SG_ERROR_ARGUMENT for a name or shape that cannot be
 * written, or as sg_write_file does.
 */
sg_status sg_numpy_write_npy(const char *path, const sg_numpy_entry *entry, sg_error *error);
sg_status sg_numpy_write_npz(const char *path, const sg_numpy_entry *entries, size_t count,
                             sg_error *error);

#endif
