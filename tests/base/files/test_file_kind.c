/* What files are: a row of each kind, texts, files without their ends, and URLs. */
#include "base/files/file_kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "support/temporary_folder.h"

/* The bytes of a literal, and their number. */
#define BYTES(text) (text), sizeof(text) - 1

typedef struct sample {
    const char *bytes;
    size_t size;
    const char *noun; /* how it begins */
    sg_file_form form;
} sample;

#define SPACED_TENSOR "{\"a\":{\"dtype\":\"F32\",\"shape\": [1],\"data_offsets\": [0, 4]} }"
#define TENSOR "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"

static const sample samples[] = {
    {BYTES(""), "an empty file", SG_FORM_OTHER},
    {BYTES("\n <!DOCTYPE HTML><html>"), "a web page", SG_FORM_OTHER},
    {BYTES("\xef\xbb\xbf<html>"), "a web page", SG_FORM_OTHER},
    {BYTES("version https://git-lfs.github.com/spec/v1\noid sha256:0"), "a Git LFS pointer",
     SG_FORM_OTHER},
    {BYTES("PK\3\4........"), "a zip archive without its end", SG_FORM_ZIP},
    {BYTES("PK\3\4....PK\5\6------------------"), "a zip archive", SG_FORM_ZIP},
    {BYTES("\x1f\x8b\x08\0"), "gzip", SG_FORM_OTHER},
    {BYTES("BZh91AY"), "bzip2", SG_FORM_OTHER},
    {BYTES("\xfd"
           "7zXZ\0"),
     "xz", SG_FORM_OTHER},
    {BYTES("7z\xbc\xaf\x27\x1c"), "a 7z", SG_FORM_OTHER},
    {BYTES("Rar!\x1a\7\0"), "a RAR", SG_FORM_OTHER},
    {BYTES("\x28\xb5\x2f\xfd"), "Zstandard", SG_FORM_OTHER},
    {BYTES("\x93NUMPY\1\0"), "an array of NumPy", SG_FORM_NUMPY},
    {BYTES("\x89HDF\r\n\x1a\n"), "HDF5", SG_FORM_OTHER},
    {BYTES("\0\0\0\0\0\0\0\0\0\0\x08\0\0\0\0\0\xde\xc0\xef\xbe\1"), "an LMDB", SG_FORM_OTHER},
    {BYTES("\0\0\x08\3\0\0\0\1"), "images in IDX", SG_FORM_OTHER},
    {BYTES("\x89PNG\r\n\x1a\n"), "a PNG", SG_FORM_PNG},
    {BYTES("\x89PNG\n"), "a damaged PNG", SG_FORM_OTHER},
    {BYTES("\xff\xd8\xff\xe0"), "a JPEG", SG_FORM_JPEG},
    {BYTES("\xff\xd8\n"), "a damaged JPEG", SG_FORM_OTHER},
    {BYTES("GIF89a"), "a GIF", SG_FORM_OTHER},
    {BYTES("RIFF\1\2\3\4WEBP"), "a WebP", SG_FORM_WEBP},
    {BYTES("RIFF\1\2\3\4WAVE"), "sound", SG_FORM_OTHER},
    {BYTES("II*\0"), "a TIFF", SG_FORM_OTHER},
    {BYTES("\0\0\0\x1c"
           "ftypavif"),
     "an AVIF", SG_FORM_OTHER},
    {BYTES("\0\0\0\x1c"
           "ftypheic"),
     "a HEIC", SG_FORM_OTHER},
    {BYTES("\0\0\0\x1c"
           "ftypisom"),
     "a video (MP4)", SG_FORM_OTHER},
    {BYTES("\x1a\x45\xdf\xa3"), "a video (WebM", SG_FORM_OTHER},
    {BYTES("%PDF-1.4"), "a PDF", SG_FORM_OTHER},
    /* The length 5, its checksum, and five bytes. */
    {BYTES("\5\0\0\0\0\0\0\0\xea\xb2\x04\x3e"
           "hello"),
     "TFRecords", SG_FORM_OTHER},
    {BYTES("\0\0\0\0\0\1\2\x57\xfb\x80\x8b\x24\x75\x47\xdb"), "a TensorFlow checkpoint",
     SG_FORM_OTHER},
    {BYTES("\x08\1\x12\x80\1\x0a\3abc"), "a TensorFlow SavedModel", SG_FORM_OTHER},
    {BYTES("\x0a\x10\x0a\1x\x12\x0bPlaceholder"), "a TensorFlow graph", SG_FORM_OTHER},
    {BYTES("\x08\7\x12\7pytorch\x1a\3"), "ONNX", SG_FORM_OTHER},
    {BYTES("\x80\2}."), "a pickle", SG_FORM_PICKLE},
    {BYTES("\x80\2}q"), "a pickle without its end", SG_FORM_PICKLE},
    {BYTES("(dp0\n."), "a pickle", SG_FORM_PICKLE},
    {BYTES("cnumpy.core.multiarray\n_reconstruct\np0\n."), "a pickle", SG_FORM_PICKLE},
    {BYTES("\x36\0\0\0\0\0\0\0" TENSOR "\0\0\0\0"), "a safetensors file", SG_FORM_SAFETENSORS},
    {BYTES("\x36\0\0\0\0\0\0\0" TENSOR "\0\0\0"), "a safetensors file without its end",
     SG_FORM_SAFETENSORS},
    {BYTES("\x3a\0\0\0\0\0\0\0" SPACED_TENSOR "\0\0\0"), "a safetensors file without its end",
     SG_FORM_SAFETENSORS},
    {BYTES("\x36\0\0\0\0\0\0\0{\"a\":"), "a safetensors file without its end", SG_FORM_SAFETENSORS},
    {BYTES("{\"a\": 1}"), "JSON", SG_FORM_OTHER},
    {BYTES("<?xml version=\"1.0\"?><Error>"), "a text in XML", SG_FORM_OTHER},
    {BYTES("404: Not Found\n"), "a text", SG_FORM_OTHER},
    {BYTES("\1\2\3"), "something unknown", SG_FORM_OTHER},
};

