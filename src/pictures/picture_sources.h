/*
 * Sources of pictures in one list, "0,photo.npz,4-6": seeds, and files of w. An item with a slash,
 * or with a point before a letter, is a file, whose w take its place in the list.
 */
#ifndef SG_PICTURES_PICTURE_SOURCES_H
#define SG_PICTURES_PICTURE_SOURCES_H

#include "checkpoint/latents/w_file.h"
#include "latent/styles.h"
#include "pictures/picture_request.h"

/*
 * The w of a list of seeds, beside it: of each of its numbers, whether it is one. Those numbers in
 * the list are the w's own, in the order of the list. Zero it before use, clear it after.
 */
typedef struct sg_w_sources {
    size_t first;   /* the number of the first w */
    size_t *places; /* [numbers of the list]: 1 + the index in `set`, 0 for a seed; NULL: seeds */
    sg_w_set set;
    char **files; /* [set.count]: the name of its file; owned */
} sg_w_sources;

void sg_w_sources_clear(sg_w_sources *sources);

/* True if the list (NULL: none) names a file; true if it names nothing else. */
bool sg_sources_have_files(const char *text);
bool sg_sources_are_files(const char *text);

/* Checks the numbers of a list. Fails as sg_number_list_parse does. */
sg_status sg_sources_check(const char *text, sg_error *error);

/*
 * Reads the list seeds->text if it names files, for a loaded network; leaves other lists as they
 * are. Fails as sg_read_w_file does, or for more than SG_LIST_LIMIT sources.
 */
sg_status sg_sources_read(sg_number_list *seeds, const sg_picture_network *network,
                          const sg_watch *watch, sg_w_sources *sources, sg_error *error);

/*
 * Appends the w of the latents z in a file, an array [N, z_dim] of the kinds that files of w have,
 * each with this label. Fails as sg_read_w_file does.
 */
sg_status sg_sources_append_latents(sg_number_list *seeds, const sg_picture_network *network,
                                    const char *path, sg_style_label label, sg_w_sources *sources,
                                    sg_error *error);

/* Appends the w of a file to the list. Fails with SG_ERROR_MEMORY or SG_ERROR_ARGUMENT. */
sg_status sg_sources_append(sg_number_list *seeds, sg_w_sources *sources, const sg_w_set *set,
                            const char *path, sg_error *error);

/* Keeps the first of equal seeds in the list; a w is equal to none. Fails with SG_ERROR_MEMORY. */
sg_status sg_sources_unite(sg_number_list *seeds, sg_w_sources *sources, sg_error *error);

/* Returns the w of number `index` of the list, [num_ws, w_dim], borrowed; NULL for a seed. */
const float *sg_source_ws(const sg_w_sources *sources, size_t index);

/* Sets the request's source to number `index` of the list. */
void sg_source_set(const sg_number_list *seeds, const sg_w_sources *sources, size_t index,
                   sg_picture_request *request);

/* Writes what number `index` is, "seed 3" or "photo.npz", to `text` of `size` bytes. */
void sg_source_print(const sg_number_list *seeds, const sg_w_sources *sources, size_t index,
                     char *text, size_t size);

#endif
