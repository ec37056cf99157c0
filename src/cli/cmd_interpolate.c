/* `stylegan interpolate`: an animation that travels from seed to seed. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/command.h"
#include "cli/interpolate.h"
#include "cli/report.h"
#include "image/animation.h"

enum {
    DEFAULT_FRAMES = 24,
    DEFAULT_RATE = 12,
    LARGEST_FRAMES = SG_MOST_PICTURES /* from seed to seed */
};

static const sg_usage usage = {
    .command = "interpolate",
    .synopsis = "--network FILE --seeds LIST --output FILE.png [options]",
    .description =
        "Shows the way from seed to seed as an animated PNG, which every web browser plays, or,\n"
        "when --output is a folder (it exists or ends in /), as DIR/frame0000.png and so on. The\n"
        "frame at a seed is the picture that \"stylegan generate\" paints of it.",
    .examples =
        "  stylegan interpolate --network network.safetensors --seeds 1,5,9 --output walk.png\n"
        "  stylegan interpolate --network network.safetensors --seeds 0-31 --grid 4x2 \\\n"
        "      --trunc 0.7 --frames 48 --fps 24 --output walks.png\n"
        "  stylegan interpolate --network digits.safetensors --seeds 3,3,3,3 --class 0,1,2,3 \\\n"
        "      --output digits.png\n"
        "  stylegan interpolate --network network.safetensors --seeds 1,2 --space z --no-loop \\\n"
        "      --output frames/"};

/* The options as they were given. */
typedef struct interpolate_arguments {
    char *network, *seeds, *output, *space, *path, *classes, *noise_mode, *grid;
    int frames, loop, rate, threads;
    double psi;
} interpolate_arguments;

/* The command at work. */
typedef struct interpolate_job {
    interpolate_arguments given;
    sg_number_list seeds, classes;
    sg_interpolate_options journey;
    sg_picture_network network;
} interpolate_job;

static sg_parsed parse_options(interpolate_arguments *given, int argc, const char **argv)
{
    *given = (interpolate_arguments){
        .frames = DEFAULT_FRAMES, .loop = 1, .rate = DEFAULT_RATE, .psi = 1};
    const struct poptOption table[] = {
        {"network", 0, POPT_ARG_STRING, &given->network, 0, "the network file", "FILE"},
        {"seeds", 0, POPT_ARG_STRING, &given->seeds, 0,
         "the seeds on the way: numbers and ranges such as 1,5,9 or 0-7", "LIST"},
        {"output", 0, POPT_ARG_STRING, &given->output, 0,
         "the animation, or a folder for its frames", "FILE.png|DIR/"},
        {"frames", 0, POPT_ARG_INT, &given->frames, 0, "frames from one seed to the next (24)",
         "N"},
        {"space", 0, POPT_ARG_STRING, &given->space, 0,
         "what is interpolated: z (the latent) or w (the style) (w)", "z|w"},
        {"path", 0, POPT_ARG_STRING, &given->path, 0,
         "linear, spherical (along great circles) or smooth (a spline without corners at the "
         "seeds) (smooth in w, spherical in z)",
         "PATH"},
        {"loop", 0, POPT_ARG_VAL, &given->loop, 1, "go back to the first seed in the end (default)",
         NULL},
        {"no-loop", 0, POPT_ARG_VAL, &given->loop, 0, "end at the last seed", NULL},
        {"fps", 0, POPT_ARG_INT, &given->rate, 0, "frames shown in a second (12)", "N"},
        {"trunc", 0, POPT_ARG_DOUBLE, &given->psi, 0,
         "truncation: less than 1 for more typical pictures, 0 for the average one; any number is "
         "allowed (1)",
         "PSI"},
        {"class", 0, POPT_ARG_STRING, &given->classes, 0,
         "the class of the pictures, counted from 0, or one for each seed such as 0,3,7; "
         "conditional networks need it",
         "LIST"},
        {"grid", 0, POPT_ARG_STRING, &given->grid, 0,
         "several ways side by side, W wide and H high: the first gets the first seeds, and so on, "
         "row by row (1x1)",
         "WxH"},
        {"noise-mode", 0, POPT_ARG_STRING, &given->noise_mode, 0,
         "noise in the synthesis network: const (stored with the network), random (new in every "
         "frame) or none (const)",
         "MODE"},
        {"threads", 0, POPT_ARG_INT, &given->threads, 0, "threads (all processors)", "N"},
        POPT_TABLEEND};
    return sg_options_parse(&usage, table, argc, argv, NULL, 0);
}

/* ---- checks of the options; each returns an exit status ---- */

static int check_numbers(const interpolate_arguments *given)
{
    if (given->frames < 1 || given->frames > LARGEST_FRAMES)
        return sg_usage_error(&usage, "--frames must be from 1 to %d, not %d", LARGEST_FRAMES,
                              given->frames);
    if (given->rate < 1 || given->rate > SG_ANIMATION_LARGEST_RATE)
        return sg_usage_error(&usage, "--fps must be from 1 to %d, not %d",
                              SG_ANIMATION_LARGEST_RATE, given->rate);
    const int status = sg_check_psi(&usage, given->psi);
    return status ? status : sg_check_threads(&usage, given->threads);
}

