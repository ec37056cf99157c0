/*
 * State dicts in whatever wrapper: bare, within dicts of any keys ({"g_ema": ...}, {"state_dict":
 * {"decoder.conv1...": ...}}) and under any prefixes of names ("module.", "decoder.", "G."), and
 * modules that were pickled whole. The tree is searched for lists of names that a layout knows.
 *
 * Files are foreign: depth, visits and the prefixes of one dict are bounded.
 */
#include <string.h>

#include "checkpoint/maps/map_table.h"
#include "checkpoint/maps/module_tensors.h"
#include "checkpoint/maps/state_dict.h"

enum { DEEPEST = 4, MOST_VISITS = 200, MOST_ENTRIES = 1 << 14, MOST_PREFIXES = 32 };
enum { MOST_VISITED = 1 << 16 /* entries of all dicts */ };

#define LAYOUT_POINTER(name) &sg_##name##_layout,
static const sg_dict_layout *const layouts[] = {SG_DICT_LAYOUTS(LAYOUT_POINTER)};

/* A search of a tree for networks. */
typedef struct dict_search {
    sg_network_contents *contents; /* NULL: only look whether there is any */
    const char *path;
    int visits;
    size_t visited; /* entries of dicts */
    bool found;
    const sg_value *average; /* of w, where it is stored beside a network */
    sg_error *error;
} dict_search;

/* ---- parts ---- */

/* The keys and prefixes by which programs tell the generator from its moving average. */
static const struct {
    const char *key;
    sg_network_part part;
} part_keys[] = {
    {"G", SG_PART_G},
    {"g", SG_PART_G},
    {"generator", SG_PART_G},
    {"netG", SG_PART_G},
    {"params", SG_PART_G},
    {"G_ema", SG_PART_G_EMA},
    {"g_ema", SG_PART_G_EMA},
    {"ema", SG_PART_G_EMA},
    {"Gs", SG_PART_G_EMA},
    {"GE", SG_PART_G_EMA},
    {"netG_ema", SG_PART_G_EMA},
    {"params_ema", SG_PART_G_EMA},
    {"model_ema", SG_PART_G_EMA},
    {"generator_ema", SG_PART_G_EMA},
    {"generator_smooth", SG_PART_G_EMA},
};

/* Returns the part that a key of `length` bytes names; `outer` if it names none. */
static int part_of_key(const char *key, size_t length, int outer)
{
    for (size_t i = 0; i < sizeof part_keys / sizeof *part_keys; i++)
        if (strlen(part_keys[i].key) == length && memcmp(part_keys[i].key, key, length) == 0)
            return (int)part_keys[i].part;
    return outer;
}

static bool is_taken(const sg_network_contents *contents, sg_network_part part)
{
    return contents->parts[part].count > 0 || contents->parts[part].refusal;
}

/* ---- lists of names ---- */

static sg_status read_list(dict_search *search, const sg_dict_layout *layout, sg_network_part part,
                           const sg_foreign_tensors *list)
{
    sg_network_contents *contents = search->contents;
    if (is_taken(contents, part))
        return sg_network_contents_ignore(contents, search->error, "another %s: %s",
                                          sg_network_part_name(part), layout->title);
    if (!contents->dialect)
        contents->dialect = layout->title;
    sg_error reason = {0};
    sg_state_dict dict = {.contents = contents, .part = part, .tensors = *list, .error = &reason};
    const sg_status status = layout->read(&dict);
    return sg_network_contents_end_part(contents, part, status, &reason, search->error);
}

static sg_status match_list(dict_search *search, const sg_foreign_tensors *list, int part,
                            int depth);

/* Gathers the names that begin with the first `length` bytes of `prefix`, without these. */
static bool gather(const sg_foreign_tensors *list, const char *prefix, size_t length,
                   sg_foreign_tensors *group)
{
    bool whole = true;
    for (size_t i = 0; whole && i < list->count; i++)
        if (strncmp(list->items[i].name, prefix, length) == 0)
            whole = sg_foreign_tensors_add(group, "", list->items[i].name + length,
                                           list->items[i].value);
    return whole;
}

/* The prefixes of one list, each up to and with its dot. */
typedef struct prefixes {
    const char *items[MOST_PREFIXES];
    size_t lengths[MOST_PREFIXES];
    int count;
} prefixes;

/* Adds the name's prefix; a name without a dot has none. */
static void add_prefix(prefixes *found, const char *name)
{
    const size_t length = strcspn(name, ".") + 1;
    if (name[length - 1] != '.' || found->count == MOST_PREFIXES)
        return;
    for (int i = found->count - 1; i >= 0; i--)
        if (found->lengths[i] == length && memcmp(found->items[i], name, length) == 0)
            return;
    found->items[found->count] = name;
    found->lengths[found->count++] = length;
}

