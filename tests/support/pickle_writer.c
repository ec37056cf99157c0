/* See pickle_writer.h. */
#include "support/pickle_writer.h"

#include <string.h>

void put_number(sg_text *pickle, uint64_t number, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        char byte = (char)(number >> 8 * i & 0xff);
        sg_text_append_bytes(pickle, &byte, 1);
    }
}

void put_text(sg_text *pickle, const char *text)
{
    PUT(pickle, "X");
    put_number(pickle, strlen(text), 4);
    sg_text_append_bytes(pickle, text, strlen(text));
}

void put_bytes(sg_text *pickle, const void *bytes, size_t size)
{
    PUT(pickle, "B");
    put_number(pickle, size, 4);
    sg_text_append_bytes(pickle, bytes, size);
}

void put_integer(sg_text *pickle, int32_t integer)
{
    PUT(pickle, "J");
    put_number(pickle, (uint32_t)integer, 4);
}

void put_global(sg_text *pickle, const char *module, const char *name)
{
    sg_text_append(pickle, "c%s\n%s\n", module, name);
}

void put_stream_start(sg_text *stream)
{
    PUT(stream, "\x80\x02\x8a\nl\xfc\x9c\x46\xf9 j\xa8P\x19.");
    PUT(stream, "\x80\x02M\xe9\x03.");
    PUT(stream, "\x80\x02}.");
}

void put_storage(sg_text *pickle, const char *class_name, const char *key, int32_t elements)
{
    PUT(pickle, "(");
    put_text(pickle, "storage");
    put_global(pickle, "torch", class_name);
    put_text(pickle, key);
    put_text(pickle, "cpu");
    put_integer(pickle, elements);
    PUT(pickle, "tQ");
}

void put_stream_end(sg_text *stream, const char *key, uint64_t elements, const void *bytes,
                    size_t size)
{
    PUT(stream, "\x80\x02]");
    put_text(stream, key);
    PUT(stream, "a.");
    put_number(stream, elements, 8);
    sg_text_append_bytes(stream, bytes, size);
}
