/* Texts of sheets; see sheet_labels.h. Tested by: tests/cli/test_sheets.c */
#include "pictures/sheet_labels.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"

/* What tells pictures apart. */
typedef enum aspect { SOURCE, CLASS, PSI, ASPECTS } aspect;

/* Where an aspect is written. */
typedef enum place { IN_TITLE, BY_COLUMN, BY_ROW, IN_CAPTION, NOWHERE } place;

/* The text of one aspect of a picture; empty when it has none. */
typedef struct aspect_text {
    char bytes[SG_LABEL_BYTES];
} aspect_text;

static void describe(const sg_picture_request *request, bool conditional,
                     aspect_text texts[ASPECTS])
{
    char psi[SG_NUMBER_TEXT_BYTES];
    sg_print_number(psi, request->psi);
    if (request->ws)
        snprintf(texts[SOURCE].bytes, SG_LABEL_BYTES, "w %" PRIu64, request->w_index);
    else
        snprintf(texts[SOURCE].bytes, SG_LABEL_BYTES, "seed %" PRIu64, request->seed);
    if (conditional && request->label.text && !request->ws)
        snprintf(texts[CLASS].bytes, SG_LABEL_BYTES, "label %.24s", request->label.text);
    else if (conditional && request->class_index >= 0 && !request->ws)
        snprintf(texts[CLASS].bytes, SG_LABEL_BYTES, "class %d", request->class_index);
    snprintf(texts[PSI].bytes, SG_LABEL_BYTES, "psi %s", psi);
}

/* Returns whether an aspect of every picture is that of the picture at the index that `first` gives
 * for it: the first of all, of its column or of its row. */
static bool follows(const aspect_text *texts, size_t count, aspect of, size_t columns, place where)
{
    for (size_t i = 0; i < count; i++) {
        const size_t first = where == BY_COLUMN ? i % columns
                             : where == BY_ROW  ? i / columns * columns
                                                : 0;
        if (strcmp(texts[i * ASPECTS + of].bytes, texts[first * ASPECTS + of].bytes) != 0)
            return false;
    }
    return true;
}

static place find_place(const aspect_text *texts, size_t count, aspect of, size_t columns)
{
    for (place where = IN_TITLE; where < IN_CAPTION; where++)
        if (follows(texts, count, of, columns, where))
            return where == IN_TITLE && !texts[of].bytes[0] ? NOWHERE : where;
    return IN_CAPTION;
}

/* Joins the aspects of a picture that are written at a place. */
static void join(const aspect_text *texts, const place *places, place where,
                 char text[SG_LABEL_BYTES])
{
    text[0] = '\0';
    for (int of = 0; of < ASPECTS; of++) {
        const size_t length = strlen(text);
        if (places[of] == where)
            snprintf(text + length, SG_LABEL_BYTES - length, "%s%s", length > 0 ? ", " : "",
                     texts[of].bytes);
    }
}

/* Creates `size` labels of a place and sets the first `count`, each of every `step`th picture;
 * empty ones stay unset. */
static sg_status fill(sg_labels *labels, size_t size, const aspect_text *texts, const place *places,
                      place where, size_t count, size_t step, sg_error *error)
{
    SG_TRY(sg_labels_create(labels, size, error));
    for (size_t i = 0; i < count; i++) {
        char text[SG_LABEL_BYTES];
        join(texts + i * step * ASPECTS, places, where, text);
        if (text[0])
            sg_labels_set(labels, i, "%s", text);
    }
    return SG_OK;
}

static sg_status place_all(sg_sheet_labels *labels, const aspect_text *texts, size_t count,
                           size_t columns, sg_error *error)
{
    place places[ASPECTS];
    const size_t rows = (count + columns - 1) / columns;
    const size_t across = count < columns ? count : columns;
    for (int of = 0; of < ASPECTS; of++)
        places[of] = find_place(texts, count, (aspect)of, columns);
    join(texts, places, IN_TITLE, labels->title);
    SG_TRY(fill(&labels->columns, across, texts, places, BY_COLUMN, across, 1, error));
    SG_TRY(fill(&labels->rows, rows, texts, places, BY_ROW, rows, columns, error));
    return fill(&labels->captions, rows * across, texts, places, IN_CAPTION, count, 1, error);
}

sg_status sg_sheet_labels_make(sg_sheet_labels *labels, const sg_picture_plan *plan, size_t columns,
                               bool conditional, sg_error *error)
{
    aspect_text *texts = sg_allocate(plan->count, ASPECTS * sizeof *texts);
    if (!texts)
        return sg_fail_memory(error, "the labels of %zu pictures", plan->count);
    for (size_t i = 0; i < plan->count; i++) {
        const sg_picture_request request = plan->request(plan->user, i);
        describe(&request, conditional, texts + i * ASPECTS);
    }
    const sg_status status = place_all(labels, texts, plan->count, columns, error);
    free(texts);
    return status;
}

void sg_sheet_labels_apply(const sg_sheet_labels *labels, sg_figure_layout *layout)
{
    layout->title = labels->title[0] ? labels->title : NULL;
    layout->columns = (sg_figure_side){labels->columns.count, labels->columns.pointers, NULL, 0};
    layout->rows = (sg_figure_side){labels->rows.count, labels->rows.pointers, NULL, 0};
    layout->captions = labels->captions.pointers;
}

void sg_sheet_labels_clear(sg_sheet_labels *labels)
{
    sg_labels_clear(&labels->columns);
    sg_labels_clear(&labels->rows);
    sg_labels_clear(&labels->captions);
    *labels = (sg_sheet_labels){0};
}
