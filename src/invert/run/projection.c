/* Projections from files to files. Tested by: tests/cli/test_project.c */
#include "invert/run/projection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "checkpoint/numpy/numpy_file.h"
#include "invert/run/projection_state.h"
#include "latent/styles.h"
#include "pictures/painter.h"
#include "pictures/truncation_center.h"

/* ---- the start ---- */

/* Reads the z of an .npz file that a projection of space z wrote, or any array of z_dim numbers. */
static sg_status read_z(sg_projection *p, const char *path, sg_error *error)
{
    static const char *const names[] = {"z"};
    static const sg_numpy_choice choice = {names, 1, false};
    char shape[256];
    sg_numpy_array array = {0};
    const size_t wanted = (size_t)p->networks.network.config.z_dim;
    SG_TRY(sg_numpy_read(path, &choice, &array, error));
    if (array.count == wanted) {
        p->start = array.values;
        return SG_OK;
    }
    const sg_status status =
        sg_fail(error, SG_ERROR_FORMAT, "%s holds an array %s, but z has %zu numbers", path,
                sg_numpy_shape_print(&array, shape), wanted);
    sg_numpy_array_clear(&array);
    return status;
}

static sg_status read_w(sg_projection *p, const char *path, const sg_watch *watch, sg_error *error)
{
    sg_w_set set = {0};
    SG_TRY(sg_read_w_file(path, &p->networks.network, watch, &set, error));
    const size_t size = set.num_ws * set.w_dim;
    sg_status status = SG_OK;
    if (set.count != 1)
        status = sg_fail(error, SG_ERROR_FORMAT,
                         "%s holds the w of %zu pictures, but a search starts from one", path,
                         set.count);
    else if (!(p->start = sg_allocate(size, sizeof *p->start)))
        status = sg_fail_memory(error, "the w of %s", path);
    else
        memcpy(p->start, set.values, size * sizeof *p->start);
    sg_w_set_clear(&set);
    return status;
}

/* ---- targets ---- */

/* Makes the picture of the start: of the average w, a seed or the given w. */
static sg_status paint_start(const sg_projection *p, sg_image **start, sg_error *error)
{
    const sg_projector_options *options = &p->request.options.projector;
    sg_picture_request request = SG_PICTURE_REQUEST();
    const bool z = options->space == SG_INVERT_Z;
    request.class_index = options->class_index < 0 ? 0 : options->class_index;
    if (options->start == SG_INVERT_START_GIVEN && z)
        request.z = p->start;
    else if (options->start == SG_INVERT_START_GIVEN)
        request.ws = p->start;
    request.seed = options->start_seed;
    request.cutoff = SG_ALL_INPUTS;
    request.psi = options->start == SG_INVERT_START_AVERAGE ? 0
                  : options->start == SG_INVERT_START_SEED  ? options->start_psi
                                                            : 1;
    return sg_paint_picture(&p->networks.network, &request, start, error);
}

static sg_status prepare_targets(sg_projection *p, const sg_watch *watch, sg_error *error)
{
    const sg_generator *generator = p->networks.network.generator;
    const sg_target_options *options = &p->request.options.target;
    const sg_image_shape shape = {(size_t)sg_generator_width(generator),
                                  (size_t)sg_generator_height(generator),
                                  (size_t)p->networks.network.config.img_channels};
    sg_image *start = NULL;
    if (options->align.given)
        SG_TRY(paint_start(p, &start, error));
    const sg_status status = sg_targets_prepare(&p->targets, options, &shape, start, watch, error);
    sg_image_destroy(start);
    return status;
}

/* ---- what must not be replaced ---- */

