/* The command `interpolate`: animations and numbered frames, paths, classes, grids, mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/latents/w_file.h"
#include "checkpoint/network/network_file.h"
#include "checkpoint/network/network_load.h"
#include "latent/styles.h"
#include "support/animation_file.h"
#include "support/generated.h"
#include "support/program.h"
#include "support/temporary_folder.h"

enum { SIDE = 32, CHANNELS = 3, /* of NETWORK's pictures */ MOST_ARGUMENTS = 24, NAME_BYTES = 64 };

/* `interpolate` with the given arguments (NULL at the end) and --output `name` in the folder. */
static program_result interpolate(void *const *state, const char *name,
                                  const char *const *arguments)
{
    char *path = temporary_path(state, name);
    const char *all[MOST_ARGUMENTS + 4] = {"interpolate", "--output", path};
    for (size_t count = 3; *arguments; arguments++) {
        assert_true(count < MOST_ARGUMENTS);
        all[count++] = *arguments;
    }
    program_result result = run_program(all);
    free(path);
    return result;
}

#define INTERPOLATE(name, ...) interpolate(state, name, (const char *const[]){__VA_ARGS__, NULL})

static animation_file read_result_animation(void *const *state, const char *name)
{
    char *path = temporary_path(state, name);
    animation_file animation = read_animation(path);
    free(path);
    return animation;
}

/* The frame must show the picture of the file. */
static void assert_frame(void *const *state, const animation_file *animation, size_t frame,
                         const char *name)
{
    sg_image *image = read_picture(state, name);
    assert_true(frame < animation->count);
    assert_int_equal(animation->width, image->width);
    assert_int_equal(animation->height, image->height);
    assert_int_equal(animation->channels, image->channels);
    if (memcmp(animation->frames[frame], image->pixels, sg_image_size(image)) != 0)
        fail_msg("frame %zu is not %s", frame, name);
    sg_image_destroy(image);
}

static void help_shows_options_and_examples(void **state)
{
    (void)state;
    program_result result = RUN("interpolate", "--help");
    assert_int_equal(result.status, 0);
    assert_holds(result.output, "--no-loop");
    assert_holds(result.output, "--method METHOD");
    assert_holds(result.output, "--w-frames N");
    assert_holds(result.output, "Examples:\n  stylegan interpolate --network");
    program_result_clear(&result);
    assert_done(RUN("--help"), "  interpolate Animate the way");
}

/* Whatever the method, a seed's frame is what `generate` paints. */
static void frames_at_seeds_are_those_of_generate(void **state)
{
    static const char *const spaces[] = {"z", "w"};
    static const char *const methods[] = {"linear", "spherical", "cubic"};
    assert_done(GENERATE("--network", NETWORK, "--seeds", "1,5,9", "--trunc", "0.7"),
                "3 pictures are in");
    for (size_t i = 0; i < 6; i++) {
        assert_done(INTERPOLATE("walk.png", "--network", NETWORK, "--seeds", "1,5,9", "--trunc",
                                "0.7", "--frames", "2", "--space", spaces[i / 3], "--method",
                                methods[i % 3]),
                    "6 frames, 0.5 seconds, are in");
        animation_file walk = read_result_animation(state, "walk.png");
        assert_int_equal(walk.count, 6);
        assert_int_equal(walk.rate, 12);
        assert_int_equal(walk.plays, 0);
        assert_frame(state, &walk, 0, "seed0001.png");
        assert_frame(state, &walk, 2, "seed0005.png");
        assert_frame(state, &walk, 4, "seed0009.png");
        assert_memory_not_equal(walk.frames[1], walk.frames[0], SIDE * SIDE * CHANNELS);
        assert_memory_not_equal(walk.frames[5], walk.frames[0], SIDE * SIDE * CHANNELS);
        animation_file_clear(&walk);
    }
}

