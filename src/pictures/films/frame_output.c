/* Writes the frames of a moving picture; see frame_output.h. Tested by:
 * tests/cli/test_interpolate.c */
#include "pictures/films/frame_output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/text.h"
#include "image/files/animation.h"
#include "image/files/gif_file.h"
#include "image/files/video_file.h"

enum { FEWEST_DIGITS = 4, MOST_DIGITS = 9 };

struct sg_frame_output {
    sg_frame_output_options options;
    sg_frame_format format;
    size_t added;
    char *folder; /* of numbered frames */
    char *before; /* their name up to the number, and after it */
    char *after;
    int digits; /* fewest; `filler` stands before shorter numbers */
    char filler;
    sg_animation *animation;
    sg_video *video;
    sg_gif *gif;
};

/* ---- names ---- */

/* Finds the number of a pattern, "%04d" and the like: from *start to *end, with its digits. */
static bool find_number(const char *name, const char **start, const char **end, int *digits,
                        char *filler)
{
    *start = strchr(name, '%');
    if (!*start)
        return false;
    const char *at = *start + 1;
    *filler = *at == '0' ? '0' : ' ';
    at += *at == '0';
    *digits = *at >= '1' && *at <= '0' + MOST_DIGITS ? *at++ - '0' : 1;
    *end = at + 1;
    return *at == 'd' && !strchr(*end, '%');
}

sg_frame_format sg_frame_format_of(const char *path)
{
    const char *start = NULL;
    const char *end = NULL;
    const char *name = sg_path_name(path);
    int digits = 0;
    char filler = 0;
    if (sg_has_suffix(path, "/") || sg_path_is_folder(path))
        return SG_FRAMES_NUMBERED;
    if (strchr(name, '%'))
        return find_number(name, &start, &end, &digits, &filler) && sg_has_suffix(end, ".png")
                   ? SG_FRAMES_NUMBERED
                   : SG_FRAMES_UNKNOWN;
    if (sg_has_suffix(name, ".mp4") || sg_has_suffix(name, ".webm"))
        return SG_FRAMES_VIDEO;
    if (sg_has_suffix(name, ".gif"))
        return SG_FRAMES_GIF;
    return sg_has_suffix(name, ".png") || sg_has_suffix(name, ".apng") ? SG_FRAMES_ANIMATION
                                                                       : SG_FRAMES_UNKNOWN;
}

/* ---- opening ---- */

static int count_digits(size_t number)
{
    const int digits = snprintf(NULL, 0, "%zu", number);
    return digits > FEWEST_DIGITS ? digits : FEWEST_DIGITS;
}

/* Splits the path into a folder and the text around the numbers. */
static bool find_names(sg_frame_output *output)
{
    const char *path = output->options.path;
    const char *start = NULL;
    const char *end = NULL;
    if (sg_has_suffix(path, "/") || sg_path_is_folder(path)) {
        output->digits = count_digits(output->options.frame_count - 1);
        output->filler = '0';
        output->folder = sg_duplicate_text(path);
        output->before = sg_duplicate_text("frame");
        output->after = sg_duplicate_text(".png");
    } else if (find_number(sg_path_name(path), &start, &end, &output->digits, &output->filler)) {
        output->folder = sg_path_folder(path);
        output->before = strndup(sg_path_name(path), (size_t)(start - sg_path_name(path)));
        output->after = sg_duplicate_text(end);
    }
    return output->folder && output->before && output->after;
}

static sg_status open_folder(sg_frame_output *output, sg_error *error)
{
    if (!find_names(output))
        return sg_fail_memory(error, "the frames of %s", output->options.path);
    return sg_make_folders(output->folder, error);
}

static sg_status open_animation(sg_frame_output *output, sg_error *error)
{
    const sg_frame_output_options *options = &output->options;
    const sg_animation_options animation = {.frame_count = options->frame_count,
                                            .frames_per_second = options->frames_per_second,
                                            .texts = options->remarks->texts,
                                            .text_count = options->remarks->count};
    return sg_animation_create(options->path, &animation, &output->animation, error);
}

static sg_status open_video(sg_frame_output *output, const char *comment, sg_error *error)
{
    const sg_frame_output_options *options = &output->options;
    const sg_video_options video = {.webm = sg_has_suffix(options->path, ".webm"),
                                    .frames_per_second = options->frames_per_second,
                                    .quality = options->quality,
                                    .bitrate = options->bitrate,
                                    .comment = comment};
    return sg_video_create(options->path, &video, &output->video, error);
}

