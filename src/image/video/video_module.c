/*
 * MP4 and WebM files through FFmpeg's libraries: a module of its own, with copies of the library's
 * few functions that it calls. A frame goes from RGB to yuv420p, through the encoder, and its
 * packets into the container, whose bytes go to an atomic file. Encoding takes one thread, so that
 * the bytes do not depend on the number of processors. Tested by:
 * tests/image/files/test_video_file.c
 */
#include "image/files/video_module.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>

#include "base/allocate.h"
#include "base/files/atomic_file.h"
#include "image/channels.h"
#include "image/video/picture_decoder.h"

enum {
    BUFFER_BYTES = 1 << 16,
    REASON_BYTES = 128,
    RGB_CHANNELS = 3,
    WORST_QUANTISER = 31, /* of MPEG-4 */
    WORST_VPX_LEVEL = 63, /* of VP9 and VP8 */
    /* Added to the level of an encoder's messages: no program shows so unimportant ones, and the
       upper bits of a level mean something else. */
    SILENCE = 128
};

/* A video that is being written; the address of `base` is the library's sg_video. */
typedef struct open_video {
    sg_video base;
    char *path; /* for sentences */
    sg_video_options options;
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
    bool failed;          /* in the middle of a frame: no other can follow */
} open_video;

/* Fails with FFmpeg's reason for the code. */
static sg_status fail_for(const open_video *video, const char *what, int code, sg_error *error)
{
    char reason[REASON_BYTES] = "";
    av_strerror(code, reason, sizeof reason);
    return sg_fail(error, SG_ERROR_LIBRARY, "%s: %s: %s", video->path, what, reason);
}

/* Fails to write, with the first reason, which the output keeps, if it has one. */
static sg_status fail_to_write(const open_video *video, int code, sg_error *error)
{
    char reason[REASON_BYTES] = "";
    const int first = video->format->pb->error;
    av_strerror(first < 0 ? first : code, reason, sizeof reason);
    return sg_fail(error, SG_ERROR_FILE, "%s: the video cannot be written: %s", video->path,
                   reason);
}

static sg_status fail_earlier(const open_video *video, sg_error *error)
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
    FILE *stream = sg_atomic_stream(((open_video *)opaque)->file);
    return fwrite(bytes, 1, (size_t)size, stream) == (size_t)size ? size : AVERROR(errno);
}

/* The container's head holds sizes that are known only at the end. */
static int64_t seek(void *opaque, int64_t offset, int whence)
{
    FILE *stream = sg_atomic_stream(((open_video *)opaque)->file);
    if (whence & AVSEEK_SIZE)
        return AVERROR(ENOSYS);
    return fseeko(stream, offset, whence & ~AVSEEK_FORCE) == 0 ? ftello(stream) : AVERROR(errno);
}

/* Opens a buffered output into the atomic file. */
static AVIOContext *open_output(open_video *video)
{
    unsigned char *buffer = av_malloc(BUFFER_BYTES);
    AVIOContext *output =
        buffer ? avio_alloc_context(buffer, BUFFER_BYTES, 1, video, NULL, write_bytes, seek) : NULL;
    if (!output)
        av_freep(&buffer);
    return output;
}

static sg_status open_container(open_video *video, sg_error *error)
{
    video->format = avformat_alloc_context();
    if (!video->format)
        return sg_fail_memory(error, "a video in %s", video->path);
    video->format->oformat = av_guess_format(video->options.webm ? "webm" : "mp4", NULL, NULL);
    if (!video->format->oformat)
        return sg_fail(error, SG_ERROR_LIBRARY,
                       "%s: FFmpeg's libraries were built without %s files", video->path,
                       video->options.webm ? "WebM" : "MP4");
    /* Keeps the time and the libraries' version out of the file. */
    video->format->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
    video->format->pb = open_output(video);
    if (!video->format->pb)
        return sg_fail_memory(error, "a video in %s", video->path);
    const char *comment = video->options.comment;
    if (comment && av_dict_set(&video->format->metadata, "comment", comment, 0) < 0)
        return sg_fail_memory(error, "a video in %s", video->path);
    return SG_OK;
}

static void close_container(open_video *video)
{
    if (video->format && video->format->pb) {
        av_freep(&video->format->pb->buffer);
        avio_context_free(&video->format->pb);
    }
    avformat_free_context(video->format);
}

/* ---- the encoder ---- */

static sg_status find_webm_encoder(open_video *video, sg_error *error)
{
    video->encoder = avcodec_find_encoder_by_name("libvpx-vp9");
    if (!video->encoder)
        video->encoder = avcodec_find_encoder_by_name("libvpx");
    if (!video->encoder)
        return sg_fail(error, SG_ERROR_LIBRARY,
                       "%s: FFmpeg's libraries have no encoder for VP9 or VP8", video->path);
    return SG_OK;
}

