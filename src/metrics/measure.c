/* The table of metrics, and one pass over pictures for all that share it; see measure.h. */
#include "metrics/measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/choices.h"
#include "latent/moved_input.h"
#include "metrics/equivariance.h"

const sg_metric sg_metrics[] = {
    {"eqt50k_int", "EQ-T: how exactly pictures follow moves by whole pixels", "dB",
     &sg_equivariance_pass, SG_EQT_INT},
    {"eqt50k_frac", "EQ-T: the same for moves by any distance", "dB", &sg_equivariance_pass,
     SG_EQT_FRAC},
    {"eqr50k", "EQ-R: how exactly pictures follow turns by any angle", "dB", &sg_equivariance_pass,
     SG_EQR},
};
const size_t sg_metric_count = sizeof sg_metrics / sizeof *sg_metrics;

_Static_assert(sizeof sg_metrics / sizeof *sg_metrics <= SG_MOST_METRICS, "a list has 32 bits");

bool sg_metric_is_wanted(const sg_metric_list *list, size_t index)
{
    return list->bits >> index & 1;
}

/* The number of thousands in the table's names. */
enum { USUAL_THOUSANDS = 50, MOST_THOUSANDS = 1000000 };

/* Splits a row's name around "50k": returns the length of what stands before the number. */
static size_t name_head(const sg_metric *metric, const char **tail)
{
    const char *number = strstr(metric->name, "50k");
    *tail = number + strlen("50");
    return (size_t)(number - metric->name);
}

const char *sg_metric_name(const sg_metric_list *list, size_t index, char *name)
{
    const char *tail;
    const size_t head = name_head(&sg_metrics[index], &tail);
    snprintf(name, SG_METRIC_NAME_BYTES, "%.*s%d%s", (int)head, sg_metrics[index].name,
             list->thousands, tail);
    return name;
}

/* Returns the row that the first `length` bytes of `text` name, or -1; its number in *thousands. */
static int find_metric(const char *text, size_t length, int *thousands)
{
    for (size_t i = 0; i < sg_metric_count; i++) {
        const char *tail;
        char *end;
        const size_t head = name_head(&sg_metrics[i], &tail);
        if (strncmp(text, sg_metrics[i].name, head) != 0 || text[head] < '1' || text[head] > '9')
            continue;
        const long number = strtol(text + head, &end, 10);
        const size_t rest = strlen(tail);
        if (number <= MOST_THOUSANDS && strncmp(end, tail, rest) == 0 &&
            end + rest == text + length) {
            *thousands = (int)number;
            return (int)i;
        }
    }
    return -1;
}

