/* `stylegan directions angles` and `stylegan directions orthogonalise`.
 * Tested by: tests/cli/test_directions.c */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/text.h"
#include "cli/directions/parts.h"
#include "cli/options/option_groups.h"
#include "cli/options/usage.h"
#include "edit/directions/angles.h"
#include "edit/directions/direction_file.h"
#include "pictures/directions/angle_map.h"
#include "pictures/picture_metadata.h"

/* Options and state of both commands. */
typedef struct comparing {
    sg_text_list files;
    const char *network, *output;
    sg_direction_set set;
} comparing;

static const sg_field file_fields[] = {
    {SG_CODED(comparing, files, &sg_text_list_codec),
     SG_FLAGS(SG_FIELD_REPEATED | SG_FIELD_POSITIONAL | SG_FIELD_REQUIRED),
     SG_OPTION("directions", "FILE",
               "a file of directions, of any program, also without --directions; may be repeated"),
     SG_GROUP("Directions")},
    {SG_TEXT(comparing, network),
     SG_OPTION("network", "FILE",
               "the network that they are for: tells a single [num_ws, w_dim] from a list of "
               "directions, and checks their width")},
};
static const SG_FIELD_TABLE(file_fields, NULL);

static const sg_field map_fields[] = {
    {SG_TEXT(comparing, output),
     SG_OPTION("output", "FILE", "a PNG file for the angles as a heat map"), SG_GROUP("Output")},
};
static const SG_FIELD_TABLE(map_fields, NULL);

static const sg_field set_fields[] = {
    {SG_TEXT(comparing, output), SG_FLAGS(SG_FIELD_REQUIRED),
     SG_OPTION("output", "FILE", "the file to write: .safetensors or .npz"), SG_GROUP("Output")},
};
static const SG_FIELD_TABLE(set_fields, NULL);

/* Reads the shape of the network's w without building it. */
static sg_status read_shape(const comparing *all, const sg_watch *watch, sg_direction_shape *shape,
                            sg_error *error)
{
    sg_picture_network network = {0};
    const sg_context_options compute = {0};
    *shape = (sg_direction_shape){0};
    if (!all->network)
        return SG_OK;
    sg_status status = sg_picture_network_open(&network, all->network, watch, error);
    if (!status)
        status = sg_picture_network_load(&network, &compute, error);
    if (!status)
        *shape = (sg_direction_shape){(size_t)sg_generator_num_ws(network.generator),
                                      (size_t)network.config.w_dim};
    sg_picture_network_close(&network);
    return status;
}

/* Names a direction "FILE/NAME" where an earlier file has its name. */
static sg_status tell_apart(const comparing *all, const char *path, sg_direction *direction,
                            sg_error *error)
{
    sg_text name = {0};
    if (!sg_direction_find(&all->set, direction->name, NULL))
        return SG_OK;
    sg_text_append(&name, "%s/%s", sg_path_name(path), direction->name);
    if (name.failed)
        return sg_fail_memory(error, "a name");
    free(direction->name);
    direction->name = name.bytes;
    return SG_OK;
}

static sg_status read_file(comparing *all, const char *path, sg_direction_shape shape,
                           sg_error *error)
{
    sg_direction_set set = {0};
    sg_status status = sg_direction_file_read(path, shape, &set, error);
    for (size_t i = 0; !status && i < set.count; i++) {
        status = tell_apart(all, path, &set.items[i], error);
        if (!status)
            status = sg_direction_set_add(&all->set, &set.items[i], error);
    }
    sg_direction_set_clear(&set);
    return status;
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    comparing *all = state;
    sg_direction_shape shape;
    if (all->output) {
        SG_TRY(sg_check_output_apart(all->output, &all->network, 1, error));
        SG_TRY(sg_check_output_apart(all->output, all->files.texts, all->files.count, error));
    }
    SG_TRY(read_shape(all, watch, &shape, error));
    for (size_t i = 0; i < all->files.count; i++)
        SG_TRY(read_file(all, all->files.texts[i], shape, error));
    return SG_OK;
}

/* ---- angles ---- */

