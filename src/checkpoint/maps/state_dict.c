/*
 * What the layouts of state dicts share: filters, keywords from sizes, and the taking of tensors.
 *
 * Tested by: tests/checkpoint/maps/test_rosinality_layout.c
 */
#include "checkpoint/maps/state_dict.h"

#include <math.h>

#include "base/fields.h"
#include "base/text.h"

/* ---- sentences ---- */

sg_status sg_state_dict_refuse(const sg_state_dict *dict, const char *reason)
{
    return sg_network_contents_refuse(dict->contents, dict->part, dict->error, "%.150s: %s %s",
                                      dict->contents->path, sg_network_part_name(dict->part),
                                      reason);
}

/* ---- filters ---- */

/* Reads the square, the first one if there is one for each channel; returns its side, 0 unless it
 * is a square of few taps. */
static int read_square(const sg_foreign_tensor *found, float *square)
{
    sg_network_tensor tensor;
    bool is_square =
        sg_network_tensor_from_array(found->value, SG_AXES_FIRST_ROW, 2, 0.0, &tensor) &&
        tensor.size[0] == tensor.size[1] && tensor.size[0] <= SG_MAX_FILTER_TAPS;
    tensor.name = found->name;
    return is_square && !sg_network_tensor_read_floats(&tensor, square, NULL) ? (int)tensor.size[0]
                                                                              : 0;
}

sg_status sg_state_dict_measure_filter(sg_state_dict *dict, const char *name, sg_dict_sizes *sizes)
{
    float square[SG_MAX_FILTER_TAPS * SG_MAX_FILTER_TAPS];
    const sg_foreign_tensor *found = sg_foreign_tensors_find(&dict->tensors, name);
    if (!found)
        return SG_OK;
    const int taps = read_square(found, square);
    if (taps == 0)
        return sg_state_dict_refuse(dict, "has a resampling filter that is no square of up to 16 "
                                          "taps");
    double sums[SG_MAX_FILTER_TAPS] = {0};
    double total = 0.0;
    double worst = 0.0;
    for (int i = 0; i < taps * taps; i++) {
        sums[i / taps] += (double)square[i];
        total += (double)square[i];
    }
    for (int i = 0; i < taps * taps; i++)
        worst = fmax(worst, fabs((double)square[i] - sums[i / taps] * sums[i % taps] / total));
    if (!(worst <= 1e-5 * fabs(total)))
        return sg_state_dict_refuse(dict, "has a resampling filter that is not the same in both "
                                          "directions");
    for (int i = 0; i < taps; i++)
        sizes->filter[i] = (float)(sums[i] / (sums[0] != 0.0 ? sums[0] : total));
    sizes->taps = taps;
    return SG_OK;
}

/* ---- configs ---- */

sg_status sg_state_dict_check_channels(const sg_state_dict *dict, const sg_dict_sizes *sizes)
{
    int base = 0;
    int most = 0;
    return sg_channels_infer(sizes->channels, sizes->levels, &base, &most)
               ? SG_OK
               : sg_state_dict_refuse(dict, "has numbers of channels that are not of the form "
                                            "min(base / resolution, maximum)");
}

void sg_dict_keywords_number(sg_dict_keywords *keywords, const char *key, double number)
{
    keywords->failed = !cJSON_AddNumberToObject(keywords->object, key, number) || keywords->failed;
}

void sg_dict_keywords_item(sg_dict_keywords *keywords, const char *key, cJSON *item)
{
    keywords->failed = !sg_json_add(keywords->object, key, item) || keywords->failed;
}

static void add_pictures(const sg_dict_sizes *sizes, sg_dict_keywords *to)
{
    int base = 0;
    int most = 0;
    sg_dict_keywords_number(to, "img_resolution", sizes->resolution);
    sg_dict_keywords_number(to, "img_channels", sizes->img_channels);
    if (sg_channels_infer(sizes->channels, sizes->levels, &base, &most)) {
        sg_dict_keywords_number(to, "channel_base", base);
        sg_dict_keywords_number(to, "channel_max", most);
    } else {
        sg_dict_keywords_item(to, "channels", cJSON_CreateIntArray(sizes->channels, sizes->levels));
    }
}

