/* Loops of `interpolate`, its duration, GIF and WebM files, and strips. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/decoded_gif.h"
#include "support/decoded_video.h"
#include "support/generated.h"
#include "support/temporary_folder.h"

enum { SIDE = 16, MOST_ARGUMENTS = 24 };

/* `interpolate` with the given arguments (NULL at the end) and --output `name` in the folder. */
static program_result interpolate(void *const *state, const char *name,
                                  const char *const *arguments)
{
    char *path = temporary_path(state, name);
    const char *all[MOST_ARGUMENTS + 8] = {"interpolate", "--output", path, "--network",
                                           CONDITIONAL,   "--class",  "1"};
    for (size_t count = 7; *arguments; arguments++) {
        assert_true(count < MOST_ARGUMENTS);
        all[count++] = *arguments;
    }
    program_result result = run_program(all);
    free(path);
    return result;
}

#define WALK(name, ...) interpolate(state, name, (const char *const[]){__VA_ARGS__, NULL})

/* A circle starts at the picture of its seed; halfway it is somewhere else. */
static void a_circle_starts_at_its_seed(void **state)
{
    assert_done(WALK("frames/", "--seeds", "7", "--walk", "circle", "--frames", "6"),
                "6 frames are in");
    assert_done(GENERATE("--network", CONDITIONAL, "--class", "1", "--seeds", "7"), "");
    assert_same_pictures(state, "frames/frame0000.png", "seed0007.png", true);
    assert_same_pictures(state, "frames/frame0003.png", "seed0007.png", false);
    assert_remark(state, "frames/frame0000.png", "walk", "circle");
    rename_result(state, "frames/frame0003.png", "half.png");
    assert_done(WALK("frames/", "--seeds", "7", "--walk", "circularloop", "--frames", "2"), "");
    assert_same_pictures(state, "frames/frame0001.png", "half.png", true);
}

/* The length alone sets the pace: twice the frames a second show the same walk. */
static void loops_do_not_depend_on_the_rate(void **state)
{
    static const char *const kinds[] = {"gaussian", "noise"};
    for (size_t i = 0; i < 2; i++) {
        assert_done(WALK("frames/", "--seeds", "7", "--walk", kinds[i], "--duration", "2", "--fps",
                         "2", "--smoothing", "0.5"),
                    "4 frames are in");
        rename_result(state, "frames/frame0001.png", "slow.png");
        assert_done(WALK("frames/", "--seeds", "7", "--walk", kinds[i], "--duration", "2", "--fps",
                         "4", "--smoothing", "0.5"),
                    "8 frames are in");
        assert_same_pictures(state, "frames/frame0002.png", "slow.png", true);
        assert_same_pictures(state, "frames/frame0004.png", "slow.png", false);
    }
}

/* Without a grid, seeds stand in a square; one seed leads to those that follow it. */
static void several_loops_walk_side_by_side(void **state)
{
    assert_done(
        WALK("a.gif", "--seeds", "3-5", "--walk", "noise", "--grid", "3x1", "--frames", "2"),
        "2 frames");
    rename_result(state, "a.gif", "list.gif");
    assert_done(WALK("a.gif", "--seeds", "3", "--walk", "noise", "--grid", "3x1", "--frames", "2"),
                "2 frames");
    char *paths[] = {temporary_path(state, "list.gif"), temporary_path(state, "a.gif")};
    decoded_gif list = decode_gif(paths[0]);
    decoded_gif one = decode_gif(paths[1]);
    assert_int_equal(one.width, 3 * SIDE);
    for (size_t i = 0; i < 2; i++)
        assert_memory_equal(list.frames[i], one.frames[i], (size_t)3 * 3 * SIDE * SIDE);
    decoded_gif_clear(&list);
    decoded_gif_clear(&one);
    assert_done(WALK("a.gif", "--seeds", "3-6", "--walk", "noise", "--frames", "1"), "1 frame");
    one = decode_gif(paths[1]);
    assert_int_equal(one.width, 2 * SIDE);
    assert_int_equal(one.height, 2 * SIDE);
    decoded_gif_clear(&one);
    free(paths[0]);
    free(paths[1]);
}

