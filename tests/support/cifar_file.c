/* The pickle's operations are those in the published files (protocol 2). */
#include "support/cifar_file.h"

#include <string.h>

#include "support/pickle_writer.h"

uint8_t cifar_level(size_t picture, size_t channel, size_t i)
{
    return (uint8_t)(picture * 17 + channel * 80 + i % 32 + i / 32 * 3);
}

static void put_pixels(sg_text *text, size_t picture)
{
    for (size_t c = 0; c < 3; c++)
        for (size_t i = 0; i < 1024; i++)
            put_number(text, cifar_level(picture, c, i), 1);
}

sg_text cifar_records(size_t classes, size_t first, size_t count)
{
    sg_text text = {0};
    for (size_t i = first; i < first + count; i++) {
        if (classes == 100)
            put_number(&text, 7, 1);
        put_number(&text, i, 1);
        put_pixels(&text, i);
    }
    return text;
}

/* SHORT_BINSTRING, a string of Python 2. */
static void put_string(sg_text *text, const char *string)
{
    PUT(text, "U");
    put_number(text, strlen(string), 1);
    sg_text_append_bytes(text, string, strlen(string));
}

static void put_array(sg_text *text, size_t first, size_t count)
{
    put_global(text, "numpy.core.multiarray", "_reconstruct");
    put_global(text, "numpy", "ndarray");
    PUT(text, "K\0\x85");
    put_string(text, "b");
    PUT(text, "\x87R(K\1");
    PUT(text, "M");
    put_number(text, count, 2);
    PUT(text, "M\x00\x0c\x86");
    put_global(text, "numpy", "dtype");
    put_string(text, "u1");
    PUT(text, "K\0K\1\x87R(K\3");
    put_string(text, "|");
    PUT(text, "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89T");
    put_number(text, count * CIFAR_BYTES, 4);
    for (size_t i = first; i < first + count; i++)
        put_pixels(text, i);
    PUT(text, "tb");
}

sg_text cifar_pickle(size_t classes, size_t first, size_t count)
{
    sg_text text = {0};
    PUT(&text, "\x80\x02}(");
    put_string(&text, classes == 100 ? "fine_labels" : "labels");
    PUT(&text, "](");
    for (size_t i = first; i < first + count; i++) {
        PUT(&text, "K");
        put_number(&text, i, 1);
    }
    PUT(&text, "e");
    put_string(&text, "data");
    put_array(&text, first, count);
    PUT(&text, "u.");
    return text;
}
