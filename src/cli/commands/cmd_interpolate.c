/* `stylegan interpolate`: a moving picture that travels from key to key. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"
#include "cli/options/command.h"
#include "cli/options/picture_options.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/report.h"
#include "image/files/animation.h"
#include "image/files/video_file.h"
#include "pictures/walk.h"

enum {
    NOT_GIVEN = INT_MIN,
    RATE = 12, /* frames in a second, of an animation and a video */
    VIDEO_RATE = 60,
    SECONDS_PER_KEY = 2,
    LARGEST_FRAMES = SG_MOST_PICTURES, /* from key to key */
    LARGEST_SCALE = 64
};

static const sg_usage usage = {
    .command = "interpolate",
    .synopsis = "--network FILE --seeds LIST --output FILE.mp4 [options]",
    .description =
        "Shows the way from seed to seed, or between the w of files, as a video (FILE.mp4), as an\n"
        "animated PNG, which every web browser plays (FILE.png), or as one PNG file for each "
        "frame:\n"
        "when --output is a folder (it exists or ends in /), DIR/frame0000.png and so on, or by a\n"
        "pattern such as DIR/walk%05d.png. The frame at a seed is the picture that \"stylegan\n"
        "generate\" paints of it. The way is a cubic spline through w by default, as in the "
        "official\n"
        "gen_video.py.",
    .examples =
        "  stylegan interpolate --network network.safetensors --seeds 1,5,9 --output walk.mp4\n"
        "  stylegan interpolate --network network.safetensors --seeds 0-31 --grid 4x2 \\\n"
        "      --trunc 0.7 --frames 60 --fps 30 --output walks.mp4\n"
        "  stylegan interpolate --network digits.safetensors --seeds 3,3,3,3 --class 0,1,2,3 \\\n"
        "      --scale 8 --output digits.mp4\n"
        "  stylegan interpolate --network network.safetensors --keyframes projected_w.npz \\\n"
        "      --keyframes other.npz --method linear --easing smooth --output morph.png\n"
        "  stylegan interpolate --network stylegan3.safetensors --seeds 3,3 --rotate 360 --anchor "
        "\\\n"
        "      --output spin.mp4\n"
        "  stylegan interpolate --network network.safetensors --seeds 1,2 --space z --no-loop \\\n"
        "      --output frames/"};

/* The options as they were given. */
typedef struct interpolate_arguments {
    char *network, *seeds, *output, *space, *method, *easing, *classes, *noise_mode, *grid;
    char *shuffle_seed, *bitrate;
    char **keyframes; /* NULL at the end */
    int frames, num_keyframes, loop, fixed_noise, rate, quality, scale;
    sg_place_options place;
    sg_compute_options compute;
    double psi;
} interpolate_arguments;

/* The command at work. */
typedef struct interpolate_job {
    interpolate_arguments given;
    sg_number_list seeds, classes;
    sg_w_set styles;
    sg_text keys_text;
    sg_interpolate_options journey;
    sg_picture_network network;
} interpolate_job;

