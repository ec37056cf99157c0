/* How fast pictures change on walks; see latent_figures.h.
 * Tested by: tests/cli/test_directions.c */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "image/figures/plot.h"
#include "latent/interpolation.h"
#include "pictures/directions/latent_figures.h"
#include "tensor/context.h"

/* The ways from one latent to the next. */
enum { Z_CIRCLE, Z_LINE, W_LINE, WAYS };

static const char *const way_names[] = {"z, great circle", "z, straight", "w, straight"};

typedef struct walking {
    const sg_latent_analysis *analysis;
    size_t z_dim, w_dim, pixels;
    double *z;                  /* [2 * walks, z_dim] */
    double *w;                  /* [3, w_dim]: both ends, and the present point */
    float *ends, *point;        /* [2, z_dim], [z_dim]: in floats */
    double *previous, *present; /* [pixels]: pictures */
    double *times;              /* [steps]: the middles of steps */
    double *speeds[WAYS];       /* [steps]: levels per unit of time, mean of walks */
} walking;

void sg_latents_draw(uint32_t seed, size_t count, size_t z_dim, double *z)
{
    sg_numpy_random random;
    sg_numpy_random_seed(&random, seed);
    for (size_t i = 0; i < count * z_dim; i++)
        z[i] = sg_numpy_random_normal(&random);
}

bool sg_latent_map(const sg_latent_analysis *analysis, const double *z, double *w)
{
    const sg_generator_config *config = sg_generator_config_of(analysis->generator);
    sg_context *context = sg_generator_parameters(analysis->generator)->context;
    const size_t scope = sg_scope_open(context);
    float *rounded =
        sg_context_allocate(context, (size_t)config->z_dim * sizeof *rounded, "a latent");
    for (int i = 0; rounded && i < config->z_dim; i++)
        rounded[i] = (float)z[i];
    const sg_tensor *mapped =
        rounded ? sg_map_latent(analysis->generator, rounded, analysis->label) : NULL;
    for (int64_t i = 0; mapped && i < config->w_dim; i++)
        w[i] = sg_tensor_value(mapped, i);
    const bool done = mapped != NULL;
    sg_scope_close(context, scope, NULL);
    free(rounded);
    return done;
}

/* Paints w into a picture of levels, which pictures in files are limited to. */
static sg_status paint(walking *all, const double *w, double *picture, sg_error *error)
{
    sg_generator *generator = all->analysis->generator;
    sg_context *context = sg_generator_parameters(generator)->context;
    const size_t scope = sg_scope_open(context);
    sg_tensor *row = sg_tensor_create(context, SG_F32, SG_SHAPE(1, (int64_t)all->w_dim));
    for (size_t i = 0; row && i < all->w_dim; i++)
        sg_tensor_set_value(row, (int64_t)i, w[i]);
    sg_tensor *ws = sg_generator_broadcast(generator, row);
    const sg_tensor *values =
        ws ? sg_generator_synthesize(generator, ws, (sg_synthesis_options){0}) : NULL;
    const sg_status status = sg_context_take_error(context, error);
    for (size_t i = 0; !status && i < all->pixels; i++)
        picture[i] = 127.5 * fmin(1, fmax(-1, sg_tensor_value(values, (int64_t)i)));
    sg_scope_close(context, scope, NULL);
    return status;
}

static double difference(const walking *all)
{
    double squares = 0;
    for (size_t i = 0; i < all->pixels; i++)
        squares += (all->present[i] - all->previous[i]) * (all->present[i] - all->previous[i]);
    return sqrt(squares / (double)all->pixels);
}

/* Finds the w at `t` of a way between the two ends. */
static bool find_point(walking *all, int way, double t, double *w)
{
    const size_t width = all->z_dim;
    if (way == W_LINE) {
        for (size_t i = 0; i < all->w_dim; i++)
            w[i] = (1 - t) * all->w[i] + t * all->w[all->w_dim + i];
        return true;
    }
    if (way == Z_CIRCLE)
        sg_interpolate_spherical(all->ends, all->ends + width, width, t, all->point);
    else
        sg_interpolate_linear(all->ends, all->ends + width, width, t, all->point);
    double *z = all->z + 2 * all->analysis->walks * width; /* room after the last */
    for (size_t i = 0; i < width; i++)
        z[i] = (double)all->point[i];
    return sg_latent_map(all->analysis, z, w);
}

