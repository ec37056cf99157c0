/*
 * MP4 files through FFmpeg's libraries. A frame goes from RGB to yuv420p, through the encoder, and
 * its packets into the container, whose bytes go to an atomic file. Encoding takes one thread, so
 * that the bytes do not depend on the number of processors.
 */
#include "image/files/video_file.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "image/channels.h"
#include "image/files/libav.h"

enum {
    BUFFER_BYTES = 1 << 16,
    REASON_BYTES = 128,
    RGB_CHANNELS = 3,
    WORST_QUANTISER = 31, /* of MPEG-4 */
    /* Added to the level of an encoder's messages: no program shows so unimportant ones, and the
       upper bits of a level mean something else. */
    SILENCE = 128
};

struct sg_video {
    char *path; /* for sentences */
    sg_video_options options;
    sg_libav libav;
    const AVCodec *encoder;
    sg_atomic_file *file;
    AVFormatContext *format;
    AVStream *stream; /* the format's */
    AVCodecContext *codec;
    struct SwsContext *scaler; /* from `colours` to `frame` */
    AVFrame *colours, *frame;
    AVPacket *packet;
    sg_image_shape shape; /* of every frame */
    size_t added;         /* frames so far */
    bool failed;          /* halfway through a frame: nothing can follow */
};

/* A failure of FFmpeg's with its reason for the code. */
static sg_status fail_for(const sg_video *video, const char *what, int code, sg_error *error)
{
    char reason[REASON_BYTES] = "";
    video->libav.av_strerror(code, reason, sizeof reason);
    return sg_fail(error, SG_ERROR_LIBRARY, "%s: %s: %s", video->path, what, reason);
}

/* The same for a failure to write, whose first reason the output keeps. */
static sg_status fail_to_write(const sg_video *video, int code, sg_error *error)
{
    char reason[REASON_BYTES] = "";
    const int first = video->format->pb->error;
    video->libav.av_strerror(first < 0 ? first : code, reason, sizeof reason);
    return sg_fail(error, SG_ERROR_FILE, "%s: the video cannot be written: %s", video->path,
                   reason);
}

static sg_status fail_memory(const char *path, sg_error *error)
{
    return sg_fail_memory(error, "a video in %s", path);
}

static sg_status fail_earlier(const sg_video *video, sg_error *error)
{
    return sg_fail(error, SG_ERROR_ARGUMENT, "%s: an earlier frame of the video failed",
                   video->path);
}

/* ---- the file ---- */

#if LIBAVFORMAT_VERSION_MAJOR < 61
typedef uint8_t written_byte;
#else
typedef const uint8_t written_byte;
#endif

static int write_bytes(void *opaque, written_byte *bytes, int size)
{
    FILE *stream = sg_atomic_stream(((sg_video *)opaque)->file);
    return fwrite(bytes, 1, (size_t)size, stream) == (size_t)size ? size : AVERROR(errno);
}

/* The container's head holds sizes that are known in the end. */
static int64_t seek(void *opaque, int64_t offset, int whence)
{
    FILE *stream = sg_atomic_stream(((sg_video *)opaque)->file);
    if (whence & AVSEEK_SIZE)
        return AVERROR(ENOSYS);
    return fseeko(stream, offset, whence & ~AVSEEK_FORCE) == 0 ? ftello(stream) : AVERROR(errno);
}

/* A buffered output that ends in the atomic file. */
static AVIOContext *open_output(sg_video *video)
{
    unsigned char *buffer = video->libav.av_malloc(BUFFER_BYTES);
    AVIOContext *output = buffer ? video->libav.avio_alloc_context(buffer, BUFFER_BYTES, 1, video,
                                                                   NULL, write_bytes, seek)
                                 : NULL;
    if (!output)
        video->libav.av_freep(&buffer);
    return output;
}

static sg_status open_container(sg_video *video, sg_error *error)
{
    const sg_libav *libav = &video->libav;
    video->format = libav->avformat_alloc_context();
    if (!video->format)
        return fail_memory(video->path, error);
    video->format->oformat = libav->av_guess_format("mp4", NULL, NULL);
    if (!video->format->oformat)
        return sg_fail(error, SG_ERROR_LIBRARY,
                       "%s: FFmpeg's libraries were built without MP4 files", video->path);
    /* Neither the time nor the libraries' version is to be in the file. */
    video->format->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
    video->format->pb = open_output(video);
    if (!video->format->pb)
        return fail_memory(video->path, error);
    const char *comment = video->options.comment;
    if (comment && libav->av_dict_set(&video->format->metadata, "comment", comment, 0) < 0)
        return fail_memory(video->path, error);
    return SG_OK;
}

