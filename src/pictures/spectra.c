/* Average power spectra as in Karras et al. 2021, section 5. Tested by: tests/cli/test_spectra.c */
#include "pictures/spectra.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/random.h"
#include "base/text.h"
#include "checkpoint/numpy/numpy_file.h"
#include "image/figures/heat_chart.h"
#include "image/figures/plot.h"
#include "pictures/painter.h"
#include "pictures/picture_metadata.h"

enum {
    ENTRIES = 2 /* arrays of a source */,
    ANGLES = 2,
    MAP_SIDE = 400 /* pixels */,
    MAPS_ACROSS = 3
};

/* What the heat map shows, in decibels, and how much it is smoothed, in the pictures' own
 * frequencies. */
static const double least_decibels = -40, most_decibels = 20, contour_decibels = 10;
static const double smoothing = 1.25;

void sg_spectra_source_clear(sg_spectra_source *source)
{
    sg_picture_network_close(&source->network);
    sg_dataset_destroy(source->dataset);
    sg_spectrum_destroy(source->spectrum);
    free(source->power);
    free(source->decibels);
    *source = (sg_spectra_source){0};
}

/* ---- pictures ---- */

/* Adds a picture; the first one says what shape they have. */
static sg_status add_picture(sg_spectra_source *source, const sg_spectra_options *options,
                             const sg_image *image, sg_error *error)
{
    const sg_image_shape shape = {image->width, image->height, image->channels};
    if (!source->spectrum)
        SG_TRY(sg_spectrum_create(&shape, options->beta, options->interpolation, &source->spectrum,
                                  error));
    return sg_spectrum_add(source->spectrum, image, error);
}

/* A source that is being measured. */
typedef struct measuring {
    sg_spectra_source *source;
    const sg_spectra_options *options;
} measuring;

/* Returns the picture of seed `seed + index`, of each class in turn, with the seed's noise. */
static sg_picture_request request_at(void *user, size_t index)
{
    const measuring *all = user;
    const int classes = all->source->network.config.c_dim;
    sg_picture_request request =
        SG_PICTURE_REQUEST(.seed = all->options->seed + index, .noise_mode = SG_NOISE_RANDOM);
    request.class_index = classes > 0 ? (int)(index % (size_t)classes) : 0;
    return request;
}

static sg_status deliver(void *user, size_t index, const sg_picture_request *request,
                         const sg_image *image, sg_error *error)
{
    const measuring *all = user;
    (void)index;
    (void)request;
    return add_picture(all->source, all->options, image, error);
}

static sg_status measure_network(sg_spectra_source *source, const sg_spectra_options *options,
                                 const sg_watch *watch, sg_error *error)
{
    measuring all = {source, options};
    const sg_picture_plan plan = {
        .count = (size_t)options->count, .user = &all, .request = request_at, .deliver = deliver};
    sg_status status = sg_picture_network_load(&source->network, &options->compute, error);
    if (!status)
        status = sg_paint_pictures(&source->network, &plan, watch, error);
    sg_picture_network_close(&source->network);
    return status;
}

/* Moves `chosen` of the indices, drawn at random, to the front. */
static void choose(size_t *indices, size_t count, size_t chosen, uint32_t seed)
{
    sg_random random = sg_random_stream(seed, 0);
    for (size_t i = 0; i < count; i++)
        indices[i] = i;
    for (size_t i = 0; i < chosen; i++) {
        const size_t other = i + (size_t)sg_random_below(&random, count - i);
        const size_t index = indices[other];
        indices[other] = indices[i];
        indices[i] = index;
    }
}

static sg_status add_chosen(sg_spectra_source *source, const sg_spectra_options *options,
                            const size_t *indices, size_t chosen, const sg_watch *watch,
                            sg_error *error)
{
    const sg_dataset_info info = sg_dataset_info_of(source->dataset);
    const sg_picture_plan plan = {.count = chosen};
    sg_image *image = NULL;
    sg_status status = sg_image_create(info.width, info.height, info.channels, &image, error);
    if (!status)
        status = sg_paint_step(&plan, 0, watch, error);
    for (size_t i = 0; i < chosen && !status; i++) {
        status = sg_dataset_read(source->dataset, indices[i], image->pixels, NULL, error);
        if (!status)
            status = add_picture(source, options, image, error);
        if (!status)
            status = sg_paint_step(&plan, i + 1, watch, error);
    }
    sg_image_destroy(image);
    return status;
}

