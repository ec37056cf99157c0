/* `stylegan interpolate`: a moving picture that goes from key to key.
 * Tested by: tests/cli/test_interpolate.c */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/text.h"
#include "cli/options/option_groups.h"
#include "cli/options/options.h"
#include "cli/terminal/progress.h"
#include "image/files/animation.h"
#include "image/files/video_file.h"
#include "pictures/picture_fields.h"
#include "pictures/picture_set.h"
#include "pictures/truncation_center.h"
#include "pictures/walk.h"

enum {
    RATE = 12, /* frames in a second, of an animation and a video */
    VIDEO_RATE = 60,
    SECONDS_PER_KEY = 2
};

typedef enum latent_space { SPACE_Z, SPACE_W } latent_space;
static const char *const space_names[] = {"z", "w"};
static const sg_choices spaces = SG_CHOICES(space_names);

typedef struct interpolate_options {
    const char *network, *seeds, *classes;
    sg_text_list keyframes;
    int key_count, frames, space, method, easing, scale;
    uint64_t shuffle_seed;
    sg_grid_size grid;
    sg_walk_options walk; /* common and output: the options of these members */
    sg_motion_options motion;
    sg_context_options compute;
    sg_given given, film_given; /* of the rows of own_fields and film_fields */
} interpolate_options;

static const interpolate_options defaults = {
    .space = SPACE_W,
    .scale = 1,
    .grid = {1, 1},
    .walk = {.common = SG_PICTURE_REQUEST(),
             .closed = true,
             .output = {.quality = SG_VIDEO_USUAL_QUALITY}}};

/* "800k" and the like as bits a second. */
static sg_status parse_bitrate(const char *text, void *value, sg_error *error)
{
    char *end = NULL;
    double bits = strtod(text, &end);
    if (*end == 'k' || *end == 'K')
        bits *= 1e3;
    else if (*end == 'M')
        bits *= 1e6;
    end += strchr("kKM", *end) && *end;
    if (end == text || *end != '\0' || !(bits >= (double)SG_VIDEO_SMALLEST_BITRATE) ||
        !(bits <= (double)SG_VIDEO_LARGEST_BITRATE))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "takes bits a second from 1k to 1000M, such as 12M, not \"%s\"", text);
    *(int64_t *)value = (int64_t)bits;
    return SG_OK;
}

static const sg_field_codec bitrate_codec = {.parse = parse_bitrate};

