/*
 * ProGAN, StyleGAN, StyleGAN2 and StyleGAN2-ADA in TensorFlow: a tuple (G, D, Gs) of Network
 * objects, where Gs is the averaged generator. A Network's state has its options, its variables by
 * name, and the networks within it, whose names are prefixes of their variables' names. Resampling
 * filters are not stored.
 */
#include <stdio.h>
#include <string.h>

#include "checkpoint/maps/map_table.h"
#include "checkpoint/maps/tensorflow_config.h"
#include "checkpoint/maps/tensorflow_names.h"
#include "checkpoint/maps/tensorflow_size.h"

enum {
    DEEPEST_COMPONENT = 4,
    MOST_NETWORKS = 256, /* one within the other */
    LONGEST_PREFIX = 64
};

/* Versions of Network objects, by the program that introduced them. */
enum {
    PROGAN_VERSION = 2,
    STYLEGAN_VERSION = 3, /* its program trains ProGANs too */
    STYLEGAN2_VERSION = 4,
    ADA_VERSION = 5
};

static const sg_network_part part_order[] = {SG_PART_G, SG_PART_D, SG_PART_G_EMA};

/* ---- Network objects ---- */

/* Networks are objects of dnnlib.tflib.network and, before StyleGAN, of tfutil. */
static bool is_network(const sg_value *value)
{
    const char *class_name = sg_value_class(value);
    const char *name = class_name ? strrchr(class_name, '.') : NULL;
    return sg_value_kind_of(value) == SG_VALUE_OBJECT && name && strcmp(name, ".Network") == 0 &&
           sg_value_kind_of(sg_value_state(value)) == SG_VALUE_DICT;
}

/*
 * Adds the variables of a network and of the networks within it. A file can share these without
 * end, so every visit is counted.
 */
static bool collect(const sg_value *state, const char *prefix, int depth, int *visited,
                    sg_foreign_tensors *list)
{
    const sg_value *variables = sg_value_find(state, "variables");
    const sg_value *components = sg_value_find(state, "components");
    if (depth > DEEPEST_COMPONENT || ++*visited > MOST_NETWORKS)
        return false;
    for (size_t i = 0; i < sg_value_count(variables); i++) {
        const sg_value *pair = sg_value_item(variables, i);
        const char *name = sg_value_text(sg_value_item(pair, 0));
        if (!name || !sg_foreign_tensors_add(list, prefix, name, sg_value_item(pair, 1)))
            return false;
    }
    for (size_t i = 0; i < sg_value_count(components); i++) {
        char inner[LONGEST_PREFIX];
        const char *name = sg_value_text(sg_value_key(components, i));
        int length = name ? snprintf(inner, sizeof inner, "%s%s/", prefix, name) : -1;
        if (length <= 0 || length >= LONGEST_PREFIX ||
            !collect(sg_value_state(sg_value_item(components, i)), inner, depth + 1, visited, list))
            return false;
    }
    return true;
}

/* ---- tensors ---- */

/* One part being read. */
typedef struct part_reader {
    sg_tensorflow_network *network;
    sg_network_contents *contents;
    sg_network_part part;
    sg_error *error;
} part_reader;

static bool has_noise(const part_reader *reader)
{
    bool used = true;
    sg_value_bool(sg_tensorflow_keyword(reader->network, "use_noise"), &used);
    return used;
}

/* Tells how the program names this network's tensors. */
static sg_tensorflow_layout layout_of(const part_reader *reader)
{
    const sg_tensorflow_network *network = reader->network;
    bool fused = true;
    sg_value_bool(sg_tensorflow_keyword(network, "fused_scale"), &fused);
    const char *mapping = network->discriminator ? "Mapping" : "mapping/Dense";
    return (sg_tensorflow_layout){
        .family = network->family,
        .discriminator = network->discriminator,
        .size = network->size,
        .mapping_layers = sg_foreign_tensors_run(&network->tensors, mapping, 0, "/weight"),
        .by_level = network->by_level,
        .unfused = network->family == SG_PROGAN && !fused,
        .out_first = network->version == PROGAN_VERSION,
    };
}

/* Takes the tensors of the list that the file has. */
static sg_status take_named(const part_reader *reader, const sg_foreign_names *names)
{
    const bool noise = has_noise(reader);
    for (size_t i = 0; i < names->count; i++)
        if (noise || !strstr(names->items[i].official, ".noise_"))
            SG_TRY(sg_foreign_tensors_take(&reader->network->tensors, reader->contents,
                                           reader->part, &names->items[i], reader->error));
    return SG_OK;
}

