/*
 * The blocks of CLIP's towers, and the tokens of the image tower.
 *
 * Tested by: tests/features/clip/test_clip.c
 */
#include "features/clip/clip_inside.h"
#include "ops/arithmetic.h"
#include "ops/check.h"
#include "ops/layout.h"
#include "ops/reduce.h"
#include "ops/transformer/attention.h"
#include "ops/transformer/dense.h"
#include "ops/transformer/gelu.h"
#include "ops/transformer/layer_norm.h"

static const double norm_epsilon = 1e-5;

static sg_tensor *normalise(sg_tensor *x, const clip_layer *layer)
{
    return sg_layer_norm(x, layer->weight, layer->bias, norm_epsilon);
}

static sg_tensor *first_token(sg_tensor *x)
{
    return sg_slice(x, 1, 0, 1);
}

static sg_tensor *run_block(const sg_clip *clip, const clip_tower *tower, const clip_block *block,
                            sg_tensor *x, bool first_only)
{
    const size_t scope = sg_scope_open(clip->parameters.context);
    sg_tensor *qkv = sg_dense(normalise(x, &block->norm1), block->in.weight, block->in.bias);
    sg_tensor *attended = sg_attention(qkv, tower->sizes.heads, tower->causal);
    if (first_only) {
        attended = first_token(attended);
        x = first_token(x);
    }
    x = sg_add(x, sg_dense(attended, block->out.weight, block->out.bias));
    sg_tensor *hidden =
        sg_dense(normalise(x, &block->norm2), block->expand.weight, block->expand.bias);
    hidden = sg_gelu(hidden, clip->sizes.gelu, 0);
    x = sg_add(x, sg_dense(hidden, block->project.weight, block->project.bias));
    return sg_scope_close(clip->parameters.context, scope, x);
}

sg_tensor *sg_clip_run_blocks(const sg_clip *clip, const clip_tower *tower, sg_tensor *x,
                              int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        x = run_block(clip, tower, &tower->blocks[i], x, false);
    return x;
}

sg_tensor *sg_clip_run_last(const sg_clip *clip, sg_tensor *x)
{
    const clip_tower *tower = &clip->vision;
    return run_block(clip, tower, &tower->blocks[tower->sizes.layers - 1], x, true);
}

sg_tensor *sg_clip_finish(const clip_tower *tower, sg_tensor *x)
{
    return sg_dense(normalise(x, &tower->last), tower->projection, NULL);
}

/* Returns pictures [N, side, side, 3] as patches [N, grid * grid, patch * patch * 3]. */
static sg_tensor *cut_patches(const sg_clip *clip, sg_tensor *pictures)
{
    static const int axes[] = {0, 1, 3, 2, 4, 5};
    const int64_t n = pictures->shape.size[0];
    const int64_t grid = clip->sizes.grid;
    const int64_t patch = clip->sizes.patch;
    sg_tensor *x = sg_reshape(pictures, SG_SHAPE(n, grid, patch, grid, patch, 3));
    return sg_reshape(sg_permute(x, axes), SG_SHAPE(n, grid * grid, patch * patch * 3));
}

/* Fails unless pictures are as the tower takes them. */
static bool check_pictures(const sg_clip *clip, const sg_tensor *pictures)
{
    const int64_t side = (int64_t)sg_clip_image_side(clip);
    if (!pictures || !sg_check_rank("clip_image", pictures, 4))
        return false;
    const int64_t *size = pictures->shape.size;
    if (size[1] == side && size[2] == side && size[3] == 3)
        return true;
    char text[160];
    sg_context_fail(pictures->context, SG_ERROR_SHAPE,
                    "clip_image: pictures are %s, but must be [N, %lld, %lld, 3]",
                    sg_shape_print(&pictures->shape, text), (long long)side, (long long)side);
    return false;
}

/* Returns the tokens before the blocks, normalised. */
static sg_tensor *first_tokens(const sg_clip *clip, sg_tensor *pictures)
{
    const int64_t n = pictures->shape.size[0];
    const int64_t width = clip->sizes.vision.width;
    sg_tensor *class_token =
        sg_broadcast(sg_reshape(clip->class_token, SG_SHAPE(1, 1, width)), SG_SHAPE(n, 1, width));
    sg_tensor *patches = sg_dense(cut_patches(clip, pictures), clip->patches, NULL);
    sg_tensor *tokens = sg_add(sg_concatenate(class_token, patches, 1), clip->vision.positions);
    return normalise(tokens, &clip->first);
}

sg_tensor *sg_clip_image_tokens(const sg_clip *clip, sg_tensor *pictures, int64_t blocks)
{
    const int64_t most = clip->sizes.vision.layers;
    if (!check_pictures(clip, pictures))
        return NULL;
    sg_tensor *tokens = first_tokens(clip, pictures);
    return sg_clip_run_blocks(clip, &clip->vision, tokens, blocks < most ? blocks : most);
}
