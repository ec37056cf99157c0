/* Figures of a generator's pictures, with texts made of numbers as labels. */
#ifndef SG_PICTURES_FIGURE_LABELS_H
#define SG_PICTURES_FIGURE_LABELS_H

#include "base/number_list.h"
#include "image/figures/page.h"
#include "pictures/picture_sources.h"

enum { SG_LABEL_BYTES = 48 };

/* Labels of one side of a figure; zero it before use, clear it after. */
typedef struct sg_labels {
    char (*texts)[SG_LABEL_BYTES];
    const char **pointers; /* [count], into texts; NULL for those that are not set */
    size_t count;
} sg_labels;

/* Allocates `count` labels. Fails with SG_ERROR_MEMORY. */
sg_status sg_labels_create(sg_labels *labels, size_t count, sg_error *error);

/* Sets label `index`, cut to SG_LABEL_BYTES. */
void sg_labels_set(sg_labels *labels, size_t index, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Creates `skipped` empty labels, then "NOUN N" for each number of the list, the whole list
 * `repeats` times. Fails with SG_ERROR_MEMORY.
 */
sg_status sg_labels_number(sg_labels *labels, const char *noun, const sg_number_list *numbers,
                           size_t skipped, size_t repeats, sg_error *error);

/* Creates labels of seeds and w in the same way, "seed N" or the name of the file. */
sg_status sg_labels_sources(sg_labels *labels, const sg_number_list *seeds,
                            const sg_w_sources *sources, size_t skipped, size_t repeats,
                            sg_error *error);

/* Frees the labels and zeroes them. */
void sg_labels_clear(sg_labels *labels);

/* The side that pictures have at least in labelled figures and pages, in pixels. */
enum { SG_LEAST_CELL_SIDE = 128 };

/*
 * Creates a figure, as sg_figure_create does, for pictures of the generator, each pixel a square of
 * `scale`. With scale 0 small pictures are enlarged, except in a plain figure.
 */
sg_status sg_picture_figure_create(const sg_generator *generator, sg_figure_side columns,
                                   sg_figure_side rows, bool plain, size_t scale,
                                   sg_figure **figure, sg_error *error);

/*
 * Creates a page, as sg_page_create does, for pictures of the generator, whose size and channels
 * the layout need not have; its scale 0 is that of sg_picture_figure_create.
 */
sg_status sg_picture_page_create(const sg_generator *generator, sg_figure_layout layout,
                                 sg_page **page, sg_error *error);

#endif
