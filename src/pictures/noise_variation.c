/*
 * Stochastic variation (Karras et al. 2019, section 3.2): figure 4, one picture under many noises
 * and the standard deviation of its pixels, and figure 5, noise in some layers alone.
 * Tested by: tests/cli/test_variation.c
 */
#include "pictures/noise_variation.h"

#include <math.h>
#include <stdio.h>

#include "image/deviation.h"
#include "pictures/figure_labels.h"
#include "pictures/painter.h"
#include "pictures/picture_metadata.h"

enum { SUFFIX_BYTES = 40, LAST_LAYER = 31, MIDDLE_LEVEL = 128 };

static const char *const layer_names[] = {"all", "none", "fine", "coarse"};
const sg_choices sg_noise_layer_choices = SG_CHOICES(layer_names);

enum { NAMED = sizeof layer_names / sizeof layer_names[0] };

/* Returns how many choices of layers the second figure shows. */
static size_t choice_count(const sg_variation_options *options)
{
    return NAMED + (options->layers == SG_NOISE_IN_LISTED);
}

/* The choice in remarks. */
static const char *name_layers(const sg_variation_options *options, sg_noise_layers layers)
{
    return (int)layers < (int)NAMED ? layer_names[layers] : options->listed.text;
}

/* A seed is a row of the figures: its realisations come first, then one picture for each choice of
 * layers. */
typedef struct variation {
    const sg_picture_work *work;
    const sg_variation_options *options;
    sg_variation_summary *summaries;
    sg_labels seed_labels, realisation_labels, layer_labels, line_labels;
    sg_figure *realisations;                /* figure 4 */
    sg_figure *layers;                      /* figure 5 */
    sg_image *kept[SG_NOISE_IN_LISTED + 1]; /* the row's pictures of it, until all are there */
    sg_deviation *deviation;                /* of the current row; NULL before its first picture */
    sg_random noise;                        /* of the row's realisations, one after another */
} variation;

/* Picture `index` of the plan. */
typedef struct cell {
    size_t row;
    int realisation;        /* -1: a picture for figure 5 */
    sg_noise_layers layers; /* with noise */
} cell;

static cell cell_at(const sg_variation_options *options, size_t index)
{
    const size_t for_each = (size_t)options->samples + choice_count(options);
    const int column = (int)(index % for_each);
    const bool realisation = column < options->samples;
    return (cell){index / for_each, realisation ? column : -1,
                  (sg_noise_layers)(realisation ? options->layers : column - options->samples)};
}

/* Returns the layers that have no noise when it is in `layers`. */
static uint32_t silent_layers(const variation *all, sg_noise_layers layers)
{
    const sg_generator *generator = all->work->network.generator;
    const sg_number_list *listed = &all->options->listed;
    uint32_t silent = UINT32_MAX;
    switch (layers) {
    case SG_NOISE_IN_NO:
        return silent;
    case SG_NOISE_IN_FINE:
        return sg_layers_outside(generator, all->options->ranges[1]);
    case SG_NOISE_IN_COARSE:
        return sg_layers_outside(generator, all->options->ranges[0]);
    case SG_NOISE_IN_LISTED:
        for (size_t i = 0; i < listed->count; i++)
            silent &= ~(UINT32_C(1) << listed->values[i]);
        return silent;
    default:
        return 0;
    }
}

sg_status sg_variation_check(const sg_variation_options *options, const sg_generator *generator,
                             sg_error *error)
{
    const uint32_t layers = (uint32_t)sg_generator_num_ws(generator);
    for (size_t i = 0; i < options->listed.count; i++)
        if (options->listed.values[i] >= layers || options->listed.values[i] > LAST_LAYER)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"noise_layers\" has layer %u, but the network's are from 0 to %u",
                           options->listed.values[i], layers - 1);
    return SG_OK;
}

static sg_picture_request request_at(void *user, size_t index)
{
    variation *all = user;
    const cell one = cell_at(all->options, index);
    sg_picture_request request = all->work->common;
    sg_source_set(&all->work->lists.seeds, &all->work->lists.w, one.row, &request);
    request.silent_layers = silent_layers(all, one.layers);
    if (one.realisation == 0)
        all->noise = sg_picture_noise(&request);
    if (one.realisation >= 0)
        request.noise = &all->noise;
    return request;
}

