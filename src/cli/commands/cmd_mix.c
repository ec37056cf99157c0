/* `stylegan mix`: pictures that combine the styles of two seeds.
 * Tested by: tests/cli/test_mix.c */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "cli/options/option_groups.h"
#include "pictures/layer_ranges.h"
#include "pictures/mixes/crossovers.h"
#include "pictures/picture_fields.h"
#include "pictures/picture_set.h"

enum { LAST_STYLE = 6 /* of the default */, STYLES_TEXT_BYTES = 64, WORD_BYTES = 24 };

static const char *const band_names[SG_STYLE_RANGES] = {"coarse", "middle", "fine"};

/* Options and state of the command. */
typedef struct mixture {
    sg_picture_work work;
    const char *styles, *band_rows;
    sg_number_list crossovers;              /* of --crossovers: that figure instead of a grid */
    bool named[SG_STYLE_RANGES];            /* the bands that --styles names */
    sg_mix_options mixes;                   /* rows and columns are --rows and --cols */
    bool *from_column;                      /* [bands][num_ws] */
    bool *scratch;                          /* [num_ws] */
    sg_layer_range ranges[SG_STYLE_RANGES]; /* of the figure's bands */
    sg_mix_band bands[SG_MOST_MIX_BANDS];
    char styles_texts[SG_MOST_MIX_BANDS][STYLES_TEXT_BYTES]; /* of defaults and bands */
} mixture;

static const mixture defaults = {.work = {.common = SG_PICTURE_REQUEST(), .one_class = true},
                                 .mixes = {.share = 1}};

static const sg_field own_fields[] = {
    {SG_CODED(mixture, mixes.rows, &sg_seeds_codec),
     SG_OPTION("rows", "LIST",
               "the seeds of the rows: numbers and ranges such as 0,1,4-6, and files of w"),
     SG_GROUP("Pictures")},
    {SG_CODED(mixture, mixes.rows, &sg_seeds_codec),
     SG_OPTION("row-seeds", "LIST", "the same as --rows")},
    {SG_CODED(mixture, mixes.columns, &sg_seeds_codec),
     SG_OPTION("cols", "LIST", "the seeds of the columns, and files of w")},
    {SG_CODED(mixture, mixes.columns, &sg_seeds_codec),
     SG_OPTION("col-seeds", "LIST", "the same as --cols")},
    {SG_TEXT(mixture, styles),
     SG_OPTION(
         "styles", "LIST",
         "the layers whose style comes from the column's seed, counted from 0, or coarse, "
         "middle or fine, those of 4-8, 16-32 or 64-1024 pixels (fewer of small networks), or "
         "none"),
     SG_USUAL("0-6")},
    {SG_TEXT(mixture, styles), SG_OPTION("col-styles", "LIST", "the same as --styles")},
    {SG_NUMBER(mixture, mixes.share, -10, 10),
     SG_OPTION("weight", "X",
               "how much of those layers comes from the column's seed: 0.5 mixes both alike"),
     SG_USUAL("1")},
    {SG_FLAG(mixture, mixes.figure),
     SG_OPTION("figure", NULL,
               "the figure of coarse, middle and fine styles; without --rows of the seeds 0-5, "
               "without --cols of 6-10")},
    {SG_TEXT(mixture, band_rows),
     SG_OPTION("bands", "LIST",
               "how many of the rows take coarse, middle and fine styles in the figure"),
     SG_USUAL("3,2,1 of six")},
    {"crossovers", SG_CODED(mixture, crossovers, &sg_numbers_codec),
     SG_OPTION("crossovers", "LIST",
               "the figure of crossovers instead: the first row with the first column and so on, "
               "each with the row's styles before layer k and the column's from k on, for all k "
               "of the list side by side, such as 4,8,10,14")},
};
static const SG_FIELD_TABLE(own_fields, NULL);

/* ---- checks ---- */

/* Divides the rows among the bands as --bands says, otherwise as in the paper, where it is 3, 2,
 * 1. */
