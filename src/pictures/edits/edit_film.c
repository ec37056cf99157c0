/* Films of edits; see edit_pictures.h. Tested by: tests/cli/test_edit.c */
#include <math.h>
#include <stdlib.h>

#include "edit/request/edit_plan.h"
#include "edit/waves.h"
#include "pictures/edits/edit_pictures.h"
#include "pictures/painter.h"

static const double PI = 3.14159265358979323846;

/* A film being painted: all cells of a frame, then the next frame. */
typedef struct film_state {
    const sg_picture_work *work;
    const sg_edit_film *film;
    size_t cells;
    sg_grid *grid;
    sg_frame_output *output;
    sg_remarks remarks;
} film_state;

static double psi_of(const film_state *all, size_t cell, double share)
{
    const sg_edit_film *film = all->film;
    const sg_wave wave = {film->columns, film->rows, film->psi_start, film->psi_end};
    if (film->kind == SG_EDIT_PULSE)
        return sg_pulse(film->psi_start, film->psi_end, film->frequency, share);
    return sg_wave_at(&wave, (int)cell % film->columns, (int)cell / film->columns, share);
}

/* Returns how much of the edits a frame has. */
static double strength_of(const film_state *all, double share)
{
    static const double moving = 0.8; /* of the frames; the others show the end of the way */
    return all->work->found ? fmin(1, share / moving) : sin(2 * PI * share);
}

/* Random noise stands still: a film shows what the edit changes. */
static sg_picture_request request_at(void *user, size_t index)
{
    film_state *all = user;
    const size_t cell = index % all->cells;
    const size_t frame = index / all->cells;
    const double share = (double)frame / (double)all->film->output.frame_count;
    sg_picture_request request = sg_picture_work_at(all->work, cell, 0, 0);
    request.noise = NULL;
    if (all->film->kind == SG_EDIT_SWEEP)
        request.edit.strength = strength_of(all, share);
    else
        request.psi = psi_of(all, cell, share);
    request.save_w = false;
    return request;
}

static sg_status deliver(void *user, size_t index, const sg_picture_request *request,
                         const sg_image *image, sg_error *error)
{
    const film_state *all = user;
    const size_t cell = index % all->cells;
    const size_t columns = (size_t)all->film->columns;
    (void)request;
    if (!all->grid)
        return sg_frame_output_add(all->output, image, error);
    SG_TRY(sg_grid_paste(all->grid, cell % columns, cell / columns, image, error));
    return cell + 1 < all->cells
               ? SG_OK
               : sg_frame_output_add(all->output, sg_grid_image(all->grid), error);
}

static sg_status open_film(film_state *all, sg_error *error)
{
    const sg_picture_request first = sg_picture_work_at(all->work, 0, 0, 0);
    const sg_edit_film *film = all->film;
    sg_frame_output_options output = film->output;
    sg_remarks_start(&all->remarks, sg_picture_network_name(&all->work->network));
    if (!first.edit.sum)
        sg_remark_text(&all->remarks, "seeds", all->work->lists.seeds.text);
    sg_remark_settings(&all->remarks, &all->work->network, &first, NULL, NULL);
    if (film->kind != SG_EDIT_SWEEP) {
        sg_remark_number(&all->remarks, "psi from", film->psi_start);
        sg_remark_number(&all->remarks, "psi to", film->psi_end);
    }
    output.remarks = &all->remarks;
    if (film->columns * film->rows > 1)
        SG_TRY(sg_paint_grid(all->work->network.generator, (size_t)film->columns,
                             (size_t)film->rows, &all->grid, error));
    return sg_frame_output_open(&output, &all->output, error);
}

sg_status sg_edit_film_paint(const sg_picture_work *work, const sg_edit_film *film,
                             const sg_watch *watch, sg_error *error)
{
    film_state all = {.work = work, .film = film, .cells = work->lists.seeds.count};
    const sg_picture_plan plan = {.count = film->output.frame_count * all.cells,
                                  .frame = all.cells,
                                  .subject = film->output.path,
                                  .user = &all,
                                  .request = request_at,
                                  .deliver = deliver};
    sg_status status = open_film(&all, error);
    if (!status)
        status = sg_paint_pictures(&work->network, &plan, watch, error);
    if (status)
        sg_frame_output_abandon(all.output);
    else
        status = sg_frame_output_finish(all.output, error);
    sg_grid_destroy(all.grid);
    return status;
}
