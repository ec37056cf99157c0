/*
 * The content of a network file of any format: the tensors and the config of each part under their
 * official names. The maps of the formats fill it; loading networks depends on it alone.
 */
#ifndef SG_CHECKPOINT_CONTENTS_NETWORK_CONTENTS_H
#define SG_CHECKPOINT_CONTENTS_NETWORK_CONTENTS_H

#include <cjson/cJSON.h>

#include "checkpoint/contents/network_part.h"
#include "checkpoint/contents/network_tensor.h"

/* One part of a file. */
typedef struct sg_network_contents_part {
    sg_network_tensor *tensors; /* in the file's order */
    size_t count, capacity;
    const sg_network_tensor **by_name; /* sorted; once finished */
    size_t values;                     /* elements of all tensors; SIZE_MAX on overflow */
    bool lacks_derived; /* the format may omit resampling filters and the average of w */
    char *refusal;      /* the sentence why this part cannot be built; or NULL */
} sg_network_contents_part;

typedef struct sg_network_contents {
    const char *path;    /* borrowed */
    const char *dialect; /* the program that wrote the file; static; NULL: the native format */
    sg_network_contents_part parts[SG_PART_COUNT];
    const cJSON *given;  /* keywords that people give beside the file; borrowed; NULL: none */
    const char *assumed; /* the options that no tensor tells, and what they are taken as; static;
                            NULL: the file has all */
    cJSON *config;       /* {"G_ema": {"class_name": ..., "init_kwargs": {...}}, ...} */
    char **ignored;      /* short descriptions of skipped entries */
    size_t ignored_count, ignored_capacity;
} sg_network_contents;

/* Frees the contents, and zeroes them. */
void sg_network_contents_clear(sg_network_contents *contents);

/* Adds a tensor, under a copy of the name. Fails beyond 262,144 tensors. */
sg_status sg_network_contents_add(sg_network_contents *contents, sg_network_part part,
                                  const char *name, const sg_network_tensor *tensor,
                                  sg_error *error);

/* Completes the contents after the last tensor. Fails if a part has two tensors of one name. */
sg_status sg_network_contents_finish(sg_network_contents *contents, sg_error *error);

/* Finds the tensor of that name in a part of finished contents; NULL if it is absent. */
const sg_network_tensor *sg_network_contents_find(const sg_network_contents *contents,
                                                  sg_network_part part, const char *name);

/*
 * Adds a part's {"class_name": ..., "init_kwargs": ...} to a config, made if *config is NULL. Takes
 * over `init_kwargs`; if it is NULL, fails for lack of memory for `path`.
 */
sg_status sg_network_config_add(cJSON **config, sg_network_part part, const char *class_name,
                                cJSON *init_kwargs, const char *path, sg_error *error);

/* Adds a description, by a printf format, of something that was skipped; at most 1000 are kept. */
sg_status sg_network_contents_ignore(sg_network_contents *contents, sg_error *error,
                                     const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Sets the sentence why a part cannot be built, unless it has one. */
sg_status sg_network_contents_refuse(sg_network_contents *contents, sg_network_part part,
                                     sg_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * Ends the reading of a part that returned `status` with `reason`. A part that cannot be read loses
 * its tensors, and the reason becomes its sentence: other parts of the file stay usable. Lack of
 * memory fails.
 */
sg_status sg_network_contents_end_part(sg_network_contents *contents, sg_network_part part,
                                       sg_status status, const sg_error *reason, sg_error *error);

#endif
