/*
 * CLIP's text tower. Texts are never on the tape, so embeddings are copied. Attention is causal, so
 * that tokens after the end do not matter, and are left out.
 *
 * Tested by: tests/features/clip/test_clip.c
 */
#include <stdlib.h>

#include "base/allocate.h"
#include "features/clip/clip_inside.h"
#include "features/clip/merges_file.h"

/* Rows of tokens, and where each ends. */
typedef struct token_rows {
    const int32_t *tokens;
    int64_t count, context;
    int64_t *ends;  /* [count] */
    int64_t length; /* of the longest */
} token_rows;

/* Finds the largest token of each row; false (error in the context) for one beyond the vocabulary.
 */
static bool find_ends(const sg_clip *clip, token_rows *rows)
{
    for (int64_t row = 0; row < rows->count; row++) {
        const int32_t *tokens = rows->tokens + row * rows->context;
        int64_t end = 0;
        for (int64_t i = 0; i < rows->context; i++) {
            if (tokens[i] < 0 || tokens[i] >= clip->sizes.vocabulary) {
                sg_context_fail(clip->parameters.context, SG_ERROR_ARGUMENT,
                                "token %lld of text %lld is %d, but must be 0 to %lld",
                                (long long)i, (long long)row, tokens[i],
                                (long long)clip->sizes.vocabulary - 1);
                return false;
            }
            if (tokens[i] > tokens[end])
                end = i;
        }
        rows->ends[row] = end;
        rows->length = end + 1 > rows->length ? end + 1 : rows->length;
    }
    return true;
}

/* Returns embeddings with positions, [count, length, width]. */
static sg_tensor *embed(const sg_clip *clip, const token_rows *rows)
{
    const int64_t width = clip->sizes.text.width;
    sg_tensor *x = sg_tensor_create(clip->parameters.context, clip->parameters.dtype,
                                    SG_SHAPE(rows->count, rows->length, width));
    if (!x || sg_is_hollow(x->context))
        return x;
    for (int64_t i = 0; i < rows->count * rows->length; i++) {
        const int64_t position = i % rows->length;
        const int64_t token = rows->tokens[i / rows->length * rows->context + position];
        for (int64_t c = 0; c < width; c++)
            sg_tensor_set_value(x, i * width + c,
                                sg_tensor_value(clip->words, token * width + c) +
                                    sg_tensor_value(clip->text.positions, position * width + c));
    }
    return x;
}

/* Returns the tokens at the ends, [count, width]. */
static sg_tensor *gather_ends(const token_rows *rows, const sg_tensor *x)
{
    if (!x)
        return NULL;
    const int64_t width = x->shape.size[2];
    sg_tensor *ends = sg_tensor_create(x->context, x->dtype, SG_SHAPE(rows->count, width));
    for (int64_t i = 0; ends && !sg_is_hollow(x->context) && i < rows->count * width; i++) {
        const int64_t row = i / width;
        const int64_t token = row * rows->length + rows->ends[row];
        sg_tensor_set_value(ends, i, sg_tensor_value(x, token * width + i % width));
    }
    return ends;
}

sg_tensor *sg_clip_tokens(const sg_clip *clip, const int32_t *tokens, size_t count)
{
    sg_context *context = clip->parameters.context;
    token_rows rows = {
        .tokens = tokens, .count = (int64_t)count, .context = clip->sizes.text.tokens};
    rows.ends = sg_context_allocate(context, (count + 1) * sizeof *rows.ends, "the texts");
    if (!rows.ends || !find_ends(clip, &rows)) {
        free(rows.ends);
        return NULL;
    }
    const size_t scope = sg_scope_open(context);
    sg_tensor *x =
        sg_clip_run_blocks(clip, &clip->text, embed(clip, &rows), clip->sizes.text.layers);
    x = sg_clip_finish(&clip->text, gather_ends(&rows, x));
    free(rows.ends);
    return sg_scope_close(context, scope, x);
}

/* Fills a row of tokens for each text. */
static sg_status read_texts(const sg_clip *clip, const char *const *texts, size_t count,
                            int32_t *tokens, sg_error *error)
{
    const size_t context = sg_clip_context_length(clip);
    for (size_t i = 0; i < count; i++)
        SG_TRY(sg_bpe_row(clip->bpe, texts[i], context, false, tokens + i * context, error));
    return SG_OK;
}

sg_status sg_clip_texts(const sg_clip *clip, const char *const *texts, size_t count,
                        sg_tensor **features, sg_error *error)
{
    *features = NULL;
    if (!clip->bpe)
        return sg_merges_fail_missing(clip->path, error);
    const size_t context = sg_clip_context_length(clip);
    int32_t *tokens = sg_allocate(count * context + 1, sizeof *tokens);
    if (!tokens)
        return sg_fail_memory(error, "the tokens of %zu texts", count);
    sg_status status = read_texts(clip, texts, count, tokens, error);
    if (!status) {
        *features = sg_clip_tokens(clip, tokens, count);
        status = sg_context_take_error(clip->parameters.context, error);
    }
    free(tokens);
    return status;
}
