/*
 * A file becomes one packet (those of AVIF the first of its container), which becomes a frame,
 * which libswscale converts to 8 bits. The format is never guessed from the file: FFmpeg's list of
 * formats has some that open other files.
 * Tested by: tests/image/files/test_rare_picture.c
 */
#include "image/video/picture_decoder.h"

#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

#include "base/allocate.h"

enum {
    REASON_BYTES = 128,
    BUFFER_BYTES = 1 << 16,
    SILENCE = 128, /* as in video_module.c */
    /* A decoder allocates by what the file promises: beyond FREE_PIXELS, so many for a byte. */
    FREE_PIXELS = 1 << 24,
    LARGEST_PIXELS_PER_BYTE = 1 << 16
};

/* A file being decoded; every pointer may be NULL. */
typedef struct picture_decoding {
    const char *name;
    const unsigned char *bytes;
    size_t size;
    size_t at; /* of the container's reading */
    AVFormatContext *format;
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *frame;
} picture_decoding;

static sg_status fail_for(const picture_decoding *work, int code, sg_error *error)
{
    char reason[REASON_BYTES] = "";
    if (code == AVERROR(ENOMEM))
        return sg_fail_memory(error, "%s", work->name);
    av_strerror(code, reason, sizeof reason);
    return sg_fail(error, SG_ERROR_FORMAT, "%s: not a whole picture: %s", work->name, reason);
}

/* ---- the container of AVIF ---- */

static int read_bytes(void *opaque, uint8_t *buffer, int size)
{
    picture_decoding *work = opaque;
    const size_t left = work->size - work->at;
    const size_t taken = (size_t)size < left ? (size_t)size : left;
    memcpy(buffer, work->bytes + work->at, taken);
    work->at += taken;
    return taken > 0 ? (int)taken : AVERROR_EOF;
}

static int64_t seek(void *opaque, int64_t offset, int whence)
{
    picture_decoding *work = opaque;
    if (whence & AVSEEK_SIZE)
        return (int64_t)work->size;
    whence &= ~AVSEEK_FORCE;
    const int64_t base = whence == SEEK_CUR   ? (int64_t)work->at
                         : whence == SEEK_END ? (int64_t)work->size
                                              : 0;
    if (offset < -base || offset > (int64_t)work->size - base)
        return AVERROR(EINVAL);
    work->at = (size_t)(base + offset);
    return (int64_t)work->at;
}

/* Opens the boxes and reads the first packet; the decoder is that of the first stream. */
static int open_container(picture_decoding *work, const AVCodec **decoder)
{
    unsigned char *buffer = av_malloc(BUFFER_BYTES);
    AVIOContext *input =
        buffer ? avio_alloc_context(buffer, BUFFER_BYTES, 0, work, read_bytes, NULL, seek) : NULL;
    work->format = input ? avformat_alloc_context() : NULL;
    if (!work->format) {
        if (input)
            avio_context_free(&input);
        av_freep(&buffer);
        return AVERROR(ENOMEM);
    }
    work->format->pb = input;
    int code = avformat_open_input(&work->format, NULL, av_find_input_format("mov"), NULL);
    if (code < 0) { /* frees the format, but not the input of its caller */
        av_freep(&input->buffer);
        avio_context_free(&input);
        return code;
    }
    if (work->format->nb_streams == 0)
        return AVERROR_INVALIDDATA;
    const AVCodecParameters *stream = work->format->streams[0]->codecpar;
    *decoder = avcodec_find_decoder(stream->codec_id);
    do {
        av_packet_unref(work->packet);
        code = av_read_frame(work->format, work->packet);
    } while (code >= 0 && work->packet->stream_index != 0);
    return code;
}

static void close_container(picture_decoding *work)
{
    if (!work->format)
        return;
    AVIOContext *input = work->format->pb;
    avformat_close_input(&work->format);
    if (input)
        av_freep(&input->buffer);
    avio_context_free(&input);
}

/* ---- the decoder ---- */

/* Makes the packet of the whole file, with the zero bytes after it that decoders read. */
static int copy_file(picture_decoding *work)
{
    if (work->size > (size_t)INT32_MAX - AV_INPUT_BUFFER_PADDING_SIZE)
        return AVERROR_INVALIDDATA;
    const int code = av_new_packet(work->packet, (int)work->size);
    if (code >= 0)
        memcpy(work->packet->data, work->bytes, work->size);
    return code;
}

static int start_decoder(picture_decoding *work, const AVCodec *decoder)
{
    work->codec = avcodec_alloc_context3(decoder);
    if (!work->codec)
        return AVERROR(ENOMEM);
    int code = work->format
                   ? avcodec_parameters_to_context(work->codec, work->format->streams[0]->codecpar)
                   : 0;
    if (code < 0)
        return code;
    const size_t bound = work->size > SG_PICTURE_LARGEST_PIXELS / LARGEST_PIXELS_PER_BYTE
                             ? SG_PICTURE_LARGEST_PIXELS
                             : work->size * LARGEST_PIXELS_PER_BYTE;
    work->codec->log_level_offset = SILENCE;
    work->codec->thread_count = 1;
    /* strict, except for TIFF, whose writers break rules that do not matter */
    work->codec->err_recognition =
        decoder->id == AV_CODEC_ID_TIFF ? AV_EF_CAREFUL : AV_EF_CAREFUL | AV_EF_EXPLODE;
    work->codec->max_pixels = (int64_t)(bound > FREE_PIXELS ? bound : FREE_PIXELS);
    return avcodec_open2(work->codec, decoder, NULL);
}

