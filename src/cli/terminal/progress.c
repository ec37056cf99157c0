/* A progress bar on standard error; see progress.h.
 * Tested by: tests/cli/test_progress.c */
#include "cli/terminal/progress.h"

#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"

static const double terminal_interval = 0.1; /* seconds between two drawings */
static const double pipe_interval = 30;      /* seconds between two lines */

enum { LINE_BYTES = 512, FEWEST_STEPS = 3 /* with a bar */ };

/* Writes "1:02:03", "2:03" or, from two days on, "12 days". */
static void print_time_left(double seconds, char text[SG_DURATION_BYTES])
{
    const long whole = lround(fmin(seconds, 1e12));
    if (whole >= 48 * 3600)
        sg_print_duration(text, seconds);
    else if (whole >= 3600)
        snprintf(text, SG_DURATION_BYTES, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60,
                 whole % 60);
    else
        snprintf(text, SG_DURATION_BYTES, "%ld:%02ld", whole / 60, whole % 60);
}

/* The parts of a line, each with what separates it from those before; empty: unknown. */
typedef struct line_parts {
    char counts[96]; /* "  21/400 pictures" */
    char rate[64];   /* ", 46 pictures/s" */
    char left[64];   /* ", 3:20 left" */
    char remark[160];
    double part; /* done, of 1 */
} line_parts;

/* Sets rate and time left, while the rate is known. */
static void set_rate(const sg_progress *progress, double done, double time, line_parts *parts)
{
    static const struct {
        const char *name;
        double seconds;
    } spans[] = {{"s", 1}, {"min", 60}, {"h", 3600}};
    const double rate = (done - progress->started_at) / (time - progress->started);
    char left[SG_DURATION_BYTES];
    size_t span = 0;
    if (!(rate > 0) || !isfinite(rate))
        return;
    while (span < 2 && rate * spans[span].seconds < 1)
        span++;
    print_time_left(fmax((progress->total - done) / rate, 0), left);
    snprintf(parts->rate, sizeof parts->rate, ", %.3g %s/%s", rate * spans[span].seconds,
             progress->unit, spans[span].name);
    snprintf(parts->left, sizeof parts->left, ", %s left", left);
}

/* Returns the number of columns that fit on a line. */
static int line_width(void)
{
    struct winsize window;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col < 20)
        return 79;
    return window.ws_col < LINE_BYTES ? window.ws_col - 1 : LINE_BYTES - 1;
}

/* Draws as much as the line has room for: the bar shrinks first, then parts are left out. */
static void draw_bar(const sg_progress *progress, const line_parts *parts)
{
    static const struct {
        int cells;
        bool rate, remark, counts;
    } forms[] = {{24, true, true, true},  {12, true, true, true},  {12, false, true, true},
                 {6, false, true, true},  {0, false, true, true},  {12, true, false, true},
                 {0, false, false, true}, {0, false, false, false}};
    char line[LINE_BYTES];
    int length = INT_MAX;
    for (size_t i = 0; i < sizeof forms / sizeof *forms && length > line_width(); i++) {
        const int cells = forms[i].cells;
        const int full = (int)(parts->part * cells);
        length = snprintf(line, sizeof line, "%s %s%.*s%.*s%s%3d%%%s%s%s%s", progress->label,
                          cells ? "[" : "", full, "########################", cells - full,
                          "------------------------", cells ? "] " : "", (int)(parts->part * 100),
                          forms[i].counts ? parts->counts : "", forms[i].rate ? parts->rate : "",
                          parts->left, forms[i].remark ? parts->remark : "");
    }
    fprintf(stderr, "\r%.*s\033[K", line_width(), line);
}

static void draw(sg_progress *progress, double done, const char *remark, double time)
{
    const double part = progress->total > 0 ? done / progress->total : 0;
    line_parts parts = {.part = fmin(fmax(part, 0), 1)};
    set_rate(progress, done, time, &parts);
    if (remark)
        snprintf(parts.remark, sizeof parts.remark, ", %s", remark);
    if (progress->terminal) {
        snprintf(parts.counts, sizeof parts.counts, "  %.6g/%.6g %s", done, progress->total,
                 progress->unit);
        draw_bar(progress, &parts);
    } else {
        fprintf(stderr, "%s: %.6g of %.6g %s (%d%%)%s%s%s\n", progress->label, done,
                progress->total, progress->unit, (int)(parts.part * 100), parts.rate, parts.left,
                parts.remark);
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

static volatile sig_atomic_t interrupted; /* the signal; 0: none */
static volatile sig_atomic_t saves;       /* the work's manner */

/* Calls what may be called while a signal is handled, alone. */
static void say(const char *sentence)
{
    if (write(STDERR_FILENO, sentence, strlen(sentence)) < 0)
        return; /* nobody reads it */
}

static void on_interrupt(int signal_number)
{
    interrupted = signal_number;
    signal(signal_number, SIG_DFL);
    alarm(SG_INTERRUPT_SECONDS);
}

/* The work does not look whether it should end, or takes long for it. Files that are written have
 * no name, so nothing is left of them. */
static void on_deadline(int signal_number)
{
    (void)signal_number;
    if (!saves) {
        say("\nstylegan: stopped by a signal\n");
        _exit(128 + interrupted);
    }
    say("\nstylegan: ends when the step in hand is done and saved; a second signal ends it at "
        "once\n");
}

/* Has a signal end the work in hand, unless the program was started with it ignored, as nohup and
 * shells do it for what runs on in the background. */
static void watch_signal(int signal_number)
{
    struct sigaction before;
    if (sigaction(signal_number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        signal(signal_number, on_interrupt);
}

void sg_interrupt_watch(sg_interrupt_manner manner)
{
    saves = manner == SG_INTERRUPT_SAVES;
    signal(SIGALRM, on_deadline);
    watch_signal(SIGINT);
    watch_signal(SIGTERM);
    watch_signal(SIGHUP);
}

void sg_outlive_readers(void)
{
    signal(SIGPIPE, SIG_IGN);
}

bool sg_interrupted(void)
{
    return interrupted != 0;
}

int sg_interrupted_status(void)
{
    return interrupted != 0 ? 128 + interrupted : 0;
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
