/* `stylegan directions show`.
 * Tested by: tests/cli/test_directions.c */
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "cli/directions/parts.h"
#include "cli/options/option_groups.h"
#include "edit/directions/direction_file.h"
#include "pictures/directions/strips.h"
#include "pictures/picture_fields.h"

#define USUAL_AMOUNTS "-3,-2,-1,0,1,2,3"

/* Options and state of the command. */
typedef struct showing {
    sg_picture_work work;
    const char *directions, *names, *keep, *classifier, *attribute;
    sg_decimal_list amounts;
    bool transposed;
    sg_direction_set set;
    sg_name_list chosen, asked_names;
    sg_attributes *attributes;
    size_t *asked;
} showing;

static const showing defaults = {.work = {.common = SG_PICTURE_REQUEST(), .one_class = true}};

static sg_status parse_amounts(const char *text, void *value, sg_error *error)
{
    sg_decimal_list *list = value;
    sg_decimal_list_clear(list);
    return sg_decimal_list_parse(text, "amounts", list, error);
}

static void clear_amounts(void *value)
{
    sg_decimal_list_clear(value);
}

static const sg_field_codec amounts_codec = {.parse = parse_amounts, .clear = clear_amounts};

static const sg_field own_fields[] = {
    {SG_TEXT(showing, directions), SG_FLAGS(SG_FIELD_REQUIRED),
     SG_OPTION("directions", "FILE", "the file of directions, of any program"),
     SG_GROUP("Directions")},
    {SG_TEXT(showing, names), SG_OPTION("names", "NAME,...", "which directions of the file"),
     SG_USUAL("all")},
    {SG_CODED(showing, amounts, &amounts_codec),
     SG_OPTION("amounts", "LIST", "how far to move along them, in sigmas"),
     SG_USUAL(USUAL_AMOUNTS)},
    {SG_TEXT(showing, keep),
     SG_OPTION("keep", "NAME,...",
               "directions of the file that the moves do not disturb: each is made orthogonal to "
               "these")},
    {SG_TEXT(showing, classifier),
     SG_OPTION("classifier", "FILE", "draw what this classifier says of the pictures"),
     SG_GROUP("Classifier")},
    {SG_TEXT(showing, attribute),
     SG_OPTION("attribute", "NAME,...", "its attributes that are drawn, at most eight"),
     SG_USUAL("those with a direction's name")},
};
static const SG_FIELD_TABLE(own_fields, NULL);

static const sg_field output_fields[] = {
    {SG_FLAG(showing, transposed),
     SG_OPTION("transpose", NULL, "a column for each seed and a row for each amount")},
};
static const SG_FIELD_TABLE(output_fields, NULL);

/* ---- preparing ---- */

/* Chooses the directions that were named, or all. */
static sg_status choose(showing *all, sg_error *error)
{
    SG_TRY(sg_name_list_read(all->names, "names", &all->chosen, error));
    for (size_t i = 0; i < all->chosen.count; i++)
        if (!sg_direction_find(&all->set, all->chosen.names[i], error))
            return SG_ERROR_ARGUMENT;
    if (all->names)
        return SG_OK;
    all->chosen.names = sg_allocate(all->set.count + 1, sizeof *all->chosen.names);
    if (!all->chosen.names)
        return sg_fail_memory(error, "a list of names");
    for (size_t i = 0; i < all->set.count; i++)
        all->chosen.names[all->chosen.count++] = all->set.items[i].name;
    return SG_OK;
}