static sg_parsed parse_options(interpolate_arguments *given, int argc, const char **argv)
{
    *given = (interpolate_arguments){.frames = NOT_GIVEN,
                                     .num_keyframes = NOT_GIVEN,
                                     .loop = 1,
                                     .rate = NOT_GIVEN,
                                     .quality = NOT_GIVEN,
                                     .scale = 1,
                                     .psi = 1};
    const struct poptOption table[] = {
        {"network", 0, POPT_ARG_STRING, &given->network, 0, "the network file", "FILE"},
        {"output", 0, POPT_ARG_STRING, &given->output, 0,
         "FILE.mp4, FILE.png, a folder for the frames, or a pattern of their names", "PATH"},
        {"seeds", 0, POPT_ARG_STRING, &given->seeds, 0,
         "the seeds on the way: numbers and ranges such as 1,5,9 or 0-7", "LIST"},
        {"keyframes", 0, POPT_ARG_ARGV, &given->keyframes, 0,
         "instead of seeds, the w of a .npz or .npy file; may be given several times", "FILE"},
        {"w", 0, POPT_ARG_ARGV, &given->keyframes, 0, "another name of --keyframes", "FILE"},
        {"num-keyframes", 0, POPT_ARG_INT, &given->num_keyframes, 0,
         "how many seeds or w a way passes: where there are fewer, they come again (all, evenly)",
         "N"},
        {"shuffle-seed", 0, POPT_ARG_STRING, &given->shuffle_seed, 0,
         "put the seeds or w in the random order of this seed", "N"},
        {"frames", 0, POPT_ARG_INT, &given->frames, 0,
         "frames from one seed to the next (two seconds: 120 in a video, else 24)", "N"},
        {"w-frames", 0, POPT_ARG_INT, &given->frames, 0, "another name of --frames", "N"},
        {"space", 0, POPT_ARG_STRING, &given->space, 0,
         "what is interpolated: z (the latent) or w (the style) (w)", "z|w"},
        {"method", 0, POPT_ARG_STRING, &given->method, 0,
         "linear, spherical (along great circles) or cubic (a spline without corners at the "
         "seeds) (cubic in w, spherical in z)",
         "METHOD"},
        {"easing", 0, POPT_ARG_STRING, &given->easing, 0,
         "linear (an even speed), or smooth or sine, which slow down at every seed (linear)",
         "EASING"},
        {"loop", 0, POPT_ARG_VAL, &given->loop, 1, "go back to the first seed in the end (default)",
         NULL},
        {"no-loop", 0, POPT_ARG_VAL, &given->loop, 0, "end at the last seed", NULL},
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
        {"fixed-noise", 0, POPT_ARG_NONE, &given->fixed_noise, 0,
         "with random noise: the same in all frames", NULL},
        {"translate", 0, POPT_ARG_STRING, &given->place.translate, 0,
         "pan: on the way, move the pictures of a StyleGAN3 right and down by these shares of "
         "their "
         "side",
         "X,Y"},
        {"rotate", 0, POPT_ARG_DOUBLE, &given->place.rotate, 0,
         "spin: on the way, turn the pictures of a StyleGAN3 against the clock", "DEGREES"},
        SG_ANCHOR_ROW(&given->place),
        SG_MOVE_CONSTANT_ROW(&given->place),
        {"fps", 0, POPT_ARG_INT, &given->rate, 0,
         "frames shown in a second (60 in a video, else 12)", "N"},
        {"quality", 0, POPT_ARG_INT, &given->quality, 0,
         "of a video: x264's constant rate factor from 1, the best, to 51 (18)", "N"},
        {"bitrate", 0, POPT_ARG_STRING, &given->bitrate, 0,
         "of a video, instead of a quality: bits a second, such as 12M or 800k", "N"},
        {"scale", 0, POPT_ARG_INT, &given->scale, 0, "show every pixel as a square of N by N (1)",
         "N"},
        SG_COMPUTE_TABLE(&given->compute),
        POPT_TABLEEND};
    return sg_options_parse(&usage, table, argc, argv, NULL, 0);
}

/* ---- checks of the options; each returns an exit status ---- */

/* The number of an option, which may be left out, into *value; an exit status. */
static int check_number(const char *option, int given, int usual, int largest, int *value)
{
    *value = given == NOT_GIVEN ? usual : given;
    if (*value < 1 || *value > largest)
        return sg_old_usage_error(&usage, "%s must be from 1 to %d, not %d", option, largest,
                                  *value);
    return SG_EXIT_DONE;
}

static int check_numbers(interpolate_job *job)
{
    const interpolate_arguments *given = &job->given;
    sg_frame_output_options *output = &job->journey.output;
    const bool video = sg_frame_format_of(given->output) == SG_FRAMES_VIDEO;
    int frames = 0;
    int scale = 0;
    int status = check_number("--fps", given->rate, video ? VIDEO_RATE : RATE,
                              video ? (int)SG_VIDEO_LARGEST_RATE : (int)SG_ANIMATION_LARGEST_RATE,
                              &output->frames_per_second);
    if (!status)
        status = check_number("--frames", given->frames,
                              SECONDS_PER_KEY * output->frames_per_second, LARGEST_FRAMES, &frames);
    if (!status)
        status = check_number("--quality", given->quality, SG_VIDEO_USUAL_QUALITY,
                              SG_VIDEO_WORST_QUALITY, &output->quality);
    if (!status)
        status = check_number("--scale", given->scale, 1, LARGEST_SCALE, &scale);
    if (!status)
        status = sg_check_psi(&usage, given->psi);
    job->journey.frames_per_key = (size_t)frames;
    output->scale = (size_t)scale;
    return status ? status : sg_check_threads(&usage, given->compute.threads);
}

