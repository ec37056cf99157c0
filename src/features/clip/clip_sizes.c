/*
 * Sizes of CLIP's towers. The shape of every other tensor follows from them and is checked.
 *
 * Tested by: tests/features/clip/test_clip.c
 */
#include "features/clip/clip_sizes.h"

#include <stdio.h>

enum {
    MOST_LAYERS = 128,
    MOST_WIDTH = 1 << 14,
    MOST_PATCH = 256,
    MOST_GRID = 128,
    MOST_SIDE = 2048, /* pixels */
    MOST_CONTEXT = 1 << 12,
    MOST_VOCABULARY = 1 << 20
};

/* ViT-B/32. */
static const sg_clip_sizes usual_sizes = {.names = SG_CLIP_OPENAI,
                                          .width = 512,
                                          .patch = 32,
                                          .grid = 7,
                                          .vocabulary = 49408,
                                          .vision = {768, 12, 12, 3072, 50},
                                          .text = {512, 12, 8, 2048, 77}};

/* A file whose sizes are being read. */
typedef struct size_reader {
    const sg_feature_tensors *tensors;
    sg_clip_names names;
    sg_error *error;
    sg_status status; /* the first failure */
} size_reader;

/* Returns a size of the tensor that OpenAI calls `name`, 1 to `most`; 1 after a failure. */
static int64_t size_of(size_reader *reader, const char *name, int axis, int64_t most)
{
    char text[SG_CLIP_NAME_BYTES];
    sg_clip_name(reader->names, name, text);
    const int64_t size = sg_feature_tensors_size(reader->tensors, text, axis);
    if (size >= 1 && size <= most)
        return size;
    if (!sg_feature_tensors_find(reader->tensors, text))
        reader->status = sg_fail(reader->error, SG_ERROR_FORMAT, "%s: has no tensor %s",
                                 sg_feature_tensors_path(reader->tensors), text);
    else
        reader->status = sg_fail(reader->error, SG_ERROR_FORMAT,
                                 "%s: axis %d of tensor %s is %lld, but must be 1 to %lld",
                                 sg_feature_tensors_path(reader->tensors), axis, text,
                                 (long long)size, (long long)most);
    return 1;
}

/* Counts the blocks of a tower. */
static int64_t count_layers(size_reader *reader, const char *tower)
{
    int64_t layers = 0;
    for (; layers <= MOST_LAYERS; layers++) {
        char name[SG_CLIP_NAME_BYTES];
        char text[SG_CLIP_NAME_BYTES];
        snprintf(name, sizeof name, "%s%lld.ln_1.weight", tower, (long long)layers);
        sg_clip_name(reader->names, name, text);
        if (!sg_feature_tensors_find(reader->tensors, text))
            break;
    }
    if (layers == 0 || layers > MOST_LAYERS)
        reader->status = sg_fail(reader->error, SG_ERROR_FORMAT,
                                 "%s: has no block of the tower %s, or more than %d",
                                 sg_feature_tensors_path(reader->tensors), tower, MOST_LAYERS);
    return layers;
}

/* Reads the sizes of the image tower; the positions are the class token's and those of a square. */
static void read_vision(size_reader *reader, sg_clip_sizes *sizes)
{
    sg_clip_tower_sizes *tower = &sizes->vision;
    tower->width = size_of(reader, "visual.conv1.weight", 0, MOST_WIDTH);
    tower->layers = count_layers(reader, "visual.transformer.resblocks.");
    tower->hidden =
        size_of(reader, "visual.transformer.resblocks.0.mlp.c_fc.weight", 0, 8 * MOST_WIDTH);
    tower->tokens =
        size_of(reader, "visual.positional_embedding", 0, (int64_t)MOST_GRID * MOST_GRID + 1);
    sizes->patch = size_of(reader, "visual.conv1.weight", 3, MOST_PATCH);
    sizes->width =
        size_of(reader, "visual.proj", reader->names == SG_CLIP_HUGGING_FACE ? 0 : 1, MOST_WIDTH);
    while ((sizes->grid + 1) * (sizes->grid + 1) < tower->tokens)
        sizes->grid++;
    if (!reader->status && (sizes->grid == 0 || sizes->grid * sizes->grid + 1 != tower->tokens))
        reader->status =
            sg_fail(reader->error, SG_ERROR_FORMAT,
                    "%s: the image tower has %lld positions, but must have one more "
                    "than a square number",
                    sg_feature_tensors_path(reader->tensors), (long long)tower->tokens);
    if (!reader->status && sizes->grid * sizes->patch > MOST_SIDE)
        reader->status = sg_fail(reader->error, SG_ERROR_FORMAT,
                                 "%s: takes pictures of %lld pixels, but at most %d are read",
                                 sg_feature_tensors_path(reader->tensors),
                                 (long long)(sizes->grid * sizes->patch), (int)MOST_SIDE);
}

