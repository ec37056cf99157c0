/* Shows the stages of a run; see progress.h. */
#include "runs/compare/progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/text.h"
#include "image/figures/figure.h"
#include "pictures/films/frame_output.h"
#include "runs/run_record.h"
#include "runs/sheet_block.h"

enum {
    MOST_FRAMES = 10000,
    USUAL_STAGES = 8,
    LABEL_BYTES = 64,
    LAST_SECONDS = 2,
    SMALLEST_PICTURE = 48,
    FILM_QUALITY = 18
};

static const char *const form_names[] = {[SG_PROGRESS_AUTO] = "auto",
                                         [SG_PROGRESS_ROWS] = "rows",
                                         [SG_PROGRESS_STRIP] = "strip",
                                         [SG_PROGRESS_FILM] = "film"};
const sg_choices sg_progress_forms = SG_CHOICES(form_names);

void sg_progress_options_init(sg_progress_options *options)
{
    *options = (sg_progress_options){.frames_per_second = 4};
}

static bool is_film(const sg_progress_options *options)
{
    return options->form == SG_PROGRESS_FILM ||
           (options->form == SG_PROGRESS_AUTO && !sg_has_suffix(options->output, ".png"));
}

sg_status sg_progress_check(const sg_progress_options *options, sg_error *error)
{
    const struct {
        const char *name;
        int value, least, most;
    } numbers[] = {{"stages", options->stages, 0, SG_PROGRESS_MOST_STAGES},
                   {"cells", options->cells_x, 0, SG_PROGRESS_MOST_CELLS},
                   {"cells", options->cells_y, 0, SG_PROGRESS_MOST_CELLS},
                   {"fps", options->frames_per_second, 1, 60}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (numbers[i].value < numbers[i].least || numbers[i].value > numbers[i].most)
            return sg_fail(error, SG_ERROR_ARGUMENT, "\"%s\" is %d, but must be from %d to %d",
                           numbers[i].name, numbers[i].value, numbers[i].least, numbers[i].most);
    if (options->at.count > SG_PROGRESS_MOST_STAGES)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"at\" has %zu numbers, but at most %d count",
                       options->at.count, SG_PROGRESS_MOST_STAGES);
    if (!is_film(options) && !sg_has_suffix(options->output, ".png"))
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"output\" %s of stages must end in .png",
                       options->output);
    if (is_film(options) && sg_frame_format_of(options->output) == SG_FRAMES_UNKNOWN)
        return sg_fail(
            error, SG_ERROR_ARGUMENT,
            "\"output\" %s must end in .png for a picture, in .mp4, .webm, .gif or .apng "
            "for a film, or in \"/\" for a folder of frames",
            options->output);
    return SG_OK;
}

/* ---- stages ---- */

/* What is shown of a run. */
typedef struct progress {
    const sg_progress_options *options;
    const sg_watch *watch;
    sg_run_record run;
    sg_progress_form form;       /* not SG_PROGRESS_AUTO */
    size_t cells_x, cells_y;     /* 0: all */
    double *stages;              /* [count] kimg; owned */
    sg_image **blocks;           /* [count], NULL where a sheet cannot be read or, of a film, is not
                                    read yet; owned */
    char (*labels)[LABEL_BYTES]; /* [count]; owned */
    const char **label_list;     /* [count]; owned */
    size_t count;
} progress;

static bool is_conditional(const sg_run_record *run)
{
    const char *value = sg_record_option_value(run, "cond");
    return value && strcmp(value, "yes") == 0;
}

static void choose_form(progress *all)
{
    const sg_progress_options *options = all->options;
    const bool conditional = is_conditional(&all->run);
    all->form = options->form;
    if (all->form == SG_PROGRESS_AUTO)
        all->form = is_film(options) ? SG_PROGRESS_FILM
                    : conditional    ? SG_PROGRESS_STRIP
                                     : SG_PROGRESS_ROWS;
    all->cells_x = (size_t)options->cells_x;
    all->cells_y = (size_t)options->cells_y;
    if (all->cells_x > 0 || all->form == SG_PROGRESS_FILM)
        return;
    all->cells_x = all->form == SG_PROGRESS_ROWS ? 12 : conditional ? 1 : 4;
    all->cells_y = all->form == SG_PROGRESS_ROWS ? 1 : conditional ? 10 : 4;
}

