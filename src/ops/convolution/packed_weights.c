/* Packed weights: kept with the storage of a parameter, temporary for other tensors. */
#include "ops/convolution/packed_weights.h"

#include "ops/check.h"

const void *sg_packed_weights(const sg_tensor *w, uint64_t key, size_t bytes, sg_pack_function pack,
                              const void *job, double gain, void **temporary)
{
    sg_storage *storage = w->storage;
    void *packed = storage->keeps_packed ? sg_storage_find_packed(storage, key) : NULL;
    if (packed)
        return packed;
    if (storage->keeps_packed)
        packed = sg_storage_add_packed(storage, key, bytes);
    else
        packed = *temporary = sg_pool_allocate(w->context->pool, bytes);
    if (packed && sg_is_hollow(w->context))
        return packed;
    const sg_status status = packed ? pack(job, gain, sg_f32(w), packed) : SG_ERROR_MEMORY;
    if (!status) {
        sg_storage_forget(storage);
        return packed;
    }
    sg_kernel_failed("packing of weights", w->context, status);
    sg_storage_drop_packed(storage); /* so that no half copy is found the next time */
    return NULL;
}
