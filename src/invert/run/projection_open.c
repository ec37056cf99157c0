/* Opens and checks all that projections need. Tested by: tests/cli/test_project.c */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/machine/memory.h"
#include "checkpoint/numpy/numpy_file.h"
#include "invert/projector_cost.h"
#include "invert/run/projection_state.h"
#include "latent/styles.h"
#include "pictures/painter.h"
#include "pictures/truncation_center.h"

/* ---- the start ---- */

/* Fails unless the array can be a z of `wanted` numbers. */
static sg_status check_z(const char *path, const sg_numpy_array *array, size_t wanted,
                         sg_error *error)
{
    char shape[256];
    if (array->count != wanted)
        return sg_fail(error, SG_ERROR_FORMAT, "%s holds an array %s, but z has %zu numbers", path,
                       sg_numpy_shape_print(array, shape), wanted);
    for (size_t i = 0; i < array->count; i++)
        if (!isfinite(array->values[i]))
            return sg_fail(error, SG_ERROR_FORMAT, "%s holds a z that is not finite", path);
    return SG_OK;
}

/* Reads the z of an .npz file that a projection of space z wrote, or any array of z_dim numbers. */
static sg_status read_z(sg_projection *p, const char *path, sg_error *error)
{
    static const char *const names[] = {"z"};
    static const sg_numpy_choice choice = {names, 1, false};
    sg_numpy_array array = {0};
    SG_TRY(sg_numpy_read(path, &choice, &array, error));
    const sg_status status = check_z(path, &array, (size_t)p->networks.network.config.z_dim, error);
    if (status)
        sg_numpy_array_clear(&array);
    else
        p->start = array.values;
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
    return sg_paint_picture(&p->networks.network, &request, NULL, start, error);
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

/* Fails if `output` is a file that the projection reads. */
static sg_status check_output(const sg_projection *p, const char *output, sg_error *error)
{
    const sg_projection_request *request = &p->request;
    const char *const read[] = {p->networks.network.path, request->options.start,
                                request->options.target.mask, request->options.classifier,
                                request->options.encoder};
    bool is_target = sg_path_is_one_of(output, request->targets, request->target_count);
    for (size_t i = 0; i < p->targets.count && !is_target; i++)
        is_target = sg_path_is_same(p->targets.targets[i].path, output);
    if (!is_target && !sg_path_is_one_of(output, read, sizeof read / sizeof *read))
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "%s is %s, and would be replaced by the result; choose another folder", output,
                   is_target ? "a target" : "read");
}

char *sg_projection_folder(const sg_projection *p, size_t index)
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
    char *sheet = sg_path_join(p->request.folder, "sheet.png");
    const sg_status of_sheet =
        sheet ? check_output(p, sheet, error) : sg_fail_memory(error, "a sheet's path");
    free(sheet);
    SG_TRY(of_sheet);
    for (size_t i = 0; i < p->targets.count; i++) {
        char *folder = sg_projection_folder(p, i);
        const sg_status status =
            folder ? check_folder(p, folder, error) : sg_fail_memory(error, "a folder's path");
        free(folder);
        SG_TRY(status);
    }
    return SG_OK;
}

/* ---- opening ---- */

/* Cuts the names that tuning leaves alone apart, and checks them before any search. */
static sg_status split_frozen(sg_projection *p, sg_error *error)
{
    if (!p->request.options.freeze)
        return SG_OK;
    p->freeze = sg_duplicate_text(p->request.options.freeze);
    if (!p->freeze)
        return sg_fail_memory(error, "names of parameters");
    char *rest = p->freeze;
    for (char *name = strtok_r(rest, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
        if (p->frozen_count == SG_PROJECTION_MOST_FROZEN)
            return sg_fail(error, SG_ERROR_ARGUMENT, "\"freeze\" takes %d names at most",
                           SG_PROJECTION_MOST_FROZEN);
        p->frozen[p->frozen_count++] = name;
    }
    const sg_tuning_options names = {.frozen = p->frozen, .frozen_count = p->frozen_count};
    return sg_tuning_check_frozen(&names, p->networks.network.generator, error);
}

/* Fails for more steps of a tuning of all pictures together than can be counted. */
static sg_status check_tuning(const sg_projection *p, sg_error *error)
{
    const sg_projection_options *options = &p->request.options;
    const int most = sg_tuning_most_targets(options->tune);
    if (!options->together || p->targets.count <= (size_t)most)
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "\"tune\" is %d, but for %zu pictures together must be at most %d",
                   options->tune, p->targets.count, sg_tuning_most_targets((int)p->targets.count));
}

/* Fails where a step of the search, or of the tuning after it, exceeds the memory that there is. */
static sg_status check_memory(const sg_projection *p, sg_error *error)
{
    char subject[700];
    sg_network_cost cost;
    const sg_invert_networks networks = sg_projection_networks_of(&p->networks);
    const sg_projection_options *options = &p->request.options;
    SG_TRY(sg_projector_cost(&networks, &options->projector, &cost, error));
    /* Gradients and Adam's two moments of every parameter. */
    if (options->tune > 0)
        cost.peak_bytes += 3.0 * sizeof(float) * (double)cost.values;
    cost.peak_bytes = sg_cost_of_step(cost.peak_bytes);
    snprintf(subject, sizeof subject, "%.500s: a step of the %s", p->networks.network.path,
             options->tune > 0 ? "tuning" : "search");
    return sg_memory_check(cost.peak_bytes - sg_resident_bytes(),
                           p->networks.network.context->memory, subject, error);
}

static sg_status open_all(sg_projection *p, const sg_watch *watch, sg_error *error)
{
    sg_projection_options *options = &p->request.options;
    if (p->request.target_count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "there is no target: name a picture");
    SG_TRY(sg_projection_options_resolve(options, error));
    p->default_losses = sg_invert_weights_are_empty(&options->projector.weights);
    for (size_t i = 0; i < p->request.target_count; i++)
        SG_TRY(sg_targets_add(&p->targets, p->request.targets[i], error));
    SG_TRY(check_tuning(p, error));
    SG_TRY(sg_projection_networks_open(&p->networks, &p->request.files, options, watch, error));
    SG_TRY(check_memory(p, error));
    sg_projection_describe_losses(&options->projector.weights, p->losses, sizeof p->losses);
    if (options->start)
        SG_TRY(options->projector.space == SG_INVERT_Z ? read_z(p, options->start, error)
                                                       : read_w(p, options->start, watch, error));
    SG_TRY(split_frozen(p, error));
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
    free(projection->freeze);
    free(projection);
}

const char *sg_projection_losses(const sg_projection *projection, bool *by_default)
{
    *by_default = projection->default_losses;
    return projection->losses;
}
