/*
 * From a request to styles and names. Mixed styles are put together after both were truncated
 * (Karras et al. 2019, section 3.1).
 */
#include "pictures/picture_request.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/text.h"
#include "edit/request/edit_plan.h"
#include "edit/vectors.h"
#include "latent/seeds.h"
#include "latent/styles.h"

/* ---- styles ---- */

/* Styles while they are put together: a row of doubles for each input. */
typedef struct rows {
    size_t inputs, width;
    double *values; /* [inputs, width]; NULL on failure (error in the context) */
} rows;

static rows rows_create(const sg_picture_network *network)
{
    rows made = {(size_t)sg_generator_num_ws(network->generator), (size_t)network->config.w_dim,
                 NULL};
    made.values = sg_allocate(made.inputs * made.width, sizeof *made.values);
    if (!made.values)
        sg_context_fail_memory(network->context, "the w of a picture");
    return made;
}

/* Copies styles [1, inputs, width], NULL after a failure, to doubles, which the caller frees. */
static rows rows_of(const sg_picture_network *network, const sg_tensor *ws)
{
    rows made = ws ? rows_create(network) : (rows){0};
    for (size_t i = 0; made.values && i < made.inputs * made.width; i++)
        made.values[i] = (double)sg_f32(ws)[i];
    return made;
}

/* Returns rows as styles, and frees them. */
static sg_tensor *rows_finish(const sg_picture_network *network, rows *made)
{
    sg_tensor *ws = made->values
                        ? sg_tensor_create(network->context, SG_F32,
                                           SG_SHAPE(1, (int64_t)made->inputs, (int64_t)made->width))
                        : NULL;
    for (size_t i = 0; ws && i < made->inputs * made->width; i++)
        sg_f32(ws)[i] = (float)made->values[i];
    free(made->values);
    return ws;
}

/* Returns the whole styles truncated as a plan says. */
static sg_tensor *truncate_by_plan(const sg_picture_network *network,
                                   const sg_picture_request *request, const sg_style_source *source,
                                   const sg_style_source *center)
{
    const sg_truncation all = {.psi = center ? 1 : 0, .cutoff = SG_ALL_INPUTS};
    const sg_truncation asked = {.psi = request->psi, .cutoff = request->cutoff};
    rows base = rows_of(network, sg_styles(network->generator, center ? center : source, &all));
    rows made = rows_of(network, sg_styles(network->generator, source,
                                           &(sg_truncation){.psi = 1, .cutoff = SG_ALL_INPUTS}));
    if (base.values && made.values)
        sg_edit_truncate(request->edit.plan, base.values, request->psi,
                         sg_truncation_cutoff(network->generator, &asked), made.values);
    free(base.values);
    return rows_finish(network, &made);
}

static sg_tensor *styles_of(const sg_picture_network *network, const sg_picture_request *request,
                            const sg_style_source *source)
{
    const sg_style_source center = {
        .ws = request->center.ws, .seed = request->center.seed, .label = source->label};
    const sg_style_source *given = request->center.kind ? &center : NULL;
    const sg_edit_request *edit = &request->edit;
    if (edit->plan && !edit->only_source && sg_edit_plan_truncates(edit->plan))
        return truncate_by_plan(network, request, source, given);
    return sg_styles(
        network->generator, source,
        &(sg_truncation){.psi = request->psi, .cutoff = request->cutoff, .center = given});
}

/* Returns the styles of one w of an edit; the average w, to which truncation leads, as it is. */
static rows rows_of_term(const sg_picture_network *network, const sg_picture_request *request,
                         const sg_w_term *term, sg_style_label label)
{
    const sg_style_source source = {.ws = term->values, .seed = term->seed, .label = label};
    return rows_of(network, term->average
                                ? sg_styles(network->generator, &source,
                                            &(sg_truncation){.psi = 1, .cutoff = SG_ALL_INPUTS})
                                : styles_of(network, request, &source));
}

/* Returns the sum that a plan starts from. */
static sg_tensor *sum_of(const sg_picture_network *network, const sg_picture_request *request,
                         const sg_w_term *terms, size_t count, sg_style_label label)
{
    rows sum = rows_create(network);
    for (size_t i = 0; i < count && sum.values; i++) {
        rows term = rows_of_term(network, request, &terms[i], label);
        if (term.values)
            sg_move_rows(sum.values, sum.inputs, sum.width, NULL, term.values, true,
                         terms[i].factor);
        free(term.values);
    }
    return rows_finish(network, &sum);
}

/* Returns `ws` with a share of the second seed's styles in the chosen inputs. */
static sg_tensor *mix(const sg_picture_network *network, const sg_picture_request *request,
                      const sg_tensor *ws, sg_style_label label)
{
    const sg_picture_mixing *mixing = &request->mixing;
    const bool same =
        mixing->ws == request->ws && (request->ws || mixing->seed == (uint32_t)request->seed);
    const sg_style_source source = {.ws = mixing->ws, .seed = mixing->seed, .label = label};
    if (!ws || !mixing->inputs || same)
        return (sg_tensor *)ws;
    rows mixed = rows_of(network, ws);
    rows others = rows_of(network, styles_of(network, request, &source));
    if (mixed.values && others.values)
        sg_mix_rows(mixed.values, others.values, mixed.inputs, mixed.width, mixing->inputs,
                    mixing->share);
    free(others.values);
    return rows_finish(network, &mixed);
}

/* Returns `ws` after the plan's mixes and moves. */
static sg_tensor *edit(const sg_picture_network *network, const sg_picture_request *request,
                       const sg_tensor *ws, sg_style_label label)
{
    size_t count = 0;
    const sg_edit_mix *mixes = sg_edit_plan_mixes(request->edit.plan, &count);
    rows edited = rows_of(network, ws);
    for (size_t i = 0; i < count && edited.values; i++) {
        rows other = rows_of_term(network, request, &mixes[i].term, label);
        if (other.values)
            sg_mix_rows(edited.values, other.values, edited.inputs, edited.width, mixes[i].chosen,
                        mixes[i].share);
        free(other.values);
    }
    if (edited.values)
        sg_edit_move(request->edit.plan, request->edit.strength, edited.values);
    return rows_finish(network, &edited);
}

sg_tensor *sg_picture_styles(const sg_picture_network *network, const sg_picture_request *request)
{
    const sg_style_label label = {request->class_index >= 0 ? request->class_index : 0,
                                  request->label.values};
    const sg_style_source source = {
        .ws = request->ws, .z = request->z, .seed = (uint32_t)request->seed, .label = label};
    const sg_edit_plan *plan = request->edit.plan;
    size_t count = 0;
    const sg_w_term *terms = plan ? sg_edit_plan_sum(plan, &count) : NULL;
    sg_tensor *ws = terms ? sum_of(network, request, terms, count, label)
                          : styles_of(network, request, &source);
    ws = mix(network, request, ws, label);
    return plan && !request->edit.only_source ? edit(network, request, ws, label) : ws;
}

sg_random sg_picture_noise(const sg_picture_request *request)
{
    return sg_seed_noise((uint32_t)(request->ws ? request->w_index : request->seed));
}

/* ---- names ---- */

const char *sg_request_source_name(const sg_picture_request *request, char *name)
{
    if (request->edit.sum)
        snprintf(name, SG_SOURCE_NAME_BYTES, "sum");
    else if (request->ws)
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
