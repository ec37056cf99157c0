/*
 * The table of the kinds, and the way to the modules that read them. A kind is recognised by the
 * first bytes of its files; files of the ISO base media format (ISO/IEC 14496-12) by the brands in
 * their first box.
 */
#include "image/files/rare_picture.h"

#include <stdio.h>
#include <string.h>

#include "base/module.h"
#include "image/files/exif.h"
#include "image/files/heif_module.h"
#include "image/files/video_module.h"
#include "image/orientation.h"

/* The first bytes of a kind of file; `at` is where they are. */
typedef struct signature {
    const char *bytes;
    size_t length;
    size_t at;
} signature;

enum { OLD_JPEG = 6, JPEG = 7 }; /* compressions of TIFF */

enum { MOST_SIGNATURES = 3, BRAND_BYTES = 4, LARGEST_BRAND_BOX = 256 };

/* A row of the table. */
typedef struct rare_row {
    sg_rare_kind kind;
    signature signatures[MOST_SIGNATURES]; /* any of them; length 0 at the end */
    const char *brands;                    /* in place of them: "heicheix..." */
} rare_row;

/* AVIF through libheif where it is installed, since FFmpeg's libraries do not turn pictures. */
static const rare_row rows[] = {
    {{"BMP", " .bmp .dib ", "bmp", SG_READ_BY_FFMPEG}, {{"BM", 2, 0}}, NULL},
    {{"TIFF", " .tif .tiff ", "tiff", SG_READ_BY_FFMPEG}, {{"II*\0", 4, 0}, {"MM\0*", 4, 0}}, NULL},
    {{"GIF", " .gif ", "gif", SG_READ_BY_FFMPEG}, {{"GIF8", 4, 0}}, NULL},
    {{"AVIF", " .avif ", "avif", SG_READ_BY_HEIF | SG_READ_BY_FFMPEG}, {{0}}, "avifavis"},
    {{"HEIC", " .heic .heif .hif ", NULL, SG_READ_BY_HEIF}, {{0}}, "heicheixhevcheimheismif1msf1"},
    {{"JPEG 2000", " .jp2 .j2k .jpf .jpx ", "jpeg2000", SG_READ_BY_FFMPEG},
     {{"jP  \r\n\x87\n", 8, 4}, {"\xff\x4f\xff\x51", 4, 0}},
     NULL},
    {{"JPEG XL", " .jxl ", "jpegxl", SG_READ_BY_FFMPEG},
     {{"JXL \r\n\x87\n", 8, 4}, {"\xff\x0a", 2, 0}},
     NULL},
    {{"PPM", " .ppm .pnm ", "ppm", SG_READ_BY_FFMPEG}, {{"P6", 2, 0}, {"P3", 2, 0}}, NULL},
    {{"PGM", " .pgm ", "pgm", SG_READ_BY_FFMPEG}, {{"P5", 2, 0}, {"P2", 2, 0}}, NULL},
    {{"PSD", " .psd ", "psd", SG_READ_BY_FFMPEG}, {{"8BPS", 4, 0}}, NULL},
    {{"SVG", " .svg ", NULL, SG_READ_BY_NONE}, {{"<svg", 4, 0}}, NULL},
    {{"camera raw", " .dng .cr2 .cr3 .nef .arw .raf .orf .rw2 ", NULL, SG_READ_BY_NONE},
     {{"FUJIFILMCCD-RAW", 15, 0}},
     NULL},
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])
_Static_assert(ROW_COUNT <= SG_MOST_RARE_KINDS, "a bit for each kind");

static bool begins_with(const signature *start, const unsigned char *bytes, size_t size)
{
    return start->length > 0 && size >= start->at + start->length &&
           memcmp(bytes + start->at, start->bytes, start->length) == 0;
}

static bool has_signature(const rare_row *row, const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < MOST_SIGNATURES; i++)
        if (begins_with(&row->signatures[i], bytes, size))
            return true;
    return false;
}

/* True if the brand is among `brands`. */
static bool is_brand(const char *brands, const unsigned char *brand)
{
    for (; brands[0] != '\0'; brands += BRAND_BYTES)
        if (memcmp(brands, brand, BRAND_BYTES) == 0)
            return true;
    return false;
}