static void defaults_are_cubic_in_w_and_spherical_in_z(void **state)
{
    static const char *const spaces[] = {"z", "w"};
    static const char *const methods[] = {"spherical", "cubic"};
    for (size_t i = 0; i < 2; i++) {
        assert_done(INTERPOLATE("default.png", "--network", NETWORK, "--seeds", "1,5,9", "--space",
                                spaces[i], "--frames", "3"),
                    "9 frames");
        assert_done(INTERPOLATE("named.png", "--network", NETWORK, "--seeds", "1,5,9", "--space",
                                spaces[i], "--method", methods[i], "--frames", "3", "--loop",
                                "--easing", "linear"),
                    "9 frames");
        assert_done(INTERPOLATE("linear.png", "--network", NETWORK, "--seeds", "1,5,9", "--space",
                                spaces[i], "--method", "linear", "--w-frames", "3"),
                    "9 frames");
        assert_same_files(state, "default.png", "named.png", true);
        animation_file walk = read_result_animation(state, "default.png");
        animation_file linear = read_result_animation(state, "linear.png");
        assert_memory_not_equal(walk.frames[1], linear.frames[1], SIDE * SIDE * CHANNELS);
        animation_file_clear(&walk);
        animation_file_clear(&linear);
    }
    assert_done(INTERPOLATE("named.png", "--network", NETWORK, "--seeds", "1,5,9"), "72 frames");
}

/* Starting a loop at another seed shows the same frames, turned; a spline's only nearly do. */
static void loops_have_no_beginning(void **state)
{
    assert_done(INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "1,5,9", "--frames", "4",
                            "--method", "spherical"),
                "12 frames");
    assert_done(INTERPOLATE("b.png", "--network", NETWORK, "--seeds", "9,1,5", "--frames", "4",
                            "--method", "spherical"),
                "12 frames");
    animation_file a = read_result_animation(state, "a.png");
    animation_file b = read_result_animation(state, "b.png");
    for (size_t i = 0; i < 12; i++)
        assert_memory_equal(a.frames[i], b.frames[(i + 4) % 12], SIDE * SIDE * CHANNELS);
    animation_file_clear(&a);
    animation_file_clear(&b);
}

static void without_a_loop_the_last_seed_ends(void **state)
{
    assert_done(INTERPOLATE("walk.apng", "--network", NETWORK, "--seeds", "1,5,9", "--frames", "2",
                            "--no-loop", "--fps", "10"),
                "5 frames, 0.5 seconds");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "1,9"), "2 pictures are in");
    animation_file walk = read_result_animation(state, "walk.apng");
    assert_int_equal(walk.count, 5);
    assert_int_equal(walk.rate, 10);
    assert_frame(state, &walk, 0, "seed0001.png");
    assert_frame(state, &walk, 4, "seed0009.png");
    animation_file_clear(&walk);
}

static void folders_get_the_animations_frames(void **state)
{
    assert_done(INTERPOLATE("walk.png", "--network", NETWORK, "--seeds", "1,5", "--frames", "3"),
                "6 frames");
    assert_done(INTERPOLATE("new/", "--network", NETWORK, "--seeds", "1,5", "--frames", "3"),
                "6 frames are in");
    assert_done(INTERPOLATE("new", "--network", NETWORK, "--seeds", "1,5", "--frames", "3"),
                "6 frames are in");
    animation_file walk = read_result_animation(state, "walk.png");
    for (size_t i = 0; i < 6; i++) {
        char name[NAME_BYTES];
        snprintf(name, sizeof name, "new/frame%04zu.png", i);
        assert_frame(state, &walk, i, name);
    }
    animation_file_clear(&walk);
    assert_absent(state, "new/frame0006.png");
}

static void patterns_name_the_frames(void **state)
{
    assert_done(INTERPOLATE("new/", "--network", NETWORK, "--seeds", "1,5", "--frames", "6"),
                "12 frames are in");
    assert_done(
        INTERPOLATE("deep/er/x%03d.y.png", "--network", NETWORK, "--seeds", "1,5", "--frames", "6"),
        "12 frames are in");
    assert_done(INTERPOLATE("%2d.png", "--network", NETWORK, "--seeds", "1,5", "--frames", "6"),
                "12 frames are in");
    assert_same_files(state, "new/frame0000.png", "deep/er/x000.y.png", true);
    assert_same_files(state, "new/frame0011.png", "deep/er/x011.y.png", true);
    assert_same_files(state, "new/frame0009.png", " 9.png", true);
    assert_same_files(state, "new/frame0010.png", "10.png", true);
}

