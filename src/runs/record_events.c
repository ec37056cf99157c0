/*
 * What happened in a recorded run, from its log.txt.
 * Tested by: tests/runs/test_run_record.c
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "base/files/line_reader.h"
#include "base/text.h"
#include "runs/record_parts.h"

enum { LONGEST_LINE = 1 << 14, MOST_EVENTS = 1000 };

sg_status sg_record_add_event(sg_run_record *run, sg_record_event_kind kind, double kimg,
                              const char *text, sg_error *error)
{
    if (run->event_count >= MOST_EVENTS)
        return SG_OK;
    if (!sg_grow(&run->events, &run->event_capacity, run->event_count, sizeof *run->events))
        return sg_fail_memory(error, "the events of %s", run->folder);
    size_t at = run->event_count++;
    for (; at > 0 && run->events[at - 1].kimg > kimg; at--)
        run->events[at] = run->events[at - 1];
    run->events[at] = (sg_record_event){.kind = kind, .kimg = kimg};
    snprintf(run->events[at].text, sizeof run->events[at].text, "%s", text);
    sg_text_make_safe(run->events[at].text);
    return SG_OK;
}

/* Returns the exact number of images of a tick, of which the log has a rounded one. */
static double exact_kimg(const sg_run_history *history, double tick, double rounded)
{
    const double *ticks = sg_run_history_values(history, "Progress/tick");
    for (size_t i = history->count; ticks && i-- > 0;)
        if (ticks[i] == tick)
            return history->kimg[i];
    return rounded;
}

/* Drops what happened after the place at which a run goes on. */
static void forget_after(sg_run_record *run, double kimg)
{
    while (run->event_count > 0 && run->events[run->event_count - 1].kimg > kimg)
        run->event_count--;
}

/* Takes one line of the log; *place is the number of images seen so far. */
static sg_status take(sg_run_record *run, const char *line, double *place, sg_error *error)
{
    static const char warning[] = "Warning: ";
    double kimg = 0;
    double tick = 0;
    int rest = 0;
    if (sscanf(line, "tick %lf kimg %lf", &tick, &kimg) == 2) {
        *place = exact_kimg(&run->history, tick, kimg);
        return SG_OK;
    }
    if (sscanf(line, "Resumed at kimg %lf", &kimg) == 1) {
        forget_after(run, kimg);
        *place = kimg;
        return sg_record_add_event(run, SG_RECORD_RESUME, kimg, "resumed", error);
    }
    if (strstr(line, ": continuing from the last snapshot"))
        return sg_record_add_event(run, SG_RECORD_RESUME, *place, "after a NaN", error);
    if (sg_has_prefix(line, warning))
        return sg_record_add_event(run, SG_RECORD_WARNING, *place, line + sizeof warning - 1,
                                   error);
    if (sscanf(line, "kimg %lf: %n", &kimg, &rest) == 1 && rest > 0 && strstr(line, ", batch "))
        return sg_record_add_event(run, SG_RECORD_PHASE, kimg, line + rest, error);
    return SG_OK;
}

sg_status sg_record_read_log(sg_run_record *run, sg_error *error)
{
    char *path = sg_path_join(run->folder, "log.txt");
    if (!path)
        return sg_fail_memory(error, "the log of %s", run->folder);
    sg_line_reader reader = {.limit = LONGEST_LINE};
    (void)sg_input_stream(path, &reader.stream, NULL);
    double place = 0;
    sg_status status = SG_OK;
    free(path);
    if (!reader.stream)
        return SG_OK;
    for (sg_line_state state; !status && (state = sg_line_read(&reader)) != SG_LINE_END;) {
        if (state == SG_LINE_FAILED || state == SG_LINE_NO_MEMORY)
            break;
        if (state == SG_LINE_READ)
            status = take(run, reader.line, &place, error);
    }
    fclose(reader.stream);
    sg_line_reader_clear(&reader);
    return status;
}
