/* A picture of `generate`; see picture_request.h. */
#include "pictures/picture_request.h"

#include "base/files/file.h"
#include "checkpoint/numpy/w_file.h"
#include "latent/seeds.h"
#include "nn/noise_mode.h"
#include "pictures/painter.h"

static sg_random noise_of(const sg_painting *painting)
{
    return sg_seed_noise(painting->source.ws ? (uint32_t)painting->w_index : painting->source.seed);
}

static sg_status save_styles(const sg_tensor *ws, const char *path, sg_error *error)
{
    return sg_w_file_write(path, sg_f32(ws), 1, (size_t)ws->shape.size[1],
                           (size_t)ws->shape.size[2], error);
}

sg_status sg_painting_paint(const sg_picture_network *network, const sg_painting *painting,
                            const char *w_path, sg_image **image, sg_error *error)
{
    sg_random noise = noise_of(painting);
    *image = NULL;
    const size_t scope = sg_scope_open(network->context);
    sg_tensor *ws = sg_styles(network->generator, &painting->source, &painting->truncation);
    sg_status status = sg_paint_moved(
        network->generator, ws, &painting->transform,
        (sg_synthesis_options){.noise_mode = painting->noise_mode, .random = &noise}, image, error);
    if (!status && w_path)
        status = save_styles(ws, w_path, error);
    if (status) {
        sg_image_destroy(*image);
        *image = NULL;
    }
    sg_scope_close(network->context, scope, NULL);
    return status;
}

static void remark_source(const sg_painting *painting, sg_remarks *remarks)
{
    if (painting->source.ws) {
        sg_remark_text(remarks, "projected w", sg_path_name(painting->w_file));
        sg_remark_number(remarks, "index of w", (double)painting->w_index);
    } else {
        sg_remark_number(remarks, "seed", painting->source.seed);
    }
}

static void remark_truncation(const sg_painting *painting, sg_remarks *remarks)
{
    const sg_truncation *truncation = &painting->truncation;
    if (truncation->cutoff >= 0 && truncation->cutoff != SG_ALL_INPUTS)
        sg_remark_number(remarks, "truncation cutoff", truncation->cutoff);
    if (truncation->center && painting->center_file)
        sg_remark_text(remarks, "truncation center", sg_path_name(painting->center_file));
    else if (truncation->center)
        sg_remark_number(remarks, "truncation center", truncation->center->seed);
}

void sg_painting_remark(const sg_picture_network *network, const sg_painting *painting,
                        const sg_painting_lists *lists, sg_remarks *remarks)
{
    sg_remarks_start(remarks, sg_picture_network_name(network));
    if (!lists)
        remark_source(painting, remarks);
    if (lists && lists->psis)
        sg_remark_text(remarks, "truncation psi", lists->psis);
    else
        sg_remark_number(remarks, "truncation psi", painting->truncation.psi);
    remark_truncation(painting, remarks);
    if (lists && lists->classes)
        sg_remark_text(remarks, "class", lists->classes);
    else if (network->config.c_dim > 0 && !painting->source.ws)
        sg_remark_number(remarks, "class", painting->source.class_index);
    sg_remark_text(remarks, "noise mode", sg_noise_mode_name(painting->noise_mode));
    sg_remark_transform(remarks, &painting->transform);
}
