/*
 * Stochastic variation (Karras et al. 2019, section 3.2): figure 4, one picture under many noises
 * and the standard deviation of its pixels, and figure 5, noise in some layers alone.
 */
#include "pictures/noise_variation.h"

#include <inttypes.h>
#include <stdio.h>

#include "image/deviation.h"
#include "latent/seeds.h"
#include "nn/noise_mode.h"
#include "pictures/figure_labels.h"
#include "pictures/painter.h"
#include "pictures/picture_metadata.h"

enum { NAME_BYTES = 64, SUFFIX_BYTES = 40 };

static const char *const layer_names[SG_NOISE_LAYERS_COUNT] = {"all", "none", "fine", "coarse"};

/* The command at work. */
typedef struct variation {
    const sg_picture_network *network;
    const sg_variation_options *options;
    sg_figure *realisations; /* figure 4 */
    sg_figure *layers;       /* figure 5 */
    size_t painted, count;
} variation;

const char *sg_noise_layers_name(sg_noise_layers layers)
{
    return layer_names[layers];
}

/* The blocks that have no noise when it is in `layers`. */
static uint32_t silent_blocks(const sg_variation_options *options, sg_noise_layers layers)
{
    switch (layers) {
    case SG_NOISE_IN_NO:
        return UINT32_MAX;
    case SG_NOISE_IN_FINE:
        return sg_blocks_outside(options->ranges[1]);
    case SG_NOISE_IN_COARSE:
        return sg_blocks_outside(options->ranges[0]);
    default:
        return 0;
    }
}

/* ---- one picture ---- */

/* Paints ws with noise in `layers`; `noise` moves on to the next realisation. */
static sg_status paint(variation *all, sg_tensor *ws, sg_noise_layers layers, sg_random *noise,
                       sg_image **image, sg_error *error)
{
    const sg_synthesis_options options = {.noise_mode = all->options->noise_mode,
                                          .random = noise,
                                          .silent_blocks = silent_blocks(all->options, layers)};
    const sg_status status = sg_paint(all->network->generator, ws, options, image, error);
    return status ? status : sg_work_step(all->options->watch, ++all->painted, all->count, error);
}

/* What all files say; a figure has no `seed` of its own, and that of layers no `layers`. */
static void make_remarks(const variation *all, const uint32_t *seed, const char *layers,
                         sg_remarks *remarks)
{
    const sg_variation_options *options = all->options;
    sg_remarks_start(remarks, sg_picture_network_name(all->network));
    if (seed)
        sg_remark_number(remarks, "seed", *seed);
    else
        sg_remark_text(remarks, "seeds", options->seeds_text);
    sg_remark_number(remarks, "truncation psi", options->truncation.psi);
    if (options->truncation.cutoff >= 0)
        sg_remark_number(remarks, "truncation cutoff", options->truncation.cutoff);
    if (all->network->config.c_dim > 0)
        sg_remark_number(remarks, "class", options->class_index);
    sg_remark_text(remarks, "noise mode", sg_noise_mode_name(options->noise_mode));
    if (layers)
        sg_remark_text(remarks, "noise layers", layers);
}

/* "seed0005SUFFIX.png" with the picture and its remarks. */
static sg_status write_seed(const variation *all, uint32_t seed, const char *suffix,
                            const sg_image *image, const sg_remarks *remarks, sg_error *error)
{
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "seed%04" PRIu32 "%s.png", seed, suffix);
    return sg_write_picture(all->options->folder, name, image, remarks, error);
}

/* Places the part of the picture that the figure shows. */
static sg_status place_crop(variation *all, size_t column, size_t row, const sg_image *image,
                            sg_error *error)
{
    const sg_variation_crop *crop = &all->options->crop;
    sg_image *part = NULL;
    if (crop->side == 0)
        return sg_figure_paste(all->realisations, column, row, image, error);
    sg_status status =
        sg_image_crop(image, crop->left, crop->top, crop->side, crop->side, &part, error);
    if (!status)
        status = sg_figure_paste(all->realisations, column, row, part, error);
    sg_image_destroy(part);
    return status;
}

/* ---- figure 4 ---- */

