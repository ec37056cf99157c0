/*
 * JPEG files through libjpeg-turbo. The library reports errors by a callback that must not return;
 * ours jumps back to run_guarded, around every call that may fail. Warnings of lost data are
 * failures here: a network would learn a picture that is half grey.
 */
#include "image/files/jpeg_file.h"

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include <jerror.h>

#include "image/files/exif.h"
#include "image/orientation.h"

/*
 * The most pixels in a byte: a block of 8x8 samples takes at least a bit, and sampling factors that
 * differ between the channels make that four times as many pixels.
 */
#define LARGEST_PIXELS_PER_BYTE 2048

/* A hostile progressive file could refine its picture without end at a few bytes a scan. */
#define LARGEST_SCAN 500

/* EXIF data are in the marker APP1, as Adobe's XMP are. */
enum { EXIF_MARKER = JPEG_APP0 + 1, LONGEST_MARKER = 0xffff };

/* A file being decoded. */
typedef struct jpeg_reading {
    const char *name;
    const unsigned char *bytes;
    size_t size;
    sg_image *image; /* to be filled */
    int orientation; /* of the markers before the pixels */
    struct jpeg_decompress_struct decoder;
    struct jpeg_error_mgr handler;
    struct jpeg_progress_mgr monitor;
    jmp_buf failed;
    char reason[JMSG_LENGTH_MAX + 32];
    bool out_of_memory;
} jpeg_reading;

static void fail_with_message(j_common_ptr decoder, const char *prefix)
{
    jpeg_reading *reading = decoder->client_data;
    char message[JMSG_LENGTH_MAX];
    decoder->err->format_message(decoder, message);
    snprintf(reading->reason, sizeof reading->reason, "%s%s", prefix, message);
    reading->out_of_memory = decoder->err->msg_code == JERR_OUT_OF_MEMORY;
    longjmp(reading->failed, 1);
}

static void on_error(j_common_ptr decoder)
{
    fail_with_message(decoder, decoder->err->msg_code == JERR_INPUT_EOF ? "truncated: " : "");
}

/* Level -1 is a warning; higher levels are remarks. */
static void on_message(j_common_ptr decoder, int level)
{
    if (level >= 0)
        return;
    switch (decoder->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
        fail_with_message(decoder, "truncated: ");
        break;
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_BOGUS_PROGRESSION:
        fail_with_message(decoder, "damaged: ");
        break;
    default: /* such as bytes between two markers, which cost no pixel */
        break;
    }
}

static void on_progress(j_common_ptr common)
{
    if (common->is_decompressor && ((j_decompress_ptr)common)->input_scan_number > LARGEST_SCAN) {
        jpeg_reading *reading = common->client_data;
        snprintf(reading->reason, sizeof reading->reason, "it has more than %d scans",
                 LARGEST_SCAN);
        longjmp(reading->failed, 1);
    }
}

/* Runs a step; false when libjpeg fails in it, with the reason in the reading. */
static bool run_guarded(jpeg_reading *reading, void (*step)(jpeg_reading *))
{
    if (setjmp(reading->failed) != 0)
        return false;
    step(reading);
    return true;
}

static void read_header(jpeg_reading *reading)
{
    jpeg_create_decompress(&reading->decoder);
    reading->decoder.progress = &reading->monitor;
    jpeg_save_markers(&reading->decoder, EXIF_MARKER, LONGEST_MARKER);
    jpeg_mem_src(&reading->decoder, reading->bytes, (unsigned long)reading->size);
    (void)jpeg_read_header(&reading->decoder, TRUE);
}

/* Converts inks to light: Adobe's files store 255 - ink, others the ink. */
static void convert_inks(const uint8_t *inks, size_t width, bool inverted, uint8_t *rgb)
{
    const uint8_t flip = inverted ? 0 : 255;
    for (size_t x = 0; x < width; x++, inks += 4, rgb += 3) {
        const unsigned white = inks[3] ^ flip;
        for (size_t c = 0; c < 3; c++)
            rgb[c] = (uint8_t)(((unsigned)(inks[c] ^ flip) * white + 127) / 255);
    }
}

