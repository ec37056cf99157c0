/*
 * StyleGAN2 and StyleGAN2-ADA in TensorFlow: a tuple (G, D, Gs) of Network objects, Gs being the
 * averaged generator. A Network's state has its options, its variables by name, and networks within
 * it, whose names come in front of those of their variables.
 *
 * Kernels lie [height, width, in, out], matrices [in, out]. The kernels of layers that double the
 * size are true convolutions there, so their rows and columns run backwards here. Style biases are
 * stored without the one that is added to them. Resampling filters are not stored.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint/network_map.h"
#include "checkpoint/tensorflow_config.h"

enum {
    DEEPEST_COMPONENT = 4,
    MOST_NETWORKS = 256, /* one within the other */
    OLDEST_VERSION = 4,  /* of Network objects: StyleGAN2 */
    NEWEST_VERSION = 5,  /* StyleGAN2-ADA */
    LONGEST_PREFIX = 64
};

static const sg_network_part part_order[] = {SG_PART_G, SG_PART_D, SG_PART_G_EMA};

/* ---- Network objects ---- */

/* Known under the modules dnnlib.tflib.network and, before StyleGAN, tfutil. */
static bool is_network(const sg_value *value)
{
    const char *class_name = sg_value_class(value);
    const char *name = class_name != NULL ? strrchr(class_name, '.') : NULL;
    return sg_value_kind_of(value) == SG_VALUE_OBJECT && name != NULL &&
           strcmp(name, ".Network") == 0 &&
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
        whole = name != NULL && sg_foreign_tensors_add(list, prefix, name, sg_value_item(pair, 1));
    }
    for (size_t i = 0; whole && i < sg_value_count(components); i++) {
        char inner[LONGEST_PREFIX];
        const char *name = sg_value_text(sg_value_key(components, i));
        int length = name != NULL ? snprintf(inner, sizeof inner, "%s%s/", prefix, name) : -1;
        whole =
            length > 0 && length < LONGEST_PREFIX &&
            collect(sg_value_state(sg_value_item(components, i)), inner, depth + 1, passed, list);
    }
    return whole;
}

/* ---- layers ---- */

/* Taking the tensors of one part. */
typedef struct taking {
    sg_tensorflow_network *network;
    sg_network_contents *contents;
    sg_network_part part;
    int resolution;
    sg_status status; /* of the first failure */
    sg_error *error;
} taking;

/* Takes "FROM" as "TO", when it is there. */
static void take(taking *job, const char *to, const char *from, int rank, sg_axis_order order,
                 double added)
{
    sg_foreign_name name = {.rank = rank, .order = order, .added = added};
    snprintf(name.official, sizeof name.official, "%s", to);
    snprintf(name.foreign, sizeof name.foreign, "%s", from);
    if (job->status == SG_OK) {
        job->status = sg_foreign_tensors_take(&job->network->tensors, job->contents, job->part,
                                              &name, job->error);
    }
}

/* The same for a tensor of the layer `from`, which is called `to` here. */
static void take_of(taking *job, const char *to, const char *to_tensor, const char *from,
                    const char *from_tensor, int rank, sg_axis_order order, double added)
{
    char official[SG_PARAMETER_NAME_BYTES];
    char foreign[SG_PARAMETER_NAME_BYTES];
    snprintf(official, sizeof official, "%s.%s", to, to_tensor);
    snprintf(foreign, sizeof foreign, "%s/%s", from, from_tensor);
    take(job, official, foreign, rank, order, added);
}

static void take_dense(taking *job, const char *to, const char *from)
{
    take_of(job, to, "weight", from, "weight", 2, SG_AXES_TRANSPOSED, 0.0);
    take_of(job, to, "bias", from, "bias", 1, SG_AXES_KEPT, 0.0);
}

static void take_convolution(taking *job, const char *to, const char *from, sg_axis_order order)
{
    take_of(job, to, "weight", from, "weight", 4, order, 0.0);
    take_of(job, to, "bias", from, "bias", 1, SG_AXES_KEPT, 0.0);
}

static void take_modulated(taking *job, const char *to, const char *from, sg_axis_order order)
{
    take_convolution(job, to, from, order);
    take_of(job, to, "affine.weight", from, "mod_weight", 2, SG_AXES_TRANSPOSED, 0.0);
    take_of(job, to, "affine.bias", from, "mod_bias", 1, SG_AXES_KEPT, 1.0);
}

static bool has_noise(const taking *job)
{
    bool used = true;
    sg_value_bool(sg_value_find(job->network->keywords, "use_noise"), &used);
    return used;
}

