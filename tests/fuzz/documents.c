#include "fuzz/documents.h"
#include "checkpoint/document.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "checkpoint/values/value.h"
#include "fuzz/fuzz.h"

enum { DEEPEST = 64, MOST_VALUES = 5000, MOST_ELEMENTS = 1 << 14, DESCRIPTION_BYTES = 200 };

/* A tree may refer to the same value in many places, and to itself, so the walk counts its steps.
 */
typedef struct tree_walk {
    size_t visited;
    int depth;
} tree_walk;

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void read_scalars(const sg_value *value)
{
    bool truth = false;
    int64_t integer = 0;
    double real = 0.0;
    size_t size = 0;
    char description[DESCRIPTION_BYTES];
    if (sg_value_bool(value, &truth))
        require(sg_value_integer(value, &integer) && integer == (truth ? 1 : 0));
    if (sg_value_integer(value, &integer))
        require(sg_value_real(value, &real));
    const char *text = sg_value_text(value);
    const unsigned char *bytes = sg_value_bytes(value, &size);
    if (text)
        require(bytes && strlen(text) == size && sg_value_is_text(value, text));
    volatile unsigned char last = bytes && size > 0 ? bytes[size - 1] : 0;
    (void)last;
    require(strlen(sg_value_describe(value, description)) < DESCRIPTION_BYTES);
}

static void read_array(const sg_value *value)
{
    sg_value_array array;
    if (!sg_value_array_of(value, &array))
        return;
    size_t count = 1;
    for (int i = 0; i < array.rank; i++)
        require(sg_size_multiply(count, (size_t)array.size[i], &count));
    require(count == array.count);
    float *numbers = count <= MOST_ELEMENTS ? sg_allocate(count + 1, sizeof *numbers) : NULL;
    if (numbers)
        require(sg_value_read_floats(value, numbers));
    free(numbers);
}

static void visit(tree_walk *walk, const sg_value *value)
{
    if (!value || walk->visited >= MOST_VALUES || walk->depth >= DEEPEST)
        return;
    walk->visited++;
    walk->depth++;
    read_scalars(value);
    read_array(value);
    const char *class_name = sg_value_class(value);
    require(!class_name || strlen(class_name) > 0);
    const size_t count = sg_value_count(value);
    for (size_t i = 0; i < count && walk->visited < MOST_VALUES; i++) {
        const char *key = sg_value_text(sg_value_key(value, i));
        require(!key || sg_value_find(value, key));
        visit(walk, sg_value_key(value, i));
        visit(walk, sg_value_item(value, i));
    }
    require(!sg_value_item(value, count));
    visit(walk, sg_value_state(value));
    visit(walk, sg_value_arguments(value));
    walk->depth--;
}

void fuzz_read_document(const char *name, const uint8_t *data, size_t size)
{
    sg_error error = {0};
    sg_document *document = NULL;
    const sg_status status = sg_document_open_bytes(data, size, name, &document, &error);
    if (!fuzz_check(status, &error)) {
        tree_walk whole = {0};
        require(sg_document_root(document));
        visit(&whole, sg_document_root(document));
    } else {
        require(!document);
    }
    sg_document_close(document);
}
