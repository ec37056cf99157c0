/* The sheet of several targets: a row each. Tested by: tests/cli/test_project.c */
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "invert/run/projection_state.h"
#include "pictures/picture_metadata.h"

enum { MOST_ROWS = 100 /* further ones are left out */ };

static void free_stage(sg_projection_stage *stage)
{
    if (stage)
        sg_image_destroy(stage->picture);
    free(stage);
}

sg_status sg_projection_sheet_add(sg_projection_sheet *sheet, const sg_projection_search *search,
                                  sg_error *error)
{
    const sg_image *picture = search->picture;
    if (sheet->count == MOST_ROWS)
        return SG_OK;
    sg_projection_stage *stage = sg_allocate(1, sizeof *stage);
    if (!stage || !sg_grow(&sheet->rows, &sheet->capacity, sheet->count, sizeof *sheet->rows)) {
        free_stage(stage);
        return sg_fail_memory(error, "the sheet of targets");
    }
    snprintf(stage->label, sizeof stage->label, "result");
    snprintf(stage->caption, sizeof stage->caption, "%.1f dB", search->scores.psnr);
    const sg_status status =
        sg_image_crop(picture, 0, 0, picture->width, picture->height, &stage->picture, error);
    if (status)
        free_stage(stage);
    else
        sheet->rows[sheet->count++] = (sg_projection_row){
            search->target->name, search->target->picture, search->target->weights, stage};
    return status;
}

sg_status sg_projection_sheet_write(const sg_projection_sheet *sheet,
                                    const sg_projection *projection, sg_error *error)
{
    sg_image *figure = NULL;
    sg_remarks remarks;
    if (sheet->count < 2)
        return SG_OK;
    SG_TRY(sg_projection_figure_draw(sheet->rows, sheet->count, 1, NULL, &figure, error));
    sg_remarks_start(&remarks, sg_picture_network_name(&projection->networks.network));
    sg_remark_text(&remarks, "losses", projection->losses);
    const sg_status status =
        sg_write_picture(projection->request.folder, "sheet.png", figure, &remarks, error);
    sg_image_destroy(figure);
    return status;
}

void sg_projection_sheet_clear(sg_projection_sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++) {
        sg_projection_stage *stage = (sg_projection_stage *)sheet->rows[i].stages;
        free_stage(stage);
    }
    free(sheet->rows);
    *sheet = (sg_projection_sheet){0};
}
