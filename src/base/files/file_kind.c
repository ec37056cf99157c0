/*
 * Kinds of files in one table, compared from the first row to the last: kinds with a signature, or
 * with a test where a signature is too weak. A file that lacks its end is looked for first.
 */
#include "base/files/file_kind.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files/crc32c.h"
#include "base/files/file.h"
#include "base/files/file_map.h"
#include "base/files/input_file.h"
#include "base/text.h"
#include "base/utf8.h"

/* The bytes of a file that is looked at: its start, or all of it. */
typedef struct file_view {
    const unsigned char *bytes;
    size_t size;
    bool whole;
} file_view;

/* A row: a signature at an offset, a test, or both. */
typedef struct kind_row {
    size_t offset;
    size_t length; /* of the signature; 0: the test alone */
    const char *signature;
    bool (*test)(const file_view *view);
    sg_file_kind kind;
} kind_row;

static bool begins_at(const file_view *view, size_t offset, const char *signature, size_t length)
{
    return view->size >= offset + length && memcmp(view->bytes + offset, signature, length) == 0;
}

static uint64_t little_endian(const unsigned char *bytes, int count)
{
    uint64_t number = 0;
    for (int i = count - 1; i >= 0; i--)
        number = number << 8 | bytes[i];
    return number;
}

/* ---- files that were cut off ---- */

/* A zip archive ends with its directory and a closing record, which a comment may follow. */
static bool is_cut_zip(const file_view *view)
{
    enum { CLOSING_BYTES = 22, LONGEST_COMMENT = 65535 };
    if (!view->whole || !begins_at(view, 0, "PK\3\4", 4))
        return false;
    for (size_t back = CLOSING_BYTES; back <= CLOSING_BYTES + LONGEST_COMMENT && back <= view->size;
         back++)
        if (memcmp(view->bytes + view->size - back, "PK\5\6", 4) == 0)
            return false;
    return true;
}

/* A torch stream is several pickles, then numbers: its end does not show. */
static bool is_torch_stream(const file_view *view)
{
    static const char magic[] = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20";
    return begins_at(view, 2, magic, sizeof magic - 1) ||
           begins_at(view, 11, magic, sizeof magic - 1);
}

static bool is_cut_pickle(const file_view *view)
{
    return view->whole && view->size > 2 && view->bytes[0] == 0x80 && view->bytes[1] >= 2 &&
           view->bytes[1] <= 5 && view->bytes[view->size - 1] != '.' && !is_torch_stream(view);
}

static bool is_safetensors(const file_view *view)
{
    enum { LENGTH_BYTES = 8, LARGEST_HEADER = 1 << 24 };
    return view->size > LENGTH_BYTES && view->bytes[LENGTH_BYTES] == '{' &&
           little_endian(view->bytes, LENGTH_BYTES) <= LARGEST_HEADER;
}

/* Returns the number at `at`, which the end of the bytes follows at the latest. */
static uint64_t number_of(const unsigned char *at, const unsigned char *end)
{
    uint64_t number = 0;
    for (; at < end && isdigit(*at) && number < UINT64_MAX / 16; at++)
        number = number * 10 + (uint64_t)(*at - '0');
    return number;
}

/* Returns the largest end of data_offsets in a header, with or without spaces between tokens. */
static uint64_t last_data_offset(const unsigned char *header, size_t length)
{
    static const char key[] = "\"data_offsets\"";
    const unsigned char *end = header + length;
    const unsigned char *at = header;
    uint64_t last = 0;
    while (at && (size_t)(end - at) >= sizeof key) {
        if (memcmp(at, key, sizeof key - 1) == 0) {
            const unsigned char *comma = memchr(at, ',', (size_t)(end - at));
            while (comma && comma + 1 < end && comma[1] == ' ')
                comma++;
            const uint64_t number = comma ? number_of(comma + 1, end) : 0;
            last = number > last ? number : last;
        }
        at = memchr(at + 1, '"', (size_t)(end - at) - 1);
    }
    return last;
}

static bool is_cut_safetensors(const file_view *view)
{
    enum { LENGTH_BYTES = 8 };
    if (!view->whole || !is_safetensors(view))
        return false;
    const uint64_t header = little_endian(view->bytes, LENGTH_BYTES);
    const size_t after = view->size - LENGTH_BYTES;
    return header > after ||
           last_data_offset(view->bytes + LENGTH_BYTES, (size_t)header) > after - header;
}

