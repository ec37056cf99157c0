/* How w is spread; see latent_figures.h.
 * Tested by: tests/cli/test_directions.c */
#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "edit/directions/components.h"
#include "image/figures/plot.h"
#include "latent/codes.h"
#include "pictures/directions/latent_figures.h"

enum { BINS = 81, SETS = 2 /* w, and w before the last leaky ReLU */ };

#define REACH 5.0 /* standard deviations that histograms show */

/* Curves of the figure. */
typedef struct spread {
    double centers[BINS], normal[BINS];
    double densities[SETS][BINS]; /* of components of w as they are; of whitened ones */
    double *numbers;              /* [width]: 1, 2, 3 ... */
    double *deviations[SETS];     /* [width]: along the principal components */
    double radii[BINS], radius_density[BINS], radius_normal[BINS];
} spread;

/* ---- numbers ---- */

/* Undoes the mapping network's last activation. */
static void invert(const sg_latent_analysis *analysis, const double *codes, size_t count,
                   float *values)
{
    const sg_generator_config *config = sg_generator_config_of(analysis->generator);
    const double slope = config->mapping.activation == SG_LRELU ? 0.2 : 1;
    for (size_t i = 0; i < count; i++)
        values[i] = (float)(codes[i] < 0 ? codes[i] / slope : codes[i]);
}

static sg_status find_components(const float *rows, size_t count, size_t width,
                                 sg_components *found, sg_error *error)
{
    sg_component_sums *sums = NULL;
    SG_TRY(sg_component_sums_create(width, width, &sums, error));
    sg_status status = sg_component_sums_add(sums, &(sg_rows){rows, count, width}, error);
    if (!status)
        status = sg_component_sums_finish(sums, found, error);
    sg_component_sums_destroy(sums);
    return status;
}

/* Counts a value of unit variance. */
static void count_value(double value, double *density, double moments[2])
{
    const int bin = (int)floor((value + REACH) / (2 * REACH) * BINS);
    if (bin >= 0 && bin < BINS)
        density[bin]++;
    moments[0] += value * value;
    moments[1] += value * value * value * value;
}

static double kurtosis_of(const double moments[2], double count)
{
    const double variance = moments[0] / count;
    return moments[1] / count / (variance * variance) - 3;
}

static double dimensions_of(const sg_components *components)
{
    double squares = 0;
    for (size_t i = 0; i < components->count; i++)
        squares += pow(components->deviations[i], 4);
    return components->total_variance * components->total_variance / squares;
}

/* Makes densities of counts: each sums to 1 over the axis. */
static void scale_density(double *density, double count, double bin_width)
{
    for (size_t i = 0; i < BINS; i++)
        density[i] /= count * bin_width;
}

/* Counts the components of w by their own means and deviations. */
static sg_status count_plain(const sg_latent_analysis *analysis, const double *codes, size_t width,
                             spread *all, sg_latent_spread *found, sg_error *error)
{
    sg_moments moments = {0};
    double sums[2] = {0};
    SG_TRY(sg_moments_start(&moments, width, error));
    for (size_t i = 0; i < analysis->samples; i++)
        sg_moments_add(&moments, codes + i * width);
    sg_moments_finish(&moments);
    for (size_t i = 0; i < analysis->samples * width; i++)
        if (moments.deviation[i % width] > 0)
            count_value((codes[i] - moments.mean[i % width]) / moments.deviation[i % width],
                        all->densities[0], sums);
    sg_moments_clear(&moments);
    found->kurtosis[0] = kurtosis_of(sums, (double)(analysis->samples * width));
    return SG_OK;
}

/* Counts whitened coordinates and their lengths. */
static void count_whitened(const sg_latent_analysis *analysis, const float *values,
                           const sg_components *components, double *coordinates, spread *all,
                           sg_latent_spread *found)
{
    const size_t width = components->width;
    const double middle = sqrt((double)width - 0.5);
    double sums[2] = {0};
    for (size_t i = 0; i < analysis->samples; i++) {
        double square = 0;
        sg_components_project(components, values + i * width, coordinates);
        for (size_t k = 0; k < width; k++) {
            const double unit = components->deviations[k] > 0 ? components->deviations[k] : 1;
            count_value(coordinates[k] / unit, all->densities[1], sums);
            square += coordinates[k] / unit * coordinates[k] / unit;
        }
        const int bin = (int)floor((sqrt(square) - middle + REACH) / (2 * REACH) * BINS);
        if (bin >= 0 && bin < BINS)
            all->radius_density[bin]++;
    }
    found->kurtosis[1] = kurtosis_of(sums, (double)(analysis->samples * width));
}

/* ---- the figure ---- */

/* The axes, and the normal distributions to compare with: a length of `width` normal numbers is
 * near a normal number of mean sqrt(width - 1/2) and variance 1/2. */
static void fill_axes(spread *all, size_t width)
{
    const double pi = 3.14159265358979323846;
    for (size_t i = 0; i < BINS; i++) {
        const double at = ((double)i + 0.5) / BINS * 2 * REACH - REACH;
        all->centers[i] = at;
        all->normal[i] = exp(-at * at / 2) / sqrt(2 * pi);
        all->radii[i] = at + sqrt((double)width - 0.5);
        all->radius_normal[i] = exp(-at * at) / sqrt(pi);
    }
    for (size_t i = 0; i < width; i++)
        all->numbers[i] = (double)i + 1;
}