/* Realisation `index` of a row's seed: into the figure and files. */
static sg_status show_realisation(variation *all, size_t row, size_t index, const sg_image *image,
                                  sg_error *error)
{
    const sg_variation_options *options = all->options;
    const uint32_t seed = options->seeds->values[row];
    char suffix[SUFFIX_BYTES];
    sg_remarks remarks;
    sg_status status = SG_OK;
    make_remarks(all, &seed, layer_names[options->layers], &remarks);
    sg_remark_number(&remarks, "noise realisation", (double)index);
    if (index == 0)
        status = sg_figure_paste(all->realisations, 0, row, image, error);
    if (index == 0 && !status)
        status = write_seed(all, seed, "", image, &remarks, error);
    if (options->singles && !status) {
        snprintf(suffix, sizeof suffix, "-noise%03zu", index);
        status = write_seed(all, seed, suffix, image, &remarks, error);
    }
    if (index < options->shown && !status)
        status = place_crop(all, 1 + index, row, image, error);
    return status;
}

/* The map of a row's seed, and the numbers that it was made of. */
static sg_status show_map(variation *all, size_t row, const sg_deviation *deviation,
                          sg_variation_summary *summary, sg_error *error)
{
    const sg_variation_options *options = all->options;
    const uint32_t seed = options->seeds->values[row];
    sg_remarks remarks;
    sg_image *map = NULL;
    sg_deviation_summary(deviation, &summary->largest, &summary->mean);
    make_remarks(all, &seed, layer_names[options->layers], &remarks);
    sg_remark_number(&remarks, "noise realisations", (double)options->samples);
    sg_remark_number(&remarks, "levels for each level of standard deviation", options->scale);
    sg_remark_number(&remarks, "largest standard deviation", summary->largest);
    sg_remark_number(&remarks, "mean standard deviation", summary->mean);
    sg_status status = sg_deviation_map(deviation, options->scale, &map, error);
    if (!status)
        status = write_seed(all, seed, "-std", map, &remarks, error);
    if (!status)
        status = sg_figure_paste(all->realisations, 1 + options->shown, row, map, error);
    sg_image_destroy(map);
    return status;
}

/* Paints every realisation of a row's seed, and adds them up. */
static sg_status paint_realisations(variation *all, size_t row, sg_tensor *ws,
                                    sg_deviation **deviation, sg_error *error)
{
    sg_random noise = sg_seed_noise(all->options->seeds->values[row]);
    sg_status status = SG_OK;
    for (size_t i = 0; i < all->options->samples && !status; i++) {
        sg_image *image = NULL;
        status = paint(all, ws, all->options->layers, &noise, &image, error);
        if (!status && i == 0)
            status = sg_deviation_create(
                &(sg_image_shape){image->width, image->height, image->channels}, deviation, error);
        if (!status)
            status = sg_deviation_add(*deviation, image, error);
        if (!status)
            status = show_realisation(all, row, i, image, error);
        sg_image_destroy(image);
    }
    return status;
}

/* ---- figure 5 ---- */

/* The first realisation with noise in all, no, fine and coarse layers. */
static sg_status paint_layers(variation *all, size_t row, sg_tensor *ws, sg_error *error)
{
    const uint32_t seed = all->options->seeds->values[row];
    sg_status status = SG_OK;
    for (int i = 0; i < SG_NOISE_LAYERS_COUNT && !status; i++) {
        sg_random noise = sg_seed_noise(seed);
        sg_image *image = NULL;
        sg_remarks remarks;
        char suffix[SUFFIX_BYTES];
        snprintf(suffix, sizeof suffix, "-noise-%s", layer_names[i]);
        make_remarks(all, &seed, layer_names[i], &remarks);
        status = paint(all, ws, (sg_noise_layers)i, &noise, &image, error);
        if (!status)
            status = write_seed(all, seed, suffix, image, &remarks, error);
        if (!status)
            status = sg_figure_paste(all->layers, (size_t)i, row, image, error);
        sg_image_destroy(image);
    }
    return status;
}

static sg_status vary_seed(variation *all, size_t row, sg_variation_summary *summary,
                           sg_error *error)
{
    const sg_variation_options *options = all->options;
    const sg_style_source source = {.seed = options->seeds->values[row],
                                    .class_index = options->class_index};
    sg_deviation *deviation = NULL;
    const size_t scope = sg_scope_open(all->network->context);
    sg_tensor *ws = sg_styles(all->network->generator, &source, &options->truncation);
    sg_status status = paint_realisations(all, row, ws, &deviation, error);
    if (!status)
        status = show_map(all, row, deviation, summary, error);
    if (!status)
        status = paint_layers(all, row, ws, error);
    sg_scope_close(all->network->context, scope, NULL);
    sg_deviation_destroy(deviation);
    return status;
}

/* ---- the figures ---- */

