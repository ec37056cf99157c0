/* Picture files through libspng's and libjpeg's encoders. */
#include "support/picture_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jpeglib.h>
#include <spng.h>

#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/files/input_file.h"
#include "image/files/png_file.h"
#include "support/temporary_folder.h"

/* "folder/name" with its folders made. */
static char *prepare_path(void *const *state, const char *name)
{
    char *path = temporary_path(state, name);
    char *folder = sg_path_folder(path);
    assert_int_equal(sg_make_folders(folder, NULL), SG_OK);
    free(folder);
    return path;
}

/* Not atomic: hundreds of files would each wait for the disk. */
void bytes_write(void *const *state, const char *name, const void *bytes, size_t size)
{
    char *path = prepare_path(state, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    free(path);
}

static void choose_colors(struct jpeg_compress_struct *encoder, const jpeg_file *file)
{
    static const J_COLOR_SPACE spaces[] = {JCS_UNKNOWN, JCS_GRAYSCALE, JCS_UNKNOWN, JCS_RGB,
                                           JCS_CMYK};
    encoder->input_components = file->components;
    encoder->in_color_space = spaces[file->components];
    jpeg_set_defaults(encoder);
    jpeg_set_quality(encoder, 100, TRUE);
    if (file->ycck)
        jpeg_set_colorspace(encoder, JCS_YCCK);
    if (file->without_adobe)
        encoder->write_Adobe_marker = FALSE;
    for (int i = 0; i < encoder->num_components; i++) {
        encoder->comp_info[i].h_samp_factor = 1;
        encoder->comp_info[i].v_samp_factor = 1;
    }
    if (file->progressive)
        jpeg_simple_progression(encoder);
}

static void write_orientation(struct jpeg_compress_struct *encoder, int orientation)
{
    uint8_t marker[] = {'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
                        1,   18,  0,   3,   0, 0, 0,   1,   0, 0,  0, 0, 0, 0, 0, 0};
    marker[25] = (uint8_t)orientation;
    jpeg_write_marker(encoder, JPEG_APP0 + 1, marker, sizeof marker);
}

unsigned char *jpeg_bytes(const jpeg_file *file, size_t *size)
{
    struct jpeg_compress_struct encoder;
    struct jpeg_error_mgr handler;
    unsigned char *bytes = NULL;
    unsigned long length = 0;
    const size_t components = (size_t)file->components;
    uint8_t *row = malloc(file->side * components);
    assert_non_null(row);
    for (size_t x = 0; x < file->side; x++)
        memcpy(row + x * components, 2 * x < file->side ? file->left : file->right, components);
    encoder.err = jpeg_std_error(&handler);
    jpeg_create_compress(&encoder);
    jpeg_mem_dest(&encoder, &bytes, &length);
    encoder.image_width = encoder.image_height = (JDIMENSION)file->side;
    choose_colors(&encoder, file);
    jpeg_start_compress(&encoder, TRUE);
    if (file->orientation)
        write_orientation(&encoder, file->orientation);
    while (encoder.next_scanline < encoder.image_height)
        (void)jpeg_write_scanlines(&encoder, &row, 1);
    jpeg_finish_compress(&encoder);
    jpeg_destroy_compress(&encoder);
    free(row);
    *size = length;
    return bytes;
}

void jpeg_write(void *const *state, const char *name, const jpeg_file *file)
{
    size_t size = 0;
    unsigned char *bytes = jpeg_bytes(file, &size);
    bytes_write(state, name, bytes, size);
    free(bytes);
}

static void set_palette(spng_ctx *encoder, const uint8_t *palette)
{
    struct spng_plte chunk = {.n_entries = 4};
    for (size_t i = 0; i < 4; i++) {
        chunk.entries[i].red = palette[3 * i];
        chunk.entries[i].green = palette[3 * i + 1];
        chunk.entries[i].blue = palette[3 * i + 2];
    }
    assert_int_equal(spng_set_plte(encoder, &chunk), 0);
}

void png_write(void *const *state, const char *name, size_t side, int color_type, int bit_depth,
               const void *pixels, size_t size, const uint8_t *palette)
{
    struct spng_ihdr header = {.width = (uint32_t)side,
                               .height = (uint32_t)side,
                               .bit_depth = (uint8_t)bit_depth,
                               .color_type = (uint8_t)color_type};
    int code = 0;
    size_t length = 0;
    spng_ctx *encoder = spng_ctx_new(SPNG_CTX_ENCODER);
    assert_non_null(encoder);
    assert_int_equal(spng_set_option(encoder, SPNG_ENCODE_TO_BUFFER, 1), 0);
    assert_int_equal(spng_set_ihdr(encoder, &header), 0);
    if (palette)
        set_palette(encoder, palette);
    code = spng_encode_image(encoder, pixels, size, SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE);
    if (code != 0)
        fail_msg("%s: %s", name, spng_strerror(code));
    void *bytes = spng_get_png_buffer(encoder, &length, &code);
    bytes_write(state, name, bytes, length);
    free(bytes);
    spng_ctx_free(encoder);
}

void flat_png_write(void *const *state, const char *name, size_t side, size_t channels,
                    const uint8_t *color)
{
    static const int types[] = {SPNG_COLOR_TYPE_GRAYSCALE, SPNG_COLOR_TYPE_GRAYSCALE_ALPHA,
                                SPNG_COLOR_TYPE_TRUECOLOR, SPNG_COLOR_TYPE_TRUECOLOR_ALPHA};
    const size_t size = side * side * channels;
    uint8_t *pixels = malloc(size);
    assert_non_null(pixels);
    for (size_t i = 0; i < size; i++)
        pixels[i] = color[i % channels];
    png_write(state, name, side, types[channels - 1], 8, pixels, size, NULL);
    free(pixels);
}

void text_write(void *const *state, const char *name, const char *text)
{
    bytes_write(state, name, text, strlen(text));
}

void cut_file(void *const *state, const char *name, size_t size)
{
    char *path = temporary_path(state, name);
    assert_int_equal(truncate(path, (off_t)size), 0);
    free(path);
}

sg_status png_read(const char *path, sg_image **image, sg_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    *image = NULL;
    sg_status status = sg_read_file(path, 1 << 30, &bytes, &size, error);
    if (!status)
        status = sg_png_decode(path, bytes, size, image, error);
    free(bytes);
    return status;
}