/* Remarks of a picture that has noise in `layers`; of a figure without `request`. */
static void make_remarks(const variation *all, const sg_picture_request *request,
                         const char *layers, sg_remarks *remarks)
{
    const sg_picture_network *network = &all->work->network;
    if (request) {
        sg_remark_picture(remarks, network, request);
    } else {
        sg_remarks_start(remarks, sg_picture_network_name(network));
        sg_remark_text(remarks, "seeds", all->work->lists.seeds.text);
        sg_remark_settings(remarks, network, &all->work->common, NULL, NULL);
    }
    if (layers)
        sg_remark_text(remarks, "noise layers", layers);
}

/* "seed0005SUFFIX.png", or "proj00SUFFIX.png" of a w, with the picture and its remarks. */
static sg_status write_seed(const sg_picture_request *request, const char *suffix,
                            const sg_image *image, const sg_remarks *remarks, sg_error *error)
{
    char name[SG_PICTURE_NAME_BYTES];
    char source[SG_SOURCE_NAME_BYTES];
    snprintf(name, sizeof name, "%s%s.png", sg_request_source_name(request, source), suffix);
    return sg_write_picture(request->folder, name, image, remarks, error);
}

/* ---- figure 4 ---- */

/* Pastes the part of the picture that the figure shows. */
static sg_status paste_crop(variation *all, size_t column, size_t row, const sg_image *image,
                            sg_error *error)
{
    const sg_variation_crop *crop = &all->options->crop;
    sg_image *part = NULL;
    if (crop->side == 0)
        return sg_figure_paste(all->realisations, column, row, image, error);
    SG_TRY(sg_image_crop(image, crop->left, crop->top, crop->side, crop->side, &part, error));
    const sg_status status = sg_figure_paste(all->realisations, column, row, part, error);
    sg_image_destroy(part);
    return status;
}

/* Puts a realisation into the figure and files. */
static sg_status show_realisation(variation *all, const cell *one,
                                  const sg_picture_request *request, const sg_image *image,
                                  sg_error *error)
{
    char suffix[SUFFIX_BYTES];
    sg_remarks remarks;
    make_remarks(all, request, name_layers(all->options, one->layers), &remarks);
    sg_remark_number(&remarks, "noise realisation", one->realisation);
    if (one->realisation == 0) {
        SG_TRY(sg_figure_paste(all->realisations, 0, one->row, image, error));
        SG_TRY(write_seed(request, "", image, &remarks, error));
    }
    if (all->work->singles) {
        snprintf(suffix, sizeof suffix, "-noise%03d", one->realisation);
        SG_TRY(write_seed(request, suffix, image, &remarks, error));
    }
    return one->realisation < all->options->shown
               ? paste_crop(all, 1 + (size_t)one->realisation, one->row, image, error)
               : SG_OK;
}

static void remark_map(const variation *all, sg_remarks *remarks)
{
    sg_remark_number(remarks, "noise realisations", all->options->samples);
    sg_remark_number(remarks, "levels for each level of standard deviation", all->options->scale);
}

/* Draws the map of a row, and the numbers that it was made of. */
static sg_status show_map(variation *all, size_t row, const sg_picture_request *request,
                          sg_error *error)
{
    sg_variation_summary *summary = &all->summaries[row];
    sg_remarks remarks;
    sg_image *map = NULL;
    sg_deviation_summary(all->deviation, &summary->largest, &summary->mean);
    make_remarks(all, request, name_layers(all->options, all->options->layers), &remarks);
    remark_map(all, &remarks);
    sg_remark_number(&remarks, "largest standard deviation", summary->largest);
    sg_remark_number(&remarks, "mean standard deviation", summary->mean);
    SG_TRY(sg_deviation_map(all->deviation, all->options->scale, &map, error));
    sg_status status = write_seed(request, "-std", map, &remarks, error);
    if (!status)
        status =
            sg_figure_paste(all->realisations, 1 + (size_t)all->options->shown, row, map, error);
    sg_image_destroy(map);
    return status;
}

