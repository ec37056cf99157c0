/*
 * Safetensors as a tree of values: one dict, whose arrays lie in the file's bytes.
 *
 * Tested by: tests/checkpoint/maps/test_map_state_dicts.c
 */
#include "checkpoint/safetensors/safetensors_tree.h"

#include <errno.h>
#include <string.h>

#include "checkpoint/safetensors/safetensors.h"

/* Makes the array of a tensor, whose header was checked; NULL on lack of memory. */
static sg_value *make_array(sg_value_tree *tree, const sg_array_storage *storage,
                            const sg_stored_tensor *stored)
{
    sg_array *array = sg_tree_allocate(tree, sizeof *array);
    if (!array)
        return NULL;
    *array = (sg_array){.layout = {.type = stored->type, .rank = stored->rank},
                        .storage = storage,
                        .offset = stored->offset};
    memcpy(array->layout.size, stored->size, sizeof stored->size);
    sg_array_set_dense(&array->layout, false);
    return sg_array_check(array, storage->size, tree->size) ? NULL : sg_tree_array(tree, array);
}

static bool append(sg_value_tree *tree, const sg_array_storage *storage,
                   const sg_stored_tensor *stored, sg_value *dict)
{
    sg_value *pair[2] = {
        sg_tree_text(tree, (const unsigned char *)stored->name, strlen(stored->name)),
        make_array(tree, storage, stored)};
    return pair[0] && pair[1] && sg_tree_append(tree, dict, pair, 2);
}

static sg_status read_dict(sg_value_tree *tree, const sg_safetensors *file, sg_value **root,
                           sg_error *error)
{
    sg_array_storage *storage = sg_tree_allocate(tree, sizeof *storage);
    sg_value *dict = storage ? sg_tree_items(tree, SG_VALUE_DICT, NULL, 0) : NULL;
    if (!dict)
        return sg_tree_fail(tree, error);
    *storage = (sg_array_storage){.bytes = tree->bytes, .size = tree->size};
    for (size_t i = 0; i < sg_safetensors_count(file); i++)
        if (!append(tree, storage, sg_safetensors_at(file, i), dict))
            return sg_tree_fail(tree, error);
    *root = dict;
    return SG_OK;
}

sg_status sg_safetensors_read_tree(sg_value_tree *tree, sg_value **root, sg_error *error)
{
    FILE *stream = fmemopen((void *)tree->bytes, tree->size, "rb");
    if (!stream)
        return sg_fail(error, SG_ERROR_FILE, "cannot read %s: %s", tree->path, strerror(errno));
    sg_safetensors *file = NULL;
    sg_status status = sg_safetensors_open_stream(stream, tree->path, &file, error);
    if (!status)
        status = read_dict(tree, file, root, error);
    sg_safetensors_close(file);
    return status;
}