static const sg_field own_fields[] = {
    {SG_CODED(interpolate_options, keyframes, &sg_text_list_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("keyframes", "FILE",
               "instead of seeds, the w of a .npz or .npy file; may be given several times"),
     SG_GROUP("Pictures")},
    {SG_CODED(interpolate_options, keyframes, &sg_text_list_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("w", "FILE", "another name of --keyframes")},
    {SG_INT(interpolate_options, key_count, 1, SG_MOST_PICTURES),
     SG_OPTION("num-keyframes", "N",
               "how many seeds or w a way passes: where there are fewer, they come again"),
     SG_USUAL("all, evenly")},
    {SG_UINT64(interpolate_options, shuffle_seed, UINT32_MAX),
     SG_OPTION("shuffle-seed", "N", "put the seeds or w in the random order of this seed")},
    {SG_CODED(interpolate_options, grid, &sg_grid_codec),
     SG_OPTION(
         "grid", "WxH",
         "several ways side by side, W wide and H high: the first gets the first seeds, and so "
         "on, row by row"),
     SG_USUAL("1x1")},
    {SG_INT(interpolate_options, frames, 1, SG_MOST_PICTURES),
     SG_OPTION("frames", "N", "frames from one seed to the next"),
     SG_USUAL("two seconds: 120 in a video, otherwise 24"), SG_GROUP("Way")},
    {SG_INT(interpolate_options, frames, 1, SG_MOST_PICTURES),
     SG_OPTION("w-frames", "N", "another name of --frames")},
    {SG_CHOICE(interpolate_options, space, &spaces),
     SG_OPTION("space", "z|w", "what is interpolated: z (the latent) or w (the style)"),
     SG_USUAL("w")},
    {SG_CHOICE(interpolate_options, method, &sg_path_methods),
     SG_OPTION("method", "METHOD",
               "linear, spherical (along great circles) or cubic (a spline without corners at the "
               "seeds)"),
     SG_USUAL("cubic in w, spherical in z")},
    {SG_CHOICE(interpolate_options, easing, &sg_easings),
     SG_OPTION("easing", "EASING",
               "linear (an even speed), or smooth or sine, which slow down at every seed"),
     SG_USUAL("linear")},
    {SG_FLAG(interpolate_options, walk.closed),
     SG_OPTION("loop", NULL, "go back to the first seed in the end (default)")},
    {SG_FLAG(interpolate_options, walk.closed), SG_FLAGS(SG_FIELD_INVERTED),
     SG_OPTION("no-loop", NULL, "end at the last seed")},
};
static const SG_FIELD_TABLE(own_fields, NULL);

static const sg_field noise_fields[] = {
    {SG_FLAG(interpolate_options, walk.fixed_noise),
     SG_OPTION("fixed-noise", NULL,
               "with random noise: the same in all frames, instead of new in each")},
};
static const SG_FIELD_TABLE(noise_fields, NULL);

static const sg_field film_fields[] = {
    {SG_TEXT(interpolate_options, walk.output.path), SG_FLAGS(SG_FIELD_REQUIRED),
     SG_OPTION("output", "PATH",
               "FILE.mp4, FILE.png, a folder for the frames, or a pattern of their names"),
     SG_GROUP("Output")},
    {SG_INT(interpolate_options, walk.output.frames_per_second, 1, SG_VIDEO_LARGEST_RATE),
     SG_OPTION("fps", "N", "frames shown in a second"), SG_USUAL("60 in a video, otherwise 12")},
    {SG_INT(interpolate_options, walk.output.quality, 1, SG_VIDEO_WORST_QUALITY),
     SG_OPTION("quality", "N", "of a video: x264's constant rate factor from 1, the best, to 51"),
     SG_USUAL("18")},
    {SG_CODED(interpolate_options, walk.output.bitrate, &bitrate_codec),
     SG_OPTION("bitrate", "N",
               "of a video, instead of a quality: bits a second, such as 12M or 800k")},
    {SG_INT(interpolate_options, scale, 1, 64),
     SG_OPTION("scale", "N", "show every pixel as a square of N by N"), SG_USUAL("1")},
};
static const SG_FIELD_TABLE(film_fields, NULL);

_Static_assert((int)SG_VIDEO_LARGEST_RATE == (int)SG_ANIMATION_LARGEST_RATE, "one limit of --fps");

/* State of one call of the command. */
typedef struct travel {
    interpolate_options *given;
    sg_number_list seeds, classes;
    sg_w_set styles;
    sg_text keys_text;
    sg_picture_network network;
} travel;

#define IS_GIVEN(member) SG_IS_GIVEN(&own_fields_table, &given->given, interpolate_options, member)
#define IS_FILM_GIVEN(member)                                                                      \
    SG_IS_GIVEN(&film_fields_table, &given->film_given, interpolate_options, member)

/* ---- checks ---- */

static sg_status check_output(const interpolate_options *given, bool video, sg_error *error)
{
    const sg_frame_output_options *output = &given->walk.output;
    const bool quality = IS_FILM_GIVEN(walk.output.quality);
    const bool bitrate = IS_FILM_GIVEN(walk.output.bitrate);
    if (sg_frame_format_of(output->path) == SG_FRAMES_UNKNOWN)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--output must be a video, such as walk.mp4, a PNG file, such as walk.png, "
                       "a folder, such as frames/, or a pattern with one number, such as "
                       "frames/%%04d.png, not \"%s\"",
                       output->path);
    if ((quality || bitrate) && !video)
        return sg_fail(error, SG_ERROR_ARGUMENT, "--%s is for videos, and %s is none",
                       bitrate ? "bitrate" : "quality", output->path);
    if (quality && bitrate)
        return sg_fail(error, SG_ERROR_ARGUMENT, "--quality and --bitrate exclude each other");
    return SG_OK;
}

/* Refuses seeds and files together, neither of them, and what makes no sense with files. */
static sg_status check_keys(travel *all, sg_error *error)
{
    const interpolate_options *given = all->given;
    const bool files = given->keyframes.count > 0;
    if (given->seeds && files)
        return sg_fail(error, SG_ERROR_ARGUMENT, "--seeds and --keyframes exclude each other");
    if (!given->seeds && !files)
        return sg_fail(error, SG_ERROR_ARGUMENT, "the option --seeds (or --keyframes) is missing");
    if (files && given->classes)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--class goes with --seeds: --keyframes are of their class");
    if (files && given->space == SPACE_Z)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--space z goes with --seeds: --keyframes are w already");
    return files
               ? SG_OK
               : sg_option_numbers("seeds", given->seeds, "seeds", UINT32_MAX, &all->seeds, error);
}

/* Checks how many keys there are against the grid's cells and what one call paints. */
static sg_status check_count(travel *all, sg_error *error)
{
    const interpolate_options *given = all->given;
    sg_walk_options *walk = &all->given->walk;
    const bool seeds = all->seeds.count > 0;
    const char *noun = seeds ? "seeds" : "keyframes";
    const size_t cells = (size_t)walk->grid_columns * (size_t)walk->grid_rows;
    const size_t found = seeds ? all->seeds.count : all->styles.count;
    const size_t count = IS_GIVEN(key_count) ? (size_t)given->key_count * cells : found;
    if (cells == 1 && count < 2)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "two %s or more are needed to go from one to another", noun);
    if (count % cells != 0 || count / cells < 2)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a grid of %dx%d needs the same number of %s in every cell, two or more; "
                       "%zu do not split into %zu",
                       walk->grid_columns, walk->grid_rows, noun, count, cells);
    if (count > SG_MOST_PICTURES / walk->frames_per_key)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu %s with %zu frames each are more than the %d pictures that one call "
                       "paints",
                       count, noun, walk->frames_per_key, SG_MOST_PICTURES);
    walk->key_count = count;
    return SG_OK;
}