static void close_container(sg_video *video)
{
    if (video->format && video->format->pb) {
        video->libav.av_freep(&video->format->pb->buffer);
        video->libav.avio_context_free(&video->format->pb);
    }
    if (video->format)
        video->libav.avformat_free_context(video->format);
}

/* ---- the encoder ---- */

static sg_status find_encoder(sg_video *video, sg_error *error)
{
    const sg_video_codec codec = video->options.codec;
    if (codec != SG_VIDEO_MPEG4)
        video->encoder = video->libav.avcodec_find_encoder_by_name("libx264");
    if (codec == SG_VIDEO_MPEG4 || (codec == SG_VIDEO_BEST && !video->encoder))
        video->encoder = video->libav.avcodec_find_encoder(AV_CODEC_ID_MPEG4);
    if (!video->encoder)
        return sg_fail(error, SG_ERROR_LIBRARY, "%s: FFmpeg's libraries have no encoder for %s",
                       video->path, codec == SG_VIDEO_H264 ? "H.264" : "H.264 or MPEG-4");
    return SG_OK;
}

/* The quantiser of MPEG-4 whose step is that of x264's: the latter doubles it every six. */
static int quantiser(int quality)
{
    const double step = 0.85 * exp2((quality - 12) / 6.0);
    return (int)lrint(fmin(fmax(step, 1), WORST_QUANTISER));
}

/* x264's quality is an option of its own; all else about the encoder is set in its context. */
static int set_x264_quality(const sg_video *video, AVDictionary **options)
{
    char quality[16];
    snprintf(quality, sizeof quality, "%d", video->options.quality);
    return video->libav.av_dict_set(options, "crf", quality, 0);
}

static void set_encoder(const sg_video *video)
{
    AVCodecContext *codec = video->codec;
    codec->log_level_offset = SILENCE;
    codec->thread_count = 1;
    codec->flags |= AV_CODEC_FLAG_BITEXACT;
    if (video->format->oformat->flags & AVFMT_GLOBALHEADER)
        codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (video->options.bitrate > 0) {
        codec->bit_rate = video->options.bitrate;
    } else if (video->encoder->id == AV_CODEC_ID_MPEG4) {
        codec->flags |= AV_CODEC_FLAG_QSCALE;
        codec->global_quality = quantiser(video->options.quality) * FF_QP2LAMBDA;
    }
}

static int even(size_t side)
{
    return (int)(side + side % 2);
}

static void describe_frames(const sg_video *video)
{
    AVCodecContext *codec = video->codec;
    codec->width = even(video->shape.width);
    codec->height = even(video->shape.height);
    codec->time_base = (AVRational){1, video->options.frames_per_second};
    codec->framerate = (AVRational){video->options.frames_per_second, 1};
    codec->sample_aspect_ratio = (AVRational){1, 1};
    codec->pix_fmt = AV_PIX_FMT_YUV420P;
    codec->color_range = AVCOL_RANGE_MPEG;
    codec->colorspace = AVCOL_SPC_BT709;
    codec->color_primaries = AVCOL_PRI_BT709;
    codec->color_trc = AVCOL_TRC_BT709;
}

static sg_status open_encoder(sg_video *video, sg_error *error)
{
    video->codec = video->libav.avcodec_alloc_context3(video->encoder);
    if (!video->codec)
        return fail_memory(video->path, error);
    describe_frames(video);
    set_encoder(video);
    AVDictionary *options = NULL;
    int code = 0;
    if (video->encoder->id == AV_CODEC_ID_H264 && video->options.bitrate == 0)
        code = set_x264_quality(video, &options);
    if (code >= 0)
        code = video->libav.avcodec_open2(video->codec, video->encoder, &options);
    video->libav.av_dict_free(&options);
    return code < 0 ? fail_for(video, "the video encoder does not start", code, error) : SG_OK;
}

/* The container's one stream, and its head. */
static sg_status start_stream(sg_video *video, sg_error *error)
{
    const sg_libav *libav = &video->libav;
    video->stream = libav->avformat_new_stream(video->format, NULL);
    if (!video->stream)
        return fail_memory(video->path, error);
    video->stream->time_base = video->codec->time_base;
    video->stream->avg_frame_rate = video->codec->framerate;
    if (libav->avcodec_parameters_from_context(video->stream->codecpar, video->codec) < 0)
        return fail_memory(video->path, error);
    const int code = libav->avformat_write_header(video->format, NULL);
    return code < 0 ? fail_to_write(video, code, error) : SG_OK;
}

/* ---- frames ---- */

