/*
 * From arrays to sets of w: shapes, copies for every input, and the search in trees of values.
 *
 * Tested by: tests/checkpoint/latents/test_w_file.c
 */
#include "checkpoint/latents/w_gathering.h"

#include <math.h>
#include <string.h>

#include "base/allocate.h"

#define LARGEST_SET ((size_t)1 << 30) /* bytes */

const char *const sg_w_names[] = {
    "w",        "ws",          "w_plus",       "wplus",       "w+",    "wp",
    "latent",   "latents",     "dlatent",      "dlatents",    "codes", "w_pivot",
    "latent_w", "latent_code", "latent_codes", "projected_w",
};
const size_t sg_w_name_count = sizeof sg_w_names / sizeof sg_w_names[0];

/* ---- arrays ---- */

/* An array's axes from the one that counts w on, three at most. */
typedef struct w_shape {
    size_t count;  /* w */
    size_t inputs; /* that each has a value for: num_ws, or 1 for all of them; 0: it is no w */
    bool whole;    /* [num_ws, w_dim] */
} w_shape;

static w_shape shape_of(const sg_w_set *set, int rank, const int64_t *size)
{
    for (; rank > 3 && size[0] == 1; rank--)
        size++;
    if (rank < 1 || rank > 3 || (uint64_t)size[rank - 1] != set->w_dim)
        return (w_shape){0};
    if (rank == 1)
        return (w_shape){1, 1, false};
    const size_t first = (size_t)size[0];
    if (rank == 2)
        return first == set->num_ws ? (w_shape){1, first, first > 1} : (w_shape){first, 1, false};
    const size_t inputs = (size_t)size[1];
    return (w_shape){first, inputs == set->num_ws || inputs == 1 ? inputs : 0, false};
}

sg_status sg_w_check_shape(const sg_w_gathering *to, const char *name, const sg_numpy_array *array,
                           sg_error *error)
{
    char text[200];
    const size_t num_ws = to->set->num_ws;
    const size_t w_dim = to->set->w_dim;
    const w_shape shape = shape_of(to->set, array->rank, array->size);
    if (shape.inputs > 0 && shape.count > 0)
        return SG_OK;
    return sg_fail(error, SG_ERROR_FORMAT,
                   "%s: the array%s%.100s%s has the shape %s, but w of this network are (N, %zu, "
                   "%zu), (%zu, %zu) for one, or (N, %zu) for the same in all its inputs",
                   to->path, name ? " \"" : "", name ? name : "", name ? "\"" : "",
                   sg_numpy_shape_print(array, text), num_ws, w_dim, num_ws, w_dim, w_dim);
}

/* Makes room for more w. */
static sg_status reserve(sg_w_gathering *to, size_t count, sg_error *error)
{
    sg_w_set *set = to->set;
    const size_t width = set->num_ws * set->w_dim * sizeof *set->values;
    size_t needed = 0;
    if (width == 0 || !sg_size_add(set->count, count, &needed) || needed > LARGEST_SET / width)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: %zu w for %zu inputs each are more than the %zu bytes that are read",
                       to->path, needed, set->num_ws, LARGEST_SET);
    float *values = sg_reallocate(set->values, needed, width);
    if (!values)
        return sg_fail_memory(error, "the w in %s", to->path);
    set->values = values;
    return SG_OK;
}

sg_status sg_w_gather(sg_w_gathering *to, const sg_numpy_array *array, sg_error *error)
{
    sg_w_set *set = to->set;
    const w_shape shape = shape_of(set, array->rank, array->size);
    const size_t values = shape.count * shape.inputs * set->w_dim;
    for (size_t i = 0; i < values; i++)
        if (!isfinite(array->values[i]))
            return sg_fail(error, SG_ERROR_FORMAT, "%s: number %zu of the array is %g", to->path, i,
                           (double)array->values[i]);
    SG_TRY(reserve(to, shape.count, error));
    const size_t copies = shape.inputs > 0 ? set->num_ws / shape.inputs : 0;
    float *at = set->values + set->count * set->num_ws * set->w_dim;
    for (size_t i = 0; i < values / set->w_dim; i++)
        for (size_t copy = 0; copy < copies; copy++, at += set->w_dim)
            memcpy(at, array->values + i * set->w_dim, set->w_dim * sizeof *at);
    set->count += shape.count;
    set->taken_whole = set->taken_whole || shape.whole;
    return SG_OK;
}

/* ---- trees of values ---- */

/* Trees may share their branches without end, so everything visited is counted. */
enum { DEEPEST = 6, MOST_VISITED = 1 << 16 };

typedef struct tree_walk {
    sg_w_gathering *to;
    size_t visited;
    sg_error *error;
} tree_walk;

static sg_status visit(tree_walk *walk, const sg_value *value, const char *name, int depth);

