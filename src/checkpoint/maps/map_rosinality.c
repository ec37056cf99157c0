/*
 * stylegan2-pytorch by rosinality: a dict with the state dicts g, d and g_ema, written by training
 * or by a converter, or one state dict on its own. Sizes are stored only in the options of
 * training, so they are counted from names and shapes.
 *
 * Training does not store the average of w (latent_avg, which converters write). A generator
 * without it has it estimated when it is loaded.
 */
#include <math.h>
#include <string.h>

#include "base/fields.h"
#include "base/text.h"
#include "checkpoint/maps/foreign_tensors.h"
#include "checkpoint/maps/map_table.h"
#include "checkpoint/maps/rosinality.h"
#include "models/config.h"

enum { MOST_LEVELS = 12, BYTES_OF_A_NAME = 64 };

/* A state dict being read. */
typedef struct state_dict {
    sg_network_contents *contents;
    sg_network_part part;
    sg_foreign_tensors tensors;
    int resolution, mapping_layers;
    int channels[MOST_LEVELS]; /* at 4, 8 and on */
    int levels;
    float filter[SG_MAX_FILTER_TAPS];
    int taps;
    sg_error *error;
} state_dict;

static sg_status fail_memory(const state_dict *dict)
{
    return sg_fail_memory(dict->error, "%s", dict->contents->path);
}

static sg_status refuse(const state_dict *dict, const char *reason)
{
    return sg_network_contents_refuse(dict->contents, dict->part, dict->error, "%.150s: %s %s",
                                      dict->contents->path, sg_network_part_name(dict->part),
                                      reason);
}

static int size_of(const state_dict *dict, const char *name, int axis)
{
    return sg_foreign_tensors_size(&dict->tensors, name, axis);
}

/* ---- sizes ---- */

static void measure_generator(state_dict *dict)
{
    int layers = sg_foreign_tensors_run(&dict->tensors, "convs.", 0, ".conv.weight");
    dict->mapping_layers = sg_foreign_tensors_run(&dict->tensors, "style.", 1, ".weight");
    dict->levels = 1 + layers / 2;
    dict->levels = dict->levels < MOST_LEVELS ? dict->levels : MOST_LEVELS;
    dict->resolution = 4 << (dict->levels - 1);
    dict->channels[0] = size_of(dict, "conv1.conv.weight", 1);
    for (int level = 1; level < dict->levels; level++) {
        char name[BYTES_OF_A_NAME];
        snprintf(name, sizeof name, "convs.%d.conv.weight", 2 * level - 1);
        dict->channels[level] = size_of(dict, name, 1);
    }
}

/* The blocks are listed from the full size down. */
static void measure_discriminator(state_dict *dict)
{
    int blocks = sg_foreign_tensors_run(&dict->tensors, "convs.", 1, ".conv1.0.weight");
    dict->levels = 1 + (blocks < MOST_LEVELS ? blocks : MOST_LEVELS - 1);
    dict->resolution = 4 << (dict->levels - 1);
    dict->channels[0] = size_of(dict, "final_conv.0.weight", 0);
    for (int level = 1; level < dict->levels; level++) {
        char name[BYTES_OF_A_NAME];
        snprintf(name, sizeof name, "convs.%d.conv1.0.weight", dict->levels - level);
        dict->channels[level] = size_of(dict, name, 0);
    }
}

/*
 * Computes the taps of the filter whose outer square is stored under `name`, scaled so that the
 * first is 1; refuses the network if it is no outer square. Without a stored filter the default
 * remains.
 */
static sg_status measure_filter(state_dict *dict, const char *name)
{
    sg_value_array array;
    float square[SG_MAX_FILTER_TAPS * SG_MAX_FILTER_TAPS];
    const sg_foreign_tensor *found = sg_foreign_tensors_find(&dict->tensors, name);
    if (!found)
        return SG_OK;
    if (!sg_value_array_of(found->value, &array) || array.rank != 2 ||
        array.size[0] != array.size[1] || array.size[0] < 1 || array.size[0] > SG_MAX_FILTER_TAPS ||
        !sg_value_read_floats(found->value, square))
        return refuse(dict, "has a resampling filter that is no square of up to 16 taps");
    int taps = (int)array.size[0];
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
        return refuse(dict, "has a resampling filter that is not the same in both directions");
    for (int i = 0; i < taps; i++)
        dict->filter[i] = (float)(sums[i] / (sums[0] != 0.0 ? sums[0] : total));
    dict->taps = taps;
    return SG_OK;
}

/* ---- configs ---- */

