/* Picture files through libpng's and libjpeg's encoders. */
#include "support/picture_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jpeglib.h>
#include <png.h>

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

/* Bytes that grow as libpng writes them. */
typedef struct growing_bytes {
    unsigned char *bytes;
    size_t size;
} growing_bytes;

static void grow_bytes(png_structp png, png_bytep bytes, size_t count)
{
    growing_bytes *grown = png_get_io_ptr(png);
    grown->bytes = realloc(grown->bytes, grown->size + count);
    assert_non_null(grown->bytes);
    memcpy(grown->bytes + grown->size, bytes, count);
    grown->size += count;
}

static void keep_bytes(png_structp png)
{
    (void)png;
}

static void refuse_png(png_structp png, png_const_charp reason)
{
    (void)png;
    fail_msg("libpng: %s", reason);
}

static void ignore_warning(png_structp png, png_const_charp reason)
{
    (void)png;
    (void)reason;
}

static void set_foreign_chunks(png_structp png, png_infop info, const foreign_png *file)
{
    png_color palette[256];
    for (size_t i = 0; i < file->palette_size; i++)
        palette[i] =
            (png_color){file->palette[3 * i], file->palette[3 * i + 1], file->palette[3 * i + 2]};
    if (file->palette)
        png_set_PLTE(png, info, palette, (int)file->palette_size);
    if (file->palette_alpha)
        png_set_tRNS(png, info, file->palette_alpha, 1, NULL);
    else if (file->has_transparent_grey) {
        const png_color_16 grey = {.gray = file->transparent_grey};
        png_set_tRNS(png, info, NULL, 0, &grey);
    }
    for (size_t i = 0; i < file->text_repeats; i++) {
        const png_text text = {.compression = PNG_TEXT_COMPRESSION_zTXt,
                               .key = (png_charp) "Comment",
                               .text = (png_charp)file->text,
                               .text_length = strlen(file->text)};
        png_set_text(png, info, &text, 1);
    }
    if (file->exif)
        png_set_eXIf_1(png, info, (png_uint_32)file->exif_size, (png_bytep)file->exif);
}

unsigned char *foreign_png_bytes(const foreign_png *file, size_t *size)
{
    growing_bytes grown = {0};
    png_structp png =
        png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, refuse_png, ignore_warning);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(png, &grown, grow_bytes, keep_bytes);
    png_set_IHDR(png, info, (png_uint_32)file->width, (png_uint_32)file->height, file->bit_depth,
                 file->color_type, file->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    set_foreign_chunks(png, info, file);
    png_write_info(png, info);
    if (file->bit_depth == 16)
        png_set_swap(png); /* pixels are in the order of a little-endian machine */
    const int passes = png_set_interlace_handling(png);
    const size_t row = png_get_rowbytes(png, info);
    for (int pass = 0; pass < passes; pass++)
        for (size_t y = 0; y < file->height; y++)
            png_write_row(png, (png_const_bytep)file->pixels + y * row);
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    *size = grown.size;
    return grown.bytes;
}

void png_write(void *const *state, const char *name, size_t side, int color_type, int bit_depth,
               const void *pixels, const uint8_t *palette)
{
    const foreign_png file = {.width = side,
                              .height = side,
                              .color_type = color_type,
                              .bit_depth = bit_depth,
                              .pixels = pixels,
                              .palette = palette,
                              .palette_size = palette ? 4 : 0};
    size_t size = 0;
    unsigned char *bytes = foreign_png_bytes(&file, &size);
    bytes_write(state, name, bytes, size);
    free(bytes);
}

void flat_png_write(void *const *state, const char *name, size_t side, size_t channels,
                    const uint8_t *color)
{
    static const int types[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                                PNG_COLOR_TYPE_RGB_ALPHA};
    const size_t size = side * side * channels;
    uint8_t *pixels = malloc(size);
    assert_non_null(pixels);
    for (size_t i = 0; i < size; i++)
        pixels[i] = color[i % channels];
    png_write(state, name, side, types[channels - 1], 8, pixels, NULL);
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