/* Lists the prefixes beside a network's that are no network's, such as an encoder's. */
static sg_status list_unknown_prefixes(const dict_search *search, const prefixes *found,
                                       const bool *known)
{
    for (int i = 0; i < found->count; i++)
        if (!known[i])
            SG_TRY(sg_network_contents_ignore(search->contents, search->error,
                                              "%.*s: names of no program that is known",
                                              (int)found->lengths[i] - 1, found->items[i]));
    return SG_OK;
}

/* Compares the entries under each prefix with the layouts. */
static sg_status match_prefixes(dict_search *search, const sg_foreign_tensors *list, int part,
                                int depth)
{
    prefixes found = {.count = 0};
    bool known[MOST_PREFIXES] = {false};
    const bool before = search->found;
    bool any = false;
    for (size_t i = 0; i < list->count; i++)
        add_prefix(&found, list->items[i].name);
    for (int i = 0; i < found.count; i++) {
        const char *prefix = found.items[i];
        sg_foreign_tensors group = {0};
        search->found = false;
        sg_status status =
            gather(list, prefix, found.lengths[i], &group)
                ? match_list(search, &group, part_of_key(prefix, found.lengths[i] - 1, part),
                             depth + 1)
                : sg_fail_memory(search->error, "%s", search->path);
        sg_foreign_tensors_clear(&group);
        SG_TRY(status);
        known[i] = search->found;
        any = any || known[i];
    }
    search->found = before || any;
    return any && search->contents ? list_unknown_prefixes(search, &found, known) : SG_OK;
}

/* Finds the layout that knows the names, and reads the list as its network. */
static sg_status match_list(dict_search *search, const sg_foreign_tensors *list, int part,
                            int depth)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        const sg_dict_layout *layout = layouts[i];
        const bool generator = layout->is_generator && layout->is_generator(list);
        const bool encoder = layout->is_encoder && layout->is_encoder(list);
        if (!generator && !encoder && !(layout->is_discriminator && layout->is_discriminator(list)))
            continue;
        search->found = true;
        if (!search->contents)
            return SG_OK;
        int chosen = !generator ? SG_PART_D : part == SG_PART_G ? SG_PART_G : SG_PART_G_EMA;
        if (part == SG_PART_COUNT && generator && is_taken(search->contents, SG_PART_G_EMA))
            chosen = SG_PART_G;
        if (encoder)
            chosen = SG_PART_E;
        return read_list(search, layout, (sg_network_part)chosen, list);
    }
    return depth < DEEPEST ? match_prefixes(search, list, part, depth) : SG_OK;
}

/* ---- values ---- */

/* Lists the arrays of a dict; names that are too long are no network's. */
static sg_status list_arrays(const dict_search *search, const sg_value *dict,
                             sg_foreign_tensors *list)
{
    for (size_t i = 0; i < sg_value_count(dict) && i < MOST_ENTRIES; i++) {
        const char *name = sg_value_text(sg_value_key(dict, i));
        const sg_value *value = sg_value_item(dict, i);
        if (name && strlen(name) <= SG_LONGEST_FOREIGN_NAME &&
            sg_value_kind_of(value) == SG_VALUE_ARRAY &&
            !sg_foreign_tensors_add(list, "", name, value))
            return sg_fail_memory(search->error, "%s", search->path);
    }
    return SG_OK;
}

static sg_status visit(dict_search *search, const sg_value *value, int part, int depth);

static bool is_sequence(const sg_value *value)
{
    const sg_value_kind kind = sg_value_kind_of(value);
    return kind == SG_VALUE_LIST || kind == SG_VALUE_TUPLE;
}

/* True for values that a network can be in. */
static bool may_hold(const sg_value *value)
{
    return sg_value_kind_of(value) == SG_VALUE_DICT || is_sequence(value) || sg_is_module(value);
}

/* Visits what a dict or a sequence holds; remembers an average of w. */
static sg_status visit_entries(dict_search *search, const sg_value *values, int part, int depth)
{
    const bool named = !is_sequence(values);
    for (size_t i = 0; i < sg_value_count(values) && i < MOST_ENTRIES; i++) {
        const char *key = named ? sg_value_text(sg_value_key(values, i)) : "";
        const sg_value *value = sg_value_item(values, i);
        if (!key || search->visits > MOST_VISITS)
            continue;
        if (strcmp(key, "latent_avg") == 0 && sg_value_kind_of(value) == SG_VALUE_ARRAY)
            search->average = value;
        if (may_hold(value) && (!named || sg_value_find(values, key) == value))
            SG_TRY(visit(search, value, part_of_key(key, strlen(key), part), depth + 1));
    }
    return SG_OK;
}