static sg_status find_encoder(open_video *video, sg_error *error)
{
    const sg_video_codec codec = video->options.codec;
    if (video->options.webm)
        return find_webm_encoder(video, error);
    if (codec != SG_VIDEO_MPEG4)
        video->encoder = avcodec_find_encoder_by_name("libx264");
    if (codec == SG_VIDEO_MPEG4 || (codec == SG_VIDEO_BEST && !video->encoder))
        video->encoder = avcodec_find_encoder(AV_CODEC_ID_MPEG4);
    if (!video->encoder)
        return sg_fail(error, SG_ERROR_LIBRARY, "%s: FFmpeg's libraries have no encoder for %s",
                       video->path, codec == SG_VIDEO_H264 ? "H.264" : "H.264 or MPEG-4");
    return SG_OK;
}

/* Returns the quantiser of MPEG-4 with the step of x264's, which doubles every six. */
static int quantiser(int quality)
{
    const double step = 0.85 * exp2((quality - 12) / 6.0);
    return (int)lrint(fmin(fmax(step, 1), WORST_QUANTISER));
}

/* The qualities of x264 and libvpx are private options, as is how long libvpx searches; everything
 * else is set in the encoder's context. */
static int set_private_options(const open_video *video, AVDictionary **options)
{
    char quality[16];
    const bool webm = video->options.webm;
    int code = 0;
    snprintf(quality, sizeof quality, "%d",
             webm ? video->options.quality * WORST_VPX_LEVEL / SG_VIDEO_WORST_QUALITY
                  : video->options.quality);
    if (video->options.bitrate == 0 && (webm || video->encoder->id == AV_CODEC_ID_H264))
        code = av_dict_set(options, "crf", quality, 0);
    if (webm && code >= 0)
        code = av_dict_set(options, "cpu-used", "2", 0);
    return code;
}

static void set_encoder(const open_video *video)
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
    } else if (video->encoder->id == AV_CODEC_ID_VP8) {
        codec->bit_rate = SG_VIDEO_LARGEST_BITRATE; /* the limit of its quality */
    }
}

static int even(size_t side)
{
    return (int)(side + side % 2);
}

static void describe_frames(const open_video *video)
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

static sg_status open_encoder(open_video *video, sg_error *error)
{
    video->codec = avcodec_alloc_context3(video->encoder);
    if (!video->codec)
        return sg_fail_memory(error, "a video in %s", video->path);
    describe_frames(video);
    set_encoder(video);
    AVDictionary *options = NULL;
    int code = set_private_options(video, &options);
    if (code >= 0)
        code = avcodec_open2(video->codec, video->encoder, &options);
    av_dict_free(&options);
    return code < 0 ? fail_for(video, "the video encoder does not start", code, error) : SG_OK;
}

/* Adds the container's one stream and writes its head. */
static sg_status start_stream(open_video *video, sg_error *error)
{
    video->stream = avformat_new_stream(video->format, NULL);
    if (!video->stream)
        return sg_fail_memory(error, "a video in %s", video->path);
    video->stream->time_base = video->codec->time_base;
    video->stream->avg_frame_rate = video->codec->framerate;
    if (avcodec_parameters_from_context(video->stream->codecpar, video->codec) < 0)
        return sg_fail_memory(error, "a video in %s", video->path);
    const int code = avformat_write_header(video->format, NULL);
    return code < 0 ? fail_to_write(video, code, error) : SG_OK;
}

/* ---- frames ---- */

static AVFrame *create_frame(const open_video *video, enum AVPixelFormat pixels)
{
    AVFrame *frame = av_frame_alloc();
    if (!frame)
        return NULL;
    frame->format = pixels;
    frame->width = video->codec->width;
    frame->height = video->codec->height;
    if (av_frame_get_buffer(frame, 0) < 0)
        av_frame_free(&frame);
    return frame;
}

/* Opens the conversion from the full range of RGB to the limited range of BT.709. */
static bool open_scaler(open_video *video)
{
    const int width = video->codec->width;
    const int height = video->codec->height;
    const int flags = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP;
    video->scaler = sws_getContext(width, height, AV_PIX_FMT_RGB24, width, height,
                                   AV_PIX_FMT_YUV420P, flags, NULL, NULL, NULL);
    if (!video->scaler)
        return false;
    const int *table = sws_getCoefficients(SWS_CS_ITU709);
    const int one = 1 << 16; /* brightness 0, contrast and saturation 1 */
    return sws_setColorspaceDetails(video->scaler, table, 1, table, 0, 0, one, one) >= 0;
}

/* Opens everything that depends on the size of the frames. */
static sg_status start(open_video *video, sg_error *error)
{
    SG_TRY(open_encoder(video, error));
    SG_TRY(start_stream(video, error));
    video->colours = create_frame(video, AV_PIX_FMT_RGB24);
    video->frame = create_frame(video, AV_PIX_FMT_YUV420P);
    video->packet = av_packet_alloc();
    if (!video->colours || !video->frame || !video->packet)
        return sg_fail_memory(error, "a video in %s", video->path);
    if (!open_scaler(video))
        return sg_fail(error, SG_ERROR_LIBRARY, "%s: frames of %dx%d pixels cannot be converted",
                       video->path, video->codec->width, video->codec->height);
    return SG_OK;
}

/* Copies an RGB picture; repeats its last column or row where a side is odd. */
static void copy_colours(const open_video *video, const sg_image *image)
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

