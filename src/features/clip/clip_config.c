/*
 * Configurations beside files of CLIP.
 *
 * Tensors do not tell which activation is between them: OpenAI trained with the quick form, LAION's
 * networks have the exact one under the same names.
 *
 * Tested by: tests/features/clip/test_clip.c
 */
#include "features/clip/clip_config.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/file.h"
#include "base/files/input_file.h"

enum { LARGEST_CONFIG = 1 << 20, USUAL_HEAD = 64 };

/* Reads NAME in the folder of the network; NULL if there is none that is an object. */
static cJSON *read_beside(const sg_feature_tensors *tensors, const char *name)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    cJSON *root = NULL;
    char *folder = sg_path_folder(sg_feature_tensors_path(tensors));
    char *path = folder ? sg_path_join(folder, name) : NULL;
    if (path && sg_path_is_regular(path) &&
        !sg_read_file(path, LARGEST_CONFIG, &bytes, &size, NULL))
        root = cJSON_ParseWithLength((const char *)bytes, size);
    free(bytes);
    free(path);
    free(folder);
    return root;
}

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* Takes a number of heads that divides the width. */
static void take_heads(const cJSON *number, sg_clip_tower_sizes *tower)
{
    const double heads = cJSON_GetNumberValue(number);
    if (heads >= 1 && heads <= (double)tower->width && tower->width % (int64_t)heads == 0)
        tower->heads = (int64_t)heads;
}

/* ---- Hugging Face ---- */

static bool apply_hugging_face(const sg_feature_tensors *tensors, sg_clip_sizes *sizes)
{
    cJSON *root = read_beside(tensors, "config.json");
    const cJSON *vision = member(root, "vision_config");
    const char *act = cJSON_GetStringValue(member(vision, "hidden_act"));
    const bool ours = vision || act;
    if (!act)
        act = cJSON_GetStringValue(member(member(root, "text_config"), "hidden_act"));
    if (act && strcmp(act, "quick_gelu") != 0)
        sizes->gelu = SG_EXACT_GELU;
    take_heads(member(vision, "num_attention_heads"), &sizes->vision);
    take_heads(member(member(root, "text_config"), "num_attention_heads"), &sizes->text);
    cJSON_Delete(root);
    return ours;
}

/* ---- open_clip ---- */

static bool apply_open_clip(const sg_feature_tensors *tensors, sg_clip_sizes *sizes)
{
    cJSON *root = read_beside(tensors, "open_clip_config.json");
    const cJSON *model = member(root, "model_cfg");
    const cJSON *vision = member(model, "vision_cfg");
    const double head = cJSON_GetNumberValue(member(vision, "head_width"));
    if (model)
        sizes->gelu = cJSON_IsTrue(member(model, "quick_gelu")) ? SG_QUICK_GELU : SG_EXACT_GELU;
    if (head >= 1 && head <= (double)sizes->vision.width &&
        sizes->vision.width % (int64_t)head == 0)
        sizes->vision.heads = sizes->vision.width / (int64_t)head;
    take_heads(member(member(model, "text_cfg"), "heads"), &sizes->text);
    const bool ours = model != NULL;
    cJSON_Delete(root);
    return ours;
}

/* Applies what is known of open_clip's larger networks, whose heads are wider. */
static void apply_known_heads(sg_clip_tower_sizes *vision)
{
    static const int64_t wide[][2] = {{1280, 80}, {1408, 88}, {1664, 104}};
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (vision->width == wide[i][0])
            vision->heads = vision->width / wide[i][1];
}

static int64_t usual_heads(int64_t width)
{
    return width >= USUAL_HEAD ? width / USUAL_HEAD : 1;
}

void sg_clip_config_apply(const sg_feature_tensors *tensors, sg_clip_sizes *sizes)
{
    const char *name = sg_path_name(sg_feature_tensors_path(tensors));
    sizes->gelu = SG_QUICK_GELU;
    sizes->vision.heads = usual_heads(sizes->vision.width);
    sizes->text.heads = usual_heads(sizes->text.width);
    if (sg_feature_tensors_find(tensors, "input_resolution"))
        return; /* OpenAI's program stores it, open_clip's does not */
    if (sizes->names == SG_CLIP_HUGGING_FACE ? apply_hugging_face(tensors, sizes)
                                             : apply_open_clip(tensors, sizes))
        return;
    const bool open_clip = strstr(name, "open_clip") || strstr(name, "laion");
    if (!open_clip || strstr(name, "openai") || strstr(name, "quickgelu"))
        return;
    sizes->gelu = SG_EXACT_GELU;
    apply_known_heads(&sizes->vision);
}