/* Sets what follows from other options, unless it was given. */
static void complete(interpolate_options *given, bool video)
{
    sg_walk_options *walk = &given->walk;
    if (!IS_FILM_GIVEN(walk.output.frames_per_second))
        walk->output.frames_per_second = video ? VIDEO_RATE : RATE;
    walk->frames_per_key = IS_GIVEN(frames)
                               ? (size_t)given->frames
                               : SECONDS_PER_KEY * (size_t)walk->output.frames_per_second;
    walk->in_z = given->space == SPACE_Z;
    walk->method = IS_GIVEN(method) ? (sg_path_method)given->method
                   : walk->in_z     ? SG_PATH_SPHERICAL
                                    : SG_PATH_CUBIC;
    walk->easing = (sg_easing)given->easing;
    walk->shuffled = IS_GIVEN(shuffle_seed);
    walk->shuffle_seed = (uint32_t)given->shuffle_seed;
    walk->grid_columns = given->grid.columns;
    walk->grid_rows = given->grid.rows;
    walk->output.scale = (size_t)given->scale;
}

/* Checks everything that can be told before the network is opened. */
static sg_status check_options(travel *all, sg_error *error)
{
    interpolate_options *given = all->given;
    const bool video = sg_frame_format_of(given->walk.output.path) == SG_FRAMES_VIDEO;
    SG_TRY(check_output(given, video, error));
    SG_TRY(check_keys(all, error));
    complete(given, video);
    return given->seeds ? check_count(all, error) : SG_OK;
}

static sg_status find_classes(travel *all, const sg_watch *watch, sg_error *error)
{
    SG_TRY(sg_picture_network_classes(&all->network, all->given->classes, watch, &all->classes,
                                      error));
    if (all->classes.count > 1 && all->classes.count != all->seeds.count)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--class takes one class for all seeds or one for each: %zu classes were "
                       "given for %zu seeds",
                       all->classes.count, all->seeds.count);
    return SG_OK;
}

static sg_status load(travel *all, const sg_watch *watch, sg_error *error)
{
    const interpolate_options *given = all->given;
    SG_TRY(sg_picture_network_open(&all->network, given->network, watch, error));
    if (given->seeds)
        SG_TRY(find_classes(all, watch, error));
    SG_TRY(sg_picture_network_load(&all->network, &given->compute, error));
    return sg_picture_network_set_motion(&all->network, &given->motion,
                                         &given->walk.common.transform, error);
}

/* ---- keyframes ---- */

/* Appends a file's w to those of the files before. */
static sg_status append_styles(travel *all, const char *path, sg_error *error)
{
    sg_w_set *set = &all->styles;
    sg_w_set more = {0};
    size_t count = 0;
    size_t values = 0;
    float *joined = NULL;
    SG_TRY(sg_read_w_file(path, &all->network, &more, error));
    const size_t width = more.num_ws * more.w_dim;
    if (sg_size_add(set->count, more.count, &count) && sg_size_multiply(count, width, &values))
        joined = sg_reallocate(set->values, values, sizeof *joined);
    if (joined) {
        memcpy(joined + set->count * width, more.values, more.count * width * sizeof *joined);
        *set = (sg_w_set){count, more.num_ws, more.w_dim, joined};
    }
    sg_w_set_clear(&more);
    return joined ? SG_OK : sg_fail_memory(error, "the w of %s", path);
}