static sg_status measure_dataset(sg_spectra_source *source, const sg_spectra_options *options,
                                 const sg_watch *watch, sg_error *error)
{
    const size_t count = sg_dataset_info_of(source->dataset).image_count;
    const size_t most = (size_t)options->count;
    const size_t chosen = most < count ? most : count;
    size_t *indices = sg_allocate(count, sizeof *indices);
    if (!indices)
        return sg_fail_memory(error, "a choice among %zu pictures", count);
    choose(indices, count, chosen, (uint32_t)options->seed);
    const sg_status status = add_chosen(source, options, indices, chosen, watch, error);
    free(indices);
    return status;
}

/* ---- numbers ---- */

static size_t map_rows(const sg_spectra_source *source)
{
    return sg_spectrum_side(source->spectrum) / 2 * 2 + 1;
}

/* Sets the statistics that whiten the sources: those of the first data set, or each one's own. */
static void choose_statistics(sg_spectra_source *sources, size_t count)
{
    size_t first = 0;
    while (first < count && !sources[first].dataset)
        first++;
    for (size_t i = 0; i < count; i++)
        sources[i].statistics = sg_spectrum_statistics(sources[first < count ? first : i].spectrum);
}

static sg_status compute(sg_spectra_source *source, int interpolation, sg_error *error)
{
    const size_t side = sg_spectrum_side(source->spectrum);
    const size_t rows = map_rows(source);
    source->power = sg_allocate(side * side, sizeof *source->power);
    source->decibels = sg_allocate(rows * rows, sizeof *source->decibels);
    if (!source->power || !source->decibels)
        return sg_fail_memory(error, "a spectrum of %zu x %zu values", side, side);
    SG_TRY(sg_spectrum_power(source->spectrum, &source->statistics, source->power, error));
    return sg_spectrum_map(source->power, side, smoothing * interpolation, source->decibels, error);
}

static sg_status write_numbers(sg_spectra_source *sources, size_t count, const char *path,
                               sg_error *error)
{
    sg_numpy_entry *entries = sg_allocate(count * ENTRIES, sizeof *entries);
    if (!entries)
        return sg_fail_memory(error, "%s", path);
    for (size_t i = 0; i < count; i++) {
        sg_spectra_source *source = &sources[i];
        const int64_t side = (int64_t)sg_spectrum_side(source->spectrum);
        char number[24] = "";
        if (count > 1)
            snprintf(number, sizeof number, "_%zu", i);
        snprintf(source->names[0], sizeof source->names[0], "spectrum%s", number);
        snprintf(source->names[1], sizeof source->names[1], "statistics%s", number);
        source->scalars[0] = (float)source->statistics.mean;
        source->scalars[1] = (float)source->statistics.deviation;
        source->scalars[2] = (float)sg_spectrum_count(source->spectrum);
        entries[ENTRIES * i] = (sg_numpy_entry){
            .name = source->names[0], .rank = 2, .size = {side, side}, .values = source->power};
        entries[ENTRIES * i + 1] = (sg_numpy_entry){
            .name = source->names[1], .rank = 1, .size = {3}, .values = source->scalars};
    }
    const sg_status status = sg_numpy_write_npz(path, entries, count * ENTRIES, error);
    free(entries);
    return status;
}

/* ---- pictures of the numbers ---- */

static sg_status draw_maps(const sg_spectra_source *sources, size_t count, sg_image **image,
                           sg_error *error)
{
    sg_heat_chart_map *maps = sg_allocate(count, sizeof *maps);
    if (!maps)
        return sg_fail_memory(error, "%zu maps", count);
    for (size_t i = 0; i < count; i++)
        maps[i] = (sg_heat_chart_map){sources[i].name, sources[i].decibels, map_rows(&sources[i])};
    const sg_heat_chart chart = {.title = "Average power spectra",
                                 .maps = maps,
                                 .count = count,
                                 .columns = MAPS_ACROSS,
                                 .side = MAP_SIDE,
                                 .low = -0.5,
                                 .high = 0.5,
                                 .axis_name = "cycles per pixel",
                                 .least = least_decibels,
                                 .most = most_decibels,
                                 .contour = contour_decibels,
                                 .unit = "dB"};
    const sg_status status = sg_heat_chart_draw(&chart, image, error);
    free(maps);
    return status;
}

/* Appends the names of all sources, "mnist, digits-32.safetensors". */
static void name_sources(const sg_spectra_source *sources, size_t count, sg_text *names)
{
    for (size_t i = 0; i < count; i++)
        sg_text_append(names, "%s%s", i > 0 ? ", " : "", sources[i].name);
}

