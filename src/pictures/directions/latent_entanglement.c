/* How one attribute drags another along in z and in w; see latent_figures.h.
 * Tested by: tests/cli/test_directions.c */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "edit/directions/boundary.h"
#include "image/figures/plot.h"
#include "pictures/directions/latent_figures.h"
#include "tensor/context.h"

enum { Z, W, SPACES, AMOUNTS = 13, ASKED = 2 };

#define REACH 3.0 /* sigmas */

static const char *const space_names[] = {"along the boundary's normal in z",
                                          "along the boundary's normal in w"};

/* A space of latents: its samples, and the boundary of the first attribute. */
typedef struct space {
    size_t width;
    double *samples; /* [samples, width] */
    double *normal;  /* [width] */
    double sigma;    /* of the samples along the normal */
} space;

typedef struct comparison {
    const sg_latent_analysis *analysis;
    size_t outputs; /* of the classifier */
    space spaces[SPACES];
    double *logits; /* [samples, outputs] */
    double *moved;  /* [walks, w_dim] */
    double amounts[AMOUNTS];
    double probabilities[SPACES][ASKED][AMOUNTS];
    double scores[SPACES][ASKED][AMOUNTS]; /* means of the logarithm of odds */
} comparison;

/* ---- samples ---- */

/* Draws z, maps them to w, and asks the classifier. */
static sg_status draw_samples(comparison *all, const sg_watch *watch, sg_error *error)
{
    const sg_latent_analysis *analysis = all->analysis;
    sg_context *context = sg_generator_parameters(analysis->generator)->context;
    space *z = &all->spaces[Z];
    space *w = &all->spaces[W];
    sg_latents_draw(analysis->seed, analysis->samples, z->width, z->samples);
    for (size_t i = 0; i < analysis->samples; i++)
        if (!sg_latent_map(analysis, z->samples + i * z->width, w->samples + i * w->width))
            return sg_context_take_error(context, error);
    return sg_attributes_answer(analysis->attributes, w->samples, analysis->samples, watch,
                                all->logits, error);
}

static void measure_sigma(const comparison *all, space *of)
{
    const size_t count = all->analysis->samples;
    double sum = 0;
    double squares = 0;
    for (size_t i = 0; i < count; i++) {
        double along = 0;
        for (size_t k = 0; k < of->width; k++)
            along += of->samples[i * of->width + k] * of->normal[k];
        sum += along;
        squares += along * along;
    }
    const double mean = sum / (double)count;
    of->sigma = sqrt(squares / (double)count - mean * mean);
}

/* Finds the boundary of the first attribute in one space. */
static sg_status find_boundary(comparison *all, space *of, double *accuracy, sg_error *error)
{
    const sg_latent_analysis *analysis = all->analysis;
    const size_t count = analysis->samples;
    float *latents = sg_allocate(count, of->width * sizeof *latents);
    float *scores = sg_allocate(count, sizeof *scores);
    sg_boundary_split split = {0};
    sg_boundary found = {0};
    const sg_scored_latents samples = {count, of->width, latents, scores};
    for (size_t i = 0; latents && i < count * of->width; i++)
        latents[i] = (float)of->samples[i];
    for (size_t i = 0; scores && i < count; i++)
        scores[i] = (float)sg_attribute_score(analysis->attributes, all->logits + i * all->outputs,
                                              analysis->asked[0]);
    sg_status status = latents && scores ? sg_boundary_split_create(&samples, SG_BOUNDARY_SHARE,
                                                                    SG_BOUNDARY_TRAIN_SHARE,
                                                                    analysis->seed, &split, error)
                                         : sg_fail_memory(error, "%zu samples", count);
    if (!status)
        status = sg_boundary_train(&samples, &split, SG_BOUNDARY_COST, &found, error);
    if (!status) {
        memcpy(of->normal, found.normal, of->width * sizeof *of->normal);
        *accuracy = found.validation_accuracy;
        measure_sigma(all, of);
    }
    sg_boundary_split_clear(&split);
    sg_boundary_clear(&found);
    free(latents);
    free(scores);
    return status;
}

/* ---- moves ---- */

/* Moves the first samples along the normal by an amount in sigmas, to w. */
static sg_status move(comparison *all, int which, double amount, sg_error *error)
{
    const sg_latent_analysis *analysis = all->analysis;
    const space *of = &all->spaces[which];
    const size_t w_dim = all->spaces[W].width;
    sg_context *context = sg_generator_parameters(analysis->generator)->context;
    double *point = sg_allocate(of->width, sizeof *point);
    if (!point)
        return sg_fail_memory(error, "a latent");
    bool mapped = true;
    for (size_t i = 0; mapped && i < analysis->walks; i++) {
        for (size_t k = 0; k < of->width; k++)
            point[k] = of->samples[i * of->width + k] + amount * of->sigma * of->normal[k];
        if (which == Z)
            mapped = sg_latent_map(analysis, point, all->moved + i * w_dim);
        else
            memcpy(all->moved + i * w_dim, point, w_dim * sizeof *point);
    }
    free(point);
    return mapped ? SG_OK : sg_context_take_error(context, error);
}

