/*
 * MP4 files (ISO/IEC 14496-14) and WebM files with one video track, written through FFmpeg's
 * libraries: H.264 where these have x264, otherwise MPEG-4 Visual; in WebM, VP9, otherwise VP8;
 * yuv420p of BT.709, which every player takes.
 */
#ifndef SG_IMAGE_FILES_VIDEO_FILE_H
#define SG_IMAGE_FILES_VIDEO_FILE_H

#include "image/files/video_options.h"
#include "image/image.h"

/*
 * Starts a video at `path`. *video (NULL on failure) must be finished or abandoned. Fails with
 * SG_ERROR_ARGUMENT for options out of range, SG_ERROR_FILE, SG_ERROR_MEMORY, or SG_ERROR_LIBRARY
 * when the video module, FFmpeg's libraries or the codec are not installed.
 */
sg_status sg_video_create(const char *path, const sg_video_options *options, sg_video **video,
                          sg_error *error);

/*
 * Encodes the next frame. Grey becomes colour, and alpha is laid over black. A side of odd length,
 * which yuv420p does not have, becomes even by repeating the last column or row. Fails with
 * SG_ERROR_SHAPE for a frame of another size or channel count than the first, and with
 * SG_ERROR_ARGUMENT for a side over SG_VIDEO_LARGEST_SIDE.
 */
sg_status sg_video_add(sg_video *video, const sg_image *frame, sg_error *error);

/*
 * Ends the file and renames it to its name, atomically; frees `video` in any case. Equal frames and
 * options give equal bytes. Fails with SG_ERROR_ARGUMENT without a frame, and with SG_ERROR_FILE;
 * there is no file then.
 */
sg_status sg_video_finish(sg_video *video, sg_error *error);

/* Removes the unfinished file and frees `video`; NULL is allowed. */
void sg_video_abandon(sg_video *video);

#endif