/* "800k" and the like as bits a second; 0 when it is none. */
static int64_t read_bitrate(const char *text)
{
    char *end = NULL;
    double value = strtod(text, &end);
    if (*end == 'k' || *end == 'K')
        value *= 1e3;
    else if (*end == 'M')
        value *= 1e6;
    end += strchr("kKM", *end) && *end;
    const bool allowed = end != text && *end == '\0' &&
                         value >= (double)SG_VIDEO_SMALLEST_BITRATE &&
                         value <= (double)SG_VIDEO_LARGEST_BITRATE;
    return allowed ? (int64_t)value : 0;
}

static int check_bitrate(interpolate_job *job)
{
    const interpolate_arguments *given = &job->given;
    if (!given->bitrate && given->quality == NOT_GIVEN)
        return SG_EXIT_DONE;
    if (sg_frame_format_of(given->output) != SG_FRAMES_VIDEO)
        return sg_old_usage_error(&usage, "%s is for videos, and %s is none",
                                  given->bitrate ? "--bitrate" : "--quality", given->output);
    if (!given->bitrate)
        return SG_EXIT_DONE;
    if (given->quality != NOT_GIVEN)
        return sg_old_usage_error(&usage, "--quality and --bitrate exclude each other");
    job->journey.output.bitrate = read_bitrate(given->bitrate);
    if (job->journey.output.bitrate == 0)
        return sg_old_usage_error(
            &usage,
            "--bitrate takes bits a second from 1k to 1000M, such as 12M, not "
            "\"%s\"",
            given->bitrate);
    return SG_EXIT_DONE;
}

static int check_path(interpolate_job *job)
{
    sg_interpolate_options *journey = &job->journey;
    const char *space = job->given.space ? job->given.space : "w";
    const char *method = job->given.method;
    const char *easing = job->given.easing ? job->given.easing : "linear";
    if (strcmp(space, "z") != 0 && strcmp(space, "w") != 0)
        return sg_old_usage_error(&usage, "--space must be z or w, not \"%s\"", space);
    journey->in_z = space[0] == 'z';
    if (journey->in_z && job->given.keyframes)
        return sg_old_usage_error(&usage, "--space z goes with --seeds: --keyframes are w already");
    if (!method)
        method = sg_path_method_name(journey->in_z ? SG_PATH_SPHERICAL : SG_PATH_CUBIC);
    const int found = sg_path_method_from_name(method);
    if (found < 0)
        return sg_old_usage_error(&usage, "--method must be linear, spherical or cubic, not \"%s\"",
                                  method);
    const int eased = sg_easing_from_name(easing);
    if (eased < 0)
        return sg_old_usage_error(&usage, "--easing must be linear, smooth or sine, not \"%s\"",
                                  easing);
    journey->method = (sg_path_method)found;
    journey->easing = (sg_easing)eased;
    return SG_EXIT_DONE;
}

static int check_output(const interpolate_job *job)
{
    if (sg_frame_format_of(job->given.output) == SG_FRAMES_UNKNOWN)
        return sg_old_usage_error(
            &usage,
            "--output must be a video, such as walk.mp4, a PNG file, such as "
            "walk.png, a folder, such as frames/, or a pattern with one number, "
            "such as frames/%%04d.png, not \"%s\"",
            job->given.output);
    return SG_EXIT_DONE;
}

static int check_shuffle_seed(interpolate_job *job)
{
    const char *text = job->given.shuffle_seed;
    sg_number_list seed = {0};
    if (!text)
        return SG_EXIT_DONE;
    int status = sg_check_seeds(&usage, "--shuffle-seed", text, &seed);
    if (!status && seed.count != 1)
        status = sg_old_usage_error(&usage, "--shuffle-seed takes one seed, not \"%s\"", text);
    if (!status)
        job->journey.shuffle_seed = seed.values[0];
    job->journey.shuffled = true;
    sg_number_list_clear(&seed);
    return status;
}

