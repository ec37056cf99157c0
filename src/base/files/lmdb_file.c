/*
 * A file is a sequence of pages of one size; numbers are little-endian. Every page begins with
 *
 *     offset  size  meaning
 *          0     8  its number
 *         10     2  its kind: branch 1, leaf 2, overflow 4, meta 8
 *         12     2  the end of the list of entries, which begins at 16 and has 2 bytes for each:
 *                   the entry's offset in the page
 *
 * Pages 0 and 1 are meta pages; that of the newer transaction counts. After the head, a meta page
 * has 0xBEEFC0DE, the version 1 (4 bytes each), an address, a size (8 each), two descriptions of
 * databases (48 each: the free pages', whose first 4 bytes are the size of pages, and the main
 * one's), the last page's number and the transaction's (8 each). In a description, the depth of the
 * tree is at 6 (2 bytes) and its root at 40 (8 bytes; all bits set: empty).
 *
 * An entry has a number of 4 bytes (its value's size), flags and the size of its key (2 bytes
 * each), the key, and in a leaf the value, or, with the flag 1, the number of the first of the
 * overflow pages that hold it after one head. In a branch, number and flags are the 48 bits of a
 * page's number.
 */
#include "base/files/lmdb_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/input_file.h"

enum {
    HEAD_BYTES = 16,
    META_BYTES = HEAD_BYTES + 24 + 2 * 48 + 16,
    KIND_AT = 10,
    LIST_END_AT = 12,
    PAGE_BYTES_AT = HEAD_BYTES + 24,
    MAIN_AT = HEAD_BYTES + 24 + 48,
    ROOT_AT = MAIN_AT + 40,
    TRANSACTION_AT = HEAD_BYTES + 24 + 2 * 48 + 8,
    ENTRY_HEAD = 8,
    SMALLEST_ENTRY = ENTRY_HEAD + 2, /* with its place in the list */
    BRANCH = 1,
    LEAF = 2,
    OVERFLOWING = 4,
    LONG_VALUE = 1,
    DATABASE = 2,
    SMALLEST_PAGE = 512,
    LARGEST_PAGE = 32768,
    DEEPEST_TREE = 32
};

#define MAGIC 0xBEEFC0DEU
#define NO_PAGE UINT64_MAX

struct sg_lmdb_file {
    char *path;
    int descriptor;
    uint64_t size; /* of the file */
    size_t page_bytes;
    uint64_t root;
};

/* A walk under way. */
typedef struct lmdb_walk {
    const sg_lmdb_file *file;
    sg_lmdb_visit visit;
    void *user;
    uint64_t pages_left; /* in a tree, no page is visited twice */
} lmdb_walk;

static uint64_t read_number(const unsigned char *bytes, size_t count)
{
    uint64_t number = 0;
    while (count-- > 0)
        number = number << 8 | bytes[count];
    return number;
}

static sg_status fail_damaged(const sg_lmdb_file *file, const char *what, uint64_t page,
                              sg_error *error)
{
    return sg_fail(error, SG_ERROR_FORMAT, "%s: the LMDB file is damaged: %s (page %llu)",
                   file->path, what, (unsigned long long)page);
}

