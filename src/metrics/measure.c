/* The table of metrics, and one pass over pictures for all that share it; see measure.h. */
#include "metrics/measure.h"

#include <math.h>
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

sg_status sg_metric_list_parse(const char *text, sg_metric_list *list, sg_error *error)
{
    static const sg_choices names = SG_CHOICES(sg_metrics);
    char known[512];
    char name[32];
    *list = (sg_metric_list){0};
    if (strcmp(text, "none") == 0)
        return SG_OK;
    for (const char *at = text;; at++) {
        const size_t length = strcspn(at, ",");
        const size_t kept = length < sizeof name ? length : 0;
        memcpy(name, at, kept);
        name[kept] = '\0';
        const int metric = sg_choice_find(&names, name);
        if (metric < 0)
            return sg_fail(error, SG_ERROR_ARGUMENT, "takes %s, with commas between, not \"%.*s\"",
                           sg_choice_list(&names, known, sizeof known), (int)length, at);
        list->bits |= (uint32_t)1 << metric;
        at += length;
        if (*at == '\0')
            return SG_OK;
    }
}

/* The bits, within a pass, of its metrics that the list wants. */
static unsigned wanted_of(const sg_metric_list *list, const sg_metric_pass *pass)
{
    unsigned wanted = 0;
    for (size_t i = 0; i < sg_metric_count; i++)
        if (sg_metrics[i].pass == pass && sg_metric_is_wanted(list, i))
            wanted |= 1u << sg_metrics[i].which;
    return wanted;
}

static sg_status check_needs(const sg_metric_setup *setup, const sg_metric_pass *pass,
                             sg_error *error)
{
    sg_moved_input input = {0};
    if (!(pass->needs & SG_METRIC_MOVES_INPUT))
        return SG_OK;
    const sg_status status = sg_moved_input_begin(setup->generator, &input, error);
    sg_moved_input_end(&input);
    return status;
}

static sg_status accumulate(const sg_metric_setup *setup, const sg_metric_pass *pass,
                            unsigned wanted, const sg_watch *watch, void *state, sg_error *error)
{
    SG_TRY(check_needs(setup, pass, error));
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
