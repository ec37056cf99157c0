/*
 * Encoders of pixel2style2pixel and encoder4editing, which their checkpoints hold beside the
 * generator: {"state_dict": {"encoder.*", "decoder.*"}, "latent_avg": ..., "opts": {...}}. Names
 * are those of the networks here; sizes follow from them. "opts" tells the kind of the encoder, and
 * of one that tells a single w how many inputs the generator has.
 *
 * Tested by: tests/checkpoint/programs/test_encoder_layout.c
 */
#include <string.h>

#include "base/text.h"
#include "checkpoint/maps/state_dict.h"
#include "models/encoder/encoder_shapes.h"

static const char average_name[] = "latent_avg";

/* ---- tensors ---- */

static bool is_encoder(const sg_foreign_tensors *tensors)
{
    return sg_foreign_tensors_find(tensors, "input_layer.0.weight") &&
           sg_foreign_tensors_find(tensors, "body.0.res_layer.1.weight") &&
           (sg_foreign_tensors_find(tensors, "styles.0.linear.weight") ||
            sg_foreign_tensors_find(tensors, "linear.weight"));
}

static bool find_shape(const void *user, const char *name, sg_shape *shape)
{
    const sg_foreign_tensor *found = sg_foreign_tensors_find(user, name);
    sg_value_array array;
    if (!found || !sg_value_array_of(found->value, &array) || array.rank > SG_MAX_RANK)
        return false;
    *shape = sg_shape_of(array.rank, array.size);
    return true;
}

/* Adds all tensors but PyTorch's counts of batches. */
static sg_status take_tensors(sg_state_dict *dict)
{
    for (size_t i = 0; i < dict->tensors.count; i++) {
        sg_foreign_tensor *item = &dict->tensors.items[i];
        sg_value_array array;
        sg_network_tensor tensor;
        item->taken = true;
        if (sg_has_suffix(item->name, "num_batches_tracked"))
            continue;
        if (!sg_value_array_of(item->value, &array) ||
            !sg_network_tensor_from_array(item->value, SG_AXES_KEPT, array.rank, 0, &tensor))
            return sg_fail(dict->error, SG_ERROR_FORMAT, "%s: the tensor %s is no array of numbers",
                           dict->contents->path, item->name);
        SG_TRY(
            sg_network_contents_add(dict->contents, dict->part, item->name, &tensor, dict->error));
    }
    return SG_OK;
}

static sg_status read_encoder(sg_state_dict *dict)
{
    const sg_encoder_shapes shapes = {find_shape, &dict->tensors};
    sg_encoder_config config = sg_encoder_config_default(SG_ENCODER_PSP);
    sg_error reason = {0};
    if (sg_encoder_config_infer(&shapes, &config, &reason))
        return sg_fail(dict->error, SG_ERROR_FORMAT, "%s, E: %s", dict->contents->path,
                       reason.message);
    SG_TRY(take_tensors(dict));
    dict->contents->parts[dict->part].lacks_derived = true;
    return sg_network_config_add(&dict->contents->config, dict->part, "Encoder",
                                 sg_encoder_config_to_json(&config), dict->contents->path,
                                 dict->error);
}

/* ---- options beside the tensors ---- */

/* Returns the kind that "encoder_type" names; -1 for one that is not known. */
static int kind_of(const sg_value *options)
{
    static const struct {
        const char *name;
        sg_encoder_kind kind;
    } kinds[] = {{"GradualStyleEncoder", SG_ENCODER_PSP},
                 {"Encoder4Editing", SG_ENCODER_E4E},
                 {"ProgressiveBackboneEncoder", SG_ENCODER_E4E},
                 {"BackboneEncoderUsingLastLayerIntoW", SG_ENCODER_W}};
    const char *name = sg_value_text(sg_value_find(options, "encoder_type"));
    for (size_t i = 0; name && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(name, kinds[i].name) == 0)
            return (int)kinds[i].kind;
    return -1;
}

/* Returns the inputs of a StyleGAN2 of the size that the options name; 18, those of 1024 pixels,
 * without one. */
static int inputs_of(const sg_value *options)
{
    static const char *const keys[] = {"stylegan_size", "output_size"};
    int64_t side = 1024;
    int inputs = 0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (sg_value_integer(sg_value_find(options, keys[i]), &side))
            break;
    for (int64_t at = 4; at <= side && at <= 4096; at *= 2)
        inputs += 2;
    return inputs > 0 ? inputs : 18;
}

/* Completes the config by "opts" of the file, and adds the mean of w that codes are relative to. */
static sg_status finish_encoder(const sg_value *root, const sg_value *average,
                                sg_network_contents *contents, sg_error *error)
{
    const sg_value *options = sg_value_find(root, "opts");
    cJSON *entry =
        cJSON_GetObjectItemCaseSensitive(contents->config, sg_network_part_name(SG_PART_E));
    cJSON *arguments = cJSON_GetObjectItemCaseSensitive(entry, "init_kwargs");
    const int kind = kind_of(options);
    sg_encoder_config config;
    sg_network_tensor tensor;
    sg_value_array array;
    if (!arguments || contents->parts[SG_PART_E].count == 0)
        return SG_OK;
    SG_TRY(sg_encoder_config_from_json(arguments, &config, error));
    const bool single = config.kind == SG_ENCODER_W;
    if (kind >= 0 && (kind == SG_ENCODER_W) == single)
        config.kind = (sg_encoder_kind)kind;
    else if (!single && !contents->assumed)
        contents->assumed = "the kind of the encoder, taken as psp";
    if (single)
        config.num_ws = inputs_of(options);
    cJSON *completed = sg_encoder_config_to_json(&config);
    if (!completed || !cJSON_ReplaceItemInObjectCaseSensitive(entry, "init_kwargs", completed))
        return sg_fail_memory(error, "%s", contents->path);
    if (!average || !sg_value_array_of(average, &array) ||
        !sg_network_tensor_from_array(average, SG_AXES_KEPT, array.rank, 0, &tensor))
        return SG_OK;
    return sg_network_contents_add(contents, SG_PART_E, average_name, &tensor, error);
}

const sg_dict_layout sg_encoders_layout = {
    .title = "an encoder with the names of pixel2style2pixel",
    .is_encoder = is_encoder,
    .read = read_encoder,
    .finish = finish_encoder,
};
