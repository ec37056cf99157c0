/* Opens a foreign file: maps it, tells the containers apart, and has the tree read. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/allocate.h"
#include "checkpoint/pickle/pickle.h"
#include "checkpoint/torch/torch_file.h"
#include "checkpoint/values/value_tree.h"

sg_status sg_torch_file_read(sg_document *document, const unsigned char *bytes, size_t size,
                             int depth, sg_value **root, sg_error *error)
{
    *root = NULL;
    if (sg_is_zip(bytes, size))
        return sg_torch_archive_read(document, bytes, size, depth, root, error);
    if (sg_is_torch_stream(bytes, size))
        return sg_torch_stream_read(document, bytes, size, depth, root, error);
    return sg_fail(error, SG_ERROR_FORMAT,
                   "%s: %zu bytes within the pickle are neither a torch stream nor a zip archive",
                   document->path, size);
}

/* ---- telling files apart ---- */

/* Whether the first byte can start a pickle: PROTO, or what older protocols start objects with. */
static bool may_be_pickle(const sg_document *document)
{
    static const char starts[] = "\x80(]})cIJKLMFGNSTUVX";
    return memchr(starts, document->bytes[0], sizeof starts - 1);
}

static bool is_tar(const sg_document *document)
{
    return document->size > 262 && memcmp(document->bytes + 257, "ustar", 5) == 0;
}

static sg_status read_pickle(sg_document *document, sg_value **root, sg_error *error)
{
    sg_pickle_source source = {
        .document = document, .bytes = document->bytes, .size = document->size};
    size_t used;
    if (is_tar(document))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: a tar archive, as torch wrote them before 2018, is not read",
                       document->path);
    if (!may_be_pickle(document))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: is no pickle, torch archive or torch stream (it starts with 0x%02x)",
                       document->path, document->bytes[0]);
    return sg_pickle_read(&source, &used, root, error);
}

static sg_status read_tree(sg_document *document, sg_error *error)
{
    sg_value *root = NULL;
    sg_status status;
    if (document->size == 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: the file is empty", document->path);
    sg_tree_start(document);
    if (sg_is_zip(document->bytes, document->size)) {
        document->container = SG_TORCH_ZIP;
        status = sg_torch_file_read(document, document->bytes, document->size, 0, &root, error);
    } else if (sg_is_torch_stream(document->bytes, document->size)) {
        document->container = SG_TORCH_STREAM;
        status = sg_torch_file_read(document, document->bytes, document->size, 0, &root, error);
    } else {
        document->container = SG_PICKLE;
        status = read_pickle(document, &root, error);
    }
    document->root = root;
    return status;
}

/* ---- opening ---- */

static sg_status map_descriptor(sg_document *document, int descriptor, sg_error *error)
{
    struct stat information;
    if (fstat(descriptor, &information) != 0)
        return sg_fail(error, SG_ERROR_FILE, "cannot read %s: %s", document->path, strerror(errno));
    if (!S_ISREG(information.st_mode))
        return sg_fail(error, SG_ERROR_FILE, "cannot read %s: it is %s", document->path,
                       S_ISDIR(information.st_mode) ? "a folder, not a file"
                                                    : "not a regular file");
    if (information.st_size == 0)
        return SG_OK;
    size_t size = (size_t)information.st_size;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (bytes == MAP_FAILED)
        return sg_fail(error, SG_ERROR_FILE, "cannot map %s: %s", document->path, strerror(errno));
    document->bytes = bytes;
    document->size = size;
    document->mapped = true;
    return SG_OK;
}

static sg_status map_file(sg_document *document, sg_error *error)
{
    int descriptor = open(document->path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return sg_fail(error, SG_ERROR_FILE, "cannot open %s: %s", document->path, strerror(errno));
    sg_status status = map_descriptor(document, descriptor, error);
    close(descriptor);
    return status;
}

/* A document with its path; NULL on lack of memory. */
static sg_document *new_document(const char *path)
{
    sg_document *document = sg_allocate(1, sizeof *document);
    char *copy = sg_duplicate_text(path);
    if (!document || !copy) {
        free(document);
        free(copy);
        return NULL;
    }
    document->path = copy;
    return document;
}

/* Hands the document out when all went well, and frees it otherwise. */
static sg_status finish(sg_document *opened, sg_status status, sg_document **document)
{
    if (status) {
        sg_document_close(opened);
        opened = NULL;
    }
    *document = opened;
    return status;
}

sg_status sg_document_open(const char *path, sg_document **document, sg_error *error)
{
    *document = NULL;
    sg_document *opened = new_document(path);
    if (!opened)
        return sg_fail_memory(error, "%s", path);
    sg_status status = map_file(opened, error);
    if (!status)
        status = read_tree(opened, error);
    return finish(opened, status, document);
}

sg_status sg_document_open_bytes(const unsigned char *bytes, size_t size, const char *name,
                                 sg_document **document, sg_error *error)
{
    *document = NULL;
    sg_document *opened = new_document(name);
    if (!opened)
        return sg_fail_memory(error, "%s", name);
    opened->bytes = bytes;
    opened->size = size;
    return finish(opened, read_tree(opened, error), document);
}

void sg_document_close(sg_document *document)
{
    if (!document)
        return;
    sg_tree_end(document);
    if (document->mapped)
        munmap((void *)document->bytes, document->size);
    free(document->path);
    free(document);
}

const char *sg_document_path(const sg_document *document)
{
    return document ? document->path : NULL;
}

sg_container sg_document_container(const sg_document *document)
{
    return document ? document->container : SG_PICKLE;
}

const sg_value *sg_document_root(const sg_document *document)
{
    return document ? document->root : NULL;
}
