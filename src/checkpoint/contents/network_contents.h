/*
 * What a network file holds, whatever its format: the tensors and the config of each part under
 * their official names. The formats' maps fill it, and network_file.c knows nothing else; for these
 * files alone.
 */
#ifndef SG_CHECKPOINT_CONTENTS_NETWORK_CONTENTS_H
#define SG_CHECKPOINT_CONTENTS_NETWORK_CONTENTS_H

#include <cjson/cJSON.h>

#include "checkpoint/contents/network_part.h"
#include "checkpoint/contents/network_tensor.h"

/* The tensors of one part. */
typedef struct sg_network_contents_part {
    sg_network_tensor *tensors; /* in the file's order */
    size_t count, capacity;
    const sg_network_tensor **by_name; /* sorted, once finished */
    size_t values;                     /* elements of all tensors */
    bool lacks_derived; /* the format may store no resampling filters and no average of w, which
                           follow from the rest */
    char *refusal;      /* a sentence: why this part cannot be built, though it is there; or NULL */
} sg_network_contents_part;

typedef struct sg_network_contents {
    const char *path;    /* borrowed */
    const char *dialect; /* what wrote the file: "stylegan2-ada-pytorch or stylegan3"; static */
    sg_network_contents_part parts[SG_PART_COUNT];
    cJSON *config;  /* {"G_ema": {"class_name": ..., "init_kwargs": {...}}, ...} */
    char **ignored; /* what the file has besides, as short descriptions */
    size_t ignored_count, ignored_capacity;
} sg_network_contents;

/* Frees what the contents hold, and zeroes them. */
void sg_network_contents_clear(sg_network_contents *contents);

/* Adds a tensor, under a copy of the name. Fails beyond SG_STORED_MAX_TENSORS. */
sg_status sg_network_contents_add(sg_network_contents *contents, sg_network_part part,
                                  const char *name, const sg_network_tensor *tensor,
                                  sg_error *error);

/* To be called when all tensors were added. Fails when a part has two of one name. */
sg_status sg_network_contents_finish(sg_network_contents *contents, sg_error *error);

/* The part's tensor of that name, or NULL; for finished contents. */
const sg_network_tensor *sg_network_contents_find(const sg_network_contents *contents,
                                                  sg_network_part part, const char *name);

/*
 * Adds a part's {"class_name": ..., "init_kwargs": ...} to a config, made if *config is NULL. Takes
 * over `init_kwargs`; if it is NULL, fails for lack of memory for `path`.
 */
sg_status sg_network_config_add(cJSON **config, sg_network_part part, const char *class_name,
                                cJSON *init_kwargs, const char *path, sg_error *error);

/* Notes something that the file has and nobody reads, by a printf format. */
sg_status sg_network_contents_ignore(sg_network_contents *contents, sg_error *error,
                                     const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Notes why a part cannot be built; the first reason stays. */
sg_status sg_network_contents_refuse(sg_network_contents *contents, sg_network_part part,
                                     sg_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
