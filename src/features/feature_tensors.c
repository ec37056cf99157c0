/*
 * Lists the tensors of a file by their names. The tree of a foreign file is a graph of any unfolded
 * size, so depth and visits are bounded.
 */
#include "features/feature_tensors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/random.h"
#include "base/text.h"
#include "checkpoint/document.h"
#include "checkpoint/maps/foreign_tensors.h"
#include "checkpoint/maps/module_tensors.h"

enum { DEEPEST = 16, MOST_VISITS = 1 << 12, MOST_ENTRIES = 1 << 12, LONGEST_NAME = 250 };

struct sg_feature_tensors {
    bool random; /* of no file */
    char *path;
    sg_document *document;
    sg_document *archive; /* within the document's bytes; NULL: none */
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

/* Returns a name without the wrappers that programs put around a network's tensors. */
static const char *bare_name(const char *name)
{
    static const char *const wrappers[] = {"state_dict.", "model_state_dict.", "model.", "module."};
    for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
        if (sg_has_prefix(name, wrappers[i]))
            return bare_name(name + strlen(wrappers[i]));
    return name;
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
        return sg_foreign_tensors_add(&tensors->list, "", bare_name(prefix), value)
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

static sg_status list_tensors(sg_feature_tensors *tensors, const sg_document *document,
                              sg_error *error)
{
    tensor_walk walk = {.tensors = tensors, .error = error};
    return visit(&walk, "", sg_document_root(document), 0);
}

/* ---- archives within a file ---- */

/* Returns the first bytes that are a zip archive, or NULL. */
static const unsigned char *find_archive(const sg_value *value, int depth, int *visits,
                                         size_t *size)
{
    static const char magic[] = "PK\3\4";
    const unsigned char *found = NULL;
    if (depth > DEEPEST || ++*visits > MOST_VISITS)
        return NULL;
    if (sg_value_kind_of(value) == SG_VALUE_BYTES) {
        found = sg_value_bytes(value, size);
        return found && *size > sizeof magic && memcmp(found, magic, sizeof magic - 1) == 0 ? found
                                                                                            : NULL;
    }
    const sg_value *const inner[] = {value, sg_value_state(value), sg_value_arguments(value)};
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++)
        for (size_t j = 0; j < sg_value_count(inner[i]) && j < MOST_ENTRIES && !found; j++)
            found = find_archive(sg_value_item(inner[i], j), depth + 1, visits, size);
    return found;
}

/* Lists the tensors of a program of TorchScript within the bytes of a pickle. */
static sg_status list_archive(sg_feature_tensors *tensors, sg_error *error)
{
    int visits = 0;
    size_t size = 0;
    const unsigned char *bytes =
        find_archive(sg_document_root(tensors->document), 0, &visits, &size);
    if (!bytes)
        return SG_OK;
    SG_TRY(sg_document_open_bytes(bytes, size, tensors->path, &tensors->archive, error));
    return list_tensors(tensors, tensors->archive, error);
}

sg_status sg_feature_tensors_open(const char *path, sg_feature_tensors **tensors, sg_error *error)
{
    *tensors = NULL;
    sg_feature_tensors *opened = sg_allocate(1, sizeof *opened);
    if (opened)
        opened->path = sg_duplicate_text(path);
    sg_status status = !opened || !opened->path ? sg_fail_memory(error, "%s", path) : SG_OK;
    if (!status)
        status = sg_document_open(path, &opened->document, error);
    if (!status)
        status = list_tensors(opened, opened->document, error);
    if (!status && opened->list.count == 0)
        status = list_archive(opened, error);
    if (status)
        sg_feature_tensors_close(opened);
    else
        *tensors = opened;
    return status;
}

void sg_feature_tensors_close(sg_feature_tensors *tensors)
{
    if (!tensors)
        return;
    sg_foreign_tensors_clear(&tensors->list);
    sg_document_close(tensors->archive);
    sg_document_close(tensors->document);
    free(tensors->path);
    free(tensors);
}

const char *sg_feature_tensors_path(const sg_feature_tensors *tensors)
{
    return tensors->path;
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

/* Fails with both shapes. */
static sg_status fail_shape(const sg_feature_tensors *tensors, const char *name,
                            const sg_value *value, int rank, const int64_t *size, sg_error *error)
{
    char found[200];
    char expected[100] = "";
    for (int i = 0, length = 0; i < rank && length < (int)sizeof expected; i++)
        length += snprintf(expected + length, sizeof expected - (size_t)length, "%s%lld",
                           i > 0 ? ", " : "", (long long)size[i]);
    return sg_fail(error, SG_ERROR_FORMAT, "%s: tensor %s is %s, but must have the shape [%s]",
                   tensors->path, name, sg_value_describe(value, found), expected);
}

/* ---- random tensors ---- */

sg_feature_tensors *sg_feature_tensors_random(void)
{
    sg_feature_tensors *tensors = sg_allocate(1, sizeof *tensors);
    if (!tensors)
        return NULL;
    tensors->random = true;
    tensors->path = sg_duplicate_text("random weights");
    if (tensors->path)
        return tensors;
    free(tensors);
    return NULL;
}

bool sg_feature_tensors_are_random(const sg_feature_tensors *tensors)
{
    return tensors->random;
}

/* Fills weights for rectified inputs (He et al. 2015), variances around 1, and small numbers. */
static void fill_random(const char *name, int rank, const int64_t *size, float *values)
{
    int64_t count = 1;
    int64_t fan_in = 1;
    for (int i = 0; i < rank; i++)
        count *= size[i];
    for (int i = 1; i < rank; i++)
        fan_in *= size[i];
    sg_random random = sg_random_stream(0, (uint64_t)count);
    const bool variance = sg_has_suffix(name, "var") || sg_has_suffix(name, "bn.weight");
    const double range = rank > 1 ? sqrt(6.0 / (double)fan_in) : 0.1;
    for (int64_t i = 0; i < count; i++)
        values[i] = (float)((variance ? 1 : 0) + range * (2 * sg_random_uniform(&random) - 1));
}

sg_status sg_feature_tensors_check(const sg_feature_tensors *tensors, const char *name, int rank,
                                   const int64_t *size, sg_error *error)
{
    sg_value_array array;
    const sg_value *value = sg_feature_tensors_find(tensors, name);
    if (tensors->random)
        return SG_OK;
    if (!value)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: has no tensor %s", tensors->path, name);
    if (!sg_value_array_of(value, &array) || !has_shape(&array, rank, size))
        return fail_shape(tensors, name, value, rank, size, error);
    return SG_OK;
}

sg_status sg_feature_tensors_read(const sg_feature_tensors *tensors, const char *name, int rank,
                                  const int64_t *size, float *values, sg_error *error)
{
    if (tensors->random) {
        fill_random(name, rank, size, values);
        return SG_OK;
    }
    SG_TRY(sg_feature_tensors_check(tensors, name, rank, size, error));
    if (!sg_value_read_floats(sg_feature_tensors_find(tensors, name), values))
        return sg_fail(error, SG_ERROR_FORMAT, "%s: tensor %s has numbers that are not read",
                       tensors->path, name);
    return SG_OK;
}
