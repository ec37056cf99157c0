/*
 * Lists the tensors of a file by their names. The tree of a foreign file is a graph of any unfolded
 * size, so depth and visits are bounded.
 */
#include "features/feature_tensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "checkpoint/document.h"
#include "checkpoint/maps/foreign_tensors.h"
#include "checkpoint/maps/module_tensors.h"

enum { DEEPEST = 16, MOST_VISITS = 1 << 12, MOST_ENTRIES = 1 << 12, LONGEST_NAME = 250 };

struct sg_feature_tensors {
    char *path;
    sg_document *document;
    sg_foreign_tensors list;
};

/* A walk through the values of a file. */
typedef struct tensor_walk {
    sg_feature_tensors *tensors;
    int visits;
    sg_error *error;
} tensor_walk;

static sg_status visit(tensor_walk *walk, const char *prefix, const sg_value *value, int depth);

/* Joins "PREFIX.NAME"; false if it is too long for any network's. */
static bool join(const char *prefix, const char *name, char joined[LONGEST_NAME])
{
    const int length =
        snprintf(joined, LONGEST_NAME, "%s%s%s", prefix, *prefix != '\0' ? "." : "", name);
    return length > 0 && length < LONGEST_NAME;
}

/* Visits the entries of a dict: arrays are tensors, other values may hold some. */
static sg_status visit_entries(tensor_walk *walk, const char *prefix, const sg_value *dict,
                               int depth)
{
    for (size_t i = 0; i < sg_value_count(dict) && i < MOST_ENTRIES; i++) {
        char name[LONGEST_NAME];
        const char *key = sg_value_text(sg_value_key(dict, i));
        if (key && join(prefix, key, name))
            SG_TRY(visit(walk, name, sg_value_item(dict, i), depth + 1));
    }
    return SG_OK;
}

/*
 * Visits a value under the name that leads to it. An object's attributes are those of a module, or
 * of a module in TorchScript; the state of an official persistent object is its module's.
 */
static sg_status visit(tensor_walk *walk, const char *prefix, const sg_value *value, int depth)
{
    sg_feature_tensors *tensors = walk->tensors;
    if (depth > DEEPEST || ++walk->visits > MOST_VISITS)
        return sg_fail(walk->error, SG_ERROR_FORMAT,
                       "%s: its values are nested too deep, or more than %d", tensors->path,
                       MOST_VISITS);
    switch (sg_value_kind_of(value)) {
    case SG_VALUE_ARRAY:
        return sg_foreign_tensors_add(&tensors->list, "", prefix, value)
                   ? SG_OK
                   : sg_fail_memory(walk->error, "%s", tensors->path);
    case SG_VALUE_DICT:
        return visit_entries(walk, prefix, value, depth);
    case SG_VALUE_OBJECT:
    case SG_VALUE_INERT:
        if (depth == 0 && sg_is_module(value))
            return sg_module_tensors(value, tensors->path, &tensors->list, walk->error);
        return visit_entries(walk, prefix, sg_value_state(value), depth);
    default:
        return SG_OK;
    }
}

static sg_status list_tensors(sg_feature_tensors *tensors, sg_error *error)
{
    tensor_walk walk = {.tensors = tensors, .error = error};
    return visit(&walk, "", sg_document_root(tensors->document), 0);
}

/* Opens the bytes or, if they are NULL, the file of that name. */
static sg_status open_tensors(const unsigned char *bytes, size_t size, const char *path,
                              sg_feature_tensors **tensors, sg_error *error)
{
    *tensors = NULL;
    sg_feature_tensors *opened = sg_allocate(1, sizeof *opened);
    if (opened)
        opened->path = sg_duplicate_text(path);
    sg_status status = !opened || !opened->path ? sg_fail_memory(error, "%s", path) : SG_OK;
    if (!status)
        status = bytes ? sg_document_open_bytes(bytes, size, path, &opened->document, error)
                       : sg_document_open(path, &opened->document, error);
    if (!status)
        status = list_tensors(opened, error);
    if (status)
        sg_feature_tensors_close(opened);
    else
        *tensors = opened;
    return status;
}

sg_status sg_feature_tensors_open(const char *path, sg_feature_tensors **tensors, sg_error *error)
{
    return open_tensors(NULL, 0, path, tensors, error);
}

sg_status sg_feature_tensors_open_bytes(const unsigned char *bytes, size_t size, const char *name,
                                        sg_feature_tensors **tensors, sg_error *error)
{
    return open_tensors(bytes, size, name, tensors, error);
}

void sg_feature_tensors_close(sg_feature_tensors *tensors)
{
    if (!tensors)
        return;
    sg_foreign_tensors_clear(&tensors->list);
    sg_document_close(tensors->document);
    free(tensors->path);
    free(tensors);
}

const char *sg_feature_tensors_path(const sg_feature_tensors *tensors)
{
    return tensors->path;
}

size_t sg_feature_tensors_count(const sg_feature_tensors *tensors)
{
    return tensors->list.count;
}

const sg_value *sg_feature_tensors_find(const sg_feature_tensors *tensors, const char *name)
{
    const sg_foreign_tensor *found = sg_foreign_tensors_find(&tensors->list, name);
    return found ? found->value : NULL;
}

int64_t sg_feature_tensors_size(const sg_feature_tensors *tensors, const char *name, int axis)
{
    sg_value_array array;
    if (!sg_value_array_of(sg_feature_tensors_find(tensors, name), &array) || axis >= array.rank)
        return 0;
    return array.size[axis];
}

/* True if the array has these sizes, apart from sizes of 1. */
static bool has_shape(const sg_value_array *array, int rank, const int64_t *size)
{
    int axis = 0;
    for (int i = 0; i < rank; i++) {
        if (size[i] == 1)
            continue;
        while (axis < array->rank && array->size[axis] == 1)
            axis++;
        if (axis == array->rank || array->size[axis++] != size[i])
            return false;
    }
    while (axis < array->rank && array->size[axis] == 1)
        axis++;
    return axis == array->rank;
}

sg_status sg_feature_tensors_read(const sg_feature_tensors *tensors, const char *name, int rank,
                                  const int64_t *size, float *values, sg_error *error)
{
    sg_value_array array;
    const sg_value *value = sg_feature_tensors_find(tensors, name);
    if (!value)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: has no tensor %s", tensors->path, name);
    if (!sg_value_array_of(value, &array) || !has_shape(&array, rank, size)) {
        char text[200];
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: tensor %s is %s, but the network has another shape there",
                       tensors->path, name, sg_value_describe(value, text));
    }
    if (!sg_value_read_floats(value, values))
        return sg_fail(error, SG_ERROR_FORMAT, "%s: tensor %s has numbers that are not read",
                       tensors->path, name);
    return SG_OK;
}