/* Decodes the packet to the first frame, which some decoders keep until the end. */
static int decode_frame(picture_decoding *work)
{
    int code = avcodec_send_packet(work->codec, work->packet);
    if (code >= 0)
        code = avcodec_send_packet(work->codec, NULL);
    if (code >= 0)
        code = avcodec_receive_frame(work->codec, work->frame);
    if (code >= 0 &&
        (work->frame->decode_error_flags || (work->frame->flags & AV_FRAME_FLAG_CORRUPT)))
        code = AVERROR_INVALIDDATA;
    return code;
}

/* ---- the pixels ---- */

/* Returns the format to convert to, and its channels. */
static enum AVPixelFormat choose_format(const AVFrame *frame, size_t *channels)
{
    const AVPixFmtDescriptor *found = av_pix_fmt_desc_get(frame->format);
    const bool palette = found && (found->flags & AV_PIX_FMT_FLAG_PAL);
    const bool alpha = palette || (found && (found->flags & AV_PIX_FMT_FLAG_ALPHA));
    const bool grey = found && !palette && found->nb_components <= 2;
    *channels = (grey ? 1U : 3U) + (alpha ? 1U : 0U);
    if (grey)
        return alpha ? AV_PIX_FMT_YA8 : AV_PIX_FMT_GRAY8;
    return alpha ? AV_PIX_FMT_RGBA : AV_PIX_FMT_RGB24;
}

/* Opens the conversion, to the full range of levels. */
static struct SwsContext *open_scaler(const AVFrame *frame, enum AVPixelFormat format)
{
    const int flags = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;
    struct SwsContext *scaler =
        sws_getContext(frame->width, frame->height, frame->format, frame->width, frame->height,
                       format, flags, NULL, NULL, NULL);
    if (!scaler)
        return NULL;
    const int *table = sws_getCoefficients(frame->colorspace);
    const int one = 1 << 16; /* brightness 0, contrast and saturation 1 */
    const AVPixFmtDescriptor *found = av_pix_fmt_desc_get(frame->format);
    const bool full = frame->color_range == AVCOL_RANGE_JPEG || !found ||
                      (found->flags & AV_PIX_FMT_FLAG_RGB) || found->nb_components <= 2;
    (void)sws_setColorspaceDetails(scaler, table, full, table, 1, 0, one, one);
    return scaler;
}

static sg_status convert(const picture_decoding *work, sg_image **image, sg_error *error)
{
    size_t channels = 0;
    const AVFrame *frame = work->frame;
    const enum AVPixelFormat format = choose_format(frame, &channels);
    if (frame->width < 1 || frame->height < 1)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: its picture has no pixels", work->name);
    SG_TRY(sg_image_create((size_t)frame->width, (size_t)frame->height, channels, image, error));
    struct SwsContext *scaler = open_scaler(frame, format);
    if (!scaler)
        return sg_fail(error, SG_ERROR_LIBRARY, "%s: its pixels cannot be converted", work->name);
    uint8_t *const planes[4] = {(*image)->pixels};
    const int strides[4] = {(int)((*image)->width * channels)};
    const int rows = sws_scale(scaler, (const uint8_t *const *)frame->data, frame->linesize, 0,
                               frame->height, planes, strides);
    sws_freeContext(scaler);
    return rows == frame->height
               ? SG_OK
               : sg_fail(error, SG_ERROR_LIBRARY, "%s: its pixels cannot be converted", work->name);
}

static sg_status run(picture_decoding *work, const char *codec, sg_image **image, sg_error *error)
{
    const AVCodec *decoder = NULL;
    const bool boxed = strcmp(codec, "avif") == 0;
    work->packet = av_packet_alloc();
    work->frame = av_frame_alloc();
    if (!work->packet || !work->frame)
        return sg_fail_memory(error, "%s", work->name);
    int code = boxed ? open_container(work, &decoder) : copy_file(work);
    if (code < 0)
        return fail_for(work, code, error);
    if (!boxed) {
        const AVCodecDescriptor *description = avcodec_descriptor_get_by_name(codec);
        decoder = description ? avcodec_find_decoder(description->id) : NULL;
    }
    if (!decoder)
        return sg_fail(error, SG_ERROR_LIBRARY, "%s: FFmpeg's libraries have no decoder for %s",
                       work->name, codec);
    code = start_decoder(work, decoder);
    if (code >= 0)
        code = decode_frame(work);
    return code < 0 ? fail_for(work, code, error) : convert(work, image, error);
}

sg_status sg_decode_picture(const char *name, const char *codec, const unsigned char *bytes,
                            size_t size, sg_image **image, sg_error *error)
{
    picture_decoding work = {.name = name, .bytes = bytes, .size = size};
    *image = NULL;
    const sg_status status = run(&work, codec, image, error);
    if (status) {
        sg_image_destroy(*image);
        *image = NULL;
    }
    av_frame_free(&work.frame);
    av_packet_free(&work.packet);
    avcodec_free_context(&work.codec);
    close_container(&work);
    return status;
}
