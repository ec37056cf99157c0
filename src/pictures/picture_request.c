/*
 * From a request to styles and names. Mixed styles are put together after both were truncated
 * (Karras et al. 2019, section 3.1).
 */
#include "pictures/picture_request.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/files/file.h"
#include "base/text.h"
#include "latent/seeds.h"
#include "latent/styles.h"

/* ---- styles ---- */

static sg_tensor *styles_of(const sg_picture_network *network, const sg_picture_request *request,
                            const sg_style_source *source)
{
    const sg_style_source center = {
        .ws = request->center.ws, .seed = request->center.seed, .label = source->label};
    return sg_styles(network->generator, source,
                     &(sg_truncation){.psi = request->psi,
                                      .cutoff = request->cutoff,
                                      .center = request->center.kind ? &center : NULL});
}

/* `ws` with those of the chosen inputs replaced by `others`; NULL for lack of memory. */
static sg_tensor *mix(const sg_tensor *ws, const sg_tensor *others, const bool *inputs)
{
    sg_tensor *mixed = sg_tensor_create(ws->context, SG_F32, ws->shape);
    const size_t width = (size_t)ws->shape.size[2];
    for (size_t i = 0; mixed && i < (size_t)ws->shape.size[1]; i++)
        memcpy(sg_f32(mixed) + i * width, sg_f32(inputs[i] ? others : ws) + i * width,
               width * sizeof(float));
    return mixed;
}

sg_tensor *sg_picture_styles(const sg_picture_network *network, const sg_picture_request *request)
{
    sg_style_source source = {
        .ws = request->ws,
        .z = request->z,
        .seed = (uint32_t)request->seed,
        .label = {request->class_index >= 0 ? request->class_index : 0, request->label.values}};
    const sg_picture_mixing *mixing = &request->mixing;
    sg_tensor *ws = styles_of(network, request, &source);
    const bool same = mixing->ws == source.ws && (source.ws || mixing->seed == source.seed);
    if (!ws || !mixing->inputs || same)
        return ws;
    source.seed = mixing->seed;
    source.ws = mixing->ws;
    const sg_tensor *others = styles_of(network, request, &source);
    return others ? mix(ws, others, mixing->inputs) : NULL;
}

sg_random sg_picture_noise(const sg_picture_request *request)
{
    return sg_seed_noise((uint32_t)(request->ws ? request->w_index : request->seed));
}

/* ---- names ---- */

const char *sg_request_source_name(const sg_picture_request *request, char *name)
{
    if (request->ws)
        snprintf(name, SG_SOURCE_NAME_BYTES, "proj%02" PRIu64, request->w_index);
    else
        snprintf(name, SG_SOURCE_NAME_BYTES, "seed%04" PRIu64, request->seed);
    return name;
}

const char *sg_picture_name(const sg_picture_request *request, bool with_class, bool with_psi,
                            char *name)
{
    char source[SG_SOURCE_NAME_BYTES];
    char class_part[32] = "";
    char psi[SG_NUMBER_TEXT_BYTES] = "";
    if (with_class)
        snprintf(class_part, sizeof class_part, "-class%d", request->class_index);
    if (with_psi)
        sg_print_number(psi, request->psi);
    snprintf(name, SG_PICTURE_NAME_BYTES, "%s%s%s%s.png", sg_request_source_name(request, source),
             class_part, with_psi ? "-trunc" : "", psi);
    return name;
}

char *sg_picture_path(const sg_picture_request *request, const char *extension)
{
    const char *output = request->output;
    char *path = sg_path_join(output[0] == '/' ? "" : request->folder, output);
    if (path && extension)
        memcpy(path + strlen(path) - strlen(extension), extension, strlen(extension) + 1);
    return path;
}
