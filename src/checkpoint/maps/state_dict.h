/*
 * State dicts: the named tensors of one network, without its options. A layout is how one program
 * names them; a container, a wrapper or a prefix around them is peeled before a layout sees them.
 */
#ifndef SG_CHECKPOINT_MAPS_STATE_DICT_H
#define SG_CHECKPOINT_MAPS_STATE_DICT_H

#include "checkpoint/contents/network_contents.h"
#include "checkpoint/maps/foreign_tensors.h"
#include "models/config.h"

/* A state dict being read, by the layout that recognises it. */
typedef struct sg_state_dict {
    sg_network_contents *contents;
    sg_network_part part;
    sg_foreign_tensors tensors; /* without the prefix that all names share in the file */
    sg_error *error;
} sg_state_dict;

/* What is counted from names and shapes. Zero where a network has no such thing. */
typedef struct sg_dict_sizes {
    int resolution;               /* of the larger side of a block: 4 << (levels - 1) */
    int channels[SG_MOST_LEVELS]; /* at 4, 8 and on */
    int levels;
    int img_channels;
    int z_dim, c_dim, w_dim;
    int mapping_layers, layer_features;
    float filter[SG_MAX_FILTER_TAPS]; /* the first tap is 1 */
    int taps;                         /* 0: the family's own filter */
} sg_dict_sizes;

/* The names of one program. */
typedef struct sg_dict_layout {
    const char *title; /* "a state dict of genforce's StyleGAN2"; the dialect of such a file */
    /* True if the list has the names of the program's generator, or its discriminator. Any list is
     * possible; a list of both is none. NULL: there is no such network. */
    bool (*is_generator)(const sg_foreign_tensors *tensors);
    bool (*is_discriminator)(const sg_foreign_tensors *tensors);
    bool (*is_encoder)(const sg_foreign_tensors *tensors);
    /* Adds tensors and config to dict->contents as dict->part, or refuses the part. */
    sg_status (*read)(sg_state_dict *dict);
    /* Completes what was read by what the file's dict has beside the tensors, such as `average` of
     * w (NULL: none); called for every file of state dicts. NULL: there is nothing. */
    sg_status (*finish)(const sg_value *root, const sg_value *average,
                        sg_network_contents *contents, sg_error *error);
} sg_dict_layout;

/* The layouts, in the order in which a list is compared with them; sg_NAME_layout is each. */
#define SG_DICT_LAYOUTS(LAYOUT)                                                                    \
    LAYOUT(unread)     /* programs whose networks do not run here */                               \
    LAYOUT(encoders)   /* pixel2style2pixel and encoder4editing */                                 \
    LAYOUT(official)   /* stylegan2-ada-pytorch and stylegan3 */                                   \
    LAYOUT(rosinality) /* stylegan2-pytorch */                                                     \
    LAYOUT(programs)   /* those of checkpoint/programs/program_table.h */

#define SG_DECLARE_LAYOUT(name) extern const sg_dict_layout sg_##name##_layout;
SG_DICT_LAYOUTS(SG_DECLARE_LAYOUT)
#undef SG_DECLARE_LAYOUT

/* ---- for layouts ---- */

/* Sets the sentence why the part cannot be built: "FILE: PART REASON". */
sg_status sg_state_dict_refuse(const sg_state_dict *dict, const char *reason);

/*
 * Refuses the network unless its channels are min(base / resolution, maximum) of some numbers, as
 * those of all families except StyleGAN2 are.
 */
sg_status sg_state_dict_check_channels(const sg_state_dict *dict, const sg_dict_sizes *sizes);

/*
 * Computes the taps of the filter whose outer square is stored under `name`; refuses the network if
 * it is no outer square. Without such a tensor sizes->taps stays 0.
 */
sg_status sg_state_dict_measure_filter(sg_state_dict *dict, const char *name, sg_dict_sizes *sizes);

/* An object of keywords to which numbers are added; `failed` once memory ran out. */
typedef struct sg_dict_keywords {
    cJSON *object;
    bool failed;
} sg_dict_keywords;

/* Add a number; an item, taken over, which is NULL for lack of memory. */
void sg_dict_keywords_number(sg_dict_keywords *keywords, const char *key, double number);
void sg_dict_keywords_item(sg_dict_keywords *keywords, const char *key, cJSON *item);

/*
 * Start the official keywords of a generator or discriminator from its sizes: pictures, channels,
 * widths, the mapping network and the filter; those of widths and the mapping network only. A
 * layout adds its own.
 */
sg_dict_keywords sg_dict_mapped_keywords(const sg_dict_sizes *sizes);
sg_dict_keywords sg_dict_generator_keywords(const sg_dict_sizes *sizes);
sg_dict_keywords sg_dict_discriminator_keywords(const sg_dict_sizes *sizes);

/* Adds the keywords, which are taken over, as the part's config. */
sg_status sg_state_dict_configure(sg_state_dict *dict, sg_dict_keywords *keywords);

/*
 * Takes the tensors of these names, those that the list has, except resampling filters, which
 * follow from the config; clears the names.
 */
sg_status sg_state_dict_take(sg_state_dict *dict, sg_foreign_names *names);

/*
 * Adds every array that was not taken under its own name, so that a tensor without a place in the
 * network is reported; all except resampling filters, whose names end with `filter_suffix`.
 */
sg_status sg_state_dict_take_rest(sg_state_dict *dict, const char *filter_suffix);

/* ---- for maps ---- */

/*
 * Reads a dict of tensors, or a module pickled whole, as that part, or as the part that its names
 * tell if `part` is SG_PART_COUNT. *found tells whether a layout knows the names, after peeling
 * prefixes. A network that is known and damaged is refused within `contents`, not a failure.
 */
sg_status sg_state_dict_read(const sg_value *value, int part, sg_network_contents *contents,
                             bool *found, sg_error *error);

#endif
