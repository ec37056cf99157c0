/* `stylegan convert`: a network file of any format in another. */
#include <stdio.h>
#include <string.h>

#include "checkpoint/export/network_convert.h"
#include "cli/options/command.h"
#include "cli/options/legacy_options.h"
#include "cli/options/picture_options.h"
#include "cli/terminal/report.h"

static const sg_usage usage = {
    .command = "convert",
    .synopsis = "--network FILE --output FILE [options]",
    .description =
        "Writes the networks of any file that this program reads (snapshots of\n"
        "stylegan2-ada-pytorch and stylegan3, StyleGANs in TensorFlow, stylegan2-pytorch by\n"
        "rosinality, safetensors) to a file of its own. The output's name decides on the format:\n"
        ".safetensors, the native one, or .pt, a checkpoint for stylegan2-pytorch, which takes\n"
        "G_ema, and D and G where they are there, if that program can build them. Nothing in the\n"
        "file that is read is executed, and equal files give equal bytes.",
    .examples =
        "  stylegan convert --network stylegan2-ffhq-config-f.pkl --output ffhq.safetensors\n"
        "  stylegan convert --network network.pkl --parts G_ema --output small.safetensors\n"
        "  stylegan convert --network network.safetensors --output checkpoint.pt"};

/* The options as they were given, and what follows from them. */
typedef struct convert_job {
    char *network, *output, *parts;
    int threads;
    const sg_network_map *map; /* of the output's format; NULL: the native one */
    sg_network_choice choice;
} convert_job;

/* ---- checks of the options; each returns an exit status ---- */

static int check_output(convert_job *job)
{
    char suffixes[100];
    if (sg_convert_format(job->output, &job->map))
        return SG_EXIT_DONE;
    return sg_old_usage_error(&usage, "--output takes a name that ends in %s, not \"%s\"",
                          sg_convert_suffixes(suffixes, sizeof suffixes), job->output);
}

/* Reads --parts, "G_ema,D". */
static int check_parts(convert_job *job)
{
    const char *at = job->parts;
    while (at) {
        const size_t length = strcspn(at, ",");
        const int part = sg_network_part_find(at, length);
        if (part == SG_PART_COUNT)
            return sg_old_usage_error(&usage, "--parts takes a list of G, D and G_ema, not \"%s\"",
                                      job->parts);
        job->choice.part[part] = true;
        at = at[length] == ',' ? at + length + 1 : NULL;
    }
    return SG_EXIT_DONE;
}

static int check_options(convert_job *job)
{
    const sg_required_option required[] = {{"--network", job->network}, {"--output", job->output}};
    int status = sg_check_required(&usage, required, 2);
    if (!status)
        status = sg_check_threads(&usage, job->threads);
    if (!status)
        status = check_output(job);
    return status ? status : check_parts(job);
}

/* ---- the work ---- */

static sg_status choose_parts(convert_job *job, const sg_network_file *file, sg_error *error)
{
    if (!job->parts)
        job->choice = sg_network_choose_all(file);
    for (int part = 0; part < SG_PART_COUNT; part++)
        if (job->choice.part[part] && !sg_network_has(file, (sg_network_part)part))
            return sg_fail(error, SG_ERROR_ARGUMENT, "%s holds no %s", sg_network_path(file),
                           sg_network_part_name((sg_network_part)part));
    return SG_OK;
}

/* "OUT holds G_ema and D of FILE." */
static void say_what_was_written(const convert_job *job)
{
    const char *names[SG_PART_COUNT] = {NULL};
    int count = 0;
    for (int part = 0; part < SG_PART_COUNT; part++)
        if (job->choice.part[part])
            names[count++] = sg_network_part_name((sg_network_part)part);
    printf("%s holds ", job->output);
    for (int i = 0; i < count; i++)
        printf("%s%s", i == 0 ? "" : i + 1 == count ? " and " : ", ", names[i]);
    printf(" of %s.\n", job->network);
}

static sg_status convert(convert_job *job, const sg_network_file *file, sg_context *context,
                         sg_error *error)
{
    const char *left_out = NULL;
    SG_TRY(choose_parts(job, file, error));
    SG_TRY(
        sg_network_convert(file, &job->choice, job->map, job->output, context, &left_out, error));
    if (left_out) {
        sg_report_warning(usage.command, "D is left out: it %s, which %s cannot build", left_out,
                          job->map->program);
        job->choice.part[SG_PART_D] = false;
    }
    say_what_was_written(job);
    return SG_OK;
}

static sg_status open_and_convert(convert_job *job, sg_error *error)
{
    sg_network_file *file = NULL;
    sg_status status = sg_network_open(job->network, &file, error);
    if (status)
        return status;
    sg_context *context = sg_context_create(job->threads);
    status = context ? convert(job, file, context, error) : sg_fail_memory(error, "a context");
    sg_context_destroy(context);
    sg_network_close(file);
    return status;
}

int sg_command_convert(int argc, const char **argv);
int sg_command_convert(int argc, const char **argv)
{
    convert_job job = {0};
    sg_error error = {0};
    const struct poptOption table[] = {
        {"network", 0, POPT_ARG_STRING, &job.network, 0, "the file to read", "FILE"},
        {"output", 0, POPT_ARG_STRING, &job.output, 0,
         "the file to write, a .safetensors or a .pt; one that exists is replaced", "FILE"},
        {"parts", 0, POPT_ARG_STRING, &job.parts, 0,
         "which networks, of G, D and G_ema (all that the file has)", "LIST"},
        {"threads", 0, POPT_ARG_INT, &job.threads, 0, "threads (all processors)", "N"},
        POPT_TABLEEND};
    switch (sg_options_parse(&usage, table, argc, argv, NULL, 0)) {
    case SG_PARSED_HELP:
        return SG_EXIT_DONE;
    case SG_PARSED_BAD:
        return SG_EXIT_USAGE;
    case SG_PARSED_GO:
        break;
    }
    const int refused = check_options(&job);
    if (refused)
        return refused;
    return open_and_convert(&job, &error) ? sg_report_failure(usage.command, &error) : SG_EXIT_DONE;
}
