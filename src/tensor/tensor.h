/*
 * Tensors: a shape, an element type and a reference-counted storage, always dense and row-major.
 *
 * Images and activations are held channels-last, [N, H, W, C]; convolution weights [O, I, KH, KW]
 * and linear weights [out, in] as in the official networks.
 */
#ifndef SG_TENSOR_TENSOR_H
#define SG_TENSOR_TENSOR_H

#include "base/files/file_map.h"
#include "tensor/context.h"

#define SG_MAX_RANK 6

/* Element types. bf16 is reserved for storage; arithmetic is f32 or f64. */
typedef enum sg_dtype { SG_F32, SG_F64, SG_BF16 } sg_dtype;

typedef struct sg_shape {
    int rank;
    int64_t size[SG_MAX_RANK]; /* outermost first; entries from `rank` on are 1 */
} sg_shape;

/* A copy of a storage's values in another layout (packed weights), valid for one version. */
typedef struct sg_packed {
    struct sg_packed *next;
    uint64_t key;     /* which layout, chosen by the kernel that packs */
    uint64_t version; /* of the storage when it was packed */
    void *data;       /* from the pool */
} sg_packed;

typedef struct sg_storage {
    int references;
    sg_context *context;
    void *data;  /* NULL in hollow contexts, except for a few kilobytes or less */
    void *block; /* what the pool handed out */
    size_t bytes;
    uint64_t version;  /* raised by sg_tensor_touch */
    bool keeps_packed; /* parameters keep packed copies; activations do not */
    sg_packed *packed;
    sg_file_map *mapping;     /* the file that holds the values; NULL when the pool does */
    uint64_t mapping_version; /* the version whose values the file holds */
} sg_storage;

typedef struct sg_node sg_node;

struct sg_tensor {
    int references;
    sg_context *context;
    sg_dtype dtype;
    sg_shape shape;
    sg_storage *storage;
    sg_node *node; /* on the tape; NULL when no gradient flows to the tensor */
};

/* Returns the shape of `rank` sizes, outermost first; SG_SHAPE(2, 3) takes them as arguments. */
sg_shape sg_shape_of(int rank, const int64_t *size);
#define SG_SHAPE(...)                                                                              \
    sg_shape_of((int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), (int64_t[]){__VA_ARGS__})

/* Returns the number of elements. */
int64_t sg_shape_count(const sg_shape *shape);

/* True if rank and all sizes are equal. */
bool sg_shape_equal(const sg_shape *a, const sg_shape *b);

/* Writes "[2, 3]" into `text`, of at least 128 bytes, and returns text. */
char *sg_shape_print(const sg_shape *shape, char *text);

/* Returns the bytes of one element. */
size_t sg_dtype_bytes(sg_dtype dtype);

/* Creates a tensor owned by the innermost scope, its values undefined; NULL (error in the context)
 * on failure. */
sg_tensor *sg_tensor_create(sg_context *context, sg_dtype dtype, sg_shape shape);

/* Creates a tensor on the caller's storage, which is retained; on a new one if `storage` is NULL or
 * too small. */
sg_tensor *sg_tensor_create_on(sg_context *context, sg_dtype dtype, sg_shape shape,
                               sg_storage *storage);

/* Creates a tensor filled with one value. */
sg_tensor *sg_tensor_full(sg_context *context, sg_dtype dtype, sg_shape shape, double value);

/* Creates a tensor with a copy of `values`, f32 in the tensor's layout, converted to `dtype`. */
sg_tensor *sg_tensor_from_floats(sg_context *context, sg_dtype dtype, sg_shape shape,
                                 const float *values);

/* Returns a tensor of another shape, with as many elements, on the same storage; off the tape. */
sg_tensor *sg_tensor_view(const sg_tensor *tensor, sg_shape shape);

/* Returns a tensor on the same storage, off the tape. */
sg_tensor *sg_tensor_detach(const sg_tensor *tensor);

/*
 * Replaces a tensor's values by the bytes at `data` in a mapped file; no other tensor may share its
 * storage. Writing to them does not change the file.
 */
void sg_tensor_map(sg_tensor *tensor, sg_file_map *mapping, void *data);

/* Adds a reference and returns the tensor; drops one. Both accept NULL. */
sg_tensor *sg_tensor_retain(sg_tensor *tensor);
void sg_tensor_release(sg_tensor *tensor);

/* The values of a tensor whose type the caller knows. */
static inline float *sg_f32(const sg_tensor *tensor)
{
    return (float *)tensor->storage->data;
}
static inline double *sg_f64(const sg_tensor *tensor)
{
    return (double *)tensor->storage->data;
}

/* True if tensors of the context have no values to compute with. */
static inline bool sg_is_hollow(const sg_context *context)
{
    return context->work;
}

/* Reads or writes element `index` in memory order, of f32 or f64. A tensor without values reads as
 * 0. */
double sg_tensor_value(const sg_tensor *tensor, int64_t index);
void sg_tensor_set_value(sg_tensor *tensor, int64_t index, double value);

/* Returns the number of elements. */
int64_t sg_tensor_count(const sg_tensor *tensor);

/*
 * Creates a storage, for results that take turns in the same memory; its values are undefined. NULL
 * on lack of memory. The tape also keeps storages, without their tensors.
 */
sg_storage *sg_storage_create(sg_context *context, size_t bytes);

/* Adds a reference and returns the storage; drops one. Both accept NULL. */
sg_storage *sg_storage_retain(sg_storage *storage);
void sg_storage_release(sg_storage *storage);

/* Must be called after a parameter's values changed: drops packed copies of the old ones. */
void sg_tensor_touch(sg_tensor *tensor);

/* Returns the packed copy under `key` of the present version, or NULL. */
void *sg_storage_find_packed(sg_storage *storage, uint64_t key);

/* Adds `bytes` bytes for a packed copy under `key`, kept with the storage. NULL on failure. */
void *sg_storage_add_packed(sg_storage *storage, uint64_t key, size_t bytes);

/* Gives back the memory of values that the mapped file still holds; reading loads them again. */
void sg_storage_forget(const sg_storage *storage);

/* Drops all packed copies, to save memory. */
void sg_storage_drop_packed(sg_storage *storage);

#endif
