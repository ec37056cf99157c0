/*
 * Features are recorded while their picture is painted, a layer at a time, so that the features of
 * a large network need never be in memory all together.
 * Tested by: tests/cli/test_layers.c
 */
#include "layers/layers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "layers/layer_choice.h"
#include "pictures/painter.h"

typedef struct looking {
    const sg_picture_work *work;
    sg_layer_session session;
    sg_layer_tap tap;
    sg_picture_request request; /* of the picture that is being painted */
    char name[SG_SOURCE_NAME_BYTES];
    sg_layer_source source;
    sg_status status; /* of the tap, which cannot fail; its sentence is in `error` */
    sg_error error;
} looking;

static const sg_parameter_set *parameters_of(const looking *all)
{
    return sg_generator_parameters(all->work->network.generator);
}

/* ---- names ---- */

/* Names of layers as they come; those beyond SG_MOST_LAYERS are left out. */
typedef struct name_list {
    const sg_parameter_set *set;
    char texts[SG_MOST_LAYERS][SG_LAYER_NAME_BYTES];
    const char *names[SG_MOST_LAYERS];
    size_t count;
} name_list;

static void take_name(void *user, const sg_tensor *mark, const sg_tensor *features,
                      int64_t channels)
{
    name_list *list = user;
    if (list->count == SG_MOST_LAYERS)
        return;
    const sg_layer_view view = sg_layer_view_of(list->set, mark, features, channels);
    memcpy(list->texts[list->count], view.name, sizeof view.name);
    list->names[list->count] = list->texts[list->count];
    list->count++;
}

/* Checks the list of chosen layers against those that the first picture goes through. */
static sg_status check_choice(const looking *all, sg_error *error)
{
    sg_image *image = NULL;
    sg_picture_request request = all->work->common;
    name_list *list = sg_allocate(1, sizeof *list);
    if (!list)
        return sg_fail_memory(error, "the names of layers");
    const sg_layer_tap tap = {.user = list, .take = take_name};
    list->set = parameters_of(all);
    request.tap = &tap;
    sg_source_set(&all->work->lists.seeds, &all->work->lists.w, 0, &request);
    sg_status status = sg_paint_picture(&all->work->network, &request, NULL, &image, error);
    if (!status)
        status =
            sg_layer_choice_check(all->session.options->chosen, list->names, list->count, error);
    sg_image_destroy(image);
    free(list);
    return status;
}

/* ---- pictures ---- */

static void remark(void *user, sg_remarks *remarks)
{
    const looking *all = user;
    sg_remark_picture(remarks, &all->work->network, &all->request);
}

static void take(void *user, const sg_tensor *mark, const sg_tensor *features, int64_t channels)
{
    looking *all = user;
    const sg_layer_view view = sg_layer_view_of(parameters_of(all), mark, features, channels);
    if (!all->status)
        all->status = sg_layer_session_record(&all->session, &view, &all->source, &all->error);
}

static sg_picture_request request_at(void *user, size_t index)
{
    looking *all = user;
    all->request = all->work->common;
    sg_source_set(&all->work->lists.seeds, &all->work->lists.w, index, &all->request);
    all->request.tap = &all->tap;
    sg_request_source_name(&all->request, all->name);
    return all->request;
}

static sg_status deliver(void *user, size_t index, const sg_picture_request *request,
                         const sg_image *image, sg_error *error)
{
    looking *all = user;
    const sg_picture_lists *lists = &all->work->lists;
    char label[SG_LABEL_BYTES];
    (void)request;
    if (all->status) {
        *error = all->error;
        return all->status;
    }
    sg_source_print(&lists->seeds, &lists->w, index, label, sizeof label);
    return sg_layer_session_picture(&all->session, image, label, error);
}

static sg_status write_files(const looking *all, sg_error *error)
{
    const sg_picture_network *network = &all->work->network;
    sg_remarks remarks;
    sg_remarks_start(&remarks, sg_picture_network_name(network));
    sg_remark_text(&remarks, "seeds", all->work->lists.seeds.text);
    sg_remark_settings(&remarks, network, &all->work->common, NULL, NULL);
    return sg_layer_session_write(&all->session, &remarks, error);
}

sg_status sg_layers(const sg_picture_work *work, const sg_layers_options *options,
                    sg_layer_records *records, const sg_watch *watch, sg_error *error)
{
    looking all = {.work = work,
                   .session = {.options = options,
                               .records = records,
                               .folder = work->common.folder,
                               .network = sg_picture_network_name(&work->network),
                               .count = work->lists.seeds.count}};
    const sg_picture_plan plan = {
        .count = all.session.count, .user = &all, .request = request_at, .deliver = deliver};
    all.tap = (sg_layer_tap){.user = &all, .take = take};
    all.source = (sg_layer_source){.name = all.name, .user = &all, .remark = remark};
    sg_status status = sg_layer_session_open(&all.session, error);
    if (!status && options->chosen)
        status = check_choice(&all, error);
    if (!status)
        status = sg_paint_pictures(&work->network, &plan, watch, error);
    if (!status)
        status = write_files(&all, error);
    sg_layer_session_close(&all.session);
    return status;
}