static sg_status visit(dict_search *search, const sg_value *value, int part, int depth)
{
    sg_foreign_tensors list = {0};
    const bool module = sg_is_module(value);
    if (depth > DEEPEST || ++search->visits > MOST_VISITS || search->visited > MOST_VISITED ||
        !may_hold(value))
        return SG_OK;
    search->visited += sg_value_count(value);
    sg_status status = module ? sg_module_tensors(value, search->path, &list, search->error)
                              : list_arrays(search, value, &list);
    if (!status && list.count > 0)
        status = match_list(search, &list, part, 0);
    sg_foreign_tensors_clear(&list);
    if (!status && !module && (search->contents || !search->found))
        status = visit_entries(search, value, part, depth);
    return status;
}

/* ---- the average of w ---- */

static bool lacks_average(const sg_network_contents *contents, sg_network_part part)
{
    const sg_network_contents_part *tensors = &contents->parts[part];
    for (size_t i = 0; i < tensors->count; i++)
        if (strcmp(tensors->tensors[i].name, "mapping.w_avg") == 0)
            return false;
    return tensors->count > 0;
}

/*
 * Adds the average of w, which belongs to the averaged generator but is stored beside it, once or
 * for each of its inputs.
 */
static sg_status add_average(dict_search *search)
{
    sg_network_contents *contents = search->contents;
    const sg_network_part part =
        contents->parts[SG_PART_G_EMA].count > 0 ? SG_PART_G_EMA : SG_PART_G;
    sg_network_tensor tensor;
    if (!search->average || !lacks_average(contents, part))
        return SG_OK;
    if (!sg_network_tensor_from_array(search->average, SG_AXES_FIRST_ROW, 1, 0.0, &tensor))
        return sg_network_contents_ignore(contents, search->error, "latent_avg, which has no axis");
    return sg_network_contents_add(contents, part, "mapping.w_avg", &tensor, search->error);
}

/* ---- files ---- */

sg_status sg_state_dict_read(const sg_value *value, int part, sg_network_contents *contents,
                             bool *found, sg_error *error)
{
    dict_search search = {.contents = contents, .path = contents->path, .error = error};
    const sg_status status = visit(&search, value, part, 0);
    *found = search.found;
    return status;
}

static bool is_state_dicts(const sg_value *root)
{
    sg_error unused = {0};
    dict_search search = {.path = "", .error = &unused};
    return !visit(&search, root, SG_PART_COUNT, 0) && search.found;
}

/* True for dicts of tensors: state dicts of networks that are not known. */
static bool holds_arrays(const sg_value *value)
{
    enum { MOST_LOOKED_AT = 100 };
    for (size_t i = 0; i < sg_value_count(value) && i < MOST_LOOKED_AT; i++)
        if (sg_value_kind_of(sg_value_item(value, i)) == SG_VALUE_ARRAY)
            return sg_value_kind_of(value) == SG_VALUE_DICT;
    return false;
}

static sg_status list_ignored(const sg_value *root, sg_network_contents *contents, sg_error *error)
{
    enum { MOST_LISTED = 1000 };
    for (size_t i = 0; i < sg_value_count(root) && i < MOST_LISTED; i++) {
        const char *key = sg_value_text(sg_value_key(root, i));
        dict_search search = {.path = contents->path, .error = error};
        const sg_value *value = sg_value_item(root, i);
        if (sg_value_kind_of(value) == SG_VALUE_NONE || sg_value_kind_of(value) == SG_VALUE_ARRAY)
            continue;
        SG_TRY(visit(&search, value, SG_PART_COUNT, 1));
        if (!search.found)
            SG_TRY(sg_network_contents_ignore(
                contents, error, "%.100s%s", key ? key : "?",
                holds_arrays(value) ? ": names of no program that is known" : ""));
    }
    return SG_OK;
}

static sg_status read_state_dicts(const sg_value *root, sg_network_contents *contents,
                                  sg_error *error)
{
    dict_search search = {.contents = contents, .path = contents->path, .error = error};
    SG_TRY(visit(&search, root, SG_PART_COUNT, 0));
    SG_TRY(add_average(&search));
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (layouts[i]->finish)
            SG_TRY(layouts[i]->finish(root, search.average, contents, error));
    return list_ignored(root, contents, error);
}

const sg_network_map sg_state_dicts_map = {
    .title = "a state dict with the names of a program that is known",
    .recognize = is_state_dicts,
    .read = read_state_dicts,
};