/* Programs that download files in pieces give them their full size first. */
static bool is_unfinished(const file_view *view)
{
    size_t zeros = 0;
    while (zeros < view->size && zeros < SG_FILE_KIND_BYTES && view->bytes[zeros] == 0)
        zeros++;
    return zeros == SG_FILE_KIND_BYTES;
}

/* ---- pickles ---- */

/* A line that can be the module or the name of a class; returns its length with the newline. */
static size_t name_line(const file_view *view, size_t at)
{
    size_t length = 0;
    while (at + length < view->size && length < 100 &&
           (isalnum(view->bytes[at + length]) || view->bytes[at + length] == '_' ||
            view->bytes[at + length] == '.'))
        length++;
    const bool ends = at + length < view->size && view->bytes[at + length] == '\n';
    return length > 0 && ends ? length + 1 : 0;
}

/* Protocol 2 and later say so; older pickles start by building a tuple, a dict or an object. */
static bool is_pickle(const file_view *view)
{
    const unsigned char *bytes = view->bytes;
    if (view->size < 2)
        return false;
    if (bytes[0] == 0x80)
        return bytes[1] <= 5;
    if (bytes[0] == 'c') {
        const size_t module = name_line(view, 1);
        return module > 0 && name_line(view, 1 + module) > 0;
    }
    return (bytes[0] == '(' || bytes[0] == '}' || bytes[0] == ']') && bytes[1] != '\0' &&
           strchr("dltcpqK(}])", bytes[1]);
}

/* ---- records, databases, graphs ---- */

/* The length of the first record is followed by its checksum. */
static bool is_records(const file_view *view)
{
    enum { LENGTH_BYTES = 8, SUM_BYTES = 4 };
    return view->size >= LENGTH_BYTES + SUM_BYTES &&
           little_endian(view->bytes + LENGTH_BYTES, SUM_BYTES) ==
               sg_masked_crc32c(view->bytes, LENGTH_BYTES);
}

/* The index of a TensorFlow checkpoint is a table with this number at its end. */
static bool is_checkpoint_index(const file_view *view)
{
    static const char magic[] = "\x57\xfb\x80\x8b\x24\x75\x47\xdb";
    enum { LENGTH = sizeof magic - 1 };
    return view->whole && view->size >= LENGTH &&
           memcmp(view->bytes + view->size - LENGTH, magic, LENGTH) == 0;
}