/* At the middle of a way every easing is there; before it, those that begin slowly are behind. */
static void easing_slows_down_at_the_seeds(void **state)
{
    static const char *const easings[] = {"linear", "smooth", "sine"};
    animation_file walks[3];
    for (size_t i = 0; i < 3; i++) {
        assert_done(INTERPOLATE("walk.png", "--network", NETWORK, "--seeds", "1,5", "--frames", "4",
                                "--method", "linear", "--easing", easings[i]),
                    "8 frames");
        walks[i] = read_result_animation(state, "walk.png");
    }
    /* 3 t^2 - 2 t^3 is 0.15625 at 1/4: frame 5 of 32 of an even way. */
    assert_done(INTERPOLATE("even.png", "--network", NETWORK, "--seeds", "1,5", "--frames", "32",
                            "--method", "linear", "--no-loop"),
                "33 frames");
    animation_file even = read_result_animation(state, "even.png");
    const size_t bytes = SIDE * SIDE * CHANNELS;
    assert_memory_equal(walks[0].frames[1], even.frames[8], bytes);
    assert_memory_equal(walks[1].frames[1], even.frames[5], bytes);
    assert_memory_equal(walks[1].frames[2], walks[0].frames[2], bytes);
    assert_memory_not_equal(walks[2].frames[1], walks[1].frames[1], bytes);
    for (size_t i = 0; i < 3; i++)
        animation_file_clear(&walks[i]);
    animation_file_clear(&even);
}

/* The official order: the list over and over, shuffled as by NumPy, cut into the grid's cells. */
static void seeds_are_repeated_and_shuffled(void **state)
{
    assert_done(INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "1,5,9", "--num-keyframes",
                            "5", "--frames", "2", "--method", "linear"),
                "10 frames");
    assert_done(INTERPOLATE("b.png", "--network", NETWORK, "--seeds", "1,5,9,1,5", "--frames", "2",
                            "--method", "linear"),
                "10 frames");
    assert_same_pictures(state, "a.png", "b.png", true);
    animation_file a = read_result_animation(state, "a.png");
    animation_file b = read_result_animation(state, "b.png");
    for (size_t i = 0; i < 10; i++)
        assert_memory_equal(a.frames[i], b.frames[i], SIDE * SIDE * CHANNELS);
    animation_file_clear(&a);
    animation_file_clear(&b);
    /* RandomState(7).shuffle(arange(5)) is 0, 3, 2, 1, 4. */
    assert_done(INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "11-15", "--shuffle-seed",
                            "7", "--frames", "1"),
                "5 frames");
    assert_done(
        INTERPOLATE("b.png", "--network", NETWORK, "--seeds", "11,14,13,12,15", "--frames", "1"),
        "5 frames");
    a = read_result_animation(state, "a.png");
    b = read_result_animation(state, "b.png");
    for (size_t i = 0; i < 5; i++)
        assert_memory_equal(a.frames[i], b.frames[i], SIDE * SIDE * CHANNELS);
    animation_file_clear(&a);
    animation_file_clear(&b);
}

static void random_noise_can_stay_the_same(void **state)
{
    const size_t bytes = SIDE * SIDE * CHANNELS;
    for (int fixed = 0; fixed < 2; fixed++) {
        assert_done(INTERPOLATE("walk.png", "--network", NETWORK, "--seeds", "3,3", "--frames", "2",
                                "--noise-mode", "random", fixed ? "--fixed-noise" : "--loop"),
                    "4 frames");
        animation_file walk = read_result_animation(state, "walk.png");
        for (size_t i = 1; i < 4; i++)
            assert_int_equal(memcmp(walk.frames[i], walk.frames[0], bytes) == 0, fixed);
        animation_file_clear(&walk);
    }
    assert_done(GENERATE("--network", NETWORK, "--seeds", "3", "--noise-mode", "random"),
                "1 picture is in");
    animation_file walk = read_result_animation(state, "walk.png");
    assert_frame(state, &walk, 0, "seed0003.png");
    animation_file_clear(&walk);
}

