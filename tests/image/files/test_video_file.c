/* MP4 and WebM files: decoded again, frames are near their pictures; sizes, rates, silence,
 * failures. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "image/files/video_file.h"
#include "support/decoded_video.h"
#include "support/temporary_folder.h"

/* Decibels that a frame keeps at the usual quality. */
#define NEAR 34.0

/* Waves of saturated colours that move: what a wrong matrix, order or shift would change. */
static sg_image *picture(size_t width, size_t height, size_t channels, size_t frame)
{
    sg_error error = {0};
    sg_image *image = NULL;
    if (sg_image_create(width, height, channels, &image, &error))
        fail_msg("%s", error.message);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            for (size_t k = 0; k < channels; k++) {
                const double phase = 0.11 * (double)x + 0.07 * (double)y + 0.3 * (double)frame;
                const double wave = sin(phase * (k == 1 ? 0.7 : 1) + 2.1 * (double)k);
                image->pixels[(y * width + x) * channels + k] =
                    channels % 2 == 0 && k == channels - 1 ? 255 : (uint8_t)(128 + 120 * wave);
            }
    return image;
}

static sg_video_options usual_options(void)
{
    return (sg_video_options){.frames_per_second = 25, .quality = SG_VIDEO_USUAL_QUALITY};
}

static void add_frames(sg_video *video, size_t width, size_t height, size_t channels, size_t count)
{
    sg_error error = {0};
    for (size_t i = 0; i < count; i++) {
        sg_image *image = picture(width, height, channels, i);
        if (sg_video_add(video, image, &error))
            fail_msg("%s", error.message);
        sg_image_destroy(image);
    }
}

static void write_video(const char *path, const sg_video_options *options, size_t width,
                        size_t height, size_t channels, size_t count)
{
    sg_error error = {0};
    sg_video *video = NULL;
    if (sg_video_create(path, options, &video, &error))
        fail_msg("%s", error.message);
    add_frames(video, width, height, channels, count);
    assert_false(sg_path_exists(path));
    if (sg_video_finish(video, &error))
        fail_msg("%s", error.message);
}

static void assert_frames_near(const decoded_video *video, size_t channels, double decibels)
{
    for (size_t i = 0; i < video->count; i++) {
        sg_image *image = picture(video->width, video->height, channels, i);
        const double psnr = decoded_psnr(video, i, image);
        if (!(psnr >= decibels))
            fail_msg("frame %zu has %.2f dB", i, psnr);
        sg_image_destroy(image);
    }
}

static void check_video(void *const *state, sg_video_options options, const char *codec,
                        size_t width, size_t height, size_t channels, size_t count)
{
    char *path = temporary_path(state, "moving.mp4");
    remove(path);
    write_video(path, &options, width, height, channels, count);
    decoded_video video = decode_video(path);
    assert_int_equal(video.width, width);
    assert_int_equal(video.height, height);
    assert_int_equal(video.count, count);
    assert_string_equal(video.codec, codec);
    assert_true(fabs(video.rate - options.frames_per_second) < 1e-6);
    assert_true(fabs(video.seconds - (double)count / options.frames_per_second) < 2e-3);
    assert_frames_near(&video, channels, NEAR);
    decoded_video_clear(&video);
    free(path);
}

static void frames_come_back(void **state)
{
    sg_video_options options = usual_options();
    check_video(state, options, "h264", 96, 64, 3, 40);
    check_video(state, options, "h264", 64, 64, 1, 3);
    options.frames_per_second = 60;
    check_video(state, options, "h264", 38, 22, 3, 7);
    check_video(state, options, "h264", 64, 64, 3, 1);
}

static void frames_come_back_from_mpeg4(void **state)
{
    sg_video_options options = usual_options();
    options.codec = SG_VIDEO_MPEG4;
    check_video(state, options, "mpeg4", 96, 64, 3, 30);
    check_video(state, options, "mpeg4", 64, 48, 1, 2);
}