static sg_status create_realisations(variation *all, sg_figure_side rows, sg_error *error)
{
    const sg_variation_options *options = all->options;
    const sg_figure_group groups[] = {
        {1, NULL},
        {options->shown, options->shown > 1 ? "realisations of noise" : NULL},
        {1, NULL}};
    char scale[SG_NUMBER_TEXT_BYTES];
    sg_labels labels = {0};
    const size_t columns = options->shown + 2;
    sg_status status = sg_labels_create(&labels, columns, error);
    if (status)
        return status;
    for (size_t i = 1; i <= options->shown; i++)
        sg_labels_set(&labels, i, "noise %zu", i - 1);
    sg_print_number(scale, options->scale);
    sg_labels_set(&labels, columns - 1, "std x %s", scale);
    status = sg_picture_figure_create(all->network->generator,
                                      (sg_figure_side){columns, labels.pointers, groups, 3}, rows,
                                      options->plain, &all->realisations, error);
    sg_labels_clear(&labels);
    return status;
}

static sg_status create_layers(variation *all, sg_figure_side rows, sg_error *error)
{
    const sg_variation_options *options = all->options;
    const sg_figure_group group = {SG_NOISE_LAYERS_COUNT, "noise in the layers"};
    char text[SG_RANGE_TEXT_BYTES];
    sg_labels labels = {0};
    sg_status status = sg_labels_create(&labels, SG_NOISE_LAYERS_COUNT, error);
    if (status)
        return status;
    for (int i = 0; i < SG_NOISE_IN_FINE; i++)
        sg_labels_set(&labels, (size_t)i, "%s", layer_names[i]);
    sg_labels_set(&labels, SG_NOISE_IN_FINE, "fine (%s)",
                  sg_layer_range_print(options->ranges[1], text));
    sg_labels_set(&labels, SG_NOISE_IN_COARSE, "coarse (%s)",
                  sg_layer_range_print(options->ranges[0], text));
    status = sg_picture_figure_create(
        all->network->generator,
        (sg_figure_side){SG_NOISE_LAYERS_COUNT, labels.pointers, &group, 1}, rows, options->plain,
        &all->layers, error);
    sg_labels_clear(&labels);
    return status;
}

static sg_status create_figures(variation *all, sg_error *error)
{
    const sg_number_list *seeds = all->options->seeds;
    sg_labels labels = {0};
    sg_status status = sg_labels_create(&labels, seeds->count, error);
    for (size_t i = 0; i < seeds->count && !status; i++)
        sg_labels_set(&labels, i, "seed %" PRIu32, seeds->values[i]);
    const sg_figure_side rows = {seeds->count, labels.pointers, NULL, 0};
    if (!status)
        status = create_realisations(all, rows, error);
    if (!status)
        status = create_layers(all, rows, error);
    sg_labels_clear(&labels);
    return status;
}

static sg_status write_figures(const variation *all, sg_error *error)
{
    const sg_variation_options *options = all->options;
    sg_remarks remarks;
    make_remarks(all, NULL, NULL, &remarks);
    sg_status status = sg_write_picture(options->folder, "noise-layers.png",
                                        sg_figure_image(all->layers), &remarks, error);
    if (status)
        return status;
    make_remarks(all, NULL, layer_names[options->layers], &remarks);
    sg_remark_number(&remarks, "noise realisations", (double)options->samples);
    sg_remark_number(&remarks, "levels for each level of standard deviation", options->scale);
    return sg_write_picture(options->folder, "variation.png", sg_figure_image(all->realisations),
                            &remarks, error);
}

static sg_status vary_all(variation *all, sg_variation_summary *summaries, sg_error *error)
{
    const size_t seeds = all->options->seeds->count;
    all->count = seeds * (all->options->samples + SG_NOISE_LAYERS_COUNT);
    sg_status status = sg_work_step(all->options->watch, 0, all->count, error);
    for (size_t row = 0; row < seeds && !status; row++)
        status = vary_seed(all, row, &summaries[row], error);
    return status;
}

sg_status sg_variation(const sg_picture_network *network, const sg_variation_options *options,
                       sg_variation_summary *summaries, sg_error *error)
{
    variation all = {.network = network, .options = options};
    sg_status status = create_figures(&all, error);
    if (!status)
        status = vary_all(&all, summaries, error);
    if (!status)
        status = write_figures(&all, error);
    sg_figure_destroy(all.realisations);
    sg_figure_destroy(all.layers);
    return status;
}
