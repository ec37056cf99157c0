/*
 * Style transfer within a generator: layers from a resolution on get the weighted sum of the
 * styles' w in place of the content's. Tested by: tests/cli/test_style.c
 */
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"
#include "pictures/layer_ranges.h"
#include "pictures/painter.h"
#include "style/run/style_state.h"

/* ---- opening ---- */

/* Joins the styles to one list, "3,b.npz". NULL on lack of memory. */
static char *join_styles(const sg_style_request *request)
{
    sg_text text = {0};
    for (size_t i = 0; i < request->style_count; i++)
        sg_text_append(&text, "%s%s", i > 0 ? "," : "", request->styles[i]);
    if (text.failed)
        sg_text_clear(&text);
    return text.bytes;
}

/* Reads a list of seeds; one with files is only noted, and read against the network. */
static sg_status read_list(const char *text, sg_number_list *list, sg_error *error)
{
    if (!sg_sources_have_files(text))
        return sg_number_list_parse(text, "seeds", UINT32_MAX, list, error);
    list->text = text;
    return sg_sources_check(text, error);
}

static sg_status prepare_work(sg_style_run *run, const sg_watch *watch, sg_error *error)
{
    const sg_style_request *request = &run->request;
    sg_style_latents *latents = run->latents;
    sg_picture_work *work = &latents->work;
    *work = (sg_picture_work){.path = request->network,
                              .common = SG_PICTURE_REQUEST(),
                              .one_class = true,
                              .compute = request->compute};
    work->common.psi = request->psi;
    work->network.keywords = request->keywords;
    work->lists.classes.text = request->class_index;
    latents->style_text = join_styles(request);
    if (!latents->style_text)
        return sg_fail_memory(error, "the styles");
    SG_TRY(read_list(latents->style_text, &work->lists.seeds, error));
    SG_TRY(read_list(request->content, &latents->content, error));
    SG_TRY(sg_picture_work_prepare(work, watch, error));
    SG_TRY(sg_sources_read(&latents->content, &work->network, watch, &latents->content_w, error));
    if (latents->content.count != 1 || work->lists.seeds.count != run->count)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"content\" must be one seed or w, and each \"style\" too, but there are "
                       "%zu and, in %zu styles, %zu",
                       latents->content.count, run->count, work->lists.seeds.count);
    return SG_OK;
}

/* Adds share * the truncated w of a source to ws[num_ws, w_dim]. */
static sg_status add_source(const sg_style_latents *latents, const sg_number_list *list,
                            const sg_w_sources *sources, size_t index, double share, float *ws,
                            sg_error *error)
{
    const sg_picture_network *network = &latents->work.network;
    sg_picture_request request = latents->work.common;
    sg_source_set(list, sources, index, &request);
    const size_t scope = sg_scope_open(network->context);
    const sg_tensor *found = sg_picture_styles(network, &request);
    for (int64_t i = 0; found && i < sg_tensor_count(found); i++)
        ws[i] += (float)(share * sg_tensor_value(found, i));
    sg_scope_close(network->context, scope, NULL);
    return sg_context_take_error(network->context, error);
}

static sg_status paint_ws(const sg_style_latents *latents, const float *ws, sg_image **image,
                          sg_error *error)
{
    sg_picture_request request = latents->work.common;
    request.ws = ws;
    request.psi = 1; /* the w are truncated */
    return sg_paint_picture(&latents->work.network, &request, NULL, image, error);
}

static sg_status paint_sources(sg_style_run *run, sg_error *error)
{
    sg_style_latents *latents = run->latents;
    const sg_picture_lists *lists = &latents->work.lists;
    const size_t values = (size_t)sg_generator_num_ws(latents->work.network.generator) *
                          (size_t)sg_generator_config_of(latents->work.network.generator)->w_dim;
    latents->content_ws = sg_allocate(3 * values, sizeof *latents->content_ws);
    if (!latents->content_ws)
        return sg_fail_memory(error, "the w of styles");
    latents->style_ws = latents->content_ws + values;
    latents->blended_ws = latents->style_ws + values;
    SG_TRY(add_source(latents, &latents->content, &latents->content_w, 0, 1, latents->content_ws,
                      error));
    SG_TRY(paint_ws(latents, latents->content_ws, &run->content, error));
    for (size_t i = 0; i < run->count; i++) {
        memset(latents->blended_ws, 0, values * sizeof *latents->blended_ws);
        SG_TRY(add_source(latents, &lists->seeds, &lists->w, i, 1, latents->blended_ws, error));
        SG_TRY(paint_ws(latents, latents->blended_ws, &run->styles[i], error));
        for (size_t k = 0; k < values; k++)
            latents->style_ws[k] += (float)run->shares[i] * latents->blended_ws[k];
    }
    return SG_OK;
}

/* Sets the first resolution of the style's layers: after the coarse ones. */
static sg_status choose_layers(sg_style_run *run, sg_error *error)
{
    const sg_picture_network *network = &run->latents->work.network;
    const int resolution = network->config.img_resolution;
    sg_layer_range ranges[SG_STYLE_RANGES];
    if (run->request.from == 0)
        run->request.from = sg_style_ranges(resolution, ranges) ? ranges[1].smallest : resolution;
    if (run->request.from <= resolution)
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "\"from\" is %d, but the network's layers have up to %d pixels",
                   run->request.from, resolution);
}

sg_status sg_style_latents_open(sg_style_run *run, const sg_watch *watch, sg_error *error)
{
    run->latents = sg_allocate(1, sizeof *run->latents);
    if (!run->latents)
        return sg_fail_memory(error, "latents");
    SG_TRY(prepare_work(run, watch, error));
    SG_TRY(choose_layers(run, error));
    return paint_sources(run, error);
}

void sg_style_latents_close(sg_style_latents *latents)
{
    if (!latents)
        return;
    sg_number_list_clear(&latents->work.lists.seeds);
    sg_number_list_clear(&latents->work.lists.classes);
    sg_number_list_clear(&latents->content);
    sg_w_sources_clear(&latents->content_w);
    sg_picture_work_clear(&latents->work);
    free(latents->style_text);
    free(latents->content_ws);
    free(latents);
}

/* ---- painting ---- */

sg_status sg_style_latents_paint(sg_style_run *run, double alpha, sg_image **image, sg_error *error)
{
    const sg_style_latents *latents = run->latents;
    const sg_generator *generator = latents->work.network.generator;
    const size_t width = (size_t)sg_generator_config_of(generator)->w_dim;
    for (int layer = 0; layer < sg_generator_num_ws(generator); layer++) {
        const bool styled = sg_generator_style_resolution(generator, layer) >= run->request.from;
        const float share = styled ? (float)alpha : 0;
        for (size_t i = (size_t)layer * width; i < ((size_t)layer + 1) * width; i++)
            latents->blended_ws[i] =
                (1 - share) * latents->content_ws[i] + share * latents->style_ws[i];
    }
    return paint_ws(latents, latents->blended_ws, image, error);
}