static void print_angles(const sg_direction_set *set, const double *cosines)
{
    int width = 4;
    for (size_t i = 0; i < set->count; i++) {
        const int length = snprintf(NULL, 0, "%s (%zu)", set->items[i].name, i);
        width = length > width ? length : width;
    }
    printf("%*s", width, "");
    for (size_t i = 0; i < set->count; i++)
        printf(" %5zu", i);
    for (size_t i = 0; i < set->count; i++) {
        const int length = printf("\n%s (%zu)", set->items[i].name, i) - 1;
        printf("%*s", width - length, "");
        for (size_t k = 0; k < set->count; k++)
            if (isnan(cosines[i * set->count + k]))
                printf("     -");
            else
                printf(" %5.1f", sg_angle_of(cosines[i * set->count + k]));
    }
    printf("\n");
}

static sg_status write_map(const comparing *all, const double *cosines, sg_error *error)
{
    sg_image *image = NULL;
    sg_remarks remarks;
    if (!all->output)
        return SG_OK;
    SG_TRY(sg_angle_map_draw(&all->set, cosines, &image, error));
    sg_remarks_start(&remarks, NULL);
    sg_remark_text(&remarks, "directions", all->files.texts[0]);
    sg_status status = sg_make_parent_folder(all->output, error);
    if (!status)
        status = sg_write_picture("", all->output, image, &remarks, error);
    sg_image_destroy(image);
    return status;
}

static sg_status compare(void *state, const sg_watch *watch, sg_error *error)
{
    const comparing *all = state;
    double *cosines = NULL;
    (void)watch;
    SG_TRY(sg_direction_cosines(&all->set, &cosines, error));
    print_angles(&all->set, cosines);
    const sg_status status = write_map(all, cosines, error);
    free(cosines);
    return status;
}

static int run_angles(const sg_command *command, void *options)
{
    comparing *all = options;
    const int status = sg_command_work(command, "comparing", "directions", prepare, compare, all);
    sg_direction_set_clear(&all->set);
    return status;
}

static const sg_option_group angle_groups[] = {SG_GROUP_OF_ALL(file_fields_table),
                                               SG_GROUP_OF_ALL(map_fields_table)};

const sg_command sg_directions_angles_command = {
    .name = "directions angles",
    .summary = "Measure the angles between directions",
    .synopsis = "FILE... [options]",
    .description =
        "Prints the angle between every two directions, in degrees from 0, parallel or opposite, "
        "to 90, orthogonal; with --output also a heat map of the size of their cosines. Directions "
        "that move style channels alone have no angles.",
    .examples = "  stylegan directions angles boundary.safetensors gradient.safetensors\n"
                "  stylegan directions angles --directions pca.npz --output angles.png",
    SG_TAKES(angle_groups, comparing),
    .run = run_angles,
};

/* ---- orthogonal sets ---- */

static sg_status prepare_set(void *state, const sg_watch *watch, sg_error *error)
{
    const comparing *all = state;
    SG_TRY(sg_direction_file_check_name(all->output, error));
    return prepare(state, watch, error);
}

static sg_status orthogonalise(void *state, const sg_watch *watch, sg_error *error)
{
    comparing *all = state;
    (void)watch;
    SG_TRY(sg_directions_orthogonalise(&all->set, error));
    SG_TRY(sg_make_parent_folder(all->output, error));
    SG_TRY(sg_direction_file_write(all->output, &all->set, error));
    printf("%zu orthogonal direction%s in %s\n", all->set.count,
           all->set.count == 1 ? " is" : "s are", all->output);
    return SG_OK;
}

static int run_orthogonalise(const sg_command *command, void *options)
{
    comparing *all = options;
    const int status =
        sg_command_work(command, "orthogonalising", "directions", prepare_set, orthogonalise, all);
    sg_direction_set_clear(&all->set);
    return status;
}

static const sg_option_group set_groups[] = {SG_GROUP_OF_ALL(file_fields_table),
                                             SG_GROUP_OF_ALL(set_fields_table)};

const sg_command sg_directions_orthogonalise_command = {
    .name = "directions orthogonalise",
    .summary = "Make directions independent of each other",
    .synopsis = "FILE... --output FILE [options]",
    .description =
        "Takes of each direction its projection on those before it, so that a move along one does "
        "not move a picture along another: the first stays as it is, each next one loses what it "
        "shares with those before. Sigmas stay. For one direction that leaves a few others alone, "
        "use --keep of \"directions show\" or --condition of \"directions find\".",
    .examples = "  stylegan directions orthogonalise smile.safetensors glasses.safetensors \\\n"
                "      --output independent.safetensors",
    SG_TAKES(set_groups, comparing),
    .run = run_orthogonalise,
};
