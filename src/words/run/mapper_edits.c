/* The moves of a set of pictures; see mapper_edits.h. Tested by: tests/cli/test_train_mapper.c */
#include "words/run/mapper_edits.h"

#include <stdio.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/utf8.h"
#include "checkpoint/network/network_load.h"
#include "edit/request/edit_path.h"
#include "tensor/context.h"

enum { TEXT_BYTES = 200, MOST_NAME = 150 };

/* Loads the mapper into the context of the work's network. */
static sg_status open_mapper(const char *path, const sg_picture_network *network,
                             sg_mapper **mapper, sg_error *error)
{
    sg_network_file *file = NULL;
    *mapper = NULL;
    SG_TRY(sg_network_open(path, &file, error));
    sg_status status = sg_network_load_mapper(file, network->context, mapper, error);
    sg_network_close(file);
    SG_TRY(status);
    const sg_mapper_config *config = sg_mapper_config_of(*mapper);
    const int inputs = sg_generator_num_ws(network->generator);
    const int width = sg_generator_config_of(network->generator)->w_dim;
    if (config->num_ws != inputs || config->w_dim != width)
        status = sg_fail(error, SG_ERROR_ARGUMENT,
                         "\"mapper\" %s moves %d w of %d numbers, but the network has %d of %d",
                         path, config->num_ws, config->w_dim, inputs, width);
    return status;
}

/* Makes the plan of one source. */
static sg_status make_plan(const sg_mapper *mapper, const char *text, double strength,
                           sg_picture_work *work, size_t index, sg_error *error)
{
    sg_context *context = work->network.context;
    const sg_picture_request request = sg_picture_work_at(work, index, 0, 0);
    const size_t scope = sg_scope_open(context);
    sg_tensor *styles = sg_picture_styles(&work->network, &request);
    sg_tensor *moves = styles ? sg_mapper_moves(mapper, styles) : NULL;
    sg_status status = sg_context_take_error(context, error);
    for (int64_t i = 0; moves && i < sg_tensor_count(moves); i++)
        sg_f32(moves)[i] *= (float)strength;
    if (!status && moves) {
        const sg_edit_path path = {.points = 1, .w = sg_f32(moves)};
        status = sg_edit_plan_make_path(&path, text, work->network.generator, &work->found[index],
                                        error);
    }
    sg_scope_close(context, scope, NULL);
    return status;
}

sg_status sg_mapper_edits_make(const char *path, double strength, sg_picture_work *work,
                               sg_error *error)
{
    char text[TEXT_BYTES];
    sg_mapper *mapper = NULL;
    const size_t count = work->lists.seeds.count;
    work->found = sg_allocate(count, sizeof(sg_edit_plan *));
    if (!work->found)
        return sg_fail_memory(error, "%zu edits", count);
    snprintf(text, sizeof text, "mapper %.*s, strength %g",
             (int)sg_utf8_cut(sg_path_name(path), MOST_NAME), sg_path_name(path), strength);
    sg_status status = open_mapper(path, &work->network, &mapper, error);
    for (size_t i = 0; i < count && !status; i++)
        status = make_plan(mapper, text, strength, work, i, error);
    sg_mapper_destroy(mapper);
    return status;
}