static bool is_same_file(const char *a, const char *b)
{
    struct stat first;
    struct stat second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/* Fails if `output` is a file that the projection reads. */
static sg_status check_output(const sg_projection *p, const char *output, sg_error *error)
{
    const sg_projection_request *request = &p->request;
    const char *const read[] = {p->networks.network.path, request->options.start,
                                request->options.target.mask, request->options.classifier};
    for (size_t i = 0; i < request->target_count; i++)
        if (is_same_file(request->targets[i], output))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "%s is a target, and would be replaced by the result; choose another "
                           "folder",
                           output);
    for (size_t i = 0; i < p->targets.count; i++)
        if (is_same_file(p->targets.targets[i].path, output))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "%s is a target, and would be replaced by the result; choose another "
                           "folder",
                           output);
    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        if (read[i] && is_same_file(read[i], output))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "%s is read, and would be replaced by the result; choose another folder",
                           output);
    return SG_OK;
}

/* Returns the folder of a target's files, on the heap; NULL on lack of memory. */
static char *folder_of(const sg_projection *p, size_t index)
{
    return p->targets.count == 1 ? sg_duplicate_text(p->request.folder)
                                 : sg_path_join(p->request.folder, p->targets.targets[index].name);
}

static sg_status check_folder(const sg_projection *p, const char *folder, sg_error *error)
{
    for (const char *const *name = sg_projection_file_names; *name; name++) {
        char *path = sg_path_join(folder, *name);
        const sg_status status =
            path ? check_output(p, path, error) : sg_fail_memory(error, "the path of %s", *name);
        free(path);
        SG_TRY(status);
    }
    return SG_OK;
}

static sg_status check_folders(const sg_projection *p, sg_error *error)
{
    for (size_t i = 0; i < p->targets.count; i++) {
        char *folder = folder_of(p, i);
        const sg_status status =
            folder ? check_folder(p, folder, error) : sg_fail_memory(error, "a folder's path");
        free(folder);
        SG_TRY(status);
    }
    return SG_OK;
}

/* ---- opening ---- */

static sg_status open_all(sg_projection *p, const sg_watch *watch, sg_error *error)
{
    sg_projection_options *options = &p->request.options;
    if (p->request.target_count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "there is no target: name a picture");
    SG_TRY(sg_projection_options_resolve(options, error));
    p->default_losses = sg_invert_weights_are_empty(&options->projector.weights);
    for (size_t i = 0; i < p->request.target_count; i++)
        SG_TRY(sg_targets_add(&p->targets, p->request.targets[i], error));
    SG_TRY(sg_projection_networks_open(&p->networks, &p->request.files, options, watch, error));
    sg_projection_describe_losses(&options->projector.weights, p->losses, sizeof p->losses);
    if (options->start)
        SG_TRY(options->projector.space == SG_INVERT_Z ? read_z(p, options->start, error)
                                                       : read_w(p, options->start, watch, error));
    SG_TRY(check_folders(p, error));
    return prepare_targets(p, watch, error);
}

sg_status sg_projection_open(const sg_projection_request *request, const sg_watch *watch,
                             sg_projection **projection, sg_error *error)
{
    sg_projection *p = sg_allocate(1, sizeof *p);
    *projection = NULL;
    if (!p)
        return sg_fail_memory(error, "a projection");
    p->request = *request;
    const sg_status status = open_all(p, watch, error);
    if (status)
        sg_projection_close(p);
    else
        *projection = p;
    return status;
}

void sg_projection_close(sg_projection *projection)
{
    if (!projection)
        return;
    sg_projection_networks_close(&projection->networks);
    sg_targets_clear(&projection->targets);
    free(projection->start);
    free(projection);
}

const char *sg_projection_losses(const sg_projection *projection, bool *by_default)
{
    *by_default = projection->default_losses;
    return projection->losses;
}

/* ---- all targets ---- */

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
    sg_projection_search *search = sg_allocate(1, sizeof *search);
    sg_status status = search ? SG_OK : sg_fail_memory(error, "a projection");
    for (size_t i = 0; i < projection->targets.count && !status && !*stopped; i++) {
        search->projection = projection;
        search->hooks = hooks;
        search->target = &projection->targets.targets[i];
        search->index = i;
        search->folder = folder_of(projection, i);
        status = project(search, error);
        *stopped = search->stopped;
        if (!status)
            tell(search);
        sg_projection_search_clear(search);
    }
    free(search);
    return status;
}
