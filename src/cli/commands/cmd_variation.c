/* `stylegan variation`: what noise changes in a picture. */
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "cli/options/command.h"
#include "cli/options/picture_options.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/report.h"
#include "pictures/noise_variation.h"

enum {
    NOT_GIVEN = INT_MIN,
    DEFAULT_SAMPLES = 100,
    DEFAULT_SHOWN = 4,
    CROP_NUMBERS = 3 /* left, top, side */
};

static const double DEFAULT_SCALE = 4;
static const double LARGEST_SCALE = 1e6;

static const sg_usage usage = {
    .command = "variation",
    .synopsis = "--network FILE --seeds LIST --outdir DIR [options]",
    .description =
        "Shows what noise changes: a seed's picture is painted --samples times, each time with\n"
        "new noise. Writes for every seed DIR/seed0000.png, the first of these pictures,\n"
        "DIR/seed0000-std.png, a map of how much each pixel differs between them, and\n"
        "DIR/seed0000-noise-all.png, -none, -fine and -coarse, the first with noise in all "
        "layers,\n"
        "in none, in the fine ones (64-1024) or in the coarse ones (4-32; smaller ranges for\n"
        "pictures of less than 64x64, which it tells). They come together, a row for each seed, "
        "in\n"
        "DIR/variation.png and DIR/noise-layers.png, which are figures 4 and 5 of the first\n"
        "StyleGAN's paper.\n"
        "\n"
        "The map is grey: the standard deviation of a pixel's grey level (the mean of its\n"
        "channels, 0 to 255) times --scale, so that 255 stands for 255 / SCALE or more.",
    .examples =
        "  stylegan variation --network network.safetensors --seeds 1157,1012 --outdir noise\n"
        "  stylegan variation --network network.safetensors --seeds 5 --samples 1000 --shown 8 \\\n"
        "      --crop 300,100,128 --outdir hair\n"
        "  stylegan variation --network digits.safetensors --class 5 --seeds 0-3 --scale 20 \\\n"
        "      --noise-layers coarse --outdir fives"};

/* The options as they were given. */
typedef struct variation_arguments {
    char *network, *seeds, *outdir, *class_index, *noise_mode, *noise_layers, *crop;
    double psi, scale;
    int cutoff, samples, shown, singles, plain;
    sg_compute_options compute;
} variation_arguments;

/* The command at work. */
typedef struct variation_job {
    variation_arguments given;
    sg_number_list seeds, classes, crop;
    sg_variation_options variation;
    sg_variation_summary *summaries; /* [seeds] */
    sg_picture_network network;
} variation_job;

static sg_parsed parse_options(variation_arguments *given, int argc, const char **argv)
{
    *given = (variation_arguments){.psi = 1,
                                   .scale = DEFAULT_SCALE,
                                   .cutoff = NOT_GIVEN,
                                   .samples = DEFAULT_SAMPLES,
                                   .shown = NOT_GIVEN};
    const struct poptOption table[] = {
        {"network", 0, POPT_ARG_STRING, &given->network, 0, "the network file", "FILE"},
        {"seeds", 0, POPT_ARG_STRING, &given->seeds, 0,
         "the seeds of the pictures: numbers and ranges such as 0,1,4-6", "LIST"},
        {"outdir", 0, POPT_ARG_STRING, &given->outdir, 0,
         "the folder for the pictures, made when it is missing", "DIR"},
        {"samples", 0, POPT_ARG_INT, &given->samples, 0,
         "how many times each picture is painted, with new noise (100)", "N"},
        {"shown", 0, POPT_ARG_INT, &given->shown, 0,
         "how many of these are shown in variation.png (4)", "N"},
        {"crop", 0, POPT_ARG_STRING, &given->crop, 0,
         "show only a square part of them, enlarged: the left and the top pixel, counted from 0, "
         "and the side, such as 300,100,128",
         "X,Y,N"},
        {"scale", 0, POPT_ARG_DOUBLE, &given->scale, 0,
         "levels of the map for each level of standard deviation (4)", "SCALE"},
        {"noise-layers", 0, POPT_ARG_STRING, &given->noise_layers, 0,
         "the layers whose noise is new each time, while the others have none: all, none, fine or "
         "coarse (all)",
         "LAYERS"},
        {"singles", 0, POPT_ARG_NONE, &given->singles, 0,
         "also write all the pictures, DIR/seed0000-noise000.png and so on", NULL},
        {"plain", 0, POPT_ARG_NONE, &given->plain, 0,
         "figures of pictures alone: no labels, gaps and enlargement", NULL},
        {"trunc", 0, POPT_ARG_DOUBLE, &given->psi, 0,
         "truncation: less than 1 for more typical pictures, 0 for the average one; any number is "
         "allowed (1)",
         "PSI"},
        {"trunc-cutoff", 0, POPT_ARG_INT, &given->cutoff, 0,
         "truncate only the first N inputs of the synthesis network (all; of a StyleGAN network, "
         "8)",
         "N"},
        {"class", 0, POPT_ARG_STRING, &given->class_index, 0,
         "the class of all pictures, counted from 0; conditional networks need it", "N"},
        {"noise-mode", 0, POPT_ARG_STRING, &given->noise_mode, 0,
         "random (new each time), const (stored with the network, so that nothing varies) or none "
         "(random)",
         "MODE"},
        SG_COMPUTE_TABLE(&given->compute),
        POPT_TABLEEND};
    return sg_options_parse(&usage, table, argc, argv, NULL, 0);
}

