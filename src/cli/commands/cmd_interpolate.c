/* `stylegan interpolate`: a moving picture that goes from key to key.
 * Tested by: tests/cli/test_interpolate.c */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/file.h"
#include "base/text.h"
#include "cli/options/option_groups.h"
#include "cli/options/options.h"
#include "cli/terminal/progress.h"
#include "image/files/animation.h"
#include "image/files/gif_file.h"
#include "image/files/video_file.h"
#include "pictures/films/walk.h"
#include "pictures/picture_fields.h"
#include "pictures/picture_set.h"
#include "pictures/truncation_center.h"

enum {
    RATE = 12, /* frames in a second, of an animated PNG, a GIF and a video */
    GIF_RATE = 20,
    VIDEO_RATE = 60,
    SECONDS_PER_KEY = 2,
    LOOP_SECONDS = 10,
    SMOOTHING_SECONDS = 3, /* of a loop, or a tenth of a shorter one */
    LONGEST_SECONDS = 86400,
    STRIP_LIMIT = 1000,
    NOTE_BYTES = 200,
    NOTED_PERCENT = 5 /* of the duration */
};

typedef enum latent_space { SPACE_Z, SPACE_W } latent_space;
static const char *const space_names[] = {"z", "w"};
static const sg_choices spaces = SG_CHOICES(space_names);

/* A walk by the names that people look for: those of stylegan3-fun and of dvschultz's fork too. */
typedef struct walk_name {
    const char *name;
    bool looping; /* from each seed by itself through z */
    sg_loop_kind loop;
    bool coordinates; /* along single numbers of z or w */
} walk_name;

static const walk_name walk_names[] = {
    {.name = "keys"},
    {.name = "coordinates", .coordinates = true},
    {.name = "circle", .looping = true, .loop = SG_LOOP_CIRCLE},
    {.name = "gaussian", .looping = true, .loop = SG_LOOP_GAUSSIAN},
    {.name = "noise", .looping = true, .loop = SG_LOOP_NOISE},
    {.name = "circular", .looping = true, .loop = SG_LOOP_CIRCLE},
    {.name = "circularloop", .looping = true, .loop = SG_LOOP_CIRCLE},
    {.name = "random", .looping = true, .loop = SG_LOOP_GAUSSIAN},
    {.name = "noiseloop", .looping = true, .loop = SG_LOOP_NOISE},
};

/* Options and state of the command. */
typedef struct travel {
    sg_picture_work work;
    sg_text_list keyframes;
    const walk_name *walk_kind;
    sg_number_list coordinates;
    double duration; /* seconds; 0: not given */
    int key_count, frames, space, scale, strip;
    sg_grid_size grid;
    sg_walk_options walk;       /* output: the options of its members */
    sg_given given, film_given; /* of the rows of own_fields and film_fields */
    sg_w_set styles;
    sg_text keyframes_text;
} travel;

static const travel defaults = {
    .work = {.common = SG_PICTURE_REQUEST()},
    .walk_kind = &walk_names[0],
    .space = SPACE_W,
    .scale = 1,
    .grid = {1, 1},
    .walk = {.closed = true, .range = 3, .output = {.quality = SG_VIDEO_USUAL_QUALITY}}};

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

static sg_status parse_walk(const char *text, void *value, sg_error *error)
{
    const walk_name **kind = value;
    for (size_t i = 0; i < sizeof walk_names / sizeof walk_names[0]; i++)
        if (strcmp(text, walk_names[i].name) == 0) {
            *kind = &walk_names[i];
            return SG_OK;
        }
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "is \"%s\", but must be keys, coordinates, circle, gaussian or noise", text);
}

static const sg_field_codec walk_codec = {.parse = parse_walk};

