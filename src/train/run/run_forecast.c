/*
 * What a run says of its length: before the first step and, corrected, after the first tick.
 * Tested by: tests/cli/test_train_forecast.c
 */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/machine/memory.h"
#include "train/forecast/fit.h"
#include "train/options/preset.h"
#include "train/run/run_state.h"

enum { END_BYTES = 160 };

/* The shares of its length by which a run must be off before its end is moved: after the first
 * tick, and after later ones. */
static const double worth_moving_at_first = 0.05;
static const double worth_moving = 0.2;

/* Seconds after which nobody waits for a processor: two weeks. */
static const double endless = 14 * 24 * 3600;

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
static sg_status note_first_tick(sg_run_state *run, double seconds, sg_error *error)
{
    const double from = sg_run_kimg(run);
    const double until = fmin(from + run->options.tick, run->options.kimg);
    sg_forecast first;
    SG_TRY(sg_forecast_make(run->times, &run->options.trainer, from, until, &first, error));
    run->forecast_tick = first.seconds;
    run->forecast_rest = fmax(seconds - first.seconds, 0);
    return SG_OK;
}

sg_status sg_run_check_memory(sg_run_state *run, sg_error *error)
{
    sg_forecast forecast;
    sg_error refusal = {0};
    const uint64_t limit = run->context->memory;
    if (!sg_trainer_sees_data(&run->options.trainer))
        return SG_OK;
    SG_TRY(sg_forecast_make(NULL, &run->options.trainer, 0, run->options.kimg, &forecast, error));
    if (!sg_memory_check(forecast.peak_bytes, limit, "the training", &refusal))
        return SG_OK;
    if (!run->options.dry_run)
        return sg_fail(error, refusal.status, "%s", refusal.message);
    sg_run_say(run, "Warning: %s.", refusal.message);
    return SG_OK;
}

sg_status sg_run_forecast(sg_run_state *run, sg_error *error)
{
    char end[END_BYTES];
    sg_forecast forecast;
    if (!sg_trainer_sees_data(
            &run->options.trainer)) /* most of the time is that of what looks at pictures */
        return SG_OK;
    if (run->times)
        sg_work_times_allow(run->times, sg_forecast_budget / 2);
    else
        run->times = sg_work_times_create(run->context->threads, sg_forecast_budget);
    if (!run->times)
        return sg_fail_memory(error, "a forecast");
    sg_status status = sg_forecast_make(run->times, &run->options.trainer, sg_run_kimg(run),
                                        run->options.kimg, &forecast, error);
    if (!status && !run->options.dry_run)
        status = note_first_tick(run, forecast.seconds, error);
    sg_work_times_destroy(run->times);
    run->times = NULL;
    if (!status)
        sg_run_say(run, "Forecast: %.2f seconds per kimg, %.0f MB of memory, the end at kimg %g %s",
                   forecast.seconds_per_kimg, (run->base_bytes + forecast.peak_bytes) * 1e-6,
                   run->options.kimg, print_end(end, forecast.seconds));
    if (!status && run->callbacks.forecast)
        run->callbacks.forecast(run->callbacks.user, forecast.seconds);
    if (!status && forecast.seconds > endless && !sg_presets[run->options.cfg].fits)
        sg_run_say(run,
                   "Note: the values of \"cfg\" %s are the published ones, for graphics cards; "
                   "\"cfg\" fit chooses values with which this machine is done in \"hours\".",
                   sg_presets[run->options.cfg].name);
    return status;
}

/* Moves the end of a run of cfg fit to where its time ends, by its speed so far, if that is off by
 * more than a share of the length. */
static void fit_length(sg_run_state *run, double seconds_per_kimg, double share)
{
    sg_error error = {0};
    char duration[SG_DURATION_BYTES];
    const double before = run->options.kimg;
    const double now = sg_run_kimg(run);
    const double left = run->seconds - (sg_clock_seconds() - run->started);
    const double kimg = sg_fit_length(left + now * seconds_per_kimg, seconds_per_kimg);
    if (run->seconds <= 0 || now >= before || fabs(kimg - before) < share * before)
        return;
    run->options.kimg = fmax(kimg, now + run->options.tick);
    sg_run_set_length(run);
    if (sg_run_write_options(run, &error))
        sg_run_say(run, "Warning: %s", error.message);
    sg_run_say(run, "The length becomes %g kimg instead of %g, so that the training ends in %s.",
               run->options.kimg, before, sg_print_duration(duration, run->seconds));
}

/* Says how the first tick compares with the forecast. */
static void say_correction(sg_run_state *run, double tick_seconds, double tick_kimg, double before)
{
    char end[END_BYTES];
    /* A tick may be longer than expected, since it ends with a step. */
    const double expected = run->forecast_tick * fmax(tick_kimg / run->options.tick, 1);
    const double ratio = expected > 0 ? tick_seconds / expected : 0;
    const double now = sg_run_kimg(run);
    const double moved = (run->options.kimg - now) / fmax(before - now, 1e-9);
    if (ratio > 0 && now < before)
        sg_run_say(run,
                   "Forecast by the first tick: %.2f seconds per kimg, %.2f times what was "
                   "forecast, the end at kimg %g %s",
                   tick_seconds / tick_kimg, ratio, run->options.kimg,
                   print_end(end, moved * run->forecast_rest * ratio));
}

void sg_run_correct_forecast(sg_run_state *run, double tick_seconds, double tick_kimg)
{
    const double before = run->options.kimg;
    const bool first = run->forecast_tick > 0;
    const double trained = sg_run_kimg(run) - run->start_kimg;
    const double speed = (sg_clock_seconds() - run->started) / fmax(trained, 1e-9);
    fit_length(run, first ? tick_seconds / tick_kimg : speed,
               first ? worth_moving_at_first : worth_moving);
    if (first)
        say_correction(run, tick_seconds, tick_kimg, before);
    run->forecast_tick = run->forecast_rest = 0;
}
