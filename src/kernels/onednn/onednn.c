/*
 * What differs between versions of oneDNN, and the way into it.
 * Tested by: tests/kernels/convolution/test_convolution.c
 */
#include "kernels/onednn/onednn.h"

#include <stdbool.h>
#include <sys/mman.h>

#include "base/hash.h"
#include "base/threads/thread_team.h"
#include "kernels/onednn/guard.h"

/* Makes attributes that leave the scratchpad to the caller. */
static dnnl_status_t make_attributes(dnnl_primitive_attr_t *attributes)
{
    const dnnl_status_t status = dnnl_primitive_attr_create(attributes);
    return status == dnnl_success
               ? dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user)
               : status;
}

#if DNNL_VERSION_MAJOR >= 3

dnnl_status_t sg_onednn_layout_create(int rank, const dnnl_dims_t sizes, dnnl_format_tag_t tag,
                                      sg_onednn_layout *layout)
{
    return dnnl_memory_desc_create_with_tag(&layout->value, rank, sizes, dnnl_f32, tag);
}

void sg_onednn_layout_destroy(sg_onednn_layout *layout)
{
    dnnl_memory_desc_destroy(layout->value);
    layout->value = NULL;
}

sg_onednn_layout_view sg_onednn_layout_of(const sg_onednn_layout *layout)
{
    return layout->value;
}

uint64_t sg_onednn_layout_hash(uint64_t hash, sg_onednn_layout_view layout)
{
    uint8_t blob[4096];
    size_t bytes = 0;
    /* The first call asks for the size. */
    if (dnnl_memory_desc_get_blob(NULL, &bytes, layout) != dnnl_success || bytes > sizeof blob ||
        dnnl_memory_desc_get_blob(blob, &bytes, layout) != dnnl_success)
        return sg_hash_bytes(hash, &layout, sizeof layout); /* shared with no other */
    return sg_hash_bytes(hash, blob, bytes);
}

static dnnl_status_t describe(dnnl_primitive_desc_t *description, dnnl_engine_t engine,
                              dnnl_prop_kind_t kind, const sg_onednn_geometry *g,
                              const_dnnl_primitive_desc_t hint,
                              const_dnnl_primitive_attr_t attributes)
{
    static const dnnl_dims_t gaps = {0, 0};
    if (kind == dnnl_backward_data)
        return dnnl_convolution_backward_data_primitive_desc_create(
            description, engine, dnnl_convolution_direct, g->x.value, g->w.value, g->y.value,
            g->strides, gaps, g->before, g->after, hint, attributes);
    if (kind == dnnl_backward_weights)
        return dnnl_convolution_backward_weights_primitive_desc_create(
            description, engine, dnnl_convolution_direct, g->x.value, g->w.value, NULL, g->y.value,
            g->strides, gaps, g->before, g->after, hint, attributes);
    return dnnl_convolution_forward_primitive_desc_create(
        description, engine, kind, dnnl_convolution_direct, g->x.value, g->w.value, NULL,
        g->y.value, g->strides, gaps, g->before, g->after, attributes);
}

#else

dnnl_status_t sg_onednn_layout_create(int rank, const dnnl_dims_t sizes, dnnl_format_tag_t tag,
                                      sg_onednn_layout *layout)
{
    return dnnl_memory_desc_init_by_tag(&layout->value, rank, sizes, dnnl_f32, tag);
}

void sg_onednn_layout_destroy(sg_onednn_layout *layout)
{
    (void)layout;
}

sg_onednn_layout_view sg_onednn_layout_of(const sg_onednn_layout *layout)
{
    return &layout->value;
}

uint64_t sg_onednn_layout_hash(uint64_t hash, sg_onednn_layout_view layout)
{
    return sg_hash_bytes(hash, layout, sizeof *layout);
}

static dnnl_status_t describe(dnnl_primitive_desc_t *description, dnnl_engine_t engine,
                              dnnl_prop_kind_t kind, const sg_onednn_geometry *g,
                              const_dnnl_primitive_desc_t hint,
                              const_dnnl_primitive_attr_t attributes)
{
    dnnl_convolution_desc_t operation;
    dnnl_status_t status;
    if (kind == dnnl_backward_data)
        status = dnnl_convolution_backward_data_desc_init(&operation, dnnl_convolution_direct,
                                                          &g->x.value, &g->w.value, &g->y.value,
                                                          g->strides, g->before, g->after);
    else if (kind == dnnl_backward_weights)
        status = dnnl_convolution_backward_weights_desc_init(
            &operation, dnnl_convolution_direct, &g->x.value, &g->w.value, NULL, &g->y.value,
            g->strides, g->before, g->after);
    else
        status = dnnl_convolution_forward_desc_init(&operation, kind, dnnl_convolution_direct,
                                                    &g->x.value, &g->w.value, NULL, &g->y.value,
                                                    g->strides, g->before, g->after);
    return status == dnnl_success
               ? dnnl_primitive_desc_create(description, &operation, attributes, engine, hint)
               : status;
}

#endif

dnnl_status_t sg_onednn_describe_convolution(dnnl_primitive_desc_t *description,
                                             dnnl_engine_t engine, dnnl_prop_kind_t kind,
                                             const sg_onednn_geometry *geometry,
                                             const_dnnl_primitive_desc_t hint)
{
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_status_t status = make_attributes(&attributes);
    if (status == dnnl_success)
        status = describe(description, engine, kind, geometry, hint, attributes);
    dnnl_primitive_attr_destroy(attributes);
    return status;
}

typedef struct call {
    sg_onednn_function function;
    void *job;
} call;

static sg_status answer(void *argument)
{
    const call *asked = argument;
    const dnnl_status_t status = asked->function(asked->job);
    return status == dnnl_success         ? SG_OK
           : status == dnnl_out_of_memory ? SG_ERROR_MEMORY
                                          : SG_ERROR_LIBRARY;
}

/* Asks the system, as oneDNN does for generated code: the heap may have room where nothing else is.
 */
static bool can_have(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory != MAP_FAILED && munmap(memory, bytes) == 0;
}

sg_status sg_onednn_call(double work, size_t memory, sg_onednn_function function, void *job)
{
    call asked = {function, job};
    if (memory > 0 && !can_have(memory))
        return SG_ERROR_MEMORY;
    const int before = sg_team_before_openmp(work);
    const sg_status status = sg_guarded_call(answer, &asked);
    sg_team_after_openmp(before);
    return status;
}