static const sg_field own_fields[] = {
    {SG_CODED(travel, keyframes, &sg_text_list_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("keyframes", "FILE",
               "the w of a file, alone or after the seeds; may be given several times"),
     SG_GROUP("Pictures")},
    {SG_CODED(travel, keyframes, &sg_text_list_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("w", "FILE", "another name of --keyframes")},
    {SG_INT(travel, key_count, 1, SG_MOST_PICTURES),
     SG_OPTION("num-keyframes", "N",
               "how many seeds or w a way passes: where there are fewer, they come again"),
     SG_USUAL("all, evenly")},
    {SG_UINT64(travel, walk.shuffle_seed, UINT32_MAX),
     SG_OPTION("shuffle-seed", "N", "put the seeds or w in the random order of this seed")},
    {SG_CODED(travel, grid, &sg_grid_codec),
     SG_OPTION(
         "grid", "WxH",
         "several ways side by side, W wide and H high: the first gets the first seeds, and so "
         "on, row by row"),
     SG_USUAL("1x1")},
    {SG_CODED(travel, walk_kind, &walk_codec),
     SG_OPTION("walk", "KIND",
               "keys (from seed to seed), or from each seed by itself a loop through z: circle (a "
               "circle that starts at the seed), gaussian (random latents, smoothed over time) or "
               "noise (gradient noise along a circle); or coordinates, single numbers of each "
               "seed's z or w"),
     SG_USUAL("keys"), SG_GROUP("Way")},
    {"coordinates", SG_CODED(travel, coordinates, &sg_numbers_codec),
     SG_OPTION("coordinates", "LIST",
               "with --walk coordinates: which numbers, such as 0-7, each in a cell or row of its "
               "own"),
     SG_USUAL("0-7")},
    {SG_NUMBER(travel, walk.range, 0, 1000), SG_FLAGS(SG_FIELD_ABOVE),
     SG_OPTION("range", "X", "how far they are moved to either side, in standard deviations"),
     SG_USUAL("3")},
    {SG_NUMBER(travel, duration, 0, LONGEST_SECONDS), SG_FLAGS(SG_FIELD_ABOVE),
     SG_OPTION("duration", "SECONDS", "how long the whole film is, instead of frames"),
     SG_USUAL("2 seconds from seed to seed; 10 for a loop")},
    {SG_NUMBER(travel, walk.smoothing, 0, LONGEST_SECONDS), SG_FLAGS(SG_FIELD_ABOVE),
     SG_OPTION("smoothing", "SECONDS",
               "the pace of the walks gaussian and noise: the time in which a picture changes"),
     SG_USUAL("3, or a tenth of a shorter film")},
    {SG_INT(travel, frames, 1, SG_MOST_PICTURES),
     SG_OPTION("frames", "N", "frames from one seed to the next, or of a whole loop"),
     SG_USUAL("by the duration")},
    {SG_INT(travel, frames, 1, SG_MOST_PICTURES),
     SG_OPTION("w-frames", "N", "another name of --frames")},
    {SG_CHOICE(travel, space, &spaces),
     SG_OPTION("space", "z|w", "what is interpolated: z (the latent) or w (the style)"),
     SG_USUAL("w")},
    {SG_CHOICE(travel, walk.method, &sg_path_methods),
     SG_OPTION(
         "method", "METHOD",
         "linear, spherical (along great circles), cubic (a spline without corners at the "
         "seeds) or slerp (spherical as in programs around StyleGAN3, without evened lengths)"),
     SG_USUAL("cubic in w, spherical in z")},
    {SG_CHOICE(travel, walk.easing, &sg_easings),
     SG_OPTION("easing", "EASING",
               "linear (an even speed), or smooth or sine, which slow down at every seed"),
     SG_USUAL("linear")},
    {SG_FLAG(travel, walk.closed),
     SG_OPTION("loop", NULL, "go back to the first seed in the end (default)")},
    {SG_FLAG(travel, walk.closed), SG_FLAGS(SG_FIELD_INVERTED),
     SG_OPTION("no-loop", NULL, "end at the last seed")},
};
static const SG_FIELD_TABLE(own_fields, NULL);

static const sg_field noise_fields[] = {
    {SG_FLAG(travel, walk.fixed_noise),
     SG_OPTION("fixed-noise", NULL,
               "with random noise: the same in all frames, instead of new in each")},
};
static const SG_FIELD_TABLE(noise_fields, NULL);

static const sg_field film_fields[] = {
    {SG_TEXT(travel, walk.output.path), SG_FLAGS(SG_FIELD_REQUIRED),
     SG_OPTION("output", "PATH",
               "FILE.mp4, FILE.webm, FILE.gif, FILE.png, a folder for the frames, or a pattern of "
               "their names"),
     SG_GROUP("Output")},
    {SG_INT(travel, walk.output.frames_per_second, 1, SG_VIDEO_LARGEST_RATE),
     SG_OPTION("fps", "N", "frames shown in a second"),
     SG_USUAL("60 in a video, 20 in a GIF, otherwise 12")},
    {SG_INT(travel, walk.output.quality, 1, SG_VIDEO_WORST_QUALITY),
     SG_OPTION("quality", "N", "of a video: x264's constant rate factor from 1, the best, to 51"),
     SG_USUAL("18")},
    {SG_CODED(travel, walk.output.bitrate, &bitrate_codec),
     SG_OPTION("bitrate", "N",
               "of a video, instead of a quality: bits a second, such as 12M or 800k")},
    {SG_INT(travel, scale, 1, 64),
     SG_OPTION("scale", "N", "show every pixel as a square of N by N"), SG_USUAL("1")},
    {SG_INT(travel, strip, 2, STRIP_LIMIT),
     SG_OPTION(
         "strip", "N",
         "instead of a film, N moments of the way side by side in FILE.png, with labels; a row "
         "for each cell of --grid; it ends at the last seed unless --loop is given")},
    {SG_FLAG(travel, work.plain),
     SG_OPTION("plain", NULL, "the strip's pictures alone: no labels, gaps and enlargement")},
};
static const SG_FIELD_TABLE(film_fields, NULL);

_Static_assert((int)SG_VIDEO_LARGEST_RATE == (int)SG_ANIMATION_LARGEST_RATE, "one limit of --fps");

#define IS_GIVEN(member) SG_IS_GIVEN(&own_fields_table, &all->given, travel, member)
#define IS_FILM_GIVEN(member) SG_IS_GIVEN(&film_fields_table, &all->film_given, travel, member)

/* ---- checks ---- */

static sg_status check_output(const travel *all, bool video, sg_error *error)
{
    const sg_frame_output_options *output = &all->walk.output;
    const sg_frame_format format = sg_frame_format_of(output->path);
    const bool quality = IS_FILM_GIVEN(walk.output.quality);
    const bool bitrate = IS_FILM_GIVEN(walk.output.bitrate);
    if (format == SG_FRAMES_UNKNOWN)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--output must be a video, such as walk.mp4 or walk.webm, a GIF, such as "
                       "walk.gif, a PNG file, such as walk.png, a folder, such as frames/, or a "
                       "pattern with one number, such as frames/%%04d.png, not \"%s\"",
                       output->path);
    if (all->strip && format != SG_FRAMES_ANIMATION)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--strip writes one PNG file, such as --output strip.png, not \"%s\"",
                       output->path);
    if (format == SG_FRAMES_GIF && output->frames_per_second > SG_GIF_LARGEST_RATE)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--fps is %d, but a GIF shows at most %d frames a second",
                       output->frames_per_second, SG_GIF_LARGEST_RATE);
    if ((quality || bitrate) && !video)
        return sg_fail(error, SG_ERROR_ARGUMENT, "--%s is for videos, and %s is none",
                       bitrate ? "bitrate" : "quality", output->path);
    if (quality && bitrate)
        return sg_fail(error, SG_ERROR_ARGUMENT, "--quality and --bitrate exclude each other");
    return SG_OK;
}