/* Refuses seeds and files together, neither of them, and what makes no sense with files. */
static int check_keys(interpolate_job *job)
{
    const interpolate_arguments *given = &job->given;
    if (given->seeds && given->keyframes)
        return sg_old_usage_error(&usage, "--seeds and --keyframes exclude each other");
    if (!given->seeds && !given->keyframes)
        return sg_old_usage_error(&usage, "the option --seeds (or --keyframes) is missing");
    if (given->keyframes && given->classes)
        return sg_old_usage_error(&usage,
                                  "--class goes with --seeds: --keyframes are of their class");
    if (given->seeds)
        return sg_check_seeds(&usage, "--seeds", given->seeds, &job->seeds);
    return SG_EXIT_DONE;
}

/* How many keys there are, against the grid's cells and what one call paints. */
static int check_count(interpolate_job *job)
{
    sg_interpolate_options *journey = &job->journey;
    const size_t cells = (size_t)journey->grid_columns * (size_t)journey->grid_rows;
    const size_t found = job->seeds.count > 0 ? job->seeds.count : job->styles.count;
    const char *noun = job->seeds.count > 0 ? "seeds" : "keyframes";
    int repeated = 0;
    if (job->given.num_keyframes != NOT_GIVEN) {
        const int status = check_number("--num-keyframes", job->given.num_keyframes, 0,
                                        SG_MOST_PICTURES, &repeated);
        if (status)
            return status;
    }
    const size_t count = repeated > 0 ? (size_t)repeated * cells : found;
    if (cells == 1 && count < 2)
        return sg_old_usage_error(&usage, "two %s or more are needed to go from one to another",
                                  noun);
    if (count % cells != 0 || count / cells < 2)
        return sg_old_usage_error(
            &usage,
            "a grid of %dx%d needs the same number of %s in every cell, two or "
            "more; %zu do not split into %zu",
            journey->grid_columns, journey->grid_rows, noun, count, cells);
    if (count > SG_MOST_PICTURES / journey->frames_per_key)
        return sg_old_usage_error(
            &usage,
            "%zu %s with %zu frames each are more than the %d pictures that one "
            "call paints",
            count, noun, journey->frames_per_key, SG_MOST_PICTURES);
    journey->key_count = count;
    return SG_EXIT_DONE;
}

/* Everything that can be told before the network is opened. */
static int check_options(void *state)
{
    interpolate_job *job = state;
    const interpolate_arguments *given = &job->given;
    sg_interpolate_options *journey = &job->journey;
    const sg_required_option required[] = {{"--network", given->network},
                                           {"--output", given->output}};
    int status = sg_check_required(&usage, required, 2);
    if (!status)
        status = check_output(job);
    if (!status)
        status = check_keys(job);
    if (!status)
        status = check_numbers(job);
    if (!status)
        status = check_bitrate(job);
    if (!status)
        status = check_path(job);
    if (!status)
        status = check_shuffle_seed(job);
    if (!status)
        status = sg_check_place(&usage, &job->given.place);
    if (!status)
        status = sg_check_noise_mode(&usage, given->noise_mode, &journey->noise_mode);
    if (!status)
        status = sg_check_grid(&usage, given->grid ? given->grid : "1x1", &journey->grid_columns,
                               &journey->grid_rows);
    return status || given->keyframes ? status : check_count(job);
}

static int check_classes(interpolate_job *job)
{
    const int status = sg_check_classes(&usage, &job->network, job->given.classes, &job->classes);
    if (!status && job->classes.count > 1 && job->classes.count != job->seeds.count)
        return sg_old_usage_error(
            &usage,
            "--class takes one class for all seeds or one for each: %zu classes "
            "were given for %zu seeds",
            job->classes.count, job->seeds.count);
    return status;
}

static int open_network(void *state)
{
    interpolate_job *job = state;
    sg_error error = {0};
    int status = sg_open_network(&usage, job->given.network, &job->network);
    if (!status && !job->given.keyframes)
        status = check_classes(job);
    if (!status && sg_load_network(&job->network, &job->given.compute, &error))
        status = sg_report_failure(usage.command, &error);
    return status ? status : sg_place_pictures(&usage, &job->network, &job->given.place);
}

