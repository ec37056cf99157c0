/* Answers of a classifier; see attributes.h.
 * Tested by: tests/cli/test_directions.c */
#include "edit/directions/attributes.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/nearest_name.h"
#include "checkpoint/network/network_classes.h"
#include "checkpoint/network/network_load.h"
#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "tensor/context.h"

enum { NAME_BYTES = 64, BATCH = 4, MAX_PARTS = 8, CERTAIN = 100 /* logarithm of odds */ };

/* Several attributes that a picture has together, "smile+glasses". */
typedef struct joint {
    char *name;
    size_t parts[MAX_PARTS], part_count;
} joint;

struct sg_attributes {
    sg_generator *generator;
    sg_discriminator *classifier;
    const char *file;
    size_t count;
    char (*names)[NAME_BYTES]; /* [count] */
    const char **pointers;     /* [count], to the names */
    joint *joints;             /* [joint_count]: numbers from `count` on */
    size_t joint_count, joint_capacity;
};

static sg_status check(const sg_network_file *file, const sg_generator *generator,
                       sg_discriminator_config *config, sg_error *error)
{
    const int height = sg_generator_height(generator);
    const int width = sg_generator_width(generator);
    const int channels = sg_generator_config_of(generator)->img_channels;
    const char *path = sg_network_path(file);
    if (!sg_network_has(file, SG_PART_D))
        return sg_fail(error, SG_ERROR_ARGUMENT, "%s holds no classifier (D)", path);
    SG_TRY(sg_network_discriminator_config(file, config, error));
    if (!sg_discriminator_classifies(config))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the D in %s is a discriminator, not a classifier: train one by \"cfg\" "
                       "classifier on labelled pictures",
                       path);
    if (sg_discriminator_height(config) != height || sg_discriminator_width(config) != width ||
        config->img_channels != channels)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the classifier in %s looks at %lldx%lld pictures with %d channels, but the "
                       "network's are %dx%d with %d",
                       path, (long long)sg_discriminator_height(config),
                       (long long)sg_discriminator_width(config), config->img_channels, height,
                       width, channels);
    return SG_OK;
}

static sg_status name_outputs(sg_attributes *attributes, const sg_network_file *file,
                              sg_error *error)
{
    cJSON *list = sg_network_class_names(file, (int)attributes->count);
    attributes->names = sg_allocate(attributes->count, sizeof *attributes->names);
    attributes->pointers = sg_allocate(attributes->count, sizeof *attributes->pointers);
    const bool complete = attributes->names && attributes->pointers;
    for (size_t i = 0; complete && i < attributes->count; i++) {
        const char *text = cJSON_GetStringValue(cJSON_GetArrayItem(list, (int)i));
        if (text)
            snprintf(attributes->names[i], NAME_BYTES, "%s", text);
        else
            snprintf(attributes->names[i], NAME_BYTES, "%zu", i);
        attributes->pointers[i] = attributes->names[i];
    }
    cJSON_Delete(list);
    return complete ? SG_OK : sg_fail_memory(error, "the names of %zu classes", attributes->count);
}

static sg_status load(sg_attributes *attributes, const sg_network_file *file, sg_error *error)
{
    sg_discriminator_config config;
    sg_context *context = sg_generator_parameters(attributes->generator)->context;
    SG_TRY(check(file, attributes->generator, &config, error));
    attributes->count = (size_t)config.c_dim;
    SG_TRY(name_outputs(attributes, file, error));
    return sg_network_load_discriminator(file, context, &attributes->classifier, error);
}

sg_status sg_attributes_open(const char *path, sg_generator *generator, sg_attributes **attributes,
                             sg_error *error)
{
    sg_network_file *file = NULL;
    *attributes = NULL;
    SG_TRY(sg_network_open(path, &file, error));
    *attributes = sg_allocate(1, sizeof **attributes);
    sg_status status = *attributes ? SG_OK : sg_fail_memory(error, "a classifier");
    if (!status) {
        (*attributes)->generator = generator;
        (*attributes)->file = sg_path_name(path);
        status = load(*attributes, file, error);
    }
    sg_network_close(file);
    if (status) {
        sg_attributes_close(*attributes);
        *attributes = NULL;
    }
    return status;
}

