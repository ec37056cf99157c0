/* `stylegan mix`: pictures that combine the styles of two seeds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "cli/options/command.h"
#include "cli/options/picture_options.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/report.h"
#include "pictures/layer_ranges.h"
#include "pictures/style_mixing.h"

enum { LAST_STYLE = 6 /* of the default */, STYLES_TEXT_BYTES = 32 };

/* Of the figure, as many as in the paper's. */
static char default_rows[] = "0-5";
static char default_columns[] = "6-10";

static const char *const band_names[SG_STYLE_RANGES] = {"coarse", "middle", "fine"};

static const sg_usage usage = {
    .command = "mix",
    .synopsis = "--network FILE --rows LIST --cols LIST --outdir DIR [options]",
    .description =
        "Mixes the styles of two seeds: a picture takes the inputs (layers) --styles of the\n"
        "synthesis network from the column's seed and the others from the row's. Low layers\n"
        "decide on pose and shape, high ones on colours and fine detail. Writes DIR/ROW-COL.png\n"
        "for every pair, DIR/SEED-SEED.png for every seed alone, and DIR/grid.png with the rows'\n"
        "seeds down the left side and the columns' along the top.\n"
        "\n"
        "--figure makes figure 3 of the first StyleGAN's paper instead, DIR/figure.png: source A\n"
        "down the left side, source B along the top, and three bands of rows that take the\n"
        "coarse (4-8), middle (16-32) or fine (64-1024) styles from B. For pictures of less than\n"
        "64x64 the ranges are smaller; it says which layers they are.",
    .examples =
        "  stylegan mix --network network.safetensors --rows 85,100,75 --cols 55,821,1789 \\\n"
        "      --outdir mixed\n"
        "  stylegan mix --network network.safetensors --rows 0-5 --cols 6-9 --styles 0-3 \\\n"
        "      --trunc 0.7 --outdir coarse\n"
        "  stylegan mix --network digits.safetensors --rows 0-7 --cols 8-15 --styles 3-7 \\\n"
        "      --class 3 --outdir threes\n"
        "  stylegan mix --figure --network network.safetensors --outdir figure\n"
        "  stylegan mix --figure --network network.safetensors --row-seeds 0-3 --col-seeds 4-9 \\\n"
        "      --bands 2,1,1 --trunc 0.7 --outdir figure"};

/* The options as they were given. */
typedef struct mix_arguments {
    char *network, *rows, *columns, *outdir, *styles, *bands, *class_index, *noise_mode;
    double psi;
    int figure;
    sg_compute_options compute;
} mix_arguments;

/* The command at work. */
typedef struct mix_job {
    mix_arguments given;
    sg_number_list rows, columns, classes, bands;
    bool *from_column;                      /* [bands][num_ws] */
    sg_layer_range ranges[SG_STYLE_RANGES]; /* of the figure's bands */
    sg_mix_band mix_bands[SG_MOST_MIX_BANDS];
    char styles_texts[SG_MOST_MIX_BANDS][STYLES_TEXT_BYTES]; /* of defaults and bands */
    sg_mix_options mix;
    sg_picture_network network;
} mix_job;

static sg_parsed parse_options(mix_arguments *given, int argc, const char **argv)
{
    *given = (mix_arguments){.psi = 1};
    const struct poptOption table[] = {
        {"network", 0, POPT_ARG_STRING, &given->network, 0, "the network file", "FILE"},
        {"rows", 0, POPT_ARG_STRING, &given->rows, 0,
         "the seeds of the rows: numbers and ranges such as 0,1,4-6", "LIST"},
        {"row-seeds", 0, POPT_ARG_STRING, &given->rows, 0, "the same as --rows", "LIST"},
        {"cols", 0, POPT_ARG_STRING, &given->columns, 0, "the seeds of the columns", "LIST"},
        {"col-seeds", 0, POPT_ARG_STRING, &given->columns, 0, "the same as --cols", "LIST"},
        {"outdir", 0, POPT_ARG_STRING, &given->outdir, 0,
         "the folder for the pictures, made when it is missing", "DIR"},
        {"styles", 0, POPT_ARG_STRING, &given->styles, 0,
         "the layers whose style comes from the column's seed, counted from 0, or none (0-6)",
         "LIST"},
        {"col-styles", 0, POPT_ARG_STRING, &given->styles, 0, "the same as --styles", "LIST"},
        {"figure", 0, POPT_ARG_NONE, &given->figure, 0,
         "the figure of coarse, middle and fine styles; without --rows of the seeds 0-5, without "
         "--cols of 6-10",
         NULL},
        {"bands", 0, POPT_ARG_STRING, &given->bands, 0,
         "how many of the rows take coarse, middle and fine styles in the figure (3,2,1 of six)",
         "LIST"},
        {"trunc", 0, POPT_ARG_DOUBLE, &given->psi, 0,
         "truncation: less than 1 for more typical pictures, 0 for the average one; any number is "
         "allowed (1)",
         "PSI"},
        {"class", 0, POPT_ARG_STRING, &given->class_index, 0,
         "the class of all pictures, counted from 0; conditional networks need it", "N"},
        {"noise-mode", 0, POPT_ARG_STRING, &given->noise_mode, 0,
         "noise in the synthesis network: const (stored with the network), random (that of the "
         "row's seed) or none (const)",
         "MODE"},
        SG_COMPUTE_TABLE(&given->compute),
        POPT_TABLEEND};
    return sg_options_parse(&usage, table, argc, argv, NULL, 0);
}

