/* `stylegan progress`: the stages of a run as a picture or a film.
 * Tested by: tests/cli/test_stages.c */
#include <stdio.h>

#include "cli/options/option_groups.h"
#include "runs/compare/progress.h"

/* Options and state of the command. */
typedef struct stages {
    const char *run, *output;
    int form, stages, fps;
    sg_decimal_list at;
    sg_grid_size cells;
    sg_progress_options options;
} stages;

static const stages defaults = {.fps = 4};

static const sg_field progress_fields[] = {
    {"run", SG_TEXT(stages, run), SG_FLAGS(SG_FIELD_POSITIONAL | SG_FIELD_REQUIRED),
     SG_OPTION("run", "RUN", "the run folder, also without --run"), SG_GROUP("Run")},
    {"stages", SG_INT(stages, stages, 0, SG_PROGRESS_MOST_STAGES),
     SG_OPTION("stages", "N", "how many sheets are shown, evenly from the first to the last"),
     SG_USUAL("8; all in a film"), SG_GROUP("Stages")},
    {"at", SG_CODED(stages, at, &sg_lengths_codec),
     SG_OPTION("at", "KIMG,...", "the lengths of training to show, by the nearest sheets")},
    {"cells", SG_CODED(stages, cells, &sg_grid_codec),
     SG_OPTION("cells", "WxH", "pictures that are taken of each sheet"),
     SG_USUAL("12x1 in rows; 4x4 in a strip, 1x10 with classes; all in a film")},
    {"form", SG_CHOICE(stages, form, &sg_progress_forms),
     SG_OPTION("form", "FORM",
               "rows, one stage below the other; strip, side by side; film; or auto: a film where "
               "the output is no .png, otherwise rows, of a run with classes a strip"),
     SG_USUAL("auto"), SG_GROUP("Output")},
    {"fps", SG_INT(stages, fps, 1, 60), SG_OPTION("fps", "N", "stages shown in a second of a film"),
     SG_USUAL("4")},
    {"output", SG_TEXT(stages, output), SG_FLAGS(SG_FIELD_REQUIRED),
     SG_OPTION(
         "output", "FILE",
         "the file to write: .png; for a film .mp4, .webm, .gif, .apng, or a folder of frames "
         "that ends in \"/\"")},
};
static const SG_FIELD_TABLE(progress_fields, NULL);

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    stages *all = state;
    (void)watch;
    sg_progress_options_init(&all->options);
    all->options.folder = all->run;
    all->options.output = all->output;
    all->options.form = (sg_progress_form)all->form;
    all->options.stages = all->stages;
    all->options.at = all->at;
    all->options.cells_x = all->cells.columns;
    all->options.cells_y = all->cells.rows;
    all->options.frames_per_second = all->fps;
    return sg_progress_check(&all->options, error);
}

static sg_status work(void *state, const sg_watch *watch, sg_error *error)
{
    const stages *all = state;
    size_t count = 0;
    SG_TRY(sg_progress_write(&all->options, watch, &count, error));
    printf("%zu stage%s of %s: %s\n", count, count == 1 ? "" : "s", all->run, all->output);
    return SG_OK;
}

static int run(const sg_command *command, void *options)
{
    return sg_command_work(command, "reading", "sheets", prepare, work, options);
}

static const sg_option_group groups[] = {SG_GROUP_OF_ALL(progress_fields_table)};

const sg_command sg_progress_command = {
    .name = "progress",
    .summary = "Show the stages of a run as a sheet, a strip or a film",
    .synopsis = "RUN --output FILE [options]",
    .description =
        "Takes the same pictures of each sheet of generated pictures that a training has left "
        "(train --sheet-ticks says how often), so that every stage shows the same latents, and "
        "puts them together, each stage with its kimg and, of networks that grow, its resolution. "
        "The run may go on.",
    .examples =
        "  stylegan progress runs/00000-dcgan-mnist-batch32-gamma0 --output stages.png\n"
        "  stylegan progress runs/00003-progan --form strip --cells 3x3 --output strip.png\n"
        "  stylegan progress runs/00003-progan --fps 8 --output training.mp4",
    SG_TAKES(groups, stages),
    .defaults = &defaults,
    .run = run,
};