/* WebM files count times in thousandths, so that rates that divide 1000 are exact. */
static void frames_come_back_from_webm(void **state)
{
    sg_video_options options = usual_options();
    options.webm = true;
    check_video(state, options, "vp9", 96, 64, 3, 30);
    check_video(state, options, "vp9", 64, 48, 1, 2);
    options.frames_per_second = 50;
    options.quality = 0;
    options.bitrate = 4000000;
    check_video(state, options, "vp9", 96, 64, 3, 20);
}

static void a_bit_rate_is_enough_too(void **state)
{
    sg_video_options options = usual_options();
    options.quality = 0;
    options.bitrate = 4000000;
    check_video(state, options, "h264", 96, 64, 3, 20);
}

/* Opaque alpha changes nothing. */
static void alpha_is_laid_over_black(void **state)
{
    const sg_video_options options = usual_options();
    char *path = temporary_path(state, "moving.mp4");
    write_video(path, &options, 64, 64, 4, 3);
    decoded_video video = decode_video(path);
    assert_frames_near(&video, 3, NEAR);
    decoded_video_clear(&video);
    free(path);
}

static void odd_sides_become_even(void **state)
{
    const sg_video_options options = usual_options();
    char *path = temporary_path(state, "moving.mp4");
    write_video(path, &options, 47, 33, 3, 4);
    decoded_video video = decode_video(path);
    assert_int_equal(video.width, 48);
    assert_int_equal(video.height, 34);
    assert_int_equal(video.count, 4);
    sg_image *image = picture(48, 34, 3, 3);
    for (size_t y = 0; y < 34; y++)
        memcpy(image->pixels + (y * 48 + 47) * 3, image->pixels + (y * 48 + 46) * 3, 3);
    memcpy(image->pixels + (size_t)33 * 48 * 3, image->pixels + (size_t)32 * 48 * 3, 48 * 3);
    assert_true(decoded_psnr(&video, 3, image) >= NEAR);
    sg_image_destroy(image);
    decoded_video_clear(&video);
    free(path);
}

static size_t size_of_video(const char *path, const sg_video_options *options)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    sg_error error = {0};
    remove(path);
    write_video(path, options, 256, 256, 3, 30);
    assert_int_equal(sg_read_file(path, 1 << 24, &bytes, &size, &error), SG_OK);
    free(bytes);
    return size;
}

static void quality_and_bit_rate_set_the_size(void **state)
{
    char *path = temporary_path(state, "moving.mp4");
    for (int codec = SG_VIDEO_H264; codec <= SG_VIDEO_MPEG4; codec++) {
        sg_video_options options = usual_options();
        options.codec = (sg_video_codec)codec;
        options.quality = 5;
        const size_t best = size_of_video(path, &options);
        options.quality = 45;
        assert_true(2 * size_of_video(path, &options) < best);
        options.bitrate = 1000000;
        const size_t high = size_of_video(path, &options);
        options.bitrate = 50000;
        assert_true(2 * size_of_video(path, &options) < high);
    }
    free(path);
}

static void comments_are_kept(void **state)
{
    sg_video_options options = usual_options();
    char *path = temporary_path(state, "moving.mp4");
    options.comment = "seeds: 1, 2; w\xc3\xa4hrend";
    write_video(path, &options, 32, 32, 3, 2);
    decoded_video video = decode_video(path);
    assert_string_equal(video.comment, options.comment);
    decoded_video_clear(&video);
    free(path);
}