/* A protocol buffer's number; moves *at after it. */
static bool take_varint(const file_view *view, size_t *at, uint64_t *number)
{
    *number = 0;
    for (int shift = 0; shift < 63 && *at < view->size; shift += 7) {
        const unsigned char byte = view->bytes[(*at)++];
        *number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

/* Field `tag` with a text of letters and the like; moves *at after it. */
static bool take_name(const file_view *view, size_t *at, unsigned char tag)
{
    uint64_t length = 0;
    if (*at >= view->size || view->bytes[(*at)++] != tag || !take_varint(view, at, &length) ||
        length == 0 || length > view->size - *at)
        return false;
    for (uint64_t i = 0; i < length; i++)
        if (!isgraph(view->bytes[*at + i]))
            return false;
    *at += (size_t)length;
    return true;
}

/* ModelProto: ir_version, then the producer's name. */
static bool is_onnx(const file_view *view)
{
    size_t at = 2;
    return view->size > 2 && view->bytes[0] == 0x08 && view->bytes[1] > 0 &&
           view->bytes[1] < 0x20 && take_name(view, &at, 0x12);
}

/* SavedModel: schema version 1, then a graph that begins with its description. */
static bool is_saved_model(const file_view *view)
{
    size_t at = 3;
    uint64_t length = 0;
    return begins_at(view, 0, "\x08\x01\x12", 3) && take_varint(view, &at, &length) &&
           at < view->size && view->bytes[at] == 0x0a && length > 2;
}

/* GraphDef: a node with its name and its operation. */
static bool is_graph(const file_view *view)
{
    size_t at = 1;
    uint64_t length = 0;
    return view->size > 4 && view->bytes[0] == 0x0a && take_varint(view, &at, &length) &&
           take_name(view, &at, 0x0a) && take_name(view, &at, 0x12);
}

/* ---- videos and pictures ---- */

/* A brand of the ISO base media format, which MP4 and AVIF share. */
static bool has_brand(const file_view *view, const char *brands)
{
    if (!begins_at(view, 4, "ftyp", 4) || view->size < 12)
        return false;
    for (; *brands; brands += 4)
        if (memcmp(view->bytes + 8, brands, 4) == 0)
            return true;
    return false;
}

static bool is_avif(const file_view *view)
{
    return has_brand(view, "avifavis");
}

static bool is_heic(const file_view *view)
{
    return has_brand(view, "heicheixhevcheimheismif1msf1");
}

static bool is_webp(const file_view *view)
{
    return begins_at(view, 8, "WEBP", 4);
}

/* ---- texts ---- */

static size_t skip_blanks(const file_view *view)
{
    size_t at = begins_at(view, 0, "\xef\xbb\xbf", 3) ? 3 : 0;
    while (at < view->size && isspace(view->bytes[at]))
        at++;
    return at;
}

static bool is_web_page(const file_view *view)
{
    static const char *const starts[] = {"<!doctype html", "<html",  "<head", "<body",
                                         "<script",        "<title", "<meta", "<!--"};
    const size_t at = skip_blanks(view);
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        const size_t length = strlen(starts[i]);
        if (view->size >= at + length &&
            strncasecmp((const char *)view->bytes + at, starts[i], length) == 0)
            return true;
    }
    return false;
}

static bool is_text(const file_view *view)
{
    size_t size = view->size < SG_FILE_KIND_BYTES ? view->size : SG_FILE_KIND_BYTES;
    for (size_t i = 0; i < size; i++)
        if (view->bytes[i] < ' ' && !isspace(view->bytes[i]))
            return false;
    while (size < view->size && size > 0 && (view->bytes[size] & 0xc0) == 0x80)
        size--; /* a character lies across the limit */
    return size > 0 && sg_is_utf8(view->bytes, size, SG_UTF8_STRICT);
}

static bool is_xml(const file_view *view)
{
    const size_t at = skip_blanks(view);
    return at < view->size && view->bytes[at] == '<' && is_text(view);
}

static bool is_json(const file_view *view)
{
    const size_t at = skip_blanks(view);
    return at < view->size && (view->bytes[at] == '{' || view->bytes[at] == '[') && is_text(view);
}

static bool is_empty(const file_view *view)
{
    return view->size == 0;
}

/* ---- the table ---- */

#define AGAIN "download or copy it again"
#define UNPACK "unpack it first"
#define ONLY_PICKLES "of TensorFlow's StyleGANs, the pickles (.pkl) are read"
#define SIGNED(offset_, signature_)                                                                \
    .offset = (offset_), .signature = (signature_), .length = sizeof(signature_) - 1

static const kind_row rows[] = {
    {.test = is_empty, .kind = {"an empty file (0 bytes)", AGAIN}},
    {.test = is_cut_zip,
     .kind = {"a zip archive without its end", AGAIN, SG_FORM_ZIP, .cut_off = true}},
    {.test = is_cut_safetensors,
     .kind = {"a safetensors file without its end", AGAIN, SG_FORM_SAFETENSORS, .cut_off = true}},
    {.test = is_cut_pickle,
     .kind = {"a pickle without its end", AGAIN, SG_FORM_PICKLE, .cut_off = true}},
    {.test = is_web_page,
     .kind = {"a web page (HTML)", "download it again, by the link of the file itself"}},
    {SIGNED(0, "version https://git-lfs"), .kind = {"a Git LFS pointer, which only names the file",
                                                    "fetch the file itself with \"git lfs pull\""}},
    {.test = is_safetensors, .kind = {"a safetensors file", NULL, SG_FORM_SAFETENSORS}},
    {SIGNED(0, "PK\3\4"), .kind = {"a zip archive", NULL, SG_FORM_ZIP}},
    {SIGNED(0, "PK\5\6"), .kind = {"an empty zip archive", NULL, SG_FORM_ZIP}},
    {SIGNED(257, "ustar"), .kind = {"a tar archive", UNPACK, SG_FORM_TAR}},
    {SIGNED(0, "\x1f\x8b"), .kind = {"gzip", UNPACK " (gunzip, or tar -xf for a .tar.gz)"}},
    {SIGNED(0, "BZh"), .kind = {"bzip2", UNPACK}},
    {SIGNED(0, "\xfd"
               "7zXZ"),
     .kind = {"xz", UNPACK}},
    {SIGNED(0, "7z\xbc\xaf\x27\x1c"), .kind = {"a 7z archive", UNPACK}},
    {SIGNED(0, "Rar!\x1a\7"), .kind = {"a RAR archive", UNPACK}},
    {SIGNED(0, "\x28\xb5\x2f\xfd"), .kind = {"Zstandard (.zst)", UNPACK}},
    {SIGNED(0, "\x93NUMPY"), .kind = {"an array of NumPy (.npy), such as w", NULL, SG_FORM_NUMPY}},
    {SIGNED(0, "\x89HDF\r\n\x1a\n"),
     .kind = {"HDF5, such as weights of Keras", "HDF5 is not read"}},
    {SIGNED(16, "\xde\xc0\xef\xbe"), .kind = {"an LMDB database (data.mdb)", NULL}},
    {SIGNED(0, "\0\0\x08\3"), .kind = {"images in IDX, as of MNIST", NULL}},
    {SIGNED(0, "\0\0\x08\1"), .kind = {"labels in IDX, as of MNIST", NULL}},
    {SIGNED(0, "\x89PNG\r\n\x1a\n"), .kind = {"a PNG picture", NULL, SG_FORM_PNG}},
    {SIGNED(0, "\xff\xd8\xff"), .kind = {"a JPEG picture", NULL, SG_FORM_JPEG}},
    {SIGNED(0, "\x89PNG"), .kind = {"a damaged PNG", AGAIN}},
    {SIGNED(0, "\xff\xd8"), .kind = {"a damaged JPEG", AGAIN}},
    {SIGNED(0, "GIF8"), .kind = {"a GIF picture", NULL}},
    {SIGNED(0, "RIFF"), .test = is_webp, .kind = {"a WebP picture", NULL, SG_FORM_WEBP}},
    {SIGNED(0, "RIFF"), .kind = {"sound or video in RIFF", NULL}},
    {SIGNED(0, "II*\0"), .kind = {"a TIFF picture", NULL}},
    {SIGNED(0, "MM\0*"), .kind = {"a TIFF picture", NULL}},
    {SIGNED(0, "8BPS"), .kind = {"a Photoshop picture", NULL}},
    {SIGNED(0, "\0\0\0\x0cjP  "), .kind = {"a JPEG 2000 picture", NULL}},
    {SIGNED(0, "\0\0\0\x0cJXL "), .kind = {"a JPEG XL picture", NULL}},
    {.test = is_avif, .kind = {"an AVIF picture", NULL}},
    {.test = is_heic, .kind = {"a HEIC picture", NULL}},
    {SIGNED(4, "ftyp"), .kind = {"a video (MP4)", NULL}},
    {SIGNED(0, "\x1a\x45\xdf\xa3"), .kind = {"a video (WebM or Matroska)", NULL}},
    {SIGNED(0, "%PDF"), .kind = {"a PDF document", NULL}},
    {.test = is_records,
     .kind = {"TFRecords", "extract the pictures with the program that wrote it"}},
    {.test = is_checkpoint_index, .kind = {"a TensorFlow checkpoint (.index)", ONLY_PICKLES}},
    {.test = is_saved_model, .kind = {"a TensorFlow SavedModel", ONLY_PICKLES}},
    {.test = is_onnx, .kind = {"ONNX", "take the checkpoint that it was exported from"}},
    {.test = is_graph, .kind = {"a TensorFlow graph", ONLY_PICKLES}},
    {.test = is_pickle, .kind = {"a pickle", NULL, SG_FORM_PICKLE}},
    {SIGNED(0, "BM"), .kind = {"a BMP picture", NULL}},
    {SIGNED(0, "\xff\xfe"), .kind = {"a text in UTF-16", NULL}},
    {.test = is_json, .kind = {"JSON", NULL, .text = true}},
    {.test = is_xml, .kind = {"a text in XML", NULL, .text = true}},
    {.test = is_text, .kind = {"a text", NULL, .text = true}},
    {.test = is_unfinished,
     .kind = {"an unfinished download, which begins with zero bytes", AGAIN, .cut_off = true}},
    {.kind = {"something unknown", NULL}},
};

static const kind_row *const unknown = &rows[sizeof rows / sizeof rows[0] - 1];

static bool matches(const kind_row *row, const file_view *view)
{
    return begins_at(view, row->offset, row->signature ? row->signature : "", row->length) &&
           (!row->test || row->test(view));
}

const sg_file_kind *sg_file_kind_of(const unsigned char *bytes, size_t size, bool whole)
{
    const file_view view = {bytes, size, whole};
    const kind_row *row = rows;
    while (!matches(row, &view))
        row++;
    return &row->kind;
}

/* ---- files ---- */

sg_file_form sg_file_form_at(const char *path)
{
    unsigned char bytes[SG_FILE_KIND_BYTES];
    FILE *file = NULL;
    if (sg_input_stream(path, &file, NULL))
        return SG_FORM_OTHER;
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return sg_file_kind_of(bytes, size, false)->form;
}

/* Appends the first words of a text, or as much as a sentence bears. */
static void print_words(const unsigned char *bytes, size_t size, char *text, size_t room)
{
    enum { MOST_QUOTED = 50 };
    const file_view view = {bytes, size, false};
    const size_t start = skip_blanks(&view);
    size_t length = 0;
    while (start + length < size && length < MOST_QUOTED && bytes[start + length] != '\n')
        length++;
    /* No character of several bytes is cut. */
    if (length == MOST_QUOTED)
        while (length > 0 && start + length < size && (bytes[start + length] & 0xc0) == 0x80)
            length--;
    snprintf(text, room, " (\"%.*s\")", (int)length, (const char *)bytes + start);
    sg_text_make_safe(text);
}

/* Writes ": it seems to be KIND; ADVICE" or the like. */
static void explain(const sg_file_kind *kind, const unsigned char *bytes, size_t size, char *text,
                    size_t room)
{
    char words[200] = "";
    if (kind->text)
        print_words(bytes, size, words, sizeof words);
    snprintf(text, room, "it seems to be %s%s%s%s", kind->noun, words, kind->advice ? "; " : "",
             kind->advice ? kind->advice : "");
}

/* Files whose content says nothing, by what their names contain. */
static const sg_file_kind *kind_of_name(const char *path, const sg_file_kind *otherwise)
{
    static const struct {
        const char *part;
        sg_file_kind kind;
    } names[] = {
        {".data-0000", {.noun = "data of a TensorFlow checkpoint", .advice = ONLY_PICKLES}},
        {".ckpt", {.noun = "a TensorFlow checkpoint", .advice = ONLY_PICKLES}},
        {".pb", {.noun = "a TensorFlow graph", .advice = ONLY_PICKLES}},
        {".crdownload", {.noun = "an unfinished download", .advice = AGAIN}},
        {".part", {.noun = "an unfinished download", .advice = AGAIN}},
    };
    const char *name = sg_path_name(path);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strstr(name, names[i].part))
            return &names[i].kind;
    return otherwise;
}