/* Returns the option of ways from key to key that was given, or NULL. */
static const char *way_option(const travel *all)
{
    return IS_GIVEN(key_count)           ? "num-keyframes"
           : IS_GIVEN(walk.shuffle_seed) ? "shuffle-seed"
           : IS_GIVEN(walk.method)       ? "method"
           : IS_GIVEN(walk.easing)       ? "easing"
           : !all->walk.closed           ? "no-loop"
                                         : NULL;
}

/* Refuses options that belong to the other kinds of walk. */
static sg_status check_kind(const travel *all, sg_error *error)
{
    const walk_name *kind = all->walk_kind;
    const char *seeds = all->work.lists.seeds.text;
    const bool files = all->keyframes.count > 0 || (seeds && sg_sources_have_files(seeds));
    const char *other = kind->looping || kind->coordinates ? way_option(all) : NULL;
    if (kind->looping && files)
        other = "keyframes";
    else if (kind->looping && IS_GIVEN(space) && all->space == SPACE_W)
        other = "space w";
    if (other)
        return sg_fail(error, SG_ERROR_ARGUMENT, "--%s does not go with --walk %s, %s", other,
                       kind->name,
                       kind->looping ? "a loop from each seed through z"
                                     : "which moves numbers of each seed by themselves");
    if (!kind->looping && IS_GIVEN(walk.smoothing))
        return sg_fail(
            error, SG_ERROR_ARGUMENT,
            "--smoothing goes with --walk gaussian or noise, not with a way from seed to "
            "seed");
    if (!kind->coordinates && (IS_GIVEN(coordinates) || IS_GIVEN(walk.range)))
        return sg_fail(error, SG_ERROR_ARGUMENT, "--%s goes with --walk coordinates",
                       IS_GIVEN(coordinates) ? "coordinates" : "range");
    return SG_OK;
}