static AVFrame *create_frame(const sg_video *video, enum AVPixelFormat pixels)
{
    AVFrame *frame = video->libav.av_frame_alloc();
    if (!frame)
        return NULL;
    frame->format = pixels;
    frame->width = video->codec->width;
    frame->height = video->codec->height;
    if (video->libav.av_frame_get_buffer(frame, 0) < 0)
        video->libav.av_frame_free(&frame);
    return frame;
}

/* From the whole range of RGB to the limited one of BT.709. */
static bool open_scaler(sg_video *video)
{
    const sg_libav *libav = &video->libav;
    const int width = video->codec->width;
    const int height = video->codec->height;
    const int flags = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP;
    video->scaler = libav->sws_getContext(width, height, AV_PIX_FMT_RGB24, width, height,
                                          AV_PIX_FMT_YUV420P, flags, NULL, NULL, NULL);
    if (!video->scaler)
        return false;
    const int *table = libav->sws_getCoefficients(SWS_CS_ITU709);
    const int one = 1 << 16; /* brightness 0, contrast and saturation 1 */
    return libav->sws_setColorspaceDetails(video->scaler, table, 1, table, 0, 0, one, one) >= 0;
}

/* Everything that takes the size of the frames. */
static sg_status start(sg_video *video, sg_error *error)
{
    sg_status status = open_encoder(video, error);
    if (!status)
        status = start_stream(video, error);
    if (status)
        return status;
    video->colours = create_frame(video, AV_PIX_FMT_RGB24);
    video->frame = create_frame(video, AV_PIX_FMT_YUV420P);
    video->packet = video->libav.av_packet_alloc();
    if (!video->colours || !video->frame || !video->packet)
        return fail_memory(video->path, error);
    if (!open_scaler(video))
        return sg_fail(error, SG_ERROR_LIBRARY, "%s: frames of %dx%d pixels cannot be converted",
                       video->path, video->codec->width, video->codec->height);
    return SG_OK;
}

/* Copies an RGB picture, with its last column and row once more where a side is odd. */
static void copy_colours(const sg_video *video, const sg_image *image)
{
    const size_t bytes = image->width * RGB_CHANNELS;
    for (int y = 0; y < video->colours->height; y++) {
        const size_t source = (size_t)y < image->height ? (size_t)y : image->height - 1;
        const uint8_t *from = image->pixels + source * bytes;
        uint8_t *to = video->colours->data[0] + (ptrdiff_t)y * video->colours->linesize[0];
        memcpy(to, from, bytes);
        if (image->width % 2 != 0)
            memcpy(to + bytes, from + bytes - RGB_CHANNELS, RGB_CHANNELS);
    }
}

/* Encodes a frame, or ends the stream for NULL, and writes the packets that are ready. */
static sg_status encode(sg_video *video, const AVFrame *frame, sg_error *error)
{
    const sg_libav *libav = &video->libav;
    int code = libav->avcodec_send_frame(video->codec, frame);
    if (code < 0)
        return fail_for(video, "a frame cannot be encoded", code, error);
    while ((code = libav->avcodec_receive_packet(video->codec, video->packet)) >= 0) {
        video->packet->stream_index = video->stream->index;
        video->packet->duration = 1;
        libav->av_packet_rescale_ts(video->packet, video->codec->time_base,
                                    video->stream->time_base);
        code = libav->av_interleaved_write_frame(video->format, video->packet);
        if (code < 0)
            return fail_to_write(video, code, error);
    }
    if (code != AVERROR(EAGAIN) && code != AVERROR_EOF)
        return fail_for(video, "a frame cannot be encoded", code, error);
    return SG_OK;
}

/* Converts `image` of three channels and encodes it. */
static sg_status encode_image(sg_video *video, const sg_image *image, sg_error *error)
{
    const sg_libav *libav = &video->libav;
    AVFrame *frame = video->frame;
    copy_colours(video, image);
    /* The encoder may still hold the one before. */
    int code = libav->av_frame_make_writable(frame);
    if (code >= 0)
        code = libav->sws_scale(video->scaler, (const uint8_t *const *)video->colours->data,
                                video->colours->linesize, 0, video->colours->height, frame->data,
                                frame->linesize);
    if (code < 0)
        return fail_for(video, "a frame cannot be converted", code, error);
    frame->pts = (int64_t)video->added;
    frame->quality = video->codec->global_quality; /* MPEG-4 takes it from here alone */
    return encode(video, frame, error);
}

