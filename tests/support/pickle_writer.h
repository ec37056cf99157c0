/* Writes pickles operation by operation, also those that no pickler would write. */
#ifndef SUPPORT_PICKLE_WRITER_H
#define SUPPORT_PICKLE_WRITER_H

#include <stdint.h>

#include "base/text.h"

/* Operations as a literal, zero bytes included. */
#define PUT(text, literal) sg_text_append_bytes(text, literal, sizeof(literal) - 1)

/* A little-endian number of so many bytes. */
void put_number(sg_text *pickle, uint64_t number, size_t bytes);

/* BINUNICODE, BINBYTES and BININT. */
void put_text(sg_text *pickle, const char *text);
void put_bytes(sg_text *pickle, const void *bytes, size_t size);
void put_integer(sg_text *pickle, int32_t integer);

/* GLOBAL */
void put_global(sg_text *pickle, const char *module, const char *name);

/* The three pickles that a torch stream starts with. */
void put_stream_start(sg_text *stream);

/* BINPERSID of ("storage", torch.CLASS, key, "cpu", elements). */
void put_storage(sg_text *pickle, const char *class_name, const char *key, int32_t elements);

/* The list of one storage's key, then its data, with which a torch stream ends. */
void put_stream_end(sg_text *stream, const char *key, uint64_t elements, const void *bytes,
                    size_t size);

#endif
