/*
 * Crossovers as mixing regularisation draws them at random (Karras et al. 2019, section 3.1): the
 * earlier the crossover, the more of a picture is the second source's.
 * Tested by: tests/cli/test_mix.c
 */
#include "pictures/mixes/crossovers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "pictures/painter.h"
#include "pictures/picture_metadata.h"

enum { TEXT_BYTES = 32 };

typedef struct crossing {
    const sg_picture_work *work;
    const sg_crossover_options *options;
    size_t pairs, across; /* rows and columns of the figure */
    size_t inputs;
    bool *masks; /* [crossovers, inputs]: which come from the column */
    sg_labels columns, rows;
    sg_page *sheet;
    char text[TEXT_BYTES], name[SG_PICTURE_NAME_BYTES];
} crossing;

sg_status sg_crossovers_check(const sg_crossover_options *options, sg_error *error)
{
    const size_t rows = options->mixes->rows.count;
    const size_t columns = options->mixes->columns.count;
    return rows == columns || rows == 1 || columns == 1
               ? SG_OK
               : sg_fail(error, SG_ERROR_ARGUMENT,
                         "crossovers go from row to column one by one: they need equally many, or "
                         "one of either, not %zu and %zu",
                         rows, columns);
}

/* The sources of a pair: the row's and the column's. */
static void find_pair(const crossing *all, size_t pair, sg_picture_request requests[2])
{
    const sg_mix_options *mixes = all->options->mixes;
    const size_t row = mixes->rows.count > 1 ? pair : 0;
    const size_t column = mixes->columns.count > 1 ? pair : 0;
    requests[0] = all->work->common;
    requests[1] = all->work->common;
    sg_source_set(&mixes->rows, &mixes->row_w, row, &requests[0]);
    sg_source_set(&mixes->columns, &mixes->column_w, column, &requests[1]);
}

/* The first and the last picture of a row are the sources. */
static sg_picture_request request_at(void *user, size_t index)
{
    crossing *all = user;
    const sg_number_list *layers = all->options->layers;
    const size_t column = index % all->across;
    sg_picture_request pair[2];
    find_pair(all, index / all->across, pair);
    const bool alone = column == 0 || column == all->across - 1;
    sg_picture_request request = pair[column == all->across - 1];
    if (alone) {
        sg_mix_name(&request, &request, NULL, all->name);
    } else {
        const size_t at = column - 1;
        snprintf(all->text, sizeof all->text, "k%" PRIu32, layers->values[at]);
        sg_mix_name(&request, &pair[1], all->text, all->name);
        snprintf(all->text, sizeof all->text, "from %" PRIu32, layers->values[at]);
        request.mixing = sg_mixing_with(&pair[1], all->masks + at * all->inputs,
                                        all->options->mixes->share, all->text);
    }
    request.output = all->name;
    return request;
}

static sg_status deliver(void *user, size_t index, const sg_picture_request *request,
                         const sg_image *image, sg_error *error)
{
    const crossing *all = user;
    SG_TRY(sg_picture_write(&all->work->network, request, image, error));
    return sg_page_paste(all->sheet, index % all->across, index / all->across, image, error);
}

/* ---- the figure ---- */

static sg_status label_columns(crossing *all, sg_error *error)
{
    const sg_number_list *layers = all->options->layers;
    sg_generator *generator = all->work->network.generator;
    SG_TRY(sg_labels_create(&all->columns, all->across, error));
    sg_labels_set(&all->columns, 0, "source A");
    sg_labels_set(&all->columns, all->across - 1, "source B");
    for (size_t i = 0; i < layers->count; i++)
        if (layers->values[i] < all->inputs)
            sg_labels_set(&all->columns, i + 1, "k = %" PRIu32 " (%d)", layers->values[i],
                          sg_generator_style_resolution(generator, (int)layers->values[i]));
        else
            sg_labels_set(&all->columns, i + 1, "k = %" PRIu32, layers->values[i]);
    return SG_OK;
}

