/*
 * Snapshots of stylegan2-ada-pytorch and stylegan3: a dict with G, D and G_ema as persistent
 * objects, each with the arguments of its class and the state of a PyTorch module. Names are the
 * path through the modules.
 *
 * The same keyword has different defaults in different versions, and the source text that would
 * tell them apart must not be trusted, let alone run. But a module's state has the values that it
 * works with, so keywords that are absent are read there.
 */
#include <string.h>

#include "base/fields.h"
#include "checkpoint/maps/map_table.h"
#include "checkpoint/maps/module_tensors.h"
#include "checkpoint/maps/state_dict.h"
#include "checkpoint/values/value_json.h"

/* ---- persistent objects and modules ---- */

/* True if the value is a persistent object, made of a dict with its class and state. */
static bool is_persistent(const sg_value *value)
{
    const sg_value *fields = sg_value_item(sg_value_arguments(value), 0);
    return sg_value_kind_of(value) == SG_VALUE_OBJECT && sg_value_class(value) &&
           sg_value_find(fields, "class_name") && sg_value_find(fields, "state");
}

static const sg_value *find_module(const sg_value *module, const char *name)
{
    return sg_value_find(sg_value_find(sg_value_state(module), "_modules"), name);
}

/* ---- tensors ---- */

static sg_status add_tensor(sg_network_contents *contents, sg_network_part part,
                            const sg_foreign_tensor *entry, sg_error *error)
{
    sg_value_array array;
    sg_network_tensor tensor;
    char text[200];
    if (sg_value_array_of(entry->value, &array) &&
        sg_network_tensor_from_array(entry->value, SG_AXES_KEPT, array.rank, 0.0, &tensor))
        return sg_network_contents_add(contents, part, entry->name, &tensor, error);
    return sg_fail(error, SG_ERROR_FORMAT, "%s: the tensor %s.%s is %s, which has no numbers",
                   contents->path, sg_network_part_name(part), entry->name,
                   sg_value_describe(entry->value, text));
}

/* Adds the tensors; those of a program that is not read refuse the part instead. */
static sg_status add_tensors(sg_network_contents *contents, sg_network_part part,
                             const sg_value *network, sg_error *error)
{
    sg_foreign_tensors list = {0};
    sg_status status = sg_module_tensors(network, contents->path, &list, error);
    sg_state_dict dict = {.contents = contents, .part = part, .tensors = list, .error = error};
    const bool unread = !status && sg_unread_layout.is_generator(&list);
    if (unread)
        status = sg_unread_layout.read(&dict);
    for (size_t i = 0; !status && !unread && i < list.count; i++)
        status = add_tensor(contents, part, &list.items[i], error);
    sg_foreign_tensors_clear(&list);
    return status;
}

/* ---- configs ---- */

/* The keywords of positional arguments, in their order. */
static const char *const generator_arguments[] = {
    "z_dim",        "c_dim",          "w_dim",           "img_resolution",
    "img_channels", "mapping_kwargs", "synthesis_kwargs"};
static const char *const discriminator_arguments[] = {
    "c_dim",        "img_resolution", "img_channels",   "architecture",
    "channel_base", "channel_max",    "num_fp16_res",   "conv_clamp",
    "cmap_dim",     "block_kwargs",   "mapping_kwargs", "epilogue_kwargs"};
static const sg_choices generator_names = SG_CHOICES(generator_arguments);
static const sg_choices discriminator_names = SG_CHOICES(discriminator_arguments);

/* Returns the object under `key`, made if absent; NULL if the value there is no object. */
static cJSON *enter_object(cJSON *object, const char *key)
{
    cJSON *inner = cJSON_GetObjectItemCaseSensitive(object, key);
    if (!inner)
        inner = cJSON_AddObjectToObject(object, key);
    return cJSON_IsObject(inner) ? inner : NULL;
}

static bool add_positional(cJSON *arguments, const sg_value *state, const sg_choices *names)
{
    const sg_value *positional = sg_value_find(state, "_init_args");
    for (size_t i = 0; i < names->count && i < sg_value_count(positional); i++) {
        const char *name = sg_choice_name(names, i);
        if (!cJSON_HasObjectItem(arguments, name) &&
            !sg_json_add(arguments, name, sg_value_to_json(sg_value_item(positional, i))))
            return false;
    }
    return true;
}

/* Adds the value that a module works with, unless the keywords give it. */
static bool add_unless_given(cJSON *object, const char *key, const sg_value *module)
{
    const sg_value *value = sg_value_find(sg_value_state(module), key);
    bool absent = sg_value_kind_of(value) == SG_VALUE_NONE;
    return absent || !object || cJSON_HasObjectItem(object, key) ||
           sg_json_add(object, key, sg_value_to_json(value));
}

