/* `stylegan spectra`: average power spectra of networks and data sets.
 * Tested by: tests/cli/test_spectra.c */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/text.h"
#include "checkpoint/network/network_path.h"
#include "cli/options/option_groups.h"
#include "data/kinds/open_dataset.h"
#include "pictures/spectra.h"

enum { MOST_SOURCES = 8 /* as many as a plot has colours */ };

/* Options and state of the command. */
typedef struct measurement {
    sg_text_list networks, datasets, others; /* others: of either kind */
    const char *keywords;                    /* of all networks */
    sg_spectra_options spectra;              /* folder is --output */
    sg_spectra_source sources[MOST_SOURCES];
    char names[MOST_SOURCES][sizeof((sg_dataset_info *)NULL)->name];
    size_t count; /* of sources */
} measurement;

static const measurement defaults = {.spectra = {.count = 1000, .interpolation = 4, .beta = 8}};

static const sg_field own_fields[] = {
    {SG_CODED(measurement, networks, &sg_text_list_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("network", "FILE", "a network file; may be repeated"), SG_GROUP("Sources")},
    {SG_CODED(measurement, keywords, &sg_keywords_codec), SG_CONFIG_OPTION},
    {SG_CODED(measurement, datasets, &sg_text_list_codec), SG_FLAGS(SG_FIELD_REPEATED),
     SG_OPTION("data", "PATH", "a set of pictures; may be repeated")},
    {SG_CODED(measurement, others, &sg_text_list_codec),
     SG_FLAGS(SG_FIELD_REPEATED | SG_FIELD_POSITIONAL),
     SG_OPTION("source", "PATH", "a network file or a set of pictures, also without --source")},
    {SG_INT(measurement, spectra.count, 1, INT_MAX),
     SG_OPTION("num", "N", "the pictures of each source; a smaller data set is taken whole"),
     SG_USUAL("1000")},
    {SG_UINT64(measurement, spectra.seed, UINT32_MAX),
     SG_OPTION(
         "seed", "N",
         "the seed of a network's first picture, the next ones follow; and of the choice among "
         "a data set's pictures"),
     SG_USUAL("0")},
    {SG_NUMBER(measurement, spectra.beta, 0, 100),
     SG_OPTION("beta", "BETA", "the Kaiser window's beta: larger ones leak less and blur more"),
     SG_USUAL("8"), SG_GROUP("Spectrum")},
    {SG_INT(measurement, spectra.interpolation, 1, 64),
     SG_OPTION("interp", "N",
               "how many times finer than the pictures' own frequencies the spectrum is"),
     SG_USUAL("4")},
    {SG_TEXT(measurement, spectra.folder), SG_FLAGS(SG_FIELD_REQUIRED),
     SG_OPTION("output", "DIR", "the folder for the results, made when it is missing"),
     SG_GROUP("Output")},
};
static const SG_FIELD_TABLE(own_fields, NULL);

static sg_status check_options(const measurement *all, sg_error *error)
{
    const sg_spectra_options *spectra = &all->spectra;
    const size_t sources = all->networks.count + all->datasets.count;
    const uint64_t largest = (uint64_t)UINT32_MAX - (uint64_t)spectra->count + 1;
    if (sources < 1 || sources > MOST_SOURCES)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--network and --data must name 1 to %d sources, not %zu", MOST_SOURCES,
                       sources);
    if (spectra->seed > largest)
        return sg_fail(error, SG_ERROR_ARGUMENT, "--seed must be 0 to %llu for %d pictures",
                       (unsigned long long)largest, spectra->count);
    return SG_OK;
}

/* Tells whether a path names a set of pictures, as the official avg_spectra.py has it: a folder or
 * a zip archive, or an IDX file. A run's folder holds a network. */
static bool is_dataset(const char *path)
{
    char *network = NULL;
    if (!sg_path_is_folder(path))
        return sg_has_suffix(path, ".zip") || sg_has_suffix(path, ".gz") ||
               sg_has_suffix(path, "ubyte");
    const bool run = !sg_network_locate(path, &network, NULL);
    free(network);
    return !run;
}

/* Adds the sources of either kind to those of their own. */
static void sort_sources(measurement *all)
{
    for (size_t i = 0; i < all->others.count; i++) {
        sg_text_list *list = is_dataset(all->others.texts[i]) ? &all->datasets : &all->networks;
        if (list->count < SG_MOST_TEXTS)
            list->texts[list->count++] = all->others.texts[i];
    }
}

/* Opens data sets first: the statistics are theirs. */
static sg_status open_sources(measurement *all, const sg_watch *watch, sg_error *error)
{
    for (size_t i = 0; i < all->datasets.count; i++) {
        sg_spectra_source *source = &all->sources[all->count];
        SG_TRY(sg_dataset_open_unlabelled(all->datasets.texts[i], &source->dataset, error));
        snprintf(all->names[all->count], sizeof all->names[0], "%s",
                 sg_dataset_info_of(source->dataset).name);
        source->name = all->names[all->count++];
    }
    for (size_t i = 0; i < all->networks.count; i++) {
        sg_spectra_source *source = &all->sources[all->count++];
        source->network.keywords = all->keywords;
        SG_TRY(sg_picture_network_open(&source->network, all->networks.texts[i], watch, error));
        source->name = sg_picture_network_name(&source->network);
    }
    return SG_OK;
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    measurement *all = state;
    sort_sources(all);
    SG_TRY(check_options(all, error));
    return open_sources(all, watch, error);
}

static sg_status measure(void *state, const sg_watch *watch, sg_error *error)
{
    measurement *all = state;
    const char *folder = all->spectra.folder;
    SG_TRY(sg_make_folders(folder, error));
    SG_TRY(sg_spectra(all->sources, all->count, &all->spectra, watch, error));
    printf("%zu %s in %s: heatmap.png, slices.png, spectrum.npz\n", all->count,
           all->count == 1 ? "spectrum is" : "spectra are", folder);
    return SG_OK;
}

static int run(const sg_command *command, void *options)
{
    measurement *all = options;
    const int status = sg_command_work(command, "measuring", "pictures", prepare, measure, all);
    for (size_t i = 0; i < MOST_SOURCES; i++)
        sg_spectra_source_clear(&all->sources[i]);
    return status;
}

static const sg_option_group groups[] = {
    SG_GROUP_OF_ALL(own_fields_table),
    SG_GROUP_AT(sg_painting_fields_table, measurement, spectra.compute),
};

const sg_command sg_spectra_command = {
    .name = "spectra",
    .summary = "Show the average power spectrum of pictures",
    .synopsis = "--network FILE|--data PATH --output DIR [options]",
    .description =
        "Averages the power spectra of the pictures of networks and data sets, as in the "
        "paper of StyleGAN3 (Karras et al. 2021): whitened, in a Kaiser window, padded, "
        "transformed. White noise is 0 dB everywhere; peaks at high frequencies are a "
        "network's artefacts. Writes DIR/heatmap.png, a map for each source; DIR/slices.png, "
        "curves at 0 and 45 degrees; and DIR/spectrum.npz, the numbers. --network and --data "
        "may be given several times; pictures are whitened with the statistics of the first "
        "data set, if there is one.",
    .examples =
        "  stylegan spectra --data pictures.zip --output spectra\n"
        "  stylegan spectra --data pictures.zip --network a.safetensors --network b.pkl \\\n"
        "      --num 10000 --output spectra\n"
        "  stylegan spectra --network digits.safetensors --num 200 --beta 6 --interp 8 \\\n"
        "      --output spectra",
    SG_TAKES(groups, measurement),
    .defaults = &defaults,
    .run = run,
};
