/* The videos of `interpolate`: decoded again, they show what the animated PNG shows. */
#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/decoded_video.h"
#include "support/generated.h"
#include "support/program.h"
#include "support/temporary_folder.h"

#define DIGITS "models/digits-32.safetensors"

enum {
    SIDE = 32,
    /* of the pictures of NETWORK and DIGITS */ MOST_ARGUMENTS = 24,
    NAME_BYTES = 64
};

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

static decoded_video decode_result(void *const *state, const char *name)
{
    char *path = temporary_path(state, name);
    decoded_video video = decode_video(path);
    free(path);
    return video;
}

/* The video's frames must be near the pictures in the folder "frames". */
static void assert_shows_frames(void *const *state, const decoded_video *video, double decibels)
{
    for (size_t i = 0; i < video->count; i++) {
        char name[NAME_BYTES];
        snprintf(name, sizeof name, "frames/frame%04zu.png", i);
        sg_image *picture = read_picture(state, name);
        const double psnr = decoded_psnr(video, i, picture);
        if (!(psnr >= decibels))
            fail_msg("frame %zu has %.2f dB", i, psnr);
        sg_image_destroy(picture);
    }
}

static void videos_show_the_frames(void **state)
{
    assert_done(INTERPOLATE("frames/", "--network", DIGITS, "--seeds", "0,1", "--class", "3,5",
                            "--frames", "10", "--scale", "4"),
                "20 frames are in");
    assert_done(INTERPOLATE("walk.mp4", "--network", DIGITS, "--seeds", "0,1", "--class", "3,5",
                            "--frames", "10", "--scale", "4", "--fps", "25"),
                "20 frames, 0.8 seconds, are in");
    decoded_video video = decode_result(state, "walk.mp4");
    assert_int_equal(video.width, 4 * SIDE);
    assert_int_equal(video.height, 4 * SIDE);
    assert_int_equal(video.count, 20);
    assert_true(fabs(video.rate - 25) < 1e-6);
    assert_shows_frames(state, &video, 32);
    assert_holds(video.comment, "network: digits-32.safetensors; seeds: 0,1; space: w;");
    decoded_video_clear(&video);
}

static void grids_are_shown(void **state)
{
    assert_done(INTERPOLATE("frames/", "--network", DIGITS, "--seeds", "0-5", "--class", "4",
                            "--grid", "3x1", "--frames", "4", "--scale", "2", "--trunc", "0.5"),
                "8 frames are in");
    assert_done(INTERPOLATE("walk.mp4", "--network", DIGITS, "--seeds", "0-5", "--class", "4",
                            "--grid", "3x1", "--frames", "4", "--scale", "2", "--trunc", "0.5",
                            "--quality", "8"),
                "8 frames, 0.133 seconds, are in");
    decoded_video video = decode_result(state, "walk.mp4");
    assert_int_equal(video.width, 6 * SIDE);
    assert_int_equal(video.height, 2 * SIDE);
    assert_int_equal(video.count, 8);
    assert_true(fabs(video.rate - 60) < 1e-6);
    assert_shows_frames(state, &video, 32);
    decoded_video_clear(&video);
}

static void defaults_are_those_of_the_official_program(void **state)
{
    assert_done(INTERPOLATE("walk.mp4", "--network", NETWORK, "--seeds", "0,1", "--no-loop"),
                "121 frames, 2.02 seconds, are in");
    decoded_video video = decode_result(state, "walk.mp4");
    assert_int_equal(video.count, 121);
    assert_true(fabs(video.rate - 60) < 1e-6);
    assert_int_equal(video.width, SIDE);
    decoded_video_clear(&video);
}

static size_t size_of(void *const *state, const char *name)
{
    size_t size = 0;
    free(read_result(state, name, &size));
    return size;
}

