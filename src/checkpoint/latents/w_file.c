/* Files of w: tells the containers apart, and gathers the arrays that each holds. */
#include "checkpoint/latents/w_file.h"

#include <string.h>
#include <sys/stat.h>

#include "base/files/file_kind.h"
#include "base/text.h"
#include "checkpoint/document.h"
#include "checkpoint/latents/w_gathering.h"
#include "checkpoint/numpy/numpy_file.h"

#define MEMBER "w"

/* Values that a file may give: some in any case, and as many for each byte as packing allows. */
enum { HARMLESS_VALUES = 1 << 16, MOST_COMPRESSED = 4 };

/* ---- containers ---- */

static sg_status gather_document(sg_w_gathering *to, sg_document *document, sg_error *error)
{
    const sg_status status = sg_w_gather_values(to, sg_document_root(document), error);
    sg_document_close(document);
    return status;
}

/* An .npy file or an archive of them. The elements of an array of objects are a pickle. */
static sg_status read_numpy(sg_w_gathering *to, sg_error *error)
{
    sg_numpy_array array;
    sg_document *document = NULL;
    const sg_numpy_choice choice = {sg_w_names, sg_w_name_count, true};
    SG_TRY(sg_numpy_read(to->path, &choice, &array, error));
    sg_status status = SG_OK;
    if (array.pickle) {
        status =
            sg_document_open_bytes(array.pickle, array.pickle_bytes, to->path, &document, error);
        if (!status)
            status = gather_document(to, document, error);
    } else {
        status = sg_w_check_shape(to, NULL, &array, error);
        if (!status)
            status = sg_w_gather(to, &array, error);
    }
    sg_numpy_array_clear(&array);
    return status;
}

static sg_status read_document(sg_w_gathering *to, sg_error *error)
{
    sg_document *document = NULL;
    SG_TRY(sg_document_open(to->path, &document, error));
    return gather_document(to, document, error);
}

/* ---- files ---- */

static sg_status read_file(sg_w_gathering *to, sg_error *error)
{
    switch (sg_file_form_at(to->path)) {
    case SG_FORM_NUMPY:
        return read_numpy(to, error);
    case SG_FORM_ZIP:
        return sg_numpy_is_archive(to->path) ? read_numpy(to, error) : read_document(to, error);
    case SG_FORM_PICKLE:
    case SG_FORM_SAFETENSORS:
        return read_document(to, error);
    default:
        return sg_file_fail_kind(to->path, "file of w", error);
    }
}

sg_status sg_w_file_read(const char *path, size_t num_ws, size_t w_dim, sg_w_set *set,
                         sg_error *error)
{
    struct stat information;
    sg_w_gathering to = {.path = path, .set = set};
    sg_error reason = {0};
    if (stat(path, &information) == 0)
        to.budget = HARMLESS_VALUES + MOST_COMPRESSED * (size_t)information.st_size;
    *set = (sg_w_set){.num_ws = num_ws, .w_dim = w_dim};
    if (!read_file(&to, &reason))
        return SG_OK;
    sg_w_set_clear(set);
    return sg_file_fail_reading(path, &reason, error);
}

sg_status sg_w_file_write(const char *path, const float *values, size_t count, size_t num_ws,
                          size_t w_dim, sg_error *error)
{
    const sg_numpy_entry entry = {.name = MEMBER,
                                  .rank = 3,
                                  .size = {(int64_t)count, (int64_t)num_ws, (int64_t)w_dim},
                                  .values = values};
    return sg_has_suffix(path, ".npy") ? sg_numpy_write_npy(path, &entry, error)
                                       : sg_numpy_write_npz(path, &entry, 1, error);
}