/* Adds the filter, if one is stored. */
static void add_filter(const sg_dict_sizes *sizes, sg_dict_keywords *to)
{
    if (sizes->taps > 0)
        sg_dict_keywords_item(to, "resample_filter",
                              cJSON_CreateFloatArray(sizes->filter, sizes->taps));
}

sg_dict_keywords sg_dict_mapped_keywords(const sg_dict_sizes *sizes)
{
    sg_dict_keywords to = {.object = cJSON_CreateObject()};
    sg_dict_keywords mapping = {.object = cJSON_CreateObject()};
    sg_dict_keywords_number(&to, "z_dim", sizes->z_dim);
    sg_dict_keywords_number(&to, "c_dim", sizes->c_dim);
    sg_dict_keywords_number(&to, "w_dim", sizes->w_dim);
    sg_dict_keywords_number(&mapping, "num_layers", sizes->mapping_layers);
    if (sizes->layer_features > 0)
        sg_dict_keywords_number(&mapping, "layer_features", sizes->layer_features);
    sg_dict_keywords_item(&to, "mapping_kwargs", mapping.object);
    to.failed = to.failed || mapping.failed;
    return to;
}

sg_dict_keywords sg_dict_generator_keywords(const sg_dict_sizes *sizes)
{
    sg_dict_keywords to = sg_dict_mapped_keywords(sizes);
    add_pictures(sizes, &to);
    add_filter(sizes, &to);
    return to;
}

sg_dict_keywords sg_dict_discriminator_keywords(const sg_dict_sizes *sizes)
{
    sg_dict_keywords to = {.object = cJSON_CreateObject()};
    sg_dict_keywords_number(&to, "c_dim", sizes->c_dim);
    add_pictures(sizes, &to);
    sg_dict_keywords block = {.object = cJSON_CreateObject()};
    add_filter(sizes, &block);
    sg_dict_keywords_item(&to, "block_kwargs", block.object);
    to.failed = to.failed || block.failed;
    return to;
}

sg_status sg_state_dict_configure(sg_state_dict *dict, sg_dict_keywords *keywords)
{
    const char *path = dict->contents->path;
    if (!keywords->failed)
        return sg_network_config_add(&dict->contents->config, dict->part,
                                     dict->part == SG_PART_D ? "Discriminator" : "Generator",
                                     keywords->object, path, dict->error);
    cJSON_Delete(keywords->object);
    return sg_fail_memory(dict->error, "%s", path);
}

/* ---- tensors ---- */

sg_status sg_state_dict_take(sg_state_dict *dict, sg_foreign_names *names)
{
    sg_status status =
        names->failed ? sg_fail_memory(dict->error, "%s", dict->contents->path) : SG_OK;
    for (size_t i = 0; !status && i < names->count; i++)
        if (!sg_has_suffix(names->items[i].official, "resample_filter"))
            status = sg_foreign_tensors_take(&dict->tensors, dict->contents, dict->part,
                                             &names->items[i], dict->error);
    sg_foreign_names_clear(names);
    return status;
}

sg_status sg_state_dict_take_rest(sg_state_dict *dict, const char *filter_suffix)
{
    for (size_t i = 0; i < dict->tensors.count; i++) {
        const sg_foreign_tensor *rest = &dict->tensors.items[i];
        sg_value_array array;
        sg_network_tensor tensor;
        if (!rest->taken && !sg_has_suffix(rest->name, filter_suffix) &&
            sg_value_array_of(rest->value, &array) &&
            sg_network_tensor_from_array(rest->value, SG_AXES_KEPT, array.rank, 0.0, &tensor))
            SG_TRY(sg_network_contents_add(dict->contents, dict->part, rest->name, &tensor,
                                           dict->error));
    }
    return SG_OK;
}