static void kinds_are_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        const sample *one = &samples[i];
        const sg_file_kind *kind =
            sg_file_kind_of((const unsigned char *)one->bytes, one->size, true);
        char begins[100];
        snprintf(begins, sizeof begins, "%.*s", (int)strlen(one->noun), kind->noun);
        assert_string_equal(begins, one->noun);
        assert_int_equal(kind->form, one->form);
    }
}

/* The start of a file alone cannot tell that its end is missing. */
static void a_start_has_no_end(void **state)
{
    (void)state;
    const sg_file_kind *kind = sg_file_kind_of((const unsigned char *)"PK\3\4....", 8, false);
    assert_string_equal(kind->noun, "a zip archive");
    kind = sg_file_kind_of((const unsigned char *)"\x80\2}q", 4, false);
    assert_string_equal(kind->noun, "a pickle");
}

static void a_tar_and_zeros_are_longer(void **state)
{
    (void)state;
    unsigned char bytes[SG_FILE_KIND_BYTES] = {0};
    const sg_file_kind *kind = sg_file_kind_of(bytes, sizeof bytes, true);
    assert_non_null(strstr(kind->noun, "unfinished download"));
    memcpy(bytes, "name", 4);
    memcpy(bytes + 257, "ustar", 5);
    assert_int_equal(sg_file_kind_of(bytes, sizeof bytes, true)->form, SG_FORM_TAR);
}

/* A character that the limit of what is looked at divides is no reason against a text. */
static void a_long_text_is_a_text(void **state)
{
    (void)state;
    unsigned char bytes[SG_FILE_KIND_BYTES + 1];
    memset(bytes, 'a', sizeof bytes);
    memcpy(bytes + SG_FILE_KIND_BYTES - 1, "\xc3\xa9", 2);
    assert_string_equal(sg_file_kind_of(bytes, sizeof bytes, true)->noun, "a text");
    bytes[SG_FILE_KIND_BYTES - 2] = 0xff;
    assert_string_equal(sg_file_kind_of(bytes, sizeof bytes, true)->noun, "something unknown");
}

/* ---- sentences ---- */

static void check_sentence(const char *path, const char *content, size_t size, const char *expected)
{
    sg_error error = {0};
    assert_int_equal(sg_write_file(path, content, size, NULL), SG_OK);
    assert_int_equal(sg_file_fail_kind(path, "network file", &error), SG_ERROR_FORMAT);
    assert_string_equal(error.message, expected);
}