/* Writes the w of seeds from `first` on, as --seeds has them, to a file in the test's folder. */
static char *write_w(void *const *state, const char *name, uint32_t first, size_t count)
{
    sg_error error = {0};
    sg_network_file *file = NULL;
    sg_generator *generator = NULL;
    sg_context *context = sg_context_create(1);
    float *values = NULL;
    char *path = temporary_path(state, name);
    assert_non_null(context);
    assert_int_equal(sg_network_open(NETWORK, &file, &error), SG_OK);
    assert_int_equal(sg_network_load_generator(file, SG_PART_G_EMA, context, &generator, &error),
                     SG_OK);
    const size_t num_ws = (size_t)sg_generator_num_ws(generator);
    const size_t w_dim = (size_t)sg_generator_config_of(generator)->w_dim;
    values = malloc(count * num_ws * w_dim * sizeof *values);
    for (size_t i = 0; i < count; i++) {
        const size_t scope = sg_scope_open(context);
        const sg_tensor *ws = sg_styles(generator, &(sg_style_source){.seed = first + (uint32_t)i},
                                        &(sg_truncation){.psi = 1, .cutoff = -1});
        assert_non_null(ws);
        memcpy(values + i * num_ws * w_dim, sg_f32(ws), num_ws * w_dim * sizeof *values);
        sg_scope_close(context, scope, NULL);
    }
    assert_int_equal(sg_w_file_write(path, values, count, num_ws, w_dim, &error), SG_OK);
    free(values);
    sg_generator_destroy(generator);
    sg_network_close(file);
    sg_context_destroy(context);
    return path;
}

static void keyframes_are_as_good_as_their_seeds(void **state)
{
    char *two = write_w(state, "two.npz", 21, 2);
    char *one = write_w(state, "one.npy", 23, 1);
    for (int cubic = 0; cubic < 2; cubic++) {
        const char *method = cubic ? "cubic" : "spherical";
        assert_done(INTERPOLATE("seeds.png", "--network", NETWORK, "--seeds", "21-23", "--frames",
                                "3", "--trunc", "0.6", "--method", method),
                    "9 frames");
        assert_done(INTERPOLATE("files.png", "--network", NETWORK, "--keyframes", two, "--w", one,
                                "--frames", "3", "--trunc", "0.6", "--method", method),
                    "9 frames");
        animation_file seeds = read_result_animation(state, "seeds.png");
        animation_file files = read_result_animation(state, "files.png");
        for (size_t i = 0; i < 9; i++)
            assert_memory_equal(seeds.frames[i], files.frames[i], SIDE * SIDE * CHANNELS);
        animation_file_clear(&seeds);
        animation_file_clear(&files);
    }
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--keyframes", one), 2,
                 "two keyframes or more are needed");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--keyframes", two, "--seeds", "1",
                             "--grid", "2x1"),
                 2, "3 do not split into 2");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--keyframes", two, "--space", "z"), 2,
                 "--space z goes with --seeds");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--keyframes", two, "--class", "1"), 2,
                 "--class goes with --seeds");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--keyframes", NETWORK), 1, NETWORK);
    assert_fails(INTERPOLATE("a.png", "--network", CONDITIONAL, "--keyframes", two), 1, "two.npz");
    assert_absent(state, "a.png");
    free(one);
    free(two);
}

