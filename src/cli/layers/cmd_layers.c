/* `stylegan layers`: the features within a generator.
 * Tested by: tests/cli/test_layers.c */
#include <stdio.h>
#include <string.h>

#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/text.h"
#include "cli/options/option_groups.h"
#include "layers/layers.h"
#include "pictures/picture_fields.h"

/* Options and state of the command. */
typedef struct looking {
    sg_picture_work work;
    sg_layers_options options;
    sg_number_list channels;
    sg_text_list pictures; /* that the discriminator looks at, in place of seeds */
    bool json;
    sg_scoring *scoring;
    sg_layer_records records;
} looking;

static const looking defaults = {.work = {.common = SG_PICTURE_REQUEST(), .one_class = true},
                                 .options = {.levels = {.colours = 1, .normalise = true},
                                             .sheets = true,
                                             .recording = {.beta = 8, .interpolation = 4}}};

enum { LARGEST_INTERPOLATION = 64, MOST_ROWS = 64 };

static const double LARGEST_GAIN = 100;

static sg_status parse_colours(const char *text, void *value, sg_error *error)
{
    int *colours = value;
    *colours = strcmp(text, "3") == 0 ? 3 : 1;
    return strcmp(text, "1") == 0 || *colours == 3
               ? SG_OK
               : sg_fail(error, SG_ERROR_ARGUMENT,
                         "is \"%s\", but must be 1, a grey picture of each channel, or 3, pictures "
                         "in colours of three",
                         text);
}

static const sg_field_codec colours_codec = {.parse = parse_colours};

static const sg_field picture_fields[] = {
    {SG_CODED(looking, pictures, &sg_text_list_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("pictures", "PATH",
               "look at the discriminator or the classifier of the file instead, while it sees "
               "these: a picture, or a folder, zip archive or IDX file of pictures; may be given "
               "several times"),
     SG_GROUP("Pictures")},
};
static const SG_FIELD_TABLE(picture_fields, NULL);

static const sg_field own_fields[] = {
    {"layers", SG_TEXT(looking, options.chosen),
     SG_OPTION("layers", "LIST",
               "names of layers, such as b16.conv1, or of blocks, such as b16, separated by "
               "commas"),
     SG_USUAL("all"), SG_GROUP("Layers")},
    {"channels", SG_CODED(looking, channels, &sg_numbers_codec),
     SG_OPTION("channels", "LIST", "the channels on the contact sheets, such as 0-15,40"),
     SG_USUAL("the first 64")},
    {SG_CODED(looking, options.levels.colours, &colours_codec),
     SG_OPTION("colours", "1|3",
               "a grey picture of each channel, or each channel of the list with the next two as "
               "red, green and blue"),
     SG_USUAL("1")},
    {SG_NUMBER(looking, options.levels.gain, -LARGEST_GAIN, LARGEST_GAIN),
     SG_OPTION("gain", "DECIBELS", "make features larger, of 20 ten times, or smaller"),
     SG_USUAL("0")},
    {SG_FLAG(looking, options.levels.normalise), SG_FLAGS(SG_FIELD_INVERTED),
     SG_OPTION("no-normalise", NULL,
               "show features as they are, from black at -1 to white at 1, instead of dividing "
               "each channel by its largest magnitude")},
    {SG_FLAG(looking, options.sheets), SG_FLAGS(SG_FIELD_INVERTED),
     SG_OPTION("no-sheets", NULL, "no contact sheets: the maps and tables alone")},
    {SG_FLAG(looking, options.recording.spectrum),
     SG_OPTION("spectrum", NULL, "also draw the average power spectrum of each layer"),
     SG_GROUP("Spectra")},
    {SG_NUMBER(looking, options.recording.beta, 0, 100),
     SG_OPTION("beta", "N", "the shape of the Kaiser window, 0 for none"), SG_USUAL("8")},
    {SG_INT(looking, options.recording.interpolation, 1, LARGEST_INTERPOLATION),
     SG_OPTION("interp", "N", "how many times finer than the layer's own frequencies"),
     SG_USUAL("4")},
};
static const SG_FIELD_TABLE(own_fields, NULL);

static const sg_field output_fields[] = {
    {SG_FLAG(looking, json), SG_OPTION("json", NULL, "print one JSON object for each layer")},
};
static const SG_FIELD_TABLE(output_fields, NULL);

/* Opens the discriminator, which takes pictures in place of seeds. */
static sg_status prepare_pictures(looking *all, sg_error *error)
{
    const sg_picture_work *work = &all->work;
    if (work->lists.seeds.text || work->lists.classes.text)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--pictures is about the discriminator, --%s about the generator's pictures",
                       work->lists.seeds.text ? "seeds" : "class");
    return sg_scoring_open(work->path, work->network.keywords, &work->compute, &all->scoring,
                           error);
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    looking *all = state;
    all->options.levels.channels = &all->channels;
    all->options.levels.plain = all->work.plain;
    sg_picture_work *work = &all->work;
    sg_number_list *seeds = &work->lists.seeds;
    if (all->pictures.count > 0)
        return prepare_pictures(all, error);
    if (!seeds->text)
        SG_TRY(sg_number_list_parse("0", "seeds", UINT32_MAX, seeds, error));
    SG_TRY(sg_picture_work_prepare(work, watch, error));
    SG_TRY(sg_sources_unite(seeds, &work->lists.w, error));
    if (work->common.folder && seeds->count > MOST_ROWS)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--seeds has %zu pictures, but layers.png shows at most %d", seeds->count,
                       MOST_ROWS);
    return SG_OK;
}

/* ---- the work ---- */