/* Returns the kimg of the nearest sheet. */
static double nearest(const sg_run_record *run, double kimg)
{
    double best = run->sheets[0];
    for (size_t i = 1; i < run->sheet_count; i++)
        if (fabs(run->sheets[i] - kimg) < fabs(best - kimg))
            best = run->sheets[i];
    return best;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static sg_status choose_stages(progress *all, sg_error *error)
{
    const sg_progress_options *options = all->options;
    const size_t there = all->run.sheet_count;
    size_t wanted = options->stages > 0             ? (size_t)options->stages
                    : all->form == SG_PROGRESS_FILM ? MOST_FRAMES
                                                    : USUAL_STAGES;
    if (there == 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s holds no sheets (%s*.png)", all->run.folder,
                       all->run.sheet_prefix);
    wanted = options->at.count > 0 ? options->at.count : least(wanted, there);
    all->stages = sg_allocate(wanted, sizeof *all->stages);
    all->blocks = sg_allocate(wanted, sizeof(sg_image *));
    all->labels = sg_allocate(wanted, sizeof *all->labels);
    all->label_list = sg_allocate(wanted, sizeof *all->label_list);
    if (!all->stages || !all->blocks || !all->labels || !all->label_list)
        return sg_fail_memory(error, "the stages of %s", all->run.folder);
    all->count = wanted;
    for (size_t i = 0; i < wanted; i++)
        all->stages[i] =
            options->at.count > 0
                ? nearest(&all->run, options->at.values[i])
                : all->run.sheets[wanted > 1 ? i * (there - 1) / (wanted - 1) : there - 1];
    return SG_OK;
}

/* Returns the resolution in the last tick before a sheet, or in the first one; 0 for networks that
 * do not grow. A sheet at the end of a phase shows that phase, not the next one. */
static int resolution_at(const sg_run_record *run, double kimg)
{
    const sg_run_history *history = &run->history;
    const double *values = sg_run_history_values(history, "Progress/resolution");
    double found = 0;
    for (size_t i = 0; values && i < history->count; i++)
        if (isfinite(values[i]) && (found == 0 || history->kimg[i] <= kimg + 1e-6))
            found = values[i];
    return (int)fmin(fmax(found, 0), 1 << 20);
}

static void write_labels(progress *all)
{
    for (size_t i = 0; i < all->count; i++) {
        const int resolution = resolution_at(&all->run, all->stages[i]);
        char grown[32] = "";
        if (resolution > 0)
            snprintf(grown, sizeof grown, ", %dx%d", resolution, resolution);
        snprintf(all->labels[i], LABEL_BYTES, "kimg %.4g%s", all->stages[i], grown);
        all->label_list[i] = all->labels[i];
    }
}

/* Reads the pictures of a stage; notes a sheet that cannot be read. Fails with SG_ERROR_MEMORY and
 * SG_ERROR_CANCELLED. */
static sg_status read_stage(progress *all, size_t i, sg_error *error)
{
    sg_error failure = {0};
    if (sg_watch_step(all->watch, (double)i, (double)all->count, NULL))
        return sg_fail(error, SG_ERROR_CANCELLED, "stopped while reading sheets");
    const sg_status status =
        sg_sheet_block_read(&all->run, all->stages[i], all->cells_x, all->cells_y, SMALLEST_PICTURE,
                            &all->blocks[i], &failure);
    if (status == SG_ERROR_MEMORY)
        return sg_fail(error, status, "%s", failure.message);
    if (status)
        sg_watch_note(all->watch, failure.message);
    return SG_OK;
}

static void include(sg_figure_layout *layout, const sg_image *block)
{
    if (block && block->width > layout->cell_width)
        layout->cell_width = block->width;
    if (block && block->height > layout->cell_height)
        layout->cell_height = block->height;
}

static sg_status fail_unreadable(const progress *all, sg_error *error)
{
    return sg_fail(error, SG_ERROR_FORMAT, "no sheet of %s can be read", all->run.folder);
}

static void start_remarks(const progress *all, sg_remarks *remarks)
{
    sg_remarks_start(remarks, NULL);
    sg_remark_text(remarks, "Title", "Stages of a training");
    sg_remark_text(remarks, "run", all->run.name);
}

/* ---- one picture ---- */

static sg_status draw_stages(progress *all, sg_error *error)
{
    const bool strip = all->form == SG_PROGRESS_STRIP;
    const sg_figure_side many = {.count = all->count, .labels = all->label_list};
    const sg_figure_side one = {.count = 1};
    sg_figure_layout layout = {.columns = strip ? many : one,
                               .rows = strip ? one : many,
                               .scale = 1,
                               .gap = 6,
                               .text_size = 15,
                               .title = all->run.name};
    sg_remarks remarks;
    sg_figure *figure = NULL;
    sg_status status = SG_OK;
    for (size_t i = 0; i < all->count && !status; i++) {
        status = read_stage(all, i, error);
        include(&layout, all->blocks[i]);
    }
    if (!status)
        status = layout.cell_width ? sg_figure_create(&layout, &figure, error)
                                   : fail_unreadable(all, error);
    for (size_t i = 0; i < all->count && !status; i++)
        if (all->blocks[i])
            status = sg_figure_paste(figure, strip ? i : 0, strip ? 0 : i, all->blocks[i], error);
    start_remarks(all, &remarks);
    if (!status)
        status = sg_make_parent_folder(all->options->output, error);
    if (!status)
        status =
            sg_write_picture(NULL, all->options->output, sg_figure_image(figure), &remarks, error);
    sg_figure_destroy(figure);
    return status;
}

/* ---- a film ---- */

/* Adds the frame of a stage, `times` times. */
static sg_status add_frame(progress *all, size_t i, const sg_figure_layout *layout,
                           sg_frame_output *output, int times, sg_error *error)
{
    char title[SG_RECORD_NAME_BYTES + LABEL_BYTES];
    sg_figure_layout frame = *layout;
    sg_figure *figure = NULL;
    snprintf(title, sizeof title, "%s  %s", all->labels[i], all->run.name);
    frame.title = title;
    SG_TRY(sg_figure_create(&frame, &figure, error));
    sg_status status = SG_OK;
    if (all->blocks[i])
        status = sg_figure_paste(figure, 0, 0, all->blocks[i], error);
    for (int k = 0; k < times && !status; k++)
        status = sg_frame_output_add(output, sg_figure_image(figure), error);
    sg_figure_destroy(figure);
    sg_image_destroy(all->blocks[i]);
    all->blocks[i] = NULL;
    return status;
}

/* Measures all sheets, so that frames have one size; drops stages whose sheet cannot be read. */
static sg_status measure_stages(progress *all, sg_figure_layout *layout, sg_error *error)
{
    size_t kept = 0;
    for (size_t i = 0; i < all->count; i++) {
        SG_TRY(read_stage(all, i, error));
        if (!all->blocks[i])
            continue;
        include(layout, all->blocks[i]);
        sg_image_destroy(all->blocks[i]);
        all->blocks[i] = NULL;
        all->stages[kept++] = all->stages[i];
    }
    all->count = kept;
    write_labels(all);
    return kept ? SG_OK : fail_unreadable(all, error);
}

static sg_status write_film(progress *all, sg_error *error)
{
    const int last = LAST_SECONDS * all->options->frames_per_second;
    sg_figure_layout layout = {
        .columns = {.count = 1}, .rows = {.count = 1}, .scale = 1, .text_size = 15};
    sg_remarks remarks;
    sg_frame_output *output = NULL;
    SG_TRY(measure_stages(all, &layout, error));
    start_remarks(all, &remarks);
    const sg_frame_output_options options = {.path = all->options->output,
                                             .frame_count = all->count - 1 + (size_t)last,
                                             .frames_per_second = all->options->frames_per_second,
                                             .scale = 1,
                                             .quality = FILM_QUALITY,
                                             .remarks = &remarks};
    SG_TRY(sg_make_parent_folder(all->options->output, error));
    SG_TRY(sg_frame_output_open(&options, &output, error));
    sg_status status = SG_OK;
    for (size_t i = 0; i < all->count && !status; i++) {
        status = read_stage(all, i, error);
        if (!status)
            status = add_frame(all, i, &layout, output, i + 1 == all->count ? last : 1, error);
    }
    if (!status)
        return sg_frame_output_finish(output, error);
    sg_frame_output_abandon(output);
    return status;
}

/* ---- all ---- */

static void release(progress *all)
{
    for (size_t i = 0; all->blocks && i < all->count; i++)
        sg_image_destroy(all->blocks[i]);
    free(all->blocks);
    free(all->stages);
    free(all->labels);
    free(all->label_list);
    sg_run_record_close(&all->run);
}

/* Fails if the output would replace a sheet of the run. */
static sg_status check_output(const progress *all, sg_error *error)
{
    char path[SG_RECORD_PATH_BYTES];
    for (size_t i = 0; i < all->run.sheet_count; i++) {
        sg_record_sheet_path(&all->run, all->run.sheets[i], path, sizeof path);
        if (sg_path_is_same(path, all->options->output))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"output\" is %s, a sheet of the run, which would be replaced; choose "
                           "another name",
                           all->options->output);
    }
    return SG_OK;
}

sg_status sg_progress_write(const sg_progress_options *options, const sg_watch *watch,
                            size_t *count, sg_error *error)
{
    progress all = {.options = options, .watch = watch};
    *count = 0;
    SG_TRY(sg_progress_check(options, error));
    sg_status status = sg_run_record_open(options->folder, &all.run, error);
    if (!status)
        status = check_output(&all, error);
    if (!status) {
        choose_form(&all);
        status = choose_stages(&all, error);
    }
    if (!status) {
        write_labels(&all);
        status = (all.form == SG_PROGRESS_FILM ? write_film : draw_stages)(&all, error);
    }
    *count = status ? 0 : all.count;
    release(&all);
    return status;
}