/* Refuses options of other walks, and lengths that exclude each other. */
static sg_status check_walk(const travel *all, sg_error *error)
{
    SG_TRY(check_kind(all, error));
    if (IS_GIVEN(duration) && IS_GIVEN(frames))
        return sg_fail(error, SG_ERROR_ARGUMENT, "--duration and --frames exclude each other");
    if (all->strip && (IS_GIVEN(duration) || IS_GIVEN(frames)) && !all->walk_kind->looping)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a strip has no --%s: --strip says how many moments it shows",
                       IS_GIVEN(frames) ? "frames" : "duration");
    return SG_OK;
}

/* Refuses what makes no sense with files of w, and neither seeds nor files. */
static sg_status check_keys(const travel *all, sg_error *error)
{
    const char *seeds = all->work.lists.seeds.text;
    const bool files = all->keyframes.count > 0;
    if (!seeds && !files)
        return sg_fail(error, SG_ERROR_ARGUMENT, "the option --seeds (or --keyframes) is missing");
    if ((!seeds || sg_sources_are_files(seeds)) && all->work.lists.classes.text)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--class goes with --seeds: --keyframes are of their class");
    if ((files || sg_sources_have_files(seeds)) && all->space == SPACE_Z)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--space z goes with --seeds: --keyframes are w already");
    return SG_OK;
}

/* Gives each way between two keys the same share of the duration. */
static void divide_duration(travel *all, size_t keys)
{
    const size_t ways = all->walk.closed ? keys : keys - 1;
    const double frames = all->duration * all->walk.output.frames_per_second / (double)ways;
    all->walk.frames_per_key = (size_t)fmax(1, round(fmin(frames, SG_MOST_PICTURES)));
}

/* Arranges a cell for each seed, unless a grid was given, and checks their number. */
static sg_status check_loops(travel *all, sg_error *error)
{
    sg_walk_options *walk = &all->walk;
    const size_t seeds = all->work.lists.seeds.count;
    const double seconds = (double)walk->loop_frames / walk->output.frames_per_second;
    if (!IS_GIVEN(grid)) {
        walk->grid_columns = (int)ceil(sqrt((double)seeds));
        walk->grid_rows = ((int)seeds + walk->grid_columns - 1) / walk->grid_columns;
    }
    const size_t cells = (size_t)walk->grid_columns * (size_t)walk->grid_rows;
    if (seeds != cells && seeds != 1)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "with --walk %s, a grid of %dx%d takes %zu seeds, or one and those that "
                       "follow it, not %zu",
                       all->walk_kind->name, walk->grid_columns, walk->grid_rows, cells, seeds);
    if (cells > 0 && walk->loop_frames > SG_MOST_PICTURES / cells)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu frames of %zu walks are more than the %d pictures that one call paints",
                       walk->loop_frames, cells, SG_MOST_PICTURES);
    if (seconds > SG_LOOP_LARGEST_RATIO * walk->smoothing)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--smoothing is %g seconds, but must be at least one %gth of the film's %g",
                       walk->smoothing, SG_LOOP_LARGEST_RATIO, seconds);
    walk->key_count = cells;
    return SG_OK;
}

/* Arranges a cell for each key and coordinate, a row for each key, and checks their number. */
static sg_status check_coordinates(travel *all, size_t keys, sg_error *error)
{
    sg_walk_options *walk = &all->walk;
    const size_t numbers = all->coordinates.count;
    const size_t frames = sg_walk_frame_count(walk);
    if (numbers > SG_MOST_PICTURES / frames || keys > SG_MOST_PICTURES / frames / numbers)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu frames of %zu coordinates are more than the %d pictures that one call "
                       "paints",
                       frames, numbers, SG_MOST_PICTURES);
    if (!IS_GIVEN(grid)) {
        walk->grid_columns = (int)numbers;
        walk->grid_rows = (int)keys;
    }
    if (keys * numbers != (size_t)walk->grid_columns * (size_t)walk->grid_rows)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a grid of %dx%d has not the %zu cells that %zu coordinates need",
                       walk->grid_columns, walk->grid_rows, keys * numbers, numbers);
    walk->key_count = keys * numbers;
    return SG_OK;
}