/* ---- checks of the options; each returns an exit status ---- */

static int check_count(const mix_job *job)
{
    if (job->rows.count + 1 > SG_MOST_PICTURES / (job->columns.count + 1))
        return sg_old_usage_error(
            &usage,
            "%zu rows of %zu columns are more than the %d pictures that one call "
            "paints",
            job->rows.count, job->columns.count, SG_MOST_PICTURES);
    return SG_EXIT_DONE;
}

/* How many rows each band gets: by --bands, or about as in the paper, where it is 3, 2, 1. */
static int divide_rows(mix_job *job)
{
    const size_t rows = job->rows.count;
    sg_mix_band *bands = job->mix_bands;
    sg_error error = {0};
    for (int i = 0; i < SG_STYLE_RANGES; i++)
        bands[i].name = band_names[i];
    if (!job->given.bands) {
        bands[0].rows = rows > 1 ? rows / 2 : 1;
        bands[2].rows = rows < 3 ? 0 : rows < 6 ? 1 : rows / 6;
        bands[1].rows = rows - bands[0].rows - bands[2].rows;
        return SG_EXIT_DONE;
    }
    if (sg_number_list_parse(job->given.bands, "rows", SG_LIST_LIMIT, &job->bands, &error))
        return sg_list_failure(&usage, "--bands", &error);
    size_t sum = 0;
    for (size_t i = 0; i < job->bands.count; i++)
        sum += job->bands.values[i];
    if (job->bands.count != SG_STYLE_RANGES || sum != rows)
        return sg_old_usage_error(
            &usage,
            "--bands takes three numbers that make %zu, the number of rows, such "
            "as 3,2,1 for six, not \"%s\"",
            rows, job->given.bands);
    for (int i = 0; i < SG_STYLE_RANGES; i++)
        bands[i].rows = job->bands.values[i];
    return SG_EXIT_DONE;
}

/* What only a grid or only a figure takes, and the figure's default seeds. */
static int check_figure(mix_job *job)
{
    mix_arguments *given = &job->given;
    if (!given->figure && given->bands)
        return sg_old_usage_error(&usage, "--bands belongs to --figure");
    if (!given->figure)
        return SG_EXIT_DONE;
    if (given->styles)
        return sg_old_usage_error(
            &usage, "--styles cannot be given with --figure, which takes coarse, middle "
                    "and fine ones");
    if (!given->rows)
        given->rows = default_rows;
    if (!given->columns)
        given->columns = default_columns;
    return SG_EXIT_DONE;
}

static int check_seeds(mix_job *job)
{
    int status = sg_check_seeds(&usage, "--rows", job->given.rows, &job->rows);
    if (!status)
        status = sg_check_seeds(&usage, "--cols", job->given.columns, &job->columns);
    if (!status)
        status = check_count(job);
    return status || !job->given.figure ? status : divide_rows(job);
}

/* Everything that can be told before the network is opened. */
static int check_options(void *state)
{
    mix_job *job = state;
    const int refused = check_figure(job);
    const mix_arguments *given = &job->given;
    const sg_required_option required[] = {{"--network", given->network},
                                           {"--rows", given->rows},
                                           {"--cols", given->columns},
                                           {"--outdir", given->outdir}};
    int status = refused ? refused : sg_check_required(&usage, required, 4);
    if (!status)
        status = sg_check_threads(&usage, given->compute.threads);
    if (!status)
        status = sg_check_psi(&usage, given->psi);
    if (!status)
        status = sg_check_noise_mode(&usage, given->noise_mode, &job->mix.noise_mode);
    return status ? status : check_seeds(job);
}

static int check_class(void *state)
{
    mix_job *job = state;
    const int status =
        sg_check_classes(&usage, &job->network, job->given.class_index, &job->classes);
    if (!status && job->classes.count > 1)
        return sg_old_usage_error(&usage, "--class takes one class for all pictures, not \"%s\"",
                                  job->given.class_index);
    if (!status)
        job->mix.class_index = (int)job->classes.values[0];
    return status;
}

/* ---- which layers come from the columns ---- */

/* Marks the layers of the list; without a list, those of the default that the network has. */
static int read_styles(mix_job *job, int layers)
{
    const char *text = job->given.styles;
    sg_number_list list = {0};
    sg_error error = {0};
    if (!text) {
        const int last = layers <= LAST_STYLE ? layers - 1 : LAST_STYLE;
        snprintf(job->styles_texts[0], STYLES_TEXT_BYTES, "0-%d", last);
        text = job->styles_texts[0];
    }
    job->mix.band_count = 1;
    job->mix_bands[0] = (sg_mix_band){
        .styles_text = text, .from_column = job->from_column, .rows = job->rows.count};
    if (strcmp(text, "none") == 0)
        return SG_EXIT_DONE;
    if (sg_number_list_parse(text, "layers", (uint32_t)layers - 1, &list, &error))
        return sg_list_failure(&usage, "--styles", &error);
    for (size_t i = 0; i < list.count; i++)
        job->from_column[list.values[i]] = true;
    sg_number_list_clear(&list);
    return SG_EXIT_DONE;
}