static sg_status draw_panel(const char *x_name, const char *title, const sg_plot_line *lines,
                            size_t count, bool logarithmic, sg_image **image, sg_error *error)
{
    const sg_plot_panel panel = {title, lines, count, logarithmic};
    sg_plot plot;
    sg_plot_init(&plot);
    plot.x_name = x_name;
    plot.panels = &panel;
    plot.panel_count = 1;
    return sg_plot_draw(&plot, image, error);
}

/* Puts charts with different axes below each other. */
static sg_status stack(sg_image *const *parts, size_t count, sg_image **image, sg_error *error)
{
    size_t height = 0;
    size_t at = 0;
    for (size_t i = 0; i < count; i++)
        height += parts[i]->height;
    SG_TRY(sg_image_create(parts[0]->width, height, parts[0]->channels, image, error));
    for (size_t i = 0; i < count; i++) {
        const size_t bytes = parts[i]->height * parts[i]->width * parts[i]->channels;
        for (size_t k = 0; k < bytes; k++)
            (*image)->pixels[at + k] = parts[i]->pixels[k];
        at += bytes;
    }
    return SG_OK;
}

static sg_status draw(const spread *all, size_t width, sg_image **image, sg_error *error)
{
    const sg_plot_line values[] = {
        {"w, each component by its deviation", all->centers, all->densities[0], BINS},
        {"before the last leaky ReLU, whitened", all->centers, all->densities[1], BINS},
        {"normal", all->centers, all->normal, BINS}};
    const sg_plot_line radii[] = {{"length of the whitened", all->radii, all->radius_density, BINS},
                                  {"normal", all->radii, all->radius_normal, BINS}};
    const sg_plot_line deviations[] = {
        {"w", all->numbers, all->deviations[0], width},
        {"before the last leaky ReLU", all->numbers, all->deviations[1], width}};
    sg_image *parts[3] = {NULL};
    sg_status status = draw_panel("value in standard deviations", "components", values, 3, false,
                                  &parts[0], error);
    if (!status)
        status = draw_panel("length", "distance from the mean", radii, 2, false, &parts[1], error);
    if (!status)
        status = draw_panel("principal component", "standard deviations", deviations, 2, true,
                            &parts[2], error);
    if (!status)
        status = stack(parts, 3, image, error);
    for (size_t i = 0; i < 3; i++)
        sg_image_destroy(parts[i]);
    return status;
}

/* ---- all ---- */

/* Measures both sets; `values` and `coordinates` are room. */
static sg_status measure(const sg_latent_analysis *analysis, const double *codes, size_t width,
                         float *values, double *coordinates, spread *all, sg_latent_spread *found,
                         sg_error *error)
{
    const double bin_width = 2 * REACH / BINS;
    const double count = (double)(analysis->samples * width);
    sg_status status = count_plain(analysis, codes, width, all, found, error);
    for (size_t set = 0; !status && set < SETS; set++) {
        sg_components components = {0};
        if (set == 0)
            for (size_t i = 0; i < analysis->samples * width; i++)
                values[i] = (float)codes[i];
        else
            invert(analysis, codes, analysis->samples * width, values);
        status = find_components(values, analysis->samples, width, &components, error);
        for (size_t i = 0; !status && i < width; i++)
            all->deviations[set][i] = components.deviations[i];
        if (!status)
            found->dimensions[set] = dimensions_of(&components);
        if (!status && set == 1)
            count_whitened(analysis, values, &components, coordinates, all, found);
        sg_components_clear(&components);
    }
    scale_density(all->densities[0], count, bin_width);
    scale_density(all->densities[1], count, bin_width);
    scale_density(all->radius_density, (double)analysis->samples, bin_width);
    return status;
}

sg_status sg_latent_spread_draw(const sg_latent_analysis *analysis, sg_latent_spread *found,
                                sg_image **image, sg_error *error)
{
    const size_t width = (size_t)sg_generator_config_of(analysis->generator)->w_dim;
    spread all = {
        .numbers = sg_allocate(width, sizeof(double)),
        .deviations = {sg_allocate(width, sizeof(double)), sg_allocate(width, sizeof(double))}};
    double *codes = NULL;
    double *coordinates = sg_allocate(width, sizeof *coordinates);
    float *values = sg_allocate(analysis->samples, width * sizeof *values);
    sg_status status =
        all.numbers && all.deviations[0] && all.deviations[1] && coordinates && values
            ? sg_draw_codes(analysis->generator, analysis->seed, analysis->samples, analysis->label,
                            1, &codes, error)
            : sg_fail_memory(error, "%zu w", analysis->samples);
    *image = NULL;
    if (!status)
        status = measure(analysis, codes, width, values, coordinates, &all, found, error);
    if (!status) {
        fill_axes(&all, width);
        status = draw(&all, width, image, error);
    }
    free(all.numbers);
    free(all.deviations[0]);
    free(all.deviations[1]);
    free(coordinates);
    free(values);
    free(codes);
    return status;
}