/* The box: its length (4 bytes, big-endian), "ftyp", a brand, a version, compatible brands. */
static bool has_brand(const rare_row *row, const unsigned char *bytes, size_t size)
{
    if (!row->brands || size < 16 || memcmp(bytes + 4, "ftyp", 4) != 0 || bytes[0] || bytes[1])
        return false;
    const size_t stated = (size_t)bytes[2] << 8 | bytes[3];
    const size_t end = stated < LARGEST_BRAND_BOX ? stated : LARGEST_BRAND_BOX;
    bool found = is_brand(row->brands, bytes + 8);
    for (size_t at = 16; at + BRAND_BYTES <= (end < size ? end : size) && !found; at += BRAND_BYTES)
        found = is_brand(row->brands, bytes + at);
    return found;
}

const sg_rare_kind *sg_rare_kind_of(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (has_signature(&rows[i], bytes, size) || has_brand(&rows[i], bytes, size))
            return &rows[i].kind;
    return NULL;
}

const sg_rare_kind *sg_rare_kind_of_ending(const char *ending)
{
    char wanted[16];
    const int length = snprintf(wanted, sizeof wanted, " %s ", ending);
    if (ending[0] != '.' || length >= (int)sizeof wanted)
        return NULL;
    for (char *at = wanted; *at != '\0'; at++)
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (strstr(rows[i].kind.endings, wanted))
            return &rows[i].kind;
    return NULL;
}

size_t sg_rare_kind_number(const sg_rare_kind *kind)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (&rows[i].kind == kind)
            return i;
    return 0;
}

/* ---- the modules ---- */

static sg_status open_heif(const char *purpose, const sg_heif_module **module, sg_error *error)
{
    const void *address = NULL;
    const sg_status status =
        sg_module_open("heif", SG_HEIF_MODULE_SYMBOL, purpose, &address, error);
    *module = address;
    return status;
}

static sg_status open_video(const char *purpose, const sg_video_module **module, sg_error *error)
{
    const void *address = NULL;
    const sg_status status =
        sg_module_open("video", SG_VIDEO_MODULE_SYMBOL, purpose, &address, error);
    *module = address;
    return status;
}

bool sg_rare_kind_is_read(const sg_rare_kind *kind)
{
    const sg_heif_module *heif = NULL;
    const sg_video_module *video = NULL;
    return ((kind->readers & SG_READ_BY_HEIF) && !open_heif("", &heif, NULL)) ||
           ((kind->readers & SG_READ_BY_FFMPEG) && !open_video("", &video, NULL));
}

const char *sg_rare_kinds_describe(unsigned long kinds, char *text, size_t size)
{
    unsigned readers = 0;
    size_t length = 0;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (!(kinds >> i & 1) || length >= size)
            continue;
        length += (size_t)snprintf(text + length, size - length, "%s%s", length == 0 ? "(" : ", ",
                                   rows[i].kind.name);
        readers |= rows[i].kind.readers;
    }
    if (length < size)
        snprintf(text + length, size - length, ")%s%s%s", readers ? "; install " : "",
                 readers & SG_READ_BY_HEIF ? "libheif" : "",
                 readers == (SG_READ_BY_HEIF | SG_READ_BY_FFMPEG) ? " and FFmpeg's libraries"
                 : readers & SG_READ_BY_FFMPEG                    ? "FFmpeg's libraries"
                                                                  : "");
    return text;
}

/* Leaves out alpha that hides nothing: many writers add it always. */
static sg_status drop_opaque_alpha(sg_image **image, sg_error *error)
{
    if (!*image || (*image)->channels % 2 != 0)
        return SG_OK;
    const size_t channels = (*image)->channels;
    const size_t size = sg_image_size(*image);
    for (size_t i = channels - 1; i < size; i += channels)
        if ((*image)->pixels[i] != 255)
            return SG_OK;
    sg_image *opaque = NULL;
    SG_TRY(sg_image_create((*image)->width, (*image)->height, channels - 1, &opaque, error));
    for (size_t i = 0, k = 0; i < size; i++)
        if (i % channels != channels - 1)
            opaque->pixels[k++] = (*image)->pixels[i];
    sg_image_destroy(*image);
    *image = opaque;
    return SG_OK;
}

