/*
 * Sheets of several runs: a row for each run, a column for each number of images.
 * Tested by: tests/runs/compare/test_comparison.c
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "image/figures/figure.h"
#include "image/resize.h"
#include "runs/compare/comparison_inside.h"
#include "runs/sheet_block.h"

/* How much longer than the shortest run a run may be and still be of its length. */
static const double nearly = 1.02;

enum {
    MOST_COLUMNS = SG_COMPARISON_MOST_COLUMNS + 1, /* and the last sheet of each run */
    TEXT_BYTES = 32,
    SMALLEST_PICTURE = 32,
    LARGEST_BLOCK = 400 /* pixels a side; a larger one is reduced */
};

/* The columns of the figure. */
typedef struct columns {
    size_t count;
    double kimg[MOST_COLUMNS]; /* INFINITY: the last sheet of each run */
} columns;

/* The sheets of a run up to a length, without the one before the first step where it has others. */
typedef struct sheet_range {
    size_t first, count;
} sheet_range;

static sheet_range sheets_up_to(const sg_run_record *run, double length)
{
    sheet_range range = {.first = run->sheet_count > 1 && run->sheets[0] <= 0};
    while (range.first + range.count < run->sheet_count &&
           run->sheets[range.first + range.count] <= length)
        range.count++;
    return range;
}

/* Finds the length of the shortest run with sheets, and of the longest. */
static void find_lengths(const sg_comparison *all, double *shortest, double *longest)
{
    *shortest = INFINITY;
    *longest = 0;
    for (size_t i = 0; i < all->run_count; i++)
        if (all->runs[i].sheet_count > 0) {
            const double last = all->runs[i].sheets[all->runs[i].sheet_count - 1];
            *shortest = fmin(*shortest, last);
            *longest = fmax(*longest, last);
        }
}

/* Returns the index of the run's sheet that is nearest to a column; SIZE_MAX without sheets. */
static size_t find_sheet(const sg_run_record *run, double kimg)
{
    size_t best = SIZE_MAX;
    if (isinf(kimg))
        return run->sheet_count - 1; /* SIZE_MAX without sheets */
    for (size_t i = 0; i < run->sheet_count; i++)
        if (best == SIZE_MAX || fabs(run->sheets[i] - kimg) < fabs(run->sheets[best] - kimg))
            best = i;
    return best;
}

/* Tells whether a run would show one sheet at both lengths. */
static bool repeats_a_sheet(const sg_comparison *all, double before, double kimg)
{
    for (size_t i = 0; i < all->run_count; i++)
        if (all->runs[i].sheet_count > 0 &&
            find_sheet(&all->runs[i], before) == find_sheet(&all->runs[i], kimg))
            return true;
    return false;
}

/* Takes columns evenly from the sheets of the run that has the fewest up to a length, so that no
 * cell of the figure stays empty. */
static void add_columns(const sg_comparison *all, double length, columns *chosen)
{
    const sg_run_record *sparsest = NULL;
    sheet_range fewest = {0};
    for (size_t i = 0; i < all->run_count; i++) {
        const sheet_range range = sheets_up_to(&all->runs[i], length);
        if (range.count > 0 && (!sparsest || range.count < fewest.count)) {
            sparsest = &all->runs[i];
            fewest = range;
        }
    }
    const size_t asked = (size_t)all->options->columns;
    const size_t count = fewest.count < asked ? fewest.count : asked;
    for (size_t i = 0; i < count; i++) {
        const double kimg = sparsest->sheets[fewest.first + (i + 1) * fewest.count / count - 1];
        if (chosen->count == 0 || !repeats_a_sheet(all, chosen->kimg[chosen->count - 1], kimg))
            chosen->kimg[chosen->count++] = kimg;
    }
}

static columns choose_columns(const sg_comparison *all)
{
    const sg_comparison_options *options = all->options;
    columns chosen = {.count = 0};
    double shortest;
    double longest;
    find_lengths(all, &shortest, &longest);
    for (size_t i = 0; i < options->at.count && i < SG_COMPARISON_MOST_COLUMNS; i++)
        chosen.kimg[chosen.count++] = options->at.values[i];
    if (options->at.count > 0 || !isfinite(shortest))
        return chosen;
    add_columns(all, shortest * nearly, &chosen);
    if (longest > shortest * nearly)
        chosen.kimg[chosen.count++] = INFINITY;
    return chosen;
}

/* The figure's pictures and texts. */
typedef struct sheet_figure {
    columns columns;
    sg_image **blocks;            /* [rows * columns] NULL where there is none; owned */
    char (*captions)[TEXT_BYTES]; /* [rows * columns] */
    const char **caption_list;    /* [rows * columns], NULL where there is no picture */
    char headings[MOST_COLUMNS][TEXT_BYTES];
    const char *heading_list[MOST_COLUMNS];
} sheet_figure;

/* Reduces a picture that is larger than a cell of the figure. */
static sg_status reduce(sg_image **image, sg_error *error)
{
    const size_t longer = (*image)->width > (*image)->height ? (*image)->width : (*image)->height;
    sg_image *small = NULL;
    if (longer <= LARGEST_BLOCK)
        return SG_OK;
    const double factor = LARGEST_BLOCK / (double)longer;
    SG_TRY(sg_image_resize(*image, (size_t)fmax(1, round((double)(*image)->width * factor)),
                           (size_t)fmax(1, round((double)(*image)->height * factor)),
                           SG_RESIZE_LANCZOS, &small, error));
    sg_image_destroy(*image);
    *image = small;
    return SG_OK;
}