/* The remarks of both pictures, which borrow the names. */
static void remark(const char *names, const sg_spectra_options *options, sg_remarks *remarks)
{
    sg_remarks_start(remarks, NULL);
    sg_remark_text(remarks, "sources", names);
    sg_remark_number(remarks, "pictures", options->count);
    sg_remark_number(remarks, "seed", (double)options->seed);
    sg_remark_number(remarks, "beta", options->beta);
    sg_remark_number(remarks, "interpolation", options->interpolation);
}

static sg_status write_maps(const sg_spectra_source *sources, size_t count, const char *names,
                            const sg_spectra_options *options, sg_error *error)
{
    sg_image *image = NULL;
    sg_remarks remarks;
    sg_status status = draw_maps(sources, count, &image, error);
    remark(names, options, &remarks);
    if (!status)
        status = sg_write_picture(options->folder, "heatmap.png", image, &remarks, error);
    sg_image_destroy(image);
    return status;
}

/* The curve from frequency 0 outwards; along the diagonal, a step is longer. */
static sg_status slice(const sg_spectra_source *source, bool diagonal, sg_plot_line *line,
                       sg_error *error)
{
    const size_t side = sg_spectrum_side(source->spectrum);
    const size_t count = side / 2 + 1;
    double *points = sg_allocate(2 * count, sizeof *points);
    if (!points)
        return sg_fail_memory(error, "a curve of %zu points", count);
    for (size_t i = 0; i < count; i++) {
        points[i] = (double)i / (double)side * (diagonal ? sqrt(2) : 1);
        points[count + i] = sg_power_decibels(source->power[(diagonal ? i * side : 0) + i]);
    }
    *line = (sg_plot_line){source->name, points, points + count, count};
    return SG_OK;
}

static sg_status draw_slices(const sg_spectra_source *sources, size_t count, sg_plot_line *lines,
                             sg_image **image, sg_error *error)
{
    for (size_t i = 0; i < ANGLES * count; i++)
        SG_TRY(slice(&sources[i % count], i >= count, &lines[i], error));
    const sg_plot_panel panels[ANGLES] = {{"power at 0 degrees, dB", lines, count, false},
                                          {"power at 45 degrees, dB", lines + count, count, false}};
    sg_plot plot;
    sg_plot_init(&plot);
    plot.x_name = "cycles per pixel";
    plot.panels = panels;
    plot.panel_count = ANGLES;
    return sg_plot_draw(&plot, image, error);
}

static sg_status write_slices(const sg_spectra_source *sources, size_t count, const char *names,
                              const sg_spectra_options *options, sg_error *error)
{
    sg_image *image = NULL;
    sg_remarks remarks;
    sg_plot_line *lines = sg_allocate(ANGLES * count, sizeof *lines);
    if (!lines)
        return sg_fail_memory(error, "%zu curves", ANGLES * count);
    sg_status status = draw_slices(sources, count, lines, &image, error);
    remark(names, options, &remarks);
    if (!status)
        status = sg_write_picture(options->folder, "slices.png", image, &remarks, error);
    for (size_t i = 0; i < ANGLES * count; i++)
        free((void *)lines[i].x);
    free(lines);
    sg_image_destroy(image);
    return status;
}

/* Writes what shows the numbers. */
static sg_status write_pictures(const sg_spectra_source *sources, size_t count,
                                const sg_spectra_options *options, sg_error *error)
{
    sg_text names = {0};
    name_sources(sources, count, &names);
    sg_status status =
        names.failed ? sg_fail_memory(error, "the names of %zu sources", count) : SG_OK;
    if (!status)
        status = write_maps(sources, count, names.bytes, options, error);
    if (!status)
        status = write_slices(sources, count, names.bytes, options, error);
    sg_text_clear(&names);
    return status;
}

sg_status sg_spectra(sg_spectra_source *sources, size_t count, const sg_spectra_options *options,
                     const sg_watch *watch, sg_error *error)
{
    for (size_t i = 0; i < count; i++)
        SG_TRY(sources[i].dataset ? measure_dataset(&sources[i], options, watch, error)
                                  : measure_network(&sources[i], options, watch, error));
    choose_statistics(sources, count);
    for (size_t i = 0; i < count; i++)
        SG_TRY(compute(&sources[i], options->interpolation, error));
    char *path = sg_path_join(options->folder, "spectrum.npz");
    const sg_status status = path ? write_numbers(sources, count, path, error)
                                  : sg_fail_memory(error, "the path of spectrum.npz");
    free(path);
    SG_TRY(status);
    return write_pictures(sources, count, options, error);
}
