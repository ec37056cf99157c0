/* What a sweep came to; see sweep_summary.h.
 * Tested by: tests/cli/test_sweep.c */
#include "sweep/sweep_summary.h"

#include <stdlib.h>

#include "base/allocate.h"

sg_status sg_sweep_summarise(const char *folder, const sg_sweep_request *request,
                             const sg_sweep_plan *plan, sg_sweep_summary *summary, sg_error *error)
{
    *summary = (sg_sweep_summary){.folder = folder, .request = request, .plan = plan};
    summary->scores = sg_allocate(plan->run_count, sizeof *summary->scores);
    summary->results = sg_allocate(plan->setting_count, sizeof *summary->results);
    if (!summary->scores || !summary->results)
        return sg_fail_memory(error, "the scores of %zu trainings", plan->run_count);
    if (request->options.metrics.count > 0) {
        const sg_metric_item *judge = sg_metric_list_judge(&request->options.metrics);
        sg_metric_key(judge, 0, summary->metric);
        summary->better = sg_metric_of(judge)->better;
    }
    SG_TRY(sg_sweep_score_runs(folder, request, plan, summary->scores, error));
    sg_sweep_rank(request, plan, summary->scores, summary->results);
    return SG_OK;
}

void sg_sweep_summary_clear(sg_sweep_summary *summary)
{
    free(summary->scores);
    free(summary->results);
    *summary = (sg_sweep_summary){0};
}
