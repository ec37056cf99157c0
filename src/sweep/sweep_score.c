/* Metrics of a sweep's trainings; see sweep_score.h. */
#include "sweep/sweep_score.h"

#include <math.h>
#include <stdlib.h>

#include "train/measure/metric_log.h"
#include "train/run/run_folder.h"

/* Returns 1 where more of the metric is better, -1 where less is; without metrics 0. */
static int better_of(const sg_sweep_request *request)
{
    const sg_metric_list *metrics = &request->options.metrics;
    return metrics->count > 0 ? sg_metric_of(sg_metric_list_judge(metrics))->better : 0;
}

static sg_status score_run(const char *folder, const sg_metric_item *item, sg_sweep_score *score,
                           sg_error *error)
{
    sg_metric_point *points = NULL;
    size_t count = 0;
    const int better = sg_metric_of(item)->better;
    SG_TRY(sg_metric_log_read(folder, item, &points, &count, error));
    for (size_t i = 0; i < count; i++) {
        const double value = points[i].values[0];
        score->last = value;
        const bool is_first = !isfinite(score->best);
        if (!isfinite(value) || (!is_first && better && (value - score->best) * better <= 0))
            continue;
        score->best = value;
        score->kimg = (double)points[i].images / 1000;
    }
    free(points);
    return SG_OK;
}

sg_status sg_sweep_score_runs(const char *folder, const sg_sweep_request *request,
                              const sg_sweep_plan *plan, sg_sweep_score *scores, sg_error *error)
{
    char path[SG_PATH_BYTES];
    for (size_t i = 0; i < plan->run_count; i++) {
        scores[i] = (sg_sweep_score){NAN, NAN, NAN};
        sg_run_folder_path(path, folder, "%s", plan->runs[i].name);
        if (request->options.metrics.count > 0)
            SG_TRY(score_run(path, sg_metric_list_judge(&request->options.metrics), &scores[i],
                             error));
    }
    return SG_OK;
}

/* ---- settings ---- */

static void sum_up(const sg_sweep_plan *plan, const sg_sweep_score *scores, int better,
                   sg_sweep_result *result)
{
    double sum = 0;
    double squares = 0;
    for (size_t i = result->setting; i < plan->run_count; i += plan->setting_count) {
        const double value = scores[i].best;
        if (plan->runs[i].rounds > result->rounds)
            result->rounds = plan->runs[i].rounds;
        if (!isfinite(value))
            continue;
        if (result->seeds == 0 || (value - scores[result->best_run].best) * better > 0)
            result->best_run = i;
        result->least = result->seeds == 0 ? value : fmin(result->least, value);
        result->most = result->seeds == 0 ? value : fmax(result->most, value);
        result->seeds++;
        sum += value;
    }
    const double count = (double)result->seeds;
    result->mean = count > 0 ? sum / count : NAN;
    for (size_t i = result->setting; i < plan->run_count; i += plan->setting_count)
        if (isfinite(scores[i].best))
            squares += (scores[i].best - result->mean) * (scores[i].best - result->mean);
    result->deviation = count > 1 ? sqrt(squares / (count - 1)) : NAN;
}

/* Tells whether a result comes before another. */
static bool precedes(const sg_sweep_result *a, const sg_sweep_result *b, int better)
{
    if (a->rounds != b->rounds)
        return a->rounds > b->rounds;
    if (isfinite(a->mean) != isfinite(b->mean))
        return isfinite(a->mean);
    if (a->seeds != b->seeds)
        return a->seeds > b->seeds; /* a mean of fewer seeds may be one of the lucky ones */
    const double lead = isfinite(a->mean) ? (a->mean - b->mean) * better : 0;
    return lead != 0 ? lead > 0 : a->setting < b->setting;
}

void sg_sweep_rank(const sg_sweep_request *request, const sg_sweep_plan *plan,
                   const sg_sweep_score *scores, sg_sweep_result *results)
{
    const int better = better_of(request);
    for (size_t setting = 0; setting < plan->setting_count; setting++) {
        sg_sweep_result result = {
            .setting = setting, .least = NAN, .most = NAN, .best_run = setting};
        size_t at = setting;
        sum_up(plan, scores, better, &result);
        for (; at > 0 && precedes(&result, &results[at - 1], better); at--)
            results[at] = results[at - 1];
        results[at] = result;
    }
}
