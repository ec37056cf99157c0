/* A network file as one JSON object, for programs.
 * Tested by: tests/cli/test_convert.c */
#include <stdio.h>
#include <stdlib.h>

#include "checkpoint/network/network_classes.h"
#include "checkpoint/network/network_load.h"
#include "cli/info/network_summary.h"
#include "models/family.h"

/* Adds `item` to the object, or deletes it when that fails or there is no object. */
static cJSON *attach(cJSON *object, const char *name, cJSON *item)
{
    if (item && object && cJSON_AddItemToObject(object, name, item))
        return item;
    cJSON_Delete(item);
    return NULL;
}

/* Adds an entry to the list if it is `whole`, or deletes it. */
static bool append(cJSON *list, cJSON *entry, bool whole)
{
    const bool added = whole && cJSON_AddItemToArray(list, entry);
    if (!added)
        cJSON_Delete(entry);
    return added;
}

/* Returns an array of numbers. */
static cJSON *numbers(const int64_t *values, int count)
{
    cJSON *array = cJSON_CreateArray();
    for (int i = 0; i < count; i++)
        if (!append(array, cJSON_CreateNumber((double)values[i]), array)) {
            cJSON_Delete(array);
            return NULL;
        }
    return array;
}

static bool add_tensors(cJSON *object, const sg_tensor_summary *tensors, size_t count)
{
    cJSON *list = cJSON_AddArrayToObject(object, "tensors");
    bool whole = list;
    for (size_t i = 0; i < count && whole; i++) {
        const sg_tensor_summary *tensor = &tensors[i];
        cJSON *entry = cJSON_CreateObject();
        whole =
            append(list, entry,
                   cJSON_AddStringToObject(entry, "name", tensor->name) &&
                       attach(entry, "shape", numbers(tensor->shape.size, tensor->shape.rank)) &&
                       cJSON_AddBoolToObject(entry, "buffer", tensor->buffer));
    }
    return whole;
}

static bool add_layers(cJSON *object, const sg_network_summary *summary)
{
    cJSON *list = cJSON_AddArrayToObject(object, "layers");
    bool whole = list;
    for (size_t i = 0; i < summary->layer_count && whole; i++) {
        const sg_layer_summary *layer = &summary->layers[i];
        cJSON *entry = cJSON_CreateObject();
        whole =
            append(list, entry,
                   cJSON_AddStringToObject(entry, "name", layer->name) &&
                       cJSON_AddNumberToObject(entry, "parameters", (double)layer->parameters) &&
                       cJSON_AddNumberToObject(entry, "buffers", (double)layer->buffers) &&
                       attach(entry, "output", numbers(layer->output, layer->output_rank)) &&
                       add_tensors(entry, summary->tensors + layer->first, layer->count));
    }
    return whole;
}

/* What only generators have. */
static bool add_inputs(cJSON *object, const sg_network_summary *summary)
{
    return summary->num_ws == 0 || (cJSON_AddNumberToObject(object, "num_ws", summary->num_ws) &&
                                    attach(object, "style_resolutions",
                                           cJSON_CreateIntArray(summary->styles, summary->num_ws)));
}

/* Adds what only classifiers have; names are null where the file has none. */
static bool add_answers(cJSON *object, const sg_network_file *file,
                        const sg_network_summary *summary)
{
    if (summary->output == SG_OUTPUT_SCORE)
        return true;
    const char *accuracy = sg_network_metadata(file, "accuracy");
    cJSON *names = sg_network_class_names(file, summary->classes);
    return attach(object, "class_names", names ? names : cJSON_CreateNull()) &&
           attach(object, "accuracy",
                  accuracy ? cJSON_CreateNumber(strtod(accuracy, NULL)) : cJSON_CreateNull());
}