/* An object to which numbers are added; `failed` once memory ran out. */
typedef struct keywords {
    cJSON *object;
    bool failed;
} keywords;

static void add_number(keywords *to, const char *key, double number)
{
    to->failed = !cJSON_AddNumberToObject(to->object, key, number) || to->failed;
}

static void add_sizes(const state_dict *dict, keywords *to)
{
    int base = 0;
    int most = 0;
    sg_channels_infer(dict->channels, dict->levels, &base, &most);
    add_number(to, "img_resolution", dict->resolution);
    add_number(to, "img_channels", 3);
    add_number(to, "channel_base", base);
    add_number(to, "channel_max", most);
}

/* Adds the filter to the object, if one is stored. */
static void add_filter(const state_dict *dict, keywords *to, cJSON *object)
{
    if (dict->taps > 0 &&
        !sg_json_add(object, "resample_filter", cJSON_CreateFloatArray(dict->filter, dict->taps)))
        to->failed = true;
}

/* Adds the keywords, which are taken over, as the part's config. */
static sg_status add_config(state_dict *dict, const char *class_name, keywords *arguments)
{
    if (!arguments->failed)
        return sg_network_config_add(&dict->contents->config, dict->part, class_name,
                                     arguments->object, dict->contents->path, dict->error);
    cJSON_Delete(arguments->object);
    return fail_memory(dict);
}

static sg_status configure_generator(state_dict *dict)
{
    keywords to = {.object = cJSON_CreateObject()};
    add_number(&to, "z_dim", size_of(dict, "style.1.weight", 1));
    add_number(&to, "c_dim", 0);
    add_number(&to, "w_dim", size_of(dict, "conv1.conv.modulation.weight", 1));
    add_sizes(dict, &to);
    keywords mapping = {.object = cJSON_AddObjectToObject(to.object, "mapping_kwargs")};
    add_number(&mapping, "num_layers", dict->mapping_layers);
    add_number(&mapping, "layer_features", size_of(dict, "style.1.weight", 0));
    add_filter(dict, &to, to.object);
    to.failed = to.failed || mapping.failed;
    return add_config(dict, "Generator", &to);
}

static sg_status configure_discriminator(state_dict *dict)
{
    keywords to = {.object = cJSON_CreateObject()};
    add_number(&to, "c_dim", 0);
    add_sizes(dict, &to);
    cJSON *block = cJSON_AddObjectToObject(to.object, "block_kwargs");
    add_filter(dict, &to, block);
    to.failed = to.failed || !block;
    return add_config(dict, "Discriminator", &to);
}

static sg_status check_channels(const state_dict *dict)
{
    int base = 0;
    int most = 0;
    return sg_channels_infer(dict->channels, dict->levels, &base, &most)
               ? SG_OK
               : refuse(dict, "has numbers of channels that are not of the form min(base / "
                              "resolution, maximum)");
}

static sg_status configure(state_dict *dict)
{
    bool discriminator = dict->part == SG_PART_D;
    if (discriminator)
        measure_discriminator(dict);
    else
        measure_generator(dict);
    SG_TRY(check_channels(dict));
    SG_TRY(measure_filter(dict,
                          discriminator ? "convs.1.conv2.0.kernel" : "convs.0.conv.blur.kernel"));
    return discriminator ? configure_discriminator(dict) : configure_generator(dict);
}

/* ---- tensors ---- */

static bool is_filter(const char *name)
{
    return sg_has_suffix(name, "kernel");
}

/* Filters follow from the config. Any other unknown tensor joins the part, to be reported there. */
static sg_status add_rest(state_dict *dict)
{
    for (size_t i = 0; i < dict->tensors.count; i++) {
        const sg_foreign_tensor *rest = &dict->tensors.items[i];
        sg_value_array array;
        sg_network_tensor tensor;
        if (!rest->taken && !is_filter(rest->name) && sg_value_array_of(rest->value, &array) &&
            sg_network_tensor_from_array(rest->value, SG_AXES_KEPT, array.rank, 0.0, &tensor))
            SG_TRY(sg_network_contents_add(dict->contents, dict->part, rest->name, &tensor,
                                           dict->error));
    }
    return SG_OK;
}

static sg_status take_tensors(state_dict *dict)
{
    sg_foreign_names names = {0};
    if (dict->part == SG_PART_D)
        sg_rosinality_discriminator_names(dict->resolution, &names);
    else
        sg_rosinality_generator_names(dict->resolution, dict->mapping_layers, &names);
    sg_status status = names.failed ? fail_memory(dict) : SG_OK;
    for (size_t i = 0; !status && i < names.count; i++)
        if (!is_filter(names.items[i].foreign))
            status = sg_foreign_tensors_take(&dict->tensors, dict->contents, dict->part,
                                             &names.items[i], dict->error);
    sg_foreign_names_clear(&names);
    return !status ? add_rest(dict) : status;
}