static int check_path(interpolate_job *job)
{
    const char *space = job->given.space ? job->given.space : "w";
    const char *path = job->given.path;
    if (strcmp(space, "z") != 0 && strcmp(space, "w") != 0)
        return sg_usage_error(&usage, "--space must be z or w, not \"%s\"", space);
    job->journey.in_z = space[0] == 'z';
    job->journey.shape = job->journey.in_z ? SG_PATH_SPHERICAL : SG_PATH_SMOOTH;
    const int shape = path ? sg_path_shape_from_name(path) : (int)job->journey.shape;
    if (shape < 0)
        return sg_usage_error(&usage, "--path must be linear, spherical or smooth, not \"%s\"",
                              path);
    job->journey.shape = (sg_path_shape)shape;
    return SG_EXIT_DONE;
}

static bool ends_in(const char *text, const char *end)
{
    const size_t length = strlen(text);
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static int check_output(interpolate_job *job)
{
    const char *output = job->given.output;
    job->journey.numbered_frames = ends_in(output, "/") || sg_path_is_folder(output);
    if (!job->journey.numbered_frames && !ends_in(output, ".png") && !ends_in(output, ".apng"))
        return sg_usage_error(&usage,
                              "--output must be a PNG file, such as walk.png, or a folder, such as "
                              "frames/, not \"%s\"",
                              output);
    return SG_EXIT_DONE;
}

/* The seeds against the grid's cells, and the frames against what one call paints. */
static int check_count(interpolate_job *job)
{
    const sg_interpolate_options *journey = &job->journey;
    const size_t cells = (size_t)journey->grid_columns * (size_t)journey->grid_rows;
    const size_t seeds = job->seeds.count;
    if (cells == 1 && seeds < 2)
        return sg_usage_error(&usage, "--seeds needs two seeds or more to go from one to another");
    if (seeds % cells != 0 || seeds / cells < 2)
        return sg_usage_error(&usage,
                              "a grid of %dx%d needs the same number of seeds in every cell, two "
                              "or more; %zu seeds do not split into %zu",
                              journey->grid_columns, journey->grid_rows, seeds, cells);
    if (seeds > SG_MOST_PICTURES / journey->frames_per_key)
        return sg_usage_error(&usage,
                              "%zu seeds with %zu frames each are more than the %d pictures that "
                              "one call paints",
                              seeds, journey->frames_per_key, SG_MOST_PICTURES);
    return SG_EXIT_DONE;
}

/* Everything that can be told before the network is opened. */
static int check_options(void *state)
{
    interpolate_job *job = state;
    const interpolate_arguments *given = &job->given;
    sg_interpolate_options *journey = &job->journey;
    const sg_required_option required[] = {
        {"--network", given->network}, {"--seeds", given->seeds}, {"--output", given->output}};
    int status = sg_check_required(&usage, required, 3);
    if (!status)
        status = check_numbers(given);
    if (!status)
        status = check_path(job);
    if (!status)
        status = check_output(job);
    if (!status)
        status = sg_check_noise_mode(&usage, given->noise_mode, &journey->noise_mode);
    if (!status)
        status = sg_check_grid(&usage, given->grid ? given->grid : "1x1", &journey->grid_columns,
                               &journey->grid_rows);
    if (!status)
        status = sg_check_seeds(&usage, "--seeds", given->seeds, &job->seeds);
    journey->frames_per_key = (size_t)given->frames;
    return status ? status : check_count(job);
}

static int check_classes(void *state)
{
    interpolate_job *job = state;
    const int status = sg_check_classes(&usage, &job->network, job->given.classes, &job->classes);
    if (!status && job->classes.count > 1 && job->classes.count != job->seeds.count)
        return sg_usage_error(&usage,
                              "--class takes one class for all seeds or one for each: %zu classes "
                              "were given for %zu seeds",
                              job->classes.count, job->seeds.count);
    return status;
}

static int open_network(void *state)
{
    interpolate_job *job = state;
    return sg_picture_network_open(&usage, job->given.network, &job->network);
}

/* ---- the work ---- */

static void say_where(const interpolate_job *job)
{
    const size_t frames = sg_interpolate_frame_count(&job->journey);
    if (job->journey.numbered_frames)
        printf("%zu frames are in %s\n", frames, job->given.output);
    else
        printf("%zu frames, %.3g seconds, are in %s\n", frames,
               (double)frames / job->journey.frames_per_second, job->given.output);
}

static sg_status load_and_show(interpolate_job *job, sg_error *error)
{
    sg_status status = sg_picture_network_load(&job->network, job->given.threads, error);
    if (!status && job->journey.numbered_frames)
        status = sg_make_folders(job->given.output, error);
    return status ? status : sg_interpolate(&job->network, &job->journey, error);
}

static int show_journey(void *state)
{
    interpolate_job *job = state;
    sg_error error = {0};
    sg_interpolate_options *journey = &job->journey;
    journey->seeds = &job->seeds;
    journey->classes = &job->classes;
    journey->seeds_text = job->given.seeds;
    journey->classes_text = job->given.classes;
    journey->output = job->given.output;
    journey->closed = job->given.loop != 0;
    journey->frames_per_second = job->given.rate;
    journey->psi = job->given.psi;
    if (load_and_show(job, &error))
        return sg_report_failure(usage.command, &error);
    say_where(job);
    return SG_EXIT_DONE;
}

int sg_command_interpolate(int argc, const char **argv)
{
    static const sg_command_step steps[] = {check_options, open_network, check_classes,
                                            show_journey};
    interpolate_job job = {0};
    const sg_parsed parsed = parse_options(&job.given, argc, argv);
    const int status = sg_run_steps(parsed, steps, sizeof steps / sizeof steps[0], &job);
    sg_picture_network_close(&job.network);
    sg_number_list_clear(&job.seeds);
    sg_number_list_clear(&job.classes);
    return status;
}