/* ---- checks of the options; each returns an exit status ---- */

static int check_samples(variation_job *job)
{
    variation_arguments *given = &job->given;
    if (given->samples < 1 || given->samples > SG_MOST_PICTURES)
        return sg_old_usage_error(&usage, "--samples must be from 1 to %d, not %d",
                                  SG_MOST_PICTURES, given->samples);
    if (given->shown == NOT_GIVEN)
        given->shown = given->samples < DEFAULT_SHOWN ? given->samples : DEFAULT_SHOWN;
    if (given->shown < 0 || given->shown > given->samples)
        return sg_old_usage_error(&usage,
                                  "--shown must be from 0 to --samples, which is %d, not %d",
                                  given->samples, given->shown);
    job->variation.samples = (size_t)given->samples;
    job->variation.shown = (size_t)given->shown;
    return SG_EXIT_DONE;
}

static int check_layers(variation_job *job)
{
    const char *name = job->given.noise_layers;
    for (int i = 0; i < SG_NOISE_LAYERS_COUNT; i++)
        if (strcmp(name ? name : "all", sg_noise_layers_name((sg_noise_layers)i)) == 0) {
            job->variation.layers = (sg_noise_layers)i;
            return SG_EXIT_DONE;
        }
    return sg_old_usage_error(&usage,
                              "--noise-layers must be all, none, fine or coarse, not \"%s\"", name);
}

static int check_numbers(variation_job *job)
{
    const variation_arguments *given = &job->given;
    if (given->cutoff < 0 && given->cutoff != NOT_GIVEN)
        return sg_old_usage_error(&usage, "--trunc-cutoff must be 0 or more, not %d",
                                  given->cutoff);
    if (!(given->scale > 0 && given->scale <= LARGEST_SCALE))
        return sg_old_usage_error(&usage, "--scale must be more than 0 and at most %g, not %g",
                                  LARGEST_SCALE, given->scale);
    const int status = sg_check_threads(&usage, given->compute.threads);
    return status ? status : sg_check_psi(&usage, given->psi);
}

static int check_crop(variation_job *job)
{
    const char *text = job->given.crop;
    sg_error error = {0};
    if (!text)
        return SG_EXIT_DONE;
    if (sg_number_list_parse(text, "pixels", UINT32_MAX, &job->crop, &error))
        return sg_list_failure(&usage, "--crop", &error);
    const uint32_t *numbers = job->crop.values;
    if (job->crop.count != CROP_NUMBERS || numbers[2] == 0)
        return sg_old_usage_error(
            &usage,
            "--crop takes the left and the top pixel and the side of a square, "
            "such as 300,100,128, not \"%s\"",
            text);
    job->variation.crop = (sg_variation_crop){numbers[0], numbers[1], numbers[2]};
    return SG_EXIT_DONE;
}

static int check_count(const variation_job *job)
{
    if (job->seeds.count > (size_t)SG_MOST_PICTURES / job->variation.samples)
        return sg_old_usage_error(&usage,
                                  "%zu seeds of %zu samples are more than the %d pictures that one "
                                  "call paints",
                                  job->seeds.count, job->variation.samples, SG_MOST_PICTURES);
    return SG_EXIT_DONE;
}

/* Everything that can be told before the network is opened. */
static int check_options(void *state)
{
    variation_job *job = state;
    const variation_arguments *given = &job->given;
    const sg_required_option required[] = {
        {"--network", given->network}, {"--seeds", given->seeds}, {"--outdir", given->outdir}};
    int status = sg_check_required(&usage, required, 3);
    if (!status)
        status = check_numbers(job);
    if (!status)
        status = check_samples(job);
    if (!status)
        status = check_layers(job);
    if (!status)
        status = check_crop(job);
    if (!status)
        status = sg_check_noise_mode(&usage, given->noise_mode ? given->noise_mode : "random",
                                     &job->variation.noise_mode);
    if (!status)
        status = sg_check_seeds(&usage, "--seeds", given->seeds, &job->seeds);
    return status ? status : check_count(job);
}