/* A layer with noise input number `noise`. */
static void take_styled(taking *job, const char *to, const char *from, sg_axis_order order,
                        int noise)
{
    char official[SG_PARAMETER_NAME_BYTES];
    char foreign[SG_PARAMETER_NAME_BYTES];
    take_modulated(job, to, from, order);
    if (!has_noise(job)) {
        return;
    }
    take_of(job, to, "noise_strength", from, "noise_strength", 0, SG_AXES_KEPT, 0.0);
    snprintf(official, sizeof official, "%s.noise_const", to);
    snprintf(foreign, sizeof foreign, "synthesis/noise%d", noise);
    take(job, official, foreign, 2, SG_AXES_KEPT, 0.0);
}

/* ---- generators ---- */

/* "synthesis.b8.NAME" and "synthesis/8x8/NAME". */
static void name_layers(int resolution, const char *official, const char *foreign,
                        char to[LONGEST_PREFIX], char from[LONGEST_PREFIX])
{
    snprintf(to, LONGEST_PREFIX, "synthesis.b%d.%s", resolution, official);
    snprintf(from, LONGEST_PREFIX, "synthesis/%dx%d/%s", resolution, resolution, foreign);
}

static void take_synthesis_block(taking *job, int resolution, int level)
{
    char to[LONGEST_PREFIX];
    char from[LONGEST_PREFIX];
    if (level == 0) {
        take(job, "synthesis.b4.const", "synthesis/4x4/Const/const", 3, SG_AXES_KEPT, 0.0);
        name_layers(resolution, "conv1", "Conv", to, from);
        take_styled(job, to, from, SG_AXES_KERNEL, 0);
    } else {
        name_layers(resolution, "conv0", "Conv0_up", to, from);
        take_styled(job, to, from, SG_AXES_KERNEL_REVERSED, 2 * level - 1);
        name_layers(resolution, "conv1", "Conv1", to, from);
        take_styled(job, to, from, SG_AXES_KERNEL, 2 * level);
        name_layers(resolution, "skip", "Skip", to, from);
        take_convolution(job, to, from, SG_AXES_KERNEL_REVERSED);
    }
    name_layers(resolution, "torgb", "ToRGB", to, from);
    if (resolution == job->resolution && job->network->progressive) {
        snprintf(from, sizeof from, "synthesis/ToRGB_lod0");
    }
    take_modulated(job, to, from, SG_AXES_KERNEL);
}

static void take_generator(taking *job)
{
    take(job, "mapping.w_avg", "dlatent_avg", 1, SG_AXES_KEPT, 0.0);
    take_dense(job, "mapping.embed", "mapping/LabelEmbed");
    int layers = sg_foreign_tensors_run(&job->network->tensors, "mapping/Dense", 0, "/weight");
    for (int i = 0; i < layers; i++) {
        char to[LONGEST_PREFIX];
        char from[LONGEST_PREFIX];
        snprintf(to, sizeof to, "mapping.fc%d", i);
        snprintf(from, sizeof from, "mapping/Dense%d", i);
        take_dense(job, to, from);
    }
    int level = 0;
    for (int resolution = 4; resolution <= job->resolution; resolution *= 2) {
        take_synthesis_block(job, resolution, level++);
    }
}

/* ---- discriminators ---- */

static void take_discriminator_block(taking *job, int resolution)
{
    static const char *const names[][2] = {{"fromrgb", "FromRGB"},
                                           {"conv0", "Conv0"},
                                           {"conv1", "Conv1_down"},
                                           {"skip", "Skip"},
                                           {"conv", "Conv"}};
    char to[LONGEST_PREFIX];
    char from[LONGEST_PREFIX];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(to, sizeof to, "b%d.%s", resolution, names[i][0]);
        snprintf(from, sizeof from, "%dx%d/%s", resolution, resolution, names[i][1]);
        if (i == 0 && resolution == job->resolution && job->network->progressive) {
            snprintf(from, sizeof from, "FromRGB_lod0");
        }
        take_convolution(job, to, from, SG_AXES_KERNEL);
    }
}

static void take_discriminator(taking *job)
{
    for (int resolution = job->resolution; resolution >= 4; resolution /= 2) {
        take_discriminator_block(job, resolution);
    }
    take_dense(job, "b4.fc", "4x4/Dense0");
    take_dense(job, "b4.out", "Output");
    take_dense(job, "mapping.embed", "LabelEmbed");
    int layers = sg_foreign_tensors_run(&job->network->tensors, "Mapping", 0, "/weight");
    for (int i = 0; i < layers; i++) {
        char to[LONGEST_PREFIX];
        char from[LONGEST_PREFIX];
        snprintf(to, sizeof to, "mapping.fc%d", i);
        snprintf(from, sizeof from, "Mapping%d", i);
        take_dense(job, to, from);
    }
}

/* ---- what is left ---- */

