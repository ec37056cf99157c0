/* CLIP's tokenizer: byte pair encoding (Sennrich et al. 2016) of bytes. */
#ifndef SG_FEATURES_CLIP_BPE_H
#define SG_FEATURES_CLIP_BPE_H

#include <stdint.h>

#include "base/error.h"

typedef struct sg_bpe sg_bpe;

/*
 * Makes a tokenizer of the text of a merges file: after its first line, one merge a line, two
 * symbols with a space between. `vocabulary` is the network's number of tokens: 512 symbols of
 * bytes, a merge each, start and end; 0 takes all merges. Fails, with `name` in the sentence, for
 * lines that are no merges and for fewer merges than the vocabulary has. *bpe (NULL on failure)
 * must be closed.
 */
sg_status sg_bpe_parse(const char *text, size_t size, const char *name, size_t vocabulary,
                       sg_bpe **bpe, sg_error *error);

/* Closes it; NULL is allowed. */
void sg_bpe_close(sg_bpe *bpe);

/* Returns the number of merges. */
size_t sg_bpe_merges(const sg_bpe *bpe);

/* Returns the number of tokens, of which the last two are start and end. */
size_t sg_bpe_vocabulary(const sg_bpe *bpe);

/*
 * Fills row [context] with start, the tokens of the text, end, and zeros. More tokens than fit are
 * an error, or with `truncate` the last one is the end. Fails for texts that are no UTF-8.
 */
sg_status sg_bpe_row(const sg_bpe *bpe, const char *text, size_t context, bool truncate,
                     int32_t *row, sg_error *error);

#endif