static sg_status measure(comparison *all, int which, size_t at, sg_error *error)
{
    const sg_latent_analysis *analysis = all->analysis;
    const double walks = (double)analysis->walks;
    SG_TRY(move(all, which, all->amounts[at], error));
    SG_TRY(sg_attributes_answer(analysis->attributes, all->moved, analysis->walks, NULL,
                                all->logits, error));
    for (size_t i = 0; i < analysis->walks; i++)
        for (size_t k = 0; k < ASKED; k++) {
            const double *logits = all->logits + i * all->outputs;
            all->probabilities[which][k][at] +=
                sg_attribute_probability(analysis->attributes, logits, analysis->asked[k]) / walks;
            all->scores[which][k][at] +=
                sg_attribute_score(analysis->attributes, logits, analysis->asked[k]) / walks;
        }
    return SG_OK;
}

static sg_status measure_all(comparison *all, const sg_watch *watch, sg_latent_entanglement *found,
                             sg_error *error)
{
    for (int which = 0; which < SPACES; which++)
        SG_TRY(find_boundary(all, &all->spaces[which], &found->accuracy[which], error));
    for (size_t i = 0; i < (size_t)SPACES * AMOUNTS; i++) {
        all->amounts[i % AMOUNTS] = 2 * REACH * (double)(i % AMOUNTS) / (AMOUNTS - 1) - REACH;
        SG_TRY(measure(all, (int)(i / AMOUNTS), i % AMOUNTS, error));
        if (sg_watch_step(watch, (double)i + 1, (double)SPACES * AMOUNTS, NULL))
            return sg_fail(error, SG_ERROR_CANCELLED, "interrupted");
    }
    /* from -1 to 1 sigma, the fourth of a reach of 3 on both sides of the middle */
    const size_t middle = AMOUNTS / 2;
    const size_t one = (AMOUNTS - 1) / 6;
    for (int which = 0; which < SPACES; which++)
        for (size_t k = 0; k < ASKED; k++)
            found->slopes[which][k] =
                (all->scores[which][k][middle + one] - all->scores[which][k][middle - one]) / 2;
    return SG_OK;
}

/* ---- the figure ---- */

static sg_status draw(const comparison *all, sg_image **image, sg_error *error)
{
    sg_plot_line lines[SPACES][ASKED];
    sg_plot_panel panels[SPACES];
    sg_plot plot;
    for (int which = 0; which < SPACES; which++) {
        for (size_t k = 0; k < ASKED; k++)
            lines[which][k] = (sg_plot_line){
                sg_attribute_name(all->analysis->attributes, all->analysis->asked[k]), all->amounts,
                all->probabilities[which][k], AMOUNTS};
        panels[which] = (sg_plot_panel){space_names[which], lines[which], ASKED, false};
    }
    sg_plot_init(&plot);
    plot.title = "mean probability by the classifier";
    plot.x_name = "amount in sigmas";
    plot.panels = panels;
    plot.panel_count = SPACES;
    return sg_plot_draw(&plot, image, error);
}

static bool make_room(comparison *all)
{
    const size_t samples = all->analysis->samples;
    bool complete = true;
    for (int which = 0; which < SPACES; which++) {
        space *of = &all->spaces[which];
        of->samples = sg_allocate(samples, of->width * sizeof *of->samples);
        of->normal = sg_allocate(of->width, sizeof *of->normal);
        complete = complete && of->samples && of->normal;
    }
    all->logits = sg_allocate(samples, all->outputs * sizeof *all->logits);
    all->moved = sg_allocate(samples, all->spaces[W].width * sizeof *all->moved);
    return complete && all->logits && all->moved;
}

sg_status sg_latent_entanglement_draw(const sg_latent_analysis *analysis, const sg_watch *watch,
                                      sg_latent_entanglement *found, sg_image **image,
                                      sg_error *error)
{
    const sg_generator_config *config = sg_generator_config_of(analysis->generator);
    comparison all = {
        .analysis = analysis,
        .outputs = sg_attributes_count(analysis->attributes),
        .spaces = {{.width = (size_t)config->z_dim}, {.width = (size_t)config->w_dim}}};
    *image = NULL;
    sg_status status =
        make_room(&all) ? SG_OK : sg_fail_memory(error, "%zu latents", analysis->samples);
    if (!status)
        status = draw_samples(&all, watch, error);
    if (!status)
        status = measure_all(&all, watch, found, error);
    if (!status)
        status = draw(&all, image, error);
    for (int which = 0; which < SPACES; which++) {
        free(all.spaces[which].samples);
        free(all.spaces[which].normal);
    }
    free(all.logits);
    free(all.moved);
    return status;
}