/* ---- keyframes ---- */

/* Appends a file's w to those of the files before. */
static sg_status append_styles(interpolate_job *job, const char *path, sg_error *error)
{
    sg_w_set *all = &job->styles;
    sg_w_set more = {0};
    const size_t num_ws = (size_t)sg_generator_num_ws(job->network.generator);
    const size_t w_dim = (size_t)job->network.config.w_dim;
    const size_t width = num_ws * w_dim;
    sg_status status = sg_w_file_read(path, num_ws, w_dim, &more, error);
    if (status)
        return status;
    size_t count = 0;
    size_t values = 0;
    float *joined = NULL;
    if (sg_size_add(all->count, more.count, &count) && sg_size_multiply(count, width, &values))
        joined = sg_reallocate(all->values, values, sizeof *joined);
    if (joined) {
        memcpy(joined + all->count * width, more.values, more.count * width * sizeof *joined);
        *all = (sg_w_set){count, num_ws, w_dim, joined};
    } else {
        status = sg_fail_memory(error, "the w of %s", path);
    }
    sg_w_set_clear(&more);
    return status;
}

static int read_keyframes(void *state)
{
    interpolate_job *job = state;
    sg_error error = {0};
    if (!job->given.keyframes)
        return SG_EXIT_DONE;
    for (char **path = job->given.keyframes; *path; path++) {
        const char *slash = strrchr(*path, '/');
        sg_text_append(&job->keys_text, "%s%s", job->keys_text.length > 0 ? "," : "",
                       slash ? slash + 1 : *path);
        if (append_styles(job, *path, &error))
            return sg_report_failure(usage.command, &error);
    }
    if (job->keys_text.failed) {
        sg_fail_memory(&error, "the names of the keyframes");
        return sg_report_failure(usage.command, &error);
    }
    return check_count(job);
}

/* ---- the work ---- */

static void say_where(const interpolate_job *job)
{
    const size_t frames = sg_interpolate_frame_count(&job->journey);
    if (sg_frame_format_of(job->given.output) == SG_FRAMES_NUMBERED)
        printf("%zu frames are in %s\n", frames, job->given.output);
    else
        printf("%zu frames, %.3g seconds, are in %s\n", frames,
               (double)frames / job->journey.output.frames_per_second, job->given.output);
}

static int show_journey(void *state)
{
    interpolate_job *job = state;
    sg_error error = {0};
    sg_interpolate_options *journey = &job->journey;
    journey->seeds = &job->seeds;
    journey->classes = &job->classes;
    journey->styles = &job->styles;
    journey->keys_text = job->given.seeds ? job->given.seeds : job->keys_text.bytes;
    journey->classes_text = job->given.classes;
    journey->closed = job->given.loop != 0;
    journey->psi = job->given.psi;
    journey->transform = job->given.place.transform;
    journey->fixed_noise = job->given.fixed_noise != 0;
    journey->output.path = job->given.output;
    sg_terminal_watch watch;
    sg_terminal_watch_start(&watch, "interpolating", "frames", sg_print_note, &usage);
    journey->watch = &watch.watch;
    sg_interrupt_watch();
    sg_status worked = sg_interpolate(&job->network, journey, &error);
    sg_terminal_watch_finish(&watch);
    if (worked)
        return sg_report_failure(usage.command, &error);
    say_where(job);
    return SG_EXIT_DONE;
}

int sg_command_interpolate(int argc, const char **argv);
int sg_command_interpolate(int argc, const char **argv)
{
    static const sg_command_step steps[] = {check_options, open_network, read_keyframes,
                                            show_journey};
    interpolate_job job = {0};
    const sg_parsed parsed = parse_options(&job.given, argc, argv);
    const int status = sg_run_steps(parsed, steps, sizeof steps / sizeof steps[0], &job);
    sg_picture_network_close(&job.network);
    sg_number_list_clear(&job.seeds);
    sg_number_list_clear(&job.classes);
    sg_w_set_clear(&job.styles);
    sg_text_clear(&job.keys_text);
    return status;
}
