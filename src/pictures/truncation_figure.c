/*
 * The truncation trick in w (Karras et al. 2019, appendix B): figure 8 of that paper, where psi
 * goes from the full picture over the average one to its opposite.
 * Tested by: tests/cli/test_truncate.c
 */
#include "pictures/truncation_figure.h"

#include <stdlib.h>

#include "base/allocate.h"
#include "latent/styles.h"
#include "pictures/figure_labels.h"
#include "pictures/painter.h"
#include "pictures/picture_metadata.h"

typedef struct truncating {
    const sg_picture_network *network;
    const sg_truncate_options *options;
    sg_figure *figure;
    char name[SG_PICTURE_NAME_BYTES];
} truncating;

size_t sg_truncate_count(const sg_truncate_options *options)
{
    const sg_picture_lists *lists = &options->lists;
    return lists->classes.count * lists->seeds.count * lists->psis.count;
}

/* Psi varies fastest, then the seed, then the class: a line of the figure has one seed. */
static sg_picture_request request_at(void *user, size_t index)
{
    truncating *all = user;
    const sg_picture_lists *lists = &all->options->lists;
    const size_t line = index / lists->psis.count;
    const size_t seeds = lists->seeds.count;
    sg_picture_request request = sg_picture_lists_at(lists, &all->options->common, line % seeds,
                                                     line / seeds, index % lists->psis.count);
    if (request.cutoff < 0)
        request.cutoff = SG_ALL_INPUTS;
    request.output = sg_picture_name(&request, lists->classes.count > 1, true, all->name);
    return request;
}

static sg_status deliver(void *user, size_t index, const sg_picture_request *request,
                         const sg_image *image, sg_error *error)
{
    const truncating *all = user;
    const sg_truncate_options *options = all->options;
    const size_t line = index / options->lists.psis.count;
    const size_t psi = index % options->lists.psis.count;
    if (options->singles)
        SG_TRY(sg_picture_write(all->network, request, image, error));
    return sg_figure_paste(all->figure, options->transposed ? line : psi,
                           options->transposed ? psi : line, image, error);
}

/* ---- the figure ---- */

/* One side: a label for each psi. */
static sg_status label_psis(const sg_decimal_list *psis, sg_labels *labels, sg_error *error)
{
    SG_TRY(sg_labels_create(labels, psis->count, error));
    for (size_t i = 0; i < psis->count; i++) {
        char number[SG_NUMBER_TEXT_BYTES];
        sg_print_number(number, psis->values[i]);
        sg_labels_set(labels, i, "psi = %s", number);
    }
    return SG_OK;
}

/* The other side: its seeds are grouped by class, unless there are no classes. */
static sg_status group_classes(const truncating *all, sg_labels *labels, sg_figure_group **groups,
                               sg_error *error)
{
    const sg_picture_lists *lists = &all->options->lists;
    if (all->network->config.c_dim == 0)
        return SG_OK;
    *groups = sg_allocate(lists->classes.count, sizeof **groups);
    if (!*groups)
        return sg_fail_memory(error, "a figure of %zu classes", lists->classes.count);
    SG_TRY(sg_labels_number(labels, "class", &lists->classes, 0, 1, error));
    for (size_t i = 0; i < labels->count; i++)
        (*groups)[i] = (sg_figure_group){lists->seeds.count, labels->pointers[i]};
    return SG_OK;
}

static sg_status create_figure(truncating *all, sg_error *error)
{
    const sg_truncate_options *options = all->options;
    const sg_picture_lists *lists = &options->lists;
    sg_labels psis = {0};
    sg_labels seeds = {0};
    sg_labels classes = {0};
    sg_figure_group *groups = NULL;
    sg_status status = label_psis(&lists->psis, &psis, error);
    if (!status)
        status = sg_labels_number(&seeds, "seed", &lists->seeds, 0, lists->classes.count, error);
    if (!status)
        status = group_classes(all, &classes, &groups, error);
    if (!status) {
        const sg_figure_side psi_side = {psis.count, psis.pointers, NULL, 0};
        const sg_figure_side seed_side = {seeds.count, seeds.pointers, groups, classes.count};
        status = sg_picture_figure_create(
            all->network->generator, options->transposed ? seed_side : psi_side,
            options->transposed ? psi_side : seed_side, options->plain, &all->figure, error);
    }
    sg_labels_clear(&psis);
    sg_labels_clear(&seeds);
    sg_labels_clear(&classes);
    free(groups);
    return status;
}

static sg_status write_figure(truncating *all, sg_error *error)
{
    const sg_picture_lists *lists = &all->options->lists;
    const sg_picture_request first = request_at(all, 0);
    sg_remarks remarks;
    sg_remarks_start(&remarks, sg_picture_network_name(all->network));
    sg_remark_settings(&remarks, all->network, &first, lists->psis.text,
                       lists->classes.count > 1 ? lists->classes.text : NULL);
    sg_remark_text(&remarks, "seeds", lists->seeds.text);
    return sg_write_picture(first.folder, "truncation.png", sg_figure_image(all->figure), &remarks,
                            error);
}

sg_status sg_truncate(const sg_picture_network *network, const sg_truncate_options *options,
                      const sg_watch *watch, sg_error *error)
{
    truncating all = {.network = network, .options = options};
    const sg_picture_plan plan = {.count = sg_truncate_count(options),
                                  .user = &all,
                                  .request = request_at,
                                  .deliver = deliver};
    SG_TRY(create_figure(&all, error));
    sg_status status = sg_paint_pictures(network, &plan, watch, error);
    if (!status)
        status = write_figure(&all, error);
    sg_figure_destroy(all.figure);
    return status;
}