/* In w, the way between two classes of one seed is that of their w; in z, w is blended too. */
static void classes_blend(void **state)
{
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "4", "--class", "1,3"),
                "2 pictures are in");
    for (int i = 0; i < 2; i++)
        assert_done(INTERPOLATE(i ? "w.png" : "z.png", "--network", CONDITIONAL, "--seeds", "4,4",
                                "--class", "1,3", "--frames", "2", "--method", "linear", "--space",
                                i ? "w" : "z"),
                    "4 frames");
    animation_file w = read_result_animation(state, "w.png");
    animation_file z = read_result_animation(state, "z.png");
    const size_t bytes = w.width * w.height * w.channels;
    assert_frame(state, &w, 0, "seed0004-class1.png");
    assert_frame(state, &w, 2, "seed0004-class3.png");
    for (size_t i = 0; i < 4; i++)
        assert_memory_equal(w.frames[i], z.frames[i], bytes);
    assert_memory_equal(w.frames[1], w.frames[3], bytes);
    assert_memory_not_equal(w.frames[1], w.frames[0], bytes);
    assert_memory_not_equal(w.frames[1], w.frames[2], bytes);
    animation_file_clear(&w);
    animation_file_clear(&z);
}

static void one_class_counts_for_all_seeds(void **state)
{
    assert_done(INTERPOLATE("one.png", "--network", CONDITIONAL, "--seeds", "1,2,3", "--class", "2",
                            "--frames", "1"),
                "3 frames");
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "1-3", "--class", "2"),
                "3 pictures are in");
    animation_file one = read_result_animation(state, "one.png");
    assert_frame(state, &one, 0, "seed0001.png");
    assert_frame(state, &one, 2, "seed0003.png");
    animation_file_clear(&one);
}

/* The frame's cell must show the frame of the single path. */
static void assert_cell(const animation_file *grid, size_t frame, size_t column, size_t row,
                        const animation_file *single)
{
    for (size_t y = 0; y < SIDE; y++)
        assert_memory_equal(grid->frames[frame] +
                                ((row * SIDE + y) * grid->width + column * SIDE) * CHANNELS,
                            single->frames[frame] + y * SIDE * CHANNELS, SIDE * CHANNELS);
}

static void grids_show_paths_side_by_side(void **state)
{
    static const char *const seeds[] = {"0,1", "2,3", "4,5", "6,7"};
    assert_done(INTERPOLATE("grid.png", "--network", NETWORK, "--seeds", "0-7", "--grid", "2x2",
                            "--frames", "2", "--noise-mode", "random"),
                "4 frames");
    animation_file grid = read_result_animation(state, "grid.png");
    assert_int_equal(grid.width, 2 * SIDE);
    assert_int_equal(grid.height, 2 * SIDE);
    assert_int_equal(grid.count, 4);
    for (size_t cell = 0; cell < 4; cell++) {
        assert_done(INTERPOLATE("single.png", "--network", NETWORK, "--seeds", seeds[cell],
                                "--frames", "2", "--noise-mode", "random"),
                    "4 frames");
        animation_file single = read_result_animation(state, "single.png");
        for (size_t frame = 0; frame < 4; frame++)
            assert_cell(&grid, frame, cell % 2, cell / 2, &single);
        animation_file_clear(&single);
    }
    animation_file_clear(&grid);
}

static void equal_calls_give_equal_bytes(void **state)
{
    for (int i = 0; i < 2; i++)
        assert_done(INTERPOLATE(i ? "a.png" : "b.png", "--network", NETWORK, "--seeds", "1,2",
                                "--frames", "3", "--noise-mode", "random"),
                    "6 frames");
    assert_same_files(state, "a.png", "b.png", true);
}

static void missing_options_are_named(void **state)
{
    assert_fails(INTERPOLATE("a.png", "--seeds", "1,2"), 2, "the option --network is missing");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK), 2,
                 "the option --seeds (or --keyframes) is missing");
    assert_fails(RUN("interpolate", "--network", NETWORK, "--seeds", "1,2"), 2,
                 "the option --output is missing");
    assert_fails(RUN("interpolate", "--network", NETWORK, "--seeds", "1,2", "--output", ""), 2,
                 "--output must not be empty");
}

