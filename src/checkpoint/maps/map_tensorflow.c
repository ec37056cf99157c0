/*
 * ProGAN, StyleGAN, StyleGAN2 and StyleGAN2-ADA in TensorFlow: a tuple (G, D, Gs) of Network
 * objects, Gs being the averaged generator. A Network's state has its options, its variables by
 * name, and networks within it, whose names come in front of those of their variables. Resampling
 * filters are not stored.
 */
#include <stdio.h>
#include <string.h>

#include "checkpoint/maps/map_table.h"
#include "checkpoint/maps/tensorflow_config.h"
#include "checkpoint/maps/tensorflow_names.h"

enum {
    DEEPEST_COMPONENT = 4,
    MOST_NETWORKS = 256, /* one within the other */
    LONGEST_PREFIX = 64
};

/* Versions of Network objects, by the program that brought them. */
enum {
    PROGAN_VERSION = 2,
    STYLEGAN_VERSION = 3, /* which has a ProGAN too */
    STYLEGAN2_VERSION = 4,
    ADA_VERSION = 5
};

static const sg_network_part part_order[] = {SG_PART_G, SG_PART_D, SG_PART_G_EMA};

/* ---- Network objects ---- */

/* Known under the modules dnnlib.tflib.network and, before StyleGAN, tfutil. */
static bool is_network(const sg_value *value)
{
    const char *class_name = sg_value_class(value);
    const char *name = class_name ? strrchr(class_name, '.') : NULL;
    return sg_value_kind_of(value) == SG_VALUE_OBJECT && name && strcmp(name, ".Network") == 0 &&
           sg_value_kind_of(sg_value_state(value)) == SG_VALUE_DICT;
}

/*
 * Adds the variables of a network and of those within it. These may be shared without end, so they
 * are counted as they are passed.
 */
static bool collect(const sg_value *state, const char *prefix, int depth, int *passed,
                    sg_foreign_tensors *list)
{
    const sg_value *variables = sg_value_find(state, "variables");
    const sg_value *components = sg_value_find(state, "components");
    bool whole = depth <= DEEPEST_COMPONENT && ++*passed <= MOST_NETWORKS;
    for (size_t i = 0; whole && i < sg_value_count(variables); i++) {
        const sg_value *pair = sg_value_item(variables, i);
        const char *name = sg_value_text(sg_value_item(pair, 0));
        whole = name && sg_foreign_tensors_add(list, prefix, name, sg_value_item(pair, 1));
    }
    for (size_t i = 0; whole && i < sg_value_count(components); i++) {
        char inner[LONGEST_PREFIX];
        const char *name = sg_value_text(sg_value_key(components, i));
        int length = name ? snprintf(inner, sizeof inner, "%s%s/", prefix, name) : -1;
        whole =
            length > 0 && length < LONGEST_PREFIX &&
            collect(sg_value_state(sg_value_item(components, i)), inner, depth + 1, passed, list);
    }
    return whole;
}

/* ---- taking ---- */

/* Taking the tensors of one part. */
typedef struct taking {
    sg_tensorflow_network *network;
    sg_network_contents *contents;
    sg_network_part part;
    sg_status status; /* of the first failure */
    sg_error *error;
} taking;

static bool has_noise(const taking *job)
{
    bool used = true;
    sg_value_bool(sg_tensorflow_keyword(job->network, "use_noise"), &used);
    return used;
}

/* How the program names this network's tensors. */
static sg_tensorflow_layout layout_of(const taking *job)
{
    const sg_tensorflow_network *network = job->network;
    bool fused = true;
    sg_value_bool(sg_tensorflow_keyword(network, "fused_scale"), &fused);
    const char *mapping = network->discriminator ? "Mapping" : "mapping/Dense";
    return (sg_tensorflow_layout){
        .family = network->family,
        .discriminator = network->discriminator,
        .resolution = sg_tensorflow_resolution(network),
        .mapping_layers = sg_foreign_tensors_run(&network->tensors, mapping, 0, "/weight"),
        .by_level = network->by_level,
        .unfused = network->family == SG_PROGAN && !fused,
        .out_first = network->version == PROGAN_VERSION,
    };
}

