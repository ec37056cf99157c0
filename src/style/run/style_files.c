/* Writes what a style transfer made. Tested by: tests/cli/test_style.c */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "image/figures/figure.h"
#include "image/figures/grid.h"
#include "pictures/picture_metadata.h"
#include "style/run/style_state.h"

enum { TITLE_BYTES = 200, LEAST_CELL = 128 /* pixels of the longer side */ };

/* Returns the pictures' network, of a generator or of features; NULL without. */
static const char *network_name(const sg_style_run *run)
{
    return run->request.network ? sg_path_name(run->request.network) : NULL;
}

static sg_status write_picture(const sg_style_run *run, const char *name, const sg_image *picture,
                               bool made, sg_error *error)
{
    sg_remarks remarks;
    bool random = false;
    sg_remarks_start(&remarks, network_name(run));
    if (made) {
        sg_remark_text(&remarks, "content", sg_path_name(run->request.content));
        sg_remark_text(&remarks, "style", sg_path_name(run->request.styles[0]));
        sg_remark_text(&remarks, "style by", sg_style_run_means(run, &random));
        sg_remark_number(&remarks, "alpha", run->request.options.pixels.alpha);
    }
    return sg_write_picture(run->request.folder, name, picture, &remarks, error);
}

/* ---- the figure ---- */

/* A row of pictures: content, styles, the way, the result. */
typedef struct row {
    const sg_image **pictures;
    const char **labels;
    char (*texts)[SG_STYLE_LABEL_BYTES]; /* of the styles */
    size_t count;
} row;

static void add(row *of, const char *label, const sg_image *picture)
{
    of->labels[of->count] = label;
    of->pictures[of->count++] = picture;
}

static sg_status fill_row(const sg_style_run *run, row *of, sg_error *error)
{
    const size_t most = run->count + run->stage_count + 2;
    of->pictures = sg_allocate(most, sizeof *of->pictures);
    of->labels = sg_allocate(most, sizeof *of->labels);
    of->texts = sg_allocate(run->count, sizeof *of->texts);
    if (!of->pictures || !of->labels || !of->texts)
        return sg_fail_memory(error, "the figure of a transfer");
    add(of, "content", run->content);
    for (size_t i = 0; i < run->count; i++) {
        if (run->count == 1)
            snprintf(of->texts[i], sizeof *of->texts, "style");
        else
            snprintf(of->texts[i], sizeof *of->texts, "style %.2g", run->shares[i]);
        add(of, of->texts[i], run->styles[i]);
    }
    for (size_t i = 0; i < run->stage_count; i++)
        add(of, run->stages[i].label, run->stages[i].picture);
    add(of, "result", run->picture);
    return SG_OK;
}

/* "by VGG16, alpha 0.6, 200 steps" */
static void write_title(const sg_style_run *run, char title[TITLE_BYTES])
{
    bool random = false;
    const char *means = sg_style_run_means(run, &random);
    const double alpha = run->request.options.pixels.alpha;
    if (run->network)
        snprintf(title, TITLE_BYTES, "style by %s, alpha %g, %d steps%s", means, alpha,
                 run->result.steps,
                 run->request.options.keep_colours ? ", colours of the content" : "");
    else if (run->coder)
        snprintf(title, TITLE_BYTES, "style by AdaIN and decoder, alpha %g%s", alpha,
                 run->request.options.keep_colours ? ", colours of the content" : "");
    else
        snprintf(title, TITLE_BYTES, "style by the layers from %dx%d on, alpha %g",
                 run->request.from, run->request.from, alpha);
}

/* Draws the row; the cells are as large as the largest picture, small ones enlarged. */
static sg_status draw(const sg_style_run *run, const row *of, sg_figure **figure, sg_error *error)
{
    char title[TITLE_BYTES];
    sg_figure_layout layout = {.columns = {.count = of->count, .labels = of->labels},
                               .rows = {.count = 1},
                               .title = title};
    write_title(run, title);
    for (size_t i = 0; i < of->count; i++) {
        if (of->pictures[i]->width > layout.cell_width)
            layout.cell_width = of->pictures[i]->width;
        if (of->pictures[i]->height > layout.cell_height)
            layout.cell_height = of->pictures[i]->height;
    }
    layout.scale = sg_grid_scale_for(layout.cell_width, layout.cell_height, LEAST_CELL);
    SG_TRY(sg_figure_create(&layout, figure, error));
    for (size_t i = 0; i < of->count; i++)
        SG_TRY(sg_figure_paste(*figure, i, 0, of->pictures[i], error));
    return SG_OK;
}

