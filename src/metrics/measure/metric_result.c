/*
 * Results of metrics as JSON, with all that makes them comparable.
 * Tested by: tests/cli/test_metrics.c
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "metrics/measure/measurer_state.h"

/* Adds numbers under the official keys; those that are not finite as null, unless left out. */
static bool add_values(cJSON *object, const sg_metric_item *item, const double *values,
                       bool leave_out)
{
    char key[SG_METRIC_KEY_BYTES];
    for (size_t i = 0; i < sg_metric_value_count(sg_metric_of(item)); i++) {
        sg_metric_key(item, i, key);
        if (leave_out && !isfinite(values[i]))
            continue;
        if (!(isfinite(values[i]) ? cJSON_AddNumberToObject(object, key, values[i])
                                  : cJSON_AddNullToObject(object, key)))
            return false;
    }
    return object != NULL;
}

bool sg_metric_result_add(cJSON *object, const sg_metric_item *item, const double *values)
{
    return add_values(object, item, values, false);
}

static bool add_reals(cJSON *object, const sg_measurer *measurer, const sg_metric_result *result)
{
    const sg_reference_set *reals = &measurer->reals;
    if (result->reals == 0)
        return true;
    return cJSON_AddNumberToObject(object, "reals", (double)result->reals) &&
           cJSON_AddStringToObject(object, "data", reals->path) &&
           cJSON_AddStringToObject(object, "fingerprint", reals->fingerprint) &&
           cJSON_AddBoolToObject(object, "mirror", result->mirrored) &&
           (!reals->filter[0] || cJSON_AddStringToObject(object, "filter", reals->filter));
}

static bool add_network(cJSON *object, const sg_measurer *measurer, const sg_metric *metric)
{
    char hash[SG_FEATURE_HASH_BYTES];
    sg_looker *network = sg_measurer_network(measurer, metric->network);
    if (!network)
        return true;
    if (sg_looker_hash(network, hash, NULL))
        snprintf(hash, sizeof hash, "?");
    return cJSON_AddStringToObject(
               object, "resize",
               sg_choice_name(&sg_feature_resize_choices, measurer->options.resize)) &&
           cJSON_AddStringToObject(object, "features", sg_looker_path(network)) &&
           cJSON_AddStringToObject(object, "features_sha256", hash);
}

static bool add_texts(cJSON *object, const sg_measurer *measurer, const sg_metric *metric)
{
    const sg_measurer_options *options = &measurer->options;
    if (!(metric->needs & SG_METRIC_TEXTS))
        return true;
    return cJSON_AddItemToObject(object, "texts",
                                 cJSON_CreateStringArray(options->texts, (int)options->text_count));
}

static bool add_subject(cJSON *object, const sg_measurer *measurer, const sg_measured *subject)
{
    return cJSON_AddStringToObject(object, subject->generator ? "network" : "pictures",
                                   subject->name) &&
           cJSON_AddNumberToObject(object, "seed", (double)measurer->options.seed) &&
           (!subject->generator || cJSON_AddNumberToObject(object, "psi", measurer->options.psi)) &&
           (!subject->generator || subject->class_index < 0 ||
            cJSON_AddNumberToObject(object, "class", subject->class_index));
}

/* Adds "errors", where some value has one. */
static bool add_errors(cJSON *object, const sg_metric_result *result)
{
    bool any = false;
    for (size_t i = 0; i < SG_METRIC_MOST_VALUES; i++)
        any = any || isfinite(result->errors[i]);
    return !any || add_values(cJSON_AddObjectToObject(object, "errors"), &result->item,
                              result->errors, true);
}

cJSON *sg_metric_result_json(sg_measurer *measurer, const sg_measured *subject,
                             const sg_metric_result *result)
{
    char name[SG_METRIC_NAME_BYTES];
    cJSON *object = cJSON_CreateObject();
    const bool whole =
        cJSON_AddStringToObject(object, "metric", sg_metric_name(&result->item, name)) &&
        sg_metric_result_add(cJSON_AddObjectToObject(object, "results"), &result->item,
                             result->values) &&
        add_errors(object, result) &&
        cJSON_AddNumberToObject(object, "n", (double)result->samples) &&
        add_reals(object, measurer, result) &&
        add_network(object, measurer, sg_metric_of(&result->item)) &&
        add_texts(object, measurer, sg_metric_of(&result->item)) &&
        add_subject(object, measurer, subject) &&
        cJSON_AddNumberToObject(object, "seconds", result->seconds);
    if (whole)
        return object;
    cJSON_Delete(object);
    return NULL;
}
