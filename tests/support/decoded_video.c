/* Decoding video files through libavformat, libavcodec and libswscale. */
#include "support/decoded_video.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>

/* A file being decoded. */
typedef struct decoding {
    AVFormatContext *format;
    AVStream *stream;
    AVCodecContext *codec;
    AVFrame *frame;
    decoded_video *video;
} decoding;

static void open_decoder(decoding *job, const char *path)
{
    const AVCodec *decoder = NULL;
    assert_int_equal(avformat_open_input(&job->format, path, NULL, NULL), 0);
    assert_true(avformat_find_stream_info(job->format, NULL) >= 0);
    assert_int_equal(job->format->nb_streams, 1);
    assert_int_equal(av_find_best_stream(job->format, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0), 0);
    job->stream = job->format->streams[0];
    job->codec = avcodec_alloc_context3(decoder);
    job->frame = av_frame_alloc();
    assert_non_null(job->codec);
    assert_non_null(job->frame);
    assert_true(avcodec_parameters_to_context(job->codec, job->stream->codecpar) >= 0);
    assert_int_equal(avcodec_open2(job->codec, decoder, NULL), 0);
}

static void describe(const decoding *job)
{
    decoded_video *video = job->video;
    const AVDictionaryEntry *comment = av_dict_get(job->format->metadata, "comment", NULL, 0);
    video->width = (size_t)job->codec->width;
    video->height = (size_t)job->codec->height;
    video->rate = av_q2d(job->stream->avg_frame_rate);
    /* WebM files say only how long the whole file lasts. */
    video->seconds = job->stream->duration != AV_NOPTS_VALUE
                         ? (double)job->stream->duration * av_q2d(job->stream->time_base)
                         : (double)job->format->duration / AV_TIME_BASE;
    snprintf(video->codec, sizeof video->codec, "%s", avcodec_get_name(job->codec->codec_id));
    snprintf(video->comment, sizeof video->comment, "%s", comment ? comment->value : "");
}

/* The frame as RGB, by the matrix and the range that it says it has. */
static uint8_t *colours_of(const AVFrame *frame)
{
    uint8_t *colours = malloc((size_t)frame->width * (size_t)frame->height * 3);
    uint8_t *const planes[] = {colours, NULL, NULL, NULL};
    const int strides[] = {frame->width * 3, 0, 0, 0};
    const int *table = sws_getCoefficients((int)frame->colorspace);
    struct SwsContext *scaler = sws_getContext(
        frame->width, frame->height, (enum AVPixelFormat)frame->format, frame->width, frame->height,
        AV_PIX_FMT_RGB24, SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, NULL, NULL, NULL);
    assert_non_null(colours);
    assert_non_null(scaler);
    assert_true(sws_setColorspaceDetails(scaler, table, 0, table, 1, 0, 1 << 16, 1 << 16) >= 0);
    assert_int_equal(sws_scale(scaler, (const uint8_t *const *)frame->data, frame->linesize, 0,
                               frame->height, planes, strides),
                     frame->height);
    sws_freeContext(scaler);
    return colours;
}

/* Takes the frames that the decoder has ready. */
static void take_frames(const decoding *job)
{
    decoded_video *video = job->video;
    while (avcodec_receive_frame(job->codec, job->frame) == 0) {
        const AVFrame *frame = job->frame;
        const double time = (double)frame->pts * av_q2d(job->stream->time_base);
        assert_true(video->count < MOST_DECODED_FRAMES);
        assert_true(fabs(time - (double)video->count / video->rate) < 1e-3);
        assert_int_equal(frame->format, AV_PIX_FMT_YUV420P);
        assert_int_equal(frame->colorspace, AVCOL_SPC_BT709);
        assert_int_not_equal(frame->color_range, AVCOL_RANGE_JPEG);
        video->frames[video->count++] = colours_of(frame);
    }
}

decoded_video decode_video(const char *path)
{
    decoded_video video = {0};
    decoding job = {.video = &video};
    av_log_set_level(AV_LOG_ERROR);
    open_decoder(&job, path);
    describe(&job);
    AVPacket *packet = av_packet_alloc();
    assert_non_null(packet);
    while (av_read_frame(job.format, packet) == 0) {
        assert_int_equal(avcodec_send_packet(job.codec, packet), 0);
        av_packet_unref(packet);
        take_frames(&job);
    }
    assert_int_equal(avcodec_send_packet(job.codec, NULL), 0);
    take_frames(&job);
    av_packet_free(&packet);
    av_frame_free(&job.frame);
    avcodec_free_context(&job.codec);
    avformat_close_input(&job.format);
    return video;
}

void decoded_video_clear(decoded_video *video)
{
    for (size_t i = 0; i < video->count; i++)
        free(video->frames[i]);
    video->count = 0;
}

double decoded_psnr(const decoded_video *video, size_t frame, const sg_image *picture)
{
    double sum = 0;
    assert_true(frame < video->count);
    assert_int_equal(picture->width, video->width);
    assert_int_equal(picture->height, video->height);
    assert_true(picture->channels == 1 || picture->channels == 3);
    for (size_t i = 0; i < video->width * video->height * 3; i++) {
        const uint8_t level = picture->pixels[picture->channels == 3 ? i : i / 3];
        const double difference = video->frames[frame][i] - (double)level;
        sum += difference * difference;
    }
    const double mean = sum / (double)(video->width * video->height * 3);
    return 10 * log10(255.0 * 255.0 / fmax(mean, 1e-9));
}
