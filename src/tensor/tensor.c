/* Tensors: views of reference-counted storages, whose values lie in the pool or in a mapped file.
 */
#include "tensor/tensor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "tensor/tape.h"

sg_shape sg_shape_of(int rank, const int64_t *size)
{
    sg_shape shape = {.rank = rank};
    for (int i = 0; i < SG_MAX_RANK; i++)
        shape.size[i] = i < rank ? size[i] : 1;
    return shape;
}

int64_t sg_shape_count(const sg_shape *shape)
{
    int64_t count = 1;
    for (int i = 0; i < shape->rank; i++)
        count *= shape->size[i];
    return count;
}

bool sg_shape_equal(const sg_shape *a, const sg_shape *b)
{
    if (a->rank != b->rank)
        return false;
    for (int i = 0; i < a->rank; i++)
        if (a->size[i] != b->size[i])
            return false;
    return true;
}

char *sg_shape_print(const sg_shape *shape, char *text)
{
    char *end = text;
    end += sprintf(end, "[");
    for (int i = 0; i < shape->rank && i < SG_MAX_RANK; i++)
        end += sprintf(end, "%s%" PRId64, i ? ", " : "", shape->size[i]);
    sprintf(end, "]");
    return text;
}

size_t sg_dtype_bytes(sg_dtype dtype)
{
    switch (dtype) {
    case SG_F64:
        return 8;
    case SG_BF16:
        return 2;
    default:
        return 4;
    }
}

/* Computes the bytes of a tensor; false on too many dimensions, a negative size or overflow. */
static bool tensor_bytes(sg_dtype dtype, const sg_shape *shape, size_t *bytes)
{
    if (shape->rank > SG_MAX_RANK)
        return false;
    *bytes = sg_dtype_bytes(dtype);
    for (int i = 0; i < shape->rank; i++)
        if (shape->size[i] < 0 || !sg_size_multiply(*bytes, (size_t)shape->size[i], bytes))
            return false;
    return *bytes <= PTRDIFF_MAX;
}

/* Scalars, filters and levels of detail decide what is computed, so they have values everywhere. */
enum { ALWAYS_REAL = 4096 };

/* Frees the values that a storage has in a hollow context. */
static void release_small(sg_storage *storage)
{
    if (sg_is_hollow(storage->context))
        free(storage->data);
}

/* Gives a storage its values: those of the pool's block, or zeros of its own in a hollow context.
 */
static bool place_values(sg_storage *storage)
{
    if (!sg_is_hollow(storage->context))
        storage->data = storage->block;
    else if (storage->bytes <= ALWAYS_REAL)
        storage->data = sg_allocate(storage->bytes + 1, 1);
    else
        return true;
    return storage->data;
}

sg_storage *sg_storage_create(sg_context *context, size_t bytes)
{
    sg_storage *storage = sg_allocate(1, sizeof *storage);
    if (!storage)
        return NULL;
    storage->context = context;
    storage->bytes = bytes;
    storage->block = sg_pool_allocate(context->pool, bytes ? bytes : 1);
    if (!storage->block || !place_values(storage)) {
        sg_pool_release(context->pool, storage->block);
        free(storage);
        return NULL;
    }
    storage->references = 1;
    return storage;
}

sg_storage *sg_storage_retain(sg_storage *storage)
{
    if (storage)
        storage->references++;
    return storage;
}

static void release_values(sg_storage *storage)
{
    if (storage->mapping)
        sg_file_map_release(storage->mapping);
    else
        release_small(storage);
    sg_pool_release(storage->context->pool, storage->block);
    storage->block = NULL;
}

void sg_storage_release(sg_storage *storage)
{
    if (!storage || --storage->references > 0)
        return;
    sg_storage_drop_packed(storage);
    release_values(storage);
    free(storage);
}

/* Takes over the caller's reference to `storage`. */
static sg_tensor *tensor_on(sg_context *context, sg_dtype dtype, sg_shape shape,
                            sg_storage *storage)
{
    sg_tensor *tensor = sg_allocate(1, sizeof *tensor);
    if (!tensor) {
        sg_storage_release(storage);
        return sg_context_fail_memory(context, "a tensor");
    }
    tensor->references = 1;
    tensor->context = context;
    tensor->dtype = dtype;
    tensor->shape = shape;
    tensor->storage = storage;
    return sg_scope_own(context, tensor);
}

sg_tensor *sg_tensor_create(sg_context *context, sg_dtype dtype, sg_shape shape)
{
    return sg_tensor_create_on(context, dtype, shape, NULL);
}

sg_tensor *sg_tensor_create_on(sg_context *context, sg_dtype dtype, sg_shape shape,
                               sg_storage *storage)
{
    size_t bytes;
    char text[160];
    if (!tensor_bytes(dtype, &shape, &bytes))
        return sg_context_fail(context, SG_ERROR_SHAPE, "a tensor cannot have the shape %s",
                               sg_shape_print(&shape, text));
    bool fits = storage && storage->bytes >= bytes;
    storage = fits ? sg_storage_retain(storage) : sg_storage_create(context, bytes);
    if (!storage)
        return sg_context_fail_memory(context, "a tensor of shape %s, which needs %zu more bytes",
                                      sg_shape_print(&shape, text), bytes);
    return tensor_on(context, dtype, shape, storage);
}