/* True if all keys are in the list of seeds, which has numbers alone. */
static bool keys_are_numbers(const travel *all)
{
    const char *seeds = all->work.lists.seeds.text;
    return seeds && all->keyframes.count == 0 && !sg_sources_have_files(seeds);
}

/* Checks how many keys there are against the grid's cells and what one call paints. */
static sg_status check_count(travel *all, sg_error *error)
{
    sg_walk_options *walk = &all->walk;
    const size_t seed_count = all->work.lists.seeds.count;
    const bool seeds = seed_count > 0;
    const char *noun = seeds ? "seeds" : "keyframes";
    const size_t cells = (size_t)walk->grid_columns * (size_t)walk->grid_rows;
    const size_t found = seeds ? seed_count : all->styles.count;
    const size_t count = IS_GIVEN(key_count) ? (size_t)all->key_count * cells : found;
    if (walk->looping)
        return check_loops(all, error);
    if (walk->coordinates)
        return check_coordinates(all, found, error);
    if (cells == 1 && count < 2)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "two %s or more are needed to go from one to another", noun);
    if (count % cells != 0 || count / cells < 2)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a grid of %dx%d needs the same number of %s in every cell, two or more; "
                       "%zu do not split into %zu",
                       walk->grid_columns, walk->grid_rows, noun, count, cells);
    if (IS_GIVEN(duration))
        divide_duration(all, count / cells);
    if (count > SG_MOST_PICTURES / walk->frames_per_key)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu %s with %zu frames each are more than the %d pictures that one call "
                       "paints",
                       count, noun, walk->frames_per_key, SG_MOST_PICTURES);
    walk->key_count = count;
    return SG_OK;
}

/* Sets what follows from --walk, unless it was given. */
static void complete_loop(travel *all)
{
    sg_walk_options *walk = &all->walk;
    const double rate = walk->output.frames_per_second;
    const double given = IS_GIVEN(duration) ? all->duration : LOOP_SECONDS;
    walk->looping = all->walk_kind->looping;
    walk->loop = all->walk_kind->loop;
    walk->coordinates = all->walk_kind->coordinates ? &all->coordinates : NULL;
    if (!walk->looping && !walk->coordinates)
        return;
    walk->in_z = walk->in_z || walk->looping;
    walk->loop_frames = IS_GIVEN(frames)
                            ? (size_t)all->frames
                            : (size_t)fmax(1, round(fmin(given * rate, SG_MOST_PICTURES + 1.0)));
    const double seconds = (double)walk->loop_frames / rate;
    if (!IS_GIVEN(walk.smoothing))
        walk->smoothing = fmin(SMOOTHING_SECONDS, seconds / 10);
}

/* Sets what follows from other options, unless it was given. */
static void complete(travel *all, sg_frame_format format)
{
    sg_walk_options *walk = &all->walk;
    if (!IS_FILM_GIVEN(walk.output.frames_per_second))
        walk->output.frames_per_second = format == SG_FRAMES_VIDEO ? VIDEO_RATE
                                         : format == SG_FRAMES_GIF ? GIF_RATE
                                                                   : RATE;
    walk->frames_per_key = IS_GIVEN(frames)
                               ? (size_t)all->frames
                               : SECONDS_PER_KEY * (size_t)walk->output.frames_per_second;
    walk->in_z = all->space == SPACE_Z;
    if (!IS_GIVEN(walk.method))
        walk->method = walk->in_z ? SG_PATH_SPHERICAL : SG_PATH_CUBIC;
    walk->shuffled = IS_GIVEN(walk.shuffle_seed);
    walk->grid_columns = all->grid.columns;
    walk->grid_rows = all->grid.rows;
    walk->output.scale = all->strip && !IS_FILM_GIVEN(scale) ? 0 : (size_t)all->scale;
    walk->strip = (size_t)all->strip;
    if (all->strip && !IS_GIVEN(walk.closed))
        walk->closed = false;
    complete_loop(all);
}

