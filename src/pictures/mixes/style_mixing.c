/*
 * Style mixing (Karras et al. 2019, section 3.1): the inputs of the synthesis network are w of two
 * seeds, each truncated on its own before they are mixed. The figure is that paper's figure 3.
 * Tested by: tests/cli/test_mix.c
 */
#include "pictures/mixes/style_mixing.h"

#include <inttypes.h>
#include <stdio.h>

#include "pictures/figure_labels.h"
#include "pictures/painter.h"
#include "pictures/picture_metadata.h"

typedef struct mixing {
    const sg_picture_work *work;
    const sg_mix_options *options;
    sg_labels columns, rows;
    sg_page *sheet;
    char name[SG_PICTURE_NAME_BYTES];
} mixing;

size_t sg_mix_count(const sg_mix_options *options)
{
    return (options->rows.count + 1) * (options->columns.count + 1) - 1;
}

static const sg_mix_band *band_of_row(const sg_mix_options *options, size_t row)
{
    const sg_mix_band *band = options->bands;
    for (; row >= band->rows; band++)
        row -= band->rows;
    return band;
}

/* The cell of picture `index`, counted after the empty corner; row 0 and column 0 show the seeds
 * alone. */
static void find_cell(const sg_mix_options *options, size_t index, size_t *row, size_t *column)
{
    *row = (index + 1) / (options->columns.count + 1);
    *column = (index + 1) % (options->columns.count + 1);
}

/* Writes a seed's own number, as official programs name the files; "proj00" for a w. */
static const char *name_source(const sg_picture_request *request, char *name)
{
    if (request->ws)
        return sg_request_source_name(request, name);
    snprintf(name, SG_SOURCE_NAME_BYTES, "%" PRIu64, request->seed);
    return name;
}

void sg_mix_name(const sg_picture_request *request, const sg_picture_request *other,
                 const char *what, char *name)
{
    char names[2][SG_SOURCE_NAME_BYTES];
    snprintf(name, SG_PICTURE_NAME_BYTES, "%s-%s%s%s.png", name_source(request, names[0]),
             name_source(other, names[1]), what ? "-" : "", what ? what : "");
}

void sg_mix_title(const sg_picture_work *work, char title[SG_LABEL_BYTES])
{
    const sg_picture_request *common = &work->common;
    char psi[SG_NUMBER_TEXT_BYTES];
    sg_print_number(psi, common->psi);
    if (common->label.values)
        snprintf(title, SG_LABEL_BYTES, "label %.10s, psi %.8s", common->label.text, psi);
    else if (work->network.config.c_dim > 0 && common->class_index >= 0)
        snprintf(title, SG_LABEL_BYTES, "class %d, psi %.20s", common->class_index, psi);
    else
        snprintf(title, SG_LABEL_BYTES, "psi %s", psi);
}

sg_picture_mixing sg_mixing_with(const sg_picture_request *other, const bool *inputs, double share,
                                 const char *text)
{
    return (sg_picture_mixing){.used = true,
                               .seed = (uint32_t)other->seed,
                               .ws = other->ws,
                               .w_file = other->w_file,
                               .inputs = inputs,
                               .share = share,
                               .text = text};
}

static sg_picture_request request_at(void *user, size_t index)
{
    mixing *all = user;
    const sg_mix_options *options = all->options;
    sg_picture_request request = all->work->common;
    const sg_mix_band *band = NULL;
    size_t row = 0;
    size_t column = 0;
    find_cell(options, index, &row, &column);
    if (row > 0 && column > 0)
        band = band_of_row(options, row - 1);
    sg_picture_request other = request;
    if (column > 0)
        sg_source_set(&options->columns, &options->column_w, column - 1, &other);
    if (row > 0)
        sg_source_set(&options->rows, &options->row_w, row - 1, &request);
    else
        request = other;
    if (column == 0)
        other = request;
    request.mixing = sg_mixing_with(&other, band ? band->from_column : NULL, options->share,
                                    band ? band->styles_text : NULL);
    sg_mix_name(&request, &other, band ? band->name : NULL, all->name);
    request.output = all->name;
    return request;
}

static sg_status deliver(void *user, size_t index, const sg_picture_request *request,
                         const sg_image *image, sg_error *error)
{
    const mixing *all = user;
    size_t row = 0;
    size_t column = 0;
    find_cell(all->options, index, &row, &column);
    SG_TRY(sg_picture_write(&all->work->network, request, image, error));
    return sg_page_paste(all->sheet, column, row, image, error);
}

/* ---- the sheet ---- */

/* The first row and column stand apart; below, the bands do. */
static sg_status create_sheet(mixing *all, sg_error *error)
{
    const sg_mix_options *options = all->options;
    const sg_figure_group sources[] = {{1, "source A"}, {options->columns.count, "source B"}};
    sg_figure_group bands[SG_MOST_MIX_BANDS + 1] = {{1, NULL}};
    char texts[SG_MOST_MIX_BANDS][SG_LABEL_BYTES];
    char title[SG_LABEL_BYTES];
    for (size_t i = 0; i < options->band_count; i++) {
        const sg_mix_band *band = &options->bands[i];
        if (band->name)
            snprintf(texts[i], SG_LABEL_BYTES, "%.30s styles from B", band->name);
        else
            snprintf(texts[i], SG_LABEL_BYTES, "styles %.30s from B", band->styles_text);
        bands[i + 1] = (sg_figure_group){band->rows, texts[i]};
    }
    SG_TRY(sg_labels_sources(&all->columns, &options->columns, &options->column_w, 1, 1, error));
    SG_TRY(sg_labels_sources(&all->rows, &options->rows, &options->row_w, 1, 1, error));
    sg_mix_title(all->work, title);
    const sg_figure_layout layout = {
        .columns = {all->columns.count, all->columns.pointers, sources, 2},
        .rows = {all->rows.count, all->rows.pointers, bands, options->band_count + 1},
        .scale = (size_t)all->work->common.scale,
        .title = title,
        .plain = all->work->plain};
    return sg_picture_page_create(all->work->network.generator, layout, &all->sheet, error);
}

static sg_status write_sheet(const mixing *all, sg_error *error)
{
    const sg_mix_options *options = all->options;
    sg_remarks remarks;
    sg_remarks_start(&remarks, sg_picture_network_name(&all->work->network));
    sg_remark_text(&remarks, "row seeds", options->rows.text);
    sg_remark_text(&remarks, "column seeds", options->columns.text);
    for (size_t i = 0; i < options->band_count; i++)
        sg_remark_text(&remarks,
                       options->bands[i].name ? options->bands[i].name : "styles of the column",
                       options->bands[i].styles_text);
    sg_remark_settings(&remarks, &all->work->network, &all->work->common, NULL, NULL);
    return sg_write_picture(all->work->common.folder, options->figure ? "figure.png" : "grid.png",
                            sg_page_image(all->sheet), &remarks, error);
}

sg_status sg_mix(const sg_picture_work *work, const sg_mix_options *options, const sg_watch *watch,
                 sg_error *error)
{
    mixing all = {.work = work, .options = options};
    const sg_picture_plan plan = {
        .count = sg_mix_count(options), .user = &all, .request = request_at, .deliver = deliver};
    sg_status status = create_sheet(&all, error);
    if (!status)
        status = sg_paint_pictures(&work->network, &plan, watch, error);
    if (!status)
        status = write_sheet(&all, error);
    sg_labels_clear(&all.columns);
    sg_labels_clear(&all.rows);
    sg_page_destroy(all.sheet);
    return status;
}