/* Whether a component of a name, between slashes, starts so. */
static bool has_component(const char *name, const char *start)
{
    for (const char *at = name; at != NULL; at = strchr(at, '/')) {
        at += *at == '/';
        if (strncmp(at, start, strlen(start)) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether a colour layer is named by its level of detail, as networks that grow name theirs. */
static bool is_by_level(const char *name)
{
    return has_component(name, "FromRGB_lod") || has_component(name, "ToRGB_lod");
}

/* Variables that a finished network does not use. */
static bool is_unused(const taking *job, const char *name)
{
    bool noise = has_component(name, "noise");
    const char *last = strrchr(name, '/');
    return strcmp(last != NULL ? last + 1 : name, "lod") == 0 || is_by_level(name) ||
           (noise && !has_noise(job));
}

/* Anything unknown joins the part under its own name, to be found left over once it is built. */
static void sort_out_rest(taking *job)
{
    sg_foreign_tensors *tensors = &job->network->tensors;
    for (size_t i = 0; job->status == SG_OK && i < tensors->count; i++) {
        const sg_foreign_tensor *rest = &tensors->items[i];
        sg_value_array array;
        sg_network_tensor tensor;
        if (rest->taken) {
            continue;
        }
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
    sg_value_integer(sg_value_find(job->network->keywords, "label_size"), &classes);
    if (sg_foreign_tensors_find(tensors, "mapping/LabelConcat/weight") != NULL) {
        where = "joins labels to the latents before they are normalised (LabelConcat)";
    } else if (job->part == SG_PART_D && classes > 0 &&
               sg_foreign_tensors_find(tensors, "LabelEmbed/weight") == NULL) {
        where = "has a score for each label instead of an embedding";
    }
    return where == NULL
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
    for (size_t i = 0; i < tensors->count; i++) {
        job->network->progressive =
            job->network->progressive || is_by_level(tensors->items[i].name);
    }
    job->resolution = sg_tensorflow_resolution(job->network);
    job->contents->parts[job->part].lacks_derived = true;
    job->status = sg_tensorflow_configure(job->network, job->contents, job->part, job->error);
    if (job->status == SG_OK) {
        job->status = refuse_labels(job);
    }
    if (job->part == SG_PART_D) {
        take_discriminator(job);
    } else {
        take_generator(job);
    }
    sort_out_rest(job);
}

static sg_status fail_network(const sg_network_contents *contents, sg_network_part part,
                              sg_error *error)
{
    return sg_fail(error, SG_ERROR_FORMAT,
                   "%s: the variables of %s are no list of names and values, or too many",
                   contents->path, sg_network_part_name(part));
}

static sg_status read_part(sg_network_contents *contents, sg_network_part part,
                           const sg_value *value, int64_t version, sg_error *error)
{
    const sg_value *state = sg_value_state(value);
    sg_tensorflow_network network = {.keywords = sg_value_find(state, "static_kwargs"),
                                     .version = version};
    taking job = {.network = &network, .contents = contents, .part = part, .error = error};
    int passed = 0;
    if (collect(state, "", 0, &passed, &network.tensors)) {
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

/* A network that was saved on its own: generators are made of components. */
static sg_network_part part_of_single(const sg_value *network)
{
    const sg_value *components = sg_value_find(sg_value_state(network), "components");
    return sg_value_count(components) > 0 ? SG_PART_G_EMA : SG_PART_D;
}

static sg_status check_version(const sg_network_contents *contents, const sg_value *network,
                               int64_t *version, sg_error *error)
{
    *version = 0;
    sg_value_integer(sg_value_find(sg_value_state(network), "version"), version);
    if (*version < OLDEST_VERSION) {
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s is a TensorFlow network of version %lld, from ProGAN or the first "
                       "StyleGAN; StyleGAN2's from version %d on are read",
                       contents->path, (long long)*version, OLDEST_VERSION);
    }
    if (*version > NEWEST_VERSION) {
        return sg_fail(
            error, SG_ERROR_FORMAT,
            "%s is a TensorFlow network of version %lld, but versions up to %d are known",
            contents->path, (long long)*version, NEWEST_VERSION);
    }
    return SG_OK;
}

static sg_status read_networks(const sg_value *root, sg_network_contents *contents, sg_error *error)
{
    bool single = is_network(root);
    size_t count = single ? 1 : sg_value_count(root);
    sg_status status = SG_OK;
    if (!single && count != SG_PART_COUNT) {
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s holds %zu TensorFlow networks, where three were expected: G, D and Gs",
                       contents->path, count);
    }
    for (size_t i = 0; status == SG_OK && i < count; i++) {
        const sg_value *network = single ? root : sg_value_item(root, i);
        int64_t version = 0;
        if (!is_network(network)) {
            continue;
        }
        status = check_version(contents, network, &version, error);
        contents->dialect =
            version == OLDEST_VERSION ? "StyleGAN2 in TensorFlow" : "StyleGAN2-ADA in TensorFlow";
        if (status == SG_OK) {
            status = read_part(contents, single ? part_of_single(network) : part_order[i], network,
                               version, error);
        }
    }
    return status;
}

const sg_network_map sg_tensorflow_map = {is_tensorflow, read_networks};
