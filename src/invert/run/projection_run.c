/*
 * Searches for all targets of a projection. Where one network is tuned for all of them, their files
 * are written when it is. Tested by: tests/cli/test_project.c
 */
#include <stdlib.h>

#include "base/allocate.h"
#include "invert/run/projection_state.h"

/* A run; the searches keep their results until the end of a tuning together. */
typedef struct running {
    sg_projection *projection;
    const sg_projection_hooks *hooks;
    sg_projection_search *searches; /* [count] */
    size_t count;
    sg_projection_sheet sheet;
    bool stopped;
} running;

static void tell(const sg_projection_search *search)
{
    const sg_projection_result result = {.target = search->target->path,
                                         .folder = search->folder,
                                         .index = search->index,
                                         .count = search->projection->targets.count,
                                         .scores = search->scores,
                                         .tuned = search->untuned,
                                         .untuned_scores = search->untuned_scores,
                                         .tuning_steps = search->tuning_steps,
                                         .class_index = search->class_index,
                                         .steps = search->steps,
                                         .stopped = search->stopped,
                                         .seconds = search->seconds};
    if (search->hooks->done)
        search->hooks->done(search->hooks->user, &result);
}

/* Ends the film, writes the files, and frees the search. */
static sg_status finish(running *all, sg_projection_search *search, sg_error *error)
{
    sg_video *film = search->film;
    search->film = NULL;
    if (film)
        SG_TRY(sg_video_finish(film, error));
    SG_TRY(sg_projection_write(search, error));
    SG_TRY(sg_projection_sheet_add(&all->sheet, search, error));
    tell(search);
    sg_projection_search_clear(search);
    return SG_OK;
}

/* Searches for a target; tunes a network of its own and writes its files unless all are tuned
 * together. */
static sg_status project(running *all, size_t index, sg_error *error)
{
    sg_projection *projection = all->projection;
    const sg_projection_options *options = &projection->request.options;
    sg_projection_search *search = &all->searches[index];
    *search = (sg_projection_search){.projection = projection,
                                     .hooks = all->hooks,
                                     .target = &projection->targets.targets[index],
                                     .index = index,
                                     .folder = sg_projection_folder(projection, index)};
    if (!search->folder)
        return sg_fail_memory(error, "a folder's path");
    SG_TRY(sg_projection_search_run(search, error));
    all->stopped = search->stopped;
    if (options->tune > 0 && options->together)
        return SG_OK;
    if (options->tune > 0 && !all->stopped)
        SG_TRY(sg_projection_tune(projection, search, 1, search->folder, &all->stopped, error));
    return finish(all, search, error);
}

/* Tunes one network for all targets, unless the search was stopped, and writes their files. */
static sg_status tune_together(running *all, sg_error *error)
{
    if (!all->stopped)
        SG_TRY(sg_projection_tune(all->projection, all->searches, all->count,
                                  all->projection->request.folder, &all->stopped, error));
    for (size_t i = 0; i < all->count; i++)
        if (all->searches[i].picture)
            SG_TRY(finish(all, &all->searches[i], error));
    return SG_OK;
}

static sg_status run(running *all, sg_error *error)
{
    const sg_projection_options *options = &all->projection->request.options;
    for (size_t i = 0; i < all->count && !all->stopped; i++)
        SG_TRY(project(all, i, error));
    if (options->tune > 0 && options->together)
        SG_TRY(tune_together(all, error));
    return sg_projection_sheet_write(&all->sheet, all->projection, error);
}

sg_status sg_projection_run(sg_projection *projection, const sg_projection_hooks *hooks,
                            bool *stopped, sg_error *error)
{
    running all = {.projection = projection, .hooks = hooks, .count = projection->targets.count};
    *stopped = false;
    all.searches = sg_allocate(all.count, sizeof *all.searches);
    const sg_status status =
        all.searches ? run(&all, error) : sg_fail_memory(error, "the searches of targets");
    *stopped = all.stopped;
    for (size_t i = 0; i < all.count && all.searches; i++)
        sg_projection_search_clear(&all.searches[i]);
    sg_projection_sheet_clear(&all.sheet);
    free(all.searches);
    return status;
}