void sg_attributes_close(sg_attributes *attributes)
{
    if (!attributes)
        return;
    sg_discriminator_destroy(attributes->classifier);
    for (size_t i = 0; i < attributes->joint_count; i++)
        free(attributes->joints[i].name);
    free(attributes->joints);
    free(attributes->names);
    free(attributes->pointers);
    free(attributes);
}

size_t sg_attributes_count(const sg_attributes *attributes)
{
    return attributes->count;
}

const char *sg_attribute_name(const sg_attributes *attributes, size_t index)
{
    return index < attributes->count ? attributes->names[index]
                                     : attributes->joints[index - attributes->count].name;
}

const char *sg_attributes_file(const sg_attributes *attributes)
{
    return attributes->file;
}

static sg_status find_one(const sg_attributes *attributes, const char *name, size_t *index,
                          sg_error *error)
{
    char *end = NULL;
    for (size_t i = 0; i < attributes->count; i++)
        if (strcmp(attributes->names[i], name) == 0) {
            *index = i;
            return SG_OK;
        }
    const unsigned long number = strtoul(name, &end, 10);
    if (name[0] >= '0' && name[0] <= '9' && *end == '\0' && number < attributes->count) {
        *index = (size_t)number;
        return SG_OK;
    }
    const char *nearest = sg_nearest_name(name, attributes->pointers, attributes->count);
    return sg_fail(
        error, SG_ERROR_ARGUMENT,
        "the classifier in %s has no class or attribute \"%s\"; its %zu are \"%s\" to \"%s\"%s%s%s",
        attributes->file, name, attributes->count, attributes->names[0],
        attributes->names[attributes->count - 1], nearest ? "; did you mean \"" : "",
        nearest ? nearest : "", nearest ? "\"?" : "");
}

static bool is_softmax(const sg_attributes *attributes)
{
    return sg_discriminator_config_of(attributes->classifier)->output == SG_OUTPUT_CLASSES;
}

/* Finds the parts of "A+B+C". */
static sg_status find_parts(const sg_attributes *attributes, const char *names, joint *found,
                            sg_error *error)
{
    if (is_softmax(attributes))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"%s\": a picture has one class only of those that the classifier in %s "
                       "knows; classifiers of attributes know several together",
                       names, attributes->file);
    for (const char *at = names;;) {
        const size_t bytes = strcspn(at, "+");
        char name[NAME_BYTES];
        if (found->part_count == MAX_PARTS)
            return sg_fail(error, SG_ERROR_ARGUMENT, "\"%s\" has more than %d attributes", names,
                           MAX_PARTS);
        snprintf(name, sizeof name, "%.*s", (int)(bytes < sizeof name ? bytes : sizeof name - 1),
                 at);
        SG_TRY(find_one(attributes, name, &found->parts[found->part_count++], error));
        if (at[bytes] == '\0')
            return SG_OK;
        at += bytes + 1;
    }
}

static sg_status add_joint(sg_attributes *attributes, const char *names, size_t *index,
                           sg_error *error)
{
    joint found = {0};
    SG_TRY(find_parts(attributes, names, &found, error));
    found.name = sg_grow(&attributes->joints, &attributes->joint_capacity, attributes->joint_count,
                         sizeof *attributes->joints)
                     ? sg_duplicate_text(names)
                     : NULL;
    if (!found.name)
        return sg_fail_memory(error, "the attributes \"%s\"", names);
    *index = attributes->count + attributes->joint_count;
    attributes->joints[attributes->joint_count++] = found;
    return SG_OK;
}

sg_status sg_attribute_find(sg_attributes *attributes, const char *name, size_t *index,
                            sg_error *error)
{
    /* a name with a + of its own comes first */
    return strchr(name, '+') && find_one(attributes, name, index, NULL)
               ? add_joint(attributes, name, index, error)
               : find_one(attributes, name, index, error);
}