/* Marks the layers of a band's range. */
static void take_range(mix_job *job, int band, int layers)
{
    const sg_layer_range range = job->ranges[band];
    bool *from_column = job->from_column + (size_t)band * (size_t)layers;
    int first = layers;
    int last = 0;
    for (int i = 0; i < layers; i++) {
        const int resolution = sg_generator_style_resolution(job->network.generator, i);
        from_column[i] = resolution >= range.smallest && resolution <= range.largest;
        first = from_column[i] && i < first ? i : first;
        last = from_column[i] ? i : last;
    }
    snprintf(job->styles_texts[band], STYLES_TEXT_BYTES, first < last ? "%d-%d" : "%d", first,
             last);
    job->mix_bands[band].from_column = from_column;
    job->mix_bands[band].styles_text = job->styles_texts[band];
}

static int take_ranges(mix_job *job, int layers)
{
    const int resolution = job->network.config.img_resolution;
    if (!sg_style_ranges(resolution, job->ranges))
        return sg_old_usage_error(
            &usage,
            "--figure needs a network of at least three resolutions, for coarse, "
            "middle and fine styles, and %s has img_resolution %d",
            job->network.path, resolution);
    job->mix.band_count = SG_STYLE_RANGES;
    for (int band = 0; band < SG_STYLE_RANGES; band++)
        take_range(job, band, layers);
    return SG_EXIT_DONE;
}

static int open_network(void *state)
{
    mix_job *job = state;
    return sg_open_network(&usage, job->given.network, &job->network);
}

/* ---- the work ---- */

static void print_ranges(const mix_job *job)
{
    const int resolution = job->network.config.img_resolution;
    char text[SG_RANGE_TEXT_BYTES];
    if (resolution < SG_LEAST_PAPER_RESOLUTION)
        printf("%d pixels are too few for the paper's ranges (4-8, 16-32, 64-1024):\n", resolution);
    for (int band = 0; band < SG_STYLE_RANGES; band++)
        printf("%s styles are those of %s pixels, layers %s\n", band_names[band],
               sg_layer_range_print(job->ranges[band], text), job->styles_texts[band]);
}

static int mix_pictures(mix_job *job)
{
    sg_error error = {0};
    sg_mix_options *mix = &job->mix;
    mix->rows = &job->rows;
    mix->columns = &job->columns;
    mix->rows_text = job->given.rows;
    mix->columns_text = job->given.columns;
    mix->bands = job->mix_bands;
    mix->figure = job->given.figure;
    mix->folder = job->given.outdir;
    mix->psi = job->given.psi;
    sg_terminal_watch watch;
    sg_terminal_watch_start(&watch, "mixing", "pictures", sg_print_note, &usage);
    mix->watch = &watch.watch;
    sg_status worked = sg_make_folders(mix->folder, &error);
    if (!worked)
        worked = sg_mix(&job->network, mix, &error);
    sg_terminal_watch_finish(&watch);
    if (worked)
        return sg_report_failure(usage.command, &error);
    if (mix->figure)
        print_ranges(job);
    printf("%zu pictures are in %s, and all together in its %s\n", sg_mix_count(mix), mix->folder,
           mix->figure ? "figure.png" : "grid.png");
    return SG_EXIT_DONE;
}

/* Loads the network, which alone knows how many layers there are, and mixes. */
static int load_and_mix(void *state)
{
    mix_job *job = state;
    sg_error error = {0};
    if (sg_load_network(&job->network, &job->given.compute, &error))
        return sg_report_failure(usage.command, &error);
    const int layers = sg_generator_num_ws(job->network.generator);
    job->from_column = sg_allocate((size_t)layers, SG_MOST_MIX_BANDS * sizeof *job->from_column);
    if (!job->from_column) {
        sg_fail_memory(&error, "the styles");
        return sg_report_failure(usage.command, &error);
    }
    const int status = job->given.figure ? take_ranges(job, layers) : read_styles(job, layers);
    return status ? status : mix_pictures(job);
}

int sg_command_mix(int argc, const char **argv);
int sg_command_mix(int argc, const char **argv)
{
    static const sg_command_step steps[] = {check_options, open_network, check_class, load_and_mix};
    mix_job job = {0};
    const sg_parsed parsed = parse_options(&job.given, argc, argv);
    const int status = sg_run_steps(parsed, steps, sizeof steps / sizeof steps[0], &job);
    sg_picture_network_close(&job.network);
    free(job.from_column);
    sg_number_list_clear(&job.rows);
    sg_number_list_clear(&job.columns);
    sg_number_list_clear(&job.classes);
    sg_number_list_clear(&job.bands);
    return status;
}
