/* Foreign files in tests: opened, refused, and walked to the last value. */
#ifndef SUPPORT_DOCUMENTS_H
#define SUPPORT_DOCUMENTS_H

#include "base/text.h"
#include "checkpoint/document.h"
#include "checkpoint/values/value.h"

/* Opens a file; bytes (a copy, freed by close_document). End the test on failure. */
sg_document *open_document(const char *path);
sg_document *open_document_bytes(const unsigned char *bytes, size_t size);
sg_document *open_pickle(const sg_text *pickle);
void close_document(sg_document *document);

/*
 * Opens a copy of the bytes, of exactly their size, and visits every value of the tree up to a
 * depth, reading the numbers of arrays; false when they are refused, which must come with a
 * sentence.
 */
bool survives(const unsigned char *bytes, size_t size);

/* The bytes must be refused with a sentence that holds `part`. */
void assert_bytes_refused(const unsigned char *bytes, size_t size, const char *part);
void assert_pickle_refused(const sg_text *pickle, const char *part);

/* Visits values and reads arrays down to `depth`. */
void visit_value(const sg_value *value, int depth);

/* The value under a text key of a dict; ends the test when there is none. */
const sg_value *entry_of(const sg_value *dict, const char *key);

#endif
