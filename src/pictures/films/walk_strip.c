/*
 * Moments of a walk side by side: a row for each cell, with keys named above a single row, and
 * beside several. Tested by: tests/cli/test_walks.c
 */
#include <inttypes.h>
#include <stdio.h>

#include "pictures/figure_labels.h"
#include "pictures/films/walk_state.h"

enum { STRIP_GAP = 4 /* pixels */ };

/* Writes "seed 3", or the name of a file of w: the key where a cell's way begins or passes. */
static void name_key(const sg_walk_state *walk, size_t key, char text[SG_LABEL_BYTES])
{
    if (walk->options->looping)
        snprintf(text, SG_LABEL_BYTES, "seed %" PRIu32, sg_walk_seed(walk, key));
    else if (walk->seeds->count > 0)
        sg_source_print(walk->seeds, &walk->work->lists.w, walk->order[key], text, SG_LABEL_BYTES);
    else
        snprintf(text, SG_LABEL_BYTES, "w %zu", walk->order[key]);
}

/* Labels the moments: a single way's keys by their names, everything else by the position. */
static sg_status label_moments(const sg_walk_state *walk, sg_labels *labels, sg_error *error)
{
    const sg_walk_options *options = walk->options;
    SG_TRY(sg_labels_create(labels, options->strip, error));
    for (size_t i = 0; i < options->strip; i++) {
        const sg_walk_position at = sg_walk_position_of(walk, i);
        char text[SG_LABEL_BYTES];
        if (options->coordinates)
            snprintf(text, SG_LABEL_BYTES, "%s%.3g", sg_walk_amount(walk, i) > 0 ? "+" : "",
                     sg_walk_amount(walk, i));
        else if (at.share == 0 && walk->cells == 1)
            name_key(walk, at.key, text);
        else
            snprintf(text, SG_LABEL_BYTES, "%.3g", (double)at.key + at.share);
        sg_labels_set(labels, i, "%s", text);
    }
    return SG_OK;
}

/* Labels the rows of several ways by their first and last keys. */
static sg_status label_ways(const sg_walk_state *walk, sg_labels *labels, sg_error *error)
{
    SG_TRY(sg_labels_create(labels, walk->cells, error));
    const sg_number_list *coordinates = walk->options->coordinates;
    const bool named = walk->cells > 1 || coordinates;
    for (size_t cell = 0; named && cell < walk->cells; cell++) {
        const size_t first = cell * walk->keys_per_cell;
        const size_t last = first + walk->keys_per_cell - 1;
        char text[SG_LABEL_BYTES];
        char end[SG_LABEL_BYTES];
        name_key(walk, first, text);
        name_key(walk, last, end);
        if (coordinates)
            sg_labels_set(labels, cell, "%.20s, %s %" PRIu32, text, walk->options->in_z ? "z" : "w",
                          coordinates->values[cell % coordinates->count]);
        else if (first < last)
            sg_labels_set(labels, cell, "%.20s - %.20s", text, end);
        else
            sg_labels_set(labels, cell, "%s", text);
    }
    return SG_OK;
}

static void write_title(const sg_walk_state *walk, char title[SG_LABEL_BYTES])
{
    const sg_walk_options *options = walk->options;
    char psi[SG_NUMBER_TEXT_BYTES];
    sg_print_number(psi, walk->work->common.psi);
    if (options->coordinates)
        snprintf(title, SG_LABEL_BYTES, "numbers of %s, in sigmas, psi %.16s",
                 options->in_z ? "z" : "w", psi);
    else if (options->looping)
        snprintf(title, SG_LABEL_BYTES, "%s, psi %.16s",
                 sg_choice_name(&sg_loop_kinds, options->loop), psi);
    else
        snprintf(title, SG_LABEL_BYTES, "%s in %s, psi %.16s",
                 sg_choice_name(&sg_path_methods, options->method), options->in_z ? "z" : "w", psi);
}

sg_status sg_walk_strip_open(sg_walk_state *walk, sg_error *error)
{
    sg_labels moments = {0};
    sg_labels ways = {0};
    char title[SG_LABEL_BYTES];
    write_title(walk, title);
    sg_status status = label_moments(walk, &moments, error);
    if (!status)
        status = label_ways(walk, &ways, error);
    if (!status) {
        const sg_figure_layout layout = {
            .columns = {.count = moments.count, .labels = moments.pointers},
            .rows = {.count = ways.count, .labels = ways.pointers},
            .title = title,
            .gap = STRIP_GAP,
            .scale = walk->options->output.scale,
            .plain = walk->work->plain};
        status = sg_picture_page_create(walk->work->network.generator, layout, &walk->strip, error);
    }
    sg_labels_clear(&moments);
    sg_labels_clear(&ways);
    return status;
}

sg_status sg_walk_strip_write(const sg_walk_state *walk, sg_error *error)
{
    return sg_write_picture("", walk->options->output.path, sg_page_image(walk->strip),
                            &walk->remarks, error);
}