static sg_status divide_rows(mixture *all, sg_error *error)
{
    const size_t rows = all->mixes.rows.count;
    const char *text = all->band_rows;
    sg_mix_band *bands = all->bands;
    sg_number_list numbers = {0};
    for (int i = 0; i < SG_STYLE_RANGES; i++)
        bands[i].name = band_names[i];
    if (!text) {
        bands[0].rows = rows > 1 ? rows / 2 : 1;
        bands[2].rows = rows < 3 ? 0 : rows < 6 ? 1 : rows / 6;
        bands[1].rows = rows - bands[0].rows - bands[2].rows;
        return SG_OK;
    }
    SG_TRY(sg_option_numbers("bands", text, "rows", SG_LIST_LIMIT, &numbers, error));
    const bool three = numbers.count == SG_STYLE_RANGES;
    size_t sum = 0;
    for (size_t i = 0; three && i < SG_STYLE_RANGES; i++) {
        bands[i].rows = numbers.values[i];
        sum += bands[i].rows;
    }
    sg_number_list_clear(&numbers);
    if (!three || sum != rows)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--bands takes three numbers that make %zu, the number of rows, such as "
                       "3,2,1 for six, not \"%s\"",
                       rows, text);
    return SG_OK;
}

/* Refuses what only a grid or only a figure takes, and sets the figure's default seeds: as many as
 * in the paper's. */
static sg_status check_figure(mixture *all, sg_error *error)
{
    if (all->crossovers.count > 0 && (all->mixes.figure || all->styles || all->band_rows))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--crossovers is a figure of its own: --%s cannot be given with it",
                       all->mixes.figure ? "figure"
                       : all->styles     ? "styles"
                                         : "bands");
    if (!all->mixes.figure)
        return all->band_rows ? sg_fail(error, SG_ERROR_ARGUMENT, "--bands belongs to --figure")
                              : SG_OK;
    if (all->styles)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--styles cannot be given with --figure, which takes coarse, middle and "
                       "fine ones");
    if (!all->mixes.rows.text)
        SG_TRY(sg_seeds_codec.parse("0-5", &all->mixes.rows, error));
    return all->mixes.columns.text ? SG_OK
                                   : sg_seeds_codec.parse("6-10", &all->mixes.columns, error);
}

/* Checks that rows and columns make pairs, and how many pictures they are. */
static sg_status check_pairs(const mixture *all, sg_error *error)
{
    const sg_mix_options *mixes = &all->mixes;
    const size_t rows = mixes->rows.count;
    const size_t pairs = rows > mixes->columns.count ? rows : mixes->columns.count;
    SG_TRY(sg_crossovers_check(&(sg_crossover_options){mixes, &all->crossovers}, error));
    if (pairs > SG_MOST_PICTURES / (all->crossovers.count + 2))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu crossovers of %zu pairs are more than the %d pictures that one call "
                       "paints",
                       all->crossovers.count, pairs, SG_MOST_PICTURES);
    return SG_OK;
}

/* Checks the numbers of rows and columns, and divides the rows among the bands. */
static sg_status check_counts(mixture *all, sg_error *error)
{
    sg_mix_options *mixes = &all->mixes;
    const sg_number_list *rows = &mixes->rows;
    const sg_number_list *columns = &mixes->columns;
    if (all->crossovers.count > 0)
        return check_pairs(all, error);
    SG_TRY(sg_sources_unite(&mixes->rows, &mixes->row_w, error));
    SG_TRY(sg_sources_unite(&mixes->columns, &mixes->column_w, error));
    if (rows->count + 1 > SG_MOST_PICTURES / (columns->count + 1))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu rows of %zu columns are more than the %d pictures that one call paints",
                       rows->count, columns->count, SG_MOST_PICTURES);
    return all->mixes.figure ? divide_rows(all, error) : SG_OK;
}

/* True if a list names files of w, which only the network can count. */
static bool read_later(const mixture *all)
{
    return sg_sources_have_files(all->mixes.rows.text) ||
           sg_sources_have_files(all->mixes.columns.text);
}

