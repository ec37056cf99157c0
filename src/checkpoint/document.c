/*
 * Opens a foreign file: maps it, tells the containers apart by their first bytes, and has the tree
 * read.
 *
 * Tested by: tests/checkpoint/pickle/test_pickle.c
 */
#include "checkpoint/document.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/allocate.h"
#include "base/files/file_kind.h"
#include "base/files/input_file.h"
#include "checkpoint/pickle/pickle.h"
#include "checkpoint/safetensors/safetensors_tree.h"
#include "checkpoint/torch/torch_file.h"
#include "checkpoint/values/value_tree.h"

struct sg_document {
    char *path;
    sg_container container;
    bool mapped; /* the tree's bytes must be unmapped */
    sg_value_tree tree;
    sg_value *root;
};

/* ---- telling files apart ---- */

/* True if the first byte can start a pickle: PROTO, or the start of an object in protocol 0 or 1.
 */
static bool may_be_pickle(const sg_value_tree *tree)
{
    static const char starts[] = "\x80(]})cIJKLMFGNSTUVX";
    return memchr(starts, tree->bytes[0], sizeof starts - 1);
}

static sg_status read_pickle(sg_value_tree *tree, sg_value **root, sg_error *error)
{
    const sg_pickle_source source = {.tree = tree,
                                     .bytes = tree->bytes,
                                     .size = tree->size,
                                     .find_callable = sg_torch_find_callable};
    size_t used;
    if (sg_file_kind_of(tree->bytes, tree->size, false)->form == SG_FORM_TAR)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: a tar archive, as torch wrote them before 2018, is not read; if it "
                       "packs a network, unpack it first",
                       tree->path);
    if (!may_be_pickle(tree))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: is no pickle, torch archive or torch stream (it starts with 0x%02x)",
                       tree->path, tree->bytes[0]);
    return sg_pickle_read(&source, &used, root, error);
}

static sg_status read_tree(sg_document *document, sg_error *error)
{
    sg_value_tree *tree = &document->tree;
    if (tree->size == 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: the file is empty", tree->path);
    sg_tree_start(tree);
    tree->read_nested = sg_torch_file_read;
    const size_t start = tree->size < SG_FILE_KIND_BYTES ? tree->size : SG_FILE_KIND_BYTES;
    if (sg_file_kind_of(tree->bytes, start, false)->form == SG_FORM_SAFETENSORS)
        document->container = SG_SAFETENSORS;
    else if (sg_is_zip(tree->bytes, tree->size))
        document->container = SG_TORCH_ZIP;
    else if (sg_is_torch_stream(tree->bytes, tree->size))
        document->container = SG_TORCH_STREAM;
    switch (document->container) {
    case SG_SAFETENSORS:
        return sg_safetensors_read_tree(tree, &document->root, error);
    case SG_PICKLE:
        return read_pickle(tree, &document->root, error);
    case SG_TORCH_ZIP:
    case SG_TORCH_STREAM:
        break;
    }
    return sg_torch_file_read(tree, tree->bytes, tree->size, 0, &document->root, error);
}

/* ---- opening ---- */

static sg_status map_descriptor(sg_document *document, int descriptor, sg_error *error)
{
    struct stat information;
    if (fstat(descriptor, &information) != 0)
        return sg_fail(error, SG_ERROR_FILE, "cannot read %s: %s", document->path, strerror(errno));
    if (information.st_size == 0)
        return SG_OK;
    const size_t size = (size_t)information.st_size;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (bytes == MAP_FAILED)
        return sg_fail(error, SG_ERROR_FILE, "cannot map %s: %s", document->path, strerror(errno));
    document->tree.bytes = bytes;
    document->tree.size = size;
    document->mapped = true;
    return SG_OK;
}

static sg_status map_file(sg_document *document, sg_error *error)
{
    int descriptor = -1;
    SG_TRY(sg_input_open(document->path, &descriptor, error));
    const sg_status status = map_descriptor(document, descriptor, error);
    close(descriptor);
    return status;
}

/* Opens the bytes or, if they are NULL, the file of that name. */
static sg_status open_document(const unsigned char *bytes, size_t size, const char *name,
                               sg_document **document, sg_error *error)
{
    *document = NULL;
    sg_document *opened = sg_allocate(1, sizeof *opened);
    if (opened)
        opened->path = sg_duplicate_text(name);
    if (!opened || !opened->path) {
        free(opened);
        return sg_fail_memory(error, "%s", name);
    }
    opened->tree = (sg_value_tree){.path = opened->path, .bytes = bytes, .size = size};
    sg_status status = bytes ? SG_OK : map_file(opened, error);
    if (!status)
        status = read_tree(opened, error);
    if (status)
        sg_document_close(opened);
    else
        *document = opened;
    return status;
}

sg_status sg_document_open(const char *path, sg_document **document, sg_error *error)
{
    return open_document(NULL, 0, path, document, error);
}

sg_status sg_document_open_bytes(const unsigned char *bytes, size_t size, const char *name,
                                 sg_document **document, sg_error *error)
{
    static const unsigned char nothing[1];
    return open_document(bytes ? bytes : nothing, size, name, document, error);
}

void sg_document_close(sg_document *document)
{
    if (!document)
        return;
    sg_tree_end(&document->tree);
    if (document->mapped)
        munmap((void *)document->tree.bytes, document->tree.size);
    free(document->path);
    free(document);
}

sg_container sg_document_container(const sg_document *document)
{
    return document->container;
}

const sg_value *sg_document_root(const sg_document *document)
{
    return document->root;
}