/* Encodes a frame (NULL ends the stream), and writes the packets that are ready. */
static sg_status encode(open_video *video, const AVFrame *frame, sg_error *error)
{
    int code = avcodec_send_frame(video->codec, frame);
    if (code < 0)
        return fail_for(video, "a frame cannot be encoded", code, error);
    while ((code = avcodec_receive_packet(video->codec, video->packet)) >= 0) {
        video->packet->stream_index = video->stream->index;
        video->packet->duration = 1;
        av_packet_rescale_ts(video->packet, video->codec->time_base, video->stream->time_base);
        code = av_interleaved_write_frame(video->format, video->packet);
        if (code < 0)
            return fail_to_write(video, code, error);
    }
    if (code != AVERROR(EAGAIN) && code != AVERROR_EOF)
        return fail_for(video, "a frame cannot be encoded", code, error);
    return SG_OK;
}

/* Converts `image` of three channels and encodes it. */
static sg_status encode_image(open_video *video, const sg_image *image, sg_error *error)
{
    AVFrame *frame = video->frame;
    copy_colours(video, image);
    /* The encoder may still hold the one before. */
    int code = av_frame_make_writable(frame);
    if (code >= 0)
        code = sws_scale(video->scaler, (const uint8_t *const *)video->colours->data,
                         video->colours->linesize, 0, video->colours->height, frame->data,
                         frame->linesize);
    if (code < 0)
        return fail_for(video, "a frame cannot be converted", code, error);
    frame->pts = (int64_t)video->added;
    frame->quality = video->codec->global_quality; /* MPEG-4 takes it from here alone */
    return encode(video, frame, error);
}

static sg_status check_frame(const open_video *video, const sg_image *frame, sg_error *error)
{
    const sg_image_shape *shape = &video->shape;
    if (video->failed)
        return fail_earlier(video, error);
    if (frame->width > SG_VIDEO_LARGEST_SIDE || frame->height > SG_VIDEO_LARGEST_SIDE)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s: a frame has %zux%zu pixels, but its sides must be at most %d",
                       video->path, frame->width, frame->height, SG_VIDEO_LARGEST_SIDE);
    if (video->codec && !sg_image_has_shape(frame, shape))
        return sg_fail(error, SG_ERROR_SHAPE,
                       "%s: a frame of %zux%zu pixels with %zu channels follows one of %zux%zu "
                       "with %zu",
                       video->path, frame->width, frame->height, frame->channels, shape->width,
                       shape->height, shape->channels);
    return SG_OK;
}

static sg_status add(sg_video *base, const sg_image *frame, sg_error *error)
{
    open_video *video = (open_video *)base;
    sg_status status = SG_OK;
    SG_TRY(check_frame(video, frame, error));
    if (!video->codec) {
        video->shape = sg_image_shape_of(frame);
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

/* Opens everything that does not depend on the first frame. */
static sg_status prepare(open_video *video, const char *path, sg_error *error)
{
    video->path = sg_duplicate_text(path);
    if (!video->path)
        return sg_fail_memory(error, "a video in %s", path);
    SG_TRY(find_encoder(video, error));
    SG_TRY(sg_atomic_open(path, &video->file, error));
    return open_container(video, error);
}

static void abandon(sg_video *base)
{
    open_video *video = (open_video *)base;
    av_packet_free(&video->packet);
    av_frame_free(&video->frame);
    av_frame_free(&video->colours);
    sws_freeContext(video->scaler);
    avcodec_free_context(&video->codec);
    close_container(video);
    sg_atomic_abandon(video->file);
    free(video->path);
    free(video);
}

/* Writes what the encoder still holds, and the container's index of frames. */
static sg_status end_stream(open_video *video, sg_error *error)
{
    if (video->failed)
        return fail_earlier(video, error);
    if (video->added == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "%s: a video needs a frame", video->path);
    SG_TRY(encode(video, NULL, error));
    const int code = av_write_trailer(video->format);
    avio_flush(video->format->pb);
    if (code < 0 || video->format->pb->error < 0)
        return fail_to_write(video, code, error);
    return SG_OK;
}

static sg_status finish(sg_video *base, sg_error *error)
{
    open_video *video = (open_video *)base;
    sg_status status = end_stream(video, error);
    if (!status) {
        status = sg_atomic_commit(video->file, error);
        video->file = NULL;
    }
    abandon(base);
    return status;
}

SG_PUBLIC extern const sg_video_module sg_video_module_functions;

static sg_status create(const char *path, const sg_video_options *options, sg_video **video,
                        sg_error *error)
{
    open_video *created = sg_allocate(1, sizeof *created);
    *video = NULL;
    if (!created)
        return sg_fail_memory(error, "a video in %s", path);
    created->base.module = &sg_video_module_functions;
    created->options = *options;
    const sg_status status = prepare(created, path, error);
    created->options.comment = NULL;
    if (status)
        abandon(&created->base);
    else
        *video = &created->base;
    return status;
}

const sg_video_module sg_video_module_functions = {
    .version = sg_version,
    .create = create,
    .add = add,
    .finish = finish,
    .abandon = abandon,
    .decode = sg_decode_picture,
};
