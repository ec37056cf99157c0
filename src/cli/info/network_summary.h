/* What a network consists of, layer by layer, for `info`. */
#ifndef SG_CLI_INFO_NETWORK_SUMMARY_H
#define SG_CLI_INFO_NETWORK_SUMMARY_H

#include <cjson/cJSON.h>

#include "checkpoint/network/network_file.h"
#include "models/network_cost.h"

/* A tensor of a layer. */
typedef struct sg_tensor_summary {
    char name[SG_PARAMETER_NAME_BYTES]; /* within the layer: "affine.weight" */
    sg_shape shape;
    bool buffer; /* not trained */
} sg_tensor_summary;

/* Consecutive tensors under one prefix. */
typedef struct sg_layer_summary {
    char name[SG_PARAMETER_NAME_BYTES]; /* "synthesis.b8.conv0" */
    size_t first, count;                /* which of the network's tensors */
    int64_t parameters, buffers;        /* values in trained tensors, and in the others */
    int output_rank; /* 3: [channels, height, width], 1: [features], 0: unknown */
    int64_t output[3];
} sg_layer_summary;

/* A network of a file. */
typedef struct sg_network_summary {
    sg_network_part part;
    sg_error error; /* why it cannot be built; there is then nothing of what follows */
    cJSON *config;  /* the official init_kwargs */
    int64_t height, width, channels; /* of the pictures */
    sg_discriminator_output output;  /* of D: a classifier's classes or attributes */
    int classes;                     /* of a generator or a classifier */
    /* Of a generator. */
    int z_dim, w_dim, mapping_layers, resolution;
    int num_ws; /* inputs of the synthesis network, what `mix --styles` counts; 0: a discriminator
                 */
    sg_encoder_config encoder; /* of E */
    sg_mapper_config mapper;   /* of M */
    int *styles;               /* [num_ws]: the resolution of each, of img_resolution */
    sg_tensor_summary *tensors;
    size_t tensor_count;
    sg_layer_summary *layers;
    size_t layer_count;
    int64_t parameters, buffers; /* values of all layers */
    sg_network_cost cost;        /* of one picture; all 0: unknown */
} sg_network_summary;

/*
 * Builds the part, which the file has, in a hollow context and describes it; the caller clears the
 * summary. A part that cannot be built is described by summary->error.
 */
void sg_network_summarize(const sg_network_file *file, sg_network_part part, sg_context *context,
                          sg_network_summary *summary);

/* Frees what the summary holds. */
void sg_network_summary_clear(sg_network_summary *summary);

/*
 * Prints the file, of that many bytes, and its networks to standard output, for people: in short,
 * or with configs, layers and tensors.
 */
void sg_info_print_text(const sg_network_file *file, uint64_t bytes,
                        const sg_network_summary *summaries, size_t count, bool layers);

/*
 * Prints all as one JSON object: "file", "format", "dialect" (null for the native format), "bytes",
 * "kimg" (of the training; null when unknown), "metadata", "ignored" and "networks", an object with
 * an entry per network: "family", "init_kwargs", "num_ws" and "style_resolutions" (of generators),
 * "class_names" and "accuracy" (of classifiers, null where
 * unknown), "w_avg_estimated" (whether the file has no average of w), "parameters", "buffers",
 * "memory_bytes" and "multiply_adds" (of a pass for one picture) and "layers" (each with "name",
 * "parameters", "buffers", "output" and "tensors"). A network that cannot be built has "error", and
 * "init_kwargs" when its family is known. Fails with SG_ERROR_MEMORY.
 */
sg_status sg_info_print_json(const sg_network_file *file, uint64_t bytes,
                             const sg_network_summary *summaries, size_t count, sg_error *error);

/* Prints a report, which it takes, if it is `whole`. Fails with SG_ERROR_MEMORY otherwise. */
sg_status sg_info_put_json(cJSON *report, bool whole, sg_error *error);

#endif