static void quality_and_bit_rate_are_obeyed(void **state)
{
    static const char *const options[][2] = {
        {"--quality", "5"}, {"--quality", "45"}, {"--bitrate", "4M"}, {"--bitrate", "60k"}};
    size_t sizes[4];
    for (size_t i = 0; i < 4; i++) {
        assert_done(INTERPOLATE("walk.mp4", "--network", NETWORK, "--seeds", "0,1", "--frames",
                                "30", "--scale", "4", options[i][0], options[i][1]),
                    "60 frames");
        sizes[i] = size_of(state, "walk.mp4");
    }
    assert_true(sizes[1] * 2 < sizes[0]);
    assert_true(sizes[3] * 2 < sizes[2]);
}

static void equal_calls_give_equal_bytes(void **state)
{
    for (int i = 0; i < 2; i++)
        assert_done(INTERPOLATE(i ? "a.mp4" : "b.mp4", "--network", NETWORK, "--seeds", "1,2",
                                "--frames", "8"),
                    "16 frames");
    assert_same_files(state, "a.mp4", "b.mp4", true);
}

/* The names in the test's folder, without "." and "..". */
static size_t count_files(void *const *state)
{
    size_t count = 0;
    DIR *folder = opendir(*state);
    assert_non_null(folder);
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(folder);
    return count;
}

/* Starts a video of half a million frames, quietly. */
static pid_t start_long_video(const char *path)
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDERR_FILENO);
        execl(getenv("STYLEGAN"), "stylegan", "interpolate", "--network", NETWORK, "--seeds", "0,1",
              "--frames", "250000", "--output", path, (char *)NULL);
        _exit(127);
    }
    return child;
}

/* Tells whether a process has a file of the folder open, with a name or without. */
static bool has_open_file(pid_t process, const char *folder)
{
    bool found = false;
    char path[64];
    char target[512];
    for (int descriptor = 3; descriptor < 32 && !found; descriptor++) {
        snprintf(path, sizeof path, "/proc/%ld/fd/%d", (long)process, descriptor);
        const ssize_t length = readlink(path, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
        found = strncmp(target, folder, strlen(folder)) == 0;
    }
    return found;
}

static void interrupted_videos_leave_nothing(void **state)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    char *path = temporary_path(state, "walk.mp4");
    const pid_t child = start_long_video(path);
    int status = 0;
    for (int tries = 0; tries < 1500 && !has_open_file(child, *state); tries++)
        nanosleep(&pause, NULL);
    assert_true(has_open_file(child, *state));
    assert_int_equal(kill(child, SIGINT), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 130);
    assert_int_equal(count_files(state), 0);
    free(path);
}

static void bad_options_are_refused(void **state)
{
    static const char *const rates[] = {"", "M", "12", "12G", "1001M", "12Mk", "nan", "-1M"};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++)
        assert_fails(
            INTERPOLATE("a.mp4", "--network", NETWORK, "--seeds", "1,2", "--bitrate", rates[i]), 2,
            "--bitrate takes bits a second from 1k to 1000M");
    assert_fails(INTERPOLATE("a.mp4", "--network", NETWORK, "--seeds", "1,2", "--bitrate", "1M",
                             "--quality", "20"),
                 2, "--quality and --bitrate exclude each other");
    assert_fails(INTERPOLATE("a.mp4", "--network", NETWORK, "--seeds", "1,2", "--quality", "52"), 2,
                 "--quality is 52, but must be a whole number from 1 to 51");
    assert_fails(INTERPOLATE("missing/a.mp4", "--network", NETWORK, "--seeds", "1,2"), 1,
                 "missing/a.mp4");
    assert_absent(state, "a.mp4");
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(videos_show_the_frames),
        IN_FOLDER(grids_are_shown),
        IN_FOLDER(defaults_are_those_of_the_official_program),
        IN_FOLDER(quality_and_bit_rate_are_obeyed),
        IN_FOLDER(equal_calls_give_equal_bytes),
        IN_FOLDER(interrupted_videos_leave_nothing),
        IN_FOLDER(bad_options_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
