/*
 * Title, marks and footnotes of one run's curves; see curve_titles.h.
 * Tested by: tests/runs/test_curves.c
 */
#include "runs/curve_titles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "runs/run_record.h"

/* Replaces what the font of figures does not have. */
static void make_ascii(char *text)
{
    for (char *at = text; *at; at++)
        if ((unsigned char)*at >= 0x80 || (unsigned char)*at < 0x20)
            *at = '?';
}

/* Options that say what a run is, and how the line below its title spells them. */
static const struct told {
    const char *option, *format;
    bool is_path;       /* the last name counts */
    const char *silent; /* not said at this value */
} told[] = {
    {"cfg", "%s", false, NULL},         {"loss", "loss %s", false, NULL},
    {"data", "data %s", true, NULL},    {"batch", "batch %s", false, NULL},
    {"gamma", "gamma %s", false, NULL}, {"aug", "augmentation %s", false, "noaug"},
};

static void write_subtitle(sg_curve_titles *titles, const sg_run_record *run)
{
    char name[SG_RECORD_NAME_BYTES];
    char part[SG_RECORD_NAME_BYTES + 32];
    size_t length = 0;
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        const char *value = sg_record_option_value(run, told[i].option);
        size_t used = value ? strlen(value) : 0;
        if (!value || !*value || (told[i].silent && strcmp(value, told[i].silent) == 0))
            continue;
        if (told[i].is_path)
            value = sg_path_last(value, &used);
        snprintf(name, sizeof name, "%.*s", (int)used, value);
        snprintf(part, sizeof part, told[i].format, name);
        const int written = snprintf(titles->subtitle + length, sizeof titles->subtitle - length,
                                     "%s%s", length > 0 ? ", " : "", part);
        if (written < 0 || length + (size_t)written >= sizeof titles->subtitle)
            break;
        length += (size_t)written;
    }
    make_ascii(titles->subtitle);
}

/* Returns how many characters of a text a line holds, up to a blank. */
static size_t fit_line(const char *text)
{
    enum { LONGEST = 112 };
    size_t length = strlen(text);
    if (length <= LONGEST)
        return length;
    for (length = LONGEST; length > 0 && text[length] != ' '; length--)
        continue;
    return length > 0 ? length : LONGEST;
}

/* Adds a text as lines of footnotes, the second and further ones indented. */
static void add_lines(sg_curve_titles *titles, const char *text)
{
    for (const char *before = ""; *text && titles->note_count < SG_CURVES_MOST_NOTES;
         before = "     ") {
        char *line = titles->notes[titles->note_count];
        const size_t length = fit_line(text);
        snprintf(line, SG_CURVES_NOTE_BYTES, "%s%.*s", before, (int)length, text);
        make_ascii(line);
        titles->footnotes[titles->note_count++] = line;
        text += length;
        text += strspn(text, " ");
    }
}

/* Adds a numbered footnote for a warning; returns its number as a text, or NULL when there are too
 * many. */
static const char *add_note(sg_curve_titles *titles, const sg_record_event *event)
{
    char text[SG_RECORD_EVENT_BYTES + 64];
    if (titles->note_count >= SG_CURVES_MOST_NOTES)
        return NULL;
    char *number = titles->numbers[titles->warning_count++];
    snprintf(number, sizeof titles->numbers[0], "%zu", titles->warning_count);
    snprintf(text, sizeof text, "%s: kimg %.4g: %s", number, event->kimg, event->text);
    add_lines(titles, text);
    return number;
}

static const sg_plot_mark_kind kinds[] = {[SG_RECORD_WARNING] = SG_PLOT_WARNING,
                                          [SG_RECORD_PHASE] = SG_PLOT_PHASE,
                                          [SG_RECORD_RESUME] = SG_PLOT_RESUME,
                                          [SG_RECORD_SNAPSHOT] = SG_PLOT_SNAPSHOT};

/* Adds the resolution of a phase in which it fades in; NULL for others, and too many. */
static const char *add_phase(sg_curve_titles *titles, const sg_record_event *event)
{
    if (!strstr(event->text, "fades in") || titles->phase_count >= SG_CURVES_MOST_PHASES)
        return NULL;
    char *text = titles->phases[titles->phase_count++];
    snprintf(text, sizeof titles->phases[0], "%.*s", (int)strcspn(event->text, " "), event->text);
    return text;
}

/* Returns what is written beside an event's mark. */
static const char *mark_text(sg_curve_titles *titles, const sg_record_event *event)
{
    return event->kind == SG_RECORD_WARNING ? add_note(titles, event)
           : event->kind == SG_RECORD_PHASE ? add_phase(titles, event)
                                            : NULL;
}

bool sg_curve_titles_make(sg_curve_titles *titles, const sg_run_record *run, sg_curves_axis axis,
                          double scale)
{
    *titles = (sg_curve_titles){.marks = sg_allocate(run->event_count + 1, sizeof *titles->marks)};
    if (!titles->marks)
        return false;
    snprintf(titles->title, sizeof titles->title, "%s", run->name);
    make_ascii(titles->title);
    write_subtitle(titles, run);
    for (size_t i = 0; i < run->event_count; i++) {
        const sg_record_event *event = &run->events[i];
        /* What is said before the first tick is about the data, not about the curves. */
        if (event->kimg <= 0)
            continue;
        titles->marks[titles->mark_count++] = (sg_plot_mark){
            kinds[event->kind], scale * sg_curves_axis_position(run, axis, event->kimg),
            mark_text(titles, event)};
    }
    return true;
}

void sg_curve_titles_set(const sg_curve_titles *titles, sg_plot *plot)
{
    plot->title = titles->title;
    plot->subtitle = titles->subtitle[0] ? titles->subtitle : NULL;
    plot->marks = titles->marks;
    plot->mark_count = titles->mark_count;
    plot->footnotes = titles->footnotes;
    plot->footnote_count = titles->note_count;
}

void sg_curve_titles_clear(sg_curve_titles *titles)
{
    free(titles->marks);
    *titles = (sg_curve_titles){0};
}