/* Checks everything that can be told before the network is opened. */
static sg_status check_options(travel *all, sg_error *error)
{
    const sg_frame_format format = sg_frame_format_of(all->walk.output.path);
    SG_TRY(check_output(all, format == SG_FRAMES_VIDEO, error));
    SG_TRY(check_walk(all, error));
    SG_TRY(check_keys(all, error));
    if (all->walk_kind->coordinates && all->coordinates.count == 0)
        SG_TRY(sg_numbers_codec.parse("0-7", &all->coordinates, error));
    complete(all, format);
    return keys_are_numbers(all) ? check_count(all, error) : SG_OK;
}

/* ---- keyframes ---- */

/* Appends a file's w to those of the files before, or to the list of seeds if there is one. */
static sg_status append_styles(travel *all, const char *path, const sg_watch *watch,
                               sg_error *error)
{
    sg_picture_lists *lists = &all->work.lists;
    sg_w_set more = {0};
    SG_TRY(sg_read_w_file(path, &all->work.network, watch, &more, error));
    const sg_status status = lists->seeds.text
                                 ? sg_sources_append(&lists->seeds, &lists->w, &more, path, error)
                                 : sg_w_set_append(&all->styles, &more, path, error);
    sg_w_set_clear(&more);
    return status;
}

static sg_status read_keyframes(travel *all, const sg_watch *watch, sg_error *error)
{
    const sg_text_list *files = &all->keyframes;
    for (size_t i = 0; i < files->count; i++) {
        sg_text_append(&all->keyframes_text, "%s%s", i > 0 ? "," : "",
                       sg_path_name(files->texts[i]));
        SG_TRY(append_styles(all, files->texts[i], watch, error));
    }
    if (all->keyframes_text.failed)
        return sg_fail_memory(error, "the names of the keyframes");
    return keys_are_numbers(all) ? SG_OK : check_count(all, error);
}

/* ---- the work ---- */

static void say_where(const sg_walk_options *walk)
{
    const size_t frames = sg_walk_frame_count(walk);
    if (walk->strip)
        printf("%zu moments side by side are in %s\n", frames, walk->output.path);
    else if (sg_frame_format_of(walk->output.path) == SG_FRAMES_NUMBERED)
        printf("%zu frames are in %s\n", frames, walk->output.path);
    else
        printf("%zu frames, %.3g second%s, are in %s\n", frames,
               (double)frames / walk->output.frames_per_second,
               frames == (size_t)walk->output.frames_per_second ? "" : "s", walk->output.path);
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    travel *all = state;
    sg_picture_work *work = &all->work;
    sg_picture_lists *lists = &work->lists;
    SG_TRY(check_options(all, error));
    work->without_class = !lists->seeds.text;
    SG_TRY(sg_picture_work_prepare(work, watch, error));
    SG_TRY(read_keyframes(all, watch, error));
    if (lists->classes.count > 1 && lists->classes.count != lists->seeds.count)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--class takes one class for all seeds or one for each: %zu classes were "
                       "given for %zu seeds",
                       lists->classes.count, lists->seeds.count);
    all->walk.styles = &all->styles;
    all->walk.styles_text = all->keyframes_text.bytes;
    return SG_OK;
}

/* A film that is over at once is seldom meant, nor one that is not as long as was asked for, since
 * every way between keys takes whole frames. */
static void note_length(const travel *all, const sg_watch *watch)
{
    const sg_walk_options *walk = &all->walk;
    const size_t frames = sg_walk_frame_count(walk);
    const int rate = walk->output.frames_per_second;
    const double seconds = (double)frames / rate;
    char note[NOTE_BYTES];
    if (walk->strip || sg_frame_format_of(walk->output.path) == SG_FRAMES_NUMBERED)
        return;
    if (IS_GIVEN(duration) && fabs(seconds - all->duration) > all->duration * NOTED_PERCENT / 100)
        snprintf(note, sizeof note,
                 "the film lasts %.3g seconds instead of %g: all ways between its keys take "
                 "equally many frames, %zu in all at %d a second",
                 seconds, all->duration, frames, rate);
    else if (!IS_GIVEN(duration) && frames < (size_t)rate)
        snprintf(note, sizeof note,
                 "%zu frame%s at %d a second last %.2g seconds; --duration sets the length", frames,
                 frames == 1 ? "" : "s", rate, seconds);
    else
        return;
    sg_watch_note(watch, note);
}

static sg_status interpolate(void *state, const sg_watch *watch, sg_error *error)
{
    const travel *all = state;
    note_length(all, watch);
    sg_interrupt_watch(SG_INTERRUPT_ENDS);
    SG_TRY(sg_walk(&all->work, &all->walk, watch, error));
    say_where(&all->walk);
    return SG_OK;
}

