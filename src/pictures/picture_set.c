/* Paints seeds and w to PNG files; see picture_set.h. Tested by: tests/cli/test_generate_lists.c */
#include "pictures/picture_set.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/files/file.h"
#include "edit/request/edit_plan.h"
#include "pictures/picture_fields.h"
#include "pictures/picture_metadata.h"
#include "pictures/sheet_labels.h"
#include "pictures/truncation_center.h"

enum { NOTE_BYTES = 2000 };

/* ---- what commands share ---- */

/* Reads the label that was given in place of a class. */
static sg_status read_label(sg_picture_work *work, const sg_watch *watch, sg_error *error)
{
    char note[NOTE_BYTES];
    const sg_picture_network *network = &work->network;
    if (!work->common.label.text)
        return SG_OK;
    if (work->lists.classes.text)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"label\" is given in place of a class, so \"class\" must not be");
    if (network->config.c_dim == 0) {
        snprintf(note, sizeof note, "\"label\" is ignored, since %s is an unconditional network",
                 network->path);
        sg_watch_note(watch, note);
    }
    return sg_picture_label_read(&work->common.label, network, SG_SPELL_KEYWORD,
                                 &work->label_values, error);
}

static sg_status read_classes(sg_picture_work *work, const sg_watch *watch, sg_error *error)
{
    sg_number_list *classes = &work->lists.classes;
    const char *given = classes->text;
    const bool conditional = work->network.config.c_dim > 0;
    const bool unneeded =
        work->without_class || work->label_values || sg_sources_are_files(work->lists.seeds.text);
    const char *text = !given && conditional && unneeded ? "0" : given;
    SG_TRY(sg_picture_network_classes(&work->network, text, watch, classes, error));
    if (work->one_class && classes->count > 1)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"class\" takes one class for all pictures, not \"%s\"; \"label\" takes "
                       "several at once, such as 1=1,3=1",
                       text);
    work->common.class_index = given && conditional ? (int)classes->values[0] : -1;
    return SG_OK;
}

sg_status sg_picture_work_prepare(sg_picture_work *work, const sg_watch *watch, sg_error *error)
{
    sg_picture_network *network = &work->network;
    SG_TRY(sg_picture_network_open(network, work->path, watch, error));
    SG_TRY(read_label(work, watch, error));
    SG_TRY(read_classes(work, watch, error));
    SG_TRY(sg_picture_network_load(network, &work->compute, error));
    SG_TRY(sg_center_load(&work->common.center, network, watch, &work->center, error));
    SG_TRY(sg_sources_read(&work->lists.seeds, network, watch, &work->lists.w, error));
    SG_TRY(sg_picture_edit_read(network, &work->common, &work->plan, error));
    return sg_picture_network_set_motion(network, &work->motion, &work->common.transform, error);
}

void sg_picture_work_clear(sg_picture_work *work)
{
    for (size_t i = 0; work->found && i < work->lists.seeds.count; i++)
        sg_edit_plan_destroy(work->found[i]);
    free(work->found);
    work->found = NULL;
    sg_edit_plan_destroy(work->plan);
    work->plan = NULL;
    sg_picture_network_close(&work->network);
    sg_w_set_clear(&work->center);
    free(work->label_values);
    work->label_values = NULL;
    sg_w_sources_clear(&work->lists.w);
}

sg_picture_request sg_picture_work_at(const sg_picture_work *work, size_t seed_index,
                                      size_t class_index, size_t psi_index)
{
    const sg_picture_lists *lists = &work->lists;
    sg_picture_request request = work->common;
    if (lists->seeds.count > 0)
        sg_source_set(&lists->seeds, &lists->w, seed_index, &request);
    request.class_index = (int)lists->classes.values[class_index];
    request.psi = lists->psis.values[psi_index];
    if (work->found)
        sg_edit_request_follow(&request.edit, work->found[seed_index]);
    return request;
}