static void durations_divide_among_the_keys(void **state)
{
    assert_done(WALK("frames/", "--seeds", "1-4", "--duration", "2", "--fps", "10"),
                "20 frames are in");
    assert_done(WALK("frames/", "--seeds", "1-4", "--duration", "1.5", "--fps", "10", "--no-loop"),
                "16 frames are in");
    assert_done(WALK("a.gif", "--seeds", "1,2", "--duration", "1.5"), "30 frames, 1.5 seconds");
    program_result result = WALK("a.png", "--seeds", "1,2", "--frames", "2");
    assert_holds(result.errors, "4 frames at 12 a second last 0.33 seconds");
    program_result_clear(&result);
    result = WALK("short.png", "--seeds", "1-4", "--duration", "0.5");
    assert_holds(result.errors, "the film lasts 0.667 seconds instead of 0.5: ");
    assert_holds(result.output, "8 frames, 0.667 seconds, are in");
    program_result_clear(&result);
    result = WALK("a.gif", "--seeds", "1,2", "--duration", "0.5");
    assert_string_equal(result.errors, "");
    program_result_clear(&result);
    result = WALK("a.gif", "--seeds", "1,2", "--duration", "1");
    assert_holds(result.output, "20 frames, 1 second, are in");
    program_result_clear(&result);
}

/* Grey pictures have at most 256 colours, so that a GIF shows them exactly. */
static void gifs_show_the_frames(void **state)
{
    assert_done(WALK("frames/", "--seeds", "1,2", "--frames", "5"), "10 frames");
    assert_done(WALK("walk.gif", "--seeds", "1,2", "--frames", "5"), "10 frames, 0.5 seconds");
    char *path = temporary_path(state, "walk.gif");
    decoded_gif gif = decode_gif(path);
    assert_int_equal(gif.count, 10);
    assert_int_equal(gif.delays[0], 5);
    assert_non_null(strstr(gif.comment, "seeds: 1,2; space: w"));
    sg_image *frame = read_picture(state, "frames/frame0003.png");
    for (size_t i = 0; i < sg_image_size(frame); i++)
        assert_int_equal(gif.frames[3][3 * i], frame->pixels[i]);
    sg_image_destroy(frame);
    decoded_gif_clear(&gif);
    free(path);
}

static void webm_files_are_videos(void **state)
{
    assert_done(WALK("walk.webm", "--seeds", "1,2", "--frames", "5", "--fps", "25", "--scale", "4"),
                "10 frames, 0.4 seconds");
    char *path = temporary_path(state, "walk.webm");
    decoded_video video = decode_video(path);
    assert_int_equal(video.count, 10);
    assert_int_equal(video.width, 4 * SIDE);
    assert_true(strcmp(video.codec, "vp9") == 0 || strcmp(video.codec, "vp8") == 0);
    decoded_video_clear(&video);
    free(path);
}

/* A strip shows the pictures of its keys at its ends, and what lies between. */
static void strips_show_moments(void **state)
{
    assert_done(GENERATE("--network", CONDITIONAL, "--class", "1", "--seeds", "1,2"), "");
    assert_done(WALK("strip.png", "--seeds", "1,2", "--strip", "5", "--plain"),
                "5 moments side by side are in");
    sg_image *strip = read_picture(state, "strip.png");
    assert_int_equal(strip->width, 5 * SIDE);
    assert_int_equal(strip->height, SIDE);
    sg_image *ends[] = {read_picture(state, "seed0001.png"), read_picture(state, "seed0002.png")};
    for (size_t end = 0; end < 2; end++)
        for (size_t y = 0; y < SIDE; y++)
            assert_memory_equal(strip->pixels + y * strip->width + end * 4 * SIDE,
                                ends[end]->pixels + y * SIDE, SIDE);
    sg_image_destroy(ends[0]);
    sg_image_destroy(ends[1]);
    sg_image_destroy(strip);
    assert_done(WALK("strip.png", "--seeds", "1-6", "--grid", "1x3", "--strip", "4"), "4 moments");
    strip = read_picture(state, "strip.png");
    assert_true(strip->width > 4 * 128 && strip->height > 3 * 128);
    sg_image_destroy(strip);
    assert_remark(state, "strip.png", "seeds", "1-6");
}

