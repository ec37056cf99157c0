/*
 * Plans labelled sets: classes with their numbers of pictures, the classifier, and the collection
 * of real pictures. Tested by: tests/cli/test_generate_labelled.c
 */
#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "data/kinds/open_dataset.h"
#include "pictures/labelled/labelled_state.h"

/* ---- numbers of pictures ---- */

/* Divides `total` among classes by their shares: the whole numbers below, then one more for those
 * with the largest rests, the first of equal ones first. */
static void divide(const double *shares, size_t total, sg_labelled_class *classes, size_t count)
{
    double sum = 0;
    size_t left = total;
    for (size_t i = 0; i < count; i++)
        sum += shares ? shares[i] : 1;
    for (size_t i = 0; i < count; i++) {
        classes[i].wanted = (size_t)floor((shares ? shares[i] : 1) / sum * (double)total + 1e-9);
        left -= classes[i].wanted < left ? classes[i].wanted : left;
    }
    while (left > 0) {
        size_t best = 0;
        double rest = -INFINITY;
        for (size_t i = 0; i < count; i++) {
            const double own =
                (shares ? shares[i] : 1) / sum * (double)total - (double)classes[i].wanted;
            if (own > rest + 1e-9) {
                rest = own;
                best = i;
            }
        }
        classes[best].wanted++;
        left--;
    }
}

static sg_status check_shares(const sg_labelled_set *set, sg_error *error)
{
    const sg_decimal_list *shares = &set->options.shares;
    double sum = 0;
    if (shares->count == 0)
        return SG_OK;
    if (shares->count != set->class_count)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"shares\" has %zu numbers, but must have %zu, one for each class",
                       shares->count, set->class_count);
    for (size_t i = 0; i < shares->count; i++) {
        sum += shares->values[i];
        if (shares->values[i] < 0)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"shares\" has %g, but must have no number below 0", shares->values[i]);
    }
    return sum > 0 ? SG_OK
                   : sg_fail(error, SG_ERROR_ARGUMENT,
                             "\"shares\" has zeros alone, but one must be above 0");
}

static sg_status count_pictures(sg_labelled_set *set, sg_error *error)
{
    const size_t seeds = set->work->lists.seeds.count;
    const uint64_t total = set->options.count > 0 ? (uint64_t)set->options.count
                           : set->conditional     ? (uint64_t)seeds * set->class_count
                                                  : seeds;
    if (total == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a labelled set needs \"seeds\", or \"num\", the number of its pictures");
    if (total > SG_MOST_PICTURES)
        return sg_fail(
            error, SG_ERROR_ARGUMENT,
            "%zu classes of %zu seeds are more than the %d pictures that one call paints",
            set->class_count, seeds, SG_MOST_PICTURES);
    SG_TRY(check_shares(set, error));
    set->wanted = (size_t)total;
    divide(set->options.shares.count > 0 ? set->options.shares.values : NULL, set->wanted,
           set->classes, set->class_count);
    return SG_OK;
}

/* ---- what is opened ---- */

static sg_status open_classifier(sg_labelled_set *set, sg_error *error)
{
    const char *path = set->options.classifier;
    const sg_generator_config *own = &set->work->network.config;
    if (!path)
        return set->conditional
                   ? SG_OK
                   : sg_fail(error, SG_ERROR_ARGUMENT,
                             "%s paints no classes: a labelled set of its pictures needs "
                             "\"classifier\", which tells them",
                             set->work->network.path);
    SG_TRY(sg_scoring_open(path, NULL, &set->work->compute, &set->classifier, error));
    const sg_discriminator_config *config = sg_scoring_config(set->classifier);
    if (config->output != SG_OUTPUT_CLASSES)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s is no classifier of classes (its output is \"%s\")", path,
                       config->output == SG_OUTPUT_SCORE ? "score" : "attributes");
    if (set->conditional && config->c_dim != own->c_dim)
        return sg_fail(error, SG_ERROR_ARGUMENT, "%s knows %d classes, but %s paints %d", path,
                       config->c_dim, set->work->network.path, own->c_dim);
    set->probabilities = sg_allocate((size_t)config->c_dim, sizeof *set->probabilities);
    return set->probabilities ? SG_OK : sg_fail_memory(error, "probabilities");
}