static void bad_options_are_refused(void **state)
{
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "1"), 2,
                 "two seeds or more are needed");
    static const char *const outputs[] = {"a.avi", "a%d.mp4", "a%s.png", "a%d%d.png", "a%05.png"};
    for (size_t i = 0; i < 5; i++)
        assert_fails(INTERPOLATE(outputs[i], "--network", NETWORK, "--seeds", "1,2"), 2,
                     "--output must be a video, such as walk.mp4");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "1,2", "--space", "v"), 2,
                 "--space is \"v\", but must be z or w");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "1,2", "--method", "round"),
                 2, "--method is \"round\", but must be linear, spherical, cubic or slerp");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "1,2", "--easing", "round"),
                 2, "--easing is \"round\", but must be linear, smooth or sine");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "1,2", "--scale", "0"), 2,
                 "--scale is 0, but must be a whole number from 1 to 64");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "1,2", "--bitrate", "1M"), 2,
                 "--bitrate is for videos");
    assert_fails(
        INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "1,2", "--num-keyframes", "0"), 2,
        "--num-keyframes is 0, but must be a whole number from 1 to 1000000");
    assert_fails(
        INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "1,2", "--shuffle-seed", "1,2"), 2,
        "--shuffle-seed is \"1,2\", but must be a whole number");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "1,2", "--frames", "0"), 2,
                 "--frames is 0, but must be a whole number from 1 to 1000000");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "1,2", "--fps", "1001"), 2,
                 "--fps is 1001, but must be a whole number from 1 to 1000");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "1,2", "--trunc", "inf"), 2,
                 "--trunc is inf, but must be a finite number");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "1,2", "--frames", "600000"),
                 2, "2 seeds with 600000 frames each are more than the 1000000 pictures");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "0-4", "--grid", "2x1"), 2,
                 "5 do not split into 2");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "0,1", "--grid", "2x1"), 2,
                 "two or more");
    assert_fails(INTERPOLATE("a.png", "--network", NETWORK, "--seeds", "0,1", "--grid", "2"), 2,
                 "--grid takes WIDTHxHEIGHT");
    assert_absent(state, "a.png");
}

static void bad_classes_are_refused(void **state)
{
    assert_fails(INTERPOLATE("a.png", "--network", CONDITIONAL, "--seeds", "1,2"), 2,
                 "needs --class, from 0 to 4");
    assert_fails(
        INTERPOLATE("a.png", "--network", CONDITIONAL, "--seeds", "1,2,3", "--class", "0,1"), 2,
        "2 classes were given for 3 seeds");
    assert_fails(INTERPOLATE("a.png", "--network", CONDITIONAL, "--seeds", "1,2", "--class", "0,5"),
                 2, "has 5 classes, numbered from 0 to 4");
    assert_absent(state, "a.png");
}

static void missing_files_are_failures(void **state)
{
    assert_fails(INTERPOLATE("a.png", "--network", "no-such-file", "--seeds", "1,2"), 1,
                 "no-such-file");
    assert_fails(INTERPOLATE("missing/a.png", "--network", NETWORK, "--seeds", "1,2"), 1,
                 "missing/a.png");
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_shows_options_and_examples),
        IN_FOLDER(frames_at_seeds_are_those_of_generate),
        IN_FOLDER(defaults_are_cubic_in_w_and_spherical_in_z),
        IN_FOLDER(loops_have_no_beginning),
        IN_FOLDER(without_a_loop_the_last_seed_ends),
        IN_FOLDER(folders_get_the_animations_frames),
        IN_FOLDER(patterns_name_the_frames),
        IN_FOLDER(easing_slows_down_at_the_seeds),
        IN_FOLDER(seeds_are_repeated_and_shuffled),
        IN_FOLDER(random_noise_can_stay_the_same),
        IN_FOLDER(keyframes_are_as_good_as_their_seeds),
        IN_FOLDER(classes_blend),
        IN_FOLDER(one_class_counts_for_all_seeds),
        IN_FOLDER(grids_show_paths_side_by_side),
        IN_FOLDER(equal_calls_give_equal_bytes),
        IN_FOLDER(missing_options_are_named),
        IN_FOLDER(bad_options_are_refused),
        IN_FOLDER(bad_classes_are_refused),
        IN_FOLDER(missing_files_are_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
