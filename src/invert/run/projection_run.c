/* Searches for all targets of a projection. Tested by: tests/cli/test_project.c */
#include <stdlib.h>

#include "base/allocate.h"
#include "invert/run/projection_state.h"

/* Searches for a target and writes its files; the film ends with them. */
static sg_status project(sg_projection_search *search, sg_error *error)
{
    if (!search->folder)
        return sg_fail_memory(error, "a folder's path");
    SG_TRY(sg_projection_search_run(search, error));
    if (search->film) {
        sg_video *film = search->film;
        search->film = NULL;
        SG_TRY(sg_video_finish(film, error));
    }
    return sg_projection_write(search, error);
}

static void tell(const sg_projection_search *search)
{
    const sg_projection_result result = {.target = search->target->path,
                                         .folder = search->folder,
                                         .index = search->index,
                                         .count = search->projection->targets.count,
                                         .scores = search->scores,
                                         .class_index = sg_projector_class(search->projector),
                                         .steps = sg_projector_steps_done(search->projector),
                                         .stopped = search->stopped,
                                         .seconds = search->seconds};
    if (search->hooks->done)
        search->hooks->done(search->hooks->user, &result);
}

sg_status sg_projection_run(sg_projection *projection, const sg_projection_hooks *hooks,
                            bool *stopped, sg_error *error)
{
    *stopped = false;
    sg_projection_sheet sheet = {0};
    sg_projection_search *search = sg_allocate(1, sizeof *search);
    sg_status status = search ? SG_OK : sg_fail_memory(error, "a projection");
    for (size_t i = 0; i < projection->targets.count && !status && !*stopped; i++) {
        search->projection = projection;
        search->hooks = hooks;
        search->target = &projection->targets.targets[i];
        search->index = i;
        search->folder = sg_projection_folder(projection, i);
        status = project(search, error);
        if (!status)
            status = sg_projection_sheet_add(&sheet, search, error);
        *stopped = search->stopped;
        if (!status)
            tell(search);
        sg_projection_search_clear(search);
    }
    if (!status)
        status = sg_projection_sheet_write(&sheet, projection, error);
    sg_projection_sheet_clear(&sheet);
    free(search);
    return status;
}
