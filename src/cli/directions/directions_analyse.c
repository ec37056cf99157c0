/* `stylegan directions analyse`.
 * Tested by: tests/cli/test_directions.c */
#include <stdio.h>
#include <stdlib.h>

#include "base/files/file.h"
#include "base/files/folders.h"
#include "cli/directions/parts.h"
#include "cli/options/option_groups.h"
#include "pictures/directions/latent_figures.h"
#include "pictures/picture_fields.h"
#include "pictures/picture_metadata.h"

/* Options and state of the command. */
typedef struct analysing {
    sg_picture_work work;
    const char *classifier, *attribute;
    int samples, walks, steps;
    uint64_t seed;
    sg_name_list names;
    sg_attributes *attributes;
    size_t *asked;
} analysing;

static const analysing defaults = {.work = {.common = SG_PICTURE_REQUEST(), .one_class = true},
                                   .samples = 10000,
                                   .walks = 30,
                                   .steps = 40};

static const sg_field own_fields[] = {
    {SG_INT(analysing, samples, 2, 10000000),
     SG_OPTION("samples", "N",
               "latents whose distribution is shown, more than w has numbers; a classifier answers "
               "for at most 4000"),
     SG_USUAL("10000"), SG_GROUP("Analysis")},
    {SG_INT(analysing, walks, 1, 100000),
     SG_OPTION("walks", "N", "walks between two latents, and latents that are moved"),
     SG_USUAL("30")},
    {SG_INT(analysing, steps, 2, 10000), SG_OPTION("steps", "N", "steps of a walk"),
     SG_USUAL("40")},
    {SG_UINT64(analysing, seed, UINT32_MAX), SG_OPTION("seed", "N", "seed of the latents"),
     SG_USUAL("0")},
    {SG_TEXT(analysing, classifier),
     SG_OPTION("classifier", "FILE", "the classifier for the entanglement of z and w"),
     SG_GROUP("Classifier")},
    {SG_TEXT(analysing, attribute),
     SG_OPTION("attribute", "A,B", "two of its attributes: the one that is moved, and another")},
};
static const SG_FIELD_TABLE(own_fields, NULL);

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    analysing *all = state;
    SG_TRY(sg_option_needed("outdir", all->work.common.folder, error));
    SG_TRY(sg_picture_work_prepare(&all->work, watch, error));
    if (all->samples <= all->work.network.config.w_dim)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--samples is %d, but must be more than the %d numbers of w", all->samples,
                       all->work.network.config.w_dim);
    SG_TRY(sg_name_list_read(all->attribute, "attribute", &all->names, error));
    if (!all->classifier && !all->attribute)
        return SG_OK;
    if (!all->classifier || all->names.count != 2)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--classifier and --attribute go together, with two attributes");
    SG_TRY(
        sg_attributes_open(all->classifier, all->work.network.generator, &all->attributes, error));
    return sg_name_list_find(&all->names, all->attributes, &all->asked, error);
}

/* Writes a figure, which it destroys. */
static sg_status write_figure(const analysing *all, const char *name, sg_image *image,
                              sg_error *error)
{
    sg_remarks remarks;
    sg_remarks_start(&remarks, sg_picture_network_name(&all->work.network));
    sg_remark_number(&remarks, "samples", all->samples);
    sg_remark_number(&remarks, "seed", (double)all->seed);
    const sg_status status =
        sg_write_picture(all->work.common.folder, name, image, &remarks, error);
    sg_image_destroy(image);
    return status;
}

static sg_status show_spread(const analysing *all, const sg_latent_analysis *analysis,
                             sg_error *error)
{
    sg_latent_spread found;
    sg_image *image = NULL;
    SG_TRY(sg_latent_spread_draw(analysis, &found, &image, error));
    printf("w: excess kurtosis %.2f, %.1f effective dimensions; before the last leaky ReLU, "
           "whitened: %.2f, %.1f (of %d)\n",
           found.kurtosis[0], found.dimensions[0], found.kurtosis[1], found.dimensions[1],
           all->work.network.config.w_dim);
    return write_figure(all, "whitened.png", image, error);
}