bool sg_attribute_is_about(const sg_attributes *attributes, size_t index, size_t output)
{
    if (index < attributes->count)
        return index == output;
    const joint *all = &attributes->joints[index - attributes->count];
    bool among = false;
    for (size_t i = 0; i < all->part_count; i++)
        among = among || all->parts[i] == output;
    return among;
}

/* ---- probabilities ---- */

/* The probability p of several attributes is the product of theirs; returns log p - log(1 - p). */
static double joint_score(const joint *attributes, const double *logits)
{
    double sum = 0;
    for (size_t i = 0; i < attributes->part_count; i++) {
        const double z = logits[attributes->parts[i]];
        sum -= z < 0 ? log1p(exp(z)) - z : log1p(exp(-z));
    }
    return sum - log(-expm1(fmin(sum, -DBL_EPSILON)));
}

double sg_attribute_score(const sg_attributes *attributes, const double *logits, size_t index)
{
    double top = -INFINITY;
    double sum = 0;
    if (index >= attributes->count)
        return joint_score(&attributes->joints[index - attributes->count], logits);
    if (!is_softmax(attributes))
        return logits[index];
    /* z_i - log(sum of e^z over the others) */
    for (size_t i = 0; i < attributes->count; i++)
        top = i != index ? fmax(top, logits[i]) : top;
    for (size_t i = 0; i < attributes->count; i++)
        sum += i != index ? exp(logits[i] - top) : 0;
    return logits[index] - top - log(sum);
}

double sg_attribute_probability(const sg_attributes *attributes, const double *logits, size_t index)
{
    return 1 / (1 + exp(-sg_attribute_score(attributes, logits, index)));
}

sg_tensor *sg_attribute_logits(const sg_attributes *attributes, sg_tensor *pictures)
{
    return pictures ? sg_discriminator_score(attributes->classifier, pictures, NULL) : NULL;
}

/* Returns log(e^a + e^b), element by element. */
static sg_tensor *log_add(sg_tensor *a, sg_tensor *b)
{
    return sg_add(a, sg_softplus(sg_subtract(b, a)));
}

/* Returns the logits [N, 1] of one output. */
static sg_tensor *logit(sg_tensor *logits, size_t index)
{
    return sg_slice(logits, 1, (int64_t)index, 1);
}

/*
 * The odds against a and b together are (1 + e^-a)(1 + e^-b) - 1 = e^-a + e^-b + e^-(a + b), so
 * that their logarithm needs no difference of numbers that are nearly equal.
 */
static sg_tensor *joint_odds(const joint *all, sg_tensor *logits)
{
    sg_tensor *against = sg_affine(logit(logits, all->parts[0]), -1, 0);
    for (size_t i = 1; i < all->part_count; i++) {
        sg_tensor *other = sg_affine(logit(logits, all->parts[i]), -1, 0);
        against = log_add(log_add(against, other), sg_add(against, other));
    }
    return sg_affine(against, -1, 0);
}

/* Returns the logits [N, count - 1] of all classes but one. */
static sg_tensor *others_of(sg_tensor *logits, int64_t index, int64_t count)
{
    const int64_t after = count - index - 1;
    sg_tensor *first = index > 0 ? sg_slice(logits, 1, 0, index) : NULL;
    sg_tensor *last = after > 0 ? sg_slice(logits, 1, index + 1, after) : NULL;
    return first && last ? sg_concatenate(first, last, 1) : first ? first : last;
}

/* Returns log(sum of e^x) over the second axis, [N, 1]: halves are added until one is left, so that
 * the tape has few operations for many classes. */
static sg_tensor *log_sum(sg_tensor *x)
{
    while (x && x->shape.size[1] > 1) {
        const int64_t width = x->shape.size[1];
        sg_tensor *sum =
            log_add(sg_slice(x, 1, 0, width / 2), sg_slice(x, 1, width / 2, width / 2));
        x = width % 2 == 0 ? sum
            : sum          ? sg_concatenate(sum, sg_slice(x, 1, width - 1, 1), 1)
                           : NULL;
    }
    return x;
}