sg_tensor *sg_tensor_full(sg_context *context, sg_dtype dtype, sg_shape shape, double value)
{
    sg_tensor *tensor = sg_tensor_create(context, dtype, shape);
    if (!tensor)
        return NULL;
    const int64_t count = tensor->storage->data ? sg_tensor_count(tensor) : 0;
    for (int64_t i = 0; i < count; i++)
        sg_tensor_set_value(tensor, i, value);
    return tensor;
}

sg_tensor *sg_tensor_from_floats(sg_context *context, sg_dtype dtype, sg_shape shape,
                                 const float *values)
{
    sg_tensor *tensor = sg_tensor_create(context, dtype, shape);
    if (!tensor)
        return NULL;
    const int64_t count = sg_is_hollow(context) ? 0 : sg_tensor_count(tensor);
    if (dtype == SG_F32)
        memcpy(sg_f32(tensor), values, (size_t)count * sizeof(float));
    else
        for (int64_t i = 0; i < count; i++)
            sg_tensor_set_value(tensor, i, values[i]);
    return tensor;
}

sg_tensor *sg_tensor_view(const sg_tensor *tensor, sg_shape shape)
{
    if (!tensor)
        return NULL;
    size_t bytes;
    if (!tensor_bytes(tensor->dtype, &shape, &bytes) ||
        sg_shape_count(&shape) != sg_tensor_count(tensor)) {
        char from[160];
        char to[160];
        return sg_context_fail(tensor->context, SG_ERROR_SHAPE,
                               "a tensor of shape %s cannot be seen as %s",
                               sg_shape_print(&tensor->shape, from), sg_shape_print(&shape, to));
    }
    return tensor_on(tensor->context, tensor->dtype, shape, sg_storage_retain(tensor->storage));
}

sg_tensor *sg_tensor_detach(const sg_tensor *tensor)
{
    return tensor ? sg_tensor_view(tensor, tensor->shape) : NULL;
}

sg_tensor *sg_tensor_retain(sg_tensor *tensor)
{
    if (tensor)
        tensor->references++;
    return tensor;
}

void sg_tensor_release(sg_tensor *tensor)
{
    if (!tensor || --tensor->references > 0)
        return;
    sg_storage_release(tensor->storage);
    sg_node_release(tensor->node);
    free(tensor);
}

double sg_tensor_value(const sg_tensor *tensor, int64_t index)
{
    if (!tensor->storage->data)
        return 0;
    return tensor->dtype == SG_F64 ? sg_f64(tensor)[index] : (double)sg_f32(tensor)[index];
}

void sg_tensor_set_value(sg_tensor *tensor, int64_t index, double value)
{
    if (!tensor->storage->data)
        return;
    if (tensor->dtype == SG_F64)
        sg_f64(tensor)[index] = value;
    else
        sg_f32(tensor)[index] = (float)value;
}

int64_t sg_tensor_count(const sg_tensor *tensor)
{
    return sg_shape_count(&tensor->shape);
}

void sg_tensor_touch(sg_tensor *tensor)
{
    tensor->storage->version++;
    sg_storage_drop_packed(tensor->storage);
}

void sg_tensor_map(sg_tensor *tensor, sg_file_map *mapping, void *data)
{
    sg_storage *storage = tensor->storage;
    sg_file_map_retain(mapping);
    release_values(storage);
    storage->mapping = mapping;
    storage->data = data;
    sg_tensor_touch(tensor);
    storage->mapping_version = storage->version;
}

void sg_storage_forget(const sg_storage *storage)
{
    if (storage->mapping && storage->version == storage->mapping_version)
        sg_file_map_discard(storage->mapping, storage->data, storage->bytes);
}

void *sg_storage_find_packed(sg_storage *storage, uint64_t key)
{
    for (sg_packed *packed = storage->packed; packed; packed = packed->next)
        if (packed->key == key && packed->version == storage->version)
            return packed->data;
    return NULL;
}

void *sg_storage_add_packed(sg_storage *storage, uint64_t key, size_t bytes)
{
    sg_packed *packed = sg_allocate(1, sizeof *packed);
    void *data = packed ? sg_pool_allocate(storage->context->pool, bytes) : NULL;
    if (!data) {
        free(packed);
        return NULL;
    }
    *packed = (sg_packed){storage->packed, key, storage->version, data};
    storage->packed = packed;
    return data;
}

void sg_storage_drop_packed(sg_storage *storage)
{
    while (storage->packed) {
        sg_packed *packed = storage->packed;
        storage->packed = packed->next;
        sg_pool_release(storage->context->pool, packed->data);
        free(packed);
    }
}
