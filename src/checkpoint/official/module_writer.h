/* A network as a tree of PyTorch's modules, being written to a pickle. */
#ifndef SG_CHECKPOINT_OFFICIAL_MODULE_WRITER_H
#define SG_CHECKPOINT_OFFICIAL_MODULE_WRITER_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "checkpoint/pickle/pickle_write.h"
#include "models/discriminator.h"
#include "models/generator.h"

/* Values that a snapshot refers to again. */
typedef enum sg_snapshot_memo {
    SG_MEMO_CALL,   /* the function that makes persistent objects */
    SG_MEMO_SOURCE, /* the import of networks of blocks; the next: of StyleGAN3's */
    SG_MEMO_SOURCE3,
    SG_MEMO_GENERATOR,
    SG_MEMO_COUNT
} sg_snapshot_memo;

/* A snapshot being written. Tensors go to the stream at once, after the pickle before them. */
typedef struct sg_snapshot {
    FILE *stream;
    sg_text pickle; /* not yet in the stream */
    bool kept[SG_MEMO_COUNT];
    bool failed; /* in writing */
} sg_snapshot;

/* A network of a snapshot; one of the two configs is NULL. */
typedef struct sg_written_network {
    sg_snapshot *to;
    const sg_parameter_set *set;
    const sg_generator_config *generator;
    const sg_discriminator_config *discriminator;
    int num_ws; /* of a generator */
    cJSON *init_kwargs;
} sg_written_network;

/* A module of a network. */
typedef struct sg_written_module {
    const sg_written_network *network;
    const char *path;  /* "synthesis.b8.conv0"; empty for the network itself */
    int number;        /* the first in its path, such as the resolution 8 */
    unsigned features; /* sg_module_features of its row */
} sg_written_module;

/* What rows of one class differ in. */
typedef enum sg_module_features {
    SG_MODULE_ACTIVE = 1,  /* has the network's activation, otherwise none */
    SG_MODULE_CLAMPED = 2, /* clamps as the network does */
    SG_MODULE_UP = 4,      /* doubles the resolution */
    SG_MODULE_DOWN = 8,    /* halves it */
    SG_MODULE_MAPPING = 16 /* a layer of the mapping network, with its activation and rate */
} sg_module_features;

/* The class of the modules of a path; a '#' in the pattern is any number. */
typedef struct sg_module_row {
    const char *pattern;
    const char *class_name;
    /* Puts the pairs of the attributes that the class works with. */
    void (*put)(const sg_written_module *module);
    unsigned features;
} sg_module_row;

/* The rows of the networks, each ended by one without a pattern. */
extern const sg_module_row sg_blocks_generator_rows[], sg_blocks_discriminator_rows[];
extern const sg_module_row sg_alias_free_generator_rows[];

/* Attributes that both generators have. */
void sg_put_generator(const sg_written_module *module);
void sg_put_mapping(const sg_written_module *module);
void sg_put_linear(const sg_written_module *module);

/* Returns the size of an axis of the module's tensor, such as "weight" or "conv0.weight"; 0 if
 * there is none. */
int sg_module_size(const sg_written_module *module, const char *tensor, int axis);

/* Puts a network as a persistent object. */
void sg_put_network(const sg_written_network *network);

/* Writes the pickle so far to the stream. */
void sg_snapshot_flush(sg_snapshot *snapshot);

#endif