static sg_status check_frame(const sg_video *video, const sg_image *frame, sg_error *error)
{
    const sg_image_shape *shape = &video->shape;
    if (video->failed)
        return fail_earlier(video, error);
    if (frame->width > SG_VIDEO_LARGEST_SIDE || frame->height > SG_VIDEO_LARGEST_SIDE)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: a frame of %zux%zu pixels is too large for a video, whose sides have "
                       "at most %d",
                       video->path, frame->width, frame->height, SG_VIDEO_LARGEST_SIDE);
    if (video->codec && (frame->width != shape->width || frame->height != shape->height ||
                         frame->channels != shape->channels))
        return sg_fail(error, SG_ERROR_SHAPE,
                       "%s: a frame of %zux%zu pixels with %zu channels follows one of %zux%zu "
                       "with %zu",
                       video->path, frame->width, frame->height, frame->channels, shape->width,
                       shape->height, shape->channels);
    return SG_OK;
}

sg_status sg_video_add(sg_video *video, const sg_image *frame, sg_error *error)
{
    sg_status status = check_frame(video, frame, error);
    if (status)
        return status;
    if (!video->codec) {
        video->shape = (sg_image_shape){frame->width, frame->height, frame->channels};
        status = start(video, error);
    }
    sg_image *converted = NULL;
    if (!status && frame->channels != RGB_CHANNELS)
        status = sg_image_convert_channels(frame, RGB_CHANNELS, &converted, error);
    if (!status)
        status = encode_image(video, converted ? converted : frame, error);
    sg_image_destroy(converted);
    video->added += !status;
    video->failed = status;
    return status;
}

/* ---- start and end ---- */

static sg_status check_options(const char *path, const sg_video_options *options, sg_error *error)
{
    if (options->frames_per_second < 1 || options->frames_per_second > SG_VIDEO_LARGEST_RATE)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: a video shows from 1 to %d frames a second, not %d", path,
                       SG_VIDEO_LARGEST_RATE, options->frames_per_second);
    if (options->bitrate != 0 && (options->bitrate < SG_VIDEO_SMALLEST_BITRATE ||
                                  options->bitrate > SG_VIDEO_LARGEST_BITRATE))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: a video has from %" PRId64 " to %" PRId64
                       " bits a second, not %" PRId64,
                       path, SG_VIDEO_SMALLEST_BITRATE, SG_VIDEO_LARGEST_BITRATE, options->bitrate);
    if (options->bitrate == 0 &&
        (options->quality < 1 || options->quality > SG_VIDEO_WORST_QUALITY))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: the quality of a video is from 1 (best) to %d, not %d", path,
                       SG_VIDEO_WORST_QUALITY, options->quality);
    return SG_OK;
}

/* Fills in a new video, as far as it can be without a frame. */
static sg_status prepare(sg_video *video, const char *path, sg_error *error)
{
    video->path = sg_duplicate_text(path);
    if (!video->path)
        return fail_memory(path, error);
    sg_status status = sg_libav_load(path, &video->libav, error);
    if (!status)
        status = find_encoder(video, error);
    if (!status)
        status = sg_atomic_open(path, &video->file, error);
    return status ? status : open_container(video, error);
}

sg_status sg_video_create(const char *path, const sg_video_options *options, sg_video **video,
                          sg_error *error)
{
    *video = NULL;
    sg_status status = check_options(path, options, error);
    if (status)
        return status;
    sg_video *created = sg_allocate(1, sizeof *created);
    if (!created)
        return fail_memory(path, error);
    created->options = *options;
    status = prepare(created, path, error);
    created->options.comment = NULL;
    if (status)
        sg_video_abandon(created);
    else
        *video = created;
    return status;
}

/* Writes what the encoder still holds, and the container's index of frames. */
static sg_status end_stream(sg_video *video, sg_error *error)
{
    if (video->failed)
        return fail_earlier(video, error);
    if (video->added == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "%s: a video needs a frame", video->path);
    const sg_status status = encode(video, NULL, error);
    if (status)
        return status;
    const int code = video->libav.av_write_trailer(video->format);
    video->libav.avio_flush(video->format->pb);
    if (code < 0 || video->format->pb->error < 0)
        return fail_to_write(video, code, error);
    return SG_OK;
}

sg_status sg_video_finish(sg_video *video, sg_error *error)
{
    sg_status status = end_stream(video, error);
    if (!status) {
        status = sg_atomic_commit(video->file, error);
        video->file = NULL;
    }
    sg_video_abandon(video);
    return status;
}

void sg_video_abandon(sg_video *video)
{
    if (!video)
        return;
    const sg_libav *libav = &video->libav;
    if (video->packet)
        libav->av_packet_free(&video->packet);
    if (video->frame)
        libav->av_frame_free(&video->frame);
    if (video->colours)
        libav->av_frame_free(&video->colours);
    if (video->scaler)
        libav->sws_freeContext(video->scaler);
    if (video->codec)
        libav->avcodec_free_context(&video->codec);
    close_container(video);
    sg_atomic_abandon(video->file);
    free(video->path);
    free(video);
}