static sg_status write_figure(const sg_style_run *run, sg_error *error)
{
    row of = {0};
    sg_figure *figure = NULL;
    sg_status status = fill_row(run, &of, error);
    if (!status)
        status = draw(run, &of, &figure, error);
    if (!status)
        status = write_picture(run, "figure.png", sg_figure_image(figure), true, error);
    sg_figure_destroy(figure);
    free(of.pictures);
    free(of.labels);
    free(of.texts);
    return status;
}

/* ---- style.json ---- */

static bool add_number(cJSON *object, const char *key, double value)
{
    return sg_json_add(object, key,
                       isfinite(value) ? cJSON_CreateNumber(value) : cJSON_CreateNull());
}

static bool add_text(cJSON *object, const char *key, const char *value)
{
    return !value || sg_json_add(object, key, cJSON_CreateString(value));
}

static bool add_styles(cJSON *object, const sg_style_run *run)
{
    cJSON *styles = cJSON_AddArrayToObject(object, "styles");
    cJSON *weights = cJSON_AddArrayToObject(object, "weights");
    bool complete = styles && weights;
    for (size_t i = 0; i < run->count && complete; i++)
        complete = cJSON_AddItemToArray(styles, cJSON_CreateString(run->request.styles[i])) &&
                   cJSON_AddItemToArray(weights, cJSON_CreateNumber(run->shares[i]));
    return complete;
}

/* What an optimisation was told, and its losses: [step, content, style]. */
static bool add_steps(cJSON *object, const sg_style_run *run)
{
    const sg_pixel_style_options *options = &run->request.options.pixels;
    cJSON *curve = NULL;
    if (!run->network)
        return true;
    bool complete = add_number(object, "num_steps", options->steps) &&
                    add_number(object, "steps", run->result.steps) &&
                    add_number(object, "lr", options->rate) &&
                    add_number(object, "style_weight", options->style_weight) &&
                    add_number(object, "smooth", options->smooth) &&
                    add_number(object, "content_loss", run->result.content) &&
                    add_number(object, "style_loss", run->result.style);
    if (complete)
        curve = cJSON_AddArrayToObject(object, "curve");
    complete = curve;
    for (size_t i = 0; i < run->points && complete; i++) {
        const sg_style_point *point = &run->curve[i];
        const double values[] = {point->step, point->content, point->style};
        complete = cJSON_AddItemToArray(curve, cJSON_CreateDoubleArray(values, 3));
    }
    return complete;
}

static sg_status write_json(const sg_style_run *run, sg_error *error)
{
    const sg_style_request *request = &run->request;
    cJSON *object = cJSON_CreateObject();
    char *text = NULL;
    bool random = false;
    if (object && add_text(object, "content", request->content) && add_styles(object, run) &&
        add_text(object, "style_by", sg_style_run_means(run, &random)) &&
        add_text(object, "network", request->network) &&
        add_text(object, "encoder", request->encoder) &&
        add_text(object, "decoder", request->decoder) &&
        add_number(object, "alpha", request->options.pixels.alpha) &&
        sg_json_add(object, "keep_colours", cJSON_CreateBool(request->options.keep_colours)) &&
        (!run->latents || add_number(object, "from", request->from)) && add_steps(object, run) &&
        add_number(object, "seconds", run->result.seconds))
        text = cJSON_PrintBuffered(object, 4096, true);
    cJSON_Delete(object);
    char *path = sg_path_join(request->folder, "style.json");
    const sg_status status = text && path ? sg_write_file(path, text, strlen(text), error)
                                          : sg_fail_memory(error, "style.json");
    free(path);
    cJSON_free(text);
    return status;
}

/* ---- all ---- */

sg_status sg_style_write(const sg_style_run *run, sg_error *error)
{
    SG_TRY(write_picture(run, "content.png", run->content, false, error));
    for (size_t i = 0; i < run->count; i++) {
        char name[SG_STYLE_FILE_BYTES];
        snprintf(name, sizeof name, SG_STYLE_FILE, i);
        SG_TRY(write_picture(run, name, run->styles[i], false, error));
    }
    SG_TRY(write_picture(run, "styled.png", run->picture, true, error));
    SG_TRY(write_figure(run, error));
    return write_json(run, error);
}
