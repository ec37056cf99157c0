/*
 * oneDNN of versions 2 and 3 under one set of names, and calls into it. Version 3 made memory
 * descriptors ("layouts" here) handles, and dropped the descriptors of operations. Included by what
 * a build without oneDNN leaves out only.
 */
#ifndef SG_KERNELS_ONEDNN_ONEDNN_H
#define SG_KERNELS_ONEDNN_ONEDNN_H

#include <oneapi/dnnl/dnnl.h>
#include <stddef.h>
#include <stdint.h>

#include "stylegan.h"

/* A layout that belongs to another object, such as a description, and lives as long. */
#if DNNL_VERSION_MAJOR >= 3
typedef const_dnnl_memory_desc_t sg_onednn_layout_view;
#else
typedef const dnnl_memory_desc_t *sg_onednn_layout_view;
#endif

/* A layout of its own; all zero is none. */
typedef struct sg_onednn_layout {
    dnnl_memory_desc_t value;
} sg_onednn_layout;

/* Makes a layout of floats, which the caller destroys. */
dnnl_status_t sg_onednn_layout_create(int rank, const dnnl_dims_t sizes, dnnl_format_tag_t tag,
                                      sg_onednn_layout *layout);
void sg_onednn_layout_destroy(sg_onednn_layout *layout);

sg_onednn_layout_view sg_onednn_layout_of(const sg_onednn_layout *layout);

/* Continues a hash (base/hash.h) over the layout: equal layouts have equal ones. */
uint64_t sg_onednn_layout_hash(uint64_t hash, sg_onednn_layout_view layout);

/* What a convolution connects, and how; before and after are the padding's sides. */
typedef struct sg_onednn_geometry {
    sg_onednn_layout x, w, y;
    dnnl_dims_t strides, before, after;
} sg_onednn_geometry;

/*
 * Describes a direct convolution of a kind: dnnl_forward_training, dnnl_backward_data or
 * dnnl_backward_weights, the last two with the description of the first as their hint. The caller
 * provides its scratchpad, and destroys the description.
 */
dnnl_status_t sg_onednn_describe_convolution(dnnl_primitive_desc_t *description,
                                             dnnl_engine_t engine, dnnl_prop_kind_t kind,
                                             const sg_onednn_geometry *geometry,
                                             const_dnnl_primitive_desc_t hint);

typedef dnnl_status_t (*sg_onednn_function)(void *job);

/*
 * Calls function(job), which calls oneDNN, of about `work` multiply-adds (sg_team_before_openmp),
 * after a check that `memory` bytes can be had: within oneDNN, lack of memory crashes. Returns
 * SG_ERROR_MEMORY for lack of memory, and SG_ERROR_LIBRARY for other failures and what is thrown.
 * What the function makes, it keeps in the job.
 */
sg_status sg_onednn_call(double work, size_t memory, sg_onednn_function function, void *job);

#endif
