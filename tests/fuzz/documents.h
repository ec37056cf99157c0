/* Reads foreign files into value trees, and walks over all their values. */
#ifndef FUZZ_DOCUMENTS_H
#define FUZZ_DOCUMENTS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Opens the document and calls every function on every value that a bounded walk reaches; arrays
 * that are not too large are read. The results must agree.
 */
void fuzz_read_document(const char *name, const uint8_t *data, size_t size);

#endif