static void read_text(size_reader *reader, sg_clip_sizes *sizes)
{
    sg_clip_tower_sizes *tower = &sizes->text;
    tower->width = size_of(reader, "token_embedding.weight", 1, MOST_WIDTH);
    tower->layers = count_layers(reader, "transformer.resblocks.");
    tower->hidden = size_of(reader, "transformer.resblocks.0.mlp.c_fc.weight", 0, 8 * MOST_WIDTH);
    tower->tokens = size_of(reader, "positional_embedding", 0, MOST_CONTEXT);
    sizes->vocabulary = size_of(reader, "token_embedding.weight", 0, MOST_VOCABULARY);
}

/* Fails unless the heads share a tower's width. */
static sg_status check_heads(const sg_feature_tensors *tensors, const sg_clip_tower_sizes *tower,
                             const char *noun, sg_error *error)
{
    if (tower->width % tower->heads == 0)
        return SG_OK;
    return sg_fail(
        error, SG_ERROR_FORMAT, "%s: the %s tower is %lld wide, which %lld heads cannot share",
        sg_feature_tensors_path(tensors), noun, (long long)tower->width, (long long)tower->heads);
}

sg_status sg_clip_sizes_infer(const sg_feature_tensors *tensors, sg_clip_sizes *sizes,
                              sg_error *error)
{
    if (sg_feature_tensors_are_random(tensors)) {
        *sizes = usual_sizes;
        return SG_OK;
    }
    size_reader reader = {tensors, sg_clip_names_of(tensors), error, SG_OK};
    *sizes = (sg_clip_sizes){.names = reader.names};
    if (sg_clip_is_resnet(tensors))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: is CLIP with a ResNet, but only vision transformers are run: "
                       "ViT-B-32.pt, ViT-B-16.pt, ViT-L-14.pt",
                       sg_feature_tensors_path(tensors));
    if (reader.names == SG_CLIP_UNKNOWN)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: holds no CLIP",
                       sg_feature_tensors_path(tensors));
    read_vision(&reader, sizes);
    read_text(&reader, sizes);
    SG_TRY(reader.status);
    sg_clip_config_apply(tensors, sizes);
    SG_TRY(check_heads(tensors, &sizes->vision, "image", error));
    return check_heads(tensors, &sizes->text, "text", error);
}

void sg_clip_sizes_describe(const sg_clip_sizes *sizes, char *text, size_t size)
{
    static const struct {
        int64_t width;
        const char *name;
    } known[] = {
        {768, "ViT-B"}, {1024, "ViT-L"}, {1280, "ViT-H"}, {1408, "ViT-g"}, {1664, "ViT-bigG"}};
    char name[80];
    snprintf(name, sizeof name, "a vision transformer %lld wide with patches of",
             (long long)sizes->vision.width);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].width == sizes->vision.width)
            snprintf(name, sizeof name, "%s/", known[i].name);
    const bool is_known = name[0] == 'V';
    snprintf(text, size, "%s%s%lld, %lld px, %lld numbers, %s GELU", name, is_known ? "" : " ",
             (long long)sizes->patch, (long long)(sizes->patch * sizes->grid),
             (long long)sizes->width, sizes->gelu == SG_QUICK_GELU ? "quick" : "exact");
}