/* Reads the w among rows and columns for the loaded network; those of columns are counted on. */
static sg_status read_sources(mixture *all, const sg_watch *watch, sg_error *error)
{
    sg_mix_options *mixes = &all->mixes;
    const sg_picture_network *network = &all->work.network;
    if (!read_later(all))
        return SG_OK;
    SG_TRY(sg_sources_read(&mixes->rows, network, watch, &mixes->row_w, error));
    mixes->column_w.first = mixes->row_w.set.count;
    SG_TRY(sg_sources_read(&mixes->columns, network, watch, &mixes->column_w, error));
    return check_counts(all, error);
}

/* Checks everything that can be told before the network is opened. */
static sg_status check_options(mixture *all, sg_error *error)
{
    SG_TRY(check_figure(all, error));
    SG_TRY(sg_option_needed("rows", all->mixes.rows.text, error));
    SG_TRY(sg_option_needed("cols", all->mixes.columns.text, error));
    SG_TRY(sg_option_needed("outdir", all->work.common.folder, error));
    return read_later(all) ? SG_OK : check_counts(all, error);
}

/* ---- which layers come from the columns ---- */

/* Writes the layers that are marked, as "0-3,8". */
static void print_layers(const bool *marked, int layers, char text[STYLES_TEXT_BYTES])
{
    size_t length = 0;
    text[0] = '\0';
    for (int first = 0; first < layers && length < STYLES_TEXT_BYTES; first++) {
        int last = first;
        if (!marked[first])
            continue;
        while (last + 1 < layers && marked[last + 1])
            last++;
        const int written =
            snprintf(text + length, STYLES_TEXT_BYTES - length, first < last ? "%s%d-%d" : "%s%d",
                     length > 0 ? "," : "", first, last);
        length += (size_t)written;
        first = last;
    }
}

/* Marks the layers of a band's range. */
static void mark_range(const mixture *all, int band, int layers, bool *from_column)
{
    const sg_layer_range range = all->ranges[band];
    for (int i = 0; i < layers; i++) {
        const int resolution = sg_generator_style_resolution(all->work.network.generator, i);
        from_column[i] |= resolution >= range.smallest && resolution <= range.largest;
    }
}

static sg_status find_ranges(mixture *all, const char *option, sg_error *error)
{
    const int resolution = all->work.network.config.img_resolution;
    if (!sg_style_ranges(resolution, all->ranges))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%s needs a network of at least three resolutions, for coarse, middle "
                       "and fine styles, and %s has img_resolution %d",
                       option, all->work.network.path, resolution);
    return SG_OK;
}

/* Marks what one part of --styles says: a word, a layer or a range of layers. */
static sg_status mark_part(mixture *all, const char *part, int layers, sg_error *error)
{
    sg_number_list list = {0};
    for (int band = 0; band < SG_STYLE_RANGES; band++)
        if (strcmp(part, band_names[band]) == 0) {
            SG_TRY(find_ranges(all, "--styles", error));
            all->named[band] = true;
            mark_range(all, band, layers, all->from_column);
            return SG_OK;
        }
    if (isalpha((unsigned char)part[0]))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--styles: \"%s\" is neither a layer nor coarse, middle or fine", part);
    SG_TRY(sg_option_numbers("styles", part, "layers", (uint32_t)layers - 1, &list, error));
    for (size_t i = 0; i < list.count; i++)
        all->from_column[list.values[i]] = true;
    sg_number_list_clear(&list);
    return SG_OK;
}

/* Copies the part of a list up to the comma, without the blanks around it; returns the rest. */
static const char *take_part(const char *text, char part[WORD_BYTES])
{
    const size_t length = strcspn(text, ",");
    size_t first = 0;
    size_t end = length;
    while (first < end && text[first] == ' ')
        first++;
    while (end > first && text[end - 1] == ' ')
        end--;
    snprintf(part, WORD_BYTES, "%.*s", (int)(end - first), text + first);
    return text[length] == ',' ? text + length + 1 : NULL;
}