static void equal_frames_give_equal_bytes(void **state)
{
    const sg_video_options options = usual_options();
    char *path = temporary_path(state, "moving.mp4");
    unsigned char *bytes[2] = {NULL, NULL};
    size_t sizes[2] = {0, 0};
    sg_error error = {0};
    for (int i = 0; i < 2; i++) {
        remove(path);
        write_video(path, &options, 64, 64, 3, 20);
        assert_int_equal(sg_read_file(path, 1 << 24, &bytes[i], &sizes[i], &error), SG_OK);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    free(bytes[0]);
    free(bytes[1]);
    free(path);
}

/* ---- failures ---- */

static void assert_folder_is_empty(void *const *state)
{
    DIR *folder = opendir(*state);
    assert_non_null(folder);
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            fail_msg("%s was left behind", entry->d_name);
    closedir(folder);
}

/* The call must fail with this status and a sentence with `part` in it. */
static void assert_failure(sg_status found, sg_status status, sg_error *error, const char *part)
{
    assert_int_equal(found, status);
    if (!strstr(error->message, part))
        fail_msg("\"%s\" does not hold \"%s\"", error->message, part);
    sg_error_clear(error);
}

static sg_video *create(const char *path)
{
    const sg_video_options options = usual_options();
    sg_video *video = NULL;
    sg_error error = {0};
    assert_int_equal(sg_video_create(path, &options, &video, &error), SG_OK);
    return video;
}

static void given_up_videos_leave_nothing(void **state)
{
    char *path = temporary_path(state, "moving.mp4");
    sg_error error = {0};
    sg_video_abandon(NULL);
    sg_video_abandon(create(path));
    assert_folder_is_empty(state);
    sg_video *video = create(path);
    add_frames(video, 64, 64, 3, 10);
    sg_video_abandon(video);
    assert_folder_is_empty(state);
    assert_failure(sg_video_finish(create(path), &error), SG_ERROR_ARGUMENT, &error,
                   "a video needs a frame");
    assert_folder_is_empty(state);
    free(path);
}

static void frames_of_another_size_are_refused(void **state)
{
    char *path = temporary_path(state, "moving.mp4");
    sg_error error = {0};
    sg_video *video = create(path);
    sg_image *wide = picture(66, 64, 3, 0);
    sg_image *grey = picture(64, 64, 1, 0);
    sg_image *huge = picture(SG_VIDEO_LARGEST_SIDE + 1, 1, 1, 0);
    assert_failure(sg_video_add(video, huge, &error), SG_ERROR_ARGUMENT, &error,
                   "a frame has 16385x1 pixels, but its sides must be at most 16384");
    add_frames(video, 64, 64, 3, 1);
    assert_failure(sg_video_add(video, wide, &error), SG_ERROR_SHAPE, &error,
                   "a frame of 66x64 pixels with 3 channels follows one of 64x64 with 3");
    assert_failure(sg_video_add(video, grey, &error), SG_ERROR_SHAPE, &error, "with 1 channels");
    assert_int_equal(sg_video_finish(video, &error), SG_OK);
    decoded_video decoded = decode_video(path);
    assert_int_equal(decoded.count, 1);
    decoded_video_clear(&decoded);
    sg_image_destroy(wide);
    sg_image_destroy(grey);
    sg_image_destroy(huge);
    free(path);
}

static void assert_not_created(const char *path, sg_video_options options, sg_status status,
                               const char *part)
{
    sg_video *video = NULL;
    sg_error error = {0};
    assert_failure(sg_video_create(path, &options, &video, &error), status, &error, part);
    assert_null(video);
}

static void bad_options_are_refused(void **state)
{
    char *path = temporary_path(state, "moving.mp4");
    char *nowhere = temporary_path(state, "missing/moving.mp4");
    sg_video_options options = usual_options();
    assert_not_created(nowhere, options, SG_ERROR_FILE, "missing");
    assert_not_created(*state, options, SG_ERROR_FILE, "it is a folder");
    options.frames_per_second = 0;
    assert_not_created(path, options, SG_ERROR_ARGUMENT,
                       "is 0 frames a second, but must be from 1 to 1000");
    options.frames_per_second = SG_VIDEO_LARGEST_RATE + 1;
    assert_not_created(path, options, SG_ERROR_ARGUMENT,
                       "is 1001 frames a second, but must be from 1 to 1000");
    options = usual_options();
    options.quality = 0;
    assert_not_created(path, options, SG_ERROR_ARGUMENT,
                       "the quality of a video is 0, but must be from 1 (best) to 51");
    options.quality = 52;
    assert_not_created(path, options, SG_ERROR_ARGUMENT,
                       "the quality of a video is 52, but must be from 1 (best) to 51");
    options.bitrate = 999;
    assert_not_created(path, options, SG_ERROR_ARGUMENT,
                       "is 999 bits a second, but must be from 1000 to 1000000000");
    options.bitrate = SG_VIDEO_LARGEST_BITRATE + 1;
    assert_not_created(path, options, SG_ERROR_ARGUMENT,
                       "is 1000000001 bits a second, but must be from 1000 to 1000000000");
    assert_folder_is_empty(state);
    free(nowhere);
    free(path);
}

/* A file that may not grow stands for a full disk. */
static void full_disks_are_failures(void **state)
{
    char *path = temporary_path(state, "moving.mp4");
    struct rlimit before;
    sg_error error = {0};
    sg_status status = SG_OK;
    sg_video *video = create(path);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){1000, before.rlim_max}), 0);
    for (size_t i = 0; i < 100 && !status; i++) {
        sg_image *image = picture(64, 64, 3, i);
        status = sg_video_add(video, image, &error);
        sg_image_destroy(image);
    }
    if (status)
        sg_video_abandon(video);
    else
        status = sg_video_finish(video, &error);
    assert_failure(status, SG_ERROR_FILE, &error, "the video cannot be written: File too large");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_folder_is_empty(state);
    free(path);
}

