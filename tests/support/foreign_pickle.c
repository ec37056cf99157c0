/* See foreign_pickle.h. */
#include "support/foreign_pickle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"

void put_array(sg_text *pickle, const int64_t *size, int rank, const float *values)
{
    size_t count = 1;
    put_global(pickle, "numpy.core.multiarray", "_reconstruct");
    PUT(pickle, "(");
    put_global(pickle, "numpy", "ndarray");
    PUT(pickle, "(K\x00tC\x01"
                "btR(K\x01(");
    for (int i = 0; i < rank; i++) {
        put_integer(pickle, (int32_t)size[i]);
        count *= (size_t)size[i];
    }
    PUT(pickle, "t");
    put_global(pickle, "numpy", "dtype");
    PUT(pickle, "(");
    put_text(pickle, "f4");
    PUT(pickle, "\x89\x88tR(K\x03");
    put_text(pickle, "<");
    PUT(pickle, "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89");
    put_bytes(pickle, values, count * sizeof *values);
    PUT(pickle, "tb");
}

void put_number_option(sg_text *pickle, const char *key, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    put_text(pickle, key);
    if (number == (double)(int32_t)number) {
        put_integer(pickle, (int32_t)number);
        return;
    }
    PUT(pickle, "G");
    for (int i = 7; i >= 0; i--)
        put_number(pickle, bits >> 8 * i & 0xff, 1);
}

void put_text_option(sg_text *pickle, const char *key, const char *text)
{
    put_text(pickle, key);
    put_text(pickle, text);
}

void put_persistent_start(sg_text *pickle, const char *class_name)
{
    put_global(pickle, "torch_utils.persistence", "_reconstruct_persistent_obj");
    PUT(pickle, "(}(");
    put_text_option(pickle, "type", "class");
    put_number_option(pickle, "version", 6);
    put_text_option(pickle, "module_src", "# omitted");
    put_text_option(pickle, "class_name", class_name);
    put_text(pickle, "state");
    PUT(pickle, "}(");
}

void put_persistent_end(sg_text *pickle)
{
    PUT(pickle, "uutR");
}

void write_pickle(const char *path, sg_text *pickle)
{
    sg_error error = {0};
    assert_false(pickle->failed);
    assert_int_equal(sg_write_file(path, pickle->bytes, pickle->length, &error), SG_OK);
    sg_text_clear(pickle);
}
