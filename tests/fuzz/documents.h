/* Reading of foreign files into value trees, and a walk over everything in them. */
#ifndef FUZZ_DOCUMENTS_H
#define FUZZ_DOCUMENTS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Opens the document and asks everything of every value that a bounded walk reaches; arrays that
 * are not too large are read. What the answers say must agree.
 */
void fuzz_read_document(const char *name, const uint8_t *data, size_t size);

#endif