static int open_network(void *state)
{
    variation_job *job = state;
    return sg_open_network(&usage, job->given.network, &job->network);
}

static int check_class(void *state)
{
    variation_job *job = state;
    const int status =
        sg_check_classes(&usage, &job->network, job->given.class_index, &job->classes);
    if (!status && job->classes.count > 1)
        return sg_old_usage_error(&usage, "--class takes one class for all pictures, not \"%s\"",
                                  job->given.class_index);
    if (!status)
        job->variation.class_index = (int)job->classes.values[0];
    return status;
}

/* ---- the work ---- */

/* What can be told of the pictures' size, once there is a generator. */
static int check_picture(void *state)
{
    variation_job *job = state;
    sg_error error = {0};
    const sg_variation_crop *crop = &job->variation.crop;
    if (sg_load_network(&job->network, &job->given.compute, &error))
        return sg_report_failure(usage.command, &error);
    const size_t width = (size_t)sg_generator_width(job->network.generator);
    const size_t height = (size_t)sg_generator_height(job->network.generator);
    if (crop->left + crop->side > width || crop->top + crop->side > height)
        return sg_old_usage_error(&usage,
                                  "--crop %s does not lie within the pictures of %zux%zu pixels",
                                  job->given.crop, width, height);
    if (!job->network.config.use_noise)
        sg_report_warning(usage.command, "%s has no noise, so nothing varies", job->given.network);
    sg_noise_ranges(job->network.config.img_resolution, job->variation.ranges);
    return SG_EXIT_DONE;
}

static void say_results(const variation_job *job)
{
    const sg_layer_range *ranges = job->variation.ranges;
    char coarse[SG_RANGE_TEXT_BYTES];
    char fine[SG_RANGE_TEXT_BYTES];
    if (job->network.config.img_resolution < SG_LEAST_PAPER_RESOLUTION)
        printf("%d pixels are too few for the paper's ranges (4-32, 64-1024):\n",
               job->network.config.img_resolution);
    printf("coarse layers are those of %s pixels, fine ones of %s\n",
           sg_layer_range_print(ranges[0], coarse), sg_layer_range_print(ranges[1], fine));
    for (size_t i = 0; i < job->seeds.count; i++)
        printf("seed %" PRIu32 ": standard deviation %.3g of 255 levels on average, %.3g at most\n",
               job->seeds.values[i], job->summaries[i].mean, job->summaries[i].largest);
    printf("The pictures are in %s, and together in its variation.png and noise-layers.png\n",
           job->given.outdir);
}

static int vary(void *state)
{
    variation_job *job = state;
    const variation_arguments *given = &job->given;
    sg_variation_options *variation = &job->variation;
    sg_error error = {0};
    variation->seeds = &job->seeds;
    variation->seeds_text = given->seeds;
    variation->truncation =
        (sg_truncation){.psi = given->psi, .cutoff = given->cutoff >= 0 ? given->cutoff : -1};
    variation->scale = given->scale;
    variation->singles = given->singles;
    variation->plain = given->plain;
    variation->folder = given->outdir;
    job->summaries = sg_allocate(job->seeds.count, sizeof *job->summaries);
    if (!job->summaries) {
        sg_fail_memory(&error, "%zu seeds", job->seeds.count);
        return sg_report_failure(usage.command, &error);
    }
    sg_terminal_watch watch;
    sg_terminal_watch_start(&watch, "varying", "pictures", sg_print_note, &usage);
    variation->watch = &watch.watch;
    sg_status worked = sg_make_folders(given->outdir, &error);
    if (!worked)
        worked = sg_variation(&job->network, variation, job->summaries, &error);
    sg_terminal_watch_finish(&watch);
    if (worked)
        return sg_report_failure(usage.command, &error);
    say_results(job);
    return SG_EXIT_DONE;
}

int sg_command_variation(int argc, const char **argv);
int sg_command_variation(int argc, const char **argv)
{
    static const sg_command_step steps[] = {check_options, open_network, check_class, check_picture,
                                            vary};
    variation_job job = {0};
    const sg_parsed parsed = parse_options(&job.given, argc, argv);
    const int status = sg_run_steps(parsed, steps, sizeof steps / sizeof steps[0], &job);
    sg_picture_network_close(&job.network);
    sg_number_list_clear(&job.seeds);
    sg_number_list_clear(&job.classes);
    sg_number_list_clear(&job.crop);
    free(job.summaries);
    return status;
}
