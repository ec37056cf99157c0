/* Zip archives over libzip; see zip_archive.h. */
#include "base/files/zip_archive.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <zip.h>

#include "base/allocate.h"

/* Deflate cannot pack more than this many bytes into one. */
#define LARGEST_DEFLATE_RATIO 1032

struct sg_zip_archive {
    char *path;
    uint64_t size; /* bytes of the archive's file */
    zip_t *zip;
};

static sg_status open_archive(sg_zip_archive *archive, sg_error *error)
{
    struct stat information;
    int code = 0;
    if (!archive->path)
        return sg_fail_memory(error, "an archive");
    if (stat(archive->path, &information) == 0)
        archive->size = (uint64_t)information.st_size;
    archive->zip = zip_open(archive->path, ZIP_RDONLY, &code);
    if (archive->zip)
        return SG_OK;
    zip_error_t reason;
    zip_error_init_with_code(&reason, code);
    const sg_status status = code == ZIP_ER_OPEN || code == ZIP_ER_READ || code == ZIP_ER_NOENT
                                 ? SG_ERROR_FILE
                                 : SG_ERROR_FORMAT;
    sg_fail(error, status, "%s: cannot be opened as a zip archive: %s", archive->path,
            zip_error_strerror(&reason));
    zip_error_fini(&reason);
    return status;
}

sg_status sg_zip_open(const char *path, sg_zip_archive **archive, sg_error *error)
{
    *archive = NULL;
    sg_zip_archive *opened = sg_allocate(1, sizeof *opened);
    if (!opened)
        return sg_fail_memory(error, "%s", path);
    opened->path = sg_duplicate_text(path);
    const sg_status status = open_archive(opened, error);
    if (status) {
        sg_zip_close(opened);
        return status;
    }
    *archive = opened;
    return SG_OK;
}

void sg_zip_close(sg_zip_archive *archive)
{
    if (!archive)
        return;
    if (archive->zip)
        zip_discard(archive->zip);
    free(archive->path);
    free(archive);
}

size_t sg_zip_count(const sg_zip_archive *archive)
{
    const zip_int64_t count = zip_get_num_entries(archive->zip, 0);
    return count > 0 ? (size_t)count : 0;
}

const char *sg_zip_name(const sg_zip_archive *archive, size_t index)
{
    return zip_get_name(archive->zip, index, 0);
}

static sg_status fail_entry(const sg_zip_archive *archive, size_t index, const char *reason,
                            sg_error *error)
{
    const char *name = sg_zip_name(archive, index);
    return sg_fail(error, SG_ERROR_FORMAT, "%s/%.255s: cannot be read from the archive: %s",
                   archive->path, name ? name : "?", reason);
}

/* The entry's size in *size, when the archive can really hold it. */
static sg_status check_entry(const sg_zip_archive *archive, size_t index, size_t largest,
                             size_t *size, sg_error *error)
{
    zip_stat_t entry;
    if (zip_stat_index(archive->zip, index, 0, &entry) != 0)
        return fail_entry(archive, index, zip_strerror(archive->zip), error);
    const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    if ((entry.valid & needed) != needed || entry.comp_size > archive->size ||
        entry.size / LARGEST_DEFLATE_RATIO > entry.comp_size)
        return fail_entry(archive, index, "its size is more than the archive can hold", error);
    if (entry.size > largest) {
        char reason[80];
        snprintf(reason, sizeof reason, "it is larger than the %zu bytes that are read", largest);
        return fail_entry(archive, index, reason, error);
    }
    *size = (size_t)entry.size;
    return SG_OK;
}

/*
 * Reads `wanted` of the entry's bytes; when these are `all`, also its end, where libzip compares
 * the checksum.
 */
static sg_status read_entry(const sg_zip_archive *archive, size_t index, zip_file_t *file,
                            unsigned char *bytes, size_t wanted, bool all, sg_error *error)
{
    size_t got = 0;
    unsigned char beyond;
    zip_int64_t count = 1;
    while (got < wanted && count > 0) {
        count = zip_fread(file, bytes + got, wanted - got);
        got += count > 0 ? (size_t)count : 0;
    }
    if (count >= 0 && got == wanted && all)
        count = zip_fread(file, &beyond, 1);
    if (count < 0)
        return fail_entry(archive, index, zip_file_strerror(file), error);
    return got == wanted ? SG_OK : fail_entry(archive, index, "it ends early: truncated", error);
}

sg_status sg_zip_read(sg_zip_archive *archive, size_t index, size_t limit, size_t largest,
                      unsigned char **bytes, size_t *size, sg_error *error)
{
    *bytes = NULL;
    *size = 0;
    size_t whole = 0;
    sg_status status = check_entry(archive, index, largest, &whole, error);
    if (status)
        return status;
    const size_t wanted = whole < limit ? whole : limit;
    unsigned char *content = sg_allocate(wanted + 1, 1);
    if (!content)
        return sg_fail_memory(error, "%s", archive->path);
    zip_file_t *file = zip_fopen_index(archive->zip, index, 0);
    if (!file) {
        status = fail_entry(archive, index, zip_strerror(archive->zip), error);
    } else {
        status = read_entry(archive, index, file, content, wanted, wanted == whole, error);
        zip_fclose(file);
    }
    if (status) {
        free(content);
        return status;
    }
    *bytes = content;
    *size = wanted;
    return SG_OK;
}
