/*
 * Finds the kind that recognises a path. A kind opens either a collection or a data set; the other
 * is made from it.
 */
#include "data/kinds/open_dataset.h"

#include "base/files/file.h"
#include "base/files/file_kind.h"
#include "base/text.h"
#include "data/kinds/dataset_kind.h"
#include "data/sources/dataset_source.h"
#include "data/sources/picture_labels.h"

#define KIND_ADDRESS(name) &sg_##name##_dataset_kind,

static const sg_dataset_kind *const kinds[] = {SG_DATASET_KINDS(KIND_ADDRESS)};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

/* "PATH is no data set: it seems to be KIND; ADVICE; expected ..." */
static sg_status fail_unrecognised(const char *path, sg_error *error)
{
    sg_text expected = {0};
    sg_error found = {0};
    for (size_t i = 0; i < KIND_COUNT; i++)
        sg_text_append(&expected, "%s%s", i == 0 ? "" : ", or ", kinds[i]->expected);
    const bool folder = sg_path_is_folder(path);
    if (folder)
        sg_fail(&found, SG_ERROR_FORMAT, "%s: the folder holds no data set", path);
    else
        sg_file_fail_kind(path, "data set", &found);
    sg_fail(error, found.status, "%s%s expected %s", found.message, folder ? "," : ";",
            expected.bytes ? expected.bytes : "a data set");
    sg_text_clear(&expected);
    return found.status;
}

static sg_status find_kind(const char *path, const sg_dataset_kind **kind, sg_error *error)
{
    if (sg_is_url(path))
        return sg_file_fail_open(path, error);
    if (!sg_path_exists(path))
        return sg_fail(error, SG_ERROR_FILE, "%s: there is no such file or folder", path);
    for (size_t i = 0; i < KIND_COUNT; i++) {
        *kind = kinds[i];
        if (kinds[i]->recognises(path))
            return SG_OK;
    }
    return fail_unrecognised(path, error);
}

/* How a collection is opened. */
typedef struct opening {
    bool labelled;
    bool follows_links; /* that lead out of the set */
} opening;

static sg_status open_source(const char *path, opening how, sg_picture_source **source,
                             sg_error *error)
{
    const sg_dataset_kind *kind = kinds[0];
    sg_dataset *dataset = NULL;
    *source = NULL;
    SG_TRY(find_kind(path, &kind, error));
    if (!kind->open_source) {
        SG_TRY(kind->open_dataset(path, &dataset, error));
        return sg_dataset_source_create(path, dataset, how.labelled, source, error);
    }
    SG_TRY(kind->open_source(path, how.follows_links, source, error));
    const sg_status status = how.labelled ? sg_picture_source_label(*source, error)
                                          : sg_picture_source_leave_labels(*source, error);
    if (status) {
        sg_picture_source_destroy(*source);
        *source = NULL;
    }
    return status;
}

static sg_status open_dataset(const char *path, bool labelled, sg_dataset **dataset,
                              sg_error *error)
{
    const sg_dataset_kind *kind = kinds[0];
    sg_picture_source *source = NULL;
    *dataset = NULL;
    SG_TRY(find_kind(path, &kind, error));
    if (kind->open_source) {
        SG_TRY(open_source(path, (opening){.labelled = labelled}, &source, error));
        return sg_picture_dataset_create(source, dataset, error);
    }
    SG_TRY(kind->open_dataset(path, dataset, error));
    sg_status status = SG_OK;
    if (labelled)
        status = sg_dataset_check_labels(*dataset, error);
    else
        sg_dataset_leave_labels(*dataset);
    if (status) {
        sg_dataset_destroy(*dataset);
        *dataset = NULL;
    }
    return status;
}

sg_status sg_dataset_open(const char *path, sg_dataset **dataset, sg_error *error)
{
    return open_dataset(path, true, dataset, error);
}

sg_status sg_dataset_open_unlabelled(const char *path, sg_dataset **dataset, sg_error *error)
{
    return open_dataset(path, false, dataset, error);
}

sg_status sg_picture_source_open(const char *path, sg_picture_source **source, sg_error *error)
{
    return open_source(path, (opening){.labelled = true}, source, error);
}

sg_status sg_picture_source_open_linked(const char *path, sg_picture_source **source,
                                        sg_error *error)
{
    return open_source(path, (opening){.labelled = true, .follows_links = true}, source, error);
}

sg_status sg_picture_source_open_unlabelled(const char *path, sg_picture_source **source,
                                            sg_error *error)
{
    return open_source(path, (opening){.labelled = false}, source, error);
}