/* Finds the attributes that were named, or those with names of the chosen directions. */
static sg_status choose_attributes(showing *all, sg_error *error)
{
    enum { MOST_LINES = 8 };
    SG_TRY(sg_name_list_read(all->attribute, "attribute", &all->asked_names, error));
    if (all->attribute && !all->classifier)
        return sg_fail(error, SG_ERROR_ARGUMENT, "--attribute needs a --classifier");
    if (!all->classifier)
        return SG_OK;
    SG_TRY(
        sg_attributes_open(all->classifier, all->work.network.generator, &all->attributes, error));
    if (!all->attribute) {
        all->asked_names.names = sg_allocate(all->chosen.count + 1, sizeof(const char *));
        if (!all->asked_names.names)
            return sg_fail_memory(error, "a list of names");
        size_t index = 0;
        for (size_t i = 0; i < all->chosen.count; i++)
            if (!sg_attribute_find(all->attributes, all->chosen.names[i], &index, NULL))
                all->asked_names.names[all->asked_names.count++] = all->chosen.names[i];
    }
    if (all->asked_names.count < 1 || all->asked_names.count > MOST_LINES)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--attribute must name 1 to %d attributes of the classifier, not %zu",
                       MOST_LINES, all->asked_names.count);
    return sg_name_list_find(&all->asked_names, all->attributes, &all->asked, error);
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    showing *all = state;
    SG_TRY(sg_option_needed("seeds", all->work.lists.seeds.text, error));
    SG_TRY(sg_option_needed("outdir", all->work.common.folder, error));
    if (all->amounts.count == 0)
        SG_TRY(parse_amounts(USUAL_AMOUNTS, &all->amounts, error));
    SG_TRY(sg_picture_work_prepare(&all->work, watch, error));
    const sg_direction_shape shape = {(size_t)sg_generator_num_ws(all->work.network.generator),
                                      (size_t)all->work.network.config.w_dim};
    SG_TRY(sg_direction_file_read(all->directions, shape, &all->set, error));
    SG_TRY(choose(all, error));
    return choose_attributes(all, error);
}

/* ---- painting ---- */

static sg_status paint(void *state, const sg_watch *watch, sg_error *error)
{
    const showing *all = state;
    const sg_strips strips = {.work = &all->work,
                              .directions = all->directions,
                              .names = all->chosen.names,
                              .count = all->chosen.count,
                              .amounts = all->amounts.values,
                              .amount_count = all->amounts.count,
                              .keep = all->keep,
                              .transposed = all->transposed,
                              .attributes = all->attributes,
                              .asked = all->asked,
                              .asked_count = all->asked_names.count};
    const char *folder = all->work.common.folder;
    SG_TRY(sg_make_folders(folder, error));
    SG_TRY(sg_strips_paint(&strips, watch, error));
    printf("%zu direction%s in %s/%s%s\n", all->chosen.count,
           all->chosen.count == 1 ? " is" : "s are", folder,
           all->work.lists.seeds.count == 1 ? "strips.png" : "NAME.png",
           all->attributes ? ", the classifier's answers in answers.png and answers.tsv" : "");
    return SG_OK;
}

static int run(const sg_command *command, void *options)
{
    showing *all = options;
    const int status = sg_command_work(command, "painting", "pictures", prepare, paint, all);
    sg_attributes_close(all->attributes);
    sg_name_list_clear(&all->chosen);
    sg_name_list_clear(&all->asked_names);
    sg_direction_set_clear(&all->set);
    free(all->asked);
    sg_picture_work_clear(&all->work);
    return status;
}

static const sg_option_group groups[] = {
    SG_GROUP_AT(sg_network_fields_table, showing, work),
    SG_GROUP_AT(sg_seeds_fields_table, showing, work),
    SG_GROUP_AT(sg_class_fields_table, showing, work),
    SG_GROUP_AT(sg_label_fields, showing, work.common),
    SG_GROUP_OF_ALL(own_fields_table),
    SG_GROUP_AT(sg_truncation_fields, showing, work.common),
    SG_GROUP_AT(sg_noise_fields, showing, work.common),
    SG_GROUP_AT(sg_outdir_fields_table, showing, work),
    SG_GROUP_OF_ALL(output_fields_table),
    SG_GROUP_AT(sg_scale_fields_table, showing, work),
    SG_GROUP_AT(sg_painting_fields_table, showing, work.compute),
};

const sg_command sg_directions_show_command = {
    .name = "directions show",
    .summary = "Paint strips of pictures along directions",
    .synopsis = "--network FILE --directions FILE --seeds LIST --outdir DIR [options]",
    .description =
        "Moves each seed's w along each direction by several amounts and writes DIR/NAME.png for "
        "every direction, with a row for each seed and a column for each amount; of one seed alone "
        "DIR/strips.png, with a row for each direction. A file of w among the seeds stands for the "
        "w in it. With a classifier, DIR/answers.png has the mean probability of each attribute "
        "over the seeds, by the amount, and DIR/answers.tsv the numbers.",
    .examples =
        "  stylegan directions show --network faces.safetensors --directions pca.safetensors \\\n"
        "      --seeds 4 --outdir strips\n"
        "  stylegan directions show --network faces.safetensors --directions smile.safetensors \\\n"
        "      --names smile --keep glasses --seeds 0-7 --amounts 0,1,2,3 \\\n"
        "      --classifier classifier.safetensors --attribute smile,glasses --outdir strips",
    SG_TAKES(groups, showing),
    .defaults = &defaults,
    .run = run,
};
