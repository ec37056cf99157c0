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
    const sg_picture_work *work;
    bool transposed;
    sg_labels psis, seeds, classes;
    sg_figure_group *groups; /* of the seeds: [classes] */
    sg_figure *figure;
    char name[SG_PICTURE_NAME_BYTES];
} truncating;

/* Psi varies fastest, then the seed, then the class: a line of the figure has one seed. */
static sg_picture_request request_at(void *user, size_t index)
{
    truncating *all = user;
    const sg_picture_lists *lists = &all->work->lists;
    const size_t line = index / lists->psis.count;
    const size_t seeds = lists->seeds.count;
    sg_picture_request request =
        sg_picture_work_at(all->work, line % seeds, line / seeds, index % lists->psis.count);
    if (request.cutoff < 0)
        request.cutoff = SG_ALL_INPUTS;
    request.output = sg_picture_name(&request, lists->classes.count > 1, true, all->name);
    return request;
}

static sg_status deliver(void *user, size_t index, const sg_picture_request *request,
                         const sg_image *image, sg_error *error)
{
    const truncating *all = user;
    const size_t line = index / all->psis.count;
    const size_t psi = index % all->psis.count;
    if (all->work->singles)
        SG_TRY(sg_picture_write(&all->work->network, request, image, error));
    return sg_figure_paste(all->figure, all->transposed ? line : psi, all->transposed ? psi : line,
                           image, error);
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
static sg_status label_seeds(truncating *all, sg_error *error)
{
    const sg_picture_lists *lists = &all->work->lists;
    const size_t classes = lists->classes.count;
    SG_TRY(sg_labels_sources(&all->seeds, &lists->seeds, &lists->w, 0, classes, error));
    if (all->work->network.config.c_dim == 0)
        return SG_OK;
    all->groups = sg_allocate(classes, sizeof *all->groups);
    if (!all->groups)
        return sg_fail_memory(error, "a figure of %zu classes", classes);
    SG_TRY(sg_labels_number(&all->classes, "class", &lists->classes, 0, 1, error));
    for (size_t i = 0; i < classes; i++)
        all->groups[i] = (sg_figure_group){lists->seeds.count, all->classes.pointers[i]};
    return SG_OK;
}

static sg_status create_figure(truncating *all, sg_error *error)
{
    SG_TRY(label_psis(&all->work->lists.psis, &all->psis, error));
    SG_TRY(label_seeds(all, error));
    const sg_figure_side psis = {all->psis.count, all->psis.pointers, NULL, 0};
    const sg_figure_side seeds = {all->seeds.count, all->seeds.pointers, all->groups,
                                  all->classes.count};
    return sg_picture_figure_create(all->work->network.generator, all->transposed ? seeds : psis,
                                    all->transposed ? psis : seeds, all->work->plain,
                                    (size_t)all->work->common.scale, &all->figure, error);
}

static sg_status write_figure(truncating *all, sg_error *error)
{
    const sg_picture_network *network = &all->work->network;
    const sg_picture_lists *lists = &all->work->lists;
    const sg_picture_request first = request_at(all, 0);
    sg_remarks remarks;
    sg_remarks_start(&remarks, sg_picture_network_name(network));
    sg_remark_settings(&remarks, network, &first, lists->psis.text,
                       lists->classes.count > 1 ? lists->classes.text : NULL);
    sg_remark_text(&remarks, "seeds", lists->seeds.text);
    return sg_write_picture(first.folder, "truncation.png", sg_figure_image(all->figure), &remarks,
                            error);
}

sg_status sg_truncate(const sg_picture_work *work, size_t count, bool transposed,
                      const sg_watch *watch, sg_error *error)
{
    truncating all = {.work = work, .transposed = transposed};
    const sg_picture_plan plan = {
        .count = count, .user = &all, .request = request_at, .deliver = deliver};
    sg_status status = create_figure(&all, error);
    if (!status)
        status = sg_paint_pictures(&work->network, &plan, watch, error);
    if (!status)
        status = write_figure(&all, error);
    sg_labels_clear(&all.psis);
    sg_labels_clear(&all.seeds);
    sg_labels_clear(&all.classes);
    free(all.groups);
    sg_figure_destroy(all.figure);
    return status;
}
