/* A progress bar on standard error; see progress.h.
 * Tested by: tests/cli/test_dataset.c */
#include "cli/terminal/progress.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"

static const double terminal_interval = 0.1; /* seconds between two drawings */
static const double pipe_interval = 30;      /* seconds between two lines */

enum { BAR_CELLS = 24, LINE_BYTES = 512, FEWEST_STEPS = 3 /* with a bar */ };

/* Writes "1:02:03" or "2:03". */
static void print_duration(double seconds, char *text, size_t size)
{
    const long whole = lround(seconds);
    if (whole >= 3600)
        snprintf(text, size, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    else
        snprintf(text, size, "%ld:%02ld", whole / 60, whole % 60);
}

/* Writes ", 1.25 kimg/min, 3:20 left" to `text`; nothing while the rate is unknown. */
static void print_rate(const sg_progress *progress, double done, double time, char *text,
                       size_t size)
{
    static const struct {
        const char *name;
        double seconds;
    } spans[] = {{"s", 1}, {"min", 60}, {"h", 3600}};
    const double rate = (done - progress->started_at) / (time - progress->started);
    char left[32];
    size_t span = 0;
    text[0] = '\0';
    if (!(rate > 0) || !isfinite(rate))
        return;
    while (span < 2 && rate * spans[span].seconds < 1)
        span++;
    const double seconds_left = fmax((progress->total - done) / rate, 0);
    print_duration(fmin(seconds_left, 1e9), left, sizeof left);
    snprintf(text, size, ", %.3g %s/%s, %s left", rate * spans[span].seconds, progress->unit,
             spans[span].name, left);
}

/* Returns the number of columns that fit on a line. */
static int line_width(void)
{
    struct winsize window;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col < 20)
        return 79;
    return window.ws_col < LINE_BYTES ? window.ws_col - 1 : LINE_BYTES - 1;
}

static void draw(sg_progress *progress, double done, const char *remark, double time)
{
    char rate[128];
    char line[LINE_BYTES];
    char bar[BAR_CELLS + 1];
    const double part = progress->total > 0 ? fmin(fmax(done / progress->total, 0), 1) : 0;
    print_rate(progress, done, time, rate, sizeof rate);
    memset(bar, '-', BAR_CELLS);
    memset(bar, '#', (size_t)(part * BAR_CELLS));
    bar[BAR_CELLS] = '\0';
    const char *separator = remark ? ", " : "";
    if (progress->terminal) {
        snprintf(line, sizeof line, "%s [%s] %3d%%  %.6g/%.6g %s%s%s%s", progress->label, bar,
                 (int)(part * 100), done, progress->total, progress->unit, rate, separator,
                 remark ? remark : "");
        fprintf(stderr, "\r%.*s\033[K", line_width(), line);
    } else {
        fprintf(stderr, "%s: %.6g of %.6g %s (%d%%)%s%s%s\n", progress->label, done,
                progress->total, progress->unit, (int)(part * 100), rate, separator,
                remark ? remark : "");
    }
    fflush(stderr);
    progress->last_drawn = time;
}

void sg_progress_start(sg_progress *progress, const char *label, const char *unit, double done,
                       double total)
{
    const double time = sg_clock_seconds();
    *progress = (sg_progress){.label = label,
                              .unit = unit,
                              .total = total,
                              .terminal = isatty(STDERR_FILENO) != 0,
                              .started = time,
                              .started_at = done,
                              .last_drawn = time};
    if (progress->terminal)
        draw(progress, done, NULL, time);
}

void sg_progress_update(sg_progress *progress, double done, const char *remark)
{
    const double time = sg_clock_seconds();
    const double interval = progress->terminal ? terminal_interval : pipe_interval;
    if (time - progress->last_drawn >= interval)
        draw(progress, done, remark, time);
}

void sg_progress_clear(sg_progress *progress)
{
    if (!progress->terminal)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress->last_drawn = 0;
}

/* ---- interrupts ---- */

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    interrupted = 1;
    signal(signal_number, SIG_DFL);
}

void sg_interrupt_watch(void)
{
    signal(SIGINT, on_interrupt);
    signal(SIGTERM, on_interrupt);
}

bool sg_interrupted(void)
{
    return interrupted != 0;
}

/* ---- watching ---- */

static bool show_step(void *user, double done, double total, const char *remark)
{
    sg_terminal_watch *watch = user;
    if (done == 0 && total >= FEWEST_STEPS) {
        sg_terminal_watch_finish(watch);
        sg_progress_start(&watch->progress, watch->progress.label, watch->progress.unit, 0, total);
        watch->shown = true;
    }
    if (watch->shown)
        sg_progress_update(&watch->progress, done, remark);
    return sg_interrupted();
}

static void show_note(void *user, const char *sentence)
{
    sg_terminal_watch *watch = user;
    if (watch->shown)
        sg_progress_clear(&watch->progress);
    watch->warn(watch->owner, sentence);
}

void sg_terminal_watch_start(sg_terminal_watch *watch, const char *label, const char *unit,
                             void (*warn)(const void *owner, const char *sentence),
                             const void *owner)
{
    *watch = (sg_terminal_watch){.watch = {watch, show_step, show_note},
                                 .progress = {.label = label, .unit = unit},
                                 .warn = warn,
                                 .owner = owner};
}

void sg_terminal_watch_finish(sg_terminal_watch *watch)
{
    if (watch->shown)
        sg_progress_clear(&watch->progress);
    watch->shown = false;
}
