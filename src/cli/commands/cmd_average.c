/* `stylegan average`: the mean of several network files.
 * Tested by: tests/cli/test_average.c */
#include <stdio.h>

#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/text.h"
#include "checkpoint/export/network_average.h"
#include "cli/options/option_groups.h"
#include "cli/options/usage.h"

/* Options and state of the command. */
typedef struct averaging {
    sg_text_list networks;
    const char *output;
    sg_context_options compute;
    sg_network_file *files[SG_MOST_TEXTS];
} averaging;

static const sg_field average_fields[] = {
    {SG_CODED(averaging, networks, &sg_text_list_codec),
     SG_FLAGS(SG_FIELD_REPEATED | SG_FIELD_POSITIONAL),
     SG_OPTION("network", "FILE", "a network file, two at least, also without --network"),
     SG_GROUP("Networks")},
    {SG_TEXT(averaging, output), SG_FLAGS(SG_FIELD_REQUIRED),
     SG_OPTION("output", "FILE",
               "the file to write, whose name ends in .safetensors; one that exists is replaced"),
     SG_GROUP("Output")},
};
static const SG_FIELD_TABLE(average_fields, NULL);

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    averaging *all = state;
    (void)watch;
    if (all->networks.count < 2)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "an average needs two network files or more, not %zu", all->networks.count);
    SG_TRY(sg_check_network_output(all->output, all->networks.texts, all->networks.count, error));
    for (size_t i = 0; i < all->networks.count; i++)
        SG_TRY(sg_network_open(all->networks.texts[i], &all->files[i], error));
    return SG_OK;
}

/* "OUT holds the mean of G and G_ema of 3 files, with the buffers of LAST." */
static void say_what_was_written(const averaging *all, const sg_network_choice *choice)
{
    const size_t count = all->networks.count;
    const char *separator = "";
    printf("%s holds the mean of ", all->output);
    for (int part = 0; part < SG_PART_COUNT; part++) {
        if (!choice->part[part])
            continue;
        printf("%s%s", separator, sg_network_part_name((sg_network_part)part));
        separator = ", ";
    }
    printf(" of %zu files, and the buffers of %s.\n", count,
           sg_network_path(all->files[count - 1]));
}

static sg_status average(void *state, const sg_watch *watch, sg_error *error)
{
    averaging *all = state;
    sg_network_choice choice;
    (void)watch;
    SG_TRY(sg_make_parent_folder(all->output, error));
    sg_context *context = sg_context_create_with(&all->compute);
    if (!context)
        return sg_fail_memory(error, "a context");
    const sg_status status =
        sg_network_average((const sg_network_file *const *)all->files, all->networks.count,
                           all->output, context, &choice, error);
    sg_context_destroy(context);
    if (!status)
        say_what_was_written(all, &choice);
    return status;
}

static int run(const sg_command *command, void *options)
{
    averaging *all = options;
    const int status = sg_command_work(command, "averaging", "networks", prepare, average, all);
    for (size_t i = 0; i < all->networks.count; i++)
        sg_network_close(all->files[i]);
    return status;
}

static const sg_option_group groups[] = {
    SG_GROUP_OF_ALL(average_fields_table),
    SG_GROUP_AT(sg_memory_fields_table, averaging, compute),
};

const sg_command sg_average_command = {
    .name = "average",
    .summary = "Write the mean of several snapshots",
    .synopsis = "FILE FILE ... --output FILE",
    .description =
        "Writes the mean of networks of the same config, such as the last snapshots of a training "
        "(stochastic weight averaging, Izmailov et al. 2018): each parameter of G, D and G_ema and "
        "the average of w is the mean of the files', as far as all files have the network; other "
        "buffers, such as constant noise, are those of the last file. The mean of snapshots often "
        "paints better than each of them; that of networks that were not trained from the same "
        "weights paints nothing.",
    .examples = "  stylegan average runs/00000-*/network-snapshot-0001*.safetensors --output "
                "mean.safetensors\n"
                "  stylegan average a.safetensors b.pkl c.pt --output mean.safetensors",
    SG_TAKES(groups, averaging),
    .run = run,
};