/* Marks the layers of --styles; without it, those of the default that the network has. */
static sg_status read_styles(mixture *all, int layers, sg_error *error)
{
    const char *text = all->styles;
    char part[WORD_BYTES];
    char numbers[STYLES_TEXT_BYTES];
    if (!text) {
        const int last = layers <= LAST_STYLE ? layers - 1 : LAST_STYLE;
        snprintf(all->styles_texts[0], STYLES_TEXT_BYTES, "0-%d", last);
        text = all->styles_texts[0];
    }
    all->mixes.band_count = 1;
    all->bands[0] = (sg_mix_band){
        .styles_text = text, .from_column = all->from_column, .rows = all->mixes.rows.count};
    if (strcmp(text, "none") == 0)
        return SG_OK;
    for (const char *at = text; at;) {
        at = take_part(at, part);
        SG_TRY(mark_part(all, part, layers, error));
    }
    if (all->named[0] || all->named[1] || all->named[2]) {
        print_layers(all->from_column, layers, numbers);
        snprintf(all->styles_texts[0], STYLES_TEXT_BYTES, "%.24s (%.32s)", text, numbers);
        all->bands[0].styles_text = all->styles_texts[0];
    }
    return SG_OK;
}

static sg_status take_ranges(mixture *all, int layers, sg_error *error)
{
    SG_TRY(find_ranges(all, "--figure", error));
    all->mixes.band_count = SG_STYLE_RANGES;
    for (int band = 0; band < SG_STYLE_RANGES; band++) {
        bool *from_column = all->from_column + (size_t)band * (size_t)layers;
        mark_range(all, band, layers, from_column);
        print_layers(from_column, layers, all->styles_texts[band]);
        all->bands[band].from_column = from_column;
        all->bands[band].styles_text = all->styles_texts[band];
        all->named[band] = true;
    }
    return SG_OK;
}

/* Finds the layers of the loaded network, which alone knows how many there are. */
static sg_status find_layers(mixture *all, sg_error *error)
{
    const int layers = sg_generator_num_ws(all->work.network.generator);
    const size_t bands = SG_MOST_MIX_BANDS + 1;
    all->from_column = sg_allocate((size_t)layers, bands * sizeof *all->from_column);
    if (!all->from_column)
        return sg_fail_memory(error, "the styles");
    all->scratch = all->from_column + (size_t)layers * SG_MOST_MIX_BANDS;
    return all->mixes.figure ? take_ranges(all, layers, error) : read_styles(all, layers, error);
}

/* ---- the work ---- */

/* Says which layers the words coarse, middle and fine stand for. */
static void print_ranges(const mixture *all)
{
    const int resolution = all->work.network.config.img_resolution;
    const int layers = sg_generator_num_ws(all->work.network.generator);
    char text[SG_RANGE_TEXT_BYTES];
    if (!all->named[0] && !all->named[1] && !all->named[2])
        return;
    if (resolution < SG_LEAST_PAPER_RESOLUTION)
        printf("%d pixels are too few for the paper's ranges (4-8, 16-32, 64-1024):\n", resolution);
    for (int band = 0; band < SG_STYLE_RANGES; band++) {
        bool *marked = all->scratch;
        char numbers[STYLES_TEXT_BYTES];
        memset(marked, 0, (size_t)layers * sizeof *marked);
        mark_range(all, band, layers, marked);
        print_layers(marked, layers, numbers);
        if (all->named[band])
            printf("%s styles are those of %s pixels, layers %s\n", band_names[band],
                   sg_layer_range_print(all->ranges[band], text), numbers);
    }
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    mixture *all = state;
    SG_TRY(check_options(all, error));
    SG_TRY(sg_picture_work_prepare(&all->work, watch, error));
    SG_TRY(read_sources(all, watch, error));
    all->mixes.bands = all->bands;
    if (all->crossovers.count > 0)
        return SG_OK;
    return find_layers(all, error);
}

static sg_status mix(void *state, const sg_watch *watch, sg_error *error)
{
    mixture *all = state;
    const sg_mix_options *mixes = &all->mixes;
    const char *folder = all->work.common.folder;
    SG_TRY(sg_make_folders(folder, error));
    if (all->crossovers.count > 0) {
        SG_TRY(sg_crossovers(&all->work, &(sg_crossover_options){mixes, &all->crossovers}, watch,
                             error));
        printf("The crossovers are in %s, and all together in its crossovers.png\n", folder);
        return SG_OK;
    }
    SG_TRY(sg_mix(&all->work, mixes, watch, error));
    print_ranges(all);
    printf("%zu pictures are in %s, and all together in its %s\n", sg_mix_count(mixes), folder,
           mixes->figure ? "figure.png" : "grid.png");
    return SG_OK;
}