static sg_status add_array(tree_walk *walk, const sg_value *value, const char *name)
{
    sg_value_array layout;
    sg_numpy_array array = {0};
    if (!sg_value_array_of(value, &layout) || layout.rank == 0)
        return SG_OK; /* a number beside the w, such as a loss */
    array.rank = layout.rank;
    memcpy(array.size, layout.size, sizeof array.size);
    SG_TRY(sg_w_check_shape(walk->to, name, &array, walk->error));
    if (layout.count > walk->to->budget)
        return sg_fail(walk->error, SG_ERROR_FORMAT,
                       "%s: its arrays have more values than the file has room for",
                       walk->to->path);
    walk->to->budget -= layout.count;
    array.values = sg_allocate(layout.count + 1, sizeof *array.values);
    if (!array.values)
        return sg_fail_memory(walk->error, "the w in %s", walk->to->path);
    sg_status status = SG_OK;
    if (sg_value_read_floats(value, array.values))
        status = sg_w_gather(walk->to, &array, walk->error);
    sg_numpy_array_clear(&array);
    return status;
}

/* True for a list of `count` arrays of this rank. */
static bool is_list_of(const sg_value *list, size_t count, int rank)
{
    sg_value_array layout;
    for (size_t i = 0; i < sg_value_count(list); i++)
        if (!sg_value_array_of(sg_value_item(list, i), &layout) || layout.rank != rank)
            return false;
    return sg_value_count(list) == count;
}

/* A list of w_dim numbers for every input, each in an array, is one w. */
static sg_status add_inputs(tree_walk *walk, const sg_value *list)
{
    sg_w_set *set = walk->to->set;
    const size_t before = set->count;
    for (size_t i = 0; i < set->num_ws; i++) {
        SG_TRY(add_array(walk, sg_value_item(list, i), NULL));
        memmove(set->values + (before * set->num_ws + i) * set->w_dim,
                set->values + (before + (i > 0 ? 1 : 0)) * set->num_ws * set->w_dim,
                set->w_dim * sizeof *set->values);
        set->count = before + 1;
    }
    set->taken_whole = set->taken_whole || set->num_ws > 1;
    return SG_OK;
}

static sg_status visit_items(tree_walk *walk, const sg_value *list, int depth)
{
    if (sg_value_kind_of(list) != SG_VALUE_DICT && is_list_of(list, walk->to->set->num_ws, 1))
        return add_inputs(walk, list);
    for (size_t i = 0; i < sg_value_count(list); i++)
        SG_TRY(
            visit(walk, sg_value_item(list, i), sg_value_text(sg_value_key(list, i)), depth + 1));
    return SG_OK;
}

/* Returns the value of a dict under a usual name; NULL without one. */
static const sg_value *find_named(const sg_value *dict, const char **name)
{
    const sg_value *found = NULL;
    for (size_t i = 0; !found && i < sg_w_name_count; i++) {
        *name = sg_w_names[i];
        found = sg_value_find(dict, *name);
    }
    return found;
}

static sg_status visit(tree_walk *walk, const sg_value *value, const char *name, int depth)
{
    const char *usual = NULL;
    const sg_value *named = NULL;
    if (depth > DEEPEST || ++walk->visited > MOST_VISITED)
        return sg_fail(walk->error, SG_ERROR_FORMAT,
                       "%s: its lists and dicts are nested more than %d deep, or hold more than %d "
                       "values",
                       walk->to->path, DEEPEST, MOST_VISITED);
    switch (sg_value_kind_of(value)) {
    case SG_VALUE_ARRAY:
        return add_array(walk, value, name);
    case SG_VALUE_DICT:
        named = find_named(value, &usual);
        return named ? visit(walk, named, usual, depth + 1) : visit_items(walk, value, depth);
    case SG_VALUE_LIST:
    case SG_VALUE_TUPLE:
        return visit_items(walk, value, depth);
    case SG_VALUE_INERT: {
        /* NumPy's array of objects; its state is (version, shape, type, order, items). */
        const char *class_name = sg_value_class(value);
        const bool objects = class_name && strcmp(class_name, "numpy.ndarray") == 0;
        return objects ? visit(walk, sg_value_item(sg_value_state(value), 4), name, depth + 1)
                       : SG_OK;
    }
    default:
        return SG_OK;
    }
}

sg_status sg_w_gather_values(sg_w_gathering *to, const sg_value *root, sg_error *error)
{
    char text[200];
    tree_walk walk = {.to = to, .error = error};
    SG_TRY(visit(&walk, root, NULL, 0));
    if (to->set->count == 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s holds no w: it is %s; w are arrays, alone, in lists, or in dicts under "
                       "\"w\", \"latent\" and the like",
                       to->path, sg_value_describe(root, text));
    return SG_OK;
}