/* Takes the tensors that the list has and the file too. */
static void take_named(taking *job, const sg_tensorflow_names *names)
{
    bool noise = has_noise(job);
    for (size_t i = 0; !job->status && i < names->count; i++) {
        const sg_foreign_name *name = &names->items[i];
        if (noise || !strstr(name->official, ".noise_"))
            job->status = sg_foreign_tensors_take(&job->network->tensors, job->contents, job->part,
                                                  name, job->error);
    }
}

static void take_tensors(taking *job)
{
    sg_tensorflow_layout layout = layout_of(job);
    sg_tensorflow_names names = {0};
    sg_tensorflow_names_list(&layout, &names);
    if (names.failed)
        job->status = sg_fail_memory(job->error, "%s", job->contents->path);
    take_named(job, &names);
    sg_tensorflow_names_clear(&names);
}

/* ---- what is left ---- */

/* Whether a component of a name, between slashes, starts so. */
static bool has_component(const char *name, const char *start)
{
    for (const char *at = name; at; at = strchr(at, '/')) {
        at += *at == '/';
        if (strncmp(at, start, strlen(start)) == 0)
            return true;
    }
    return false;
}

/* Whether a colour layer is named by its level of detail, as networks that grow name theirs. */
static bool is_by_level(const char *name)
{
    return has_component(name, "FromRGB_lod") || has_component(name, "ToRGB_lod");
}

/* Variables that a finished network does not use. The generator's level of detail stands beside its
 * components; the copy in one of them follows it. */
static bool is_unused(const taking *job, const char *name)
{
    bool noise = has_component(name, "noise");
    bool finished = job->network->family == SG_STYLEGAN2;
    const char *last = strrchr(name, '/');
    return strcmp(last ? last + 1 : name, "lod") == 0 || (finished && is_by_level(name)) ||
           (noise && !has_noise(job));
}

/* Anything unknown joins the part under its own name, to be found left over once it is built. */
static void sort_out_rest(taking *job)
{
    sg_foreign_tensors *tensors = &job->network->tensors;
    for (size_t i = 0; !job->status && i < tensors->count; i++) {
        const sg_foreign_tensor *rest = &tensors->items[i];
        sg_value_array array;
        sg_network_tensor tensor;
        if (rest->taken)
            continue;
        if (is_unused(job, rest->name)) {
            job->status = sg_network_contents_ignore(job->contents, job->error, "%s: %.100s",
                                                     sg_network_part_name(job->part), rest->name);
        } else if (sg_value_array_of(rest->value, &array) &&
                   sg_network_tensor_from_array(rest->value, SG_AXES_KEPT, array.rank, 0.0,
                                                &tensor)) {
            job->status =
                sg_network_contents_add(job->contents, job->part, rest->name, &tensor, job->error);
        }
    }
}

/* ---- parts ---- */

/* Networks of these programs whose labels enter in ways of their own. */
static sg_status refuse_labels(taking *job)
{
    const sg_foreign_tensors *tensors = &job->network->tensors;
    const char *where = NULL;
    int64_t classes = 0;
    sg_value_integer(sg_tensorflow_keyword(job->network, "label_size"), &classes);
    if (job->network->family != SG_STYLEGAN2)
        return SG_OK;
    if (sg_foreign_tensors_find(tensors, "mapping/LabelConcat/weight"))
        where = "joins labels to the latents before they are normalised (LabelConcat)";
    else if (job->part == SG_PART_D && classes > 0 &&
             !sg_foreign_tensors_find(tensors, "LabelEmbed/weight"))
        where = "has a score for each label instead of an embedding";
    return !where
               ? SG_OK
               : sg_network_contents_refuse(
                     job->contents, job->part, job->error,
                     "%.150s: %s %s, as StyleGAN2 in TensorFlow did before StyleGAN2-ADA; such a "
                     "network is not built here",
                     job->contents->path, sg_network_part_name(job->part), where);
}