static bool complete_generator(cJSON *arguments, const sg_value *generator)
{
    const sg_value *mapping = find_module(generator, "mapping");
    const sg_value *block = find_module(find_module(generator, "synthesis"), "b4");
    const cJSON *synthesis = cJSON_GetObjectItemCaseSensitive(arguments, "synthesis_kwargs");
    bool clamped = cJSON_HasObjectItem(synthesis, "conv_clamp");
    return add_unless_given(enter_object(arguments, "mapping_kwargs"), "w_avg_beta", mapping) &&
           (clamped || add_unless_given(arguments, "conv_clamp", find_module(block, "conv1")));
}

static sg_status configure(sg_network_contents *contents, sg_network_part part,
                           const sg_value *network, sg_error *error)
{
    const sg_value *state = sg_value_state(network);
    const sg_value *keywords = sg_value_find(state, "_init_kwargs");
    cJSON *arguments = keywords ? sg_value_to_json(keywords) : cJSON_CreateObject();
    const bool discriminator = part == SG_PART_D;
    if (!cJSON_IsObject(arguments) ||
        !add_positional(arguments, state,
                        discriminator ? &discriminator_names : &generator_names) ||
        !(discriminator ? add_unless_given(arguments, "conv_clamp",
                                           find_module(find_module(network, "b4"), "conv"))
                        : complete_generator(arguments, network))) {
        cJSON_Delete(arguments);
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: what %s was made with (_init_kwargs) cannot be read", contents->path,
                       sg_network_part_name(part));
    }
    return sg_network_config_add(&contents->config, part, sg_value_class(network), arguments,
                                 contents->path, error);
}

/* ---- files ---- */

static sg_status read_part(sg_network_contents *contents, sg_network_part part,
                           const sg_value *network, sg_error *error)
{
    sg_error reason = {0};
    sg_status status = add_tensors(contents, part, network, &reason);
    if (!status)
        status = configure(contents, part, network, &reason);
    return sg_network_contents_end_part(contents, part, status, &reason, error);
}

/* Returns the persistent object in a wrapper such as DataParallel; the value itself otherwise. */
static const sg_value *unwrap(const sg_value *value)
{
    enum { DEEPEST_WRAPPER = 4 };
    const sg_value *inner = value;
    for (int depth = 0; depth < DEEPEST_WRAPPER && inner && !is_persistent(inner); depth++)
        inner = find_module(inner, "module");
    return is_persistent(inner) ? inner : value;
}

/* Reads a part that is no persistent object: a module or a state dict, if a layout knows it. */
static sg_status read_other(sg_network_contents *contents, sg_network_part part,
                            const sg_value *value, sg_error *error)
{
    bool found = false;
    char text[200];
    SG_TRY(sg_state_dict_read(value, part, contents, &found, error));
    const char *class_name = sg_value_class(value);
    return found
               ? SG_OK
               : sg_network_contents_refuse(
                     contents, part, error, "%.150s: %s is %s%.150s, which is no network here",
                     contents->path, sg_network_part_name(part), class_name ? "of the class " : "",
                     class_name ? class_name : sg_value_describe(value, text));
}

/* Returns the part of a network that was saved on its own. */
static sg_network_part part_of_class(const sg_value *network)
{
    return strcmp(sg_value_class(network), "Discriminator") == 0 ? SG_PART_D : SG_PART_G_EMA;
}

static sg_status read_entry(const sg_value *root, size_t index, sg_network_contents *contents,
                            sg_error *error)
{
    const sg_value *key = sg_value_key(root, index);
    const sg_value *value = sg_value_item(root, index);
    const char *name = sg_value_text(key);
    int part = name ? sg_network_part_find(name, strlen(name)) : SG_PART_COUNT;
    char text[200];
    if (sg_value_kind_of(value) == SG_VALUE_NONE ||
        (part < SG_PART_COUNT && sg_value_find(root, name) != value))
        return SG_OK; /* None, or replaced by a later entry of that name */
    if (part == SG_PART_COUNT)
        return sg_network_contents_ignore(contents, error, "%.100s",
                                          name ? name : sg_value_describe(key, text));
    const sg_value *network = unwrap(value);
    return is_persistent(network) ? read_part(contents, (sg_network_part)part, network, error)
                                  : read_other(contents, (sg_network_part)part, value, error);
}

static sg_status read_snapshot(const sg_value *root, sg_network_contents *contents, sg_error *error)
{
    enum { MOST_ENTRIES = 1000 };
    contents->dialect = "stylegan2-ada-pytorch or stylegan3 snapshot";
    if (is_persistent(root))
        return read_part(contents, part_of_class(root), root, error);
    for (size_t i = 0; i < sg_value_count(root) && i < MOST_ENTRIES; i++)
        SG_TRY(read_entry(root, i, contents, error));
    return SG_OK;
}

static bool is_snapshot(const sg_value *root)
{
    bool found = is_persistent(root);
    for (int part = 0; !found && part < SG_PART_COUNT; part++)
        found = is_persistent(sg_value_find(root, sg_network_part_name((sg_network_part)part)));
    return found;
}

const sg_network_map sg_official_map = {
    .title = "a snapshot of stylegan2-ada-pytorch or stylegan3",
    .recognize = is_snapshot,
    .read = read_snapshot,
};