/* Walks one way; adds to speeds and the report. */
static sg_status walk(walking *all, int way, sg_latent_paths *found, sg_error *error)
{
    const sg_latent_analysis *analysis = all->analysis;
    const double walks = (double)analysis->walks;
    const double steps = (double)analysis->steps;
    sg_context *context = sg_generator_parameters(analysis->generator)->context;
    double *w = all->w + 2 * all->w_dim;
    double length = 0;
    double fastest = 0;
    for (size_t i = 0; i <= analysis->steps; i++) {
        double *swap = all->previous;
        all->previous = all->present;
        all->present = swap;
        if (!find_point(all, way, (double)i / steps, w))
            return sg_context_take_error(context, error);
        SG_TRY(paint(all, w, all->present, error));
        const double distance = i > 0 ? difference(all) : 0;
        length += distance;
        fastest = fmax(fastest, distance);
        if (i > 0)
            all->speeds[way][i - 1] += distance * steps / walks;
    }
    found->lengths[way] += length / walks;
    found->uneven[way] += length > 0 ? fastest * steps / length / walks : 1 / walks;
    return SG_OK;
}

static sg_status walk_all(walking *all, const sg_watch *watch, sg_latent_paths *found,
                          sg_error *error)
{
    const sg_latent_analysis *analysis = all->analysis;
    sg_context *context = sg_generator_parameters(analysis->generator)->context;
    for (size_t i = 0; i < analysis->walks; i++) {
        const double *z = all->z + 2 * i * all->z_dim;
        for (size_t k = 0; k < 2 * all->z_dim; k++)
            all->ends[k] = (float)z[k];
        if (!sg_latent_map(analysis, z, all->w) ||
            !sg_latent_map(analysis, z + all->z_dim, all->w + all->w_dim))
            return sg_context_take_error(context, error);
        for (int way = 0; way < WAYS; way++)
            SG_TRY(walk(all, way, found, error));
        SG_TRY(paint(all, all->w, all->previous, error)); /* `present` is the other end */
        found->direct += difference(all) / (double)analysis->walks;
        if (sg_watch_step(watch, (double)i + 1, (double)analysis->walks, NULL))
            return sg_fail(error, SG_ERROR_CANCELLED, "interrupted");
    }
    return SG_OK;
}

static sg_status draw(const walking *all, sg_image **image, sg_error *error)
{
    sg_plot_line lines[WAYS];
    sg_plot plot;
    for (int way = 0; way < WAYS; way++)
        lines[way] =
            (sg_plot_line){way_names[way], all->times, all->speeds[way], all->analysis->steps};
    const sg_plot_panel panel = {"change of pictures, levels per whole walk", lines, WAYS, false};
    sg_plot_init(&plot);
    plot.x_name = "part of the walk";
    plot.panels = &panel;
    plot.panel_count = 1;
    return sg_plot_draw(&plot, image, error);
}

static bool make_room(walking *all)
{
    const sg_latent_analysis *analysis = all->analysis;
    bool complete = true;
    all->z = sg_allocate(2 * analysis->walks + 1, all->z_dim * sizeof *all->z);
    all->w = sg_allocate(3, all->w_dim * sizeof *all->w);
    all->ends = sg_allocate(2, all->z_dim * sizeof *all->ends);
    all->point = sg_allocate(all->z_dim, sizeof *all->point);
    all->previous = sg_allocate(all->pixels, sizeof *all->previous);
    all->present = sg_allocate(all->pixels, sizeof *all->present);
    all->times = sg_allocate(analysis->steps, sizeof *all->times);
    for (int way = 0; way < WAYS; way++) {
        all->speeds[way] = sg_allocate(analysis->steps, sizeof(double));
        complete = complete && all->speeds[way];
    }
    return complete && all->z && all->w && all->ends && all->point && all->previous &&
           all->present && all->times;
}

sg_status sg_latent_paths_draw(const sg_latent_analysis *analysis, const sg_watch *watch,
                               sg_latent_paths *found, sg_image **image, sg_error *error)
{
    const sg_generator_config *config = sg_generator_config_of(analysis->generator);
    walking all = {.analysis = analysis,
                   .z_dim = (size_t)config->z_dim,
                   .w_dim = (size_t)config->w_dim,
                   .pixels = (size_t)sg_generator_height(analysis->generator) *
                             (size_t)sg_generator_width(analysis->generator) *
                             (size_t)config->img_channels};
    *image = NULL;
    *found = (sg_latent_paths){.lengths = {0}};
    sg_status status = make_room(&all) ? SG_OK : sg_fail_memory(error, "walks");
    if (!status) {
        sg_latents_draw(analysis->seed, 2 * analysis->walks, all.z_dim, all.z);
        for (size_t i = 0; i < analysis->steps; i++)
            all.times[i] = ((double)i + 0.5) / (double)analysis->steps;
        status = walk_all(&all, watch, found, error);
    }
    if (!status)
        status = draw(&all, image, error);
    free(all.z);
    free(all.w);
    free(all.ends);
    free(all.point);
    free(all.previous);
    free(all.present);
    free(all.times);
    for (int way = 0; way < WAYS; way++)
        free(all.speeds[way]);
    return status;
}