static sg_status take_tensors(const part_reader *reader)
{
    const sg_tensorflow_layout layout = layout_of(reader);
    sg_foreign_names names = {0};
    sg_tensorflow_names_list(&layout, &names);
    const sg_status status = names.failed
                                 ? sg_fail_memory(reader->error, "%s", reader->contents->path)
                                 : take_named(reader, &names);
    sg_foreign_names_clear(&names);
    return status;
}

/* ---- the rest ---- */

/* True if a component of the name, between slashes, starts with `start`. */
static bool has_component(const char *name, const char *start)
{
    for (const char *at = name; at; at = strchr(at, '/')) {
        at += *at == '/';
        if (strncmp(at, start, strlen(start)) == 0)
            return true;
    }
    return false;
}

/* True for a colour layer named by its level of detail, as in networks that grow. */
static bool is_by_level(const char *name)
{
    return has_component(name, "FromRGB_lod") || has_component(name, "ToRGB_lod");
}

/*
 * True for variables that a finished network does not use. The generator's level of detail is
 * stored beside its components; a component has a copy that follows it.
 */
static bool is_unused(const part_reader *reader, const char *name)
{
    bool noise = has_component(name, "noise");
    bool finished = reader->network->family == SG_STYLEGAN2;
    const char *last = strrchr(name, '/');
    return strcmp(last ? last + 1 : name, "lod") == 0 || (finished && is_by_level(name)) ||
           (noise && !has_noise(reader));
}

/* Any unknown tensor joins the part under its own name, to be reported when it is built. */
static sg_status add_rest(const part_reader *reader)
{
    const sg_foreign_tensors *tensors = &reader->network->tensors;
    for (size_t i = 0; i < tensors->count; i++) {
        const sg_foreign_tensor *rest = &tensors->items[i];
        sg_value_array array;
        sg_network_tensor tensor;
        if (rest->taken)
            continue;
        if (is_unused(reader, rest->name))
            SG_TRY(sg_network_contents_ignore(reader->contents, reader->error, "%s: %.100s",
                                              sg_network_part_name(reader->part), rest->name));
        else if (sg_value_array_of(rest->value, &array) &&
                 sg_network_tensor_from_array(rest->value, SG_AXES_KEPT, array.rank, 0.0, &tensor))
            SG_TRY(sg_network_contents_add(reader->contents, reader->part, rest->name, &tensor,
                                           reader->error));
    }
    return SG_OK;
}

/* ---- parts ---- */

/* Refuses networks whose labels enter in other ways than StyleGAN2-ADA's. */
static sg_status refuse_labels(const part_reader *reader)
{
    const sg_foreign_tensors *tensors = &reader->network->tensors;
    const char *where = NULL;
    int64_t classes = 0;
    sg_value_integer(sg_tensorflow_keyword(reader->network, "label_size"), &classes);
    if (reader->network->family != SG_STYLEGAN2)
        return SG_OK;
    if (sg_foreign_tensors_find(tensors, "mapping/LabelConcat/weight"))
        where = "joins labels to the latents before they are normalised (LabelConcat)";
    else if (reader->part == SG_PART_D && classes > 0 &&
             !sg_foreign_tensors_find(tensors, "LabelEmbed/weight"))
        where = "has a score for each label instead of an embedding";
    return !where
               ? SG_OK
               : sg_network_contents_refuse(
                     reader->contents, reader->part, reader->error,
                     "%.150s: %s %s, as StyleGAN2 in TensorFlow did before StyleGAN2-ADA; such a "
                     "network is not built here",
                     reader->contents->path, sg_network_part_name(reader->part), where);
}

static sg_status take_part(const part_reader *reader)
{
    const sg_foreign_tensors *tensors = &reader->network->tensors;
    for (size_t i = 0; i < tensors->count; i++)
        reader->network->by_level =
            reader->network->by_level || is_by_level(tensors->items[i].name);
    reader->contents->parts[reader->part].lacks_derived = true;
    SG_TRY(sg_tensorflow_configure(reader->network, reader->contents, reader->part, reader->error));
    SG_TRY(refuse_labels(reader));
    SG_TRY(take_tensors(reader));
    return add_rest(reader);
}

/* ---- families ---- */

static bool starts_with(const char *text, const char *start)
{
    return text && strncmp(text, start, strlen(start)) == 0;
}

/*
 * ProGAN's generator is told by its first layer. Its discriminator's tensors have the names of
 * StyleGAN's, so the function that built it decides.
 */
static sg_family family_of(const sg_tensorflow_network *network, const char *function)
{
    if (network->version >= STYLEGAN2_VERSION)
        return SG_STYLEGAN2;
    bool styled = sg_foreign_tensors_find(&network->tensors, "synthesis/4x4/Const/const");
    bool latent = sg_foreign_tensors_find(&network->tensors, "4x4/Dense/weight");
    if (styled || latent)
        return styled ? SG_STYLEGAN1 : SG_PROGAN;
    return starts_with(function, "D_paper") || network->version == PROGAN_VERSION ? SG_PROGAN
                                                                                  : SG_STYLEGAN1;
}

