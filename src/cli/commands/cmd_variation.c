/* `stylegan variation`: what noise changes in a picture.
 * Tested by: tests/cli/test_variation.c */
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "cli/options/option_groups.h"
#include "pictures/noise_variation.h"
#include "pictures/picture_fields.h"
#include "pictures/picture_set.h"

enum { SOURCE_BYTES = 200, DEFAULT_SHOWN = 4, CROP_NUMBERS = 3 /* left, top, side */ };

/* Options and state of the command. */
typedef struct variation {
    sg_picture_work work;
    sg_variation_options figures;
    sg_given given;                  /* of the rows of own_fields */
    sg_variation_summary *summaries; /* [seeds] */
} variation;

static const variation defaults = {
    .work = {.common = SG_PICTURE_REQUEST(.noise_mode = SG_NOISE_RANDOM), .one_class = true},
    .figures = {.samples = 100, .shown = DEFAULT_SHOWN, .scale = 4}};

static sg_status parse_crop(const char *text, void *value, sg_error *error)
{
    sg_number_list numbers = {0};
    sg_variation_crop *crop = value;
    *crop = (sg_variation_crop){0};
    if (!sg_number_list_parse(text, "pixels", UINT32_MAX, &numbers, NULL) &&
        numbers.count == CROP_NUMBERS)
        *crop = (sg_variation_crop){numbers.values[0], numbers.values[1], numbers.values[2]};
    sg_number_list_clear(&numbers);
    return crop->side > 0 ? SG_OK
                          : sg_fail(error, SG_ERROR_ARGUMENT,
                                    "takes the left and the top pixel and the side of a square, "
                                    "such as 300,100,128, not \"%s\"",
                                    text);
}

static const sg_field_codec crop_codec = {.parse = parse_crop};

/* A name, or a list of layers. */
static sg_status parse_layers(const char *text, void *value, sg_error *error)
{
    sg_variation_options *figures = value;
    sg_number_list_clear(&figures->listed);
    figures->layers = sg_choice_find(&sg_noise_layer_choices, text);
    if (figures->layers >= 0)
        return SG_OK;
    figures->layers = SG_NOISE_IN_LISTED;
    return sg_number_list_parse(text, "layers", UINT32_MAX, &figures->listed, NULL)
               ? sg_fail(error, SG_ERROR_ARGUMENT,
                         "is \"%s\", but must be all, none, fine, coarse, or a list of layers such "
                         "as 0-2,5",
                         text)
               : SG_OK;
}

static void clear_layers(void *value)
{
    sg_number_list_clear(&((sg_variation_options *)value)->listed);
}

static const sg_field_codec layers_codec = {.parse = parse_layers, .clear = clear_layers};

static const sg_field own_fields[] = {
    {SG_INT(variation, figures.samples, 1, SG_MOST_PICTURES),
     SG_OPTION("samples", "N", "how many times each picture is painted, with new noise"),
     SG_USUAL("100"), SG_GROUP("Variation")},
    {SG_INT(variation, figures.shown, 0, SG_MOST_PICTURES),
     SG_OPTION("shown", "N", "how many of these are shown in variation.png"), SG_USUAL("4")},
    {SG_CODED(variation, figures.crop, &crop_codec),
     SG_OPTION(
         "crop", "X,Y,N",
         "show only a square part of them, enlarged: the left and the top pixel, counted from "
         "0, and the side, such as 300,100,128")},
    {SG_NUMBER(variation, figures.scale, 0, 1e6), SG_FLAGS(SG_FIELD_ABOVE),
     SG_OPTION("scale", "SCALE",
               "levels of the map for each level of standard deviation, and of changes in "
               "noise-layers.png"),
     SG_USUAL("4")},
    {"noise_layers", SG_CODED(variation, figures, &layers_codec),
     SG_OPTION(
         "noise-layers", "LAYERS",
         "the layers whose noise is new each time, while the others have none: all, none, fine, "
         "coarse, or numbers such as 0-2,5, counted from the coarsest as by mix --styles, which "
         "noise-layers.png then shows as well"),
     SG_USUAL("all")},
};
static const SG_FIELD_TABLE(own_fields, NULL);

static sg_status check_count(variation *all, sg_error *error)
{
    sg_picture_lists *lists = &all->work.lists;
    SG_TRY(sg_sources_unite(&lists->seeds, &lists->w, error));
    const size_t count = lists->seeds.count;
    const int samples = all->figures.samples;
    if (count > (size_t)SG_MOST_PICTURES / (size_t)samples)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu seeds of %d samples are more than the %d pictures that one call paints",
                       count, samples, SG_MOST_PICTURES);
    return SG_OK;
}

/* Checks everything that can be told before the network is opened. */
static sg_status check_options(variation *all, sg_error *error)
{
    sg_variation_options *figures = &all->figures;
    SG_TRY(sg_option_needed("seeds", all->work.lists.seeds.text, error));
    SG_TRY(sg_option_needed("outdir", all->work.common.folder, error));
    if (!SG_IS_GIVEN(&own_fields_table, &all->given, variation, figures.shown) &&
        figures->shown > figures->samples)
        figures->shown = figures->samples;
    if (figures->shown > figures->samples)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--shown is %d, but must be from 0 to --samples, which is %d",
                       figures->shown, figures->samples);
    return check_count(all, error);
}