static void sentences_say_what_to_do(void **state)
{
    (void)state;
    check_sentence("n.pkl", BYTES("<html>"),
                   "n.pkl is no network file: it seems to be a web page (HTML); download it again, "
                   "by the link of the file itself");
    check_sentence("n.pt", BYTES("Entry not found\nmore"),
                   "n.pt is no network file: it seems to be a text (\"Entry not found\")");
    check_sentence("m.ckpt.data-00000-of-00001", BYTES("\1\2\3"),
                   "m.ckpt.data-00000-of-00001 is no network file: it seems to be data of a "
                   "TensorFlow checkpoint; of TensorFlow's StyleGANs, the pickles (.pkl) are read");
}

static void only_a_file_without_its_end_explains_a_failure(void **state)
{
    (void)state;
    const sg_error reason = {SG_ERROR_FORMAT, "n.pkl: byte 4"};
    sg_error error = {0};
    assert_int_equal(sg_write_file("n.pkl", BYTES("\x80\2}q"), NULL), SG_OK);
    assert_int_equal(sg_file_fail_reading("n.pkl", &reason, &error), SG_ERROR_FORMAT);
    assert_string_equal(error.message, "n.pkl: byte 4: it seems to be a pickle without its end; "
                                       "download or copy it again");
    error = (sg_error){0};
    assert_int_equal(sg_write_file("n.pkl", BYTES("\x80\2}."), NULL), SG_OK);
    assert_int_equal(sg_file_fail_reading("n.pkl", &reason, &error), SG_ERROR_FORMAT);
    assert_string_equal(error.message, "n.pkl: byte 4");
    /* What the reader has said already is not said twice. */
    static const unsigned char zeros[4096];
    sg_error said = {0};
    error = (sg_error){0};
    assert_int_equal(sg_write_file("n.pkl", zeros, sizeof zeros, NULL), SG_OK);
    assert_int_equal(sg_file_fail_kind("n.pkl", "network file", &said), SG_ERROR_FORMAT);
    assert_int_equal(sg_file_fail_reading("n.pkl", &said, &error), SG_ERROR_FORMAT);
    assert_string_equal(error.message, said.message);
}

static void forms_are_read_from_files(void **state)
{
    (void)state;
    assert_int_equal(sg_write_file("n.bin", BYTES("\x93NUMPY"), NULL), SG_OK);
    assert_int_equal(sg_file_form_at("n.bin"), SG_FORM_NUMPY);
    assert_int_equal(sg_file_form_at("absent.bin"), SG_FORM_OTHER);
    assert_int_equal(sg_file_form_at("."), SG_FORM_OTHER);
}

static void what_is_no_file_is_said(void **state)
{
    (void)state;
    sg_error error = {0};
    assert_int_equal(sg_file_fail_kind(".", "network file", &error), SG_ERROR_FILE);
    assert_string_equal(error.message, "cannot read .: it is a folder, not a file");
    error = (sg_error){0};
    assert_int_equal(sg_file_fail_kind("https://host/n.pkl", "network file", &error),
                     SG_ERROR_FILE);
    assert_non_null(strstr(error.message, "curl -LO https://host/n.pkl"));
    assert_true(sg_is_url("s3+x.y://bucket"));
    assert_false(sg_is_url("folder//file"));
    assert_false(sg_is_url("://file"));
}

/* The test works in a folder of its own, so that sentences name files without one. */
static int enter_folder(void **state)
{
    return temporary_folder_setup(state) == 0 && chdir(*state) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_told_apart),
        cmocka_unit_test(a_start_has_no_end),
        cmocka_unit_test(a_tar_and_zeros_are_longer),
        cmocka_unit_test(a_long_text_is_a_text),
        cmocka_unit_test(sentences_say_what_to_do),
        cmocka_unit_test(only_a_file_without_its_end_explains_a_failure),
        cmocka_unit_test(forms_are_read_from_files),
        cmocka_unit_test(what_is_no_file_is_said),
    };
    return cmocka_run_group_tests(tests, enter_folder, temporary_folder_teardown);
}
