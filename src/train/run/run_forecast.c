/*
 * What a run says of its length: before the first step and, corrected, after the first tick.
 * Tested by: tests/cli/test_train_forecast.c
 */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "train/forecast/forecast.h"
#include "train/run/run_state.h"

enum { END_BYTES = 160 };

/* Writes "in 3.1 hours (0.13 days), about 2026-11-30 03:00" or, for a longer time, days or years.
 */
static const char *print_end(char *text, double seconds)
{
    static const double short_time = 2 * 3600;
    static const double day = 24 * 3600;
    char duration[SG_DURATION_BYTES];
    char days[32] = "";
    char end[64] = "";
    const time_t when = time(NULL) + (time_t)fmin(seconds, 1e12);
    struct tm local;
    if (localtime_r(&when, &local))
        strftime(end, sizeof end, "%Y-%m-%d %H:%M", &local);
    if (seconds > short_time && seconds < 2 * day)
        snprintf(days, sizeof days, " (%.2g days)", seconds / day);
    snprintf(text, END_BYTES, "in %s%s, about %s", sg_print_duration(duration, seconds), days, end);
    return text;
}

/* Notes what the first tick and the rest will take, to be corrected. */
static sg_status note_first_tick(sg_run_state *run, sg_work_times *times, double seconds,
                                 sg_error *error)
{
    const double from = sg_run_kimg(run);
    const double until = fmin(from + run->options.tick, run->options.kimg);
    sg_forecast first;
    SG_TRY(sg_forecast_make(times, &run->options.trainer, from, until, &first, error));
    run->forecast_tick = first.seconds;
    run->forecast_rest = fmax(seconds - first.seconds, 0);
    return SG_OK;
}

sg_status sg_run_forecast(sg_run_state *run, sg_error *error)
{
    char end[END_BYTES];
    sg_forecast forecast;
    sg_work_times *times = sg_work_times_create(run->context->threads, sg_forecast_budget);
    if (!times)
        return sg_fail_memory(error, "a forecast");
    sg_status status = sg_forecast_make(times, &run->options.trainer, sg_run_kimg(run),
                                        run->options.kimg, &forecast, error);
    if (!status && !run->options.dry_run)
        status = note_first_tick(run, times, forecast.seconds, error);
    sg_work_times_destroy(times);
    if (!status)
        sg_run_say(run, "Forecast: %.2f seconds per kimg, %.0f MB of memory, the end at kimg %g %s",
                   forecast.seconds_per_kimg, (run->base_bytes + forecast.peak_bytes) * 1e-6,
                   run->options.kimg, print_end(end, forecast.seconds));
    return status;
}

void sg_run_correct_forecast(sg_run_state *run, double tick_seconds, double tick_kimg)
{
    char end[END_BYTES];
    /* A tick may be longer than expected, since it ends with a step. */
    const double expected = run->forecast_tick * fmax(tick_kimg / run->options.tick, 1);
    const double ratio = expected > 0 ? tick_seconds / expected : 0;
    if (ratio > 0 && sg_run_kimg(run) < run->options.kimg)
        sg_run_say(run,
                   "Forecast by the first tick: %.2f seconds per kimg, %.2f times what was "
                   "forecast, the end at kimg %g %s",
                   tick_seconds / tick_kimg, ratio, run->options.kimg,
                   print_end(end, run->forecast_rest * ratio));
    run->forecast_tick = run->forecast_rest = 0;
}
