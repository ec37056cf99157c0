/* Loads the networks of a set; see progressive_networks.h. */
#include "golden_test/progressive_networks.h"
#include "checkpoint/network/network_load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/level.h"
#include "ops/layout.h"

enum { PATH_BYTES = 4096 };

/* ---- files ---- */

/* The first file of a kind, or NULL. */
static const progressive_file *first_of(const progressive_set *set, progressive_kind kind)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->files[i].kind == kind)
            return &set->files[i];
    return NULL;
}

/* The file with raw variables, or NULL. */
static sg_safetensors *find_weights(const progressive_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        sg_safetensors *tensors = set->files[i].tensors;
        for (size_t k = 0; tensors && k < sg_safetensors_count(tensors); k++) {
            const char *name = sg_safetensors_at(tensors, k)->name;
            if (strncmp(name, "G/", 2) == 0 || strncmp(name, "D/", 2) == 0)
                return tensors;
        }
    }
    return NULL;
}

/* ---- pickles ---- */

static void explain(golden_case *test, sg_network_file *file, sg_network_part part,
                    const sg_error *error, char reason[PROGRESSIVE_REASON_BYTES])
{
    const char *name = sg_network_part_name(part);
    if (sg_network_has(file, part)) {
        report_failure(test->report, test->name, name, "%s", error->message);
        snprintf(reason, PROGRESSIVE_REASON_BYTES, "%s could not be read", name);
    }
}

static void load_pickle(golden_case *test, const char *path, progressive_networks *to)
{
    sg_network_file *file = NULL;
    sg_error error = {0};
    if (sg_network_open(path, &file, &error)) {
        report_failure(test->report, test->name, "network", "%s", error.message);
        return;
    }
    if (sg_network_load_generator(file, SG_PART_G, test->context, &to->generator, &error))
        explain(test, file, SG_PART_G, &error, to->generator_reason);
    sg_error_clear(&error);
    if (sg_network_load_generator(file, SG_PART_G_EMA, test->context, &to->averaged, &error))
        explain(test, file, SG_PART_G_EMA, &error, to->averaged_reason);
    sg_error_clear(&error);
    if (sg_network_load_discriminator(file, test->context, &to->discriminator, &error))
        explain(test, file, SG_PART_D, &error, to->discriminator_reason);
    sg_network_close(file);
}

/* ---- raw variables ---- */

/* Compares the parameters with the raw variables of the names' list: both must be the same. */
static void compare_raw(golden_case *test, sg_safetensors *weights, const sg_foreign_names *names,
                        bool discriminator, const sg_parameter_set *set)
{
    const char *group = discriminator ? "D in both files" : "G in both files";
    double worst = 0.0;
    const char *worst_name = NULL;
    for (size_t i = 0; i < names->count; i++) {
        char text[200];
        const sg_foreign_name *name = &names->items[i];
        const sg_parameter *parameter = sg_parameter_find(set, name->official);
        raw_variable_name(name->foreign, discriminator, text);
        if (!parameter || !sg_safetensors_find(weights, text))
            continue;
        const sg_stored_tensor *stored =
            find_raw_variable(weights, name, discriminator, parameter->tensor);
        double *values = stored ? malloc(stored->count * sizeof *values + 1) : NULL;
        bool read = values && !sg_safetensors_read_doubles(weights, stored, values, NULL);
        double difference = read ? 0.0 : (double)INFINITY;
        for (size_t k = 0; read && k < stored->count; k++)
            difference =
                fmax(difference, fabs(values[k] - sg_tensor_value(parameter->tensor, (int64_t)k)));
        free(values);
        if (difference > worst) {
            worst = difference;
            worst_name = name->foreign;
        }
    }
    report_error(test->report, test->name, group, worst, 0.0, worst_name);
}

static bool has_raw(const sg_safetensors *weights, const char *prefix)
{
    for (size_t i = 0; i < sg_safetensors_count(weights); i++)
        if (strncmp(sg_safetensors_at(weights, i)->name, prefix, strlen(prefix)) == 0)
            return true;
    return false;
}

/* Takes what no pickle had from the raw variables; compares what one had. */
static void use_raw_variables(golden_case *test, sg_safetensors *weights, bool pickled,
                              progressive_networks *to)
{
    if (has_raw(weights, "G/") && to->generator) {
        compare_raw(test, weights, &to->generator_names, false,
                    sg_generator_parameters(to->generator));
    } else if (has_raw(weights, "G/") && !pickled) {
        to->generator = build_progressive_generator(test->context, weights);
        if (!to->generator)
            case_fail(test, "G");
    }
    if (has_raw(weights, "D/") && to->discriminator) {
        compare_raw(test, weights, &to->discriminator_names, true,
                    sg_discriminator_parameters(to->discriminator));
    } else if (has_raw(weights, "D/") && !pickled) {
        to->discriminator = build_progressive_discriminator(test->context, weights);
        if (!to->discriminator)
            case_fail(test, "D");
    }
}

/* ---- inputs ---- */

