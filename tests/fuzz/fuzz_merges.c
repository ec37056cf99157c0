/*
 * CLIP's tokenizer: merges files, plain and compressed, for a vocabulary of the input's and for all
 * merges, and texts. The input is a merges file, a zero byte, and a text.
 */
#include <stdlib.h>
#include <string.h>

#include "features/clip/bpe.h"
#include "features/clip/merges_file.h"
#include "fuzz/fuzz.h"

enum { CONTEXT = 20, MOST_TEXT = 4096 };

/* Tokenizes the text; every token must be of the vocabulary, and the first and last its ends. */
static void read_text(const sg_bpe *bpe, const char *text)
{
    for (int truncate = 0; truncate < 2; truncate++) {
        int32_t row[CONTEXT];
        sg_error error = {0};
        const int32_t vocabulary = (int32_t)sg_bpe_vocabulary(bpe);
        if (fuzz_check(sg_bpe_row(bpe, text, CONTEXT, truncate, row, &error), &error))
            continue;
        int32_t ends = 0;
        for (int i = 0; i < CONTEXT; i++) {
            if (row[i] < 0 || row[i] >= vocabulary)
                abort();
            ends += row[i] == vocabulary - 1;
        }
        if (row[0] != vocabulary - 2 || ends == 0)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size > 0 ? memchr(data, 0, size) : NULL;
    const size_t length = end ? (size_t)(end - data) : size;
    char text[MOST_TEXT + 1] = {0};
    sg_bpe *bpe = NULL;
    sg_error error = {0};
    if (end)
        memcpy(text, end + 1, size - length - 1 < MOST_TEXT ? size - length - 1 : MOST_TEXT);
    if (!fuzz_check(sg_bpe_parse((const char *)data, length, "merges.txt", 0, &bpe, &error),
                    &error))
        read_text(bpe, text);
    sg_bpe_close(bpe);
    error = (sg_error){0};
    const char *path = fuzz_file("merges.txt.gz", data, size);
    if (!fuzz_check(sg_merges_read(path, 514 + size % 8, &bpe, &error), &error))
        read_text(bpe, text);
    sg_bpe_close(bpe);
    return 0;
}