sg_status sg_lmdb_read(const sg_lmdb_file *file, uint64_t offset, void *bytes, size_t size,
                       sg_error *error)
{
    if (offset > file->size || size > file->size - offset)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the LMDB file is truncated: it has %llu bytes, expected at least %llu",
                       file->path, (unsigned long long)file->size,
                       (unsigned long long)(offset + size));
    for (size_t done = 0; done < size;) {
        const ssize_t count = pread(file->descriptor, (unsigned char *)bytes + done, size - done,
                                    (off_t)(offset + done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return sg_fail(error, SG_ERROR_FILE, "cannot read %s: %s", file->path,
                           count < 0 ? strerror(errno) : "the file became shorter");
        done += (size_t)count;
    }
    return SG_OK;
}

/* ---- meta pages ---- */

static bool is_meta(const unsigned char *page)
{
    return read_number(page + HEAD_BYTES, 4) == MAGIC && read_number(page + HEAD_BYTES + 4, 4) == 1;
}

bool sg_lmdb_recognises(const char *path)
{
    unsigned char page[META_BYTES];
    int descriptor = -1;
    if (sg_input_open(path, &descriptor, NULL))
        return false;
    const bool whole = pread(descriptor, page, sizeof page, 0) == (ssize_t)sizeof page;
    close(descriptor);
    return whole && is_meta(page);
}

static sg_status read_meta(sg_lmdb_file *file, sg_error *error)
{
    unsigned char pages[2][META_BYTES];
    SG_TRY(sg_lmdb_read(file, 0, pages[0], META_BYTES, error));
    file->page_bytes = (size_t)read_number(pages[0] + PAGE_BYTES_AT, 4);
    if (!is_meta(pages[0]) || file->page_bytes < SMALLEST_PAGE || file->page_bytes > LARGEST_PAGE ||
        (file->page_bytes & (file->page_bytes - 1)) != 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: is no LMDB file of version 1", file->path);
    SG_TRY(sg_lmdb_read(file, file->page_bytes, pages[1], META_BYTES, error));
    const bool second = is_meta(pages[1]) && read_number(pages[1] + TRANSACTION_AT, 8) >
                                                 read_number(pages[0] + TRANSACTION_AT, 8);
    file->root = read_number(pages[second] + ROOT_AT, 8);
    return SG_OK;
}

static sg_status open_descriptor(sg_lmdb_file *file, sg_error *error)
{
    struct stat information;
    SG_TRY(sg_input_open(file->path, &file->descriptor, error));
    if (fstat(file->descriptor, &information) != 0)
        return sg_fail(error, SG_ERROR_FILE, "cannot open %s: %s", file->path, strerror(errno));
    file->size = (uint64_t)information.st_size;
    return read_meta(file, error);
}

sg_status sg_lmdb_open(const char *path, sg_lmdb_file **file, sg_error *error)
{
    *file = NULL;
    sg_lmdb_file *opened = sg_allocate(1, sizeof *opened);
    if (!opened)
        return sg_fail_memory(error, "%s", path);
    *opened = (sg_lmdb_file){.path = sg_duplicate_text(path), .descriptor = -1};
    const sg_status status =
        opened->path ? open_descriptor(opened, error) : sg_fail_memory(error, "%s", path);
    if (status)
        sg_lmdb_close(opened);
    else
        *file = opened;
    return status;
}

void sg_lmdb_close(sg_lmdb_file *file)
{
    if (!file)
        return;
    if (file->descriptor >= 0)
        close(file->descriptor);
    free(file->path);
    free(file);
}

/* ---- the tree ---- */

static sg_status read_page(const sg_lmdb_file *file, uint64_t number, void *bytes, size_t size,
                           sg_error *error)
{
    if (number >= file->size / file->page_bytes)
        return fail_damaged(file, "a page is beyond the end of the file, or the file is truncated",
                            number, error);
    return sg_lmdb_read(file, number * file->page_bytes, bytes, size, error);
}

/* Finds the place of a value that has pages of its own. */
static sg_status find_long_value(const sg_lmdb_file *file, uint64_t number, sg_lmdb_entry *entry,
                                 sg_error *error)
{
    unsigned char head[HEAD_BYTES];
    SG_TRY(read_page(file, number, head, HEAD_BYTES, error));
    entry->is_long = true;
    entry->offset = number * file->page_bytes + HEAD_BYTES;
    if (!(read_number(head + KIND_AT, 2) & OVERFLOWING) || entry->size > file->size - entry->offset)
        return fail_damaged(file, "a long value is not where its entry says", number, error);
    return SG_OK;
}

/* Visits the entry at `at` of a leaf. */
static sg_status visit_leaf_entry(const lmdb_walk *walk, const unsigned char *page, uint64_t number,
                                  size_t at, sg_error *error)
{
    const sg_lmdb_file *file = walk->file;
    const uint64_t flags = read_number(page + at + 4, 2);
    sg_lmdb_entry entry = {.key = page + at + ENTRY_HEAD,
                           .key_size = (size_t)read_number(page + at + 6, 2),
                           .size = (size_t)read_number(page + at, 4)};
    const size_t value_at = at + ENTRY_HEAD + entry.key_size;
    const size_t inner = flags & LONG_VALUE ? 8 : entry.size;
    if (value_at > file->page_bytes || inner > file->page_bytes - value_at ||
        entry.key_size > SG_LMDB_LONGEST_KEY)
        return fail_damaged(file, "an entry does not fit into its page", number, error);
    if (flags & DATABASE)
        return SG_OK;
    entry.offset = number * file->page_bytes + value_at;
    if (flags & LONG_VALUE)
        SG_TRY(find_long_value(file, read_number(page + value_at, 8), &entry, error));
    return walk->visit(walk->user, &entry, error);
}

static sg_status walk_page(lmdb_walk *walk, uint64_t number, size_t depth, sg_error *error);

static sg_status walk_entries(lmdb_walk *walk, const unsigned char *page, uint64_t number,
                              size_t depth, sg_error *error)
{
    const sg_lmdb_file *file = walk->file;
    const uint64_t kind = read_number(page + KIND_AT, 2);
    const size_t list_end = (size_t)read_number(page + LIST_END_AT, 2);
    if (!(kind & (BRANCH | LEAF)) || list_end < HEAD_BYTES ||
        list_end - HEAD_BYTES > 2 * (file->page_bytes / SMALLEST_ENTRY))
        return fail_damaged(file, "a page of the tree is neither a branch nor a leaf", number,
                            error);
    for (size_t i = HEAD_BYTES; i + 2 <= list_end; i += 2) {
        const size_t at = (size_t)read_number(page + i, 2);
        if (at > file->page_bytes - ENTRY_HEAD)
            return fail_damaged(file, "an entry does not fit into its page", number, error);
        const uint64_t below = read_number(page + at, 6);
        SG_TRY(kind & BRANCH ? walk_page(walk, below, depth + 1, error)
                             : visit_leaf_entry(walk, page, number, at, error));
    }
    return SG_OK;
}

static sg_status walk_page(lmdb_walk *walk, uint64_t number, size_t depth, sg_error *error)
{
    const sg_lmdb_file *file = walk->file;
    if (depth > DEEPEST_TREE || walk->pages_left-- == 0)
        return fail_damaged(file, "its tree has a circle", number, error);
    unsigned char *page = sg_allocate(file->page_bytes, 1);
    if (!page)
        return sg_fail_memory(error, "%s", file->path);
    sg_status status = read_page(file, number, page, file->page_bytes, error);
    if (!status)
        status = walk_entries(walk, page, number, depth, error);
    free(page);
    return status;
}

sg_status sg_lmdb_walk(const sg_lmdb_file *file, sg_lmdb_visit visit, void *user, sg_error *error)
{
    lmdb_walk walk = {
        .file = file, .visit = visit, .user = user, .pages_left = file->size / file->page_bytes};
    return file->root == NO_PAGE ? SG_OK : walk_page(&walk, file->root, 1, error);
}