/* Maps the file, and explains what it is. */
static sg_status examine(const char *path, const sg_file_kind **kind, char *text, size_t room,
                         sg_error *error)
{
    static const unsigned char nothing[1];
    struct stat information = {0};
    int descriptor = -1;
    SG_TRY(sg_input_open(path, &descriptor, error));
    sg_file_map *map = sg_file_map_create(descriptor);
    const bool is_empty = fstat(descriptor, &information) == 0 && information.st_size == 0;
    close(descriptor);
    if (!map && !is_empty)
        return sg_fail(error, SG_ERROR_FILE, "%s cannot be mapped into memory", path);
    const unsigned char *bytes = map ? sg_file_map_bytes(map) : nothing;
    const size_t size = map ? sg_file_map_size(map) : 0;
    *kind = sg_file_kind_of(bytes, size, true);
    if (*kind == &unknown->kind)
        *kind = kind_of_name(path, *kind);
    explain(*kind, bytes, size, text, room);
    sg_file_map_release(map);
    return SG_OK;
}

sg_status sg_file_fail_kind(const char *path, const char *wanted, sg_error *error)
{
    char text[500];
    const sg_file_kind *kind = NULL;
    SG_TRY(examine(path, &kind, text, sizeof text, error));
    return sg_fail(error, SG_ERROR_FORMAT, "%s is no %s: %s", path, wanted, text);
}

sg_status sg_file_fail_reading(const char *path, const sg_error *reason, sg_error *error)
{
    char text[500];
    const sg_file_kind *kind = NULL;
    const bool known = reason->status == SG_ERROR_FORMAT &&
                       !examine(path, &kind, text, sizeof text, NULL) && kind && kind->cut_off &&
                       !strstr(reason->message, text);
    return sg_fail(error, reason->status, "%s%s%s", reason->message, known ? ": " : "",
                   known ? text : "");
}