static sg_status print_json(const sg_layer_record *record, sg_error *error)
{
    const sg_layer_numbers numbers = sg_layer_record_numbers(record);
    const int size[] = {(int)record->height, (int)record->width};
    cJSON *line = cJSON_CreateObject();
    const bool whole = cJSON_AddStringToObject(line, "layer", record->name) &&
                       sg_json_add(line, "size", cJSON_CreateIntArray(size, 2)) &&
                       cJSON_AddNumberToObject(line, "channels", (double)record->channels) &&
                       cJSON_AddNumberToObject(line, "mean", numbers.mean) &&
                       cJSON_AddNumberToObject(line, "deviation", numbers.deviation) &&
                       cJSON_AddNumberToObject(line, "largest", numbers.largest) &&
                       cJSON_AddNumberToObject(line, "peak", numbers.peak);
    char *text = whole ? cJSON_PrintUnformatted(line) : NULL;
    cJSON_Delete(line);
    if (!text)
        return sg_fail_memory(error, "the layers");
    puts(text);
    cJSON_free(text);
    return SG_OK;
}

static void print_row(const sg_layer_record *record)
{
    const sg_layer_numbers numbers = sg_layer_record_numbers(record);
    char name[SG_LAYER_NAME_BYTES];
    char size[40];
    snprintf(name, sizeof name, "%s", record->name);
    snprintf(size, sizeof size, "%zux%zu", record->width, record->height);
    printf("%-18s %9s %8zu %9.3g %9.3g %9.3g %7.2f\n", sg_text_make_safe(name), size,
           record->channels, numbers.mean, numbers.deviation, numbers.largest, numbers.peak);
}

static sg_status say_results(const looking *all, sg_error *error)
{
    const sg_layer_records *records = &all->records;
    if (!all->json)
        printf("%-18s %9s %8s %9s %9s %9s %7s\n", "layer", "size", "channels", "mean", "deviation",
               "largest", "peak");
    for (size_t i = 0; i < records->count; i++)
        if (all->json)
            SG_TRY(print_json(&records->items[i], error));
        else
            print_row(&records->items[i]);
    if (!all->json && all->work.common.folder)
        printf("The maps of these layers are in %s/layers.png\n", all->work.common.folder);
    return SG_OK;
}

static sg_status look(void *state, const sg_watch *watch, sg_error *error)
{
    looking *all = state;
    const char *folder = all->work.common.folder;
    const sg_looked_at pictures = {.paths = all->pictures.texts,
                                   .path_count = all->pictures.count,
                                   .folder = folder,
                                   .network = sg_path_name(all->work.path)};
    if (folder)
        SG_TRY(sg_make_folders(folder, error));
    SG_TRY(all->scoring ? sg_layers_of_pictures(all->scoring, &pictures, &all->options,
                                                &all->records, watch, error)
                        : sg_layers(&all->work, &all->options, &all->records, watch, error));
    return say_results(all, error);
}

static int run(const sg_command *command, void *options)
{
    looking *all = options;
    const int status = sg_picture_work_run(command, "looking", "pictures", prepare, look, all);
    sg_layer_records_clear(&all->records);
    sg_scoring_close(all->scoring);
    return status;
}

static const char *const sheet_options[] = {"plain", NULL};

static const sg_option_group groups[] = {
    SG_GROUP_AT(sg_network_fields_table, looking, work),
    SG_GROUP_AT(sg_seeds_fields_table, looking, work),
    SG_GROUP_AT(sg_class_fields_table, looking, work),
    SG_GROUP_AT(sg_label_fields, looking, work.common),
    SG_GROUP_OF_ALL(picture_fields_table),
    SG_GROUP_OF_ALL(own_fields_table),
    SG_GROUP_AT(sg_truncation_fields, looking, work.common),
    SG_GROUP_AT(sg_noise_fields, looking, work.common),
    SG_GROUP_AT(sg_transform_fields, looking, work.common),
    SG_GROUP_AT(sg_outdir_fields_table, looking, work),
    {&sg_sheet_fields_table, offsetof(looking, work), SG_GIVEN_NOWHERE, sheet_options},
    SG_GROUP_OF_ALL(output_fields_table),
    SG_GROUP_AT(sg_painting_fields_table, looking, work.compute),
};

const sg_command sg_layers_command = {
    .name = "layers",
    .summary = "Look at the features within a network",
    .synopsis = "--network FILE [--seeds LIST | --pictures PATH] [--outdir DIR] [options]",
    .description =
        "Lists the layers of a generator in the order of their computation: size, channels, and of "
        "the features for these seeds (0 unless others are given) the mean, the standard deviation "
        "and the largest magnitude. The peak is the largest magnitude of a pixel, over all "
        "channels, by that of the middle one: where it is large, the layer makes spots, such as "
        "the droplets of the first StyleGAN.\n\n"
        "With --outdir, writes DIR/layers.png, maps of the magnitude of all layers beside the "
        "pictures, a row for each seed; DIR/seed0000-LAYER.png, contact sheets of the channels of "
        "each layer; with --spectrum, DIR/spectra.png, the average power at each frequency; and "
        "the numbers of layers and channels in DIR/layers.tsv and DIR/channels.tsv.\n\n"
        "With --pictures it is the discriminator or the classifier of the file that is looked at, "
        "while it sees these pictures; its blocks are D0, D1 and so on, from the largest to the "
        "smallest.",
    .examples =
        "  stylegan layers --network network.safetensors\n"
        "  stylegan layers --network network.safetensors --seeds 0-3 --no-sheets --outdir maps\n"
        "  stylegan layers --network network.safetensors --seeds 5 --layers b32,b64.conv1 \\\n"
        "      --channels 0-99 --gain 6 --spectrum --outdir features\n"
        "  stylegan layers --network network.safetensors --pictures photo.png --outdir seen",
    SG_TAKES(groups, looking),
    .defaults = &defaults,
    .run = run,
};