static sg_status add_realisation(variation *all, const cell *one, const sg_picture_request *request,
                                 const sg_image *image, sg_error *error)
{
    const sg_image_shape shape = {image->width, image->height, image->channels};
    if (!all->deviation)
        SG_TRY(sg_deviation_create(&shape, &all->deviation, error));
    SG_TRY(sg_deviation_add(all->deviation, image, error));
    SG_TRY(show_realisation(all, one, request, image, error));
    if (one->realisation < all->options->samples - 1)
        return SG_OK;
    SG_TRY(show_map(all, one->row, request, error));
    sg_deviation_destroy(all->deviation);
    all->deviation = NULL;
    return SG_OK;
}

/* ---- figure 5 ---- */

/* Returns the rows of the figure for each seed: pictures and, unless it is plain, what noise has
 * changed. */
static size_t lines_of(const variation *all)
{
    return all->work->plain ? 1 : 2;
}

/* Pastes what noise has changed: grey where it is nothing, otherwise times the scale. */
static sg_status paste_change(const variation *all, size_t choice, size_t row, sg_error *error)
{
    const sg_image *picture = all->kept[choice];
    const sg_image *silent = all->kept[SG_NOISE_IN_NO];
    sg_image *change = NULL;
    SG_TRY(sg_image_create(picture->width, picture->height, picture->channels, &change, error));
    for (size_t i = 0; i < sg_image_size(picture); i++) {
        const double difference = (double)picture->pixels[i] - silent->pixels[i];
        const double level = MIDDLE_LEVEL + all->options->scale * difference;
        change->pixels[i] = (uint8_t)lrint(fmin(255, fmax(0, level)));
    }
    const sg_status status = sg_figure_paste(all->layers, choice, row, change, error);
    sg_image_destroy(change);
    return status;
}

/* Forgets the pictures of the row. */
static void forget(variation *all)
{
    for (size_t i = 0; i <= SG_NOISE_IN_LISTED; i++) {
        sg_image_destroy(all->kept[i]);
        all->kept[i] = NULL;
    }
}

static sg_status paste_layers(variation *all, const cell *one, const sg_image *image,
                              sg_error *error)
{
    const size_t choice = (size_t)one->layers;
    const size_t row = lines_of(all) * one->row;
    SG_TRY(sg_figure_paste(all->layers, choice, row, image, error));
    if (all->work->plain)
        return SG_OK;
    SG_TRY(sg_image_scale_integer(image, 1, &all->kept[choice], error));
    for (size_t i = 0; i <= choice && choice + 1 == choice_count(all->options); i++)
        SG_TRY(paste_change(all, i, row + 1, error));
    if (choice + 1 == choice_count(all->options))
        forget(all);
    return SG_OK;
}

static sg_status add_layers(variation *all, const cell *one, const sg_picture_request *request,
                            const sg_image *image, sg_error *error)
{
    sg_remarks remarks;
    char suffix[SUFFIX_BYTES];
    snprintf(suffix, sizeof suffix, "-noise-%s",
             (int)one->layers < (int)NAMED ? layer_names[one->layers] : "listed");
    make_remarks(all, request, name_layers(all->options, one->layers), &remarks);
    SG_TRY(write_seed(request, suffix, image, &remarks, error));
    return paste_layers(all, one, image, error);
}

static sg_status deliver(void *user, size_t index, const sg_picture_request *request,
                         const sg_image *image, sg_error *error)
{
    variation *all = user;
    const cell one = cell_at(all->options, index);
    return one.realisation >= 0 ? add_realisation(all, &one, request, image, error)
                                : add_layers(all, &one, request, image, error);
}

/* ---- the figures ---- */

static sg_status create_realisations(variation *all, sg_figure_side rows, sg_error *error)
{
    const size_t shown = (size_t)all->options->shown;
    const sg_figure_group groups[] = {
        {1, NULL}, {shown, shown > 1 ? "realisations of noise" : NULL}, {1, NULL}};
    char scale[SG_NUMBER_TEXT_BYTES];
    sg_labels *labels = &all->realisation_labels;
    SG_TRY(sg_labels_create(labels, shown + 2, error));
    sg_labels_set(labels, 0, "picture");
    for (size_t i = 1; i <= shown; i++)
        sg_labels_set(labels, i, "noise %zu", i - 1);
    sg_print_number(scale, all->options->scale);
    sg_labels_set(labels, shown + 1, "std x %s", scale);
    return sg_picture_figure_create(all->work->network.generator,
                                    (sg_figure_side){shown + 2, labels->pointers, groups, 3}, rows,
                                    all->work->plain, 0, &all->realisations, error);
}