static int run(const sg_command *command, void *options)
{
    travel *all = options;
    const int status =
        sg_picture_work_run(command, "interpolating", "frames", prepare, interpolate, all);
    sg_w_set_clear(&all->styles);
    sg_text_clear(&all->keyframes_text);
    return status;
}

static const sg_option_group groups[] = {
    SG_GROUP_AT(sg_network_fields_table, travel, work),
    SG_GROUP_AT(sg_seeds_fields_table, travel, work),
    SG_GROUP_AT(sg_classes_fields_table, travel, work),
    SG_GROUP_AT(sg_label_fields, travel, work.common),
    {&own_fields_table, 0, offsetof(travel, given), NULL},
    SG_GROUP_AT(sg_psi_fields, travel, work.common),
    SG_GROUP_AT(sg_edit_fields, travel, work.common),
    SG_GROUP_AT(sg_noise_fields, travel, work.common),
    SG_GROUP_OF_ALL(noise_fields_table),
    SG_GROUP_AT(sg_transform_fields, travel, work.common),
    SG_GROUP_AT(sg_motion_fields_table, travel, work),
    {&film_fields_table, 0, offsetof(travel, film_given), NULL},
    SG_GROUP_AT(sg_painting_fields_table, travel, work.compute),
};

const sg_command sg_interpolate_command = {
    .name = "interpolate",
    .summary = "Animate the way from picture to picture",
    .synopsis = "--network FILE --seeds LIST --output FILE.mp4 [options]",
    .description =
        "Shows the way from seed to seed, or between the w of files, as a video (FILE.mp4 or "
        "FILE.webm), as a GIF (FILE.gif, 256 colours a frame), as an animated PNG, which every web "
        "browser plays (FILE.png), or as one PNG file for "
        "each frame: when --output is a folder (it exists or ends in /), DIR/frame0000.png "
        "and so on, or by a pattern such as DIR/walk%05d.png. The frame at a seed is the "
        "picture that \"stylegan generate\" paints of it. A list such as 1,photo.npz,5 goes "
        "through seeds and the w of files. The way is a cubic spline through w "
        "by default, as in the official gen_video.py.\n\n"
        "--walk circle, gaussian or noise walks from each seed by itself, in a loop without a "
        "jump; several seeds, or a grid, walk side by side. --walk coordinates moves single "
        "numbers "
        "of each seed's w, or of z with --space z, to either side. --strip prints moments of the "
        "way "
        "instead of a film.",
    .examples =
        "  stylegan interpolate --network network.safetensors --seeds 1,5,9 --output walk.mp4\n"
        "  stylegan interpolate --network network.safetensors --seeds 1,projected_w.npz,5 \\\n"
        "      --output through.mp4\n"
        "  stylegan interpolate --network network.safetensors --seeds 0-31 --grid 4x2 \\\n"
        "      --trunc 0.7 --frames 60 --fps 30 --output walks.mp4\n"
        "  stylegan interpolate --network network.safetensors --seeds 7 --walk circle \\\n"
        "      --duration 8 --output circle.webm\n"
        "  stylegan interpolate --network network.safetensors --seeds 0-3 --walk gaussian \\\n"
        "      --duration 20 --fps 20 --output wandering.gif\n"
        "  stylegan interpolate --network network.safetensors --seeds 3,8 --strip 9 \\\n"
        "      --output strip.png\n"
        "  stylegan interpolate --network network.safetensors --seeds 3 --walk coordinates \\\n"
        "      --coordinates 0-5 --space z --strip 7 --output numbers.png\n"
        "  stylegan interpolate --network digits.safetensors --seeds 3,3,3,3 --class 0,1,2,3 \\\n"
        "      --scale 8 --output digits.mp4\n"
        "  stylegan interpolate --network network.safetensors --keyframes projected_w.npz \\\n"
        "      --keyframes other.npz --method linear --easing smooth --output morph.png\n"
        "  stylegan interpolate --network stylegan3.safetensors --seeds 3,3 --rotate 360 --anchor "
        "\\\n"
        "      --output spin.mp4\n"
        "  stylegan interpolate --network network.safetensors --seeds 1,2 --space z --no-loop \\\n"
        "      --output frames/",
    SG_TAKES(groups, travel),
    .defaults = &defaults,
    .run = run,
};
