/*
 * Tensors of PyTorch modules by the path of attributes that leads to each, as state_dict() names
 * them: "synthesis.b8.conv0.weight".
 *
 * Small files can share modules and their content without end, so everything visited is counted.
 *
 * Tested by: tests/checkpoint/maps/test_map_official.c
 */
#include "checkpoint/maps/module_tensors.h"

#include <stdio.h>

enum {
    DEEPEST_MODULE = 16,
    MOST_MODULES = 1 << 11,
    MOST_VISITED = 1 << 16, /* tensors and modules */
    MOST_LEFT_OUT = 1000,   /* buffers of one module */
    LONGEST_NAME = 200
};

/* A walk through the modules of one network. */
typedef struct module_walk {
    sg_foreign_tensors *list;
    const char *path; /* of the file */
    int modules;
    size_t visited;
    sg_error *error;
} module_walk;

/* Counts the entries of a dict as visited. */
static sg_status count_entries(module_walk *walk, const sg_value *dict)
{
    size_t count = sg_value_count(dict);
    if (count > MOST_VISITED - walk->visited)
        return sg_fail(walk->error, SG_ERROR_FORMAT, "%s: has more than %d tensors and modules",
                       walk->path, MOST_VISITED);
    walk->visited += count;
    return SG_OK;
}

static bool is_in_set(const sg_value *set, const char *name)
{
    for (size_t i = 0; i < sg_value_count(set) && i < MOST_LEFT_OUT; i++)
        if (sg_value_is_text(sg_value_item(set, i), name))
            return true;
    return false;
}

/* Joins "PREFIX.NAME" of entry `index`; fails for a key that is no name. */
static sg_status join_name(const module_walk *walk, const char *prefix, const sg_value *dict,
                           size_t index, char joined[LONGEST_NAME])
{
    const char *name = sg_value_text(sg_value_key(dict, index));
    int length =
        name ? snprintf(joined, LONGEST_NAME, "%s%s%s", prefix, prefix[0] != '\0' ? "." : "", name)
             : -1;
    if (length < 0 || length >= LONGEST_NAME)
        return sg_fail(walk->error, SG_ERROR_FORMAT,
                       "%s: has something under \"%.100s\" whose key is no name, or too long",
                       walk->path, prefix);
    return SG_OK;
}

static sg_status add_tensors(module_walk *walk, const char *prefix, const sg_value *state,
                             const char *kind)
{
    const sg_value *tensors = sg_value_find(state, kind);
    const sg_value *left_out = sg_value_find(state, "_non_persistent_buffers_set");
    SG_TRY(count_entries(walk, tensors));
    for (size_t i = 0; i < sg_value_count(tensors); i++) {
        char name[LONGEST_NAME];
        const sg_value *tensor = sg_value_item(tensors, i);
        const char *key = sg_value_text(sg_value_key(tensors, i));
        if (sg_value_kind_of(tensor) == SG_VALUE_NONE || (key && is_in_set(left_out, key)))
            continue;
        SG_TRY(join_name(walk, prefix, tensors, i, name));
        if (!sg_foreign_tensors_add(walk->list, "", name, tensor))
            return sg_fail_memory(walk->error, "%s", walk->path);
    }
    return SG_OK;
}

static sg_status walk_module(module_walk *walk, const char *prefix, const sg_value *module,
                             int depth)
{
    const sg_value *state = sg_value_state(module);
    const sg_value *modules = sg_value_find(state, "_modules");
    if (depth > DEEPEST_MODULE || ++walk->modules > MOST_MODULES)
        return sg_fail(walk->error, SG_ERROR_FORMAT,
                       "%s: its modules are nested too deep, or more than %d", walk->path,
                       MOST_MODULES);
    SG_TRY(count_entries(walk, modules));
    SG_TRY(add_tensors(walk, prefix, state, "_parameters"));
    SG_TRY(add_tensors(walk, prefix, state, "_buffers"));
    for (size_t i = 0; i < sg_value_count(modules); i++) {
        char name[LONGEST_NAME];
        SG_TRY(join_name(walk, prefix, modules, i, name));
        SG_TRY(walk_module(walk, name, sg_value_item(modules, i), depth + 1));
    }
    return SG_OK;
}

bool sg_is_module(const sg_value *value)
{
    return sg_value_kind_of(value) >= SG_VALUE_OBJECT &&
           sg_value_kind_of(sg_value_find(sg_value_state(value), "_modules")) == SG_VALUE_DICT;
}

sg_status sg_module_tensors(const sg_value *module, const char *path, sg_foreign_tensors *list,
                            sg_error *error)
{
    module_walk walk = {.list = list, .path = path, .error = error};
    return walk_module(&walk, "", module, 0);
}
