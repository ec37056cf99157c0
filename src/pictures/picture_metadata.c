/* Remarks in PNG files; see picture_metadata.h. Tested by: tests/cli/test_cli.c */
#include "pictures/picture_metadata.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/files/file.h"
#include "edit/request/edit_plan.h"
#include "latent/styles.h"
#include "nn/noise_mode.h"

void sg_remarks_start(sg_remarks *remarks, const char *network_name)
{
    remarks->count = 0;
    snprintf(remarks->values[0], SG_NUMBER_TEXT_BYTES, "stylegan %s", sg_version());
    sg_remark_text(remarks, "Software", remarks->values[0]);
    if (network_name)
        sg_remark_text(remarks, "network", network_name);
}

void sg_remark_text(sg_remarks *remarks, const char *key, const char *value)
{
    remarks->texts[remarks->count++] = (sg_png_text){key, value};
}

void sg_remark_number(sg_remarks *remarks, const char *key, double value)
{
    char *text = remarks->values[remarks->count];
    sg_print_number(text, value);
    sg_remark_text(remarks, key, text);
}

/* The seed, or the file of the w, that a mixed picture's row or column is. */
static void remark_mixed(sg_remarks *remarks, const float *ws, const char *w_file,
                         const char *seed_key, const char *w_key, double seed)
{
    if (ws)
        sg_remark_text(remarks, w_key, w_file);
    else
        sg_remark_number(remarks, seed_key, seed);
}

static void remark_source(sg_remarks *remarks, const sg_picture_request *request)
{
    if (request->mixing.used) {
        remark_mixed(remarks, request->ws, request->w_file, "row seed", "row w",
                     (double)request->seed);
        remark_mixed(remarks, request->mixing.ws, request->mixing.w_file, "column seed", "column w",
                     request->mixing.seed);
        if (request->mixing.text)
            sg_remark_text(remarks, "styles of the column", request->mixing.text);
    } else if (request->ws) {
        sg_remark_text(remarks, "projected w", sg_path_name(request->w_file));
        sg_remark_number(remarks, "index of w", (double)request->w_index);
    } else if (!request->z && !request->edit.sum) {
        sg_remark_number(remarks, "seed", (double)request->seed);
    }
}

static void remark_transform(sg_remarks *remarks, const sg_transform *transform)
{
    if (transform->x != 0 || transform->y != 0) {
        sg_remark_number(remarks, "moved right", transform->x);
        sg_remark_number(remarks, "moved down", transform->y);
    }
    if (transform->degrees != 0)
        sg_remark_number(remarks, "turned, degrees", transform->degrees);
}

void sg_remark_settings(sg_remarks *remarks, const sg_picture_network *network,
                        const sg_picture_request *request, const char *psis, const char *classes)
{
    const sg_picture_center *center = &request->center;
    if (psis)
        sg_remark_text(remarks, "truncation psi", psis);
    else
        sg_remark_number(remarks, "truncation psi", request->psi);
    if (request->cutoff >= 0 && request->cutoff != SG_ALL_INPUTS)
        sg_remark_number(remarks, "truncation cutoff", request->cutoff);
    if (center->kind == SG_CENTER_FILE)
        sg_remark_text(remarks, "truncation center", sg_path_name(center->file));
    else if (center->kind == SG_CENTER_SEED)
        sg_remark_number(remarks, "truncation center", center->seed);
    if (classes)
        sg_remark_text(remarks, "class", classes);
    else if (network->config.c_dim > 0 && !request->ws && request->label.text)
        sg_remark_text(remarks, "label", request->label.text);
    else if (network->config.c_dim > 0 && !request->ws && !request->label.values)
        sg_remark_number(remarks, "class", request->class_index);
    sg_remark_text(remarks, "noise mode", sg_noise_mode_name(request->noise_mode));
    remark_transform(remarks, &request->transform);
    if (request->edit.plan && !request->edit.only_source)
        sg_remark_text(remarks, "edit", sg_edit_plan_text(request->edit.plan));
}

void sg_remark_picture(sg_remarks *remarks, const sg_picture_network *network,
                       const sg_picture_request *request)
{
    sg_remarks_start(remarks, network->path ? sg_picture_network_name(network) : NULL);
    remark_source(remarks, request);
    sg_remark_settings(remarks, network, request, NULL, NULL);
}

sg_status sg_write_picture(const char *folder, const char *name, const sg_image *image,
                           const sg_remarks *remarks, sg_error *error)
{
    char *path = sg_path_join(folder, name);
    if (!path)
        return sg_fail_memory(error, "the path of %s", name);
    const sg_status status = sg_png_write(path, image, remarks->texts, remarks->count, error);
    free(path);
    return status;
}
