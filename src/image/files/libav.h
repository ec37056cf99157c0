/*
 * FFmpeg's libraries (libavutil, libavcodec, libavformat, libswscale), opened when a video is
 * written and not before: they bring a hundred more libraries along, which would triple the time in
 * which every other command starts. Functions are called through a table of their own names.
 */
#ifndef SG_IMAGE_FILES_LIBAV_H
#define SG_IMAGE_FILES_LIBAV_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>

#include "base/error.h"

/* What is called, by library: X(name). */
#define SG_AVUTIL_FUNCTIONS(X)                                                                     \
    X(av_dict_free)                                                                                \
    X(av_dict_set)                                                                                 \
    X(av_frame_alloc)                                                                              \
    X(av_frame_free)                                                                               \
    X(av_frame_get_buffer)                                                                         \
    X(av_frame_make_writable)                                                                      \
    X(av_freep)                                                                                    \
    X(av_malloc)                                                                                   \
    X(av_strerror)
#define SG_AVCODEC_FUNCTIONS(X)                                                                    \
    X(av_packet_alloc)                                                                             \
    X(av_packet_free)                                                                              \
    X(av_packet_rescale_ts)                                                                        \
    X(avcodec_alloc_context3)                                                                      \
    X(avcodec_find_encoder)                                                                        \
    X(avcodec_find_encoder_by_name)                                                                \
    X(avcodec_free_context)                                                                        \
    X(avcodec_open2)                                                                               \
    X(avcodec_parameters_from_context)                                                             \
    X(avcodec_receive_packet)                                                                      \
    X(avcodec_send_frame)
#define SG_AVFORMAT_FUNCTIONS(X)                                                                   \
    X(av_guess_format)                                                                             \
    X(av_interleaved_write_frame)                                                                  \
    X(av_write_trailer)                                                                            \
    X(avformat_alloc_context)                                                                      \
    X(avformat_free_context)                                                                       \
    X(avformat_new_stream)                                                                         \
    X(avformat_write_header)                                                                       \
    X(avio_alloc_context)                                                                          \
    X(avio_context_free)                                                                           \
    X(avio_flush)
#define SG_SWSCALE_FUNCTIONS(X)                                                                    \
    X(sws_freeContext)                                                                             \
    X(sws_getCoefficients)                                                                         \
    X(sws_getContext)                                                                              \
    X(sws_scale)                                                                                   \
    X(sws_setColorspaceDetails)

/* The functions under their names: libav.av_malloc(...). */
typedef struct sg_libav {
#define SG_LIBAV_MEMBER(name) __typeof__(name) *(name);
    SG_AVUTIL_FUNCTIONS(SG_LIBAV_MEMBER)
    SG_AVCODEC_FUNCTIONS(SG_LIBAV_MEMBER)
    SG_AVFORMAT_FUNCTIONS(SG_LIBAV_MEMBER)
    SG_SWSCALE_FUNCTIONS(SG_LIBAV_MEMBER)
#undef SG_LIBAV_MEMBER
} sg_libav;

/*
 * Opens the versions of the libraries whose headers the program was compiled with; once open, they
 * stay so until the program ends. `path`, of the video, stands in sentences. Fails with
 * SG_ERROR_LIBRARY when one is not installed.
 */
sg_status sg_libav_load(const char *path, sg_libav *libav, sg_error *error);

#endif