/* Lists the classes: those of the work, or all that the classifier knows. */
static sg_status list_classes(sg_labelled_set *set, sg_error *error)
{
    const sg_number_list *asked = &set->work->lists.classes;
    set->class_count =
        set->conditional ? asked->count : (size_t)sg_scoring_config(set->classifier)->c_dim;
    set->classes = sg_allocate(set->class_count, sizeof *set->classes);
    if (!set->classes)
        return sg_fail_memory(error, "the classes");
    for (size_t i = 0; i < set->class_count; i++)
        set->classes[i].label = set->conditional ? (int)asked->values[i] : (int)i;
    return SG_OK;
}

/* Returns the class with a label, or NULL. */
static sg_labelled_class *find_class(const sg_labelled_set *set, int label)
{
    for (size_t i = 0; i < set->class_count; i++)
        if (set->classes[i].label == label)
            return &set->classes[i];
    return NULL;
}

/* Adds the pictures of the collection; those of other classes are left out. */
static sg_status take_real(sg_labelled_set *set, sg_error *error)
{
    const char *path = set->options.real;
    if (!path)
        return SG_OK;
    SG_TRY(sg_picture_source_open(path, &set->real, error));
    if (set->real->label_count == 0 || set->real->label_values)
        return sg_fail(error, SG_ERROR_ARGUMENT, "the pictures of %s have no classes", path);
    for (size_t i = 0; i < set->real->count; i++) {
        sg_labelled_class *of = find_class(set, set->real->pictures[i].label);
        if (!of)
            continue;
        if (!sg_grow(&set->pictures, &set->capacity, set->count, sizeof *set->pictures))
            return sg_fail_memory(error, "the pictures of %s", path);
        set->pictures[set->count++] =
            (sg_labelled_picture){.label = of->label, .real = true, .index = i};
        of->real++;
    }
    return SG_OK;
}

static sg_status find_next_seed(sg_labelled_set *set, sg_error *error)
{
    const sg_number_list *seeds = &set->work->lists.seeds;
    if (set->work->lists.w.places)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a labelled set takes seeds, not files of w, as \"seeds\"");
    if (set->work->lists.psis.count > 1)
        return sg_fail(error, SG_ERROR_ARGUMENT, "a labelled set takes one truncation, not \"%s\"",
                       set->work->lists.psis.text);
    for (size_t i = 0; i < seeds->count; i++)
        if (seeds->values[i] >= set->next_seed)
            set->next_seed = seeds->values[i] + 1; /* 0 after the last seed there is */
    return SG_OK;
}

static sg_status open_set(sg_labelled_set *set, sg_error *error)
{
    SG_TRY(find_next_seed(set, error));
    SG_TRY(open_classifier(set, error));
    SG_TRY(list_classes(set, error));
    SG_TRY(count_pictures(set, error));
    return take_real(set, error);
}

sg_status sg_labelled_set_open(const sg_picture_work *work, const sg_labelled_options *options,
                               sg_labelled_set **set, sg_error *error)
{
    sg_labelled_set *opened = sg_allocate(1, sizeof *opened);
    *set = NULL;
    if (!opened)
        return sg_fail_memory(error, "a labelled set");
    opened->work = work;
    opened->options = *options;
    opened->conditional = work->network.config.c_dim > 0;
    const sg_status status = open_set(opened, error);
    if (status)
        sg_labelled_set_close(opened);
    else
        *set = opened;
    return status;
}

void sg_labelled_set_close(sg_labelled_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->count; i++)
        free(set->pictures[i].png);
    free(set->pictures);
    free(set->classes);
    free(set->probabilities);
    sg_scoring_close(set->classifier);
    sg_picture_source_destroy(set->real);
    free(set);
}

const sg_labelled_class *sg_labelled_set_classes(const sg_labelled_set *set, size_t *count)
{
    *count = set->class_count;
    return set->classes;
}

const char *sg_labelled_set_name(const sg_labelled_set *set, int label)
{
    const cJSON *names = set->classifier ? sg_scoring_names(set->classifier) : NULL;
    return names ? cJSON_GetStringValue(cJSON_GetArrayItem(names, label)) : NULL;
}