/* Tells whether a name is that of an official metric that is not in the table. */
static bool is_missing(const char *name)
{
    static const char *const starts[] = {"fid", "kid", "pr50k", "is50k", "ppl", "ls"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(name, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

static sg_status refuse_name(const char *name, size_t length, sg_error *error)
{
    static const sg_choices names = SG_CHOICES(sg_metrics);
    char known[512];
    return sg_fail(error, SG_ERROR_ARGUMENT, "takes %s, with commas between, not \"%.*s\"%s",
                   sg_choice_list(&names, known, sizeof known), (int)length, name,
                   is_missing(name) ? ", which is not there yet; none measures nothing" : "");
}

static sg_status parse_list(const char *text, void *result, sg_error *error)
{
    sg_metric_list *list = result;
    *list = (sg_metric_list){.thousands = USUAL_THOUSANDS};
    if (strcmp(text, "none") == 0)
        return SG_OK;
    for (const char *at = text;; at++) {
        int thousands = USUAL_THOUSANDS;
        const size_t length = strcspn(at, ",");
        const int metric = find_metric(at, length, &thousands);
        if (metric < 0)
            return refuse_name(at, length, error);
        if (list->bits && thousands != list->thousands)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "takes names with the same number of pictures, not %dk and %dk",
                           list->thousands, thousands);
        list->thousands = thousands;
        list->bits |= (uint32_t)1 << metric;
        at += length;
        if (*at == '\0')
            return SG_OK;
    }
}

static cJSON *list_to_json(const void *value)
{
    const sg_metric_list *list = value;
    char text[SG_METRIC_NAME_BYTES * SG_MOST_METRICS] = "";
    char name[SG_METRIC_NAME_BYTES];
    size_t length = 0;
    for (size_t i = 0; i < sizeof sg_metrics / sizeof *sg_metrics; i++)
        if (sg_metric_is_wanted(list, i))
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
                                       length > 0 ? "," : "", sg_metric_name(list, i, name));
    return cJSON_CreateString(length > 0 ? text : "none");
}

const sg_field_codec sg_metric_list_codec = {.parse = parse_list, .to_json = list_to_json};

/* Returns the bits, within a pass, of its metrics that the list wants. */
static unsigned wanted_of(const sg_metric_list *list, const sg_metric_pass *pass)
{
    unsigned wanted = 0;
    for (size_t i = 0; i < sg_metric_count; i++)
        if (sg_metrics[i].pass == pass && sg_metric_is_wanted(list, i))
            wanted |= 1u << sg_metrics[i].which;
    return wanted;
}

sg_status sg_metric_list_check(const sg_metric_list *list, sg_generator *generator, sg_error *error)
{
    bool moves = false;
    for (size_t i = 0; i < sg_metric_count; i++)
        if (sg_metric_is_wanted(list, i) && sg_metrics[i].pass->needs & SG_METRIC_MOVES_INPUT)
            moves = true;
    sg_moved_input input = {0};
    const sg_status status = moves ? sg_moved_input_begin(generator, &input, error) : SG_OK;
    if (moves)
        sg_moved_input_end(&input);
    return status;
}

static sg_status accumulate(const sg_metric_setup *setup, const sg_metric_pass *pass,
                            unsigned wanted, const sg_watch *watch, void *state, sg_error *error)
{
    for (size_t i = 0; i < setup->samples; i++) {
        SG_TRY(pass->accumulate(setup, wanted, i, state, error));
        if (sg_watch_step(watch, (double)(i + 1), (double)setup->samples, NULL))
            return sg_fail(error, SG_ERROR_CANCELLED, "measuring was stopped");
    }
    return SG_OK;
}

static sg_status finish(const sg_metric_list *list, const sg_metric_pass *pass, const void *state,
                        double *values, sg_error *error)
{
    for (size_t i = 0; i < sg_metric_count; i++) {
        if (sg_metrics[i].pass != pass || !sg_metric_is_wanted(list, i))
            continue;
        values[i] = pass->finish(state, sg_metrics[i].which);
        if (isnan(values[i]))
            return sg_fail(error, SG_ERROR_ARGUMENT, "%s cannot be measured: %s",
                           sg_metrics[i].name, pass->untold);
    }
    return SG_OK;
}

static sg_status measure_pass(const sg_metric_setup *setup, const sg_metric_list *list,
                              const sg_metric_pass *pass, const sg_watch *watch, double *values,
                              sg_error *error)
{
    void *state = sg_allocate(1, pass->state_bytes);
    if (!state)
        return sg_fail_memory(error, "the sums of metrics");
    sg_status status = accumulate(setup, pass, wanted_of(list, pass), watch, state, error);
    if (!status)
        status = finish(list, pass, state, values, error);
    free(state);
    return status;
}

sg_status sg_measure(const sg_metric_setup *setup, const sg_metric_list *list,
                     const sg_watch *watch, double *values, sg_error *error)
{
    SG_TRY(sg_metric_list_check(list, setup->generator, error));
    for (size_t i = 0; i < sg_metric_count; i++) {
        const sg_metric_pass *pass = sg_metrics[i].pass;
        bool done = !sg_metric_is_wanted(list, i);
        for (size_t before = 0; before < i; before++)
            done = done || (sg_metrics[before].pass == pass && sg_metric_is_wanted(list, before));
        if (!done)
            SG_TRY(measure_pass(setup, list, pass, watch, values, error));
    }
    return SG_OK;
}