sg_status sg_picture_work_count(sg_picture_work *work, const sg_w_set *projected, size_t *count,
                                sg_error *error)
{
    sg_picture_lists *lists = &work->lists;
    SG_TRY(sg_sources_unite(&lists->seeds, &lists->w, error));
    SG_TRY(sg_number_list_unite(&lists->classes, error));
    SG_TRY(sg_decimal_list_unite(&lists->psis, error));
    const uint64_t for_each = (uint64_t)lists->classes.count * lists->psis.count;
    const size_t sources = projected ? projected->count : lists->seeds.count;
    if (for_each > SG_MOST_PICTURES / sources)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu classes, %zu truncations and %zu %s are more than the %d pictures that "
                       "one call paints",
                       lists->classes.count, lists->psis.count, sources, projected ? "w" : "seeds",
                       SG_MOST_PICTURES);
    *count = (size_t)for_each * sources;
    return SG_OK;
}

/* ---- a set ---- */

enum { SHEET_GAP = 4 /* pixels */ };

/* State while a set is painted. */
typedef struct painting {
    const sg_picture_set *set;
    const sg_picture_work *work;
    sg_page *sheet; /* NULL: none */
    char name[SG_PICTURE_NAME_BYTES];
} painting;

static sg_picture_request request_at(void *user, size_t index)
{
    painting *all = user;
    const sg_picture_lists *lists = &all->work->lists;
    const sg_w_set *projected = all->set->projected;
    const size_t sources = projected ? projected->count : lists->seeds.count;
    const size_t psis = lists->psis.count;
    const size_t line = index / sources;
    sg_picture_request request =
        sg_picture_work_at(all->work, index % sources, line / psis, line % psis);
    if (projected) {
        request.w_index = index % sources;
        request.ws = sg_w_set_at(projected, index % sources);
    }
    request.output = sg_picture_name(&request, lists->classes.count > 1, psis > 1, all->name);
    return request;
}

static sg_status deliver(void *user, size_t index, const sg_picture_request *request,
                         const sg_image *image, sg_error *error)
{
    const painting *all = user;
    const size_t columns = (size_t)all->set->grid_columns;
    SG_TRY(sg_picture_write(&all->work->network, request, image, error));
    return all->sheet ? sg_page_paste(all->sheet, index % columns, index / columns, image, error)
                      : SG_OK;
}

/* Opens the sheet of all pictures; a labelled one has no columns and rows without a picture. */
static sg_status open_sheet(painting *all, const sg_picture_plan *plan, sg_error *error)
{
    const sg_picture_set *set = all->set;
    const sg_picture_network *network = &set->work->network;
    sg_figure_layout layout = {.columns = {.count = (size_t)set->grid_columns},
                               .rows = {.count = (size_t)set->grid_rows},
                               .gap = SHEET_GAP,
                               .scale = (size_t)set->work->common.scale,
                               .plain = set->work->plain};
    sg_sheet_labels labels = {0};
    sg_status status = SG_OK;
    if (!layout.plain)
        status = sg_sheet_labels_make(&labels, plan, layout.columns.count,
                                      network->config.c_dim > 0, error);
    if (!status && !layout.plain)
        sg_sheet_labels_apply(&labels, &layout);
    if (!status)
        status = sg_picture_page_create(network->generator, layout, &all->sheet, error);
    sg_sheet_labels_clear(&labels);
    return status;
}

static sg_status write_sheet(painting *all, sg_error *error)
{
    const sg_picture_network *network = &all->work->network;
    const sg_picture_lists *lists = &all->work->lists;
    const sg_picture_request first = request_at(all, 0);
    sg_remarks remarks;
    sg_remarks_start(&remarks, sg_picture_network_name(network));
    if (all->set->projected)
        sg_remark_text(&remarks, "projected w", sg_path_name(first.w_file));
    else
        sg_remark_text(&remarks, "seeds", lists->seeds.text);
    sg_remark_settings(&remarks, network, &first, lists->psis.count > 1 ? lists->psis.text : NULL,
                       lists->classes.count > 1 ? lists->classes.text : NULL);
    return sg_write_picture(first.folder, "grid.png", sg_page_image(all->sheet), &remarks, error);
}

sg_status sg_picture_set_paint(const sg_picture_set *set, const sg_watch *watch, sg_error *error)
{
    painting all = {.set = set, .work = set->work};
    const sg_picture_plan plan = {
        .count = set->count, .user = &all, .request = request_at, .deliver = deliver};
    if (set->grid_columns > 0)
        SG_TRY(open_sheet(&all, &plan, error));
    sg_status status = sg_paint_pictures(&set->work->network, &plan, watch, error);
    if (!status && all.sheet)
        status = write_sheet(&all, error);
    sg_page_destroy(all.sheet);
    return status;
}
