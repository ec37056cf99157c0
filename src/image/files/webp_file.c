/*
 * WebP files through libwebp: its demuxer finds the first frame and the EXIF data, its decoder
 * writes into the picture.
 */
#include "image/files/webp_file.h"

#include <string.h>

#include <webp/decode.h>
#include <webp/demux.h>

#include "image/files/exif.h"
#include "image/orientation.h"

/*
 * A lossless file of one colour needs no bits for its pixels, so the bytes bound nothing. Larger
 * pictures than this many pixels must have a byte for each LARGEST_PIXELS_PER_BYTE: more than any
 * photograph comes near to.
 */
#define FREE_PIXELS ((size_t)1 << 24)
#define LARGEST_PIXELS_PER_BYTE 65536

static const char *reason_of(VP8StatusCode code)
{
    switch (code) {
    case VP8_STATUS_NOT_ENOUGH_DATA:
        return "truncated: it ends too early";
    case VP8_STATUS_UNSUPPORTED_FEATURE:
        return "it has a feature that libwebp does not read";
    default:
        return "damaged";
    }
}

static sg_status fail_reading(const char *name, VP8StatusCode code, sg_error *error)
{
    return code == VP8_STATUS_OUT_OF_MEMORY
               ? sg_fail_memory(error, "%s", name)
               : sg_fail(error, SG_ERROR_FORMAT, "%s: not a whole WebP file: %s", name,
                         reason_of(code));
}

/* Opens a whole file. */
static sg_status open_demuxer(const char *name, const unsigned char *bytes, size_t size,
                              WebPDemuxer **demuxer, sg_error *error)
{
    WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
    const WebPData data = {bytes, size};
    *demuxer = WebPDemuxPartial(&data, &state);
    if (*demuxer && state == WEBP_DEMUX_DONE)
        return SG_OK;
    WebPDemuxDelete(*demuxer);
    *demuxer = NULL;
    return fail_reading(name,
                        state == WEBP_DEMUX_PARSE_ERROR ? VP8_STATUS_BITSTREAM_ERROR
                                                        : VP8_STATUS_NOT_ENOUGH_DATA,
                        error);
}

/* True if the extended header ("VP8X" at 12, its flags at 20) says that EXIF data follow. */
static bool promises_exif(const unsigned char *bytes, size_t size)
{
    return size > 20 && memcmp(bytes + 12, "VP8X", 4) == 0 && (bytes[20] & EXIF_FLAG) != 0;
}

static int find_orientation(const WebPDemuxer *demuxer)
{
    WebPChunkIterator chunk;
    int orientation = SG_UPRIGHT;
    if (!(WebPDemuxGetI(demuxer, WEBP_FF_FORMAT_FLAGS) & EXIF_FLAG))
        return orientation;
    if (WebPDemuxGetChunk(demuxer, "EXIF", 1, &chunk)) {
        orientation = sg_exif_orientation(chunk.chunk.bytes, chunk.chunk.size);
        WebPDemuxReleaseChunkIterator(&chunk);
    }
    return orientation;
}

/* Reads the shape of the stored picture. */
static sg_status read_shape(const char *name, const unsigned char *bytes, size_t size,
                            sg_image_shape *shape, sg_error *error)
{
    WebPBitstreamFeatures features;
    const VP8StatusCode code = WebPGetFeatures(bytes, size, &features);
    if (code != VP8_STATUS_OK)
        return fail_reading(name, code, error);
    *shape = (sg_image_shape){(size_t)features.width, (size_t)features.height,
                              features.has_alpha ? 4 : 3};
    return SG_OK;
}

sg_status sg_webp_measure(const char *name, const unsigned char *bytes, size_t size,
                          sg_image_shape *shape, sg_error *error)
{
    WebPDemuxer *demuxer = NULL;
    *shape = (sg_image_shape){0};
    SG_TRY(read_shape(name, bytes, size, shape, error));
    if (!promises_exif(bytes, size))
        return SG_OK;
    SG_TRY(open_demuxer(name, bytes, size, &demuxer, error));
    *shape = sg_orientation_shape(*shape, find_orientation(demuxer));
    WebPDemuxDelete(demuxer);
    return SG_OK;
}

/* Decodes the first frame to its place in the picture, which may be larger than the frame. */
static sg_status decode_frame(const char *name, const WebPIterator *frame, sg_image *image,
                              sg_error *error)
{
    WebPDecoderConfig config;
    const size_t x = (size_t)frame->x_offset;
    const size_t y = (size_t)frame->y_offset;
    const size_t width = (size_t)frame->width;
    const size_t height = (size_t)frame->height;
    const size_t stride = image->width * image->channels;
    if (!WebPInitDecoderConfig(&config))
        return sg_fail(error, SG_ERROR_LIBRARY, "%s: libwebp is of another version", name);
    if (frame->x_offset < 0 || frame->y_offset < 0 || x + width > image->width ||
        y + height > image->height)
        return fail_reading(name, VP8_STATUS_BITSTREAM_ERROR, error);
    config.output.colorspace = image->channels == 4 ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = image->pixels + y * stride + x * image->channels;
    config.output.u.RGBA.stride = (int)stride;
    config.output.u.RGBA.size = (height - 1) * stride + width * image->channels;
    const VP8StatusCode code = WebPDecode(frame->fragment.bytes, frame->fragment.size, &config);
    WebPFreeDecBuffer(&config.output);
    return code == VP8_STATUS_OK ? SG_OK : fail_reading(name, code, error);
}

static sg_status decode_opened(const char *name, const WebPDemuxer *demuxer,
                               const sg_image_shape *shape, sg_image **image, sg_error *error)
{
    WebPIterator frame;
    if (!WebPDemuxGetFrame(demuxer, 1, &frame))
        return sg_fail(error, SG_ERROR_FORMAT, "%s: not a whole WebP file: it has no frame", name);
    sg_status status = sg_image_create(shape->width, shape->height, shape->channels, image, error);
    if (!status)
        status = decode_frame(name, &frame, *image, error);
    if (!status)
        status = sg_image_orient(image, find_orientation(demuxer), error);
    WebPDemuxReleaseIterator(&frame);
    if (status) {
        sg_image_destroy(*image);
        *image = NULL;
    }
    return status;
}

sg_status sg_webp_decode(const char *name, const unsigned char *bytes, size_t size,
                         sg_image **image, sg_error *error)
{
    sg_image_shape shape = {0};
    WebPDemuxer *demuxer = NULL;
    *image = NULL;
    SG_TRY(read_shape(name, bytes, size, &shape, error));
    if (shape.width * shape.height > FREE_PIXELS)
        SG_TRY(sg_image_check_promise(name, shape.width, shape.height, size,
                                      LARGEST_PIXELS_PER_BYTE, error));
    SG_TRY(open_demuxer(name, bytes, size, &demuxer, error));
    const sg_status status = decode_opened(name, demuxer, &shape, image, error);
    WebPDemuxDelete(demuxer);
    return status;
}