/* Reads the sheets of one run. A sheet that cannot be read is left out with a note. */
static sg_status read_row(sg_comparison *all, sheet_figure *figure, size_t row)
{
    const sg_run_record *run = &all->runs[row];
    const sg_comparison_options *options = all->options;
    size_t before = SIZE_MAX;
    for (size_t c = 0; c < figure->columns.count; c++) {
        const size_t cell = row * figure->columns.count + c;
        const size_t sheet = find_sheet(run, figure->columns.kimg[c]);
        sg_error failure = {0};
        const bool repeats = sheet == before && !isinf(figure->columns.kimg[c]);
        if (sheet == SIZE_MAX || (repeats && options->at.count == 0))
            continue;
        before = sheet;
        sg_status status = sg_sheet_block_read(run, run->sheets[sheet], (size_t)options->cells_x,
                                               (size_t)options->cells_y, SMALLEST_PICTURE,
                                               &figure->blocks[cell], &failure);
        if (!status)
            status = reduce(&figure->blocks[cell], &failure);
        if (status == SG_ERROR_MEMORY)
            return status;
        if (status)
            sg_watch_note(all->watch, failure.message);
        snprintf(figure->captions[cell], TEXT_BYTES, "kimg %.4g", run->sheets[sheet]);
        figure->caption_list[cell] = figure->blocks[cell] ? figure->captions[cell] : NULL;
    }
    return SG_OK;
}

/* Writes headings, and drops captions where all runs have the sheet of the heading. */
static void write_headings(const sg_comparison *all, sheet_figure *figure)
{
    for (size_t c = 0; c < figure->columns.count; c++) {
        const char *first = NULL;
        bool same = true;
        for (size_t r = 0; r < all->run_count; r++) {
            const char *caption = figure->caption_list[r * figure->columns.count + c];
            first = first ? first : caption;
            same = same && (!caption || strcmp(caption, first) == 0);
        }
        if (same && first)
            snprintf(figure->headings[c], TEXT_BYTES, "%s", first);
        else if (isinf(figure->columns.kimg[c]))
            snprintf(figure->headings[c], TEXT_BYTES, "last sheet");
        else
            snprintf(figure->headings[c], TEXT_BYTES, "about kimg %.3g", figure->columns.kimg[c]);
        figure->heading_list[c] = figure->headings[c];
        for (size_t r = 0; same && r < all->run_count; r++)
            figure->caption_list[r * figure->columns.count + c] = NULL;
    }
}

static sg_status paste(const sg_comparison *all, const sheet_figure *figure, sg_figure *drawn,
                       sg_error *error)
{
    for (size_t i = 0; i < all->run_count * figure->columns.count; i++)
        if (figure->blocks[i])
            SG_TRY(sg_figure_paste(drawn, i % figure->columns.count, i / figure->columns.count,
                                   figure->blocks[i], error));
    return SG_OK;
}

/* Draws the figure when any sheet was read. */
static sg_status draw(sg_comparison *all, const sheet_figure *figure, sg_error *error)
{
    sg_figure_layout layout = {
        .columns = {.count = figure->columns.count, .labels = figure->heading_list},
        .rows = {.count = all->run_count, .labels = all->labels},
        .scale = 1,
        .gap = 8,
        .text_size = 15,
        .title = all->title,
        .captions = figure->caption_list};
    sg_figure *drawn = NULL;
    for (size_t i = 0; i < all->run_count * figure->columns.count; i++)
        if (figure->blocks[i]) {
            const sg_image *block = figure->blocks[i];
            layout.cell_width = block->width > layout.cell_width ? block->width : layout.cell_width;
            layout.cell_height =
                block->height > layout.cell_height ? block->height : layout.cell_height;
        }
    if (layout.cell_width == 0)
        return SG_OK;
    SG_TRY(sg_figure_create(&layout, &drawn, error));
    sg_status status = paste(all, figure, drawn, error);
    const sg_image *image = sg_figure_image(drawn);
    if (!status)
        status = sg_image_crop(image, 0, 0, image->width, image->height, &all->sheets, error);
    sg_figure_destroy(drawn);
    return status;
}

sg_status sg_comparison_draw_sheets(sg_comparison *all, sg_error *error)
{
    sheet_figure figure = {.columns = choose_columns(all)};
    const size_t cells = all->run_count * figure.columns.count;
    if (cells == 0)
        return SG_OK;
    figure.blocks = sg_allocate(cells, sizeof *figure.blocks);
    figure.captions = sg_allocate(cells, sizeof *figure.captions);
    figure.caption_list = sg_allocate(cells, sizeof *figure.caption_list);
    sg_status status = figure.blocks && figure.captions && figure.caption_list
                           ? SG_OK
                           : sg_fail_memory(error, "the sheets of a comparison");
    for (size_t row = 0; row < all->run_count && !status; row++)
        if (read_row(all, &figure, row))
            status = sg_fail_memory(error, "the sheets of a comparison");
    if (!status) {
        write_headings(all, &figure);
        status = draw(all, &figure, error);
    }
    for (size_t i = 0; figure.blocks && i < cells; i++)
        sg_image_destroy(figure.blocks[i]);
    free(figure.blocks);
    free(figure.captions);
    free(figure.caption_list);
    return status;
}
