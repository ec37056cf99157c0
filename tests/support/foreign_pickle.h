/* Pieces of pickles as other programs write them: NumPy arrays, dicts, objects. */
#ifndef SUPPORT_FOREIGN_PICKLE_H
#define SUPPORT_FOREIGN_PICKLE_H

#include "support/pickle_writer.h"
#include "tensor/tensor.h"

/* A NumPy array of little-endian floats, in C order. */
void put_array(sg_text *pickle, const int64_t *size, int rank, const float *values);

/* A pair for a dict or for SETITEMS: the key, then the number or the text. */
void put_number_option(sg_text *pickle, const char *key, double number);
void put_text_option(sg_text *pickle, const char *key, const char *text);

/* A persistent object of the official PyTorch programs around what is put between the two: pairs of
 * the state, a dict. */
void put_persistent_start(sg_text *pickle, const char *class_name);
void put_persistent_end(sg_text *pickle);

/* Writes the pickle as a file and clears it; fails the test when that fails. */
void write_pickle(const char *path, sg_text *pickle);

#endif