static sg_status decode_by_module(const char *name, const sg_rare_kind *kind,
                                  const unsigned char *bytes, size_t size, sg_image **image,
                                  sg_error *error)
{
    char purpose[sizeof error->message / 2];
    const sg_heif_module *heif = NULL;
    const sg_video_module *video = NULL;
    if ((kind->readers & SG_READ_BY_HEIF) && !open_heif("", &heif, NULL))
        return heif->decode(name, bytes, size, image, error);
    if (kind->readers & SG_READ_BY_FFMPEG) {
        snprintf(purpose, sizeof purpose, "%s: a %s needs FFmpeg's libraries", name, kind->name);
        SG_TRY(open_video(purpose, &video, error));
        return video->decode(name, kind->codec, bytes, size, image, error);
    }
    if (kind->readers == SG_READ_BY_NONE)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: is a picture of a kind that is not read (%s)",
                       name, kind->name);
    snprintf(purpose, sizeof purpose, "%s: a %s needs libheif", name, kind->name);
    return open_heif(purpose, &heif, error);
}

/* ---- what decoders do not notice, or print messages about ---- */

static bool is_kind(const sg_rare_kind *kind, const char *name)
{
    return strcmp(kind->name, name) == 0;
}

/* A GIF ends with a semicolon; a cut one decodes to a picture whose rest is empty. */
static bool is_cut_gif(const unsigned char *bytes, size_t size)
{
    while (size > 0 && bytes[size - 1] == 0)
        size--;
    return size == 0 || bytes[size - 1] != ';';
}

static uint64_t big_endian(const unsigned char *bytes, size_t count)
{
    uint64_t number = 0;
    for (size_t i = 0; i < count; i++)
        number = number << 8 | bytes[i];
    return number;
}

/*
 * True if a box of the outermost level is longer than the file. A box starts with its length, in 4
 * bytes, which are 1 where 8 bytes after the box's name hold it, and 0 for all of the rest.
 */
static bool has_cut_box(const unsigned char *bytes, size_t size)
{
    enum { NARROW = 8, WIDE = 16 };
    for (size_t at = 0; at < size;) {
        const size_t left = size - at;
        uint64_t length = left >= NARROW ? big_endian(bytes + at, 4) : left + 1;
        if (length == 0)
            return false;
        if (length == 1)
            length = left >= WIDE ? big_endian(bytes + at + NARROW, 8) : left + 1;
        if (length < NARROW || length > left)
            return true;
        at += (size_t)length;
    }
    return false;
}

static sg_status fail_cut(const char *name, const sg_rare_kind *kind, sg_error *error)
{
    return sg_fail(error, SG_ERROR_FORMAT, "%s: not a whole %s: truncated: it ends too early", name,
                   kind->name);
}

static sg_status check_file(const char *name, const sg_rare_kind *kind, const unsigned char *bytes,
                            size_t size, sg_error *error)
{
    if (is_kind(kind, "GIF") && is_cut_gif(bytes, size))
        return fail_cut(name, kind, error);
    if ((is_kind(kind, "AVIF") || is_kind(kind, "HEIC")) && has_cut_box(bytes, size))
        return fail_cut(name, kind, error);
    /* FFmpeg decodes these to black. */
    const int compression = sg_exif_number(bytes, size, SG_EXIF_COMPRESSION);
    if (is_kind(kind, "TIFF") && (compression == OLD_JPEG || compression == JPEG))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the TIFF is compressed as JPEG, which is not read", name);
    return SG_OK;
}

sg_status sg_rare_picture_decode(const char *name, const sg_rare_kind *kind,
                                 const unsigned char *bytes, size_t size, sg_image **image,
                                 sg_error *error)
{
    *image = NULL;
    SG_TRY(check_file(name, kind, bytes, size, error));
    SG_TRY(decode_by_module(name, kind, bytes, size, image, error));
    sg_status status = SG_OK;
    if (is_kind(kind, "TIFF")) /* a TIFF file is what EXIF data are made of */
        status = sg_image_orient(image, sg_exif_orientation(bytes, size), error);
    if (!status)
        status = drop_opaque_alpha(image, error);
    if (status) {
        sg_image_destroy(*image);
        *image = NULL;
    }
    return status;
}