static sg_status read_keyframes(travel *all, sg_error *error)
{
    const sg_text_list *files = &all->given->keyframes;
    for (size_t i = 0; i < files->count; i++) {
        sg_text_append(&all->keys_text, "%s%s", i > 0 ? "," : "", sg_path_name(files->texts[i]));
        SG_TRY(append_styles(all, files->texts[i], error));
    }
    if (all->keys_text.failed)
        return sg_fail_memory(error, "the names of the keyframes");
    return files->count > 0 ? check_count(all, error) : SG_OK;
}

/* ---- the work ---- */

static void say_where(const sg_walk_options *walk)
{
    const size_t frames = sg_walk_frame_count(walk);
    if (sg_frame_format_of(walk->output.path) == SG_FRAMES_NUMBERED)
        printf("%zu frames are in %s\n", frames, walk->output.path);
    else
        printf("%zu frames, %.3g seconds, are in %s\n", frames,
               (double)frames / walk->output.frames_per_second, walk->output.path);
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    travel *all = state;
    sg_walk_options *walk = &all->given->walk;
    SG_TRY(check_options(all, error));
    SG_TRY(load(all, watch, error));
    SG_TRY(read_keyframes(all, error));
    walk->seeds = &all->seeds;
    walk->classes = &all->classes;
    walk->styles = &all->styles;
    walk->keys_text = all->given->seeds ? all->given->seeds : all->keys_text.bytes;
    walk->classes_text = all->given->classes;
    return SG_OK;
}

static sg_status interpolate(void *state, const sg_watch *watch, sg_error *error)
{
    const travel *all = state;
    const sg_walk_options *walk = &all->given->walk;
    sg_interrupt_watch();
    SG_TRY(sg_walk(&all->network, walk, watch, error));
    say_where(walk);
    return SG_OK;
}

static int run(const sg_command *command, void *given)
{
    travel all = {.given = given};
    const int status =
        sg_command_work(command, "interpolating", "frames", prepare, interpolate, &all);
    sg_picture_network_close(&all.network);
    sg_number_list_clear(&all.seeds);
    sg_number_list_clear(&all.classes);
    sg_w_set_clear(&all.styles);
    sg_text_clear(&all.keys_text);
    return status;
}

static const sg_option_group groups[] = {
    {&sg_network_fields_table, offsetof(interpolate_options, network), SG_GIVEN_NOWHERE, NULL},
    {&sg_seeds_fields_table, offsetof(interpolate_options, seeds), SG_GIVEN_NOWHERE, NULL},
    {&sg_classes_fields_table, offsetof(interpolate_options, classes), SG_GIVEN_NOWHERE, NULL},
    {&own_fields_table, 0, offsetof(interpolate_options, given), NULL},
    {&sg_psi_fields, offsetof(interpolate_options, walk.common), SG_GIVEN_NOWHERE, NULL},
    {&sg_noise_fields, offsetof(interpolate_options, walk.common), SG_GIVEN_NOWHERE, NULL},
    {&noise_fields_table, 0, SG_GIVEN_NOWHERE, NULL},
    {&sg_transform_fields, offsetof(interpolate_options, walk.common), SG_GIVEN_NOWHERE, NULL},
    {&sg_motion_fields_table, offsetof(interpolate_options, motion), SG_GIVEN_NOWHERE, NULL},
    {&film_fields_table, 0, offsetof(interpolate_options, film_given), NULL},
    {&sg_compute_fields_table, offsetof(interpolate_options, compute), SG_GIVEN_NOWHERE, NULL},
};

const sg_command sg_interpolate_command = {
    .name = "interpolate",
    .summary = "Animate the way from picture to picture",
    .synopsis = "--network FILE --seeds LIST --output FILE.mp4 [options]",
    .description =
        "Shows the way from seed to seed, or between the w of files, as a video (FILE.mp4), "
        "as an animated PNG, which every web browser plays (FILE.png), or as one PNG file for "
        "each frame: when --output is a folder (it exists or ends in /), DIR/frame0000.png "
        "and so on, or by a pattern such as DIR/walk%05d.png. The frame at a seed is the "
        "picture that \"stylegan generate\" paints of it. The way is a cubic spline through w "
        "by default, as in the official gen_video.py.",
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
        "      --output frames/",
    .groups = groups,
    .group_count = sizeof groups / sizeof groups[0],
    .options_bytes = sizeof(interpolate_options),
    .defaults = &defaults,
    .run = run,
};