static sg_status show_paths(const analysing *all, const sg_latent_analysis *analysis,
                            const sg_watch *watch, sg_error *error)
{
    sg_latent_paths found;
    sg_image *image = NULL;
    SG_TRY(sg_latent_paths_draw(analysis, watch, &found, &image, error));
    printf("walks: %.1f levels long on great circles of z, %.1f straight in z, %.1f straight in w, "
           "between pictures that differ by %.1f; fastest step over mean step %.2f, %.2f, %.2f\n",
           found.lengths[0], found.lengths[1], found.lengths[2], found.direct, found.uneven[0],
           found.uneven[1], found.uneven[2]);
    return write_figure(all, "paths.png", image, error);
}

static sg_status show_entanglement(const analysing *all, sg_latent_analysis analysis,
                                   const sg_watch *watch, sg_error *error)
{
    enum { MOST_ANSWERED = 4000 };
    sg_latent_entanglement found;
    sg_image *image = NULL;
    if (!all->attributes)
        return SG_OK;
    analysis.samples = analysis.samples < MOST_ANSWERED ? analysis.samples : MOST_ANSWERED;
    analysis.walks = analysis.walks < analysis.samples ? analysis.walks : analysis.samples;
    SG_TRY(sg_latent_entanglement_draw(&analysis, watch, &found, &image, error));
    for (int which = 0; which < 2; which++)
        printf("%s: a sigma along the boundary of %s (right for %.1f %%) moves the log odds of it "
               "by %.3f and of %s by %.3f\n",
               which == 0 ? "z" : "w", all->names.names[0], 100 * found.accuracy[which],
               found.slopes[which][0], all->names.names[1], found.slopes[which][1]);
    return write_figure(all, "entanglement.png", image, error);
}

static sg_status analyse(void *state, const sg_watch *watch, sg_error *error)
{
    const analysing *all = state;
    const char *folder = all->work.common.folder;
    const int class_index = all->work.common.class_index;
    sg_latent_analysis analysis = {
        .generator = all->work.network.generator,
        .label = {class_index >= 0 ? class_index : 0, all->work.common.label.values},
        .seed = (uint32_t)all->seed,
        .samples = (size_t)all->samples,
        .walks = (size_t)all->walks,
        .steps = (size_t)all->steps,
        .attributes = all->attributes};
    if (all->asked) {
        analysis.asked[0] = all->asked[0];
        analysis.asked[1] = all->asked[1];
    }
    SG_TRY(sg_make_folders(folder, error));
    SG_TRY(show_spread(all, &analysis, error));
    SG_TRY(show_paths(all, &analysis, watch, error));
    SG_TRY(show_entanglement(all, analysis, watch, error));
    printf("The figures are in %s: whitened.png, paths.png%s\n", folder,
           all->attributes ? ", entanglement.png" : "");
    return SG_OK;
}

static int run(const sg_command *command, void *options)
{
    analysing *all = options;
    const int status = sg_command_work(command, "analysing", "walks", prepare, analyse, all);
    sg_attributes_close(all->attributes);
    sg_name_list_clear(&all->names);
    free(all->asked);
    sg_picture_work_clear(&all->work);
    return status;
}

static const sg_option_group groups[] = {
    SG_GROUP_AT(sg_network_fields_table, analysing, work),
    SG_GROUP_AT(sg_class_fields_table, analysing, work),
    SG_GROUP_AT(sg_label_fields, analysing, work.common),
    SG_GROUP_OF_ALL(own_fields_table),
    SG_GROUP_AT(sg_outdir_fields_table, analysing, work),
    SG_GROUP_AT(sg_painting_fields_table, analysing, work.compute),
};

const sg_command sg_directions_analyse_command = {
    .name = "directions analyse",
    .summary = "Show how a network's latents are distributed",
    .synopsis = "--network FILE --outdir DIR [options]",
    .description =
        "Writes figures of a network's latents and prints their numbers. DIR/whitened.png: the "
        "distribution of w, and of w before the last leaky ReLU of the mapping network, whitened, "
        "beside a normal one. DIR/paths.png: how fast pictures change on walks from one latent to "
        "another, on great circles of z, and straight in z and in w. With a classifier and two "
        "attributes, DIR/entanglement.png: what a move across the boundary of the first attribute "
        "does to both, in z and in w.",
    .examples =
        "  stylegan directions analyse --network faces.safetensors --outdir latents\n"
        "  stylegan directions analyse --network faces.safetensors --samples 4000 \\\n"
        "      --classifier classifier.safetensors --attribute smile,glasses --outdir latents",
    SG_TAKES(groups, analysing),
    .defaults = &defaults,
    .run = run,
};