/* Opens a file whose remarks are one comment. */
static sg_status open_commented(sg_frame_output *output, sg_error *error)
{
    const sg_frame_output_options *options = &output->options;
    sg_text comment = {0};
    sg_status status = SG_OK;
    for (size_t i = 0; i < options->remarks->count; i++)
        sg_text_append(&comment, "%s%s: %s", i > 0 ? "; " : "", options->remarks->texts[i].key,
                       options->remarks->texts[i].value);
    if (comment.failed)
        status = sg_fail_memory(error, "the frames of %s", options->path);
    else if (output->format == SG_FRAMES_VIDEO)
        status = open_video(output, comment.bytes, error);
    else
        status = sg_gif_create(options->path, options->frames_per_second, comment.bytes,
                               &output->gif, error);
    sg_text_clear(&comment);
    return status;
}

sg_status sg_frame_output_open(const sg_frame_output_options *options, sg_frame_output **output,
                               sg_error *error)
{
    *output = NULL;
    sg_frame_output *opened = sg_allocate(1, sizeof *opened);
    if (!opened)
        return sg_fail_memory(error, "the frames of %s", options->path);
    opened->options = *options;
    opened->format = sg_frame_format_of(options->path);
    sg_status status = SG_OK;
    switch (opened->format) {
    case SG_FRAMES_NUMBERED:
        status = open_folder(opened, error);
        break;
    case SG_FRAMES_ANIMATION:
        status = open_animation(opened, error);
        break;
    case SG_FRAMES_VIDEO:
    case SG_FRAMES_GIF:
        status = open_commented(opened, error);
        break;
    case SG_FRAMES_UNKNOWN:
        status =
            sg_fail(error, SG_ERROR_ARGUMENT, "%s names no kind of moving picture", options->path);
    }
    if (status)
        sg_frame_output_abandon(opened);
    else
        *output = opened;
    return status;
}

/* ---- frames ---- */

static sg_status write_numbered(const sg_frame_output *output, const sg_image *frame,
                                sg_error *error)
{
    char number[32];
    sg_text name = {0};
    const int length = snprintf(number, sizeof number, "%zu", output->added);
    sg_text_append(&name, "%s", output->before);
    for (int i = length; i < output->digits; i++)
        sg_text_append_bytes(&name, &output->filler, 1);
    sg_text_append(&name, "%s%s", number, output->after);
    const sg_status status =
        name.failed
            ? sg_fail_memory(error, "the frames of %s", output->options.path)
            : sg_write_picture(output->folder, name.bytes, frame, output->options.remarks, error);
    sg_text_clear(&name);
    return status;
}

static sg_status add_frame(sg_frame_output *output, const sg_image *frame, sg_error *error)
{
    if (output->animation)
        return sg_animation_add(output->animation, frame, error);
    if (output->video)
        return sg_video_add(output->video, frame, error);
    if (output->gif)
        return sg_gif_add(output->gif, frame, error);
    return write_numbered(output, frame, error);
}

sg_status sg_frame_output_add(sg_frame_output *output, const sg_image *frame, sg_error *error)
{
    sg_image *scaled = NULL;
    sg_status status = SG_OK;
    if (output->options.scale > 1)
        status = sg_image_scale_integer(frame, output->options.scale, &scaled, error);
    if (!status)
        status = add_frame(output, scaled ? scaled : frame, error);
    sg_image_destroy(scaled);
    output->added += !status;
    return status;
}

/* ---- closing ---- */

sg_status sg_frame_output_finish(sg_frame_output *output, sg_error *error)
{
    sg_status status = SG_OK;
    if (output->animation)
        status = sg_animation_finish(output->animation, error);
    if (output->video)
        status = sg_video_finish(output->video, error);
    if (output->gif)
        status = sg_gif_finish(output->gif, error);
    output->animation = NULL;
    output->video = NULL;
    output->gif = NULL;
    sg_frame_output_abandon(output);
    return status;
}

void sg_frame_output_abandon(sg_frame_output *output)
{
    if (!output)
        return;
    sg_animation_abandon(output->animation);
    sg_video_abandon(output->video);
    sg_gif_abandon(output->gif);
    free(output->folder);
    free(output->before);
    free(output->after);
    free(output);
}
