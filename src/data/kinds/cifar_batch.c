/*
 * Parts of CIFAR data sets. What a file is follows from its name, and its content is checked.
 * Tested by: tests/data/kinds/test_cifar_dataset.c
 */
#include "data/kinds/cifar_batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/text.h"
#include "checkpoint/document.h"

enum { SMALL_CLASSES = 10, LARGE_CLASSES = 100 };

/* A file by its name. */
typedef struct cifar_row {
    const char *name;
    sg_cifar_role role;
    size_t classes;
    bool is_binary;
} cifar_row;

static const cifar_row rows[] = {
    {"data_batch_1", SG_CIFAR_TRAINING, SMALL_CLASSES, false},
    {"data_batch_2", SG_CIFAR_TRAINING, SMALL_CLASSES, false},
    {"data_batch_3", SG_CIFAR_TRAINING, SMALL_CLASSES, false},
    {"data_batch_4", SG_CIFAR_TRAINING, SMALL_CLASSES, false},
    {"data_batch_5", SG_CIFAR_TRAINING, SMALL_CLASSES, false},
    {"test_batch", SG_CIFAR_TEST, SMALL_CLASSES, false},
    {"batches.meta", SG_CIFAR_NAMES, SMALL_CLASSES, false},
    {"data_batch_1.bin", SG_CIFAR_TRAINING, SMALL_CLASSES, true},
    {"data_batch_2.bin", SG_CIFAR_TRAINING, SMALL_CLASSES, true},
    {"data_batch_3.bin", SG_CIFAR_TRAINING, SMALL_CLASSES, true},
    {"data_batch_4.bin", SG_CIFAR_TRAINING, SMALL_CLASSES, true},
    {"data_batch_5.bin", SG_CIFAR_TRAINING, SMALL_CLASSES, true},
    {"test_batch.bin", SG_CIFAR_TEST, SMALL_CLASSES, true},
    {"batches.meta.txt", SG_CIFAR_NAMES, SMALL_CLASSES, true},
    {"train", SG_CIFAR_TRAINING, LARGE_CLASSES, false},
    {"test", SG_CIFAR_TEST, LARGE_CLASSES, false},
    {"meta", SG_CIFAR_NAMES, LARGE_CLASSES, false},
    {"train.bin", SG_CIFAR_TRAINING, LARGE_CLASSES, true},
    {"test.bin", SG_CIFAR_TEST, LARGE_CLASSES, true},
    {"fine_label_names.txt", SG_CIFAR_NAMES, LARGE_CLASSES, true},
};

/* Returns the row of a file's name, or NULL. */
static const cifar_row *find_row(const char *path)
{
    const char *name = sg_path_name(path);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

sg_cifar_role sg_cifar_role_of(const char *path)
{
    const cifar_row *row = find_row(path);
    return row ? row->role : SG_CIFAR_OTHER;
}

/* Makes room for `count` more pictures. */
static sg_status grow(const char *path, size_t count, sg_cifar_pictures *pictures, sg_error *error)
{
    const size_t total = pictures->count + count;
    uint8_t *pixels = sg_reallocate(pictures->pixels, total, SG_CIFAR_BYTES);
    if (pixels)
        pictures->pixels = pixels;
    uint8_t *labels = sg_reallocate(pictures->labels, total, 1);
    if (labels)
        pictures->labels = labels;
    return pixels && labels ? SG_OK : sg_fail_memory(error, "the pictures of %s", path);
}

static sg_status add_label(const char *path, int64_t label, sg_cifar_pictures *pictures,
                           sg_error *error)
{
    if (label < 0 || label >= (int64_t)pictures->classes)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: a class of its pictures is %lld, but must be from 0 to %zu", path,
                       (long long)label, pictures->classes - 1);
    pictures->labels[pictures->count] = (uint8_t)label;
    return SG_OK;
}

static sg_status append_records(const char *path, const unsigned char *bytes, size_t size,
                                sg_cifar_pictures *pictures, sg_error *error)
{
    const size_t label_bytes = pictures->classes == LARGE_CLASSES ? 2 : 1;
    const size_t record = label_bytes + SG_CIFAR_BYTES;
    const size_t count = size / record;
    if (count == 0 || size % record != 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: has %zu bytes, expected a multiple of %zu (the pictures of CIFAR-%zu)",
                       path, size, record, pictures->classes);
    SG_TRY(grow(path, count, pictures, error));
    for (size_t i = 0; i < count; i++, bytes += record) {
        SG_TRY(add_label(path, bytes[label_bytes - 1], pictures, error));
        memcpy(pictures->pixels + pictures->count * SG_CIFAR_BYTES, bytes + label_bytes,
               SG_CIFAR_BYTES);
        pictures->count++;
    }
    return SG_OK;
}

/* Finds the value under a key of text, or of bytes as Python 3 has the keys of Python 2 after
 * loading with encoding='bytes'. */
static const sg_value *find_entry(const sg_value *dict, const char *key)
{
    const sg_value *found = sg_value_find(dict, key);
    for (size_t i = 0; !found && i < sg_value_count(dict) && i < SG_VALUE_MOST_SEARCHED; i++) {
        size_t size = 0;
        const unsigned char *bytes = sg_value_bytes(sg_value_key(dict, i), &size);
        if (bytes && size == strlen(key) && memcmp(bytes, key, size) == 0)
            found = sg_value_item(dict, i);
    }
    return found;
}

