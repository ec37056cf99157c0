/*
 * Names of CLIP's tensors. OpenAI's name is taken apart at its beginning, the tower, and at its
 * end, the layer of a block; each has a row.
 *
 * Tested by: tests/features/clip/test_clip.c
 */
#include "features/clip/clip_names.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* A beginning or an end of a name, by program; NULL: as OpenAI's. */
typedef struct name_row {
    const char *part[SG_CLIP_UNKNOWN];
} name_row;

static const name_row beginnings[] = {
    {{"visual.transformer.resblocks.", NULL, "vision_model.encoder.layers."}},
    {{"visual.class_embedding", NULL, "vision_model.embeddings.class_embedding"}},
    {{"visual.conv1.weight", NULL, "vision_model.embeddings.patch_embedding.weight"}},
    {{"visual.positional_embedding", NULL, "vision_model.embeddings.position_embedding.weight"}},
    {{"visual.ln_pre.", NULL, "vision_model.pre_layrnorm."}},
    {{"visual.ln_post.", NULL, "vision_model.post_layernorm."}},
    {{"visual.proj", NULL, "visual_projection.weight"}},
    {{"transformer.resblocks.", "text.transformer.resblocks.", "text_model.encoder.layers."}},
    {{"token_embedding.weight", "text.token_embedding.weight",
      "text_model.embeddings.token_embedding.weight"}},
    {{"positional_embedding", "text.positional_embedding",
      "text_model.embeddings.position_embedding.weight"}},
    {{"ln_final.", "text.ln_final.", "text_model.final_layer_norm."}},
    {{"text_projection", "text.text_projection", "text_projection.weight"}},
};

static const name_row ends[] = {
    {{".attn.q_proj.", NULL, ".self_attn.q_proj."}},
    {{".attn.k_proj.", NULL, ".self_attn.k_proj."}},
    {{".attn.v_proj.", NULL, ".self_attn.v_proj."}},
    {{".attn.out_proj.", NULL, ".self_attn.out_proj."}},
    {{".ln_1.", NULL, ".layer_norm1."}},
    {{".ln_2.", NULL, ".layer_norm2."}},
    {{".mlp.c_fc.", NULL, ".mlp.fc1."}},
    {{".mlp.c_proj.", NULL, ".mlp.fc2."}},
};

static const char *part_of(const name_row *row, sg_clip_names names)
{
    return row->part[names] ? row->part[names] : row->part[SG_CLIP_OPENAI];
}

void sg_clip_name(sg_clip_names names, const char *name, char text[SG_CLIP_NAME_BYTES])
{
    const char *begin = "";
    const char *middle = name;
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings && middle == name; i++)
        if (sg_has_prefix(name, beginnings[i].part[SG_CLIP_OPENAI])) {
            begin = part_of(&beginnings[i], names);
            middle = name + strlen(beginnings[i].part[SG_CLIP_OPENAI]);
        }
    const char *end = "";
    const char *rest = middle + strlen(middle);
    int length = (int)strlen(middle);
    for (size_t i = 0; i < sizeof ends / sizeof *ends && !*end; i++) {
        const char *at = strstr(middle, ends[i].part[SG_CLIP_OPENAI]);
        if (!at)
            continue;
        end = part_of(&ends[i], names);
        length = (int)(at - middle);
        rest = at + strlen(ends[i].part[SG_CLIP_OPENAI]);
    }
    snprintf(text, SG_CLIP_NAME_BYTES, "%s%.*s%s%s", begin, length, middle, end, rest);
}

sg_clip_names sg_clip_names_of(const sg_feature_tensors *tensors)
{
    int names = SG_CLIP_OPENAI;
    for (; names < SG_CLIP_UNKNOWN; names++) {
        char text[SG_CLIP_NAME_BYTES];
        sg_clip_name((sg_clip_names)names, "token_embedding.weight", text);
        if (sg_feature_tensors_find(tensors, text) &&
            sg_feature_tensors_find(tensors, "logit_scale"))
            break;
    }
    return (sg_clip_names)names;
}

bool sg_clip_is_resnet(const sg_feature_tensors *tensors)
{
    return sg_feature_tensors_find(tensors, "visual.layer1.0.conv1.weight") != NULL;
}