static void take_part(taking *job)
{
    sg_foreign_tensors *tensors = &job->network->tensors;
    for (size_t i = 0; i < tensors->count; i++)
        job->network->by_level = job->network->by_level || is_by_level(tensors->items[i].name);
    job->contents->parts[job->part].lacks_derived = true;
    job->status = sg_tensorflow_configure(job->network, job->contents, job->part, job->error);
    if (!job->status)
        job->status = refuse_labels(job);
    take_tensors(job);
    sort_out_rest(job);
}

static sg_status fail_network(const sg_network_contents *contents, sg_network_part part,
                              sg_error *error)
{
    return sg_fail(error, SG_ERROR_FORMAT,
                   "%s: the variables of %s are no list of names and values, or too many",
                   contents->path, sg_network_part_name(part));
}

/* ---- families ---- */

static bool starts_with(const char *text, const char *start)
{
    return text && strncmp(text, start, strlen(start)) == 0;
}

/*
 * ProGAN's generator is told by its first layer. Its discriminator's tensors are called as
 * StyleGAN's, so the name of the function that built it decides.
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
    taking job = {.network = &network, .contents = contents, .part = part, .error = error};
    int passed = 0;
    if (collect(state, "", 0, &passed, &network.tensors)) {
        network.family =
            family_of(&network, sg_value_text(sg_value_find(state, "build_func_name")));
        take_part(&job);
    } else {
        job.status = fail_network(contents, part, error);
    }
    sg_foreign_tensors_clear(&network.tensors);
    return job.status;
}

/* ---- files ---- */

static bool is_tensorflow(const sg_value *root)
{
    sg_value_kind kind = sg_value_kind_of(root);
    bool sequence = kind == SG_VALUE_TUPLE || kind == SG_VALUE_LIST;
    return is_network(root) || (sequence && is_network(sg_value_item(root, 0)));
}

/* A network that was saved on its own: generators have a mapping network or take latents. */
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
    if (sg_value_find(state, "build_func_spec")) {
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s is a network of ProGAN's first version, in Theano; networks of its "
                       "version in TensorFlow are read",
                       contents->path);
    }
    if (*version < PROGAN_VERSION || *version > ADA_VERSION)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s is a TensorFlow network of version %lld, but versions %d to %d are "
                       "known",
                       contents->path, (long long)*version, PROGAN_VERSION, ADA_VERSION);
    return SG_OK;
}

static const char *dialect_of(int64_t version)
{
    switch (version) {
    case PROGAN_VERSION:
        return "ProGAN in TensorFlow";
    case STYLEGAN_VERSION:
        return "StyleGAN in TensorFlow";
    case STYLEGAN2_VERSION:
        return "StyleGAN2 in TensorFlow";
    default:
        return "StyleGAN2-ADA in TensorFlow";
    }
}

static sg_status read_networks(const sg_value *root, sg_network_contents *contents, sg_error *error)
{
    bool single = is_network(root);
    size_t count = single ? 1 : sg_value_count(root);
    sg_status status = SG_OK;
    if (!single && count != SG_PART_COUNT)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s holds %zu TensorFlow networks, where three were expected: G, D and Gs",
                       contents->path, count);
    for (size_t i = 0; !status && i < count; i++) {
        const sg_value *network = single ? root : sg_value_item(root, i);
        int64_t version = 0;
        if (!is_network(network))
            continue;
        status = check_version(contents, network, &version, error);
        contents->dialect = dialect_of(version);
        if (!status)
            status = read_part(contents, single ? part_of_single(network) : part_order[i], network,
                               version, error);
    }
    return status;
}

const sg_network_map sg_tensorflow_map = {
    .title = "networks of ProGAN, StyleGAN, StyleGAN2 or StyleGAN2-ADA in TensorFlow",
    .recognize = is_tensorflow,
    .read = read_networks,
};
