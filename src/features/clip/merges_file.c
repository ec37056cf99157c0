/*
 * Merges files, through zlib, which reads plain files too.
 *
 * Tested by: tests/features/clip/test_clip.c
 */
#include "features/clip/merges_file.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "base/text.h"
#include "features/feature_files.h"

enum { PIECE = 1 << 16, LARGEST_FILE = 1 << 24 };

/* OpenAI's file; Hugging Face's; OpenAI's, unpacked. */
static const char *const published[] = {"bpe_simple_vocab_16e6.txt.gz", "merges.txt",
                                        "bpe_simple_vocab_16e6.txt"};

/* Looks for a published name in a folder. */
static sg_status find_in(const char *folder, char **path, sg_error *error)
{
    for (size_t i = 0; i < sizeof published / sizeof *published && !*path; i++) {
        *path = sg_path_join(folder, published[i]);
        if (!*path)
            return sg_fail_memory(error, "a path of %s", published[i]);
        if (sg_path_is_regular(*path))
            break;
        free(*path);
        *path = NULL;
    }
    return SG_OK;
}

sg_status sg_merges_find(const char *const *files, size_t count, const char *network, char **path,
                         sg_error *error)
{
    *path = NULL;
    for (size_t i = 0; i < count && !*path; i++)
        if (sg_is_merges_name(files[i])) {
            *path = sg_duplicate_text(files[i]);
            if (!*path)
                return sg_fail_memory(error, "%s", files[i]);
        }
    char *beside = sg_path_folder(network);
    char *data = sg_user_folder(SG_USER_DATA);
    sg_status status = beside ? SG_OK : sg_fail_memory(error, "%s", network);
    if (!status && !*path)
        status = find_in(beside, path, error);
    if (!status && !*path && data)
        status = find_in(data, path, error);
    free(beside);
    free(data);
    if (status) {
        free(*path);
        *path = NULL;
    }
    return status;
}

/* Reads all of a stream, of up to LARGEST_FILE bytes. */
static sg_status read_stream(gzFile stream, const char *path, sg_text *text, sg_error *error)
{
    char piece[PIECE];
    int count = 0;
    while (text->length <= LARGEST_FILE && (count = gzread(stream, piece, sizeof piece)) > 0)
        sg_text_append_bytes(text, piece, (size_t)count);
    if (text->failed)
        return sg_fail_memory(error, "%s", path);
    int code = Z_OK;
    const char *message = gzerror(stream, &code);
    if (count < 0 || code < 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: damaged or incomplete gzip stream (%s)", path,
                       message);
    if (text->length > LARGEST_FILE)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: is longer than %d bytes, which no merges are",
                       path, (int)LARGEST_FILE);
    return SG_OK;
}

/* Reads a file's text, which the caller clears, also after a failure. */
static sg_status read_text(const char *path, sg_text *text, sg_error *error)
{
    gzFile stream = NULL;
    SG_TRY(sg_input_gzip(path, &stream, error));
    const sg_status status = read_stream(stream, path, text, error);
    gzclose(stream);
    return status;
}

sg_status sg_merges_read(const char *path, size_t vocabulary, sg_bpe **bpe, sg_error *error)
{
    sg_text text = {0};
    *bpe = NULL;
    sg_status status = read_text(path, &text, error);
    if (!status)
        status =
            sg_bpe_parse(text.bytes ? text.bytes : "", text.length, path, vocabulary, bpe, error);
    sg_text_clear(&text);
    return status;
}

bool sg_merges_count(const char *path, size_t *merges)
{
    sg_text text = {0};
    sg_bpe *bpe = NULL;
    const bool read = !read_text(path, &text, NULL) && text.bytes;
    const char *version = read ? strstr(text.bytes, "#version") : NULL;
    const bool first = version && version < text.bytes + strcspn(text.bytes, "\n");
    const bool found = first && !sg_bpe_parse(text.bytes, text.length, path, 0, &bpe, NULL);
    if (found)
        *merges = sg_bpe_merges(bpe);
    sg_bpe_close(bpe);
    sg_text_clear(&text);
    return found;
}

sg_status sg_merges_fail_missing(const char *network, sg_error *error)
{
    char *folder = sg_user_folder(SG_USER_DATA);
    const sg_status status =
        sg_fail(error, SG_ERROR_FILE,
                "a file with the merges of CLIP's tokenizer is needed, published as %s or %s: name "
                "the file by \"features\", or put it beside %s or into %s; nothing is downloaded",
                published[0], published[1], network, folder ? folder : "$XDG_DATA_HOME/stylegan");
    free(folder);
    return status;
}
