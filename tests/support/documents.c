/* See documents.h. */
#include "support/documents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Arrays whose numbers are read; expanded ones can be larger than their file. */
#define LARGEST_READ ((size_t)1 << 20)

/* The bytes behind the document that open_document_bytes opened last. */
static unsigned char *borrowed;

sg_document *open_document(const char *path)
{
    sg_document *document = NULL;
    sg_error error = {0};
    if (sg_document_open(path, &document, &error))
        fail_msg("%s", error.message);
    assert_non_null(sg_document_root(document));
    return document;
}

/* Copies of exactly the size, for the sanitizer to see any read beyond the end. */
static unsigned char *copy_bytes(const unsigned char *bytes, size_t size)
{
    unsigned char *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    if (size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

sg_document *open_document_bytes(const unsigned char *bytes, size_t size)
{
    sg_document *document = NULL;
    sg_error error = {0};
    free(borrowed); /* of a test that failed */
    borrowed = copy_bytes(bytes, size);
    if (sg_document_open_bytes(borrowed, size, "bytes", &document, &error))
        fail_msg("%s", error.message);
    return document;
}

sg_document *open_pickle(const sg_text *pickle)
{
    assert_false(pickle->failed);
    return open_document_bytes((const unsigned char *)pickle->bytes, pickle->length);
}

void close_document(sg_document *document)
{
    sg_document_close(document);
    free(borrowed);
    borrowed = NULL;
}

static void visit_array(const sg_value *value)
{
    sg_value_array array;
    double number;
    int64_t integer;
    assert_true(sg_value_array_of(value, &array));
    sg_value_real(value, &number);
    sg_value_integer(value, &integer);
    if (array.count > LARGEST_READ)
        return;
    float *numbers = malloc((array.count + 1) * sizeof *numbers);
    assert_non_null(numbers);
    assert_true(sg_value_read_floats(value, numbers));
    free(numbers);
}

void visit_value(const sg_value *value, int depth)
{
    char text[200];
    size_t size;
    assert_true(strlen(sg_value_describe(value, text)) < sizeof text);
    const unsigned char *bytes = sg_value_bytes(value, &size);
    if (sg_value_text(value))
        assert_int_equal(strlen(sg_value_text(value)), size);
    else if (bytes && size > 0)
        text[0] = (char)(bytes[0] ^ bytes[size - 1]);
    if (sg_value_kind_of(value) == SG_VALUE_ARRAY)
        visit_array(value);
    for (size_t i = 0; depth > 0 && i < sg_value_count(value) && i < 1000; i++) {
        visit_value(sg_value_key(value, i), depth - 1);
        visit_value(sg_value_item(value, i), depth - 1);
    }
    if (depth > 0 && sg_value_class(value)) {
        visit_value(sg_value_state(value), depth - 1);
        visit_value(sg_value_arguments(value), depth - 1);
    }
}

bool survives(const unsigned char *bytes, size_t size)
{
    unsigned char *copy = copy_bytes(bytes, size);
    sg_document *document = NULL;
    sg_error error = {0};
    sg_status status = sg_document_open_bytes(copy, size, "bytes", &document, &error);
    assert_true((!status) == (document != NULL));
    if (!status)
        visit_value(sg_document_root(document), 6);
    else
        assert_true(strncmp(error.message, "bytes: ", 7) == 0 && strlen(error.message) > 20);
    sg_document_close(document);
    free(copy);
    return !status;
}

void assert_bytes_refused(const unsigned char *bytes, size_t size, const char *part)
{
    unsigned char *copy = copy_bytes(bytes, size);
    sg_document *document = NULL;
    sg_error error = {0};
    if (!sg_document_open_bytes(copy, size, "bytes", &document, &error))
        fail_msg("bytes were opened that should be refused: \"%s\"", part);
    assert_null(document);
    free(copy);
    if (!strstr(error.message, part))
        fail_msg("\"%s\" lacks \"%s\"", error.message, part);
}

void assert_pickle_refused(const sg_text *pickle, const char *part)
{
    assert_false(pickle->failed);
    assert_bytes_refused((const unsigned char *)pickle->bytes, pickle->length, part);
}

const sg_value *entry_of(const sg_value *dict, const char *key)
{
    const sg_value *value = sg_value_find(dict, key);
    if (!value)
        fail_msg("no entry \"%s\"", key);
    return value;
}