/* ---- files ---- */

static sg_status read_state_dict(const sg_value *dict, sg_network_contents *contents,
                                 sg_network_part part, sg_error *error)
{
    state_dict read = {.contents = contents, .part = part, .error = error};
    bool whole = true;
    for (size_t i = 0; whole && i < sg_value_count(dict); i++) {
        const char *name = sg_value_text(sg_value_key(dict, i));
        whole = name && sg_foreign_tensors_add(&read.tensors, "", name, sg_value_item(dict, i));
    }
    contents->parts[part].lacks_derived = true;
    sg_status status = whole ? configure(&read)
                             : sg_fail(error, SG_ERROR_FORMAT,
                                       "%s: %s is no dict of named tensors, or has too many",
                                       contents->path, sg_network_part_name(part));
    if (!status)
        status = take_tensors(&read);
    sg_foreign_tensors_clear(&read.tensors);
    return status;
}

/* Adds the average of w, which belongs to the averaged generator but is stored beside it. */
static sg_status add_average(const sg_value *average, sg_network_part part,
                             sg_network_contents *contents, sg_error *error)
{
    sg_network_tensor tensor;
    char text[200];
    if (sg_value_kind_of(average) == SG_VALUE_NONE)
        return SG_OK;
    if (!sg_network_tensor_from_array(average, SG_AXES_KEPT, 1, 0.0, &tensor))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: latent_avg is %s, where a tensor of one axis was expected",
                       contents->path, sg_value_describe(average, text));
    return sg_network_contents_add(contents, part, "mapping.w_avg", &tensor, error);
}

static bool is_generator(const sg_value *dict)
{
    return sg_value_find(dict, "style.1.weight") && sg_value_find(dict, "conv1.conv.weight");
}

static bool is_discriminator(const sg_value *dict)
{
    return sg_value_find(dict, "convs.0.0.weight") && sg_value_find(dict, "final_conv.0.weight");
}

static sg_status read_entry(const char *key, const sg_value *value, sg_network_contents *contents,
                            sg_error *error)
{
    if (strcmp(key, "g") == 0 && is_generator(value))
        return read_state_dict(value, contents, SG_PART_G, error);
    if (strcmp(key, "g_ema") == 0 && is_generator(value))
        return read_state_dict(value, contents, SG_PART_G_EMA, error);
    if (strcmp(key, "d") == 0 && is_discriminator(value))
        return read_state_dict(value, contents, SG_PART_D, error);
    return sg_value_kind_of(value) == SG_VALUE_NONE
               ? SG_OK
               : sg_network_contents_ignore(contents, error, "%.100s", key);
}

static sg_status read_checkpoint(const sg_value *root, sg_network_contents *contents,
                                 sg_error *error)
{
    enum { MOST_ENTRIES = 1000 };
    contents->dialect = "stylegan2-pytorch (rosinality) checkpoint";
    if (is_generator(root) || is_discriminator(root))
        return read_state_dict(root, contents, is_generator(root) ? SG_PART_G_EMA : SG_PART_D,
                               error);
    bool averaged = is_generator(sg_value_find(root, "g_ema"));
    for (size_t i = 0; i < sg_value_count(root) && i < MOST_ENTRIES; i++) {
        const char *key = sg_value_text(sg_value_key(root, i));
        const sg_value *value = sg_value_item(root, i);
        if (key && sg_value_find(root, key) != value)
            continue; /* replaced by a later entry of that name */
        bool average = key && strcmp(key, "latent_avg") == 0;
        SG_TRY(average ? add_average(value, averaged ? SG_PART_G_EMA : SG_PART_G, contents, error)
                       : read_entry(key ? key : "?", value, contents, error));
    }
    return SG_OK;
}

static bool is_checkpoint(const sg_value *root)
{
    return is_generator(root) || is_discriminator(root) ||
           is_generator(sg_value_find(root, "g_ema")) || is_generator(sg_value_find(root, "g")) ||
           is_discriminator(sg_value_find(root, "d"));
}

const sg_network_map sg_rosinality_map = {
    .title = "a checkpoint of stylegan2-pytorch (rosinality)",
    .recognize = is_checkpoint,
    .read = read_checkpoint,
    .program = "stylegan2-pytorch",
    .suffix = ".pt",
    .write = sg_rosinality_write,
};