/* Neither a good video nor a failing one may bring messages of FFmpeg's or x264's. */
static void nothing_is_printed(void **state)
{
    char *path = temporary_path(state, "moving.mp4");
    char *printed = temporary_path(state, "printed.txt");
    sg_video_options options = usual_options();
    fflush(stderr);
    const int errors = dup(STDERR_FILENO);
    const int output = dup(STDOUT_FILENO);
    assert_non_null(freopen(printed, "w", stderr));
    dup2(STDERR_FILENO, STDOUT_FILENO);
    for (int codec = SG_VIDEO_H264; codec <= SG_VIDEO_MPEG4; codec++) {
        options.codec = (sg_video_codec)codec;
        remove(path);
        write_video(path, &options, 47, 33, 3, 30);
        remove(path);
        write_video(path, &options, 2, 2, 1, 1);
        options.bitrate = SG_VIDEO_LARGEST_BITRATE;
        remove(path);
        write_video(path, &options, 64, 64, 3, 2);
        options.bitrate = 0;
    }
    fflush(stderr);
    fflush(stdout);
    dup2(output, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    close(output);
    close(errors);
    unsigned char *bytes = NULL;
    size_t size = 0;
    sg_error error = {0};
    assert_int_equal(sg_read_file(printed, 1 << 20, &bytes, &size, &error), SG_OK);
    assert_string_equal((const char *)bytes, "");
    free(bytes);
    free(printed);
    free(path);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(nothing_is_printed),
        IN_FOLDER(frames_come_back),
        IN_FOLDER(frames_come_back_from_mpeg4),
        IN_FOLDER(frames_come_back_from_webm),
        IN_FOLDER(a_bit_rate_is_enough_too),
        IN_FOLDER(alpha_is_laid_over_black),
        IN_FOLDER(odd_sides_become_even),
        IN_FOLDER(quality_and_bit_rate_set_the_size),
        IN_FOLDER(comments_are_kept),
        IN_FOLDER(equal_frames_give_equal_bytes),
        IN_FOLDER(given_up_videos_leave_nothing),
        IN_FOLDER(frames_of_another_size_are_refused),
        IN_FOLDER(bad_options_are_refused),
        IN_FOLDER(full_disks_are_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
