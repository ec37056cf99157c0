/*
 * The truncation trick in w (Karras et al. 2019, appendix B): figure 8 of that paper, where psi
 * goes from the full picture over the average one to its opposite.
 */
#include "pictures/truncation_figure.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "pictures/figure_labels.h"
#include "pictures/picture_request.h"

enum { NAME_BYTES = 128 };

size_t sg_truncate_count(const sg_truncate_options *options)
{
    return options->classes->count * options->seeds->count * options->psis->count;
}

/* The picture of a line (the classes' seeds) at a psi; `center` keeps where it is truncated to. */
static sg_painting painting_at(const sg_truncate_options *options, size_t line, size_t psi,
                               sg_style_source *center)
{
    const size_t seeds = options->seeds->count;
    const int class_index = (int)options->classes->values[line / seeds];
    sg_painting one = {
        .source = {.seed = options->seeds->values[line % seeds], .class_index = class_index},
        .truncation = {.psi = options->psis->values[psi],
                       .cutoff = options->cutoff >= 0 ? options->cutoff : SG_ALL_INPUTS},
        .noise_mode = options->noise_mode};
    if (options->center) {
        *center = options->center->source;
        center->class_index = class_index;
        one.truncation.center = center;
        one.center_file = options->center->file;
    }
    return one;
}

static sg_status write_single(const sg_picture_network *network, const sg_truncate_options *options,
                              const sg_painting *one, const sg_image *image, sg_error *error)
{
    char psi[SG_NUMBER_TEXT_BYTES];
    char class_part[NAME_BYTES / 4] = "";
    char name[NAME_BYTES];
    sg_remarks remarks;
    if (options->classes->count > 1)
        snprintf(class_part, sizeof class_part, "-class%d", one->source.class_index);
    sg_print_number(psi, one->truncation.psi);
    snprintf(name, sizeof name, "seed%04" PRIu32 "%s-trunc%s.png", one->source.seed, class_part,
             psi);
    sg_painting_remark(network, one, NULL, &remarks);
    return sg_write_picture(options->folder, name, image, &remarks, error);
}

/* Paints one picture into the figure and, when wanted, into a file. */
static sg_status truncate_one(const sg_picture_network *network, const sg_truncate_options *options,
                              size_t index, sg_figure *figure, sg_error *error)
{
    const size_t line = index / options->psis->count;
    const size_t psi = index % options->psis->count;
    sg_style_source center;
    const sg_painting one = painting_at(options, line, psi, &center);
    sg_image *image = NULL;
    sg_status status = sg_painting_paint(network, &one, NULL, &image, error);
    if (!status && options->singles)
        status = write_single(network, options, &one, image, error);
    if (!status)
        status = sg_figure_paste(figure, options->transposed ? line : psi,
                                 options->transposed ? psi : line, image, error);
    sg_image_destroy(image);
    return status;
}

/* ---- the figure ---- */

/* One side: a label for each psi. */
static sg_status label_psis(const sg_truncate_options *options, sg_labels *labels, sg_error *error)
{
    const sg_status status = sg_labels_create(labels, options->psis->count, error);
    for (size_t i = 0; i < options->psis->count && !status; i++) {
        char number[SG_NUMBER_TEXT_BYTES];
        sg_print_number(number, options->psis->values[i]);
        sg_labels_set(labels, i, "psi = %s", number);
    }
    return status;
}

/* The other side: a label for each seed, once for every class. */
static sg_status label_seeds(const sg_truncate_options *options, sg_labels *labels, sg_error *error)
{
    const size_t seeds = options->seeds->count;
    const size_t lines = options->classes->count * seeds;
    const sg_status status = sg_labels_create(labels, lines, error);
    for (size_t i = 0; i < lines && !status; i++)
        sg_labels_set(labels, i, "seed %" PRIu32, options->seeds->values[i % seeds]);
    return status;
}

/* A label for each class, which its seeds are grouped under; without classes none of it. */
static sg_status group_classes(const sg_picture_network *network,
                               const sg_truncate_options *options, sg_labels *labels,
                               sg_figure_group **groups, sg_error *error)
{
    const size_t classes = options->classes->count;
    if (network->config.c_dim == 0)
        return SG_OK;
    *groups = sg_allocate(classes, sizeof **groups);
    if (!*groups)
        return sg_fail_memory(error, "a figure of %zu classes", classes);
    const sg_status status = sg_labels_create(labels, classes, error);
    for (size_t i = 0; i < classes && !status; i++) {
        sg_labels_set(labels, i, "class %" PRIu32, options->classes->values[i]);
        (*groups)[i] = (sg_figure_group){options->seeds->count, labels->pointers[i]};
    }
    return status;
}

static sg_status create_figure(const sg_picture_network *network,
                               const sg_truncate_options *options, sg_figure **figure,
                               sg_error *error)
{
    sg_labels psis = {0};
    sg_labels seeds = {0};
    sg_labels classes = {0};
    sg_figure_group *groups = NULL;
    sg_status status = label_psis(options, &psis, error);
    if (!status)
        status = label_seeds(options, &seeds, error);
    if (!status)
        status = group_classes(network, options, &classes, &groups, error);
    if (!status) {
        const sg_figure_side psi_side = {psis.count, psis.pointers, NULL, 0};
        const sg_figure_side seed_side = {seeds.count, seeds.pointers, groups, classes.count};
        status = sg_picture_figure_create(
            network->generator, options->transposed ? seed_side : psi_side,
            options->transposed ? psi_side : seed_side, options->plain, figure, error);
    }
    sg_labels_clear(&psis);
    sg_labels_clear(&seeds);
    sg_labels_clear(&classes);
    free(groups);
    return status;
}

static sg_status write_figure(const sg_picture_network *network, const sg_truncate_options *options,
                              const sg_figure *figure, sg_error *error)
{
    sg_style_source center;
    const sg_painting first = painting_at(options, 0, 0, &center);
    const sg_painting_lists lists = {.psis = options->psis_text, .classes = options->classes_text};
    sg_remarks remarks;
    sg_painting_remark(network, &first, &lists, &remarks);
    sg_remark_text(&remarks, "seeds", options->seeds_text);
    return sg_write_picture(options->folder, "truncation.png", sg_figure_image(figure), &remarks,
                            error);
}

static sg_status truncate_all(const sg_picture_network *network, const sg_truncate_options *options,
                              sg_figure *figure, sg_error *error)
{
    const size_t count = sg_truncate_count(options);
    sg_status status = sg_work_step(options->watch, 0, count, error);
    for (size_t i = 0; i < count && !status; i++) {
        status = truncate_one(network, options, i, figure, error);
        if (!status)
            status = sg_work_step(options->watch, i + 1, count, error);
    }
    return status;
}

sg_status sg_truncate(const sg_picture_network *network, const sg_truncate_options *options,
                      sg_error *error)
{
    sg_figure *figure = NULL;
    sg_status status = create_figure(network, options, &figure, error);
    if (!status)
        status = truncate_all(network, options, figure, error);
    if (!status)
        status = write_figure(network, options, figure, error);
    sg_figure_destroy(figure);
    return status;
}