/* The odds of a class are e^z over the sum of e^z of the others. */
static sg_tensor *class_odds(const sg_attributes *attributes, sg_tensor *logits, size_t index)
{
    if (attributes->count == 1)
        return sg_affine(logits, 0, CERTAIN);
    sg_tensor *others = others_of(logits, (int64_t)index, (int64_t)attributes->count);
    return sg_subtract(logit(logits, index), log_sum(others));
}

sg_tensor *sg_attribute_odds(const sg_attributes *attributes, sg_tensor *logits, size_t index)
{
    if (!logits)
        return NULL;
    if (index >= attributes->count)
        return joint_odds(&attributes->joints[index - attributes->count], logits);
    return is_softmax(attributes) ? class_odds(attributes, logits, index) : logit(logits, index);
}

sg_tensor *sg_attribute_log_probability(const sg_attributes *attributes, sg_tensor *logits,
                                        size_t index)
{
    sg_tensor *against = sg_affine(sg_attribute_odds(attributes, logits, index), -1, 0);
    return sg_affine(sg_softplus(against), -1, 0);
}

/* ---- pictures ---- */

sg_status sg_attributes_answer_picture(const sg_attributes *attributes, const uint8_t *pixels,
                                       double *logits, sg_error *error)
{
    sg_context *context = sg_generator_parameters(attributes->generator)->context;
    const sg_generator_config *config = sg_generator_config_of(attributes->generator);
    const size_t scope = sg_scope_open(context);
    sg_tensor *picture =
        sg_tensor_create(context, SG_F32,
                         SG_SHAPE(1, sg_generator_height(attributes->generator),
                                  sg_generator_width(attributes->generator), config->img_channels));
    for (int64_t i = 0; picture && i < sg_tensor_count(picture); i++)
        sg_tensor_set_value(picture, i, pixels[i] / 127.5 - 1);
    const sg_tensor *found = sg_attribute_logits(attributes, picture);
    const sg_status status = sg_context_take_error(context, error);
    for (size_t i = 0; !status && i < attributes->count; i++)
        logits[i] = sg_tensor_value(found, (int64_t)i);
    sg_scope_close(context, scope, NULL);
    return status;
}

/* Answers for a batch of w in one pass. */
static sg_status answer(const sg_attributes *attributes, const double *codes, size_t count,
                        double *logits, sg_error *error)
{
    sg_generator *generator = attributes->generator;
    sg_context *context = sg_generator_parameters(generator)->context;
    const int64_t width = sg_generator_config_of(generator)->w_dim;
    const size_t scope = sg_scope_open(context);
    sg_tensor *w = sg_tensor_create(context, SG_F32, SG_SHAPE((int64_t)count, width));
    for (int64_t i = 0; w && i < (int64_t)count * width; i++)
        sg_tensor_set_value(w, i, codes[i]);
    sg_tensor *ws = sg_generator_broadcast(generator, w);
    sg_tensor *pictures =
        ws ? sg_generator_synthesize(generator, ws, (sg_synthesis_options){0}) : NULL;
    const sg_tensor *found = sg_attribute_logits(attributes, pictures);
    const sg_status status = sg_context_take_error(context, error);
    for (size_t i = 0; !status && i < count * attributes->count; i++)
        logits[i] = sg_tensor_value(found, (int64_t)i);
    sg_scope_close(context, scope, NULL);
    return status;
}

sg_status sg_attributes_answer(const sg_attributes *attributes, const double *codes, size_t count,
                               const sg_watch *watch, double *logits, sg_error *error)
{
    const size_t width = (size_t)sg_generator_config_of(attributes->generator)->w_dim;
    for (size_t done = 0; done < count;) {
        const size_t batch = count - done < BATCH ? count - done : BATCH;
        SG_TRY(answer(attributes, codes + done * width, batch, logits + done * attributes->count,
                      error));
        done += batch;
        if (sg_watch_step(watch, (double)done, (double)count, NULL))
            return sg_fail(error, SG_ERROR_CANCELLED, "interrupted");
    }
    return SG_OK;
}
