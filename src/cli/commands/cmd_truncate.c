/* `stylegan truncate`: how far pictures are from the average one.
 * Tested by: tests/cli/test_truncate.c */
#include <stdio.h>

#include "base/files/file.h"
#include "cli/options/option_groups.h"
#include "cli/options/options.h"
#include "pictures/picture_fields.h"
#include "pictures/truncation_center.h"
#include "pictures/truncation_figure.h"

typedef struct truncate_options {
    const char *network, *seeds, *psis, *classes;
    sg_picture_request picture; /* folder is --outdir */
    bool transposed;
    sg_figure_options figure;
    sg_context_options compute;
} truncate_options;

/* The truncations of the paper's figure. */
static const truncate_options defaults = {.psis = "1,0.7,0.5,0,-0.5,-1",
                                          .picture = SG_PICTURE_REQUEST()};

static const sg_field list_fields[] = {
    {SG_TEXT(truncate_options, psis), SG_OPTION("trunc", "LIST", "the truncations, any numbers"),
     SG_USUAL("1,0.7,0.5,0,-0.5,-1"), SG_GROUP("Truncation")},
};
static const SG_FIELD_TABLE(list_fields, NULL);

static const sg_field output_fields[] = {
    {SG_FLAG(truncate_options, transposed),
     SG_OPTION("transpose", NULL, "a column for each seed and a row for each truncation")},
};
static const SG_FIELD_TABLE(output_fields, NULL);

/* State of one call of the command. */
typedef struct truncation {
    truncate_options *given;
    sg_number_list seeds, classes;
    sg_decimal_list psis;
    sg_w_set center;
    sg_picture_network network;
} truncation;

/* Checks everything that can be told before the network is opened. */
static sg_status check_options(truncation *all, sg_error *error)
{
    const truncate_options *given = all->given;
    SG_TRY(sg_option_needed("seeds", given->seeds, error));
    SG_TRY(sg_option_needed("outdir", given->picture.folder, error));
    SG_TRY(sg_option_numbers("seeds", given->seeds, "seeds", UINT32_MAX, &all->seeds, error));
    return sg_option_decimals("trunc", given->psis, "truncations", &all->psis, error);
}

static sg_status check_count(const truncation *all, sg_error *error)
{
    const uint64_t for_each_seed = (uint64_t)all->classes.count * all->psis.count;
    if (for_each_seed > SG_MOST_PICTURES / all->seeds.count)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu seeds, each in %zu classes and with %zu truncations, are more than the "
                       "%d pictures that one call paints",
                       all->seeds.count, all->classes.count, all->psis.count, SG_MOST_PICTURES);
    return SG_OK;
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    truncation *all = state;
    truncate_options *given = all->given;
    SG_TRY(check_options(all, error));
    SG_TRY(sg_picture_network_open(&all->network, given->network, watch, error));
    SG_TRY(sg_picture_network_classes(&all->network, given->classes, watch, &all->classes, error));
    SG_TRY(check_count(all, error));
    SG_TRY(sg_picture_network_load(&all->network, &given->compute, error));
    return sg_center_load(&given->picture.center, &all->network, &all->center, error);
}

static sg_status paint(void *state, const sg_watch *watch, sg_error *error)
{
    truncation *all = state;
    const truncate_options *given = all->given;
    const sg_truncate_options options = {
        .common = given->picture,
        .lists = {.seeds = &all->seeds,
                  .classes = &all->classes,
                  .psis = &all->psis,
                  .seeds_text = given->seeds,
                  .classes_text = all->classes.count > 1 ? given->classes : NULL,
                  .psis_text = given->psis},
        .singles = given->figure.singles,
        .transposed = given->transposed,
        .plain = given->figure.plain};
    SG_TRY(sg_make_folders(given->picture.folder, error));
    SG_TRY(sg_truncate(&all->network, &options, watch, error));
    const size_t count = sg_truncate_count(&options);
    printf("%zu picture%s in %s/truncation.png%s\n", count, count == 1 ? " is" : "s are",
           given->picture.folder, options.singles ? ", and each by itself beside it" : "");
    return SG_OK;
}

static int run(const sg_command *command, void *given)
{
    truncation all = {.given = given};
    const int status = sg_command_work(command, "truncating", "pictures", prepare, paint, &all);
    sg_picture_network_close(&all.network);
    sg_w_set_clear(&all.center);
    sg_number_list_clear(&all.seeds);
    sg_number_list_clear(&all.classes);
    sg_decimal_list_clear(&all.psis);
    return status;
}

static const sg_option_group groups[] = {
    {&sg_network_fields_table, offsetof(truncate_options, network), SG_GIVEN_NOWHERE, NULL},
    {&sg_seeds_fields_table, offsetof(truncate_options, seeds), SG_GIVEN_NOWHERE, NULL},
    {&sg_classes_fields_table, offsetof(truncate_options, classes), SG_GIVEN_NOWHERE, NULL},
    {&list_fields_table, 0, SG_GIVEN_NOWHERE, NULL},
    {&sg_cutoff_fields, offsetof(truncate_options, picture), SG_GIVEN_NOWHERE, NULL},
    {&sg_noise_fields, offsetof(truncate_options, picture), SG_GIVEN_NOWHERE, NULL},
    {&sg_outdir_fields_table, offsetof(truncate_options, picture.folder), SG_GIVEN_NOWHERE, NULL},
    {&output_fields_table, 0, SG_GIVEN_NOWHERE, NULL},
    {&sg_figure_fields_table, offsetof(truncate_options, figure), SG_GIVEN_NOWHERE, NULL},
    {&sg_compute_fields_table, offsetof(truncate_options, compute), SG_GIVEN_NOWHERE, NULL},
};

const sg_command sg_truncate_command = {
    .name = "truncate",
    .summary = "Show pictures at several truncations",
    .synopsis = "--network FILE --seeds LIST --outdir DIR [options]",
    .description =
        "Paints every seed at several truncations psi: 1 is the picture itself, 0 the average "
        "one, what lies between is more typical, what lies beyond is stranger, and below 0 is "
        "the opposite. Writes DIR/truncation.png, with a row for each seed and a column for "
        "each psi, as figure 8 of the first StyleGAN's paper has them; several classes have "
        "their rows one below the other.",
    .examples =
        "  stylegan truncate --network network.safetensors --seeds 91,388 --outdir truncated\n"
        "  stylegan truncate --network network.safetensors --seeds 0-3 --trunc 2,1.5,1,0.5,0 \\\n"
        "      --trunc-cutoff 8 --singles --outdir truncated\n"
        "  stylegan truncate --network digits.safetensors --class 3,5 --seeds 0,1 \\\n"
        "      --trunc -1,-0.7,-0.5,0,0.5,0.7,1 --transpose --outdir truncated",
    .groups = groups,
    .group_count = sizeof groups / sizeof groups[0],
    .options_bytes = sizeof(truncate_options),
    .defaults = &defaults,
    .run = run,
};