/* Appends the pictures in the pickle's value. */
static sg_status append_value(const char *path, const sg_value *root, sg_cifar_pictures *pictures,
                              sg_error *error)
{
    char found[200];
    sg_value_array layout = {0};
    const sg_value *data = find_entry(root, "data");
    const sg_value *labels =
        find_entry(root, pictures->classes == LARGE_CLASSES ? "fine_labels" : "labels");
    const uint8_t *pixels = sg_value_array_bytes(data);
    if (!pixels || !sg_value_array_of(data, &layout) || layout.count == 0 ||
        layout.count % SG_CIFAR_BYTES != 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: its entry data is %s, expected an array of bytes [N, %d]", path,
                       sg_value_describe(data, found), SG_CIFAR_BYTES);
    const size_t count = layout.count / SG_CIFAR_BYTES;
    if (sg_value_count(labels) != count)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: its labels are %s, expected a list of %zu",
                       path, sg_value_describe(labels, found), count);
    SG_TRY(grow(path, count, pictures, error));
    for (size_t i = 0; i < count; i++) {
        int64_t label = -1;
        if (!sg_value_integer(sg_value_item(labels, i), &label))
            label = -1;
        SG_TRY(add_label(path, label, pictures, error));
        memcpy(pictures->pixels + pictures->count * SG_CIFAR_BYTES, pixels + i * SG_CIFAR_BYTES,
               SG_CIFAR_BYTES);
        pictures->count++;
    }
    return SG_OK;
}

sg_status sg_cifar_append(const char *path, const unsigned char *bytes, size_t size,
                          sg_cifar_pictures *pictures, sg_error *error)
{
    const cifar_row *row = find_row(path);
    sg_document *document = NULL;
    if (!row || (pictures->classes != 0 && pictures->classes != row->classes))
        return sg_fail(error, SG_ERROR_FORMAT, "%s: is no part of CIFAR-%zu, as others are", path,
                       pictures->classes);
    pictures->classes = row->classes;
    if (row->is_binary)
        return append_records(path, bytes, size, pictures, error);
    SG_TRY(sg_document_open_bytes(bytes, size, path, &document, error));
    const sg_status status = append_value(path, sg_document_root(document), pictures, error);
    sg_document_close(document);
    return status;
}

/* ---- names ---- */

static void clear_names(sg_cifar_pictures *pictures)
{
    for (size_t i = 0; i < pictures->classes && pictures->names; i++)
        free(pictures->names[i]);
    free(pictures->names);
    pictures->names = NULL;
}

/* Reads lines of text; returns how many there are, of which the first `classes` are kept. */
static size_t split_lines(const unsigned char *bytes, size_t size, sg_cifar_pictures *pictures)
{
    size_t count = 0;
    for (size_t at = 0; at < size;) {
        const unsigned char *end = memchr(bytes + at, '\n', size - at);
        size_t length = end ? (size_t)(end - bytes) - at : size - at;
        const size_t next = at + length + 1;
        while (length > 0 && (bytes[at + length - 1] == '\r' || bytes[at + length - 1] == ' '))
            length--;
        if (length > 0 && count < pictures->classes)
            pictures->names[count] = strndup((const char *)bytes + at, length);
        count += length > 0 ? 1 : 0;
        at = next;
    }
    return count;
}

/* Reads a pickle's list of texts. */
static size_t copy_items(const char *path, const unsigned char *bytes, size_t size,
                         sg_cifar_pictures *pictures)
{
    sg_document *document = NULL;
    if (sg_document_open_bytes(bytes, size, path, &document, NULL))
        return 0;
    const bool fine = pictures->classes == LARGE_CLASSES;
    const sg_value *list =
        find_entry(sg_document_root(document), fine ? "fine_label_names" : "label_names");
    const size_t count = sg_value_count(list);
    for (size_t i = 0; i < count && i < pictures->classes; i++) {
        size_t length = 0;
        const unsigned char *name = sg_value_bytes(sg_value_item(list, i), &length);
        pictures->names[i] = strndup(name ? (const char *)name : "?", name ? length : 1);
    }
    sg_document_close(document);
    return count;
}

sg_status sg_cifar_read_names(const char *path, const unsigned char *bytes, size_t size,
                              sg_cifar_pictures *pictures, sg_error *error)
{
    const cifar_row *row = find_row(path);
    if (pictures->classes == 0 && row)
        pictures->classes = row->classes;
    if (!row || row->classes != pictures->classes || pictures->names)
        return SG_OK;
    pictures->names = sg_allocate(row->classes, sizeof *pictures->names);
    if (!pictures->names)
        return sg_fail_memory(error, "the names in %s", path);
    const size_t count = row->is_binary ? split_lines(bytes, size, pictures)
                                        : copy_items(path, bytes, size, pictures);
    if (count != row->classes) {
        clear_names(pictures);
        return SG_OK;
    }
    for (size_t i = 0; i < count; i++)
        if (!pictures->names[i])
            return sg_fail_memory(error, "the names in %s", path);
    return SG_OK;
}

void sg_cifar_clear(sg_cifar_pictures *pictures)
{
    clear_names(pictures);
    free(pictures->pixels);
    free(pictures->labels);
    *pictures = (sg_cifar_pictures){0};
}