static void read_rows(jpeg_reading *reading)
{
    struct jpeg_decompress_struct *decoder = &reading->decoder;
    const sg_image *image = reading->image;
    const size_t row_size = image->width * image->channels;
    jpeg_start_decompress(decoder);
    JSAMPARRAY inks = NULL;
    if (decoder->out_color_space == JCS_CMYK)
        inks = decoder->mem->alloc_sarray((j_common_ptr)decoder, JPOOL_IMAGE,
                                          decoder->output_width * 4, 1);
    while (decoder->output_scanline < decoder->output_height) {
        uint8_t *row = image->pixels + decoder->output_scanline * row_size;
        if (!inks) {
            (void)jpeg_read_scanlines(decoder, &row, 1);
        } else {
            (void)jpeg_read_scanlines(decoder, inks, 1);
            convert_inks(inks[0], image->width, decoder->saw_Adobe_marker, row);
        }
    }
    (void)jpeg_finish_decompress(decoder);
}

/* Returns what the first EXIF marker with an orientation says. */
static int find_orientation(const jpeg_reading *reading)
{
    int orientation = SG_UPRIGHT;
    const struct jpeg_marker_struct *marker = reading->decoder.marker_list;
    for (; marker && orientation == SG_UPRIGHT; marker = marker->next)
        if (marker->marker == EXIF_MARKER)
            orientation = sg_exif_orientation(marker->data, marker->data_length);
    return orientation;
}

static sg_status fail_reading(const jpeg_reading *reading, sg_error *error)
{
    return reading->out_of_memory ? sg_fail_memory(error, "%s", reading->name)
                                  : sg_fail(error, SG_ERROR_FORMAT, "%s: not a whole JPEG file: %s",
                                            reading->name, reading->reason);
}

/* Reads to the end of the frame's header, and chooses the colours to decode to. */
static sg_status start(jpeg_reading *reading, const char *name, const unsigned char *bytes,
                       size_t size, sg_image_shape *shape, sg_error *error)
{
    struct jpeg_decompress_struct *decoder = &reading->decoder;
    *reading = (jpeg_reading){.name = name, .bytes = bytes, .size = size};
    decoder->err = jpeg_std_error(&reading->handler);
    decoder->client_data = reading;
    reading->handler.error_exit = on_error;
    reading->handler.emit_message = on_message;
    reading->monitor.progress_monitor = on_progress;
    if (!run_guarded(reading, read_header))
        return fail_reading(reading, error);
    const bool inks =
        decoder->jpeg_color_space == JCS_CMYK || decoder->jpeg_color_space == JCS_YCCK;
    const bool grey = decoder->jpeg_color_space == JCS_GRAYSCALE;
    if (!inks && !grey && decoder->num_components != 3)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the JPEG has %d channels, expected grey, colour or CMYK", name,
                       decoder->num_components);
    decoder->out_color_space = inks ? JCS_CMYK : grey ? JCS_GRAYSCALE : JCS_RGB;
    *shape = (sg_image_shape){decoder->image_width, decoder->image_height, grey ? 1 : 3};
    reading->orientation = find_orientation(reading);
    return SG_OK;
}

sg_status sg_jpeg_measure(const char *name, const unsigned char *bytes, size_t size,
                          sg_image_shape *shape, sg_error *error)
{
    jpeg_reading reading;
    *shape = (sg_image_shape){0};
    const sg_status status = start(&reading, name, bytes, size, shape, error);
    if (!status)
        *shape = sg_orientation_shape(*shape, reading.orientation);
    jpeg_destroy_decompress(&reading.decoder);
    return status;
}

sg_status sg_jpeg_decode(const char *name, const unsigned char *bytes, size_t size,
                         sg_image **image, sg_error *error)
{
    jpeg_reading reading;
    sg_image_shape shape = {0};
    *image = NULL;
    sg_status status = start(&reading, name, bytes, size, &shape, error);
    if (!status)
        status = sg_image_check_promise(name, shape.width, shape.height, size,
                                        LARGEST_PIXELS_PER_BYTE, error);
    if (!status)
        status = sg_image_create(shape.width, shape.height, shape.channels, image, error);
    if (!status) {
        reading.image = *image;
        status = run_guarded(&reading, read_rows) ? SG_OK : fail_reading(&reading, error);
    }
    if (!status)
        status = sg_image_orient(image, reading.orientation, error);
    jpeg_destroy_decompress(&reading.decoder);
    if (status) {
        sg_image_destroy(*image);
        *image = NULL;
    }
    return status;
}
