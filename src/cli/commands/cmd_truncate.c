/* `stylegan truncate`: how far pictures are from the average one.
 * Tested by: tests/cli/test_truncate.c */
#include <stdio.h>

#include "base/files/file.h"
#include "base/files/folders.h"
#include "cli/options/option_groups.h"
#include "pictures/picture_fields.h"
#include "pictures/truncation_figure.h"

/* The truncations of the paper's figure. */
#define USUAL_PSIS "1,0.7,0.5,0,-0.5,-1"

/* Options and state of the command. */
typedef struct truncation {
    sg_picture_work work;
    size_t count; /* of pictures */
    bool transposed;
} truncation;

static const truncation defaults = {.work = {.common = SG_PICTURE_REQUEST()}};

static const sg_field list_fields[] = {
    {SG_CODED(truncation, work.lists.psis, &sg_psis_codec),
     SG_OPTION("trunc", "LIST", "the truncations, any numbers"), SG_USUAL(USUAL_PSIS),
     SG_GROUP("Truncation")},
};
static const SG_FIELD_TABLE(list_fields, NULL);

static const sg_field output_fields[] = {
    {SG_FLAG(truncation, transposed),
     SG_OPTION("transpose", NULL, "a column for each seed and a row for each truncation")},
};
static const SG_FIELD_TABLE(output_fields, NULL);

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    truncation *all = state;
    sg_picture_lists *lists = &all->work.lists;
    SG_TRY(sg_option_needed("seeds", lists->seeds.text, error));
    SG_TRY(sg_option_needed("outdir", all->work.common.folder, error));
    if (!lists->psis.text)
        SG_TRY(sg_psis_codec.parse(USUAL_PSIS, &lists->psis, error));
    SG_TRY(sg_picture_work_prepare(&all->work, watch, error));
    return sg_picture_work_count(&all->work, NULL, &all->count, error);
}

static sg_status paint(void *state, const sg_watch *watch, sg_error *error)
{
    const truncation *all = state;
    const char *folder = all->work.common.folder;
    SG_TRY(sg_make_folders(folder, error));
    SG_TRY(sg_truncate(&all->work, all->count, all->transposed, watch, error));
    printf("%zu picture%s in %s/truncation.png%s\n", all->count, all->count == 1 ? " is" : "s are",
           folder, all->work.singles ? ", and each by itself beside it" : "");
    return SG_OK;
}

static int run(const sg_command *command, void *options)
{
    return sg_picture_work_run(command, "truncating", "pictures", prepare, paint, options);
}

static const sg_option_group groups[] = {
    SG_GROUP_AT(sg_network_fields_table, truncation, work),
    SG_GROUP_AT(sg_seeds_fields_table, truncation, work),
    SG_GROUP_AT(sg_classes_fields_table, truncation, work),
    SG_GROUP_AT(sg_label_fields, truncation, work.common),
    SG_GROUP_OF_ALL(list_fields_table),
    SG_GROUP_AT(sg_cutoff_fields, truncation, work.common),
    SG_GROUP_AT(sg_noise_fields, truncation, work.common),
    SG_GROUP_AT(sg_outdir_fields_table, truncation, work),
    SG_GROUP_OF_ALL(output_fields_table),
    SG_GROUP_AT(sg_figure_fields_table, truncation, work),
    SG_GROUP_AT(sg_scale_fields_table, truncation, work),
    SG_GROUP_AT(sg_painting_fields_table, truncation, work.compute),
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
        "their rows one below the other. A file of w among the seeds stands for the w in it.",
    .examples =
        "  stylegan truncate --network network.safetensors --seeds 91,388 --outdir truncated\n"
        "  stylegan truncate --network network.safetensors --seeds 0-3 --trunc 2,1.5,1,0.5,0 \\\n"
        "      --trunc-cutoff 8 --singles --outdir truncated\n"
        "  stylegan truncate --network digits.safetensors --class 3,5 --seeds 0,1 \\\n"
        "      --trunc -1,-0.7,-0.5,0,0.5,0.7,1 --transpose --outdir truncated",
    SG_TAKES(groups, truncation),
    .defaults = &defaults,
    .run = run,
};