static int run(const sg_command *command, void *options)
{
    mixture *all = options;
    const int status = sg_picture_work_run(command, "mixing", "pictures", prepare, mix, all);
    sg_w_sources_clear(&all->mixes.row_w);
    sg_w_sources_clear(&all->mixes.column_w);
    free(all->from_column);
    return status;
}

static const sg_option_group groups[] = {
    SG_GROUP_AT(sg_network_fields_table, mixture, work),
    SG_GROUP_OF_ALL(own_fields_table),
    SG_GROUP_AT(sg_class_fields_table, mixture, work),
    SG_GROUP_AT(sg_label_fields, mixture, work.common),
    SG_GROUP_AT(sg_psi_fields, mixture, work.common),
    SG_GROUP_AT(sg_edit_fields, mixture, work.common),
    SG_GROUP_AT(sg_noise_fields, mixture, work.common),
    SG_GROUP_AT(sg_outdir_fields_table, mixture, work),
    SG_GROUP_AT(sg_sheet_fields_table, mixture, work),
    SG_GROUP_AT(sg_painting_fields_table, mixture, work.compute),
};

const sg_command sg_mix_command = {
    .name = "mix",
    .summary = "Mix the styles of pictures",
    .synopsis = "--network FILE --rows LIST --cols LIST --outdir DIR [options]",
    .description =
        "Mixes the styles of two seeds: a picture takes the inputs (layers) --styles of the "
        "synthesis network from the column's seed and the others from the row's. Low layers "
        "decide on pose and shape, high ones on colours and fine detail. Writes "
        "DIR/ROW-COL.png for every pair, DIR/SEED-SEED.png for every seed alone, and "
        "DIR/grid.png, a sheet with the rows' seeds (source A) down the left side and the "
        "columns' (source B) along the top. A file of w in a list, such as 55,photo.npz, stands "
        "for the w in it; their pictures are DIR/proj00-COL.png and so on.\n\n"
        "--figure makes figure 3 of the first StyleGAN's paper instead, DIR/figure.png: "
        "source A down the left side, source B along the top, and three bands of rows that "
        "take the coarse (4-8), middle (16-32) or fine (64-1024) styles from B. For pictures "
        "of less than 64x64 the ranges are smaller; it says which layers they are.\n\n"
        "--crossovers makes DIR/crossovers.png, a row for each pair of a row's and a column's "
        "seed.",
    .examples =
        "  stylegan mix --network network.safetensors --rows 85,100,75 --cols 55,821,1789 \\\n"
        "      --outdir mixed\n"
        "  stylegan mix --network network.safetensors --rows 0-5 --cols 6-9 --styles 0-3 \\\n"
        "      --trunc 0.7 --outdir coarse\n"
        "  stylegan mix --network network.safetensors --rows 0-3 --cols 4-7 --styles coarse,middle "
        "\\\n"
        "      --outdir shapes\n"
        "  stylegan mix --network digits.safetensors --rows 0-7 --cols 8-15 --styles 3-7 \\\n"
        "      --class 3 --outdir threes\n"
        "  stylegan mix --network network.safetensors --rows photo.npz --cols 0-4 --outdir photo\n"
        "  stylegan mix --network network.safetensors --rows 0-3 --cols 4-7 \\\n"
        "      --crossovers 4,8,10,14 --outdir crossed\n"
        "  stylegan mix --figure --network network.safetensors --outdir figure\n"
        "  stylegan mix --figure --network network.safetensors --row-seeds 0-3 --col-seeds 4-9 \\\n"
        "      --bands 2,1,1 --trunc 0.7 --outdir figure",
    SG_TAKES(groups, mixture),
    .defaults = &defaults,
    .run = run,
};