/* Sets a buffer of a generator to a tensor of the inputs; false when there is none that fits. */
static bool set_buffer(golden_case *test, sg_generator *generator, const char *official,
                       const char *input)
{
    sg_parameter *parameter = sg_parameter_find(sg_generator_parameters(generator), official);
    const sg_stored_tensor *stored = case_find(test, input, NULL);
    if (!parameter || !stored || stored->count != (size_t)sg_tensor_count(parameter->tensor))
        return !parameter;
    double *values = case_values(test, input);
    for (size_t i = 0; values && i < stored->count; i++)
        sg_tensor_set_value(parameter->tensor, (int64_t)i, values[i]);
    sg_tensor_touch(parameter->tensor);
    free(values);
    return values;
}

/* Gives a generator the noise and the average of w; `networks` hears what there is not. */
static void use_inputs(golden_case *test, sg_generator *generator, bool pickled,
                       progressive_networks *networks)
{
    const sg_foreign_names *names = &networks->generator_names;
    for (size_t i = 0; generator && i < names->count; i++) {
        const sg_foreign_name *name = &names->items[i];
        const char *noise = strstr(name->foreign, "/noise");
        if (noise && strstr(name->official, "noise_const")) {
            bool set = set_buffer(test, generator, name->official, noise + 1);
            networks->lacks_noise = networks->lacks_noise || (!set && !pickled);
        }
    }
    if (generator) {
        bool set = set_buffer(test, generator, "mapping.w_avg", "dlatent_avg") ||
                   set_buffer(test, generator, "mapping.w_avg", "G/dlatent_avg");
        networks->lacks_average = networks->lacks_average || (!set && !pickled);
    }
}

/* The noise and average of a pickle must be those of the inputs. */
static void compare_inputs(golden_case *test, const progressive_networks *networks)
{
    const sg_parameter_set *set = sg_generator_parameters(networks->generator);
    double worst = 0.0;
    const char *worst_name = NULL;
    bool any = false;
    for (size_t i = 0; i < networks->generator_names.count; i++) {
        const sg_foreign_name *name = &networks->generator_names.items[i];
        const char *slash = strrchr(name->foreign, '/');
        const char *input = slash ? slash + 1 : name->foreign;
        const sg_parameter *parameter = sg_parameter_find(set, name->official);
        bool buffer = parameter && !parameter->trainable && strcmp(input, "lod") != 0;
        const sg_stored_tensor *stored = buffer ? case_find(test, input, NULL) : NULL;
        if (!stored || stored->count != (size_t)sg_tensor_count(parameter->tensor))
            continue;
        any = true;
        double *values = case_values(test, input);
        for (size_t k = 0; values && k < stored->count; k++) {
            double difference = fabs(values[k] - sg_tensor_value(parameter->tensor, (int64_t)k));
            worst_name = difference > worst ? input : worst_name;
            worst = fmax(worst, difference);
        }
        free(values);
    }
    if (any)
        report_error(test->report, test->name, "noise in both files", worst, 0.0, worst_name);
}

/* ---- the whole ---- */

static void list_names(progressive_networks *networks)
{
    if (networks->generator && networks->generator_names.count == 0)
        list_generator_names(sg_generator_config_of(networks->generator),
                             &networks->generator_names);
    if (networks->discriminator && networks->discriminator_names.count == 0)
        list_discriminator_names(sg_discriminator_config_of(networks->discriminator),
                                 &networks->discriminator_names);
}

/* Other pickles of the set must hold the same networks. */
static void compare_pickles(const golden_case *test, const progressive_set *set,
                            const progressive_file *first)
{
    char path[PATH_BYTES];
    char first_path[PATH_BYTES];
    for (size_t i = 0; i < set->count; i++) {
        if (set->files[i].kind == PROGRESSIVE_NETWORK && &set->files[i] != first)
            compare_network_files(test, progressive_path(test, set->files[i].entry, path),
                                  progressive_path(test, first->entry, first_path));
    }
}

void load_progressive_networks(golden_case *test, const progressive_set *set,
                               progressive_networks *networks)
{
    char path[PATH_BYTES];
    const progressive_file *pickle = first_of(set, PROGRESSIVE_NETWORK);
    sg_safetensors *weights = find_weights(set);
    const char *reason =
        !pickle && !weights ? "there is no network file" : "the network file has no such network";
    snprintf(networks->generator_reason, PROGRESSIVE_REASON_BYTES, "%s", reason);
    snprintf(networks->averaged_reason, PROGRESSIVE_REASON_BYTES, "%s", reason);
    snprintf(networks->discriminator_reason, PROGRESSIVE_REASON_BYTES, "%s", reason);
    if (pickle) {
        load_pickle(test, progressive_path(test, pickle->entry, path), networks);
        compare_pickles(test, set, pickle);
        list_names(networks);
    }
    if (networks->generator) {
        networks->lod = sg_level_get(sg_generator_parameters(networks->generator), "synthesis.lod");
        compare_inputs(test, networks);
    }
    if (weights) {
        use_raw_variables(test, weights, pickle, networks);
        list_names(networks);
    }
    use_inputs(test, networks->generator, pickle, networks);
    use_inputs(test, networks->averaged, pickle, networks);
}

void clear_progressive_networks(progressive_networks *networks)
{
    sg_generator_destroy(networks->generator);
    sg_generator_destroy(networks->averaged);
    sg_discriminator_destroy(networks->discriminator);
    sg_foreign_names_clear(&networks->generator_names);
    sg_foreign_names_clear(&networks->discriminator_names);
}