/* Checks what the pictures' size tells, once there is a generator. */
static sg_status check_picture(const variation *all, const sg_watch *watch, sg_error *error)
{
    const sg_variation_crop *crop = &all->figures.crop;
    const sg_picture_network *network = &all->work.network;
    const size_t width = (size_t)sg_generator_width(network->generator);
    const size_t height = (size_t)sg_generator_height(network->generator);
    char note[1024];
    if (crop->left + crop->side > width || crop->top + crop->side > height)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--crop %zu,%zu,%zu does not lie within the pictures of %zux%zu pixels",
                       crop->left, crop->top, crop->side, width, height);
    if (!network->config.use_noise) {
        snprintf(note, sizeof note, "%s has no noise, so nothing varies", network->path);
        sg_watch_note(watch, note);
    }
    return SG_OK;
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    variation *all = state;
    sg_picture_work *work = &all->work;
    SG_TRY(check_options(all, error));
    SG_TRY(sg_picture_work_prepare(work, watch, error));
    SG_TRY(check_count(all, error));
    SG_TRY(check_picture(all, watch, error));
    SG_TRY(sg_variation_check(&all->figures, work->network.generator, error));
    sg_noise_ranges(work->network.config.img_resolution, all->figures.ranges);
    all->summaries = sg_allocate(work->lists.seeds.count, sizeof *all->summaries);
    return all->summaries ? SG_OK : sg_fail_memory(error, "%zu seeds", work->lists.seeds.count);
}

/* ---- the work ---- */

static void say_results(const variation *all)
{
    const sg_variation_options *figures = &all->figures;
    const sg_number_list *seeds = &all->work.lists.seeds;
    const int resolution = all->work.network.config.img_resolution;
    char name[SOURCE_BYTES];
    char coarse[SG_RANGE_TEXT_BYTES];
    char fine[SG_RANGE_TEXT_BYTES];
    if (resolution < SG_LEAST_PAPER_RESOLUTION)
        printf("%d pixels are too few for the paper's ranges (4-32, 64-1024):\n", resolution);
    printf("coarse layers are those of %s pixels, fine ones of %s\n",
           sg_layer_range_print(figures->ranges[0], coarse),
           sg_layer_range_print(figures->ranges[1], fine));
    for (size_t i = 0; i < seeds->count; i++) {
        sg_source_print(seeds, &all->work.lists.w, i, name, sizeof name);
        printf("%s: standard deviation %.3g of 255 levels on average, %.3g at most\n", name,
               all->summaries[i].mean, all->summaries[i].largest);
    }
    printf("The pictures are in %s, and together in its variation.png and noise-layers.png\n",
           all->work.common.folder);
}

static sg_status vary(void *state, const sg_watch *watch, sg_error *error)
{
    const variation *all = state;
    SG_TRY(sg_make_folders(all->work.common.folder, error));
    SG_TRY(sg_variation(&all->work, &all->figures, all->summaries, watch, error));
    say_results(all);
    return SG_OK;
}

static int run(const sg_command *command, void *options)
{
    variation *all = options;
    const int status = sg_picture_work_run(command, "varying", "pictures", prepare, vary, all);
    free(all->summaries);
    return status;
}

static const sg_option_group groups[] = {
    SG_GROUP_AT(sg_network_fields_table, variation, work),
    SG_GROUP_AT(sg_seeds_fields_table, variation, work),
    SG_GROUP_AT(sg_class_fields_table, variation, work),
    SG_GROUP_AT(sg_label_fields, variation, work.common),
    {&own_fields_table, 0, offsetof(variation, given), NULL},
    SG_GROUP_AT(sg_varied_noise_fields, variation, work.common),
    SG_GROUP_AT(sg_truncation_fields, variation, work.common),
    SG_GROUP_AT(sg_outdir_fields_table, variation, work),
    SG_GROUP_AT(sg_figure_fields_table, variation, work),
    SG_GROUP_AT(sg_painting_fields_table, variation, work.compute),
};

const sg_command sg_variation_command = {
    .name = "variation",
    .summary = "Show what noise changes in a picture",
    .synopsis = "--network FILE --seeds LIST --outdir DIR [options]",
    .description =
        "Shows what noise changes: a seed's picture is painted --samples times, each time "
        "with new noise. Writes for every seed DIR/seed0000.png, the first of these pictures, "
        "DIR/seed0000-std.png, a map of how much each pixel differs between them, and "
        "DIR/seed0000-noise-all.png, -none, -fine and -coarse, the first with noise in all "
        "layers, in none, in the fine ones (64-1024) or in the coarse ones (4-32; smaller "
        "ranges for pictures of less than 64x64, which it tells). They come together, a row "
        "for each seed, in DIR/variation.png and DIR/noise-layers.png, which are figures 4 "
        "and 5 of the first StyleGAN's paper.\n\n"
        "The map is grey: the standard deviation of a pixel's grey level (the mean of its "
        "channels, 0 to 255) times --scale, so that 255 stands for 255 / SCALE or more.",
    .examples =
        "  stylegan variation --network network.safetensors --seeds 1157,1012 --outdir noise\n"
        "  stylegan variation --network network.safetensors --seeds 5 --samples 1000 --shown 8 \\\n"
        "      --crop 300,100,128 --outdir hair\n"
        "  stylegan variation --network digits.safetensors --class 5 --seeds 0-3 --scale 20 \\\n"
        "      --noise-layers coarse --outdir fives",
    SG_TAKES(groups, variation),
    .defaults = &defaults,
    .run = run,
};