/* Labels the rows: those of changes as such, between those of seeds. */
static sg_status label_lines(variation *all, sg_error *error)
{
    const sg_picture_lists *lists = &all->work->lists;
    const size_t lines = lines_of(all);
    char scale[SG_NUMBER_TEXT_BYTES];
    sg_print_number(scale, all->options->scale);
    SG_TRY(sg_labels_create(&all->line_labels, lines * lists->seeds.count, error));
    for (size_t i = 0; i < all->line_labels.count; i++) {
        char text[SG_LABEL_BYTES];
        sg_source_print(&lists->seeds, &lists->w, i / lines, text, sizeof text);
        if (i % lines)
            sg_labels_set(&all->line_labels, i, "change x %.20s", scale);
        else
            sg_labels_set(&all->line_labels, i, "%s", text);
    }
    return SG_OK;
}

static sg_status create_layers(variation *all, sg_error *error)
{
    const size_t count = choice_count(all->options);
    const sg_figure_group group = {count, "noise in the layers"};
    char text[SG_RANGE_TEXT_BYTES];
    sg_labels *labels = &all->layer_labels;
    SG_TRY(label_lines(all, error));
    SG_TRY(sg_labels_create(labels, count, error));
    for (size_t i = 0; i < count; i++)
        if (i < SG_NOISE_IN_FINE || i == SG_NOISE_IN_LISTED)
            sg_labels_set(labels, i, "%s", name_layers(all->options, (sg_noise_layers)i));
        else
            sg_labels_set(labels, i, "%s (%s)", layer_names[i],
                          sg_layer_range_print(all->options->ranges[i == SG_NOISE_IN_FINE], text));
    return sg_picture_figure_create(
        all->work->network.generator, (sg_figure_side){count, labels->pointers, &group, 1},
        (sg_figure_side){all->line_labels.count, all->line_labels.pointers, NULL, 0},
        all->work->plain, 0, &all->layers, error);
}

static sg_status create_figures(variation *all, sg_error *error)
{
    const sg_number_list *seeds = &all->work->lists.seeds;
    SG_TRY(sg_labels_sources(&all->seed_labels, seeds, &all->work->lists.w, 0, 1, error));
    const sg_figure_side rows = {seeds->count, all->seed_labels.pointers, NULL, 0};
    SG_TRY(create_realisations(all, rows, error));
    return create_layers(all, error);
}

static sg_status write_figures(const variation *all, sg_error *error)
{
    const char *folder = all->work->common.folder;
    sg_remarks remarks;
    make_remarks(all, NULL, NULL, &remarks);
    SG_TRY(sg_write_picture(folder, "noise-layers.png", sg_figure_image(all->layers), &remarks,
                            error));
    make_remarks(all, NULL, name_layers(all->options, all->options->layers), &remarks);
    remark_map(all, &remarks);
    return sg_write_picture(folder, "variation.png", sg_figure_image(all->realisations), &remarks,
                            error);
}

sg_status sg_variation(const sg_picture_work *work, const sg_variation_options *options,
                       sg_variation_summary *summaries, const sg_watch *watch, sg_error *error)
{
    variation all = {.work = work, .options = options, .summaries = summaries};
    const size_t for_each = (size_t)options->samples + choice_count(options);
    const sg_picture_plan plan = {.count = work->lists.seeds.count * for_each,
                                  .user = &all,
                                  .request = request_at,
                                  .deliver = deliver};
    sg_status status = create_figures(&all, error);
    if (!status)
        status = sg_paint_pictures(&work->network, &plan, watch, error);
    if (!status)
        status = write_figures(&all, error);
    sg_deviation_destroy(all.deviation);
    sg_figure_destroy(all.realisations);
    sg_figure_destroy(all.layers);
    sg_labels_clear(&all.seed_labels);
    sg_labels_clear(&all.realisation_labels);
    sg_labels_clear(&all.layer_labels);
    sg_labels_clear(&all.line_labels);
    forget(&all);
    return status;
}