static sg_status label_rows(crossing *all, sg_error *error)
{
    const sg_mix_options *mixes = all->options->mixes;
    SG_TRY(sg_labels_create(&all->rows, all->pairs, error));
    for (size_t i = 0; i < all->pairs; i++) {
        char names[2][SG_LABEL_BYTES];
        sg_source_print(&mixes->rows, &mixes->row_w, mixes->rows.count > 1 ? i : 0, names[0],
                        SG_LABEL_BYTES);
        sg_source_print(&mixes->columns, &mixes->column_w, mixes->columns.count > 1 ? i : 0,
                        names[1], SG_LABEL_BYTES);
        sg_labels_set(&all->rows, i, "%.20s, %.20s", names[0], names[1]);
    }
    return SG_OK;
}

static sg_status create_sheet(crossing *all, sg_error *error)
{
    const sg_figure_group groups[] = {
        {1, NULL}, {all->across - 2, "styles of A before k, of B from k on"}, {1, NULL}};
    char title[SG_LABEL_BYTES];
    SG_TRY(label_columns(all, error));
    SG_TRY(label_rows(all, error));
    sg_mix_title(all->work, title);
    const sg_figure_layout layout = {.columns = {all->across, all->columns.pointers, groups, 3},
                                     .rows = {all->pairs, all->rows.pointers, NULL, 0},
                                     .scale = (size_t)all->work->common.scale,
                                     .title = title,
                                     .plain = all->work->plain};
    return sg_picture_page_create(all->work->network.generator, layout, &all->sheet, error);
}

static sg_status write_sheet(const crossing *all, sg_error *error)
{
    const sg_mix_options *mixes = all->options->mixes;
    sg_remarks remarks;
    sg_remarks_start(&remarks, sg_picture_network_name(&all->work->network));
    sg_remark_text(&remarks, "row seeds", mixes->rows.text);
    sg_remark_text(&remarks, "column seeds", mixes->columns.text);
    sg_remark_text(&remarks, "crossovers", all->options->layers->text);
    sg_remark_settings(&remarks, &all->work->network, &all->work->common, NULL, NULL);
    return sg_write_picture(all->work->common.folder, "crossovers.png", sg_page_image(all->sheet),
                            &remarks, error);
}

static sg_status make_masks(crossing *all, sg_error *error)
{
    const sg_number_list *layers = all->options->layers;
    all->masks = sg_allocate(layers->count, all->inputs * sizeof *all->masks);
    if (!all->masks)
        return sg_fail_memory(error, "%zu crossovers", layers->count);
    for (size_t i = 0; i < layers->count; i++) {
        if (layers->values[i] > all->inputs)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"crossovers\" has %" PRIu32 ", but must be from 0 to %zu, the number "
                           "of the network's layers with styles",
                           layers->values[i], all->inputs);
        for (size_t k = layers->values[i]; k < all->inputs; k++)
            all->masks[i * all->inputs + k] = true;
    }
    return SG_OK;
}

sg_status sg_crossovers(const sg_picture_work *work, const sg_crossover_options *options,
                        const sg_watch *watch, sg_error *error)
{
    const size_t rows = options->mixes->rows.count;
    const size_t columns = options->mixes->columns.count;
    crossing all = {.work = work,
                    .options = options,
                    .pairs = rows > columns ? rows : columns,
                    .across = options->layers->count + 2,
                    .inputs = (size_t)sg_generator_num_ws(work->network.generator)};
    const sg_picture_plan plan = {
        .count = all.pairs * all.across, .user = &all, .request = request_at, .deliver = deliver};
    sg_status status = sg_crossovers_check(options, error);
    if (!status)
        status = make_masks(&all, error);
    if (!status)
        status = create_sheet(&all, error);
    if (!status)
        status = sg_paint_pictures(&work->network, &plan, watch, error);
    if (!status)
        status = write_sheet(&all, error);
    sg_labels_clear(&all.columns);
    sg_labels_clear(&all.rows);
    sg_page_destroy(all.sheet);
    free(all.masks);
    return status;
}