static void options_that_exclude_each_other_are_refused(void **state)
{
    static const struct {
        const char *options[6];
        const char *part;
    } cases[] = {
        {{"--walk", "square"},
         "--walk is \"square\", but must be keys, coordinates, circle, gaussian or noise"},
        {{"--walk", "circle", "--method", "linear"}, "--method does not go with --walk circle"},
        {{"--walk", "noise", "--no-loop"}, "--no-loop does not go with --walk noise"},
        {{"--walk", "circle", "--space", "w"}, "--space w does not go with"},
        {{"--walk", "circle", "--grid", "2x2"}, "takes 4 seeds, or one and those that follow it"},
        {{"--walk", "noise", "--duration", "2", "--smoothing", "1e-5"},
         "--smoothing is 1e-05 seconds, but must be at least one 10000th of the film's 2"},
        {{"--smoothing", "2"}, "--smoothing goes with --walk gaussian or noise"},
        {{"--duration", "2", "--frames", "3"}, "--duration and --frames exclude each other"},
        {{"--strip", "5", "--frames", "3"}, "a strip has no --frames"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *all[10] = {"--seeds", "1,2"};
        memcpy(all + 2, cases[i].options, sizeof cases[i].options);
        assert_fails(interpolate(state, "a.png", all), 2, cases[i].part);
    }
    assert_fails(WALK("a.gif", "--seeds", "1,2", "--strip", "5"), 2, "--strip writes one PNG file");
    assert_fails(WALK("a.gif", "--seeds", "1,2", "--fps", "60"), 2,
                 "--fps is 60, but a GIF shows at most 50 frames a second");
    assert_absent(state, "a.png");
}

/* The middle of a strip of coordinates is the seed's own picture; a coordinate of w in sigmas. */
static void coordinates_move_alone(void **state)
{
    static const char *const spaces[] = {"z", "w"};
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "2", "--class", "1"), "1 picture");
    sg_image *own = read_picture(state, "seed0002.png");
    for (int i = 0; i < 2; i++) {
        assert_done(WALK("strip.png", "--seeds", "2", "--walk", "coordinates", "--coordinates",
                         "0,3", "--space", spaces[i], "--strip", "3", "--plain"),
                    "3 moments");
        sg_image *strip = read_picture(state, "strip.png");
        assert_int_equal(strip->width, 3 * SIDE);
        assert_int_equal(strip->height, 2 * SIDE);
        size_t different = 0;
        for (size_t y = 0; y < 2 * SIDE; y++) {
            const uint8_t *row = strip->pixels + y * strip->width;
            assert_memory_equal(row + SIDE, own->pixels + y % SIDE * SIDE, SIDE);
            different += memcmp(row, row + SIDE, SIDE) != 0 && memcmp(row, row + 2 * SIDE, SIDE);
        }
        assert_true(different > SIDE);
        assert_remark(state, "strip.png", "coordinates", "0,3");
        sg_image_destroy(strip);
    }
    sg_image_destroy(own);
    assert_done(WALK("walk.gif", "--seeds", "2,4", "--walk", "coordinates", "--coordinates", "1",
                     "--frames", "4"),
                "4 frames");
}

static void coordinates_are_checked(void **state)
{
    assert_fails(WALK("a.png", "--seeds", "1", "--walk", "coordinates", "--coordinates", "9999"), 2,
                 "--coordinates has ");
    assert_fails(WALK("a.png", "--seeds", "1,2", "--coordinates", "1"), 2,
                 "--coordinates goes with --walk coordinates");
    assert_fails(WALK("a.png", "--seeds", "1", "--walk", "coordinates", "--method", "linear"), 2,
                 "--method does not go with --walk coordinates");
    assert_fails(WALK("a.png", "--seeds", "1", "--walk", "coordinates", "--grid", "3x2"), 2,
                 "a grid of 3x2 has not the 8 cells");
    assert_fails(WALK("a.png", "--seeds", "1", "--walk", "coordinates", "--range", "0"), 2,
                 "--range is 0");
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_circle_starts_at_its_seed),
        IN_FOLDER(loops_do_not_depend_on_the_rate),
        IN_FOLDER(several_loops_walk_side_by_side),
        IN_FOLDER(durations_divide_among_the_keys),
        IN_FOLDER(gifs_show_the_frames),
        IN_FOLDER(webm_files_are_videos),
        IN_FOLDER(strips_show_moments),
        IN_FOLDER(coordinates_move_alone),
        IN_FOLDER(coordinates_are_checked),
        IN_FOLDER(options_that_exclude_each_other_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