static sg_status read_part(sg_network_contents *contents, sg_network_part part,
                           const sg_value *value, int64_t version, sg_error *error)
{
    const sg_value *state = sg_value_state(value);
    sg_tensorflow_network network = {
        .state = state, .version = version, .discriminator = part == SG_PART_D};
    const part_reader reader = {
        .network = &network, .contents = contents, .part = part, .error = error};
    int visited = 0;
    const bool whole = collect(state, "", 0, &visited, &network.tensors);
    network.family = family_of(&network, sg_value_text(sg_value_find(state, "build_func_name")));
    sg_tensorflow_measure(&network, sg_tensorflow_usual_resolution(&network));
    const sg_status status =
        whole ? take_part(&reader)
              : sg_fail(error, SG_ERROR_FORMAT,
                        "%s: the variables of %s are no list of names and values, or too many",
                        contents->path, sg_network_part_name(part));
    sg_foreign_tensors_clear(&network.tensors);
    return status;
}

/* ---- files ---- */

static bool is_tensorflow(const sg_value *root)
{
    sg_value_kind kind = sg_value_kind_of(root);
    bool sequence = kind == SG_VALUE_TUPLE || kind == SG_VALUE_LIST;
    bool found = is_network(root);
    for (size_t i = 0; sequence && i < sizeof part_order / sizeof *part_order; i++)
        found = found || is_network(sg_value_item(root, i));
    return found;
}

/* Returns the part of a network that was saved on its own: a generator has components or a "G_"
 * function.
 */
static sg_network_part part_of_single(const sg_value *network)
{
    const sg_value *state = sg_value_state(network);
    const char *function = sg_value_text(sg_value_find(state, "build_func_name"));
    return sg_value_count(sg_value_find(state, "components")) > 0 || starts_with(function, "G_")
               ? SG_PART_G_EMA
               : SG_PART_D;
}

static sg_status check_version(const sg_network_contents *contents, const sg_value *network,
                               int64_t *version, sg_error *error)
{
    const sg_value *state = sg_value_state(network);
    *version = 0;
    sg_value_integer(sg_value_find(state, "version"), version);
    if (sg_value_find(state, "build_func_spec"))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s is a network of ProGAN's first version, in Theano; networks of its "
                       "version in TensorFlow are read",
                       contents->path);
    if (*version < PROGAN_VERSION || *version > ADA_VERSION)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s is a TensorFlow network of version %lld, but versions %d to %d are "
                       "known",
                       contents->path, (long long)*version, PROGAN_VERSION, ADA_VERSION);
    return SG_OK;
}

static const char *const dialects[] = {[PROGAN_VERSION] = "ProGAN in TensorFlow",
                                       [STYLEGAN_VERSION] = "StyleGAN in TensorFlow",
                                       [STYLEGAN2_VERSION] = "StyleGAN2 in TensorFlow",
                                       [ADA_VERSION] = "StyleGAN2-ADA in TensorFlow"};

/* Reads a part on its own: what is wrong with it is its sentence. */
static sg_status read_entry(sg_network_contents *contents, sg_network_part part,
                            const sg_value *network, sg_error *error)
{
    int64_t version = 0;
    sg_error reason = {0};
    char text[200];
    if (sg_value_kind_of(network) == SG_VALUE_NONE)
        return SG_OK;
    if (!is_network(network))
        return sg_network_contents_refuse(
            contents, part, error, "%.150s: %s is %s, which is no TensorFlow network",
            contents->path, sg_network_part_name(part), sg_value_describe(network, text));
    sg_status status = check_version(contents, network, &version, &reason);
    if (!status) {
        contents->dialect = dialects[version];
        status = read_part(contents, part, network, version, &reason);
    }
    return sg_network_contents_end_part(contents, part, status, &reason, error);
}

static sg_status read_networks(const sg_value *root, sg_network_contents *contents, sg_error *error)
{
    bool single = is_network(root);
    size_t count = single ? 1 : sg_value_count(root);
    if (!single && count != sizeof part_order / sizeof *part_order)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s holds %zu TensorFlow networks, where three were expected: G, D and Gs",
                       contents->path, count);
    for (size_t i = 0; i < count; i++) {
        const sg_value *network = single ? root : sg_value_item(root, i);
        SG_TRY(
            read_entry(contents, single ? part_of_single(network) : part_order[i], network, error));
    }
    return SG_OK;
}

const sg_network_map sg_tensorflow_map = {
    .title = "networks of ProGAN, StyleGAN, StyleGAN2 or StyleGAN2-ADA in TensorFlow",
    .recognize = is_tensorflow,
    .read = read_networks,
};
