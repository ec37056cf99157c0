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

/* bf16 is a storage type for weights and activations to come; arithmetic is f32 or f64. */
typedef enum sg_dtype { SG_F32, SG_F64, SG_BF16 } sg_dtype;

typedef struct sg_shape {
    int rank;
    int64_t size[SG_MAX_RANK]; /* outermost first; entries from `rank` on are 1 */
} sg_shape;

/* A copy of a storage's values in another layout (oneDNN's packed weights), valid for one version.
 */
typedef struct sg_packed {
    struct sg_packed *next;
    uint64_t key;     /* which layout, chosen by the kernel that packs */
    uint64_t version; /* of the storage when it was packed */
    void *data;       /* from the pool */
} sg_packed;

typedef struct sg_storage {
    int references;
    sg_context *context;
    void *data;
    size_t bytes;
    uint64_t version;  /* raised by whoever writes into a parameter */
    bool keeps_packed; /* parameters keep packed copies; activations do not */
    sg_packed *packed;
    sg_file_map *mapping;     /* the file that the values lie in, or NULL for values of the pool */
    uint64_t mapping_version; /* as long as `version` is this, the file has the same values */
} sg_storage;

typedef struct sg_node sg_node;

struct sg_tensor {
    int references;
    sg_context *context;
    sg_dtype dtype;
    sg_shape shape;
    sg_storage *storage;
    sg_node *node; /* its place on the tape; NULL when no gradient flows to it */
};

/* Shapes. sg_shape_make takes `rank` sizes as int64_t or int arguments cast to int64_t. */
sg_shape sg_shape_of(int rank, const int64_t *size);
#define SG_SHAPE(...)                                                                              \
    sg_shape_of((int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), (int64_t[]){__VA_ARGS__})
int64_t sg_shape_count(const sg_shape *shape);
bool sg_shape_equal(const sg_shape *a, const sg_shape *b);
/* "[2, 3]" into `text` (at least 128 bytes); returns text. */
char *sg_shape_print(const sg_shape *shape, char *text);

/* Bytes of one element. */
size_t sg_dtype_bytes(sg_dtype dtype);

/* A new tensor owned by the innermost scope, values undefined; NULL (error in the context) on
 * failure. */
sg_tensor *sg_tensor_create(sg_context *context, sg_dtype dtype, sg_shape shape);

/* The same on a storage of the caller's, which is retained; on a new one where it is NULL or too
 * small. */
sg_tensor *sg_tensor_create_on(sg_context *context, sg_dtype dtype, sg_shape shape,
                               sg_storage *storage);

/* The same filled with one value. */
sg_tensor *sg_tensor_full(sg_context *context, sg_dtype dtype, sg_shape shape, double value);

/* The same with values copied from `values`, f32 in the tensor's layout, converted to `dtype`. */
sg_tensor *sg_tensor_from_floats(sg_context *context, sg_dtype dtype, sg_shape shape,
                                 const float *values);

/* A tensor of another shape on the same storage (same number of elements); off the tape. */
sg_tensor *sg_tensor_view(const sg_tensor *tensor, sg_shape shape);

/* The tensor's values without its place on the tape. */
sg_tensor *sg_tensor_detach(const sg_tensor *tensor);

/*
 * Makes the bytes at `data` in a mapped file the values of a tensor, in place of those it has; no
 * other tensor may share its storage. They may be written to, which the file does not notice.
 */
void sg_tensor_map(sg_tensor *tensor, sg_file_map *mapping, void *data);

/* References: retain returns its argument; release accepts NULL. */
sg_tensor *sg_tensor_retain(sg_tensor *tensor);
void sg_tensor_release(sg_tensor *tensor);

/* The values; the caller knows the type. Never NULL for a tensor that exists. */
static inline float *sg_f32(const sg_tensor *tensor)
{
    return (float *)tensor->storage->data;
}
static inline double *sg_f64(const sg_tensor *tensor)
{
    return (double *)tensor->storage->data;
}

/* Element `index` in memory order, whatever the type. */
double sg_tensor_value(const sg_tensor *tensor, int64_t index);
void sg_tensor_set_value(sg_tensor *tensor, int64_t index, double value);

/* Number of elements. */
int64_t sg_tensor_count(const sg_tensor *tensor);

/* Storages: for the tape, which keeps values without their tensors, and for results that take turns
 * in the same memory. Values are undefined; NULL on lack of memory. */
sg_storage *sg_storage_create(sg_context *context, size_t bytes);
sg_storage *sg_storage_retain(sg_storage *storage);
void sg_storage_release(sg_storage *storage);

/* Says that a parameter's values changed: packed copies made from older values are dropped. */
void sg_tensor_touch(sg_tensor *tensor);

/* The packed copy under `key` that fits the present version; NULL when there is none. */
void *sg_storage_find_packed(sg_storage *storage, uint64_t key);

/* Room of `bytes` bytes for a packed copy under `key`, kept with the storage. NULL on failure. */
void *sg_storage_add_packed(sg_storage *storage, uint64_t key, size_t bytes);

/* Gives back the memory of values that their file still has: whoever reads them gets them again. */
void sg_storage_forget(const sg_storage *storage);

/* Drops all packed copies, to save memory. */
void sg_storage_drop_packed(sg_storage *storage);

#endif