/* Adds what one picture takes, where it is known. */
static bool add_cost(cJSON *object, const sg_network_cost *cost)
{
    return cost->peak_bytes <= 0 ||
           (cJSON_AddNumberToObject(object, "memory_bytes", cost->peak_bytes) &&
            cJSON_AddNumberToObject(object, "multiply_adds", cost->multiply_adds));
}

static bool add_network(cJSON *networks, const sg_network_file *file,
                        const sg_network_summary *summary)
{
    cJSON *object = cJSON_AddObjectToObject(networks, sg_network_part_name(summary->part));
    if (!cJSON_AddStringToObject(object, "family",
                                 summary->part == SG_PART_E ? "encoder"
                                 : summary->part == SG_PART_M
                                     ? "mapper"
                                     : sg_family_of(sg_network_family(file, summary->part))->title))
        return false;
    if (summary->error.status)
        return cJSON_AddStringToObject(object, "error", summary->error.message);
    return attach(object, "init_kwargs", cJSON_Duplicate(summary->config, true)) &&
           add_inputs(object, summary) && add_answers(object, file, summary) &&
           cJSON_AddBoolToObject(object, "w_avg_estimated",
                                 sg_network_lacks_average(file, summary->part)) &&
           cJSON_AddNumberToObject(object, "parameters", (double)summary->parameters) &&
           cJSON_AddNumberToObject(object, "buffers", (double)summary->buffers) &&
           add_cost(object, &summary->cost) && add_layers(object, summary);
}

/* The config stands with each network; everything else is passed on as it is. */
static bool add_metadata(cJSON *object, const sg_network_file *file)
{
    cJSON *metadata = cJSON_AddObjectToObject(object, "metadata");
    bool whole = metadata;
    for (size_t i = 0; i < sg_network_metadata_count(file) && whole; i++) {
        const sg_metadata pair = sg_network_metadata_at(file, i);
        whole = cJSON_AddStringToObject(metadata, pair.key, pair.value);
    }
    return whole;
}

static bool add_ignored(cJSON *object, const sg_network_file *file)
{
    cJSON *list = cJSON_AddArrayToObject(object, "ignored");
    bool whole = list;
    for (size_t i = 0; i < sg_network_ignored_count(file) && whole; i++)
        whole = append(list, cJSON_CreateString(sg_network_ignored_at(file, i)), true);
    return whole;
}

static bool fill_report(cJSON *report, const sg_network_file *file, uint64_t bytes,
                        const sg_network_summary *summaries, size_t count)
{
    const char *dialect = sg_network_dialect(file);
    const char *kimg = sg_network_metadata(file, "kimg");
    bool whole =
        cJSON_AddStringToObject(report, "file", sg_network_path(file)) &&
        cJSON_AddStringToObject(report, "format", sg_network_container(file)) &&
        attach(report, "dialect", dialect ? cJSON_CreateString(dialect) : cJSON_CreateNull()) &&
        cJSON_AddNumberToObject(report, "bytes", (double)bytes) &&
        attach(report, "kimg",
               kimg ? cJSON_CreateNumber(strtod(kimg, NULL)) : cJSON_CreateNull()) &&
        add_metadata(report, file) && add_ignored(report, file);
    cJSON *networks = cJSON_AddObjectToObject(report, "networks");
    for (size_t i = 0; i < count && whole; i++)
        whole = add_network(networks, file, &summaries[i]);
    return whole && networks;
}

sg_status sg_info_put_json(cJSON *report, bool whole, sg_error *error)
{
    char *text = whole ? cJSON_Print(report) : NULL;
    if (text)
        puts(text);
    cJSON_free(text);
    cJSON_Delete(report);
    return text ? SG_OK : sg_fail_memory(error, "the JSON report");
}

sg_status sg_info_print_json(const sg_network_file *file, uint64_t bytes,
                             const sg_network_summary *summaries, size_t count, sg_error *error)
{
    cJSON *report = cJSON_CreateObject();
    const bool whole = fill_report(report, file, bytes, summaries, count);
    return sg_info_put_json(report, whole, error);
}
