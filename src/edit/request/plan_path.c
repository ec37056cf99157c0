/* Plans that follow the path of a search; see edit_path.h and plan_parts.h.
 * Tested by: tests/edit/request/test_edit_path.c */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "edit/request/edit_path.h"
#include "edit/request/plan_parts.h"

/* Lists a shift for each channel of the StyleSpace. */
static sg_status list_shifts(sg_edit_plan *plan, sg_error *error)
{
    SG_TRY(sg_style_space_open(plan->generator, &plan->space, error));
    const size_t count = plan->space.channels;
    plan->shifts = sg_allocate(count, sizeof *plan->shifts);
    plan->amounts = sg_allocate(count, sizeof *plan->amounts);
    plan->saved = sg_allocate(count, sizeof *plan->saved);
    if (!plan->shifts || !plan->amounts || !plan->saved)
        return sg_fail_memory(error, "%zu shifts of styles", count);
    for (size_t i = 0; i < plan->space.count; i++)
        for (size_t k = 0; k < plan->space.layers[i].channels; k++)
            plan->shifts[plan->shift_count++] = (sg_style_shift){.layer = i, .channel = k};
    return SG_OK;
}

static sg_status fill(sg_edit_plan *plan, const sg_edit_path *path, const char *text,
                      sg_error *error)
{
    if (path->styles)
        SG_TRY(list_shifts(plan, error));
    plan->path.points = path->points;
    plan->path.values = path->styles ? plan->space.channels : plan->inputs * plan->width;
    const size_t bytes = plan->path.values * sizeof *plan->path.steps;
    plan->path.steps = sg_allocate(path->points, bytes);
    sg_text_append(&plan->text, "%s", text);
    if (!plan->path.steps || plan->text.failed)
        return sg_fail_memory(error, "the path of an edit");
    memcpy(plan->path.steps, path->styles ? path->styles : path->w, path->points * bytes);
    return SG_OK;
}

sg_status sg_edit_plan_make_path(const sg_edit_path *path, const char *text,
                                 sg_generator *generator, sg_edit_plan **plan, sg_error *error)
{
    *plan = NULL;
    sg_edit_plan *made = sg_plan_create(generator, error);
    if (!made)
        return SG_ERROR_MEMORY;
    const sg_status status = fill(made, path, text, error);
    if (status)
        sg_edit_plan_destroy(made);
    else
        *plan = made;
    return status;
}

/* The start, of zeros, is the point before the first. */
double sg_plan_path_at(const sg_edit_plan *plan, double strength, size_t index)
{
    const sg_plan_path *path = &plan->path;
    const float *steps = path->steps + index;
    const double last = (double)steps[(path->points - 1) * path->values];
    if (strength <= 0 || strength >= 1)
        return strength * last;
    const double place = strength * (double)path->points;
    const size_t before = (size_t)place;
    const double from = before > 0 ? (double)steps[(before - 1) * path->values] : 0;
    return from + (place - (double)before) * ((double)steps[before * path->values] - from);
}
