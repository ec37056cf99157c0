/* `stylegan info`: what a network file holds.
 * Tested by: tests/cli/test_cli.c */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/info/info_features.h"
#include "cli/info/network_summary.h"
#include "cli/options/option_groups.h"

typedef struct info_options {
    const char *path, *keywords;
    bool layers, json;
} info_options;

static const sg_field info_fields[] = {
    {SG_TEXT(info_options, path),
     SG_OPTION("network", "FILE", "the network file, also without --network"),
     SG_FLAGS(SG_FIELD_POSITIONAL | SG_FIELD_REQUIRED)},
    {SG_CODED(info_options, keywords, &sg_keywords_codec), SG_CONFIG_OPTION},
    {SG_FLAG(info_options, layers),
     SG_OPTION("layers", NULL, "also show the configs, layers and tensors of the networks")},
    {SG_FLAG(info_options, json), SG_OPTION("json", NULL, "print one JSON object with all of it")},
};
static const SG_FIELD_TABLE(info_fields, NULL);

/* The parts in the order in which people ask for them. */
static const sg_network_part parts[SG_PART_COUNT] = {SG_PART_G_EMA, SG_PART_G, SG_PART_D, SG_PART_E,
                                                     SG_PART_M};

/* Describes every part that the file has; returns how many. */
static size_t summarize(const sg_network_file *file, sg_context *context,
                        sg_network_summary summaries[SG_PART_COUNT])
{
    size_t count = 0;
    for (int i = 0; i < SG_PART_COUNT; i++)
        if (sg_network_has(file, parts[i]))
            sg_network_summarize(file, parts[i], context, &summaries[count++]);
    return count;
}

/* Returns a lack of memory, which is no fault of the file, or the failure of the first part when
 * none could be built or described; otherwise NULL. */
static const sg_error *find_failure(const sg_network_summary *summaries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (summaries[i].error.status == SG_ERROR_MEMORY)
            return &summaries[i].error;
    for (size_t i = 0; i < count; i++)
        if (!summaries[i].error.status || summaries[i].config)
            return NULL;
    return &summaries[0].error;
}

static sg_status file_size(const char *path, uint64_t *bytes, sg_error *error)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return sg_fail(error, SG_ERROR_FILE, "cannot read %s: %s", path, strerror(errno));
    *bytes = (uint64_t)status.st_size;
    return SG_OK;
}

static sg_status report(const sg_network_file *file, sg_context *context,
                        const info_options *options, sg_error *error)
{
    sg_network_summary summaries[SG_PART_COUNT] = {0};
    uint64_t bytes = 0;
    const size_t count = summarize(file, context, summaries);
    const sg_error *failure = find_failure(summaries, count);
    sg_status status = failure ? sg_fail(error, failure->status, "%s", failure->message)
                               : file_size(sg_network_path(file), &bytes, error);
    if (!status && options->json)
        status = sg_info_print_json(file, bytes, summaries, count, error);
    else if (!status)
        sg_info_print_text(file, bytes, summaries, count, options->layers);
    for (size_t i = 0; i < count; i++)
        sg_network_summary_clear(&summaries[i]);
    return status;
}

/* Describes what is no network of pictures, if it is a feature network; otherwise `reason` says why
 * it is none of either. */
static sg_status report_features(const info_options *options, const sg_error *reason,
                                 sg_error *error)
{
    uint64_t bytes = 0;
    bool found = false;
    if (reason->status != SG_ERROR_MEMORY && !file_size(options->path, &bytes, NULL))
        SG_TRY(sg_info_print_features(options->path, bytes, options->json, &found, error));
    return found ? SG_OK : sg_fail(error, reason->status, "%s", reason->message);
}

static sg_status inform(const info_options *options, sg_error *error)
{
    sg_network_file *file = NULL;
    sg_error reason = {0};
    if (sg_network_open_given(options->path, options->keywords, &file, &reason))
        return report_features(options, &reason, error);
    /* Names and shapes are checked, and what a pass takes is foretold, without a value. */
    sg_context *context = sg_context_create_hollow();
    const sg_status status =
        context ? report(file, context, options, error) : sg_fail_memory(error, "a context");
    sg_context_destroy(context);
    sg_network_close(file);
    return status;
}

static int run(const sg_command *command, void *given)
{
    const info_options *options = given;
    sg_error error = {0};
    if (inform(options, &error))
        return sg_command_failure(command, &error);
    return SG_EXIT_DONE;
}

static const sg_option_group groups[] = {SG_GROUP_OF_ALL(info_fields_table)};

const sg_command sg_info_command = {
    .name = "info",
    .summary = "Show what a network file holds",
    .synopsis = "FILE [--layers] [--json]",
    .description =
        "Shows what a network file is and holds: its networks (G, D and G_ema), the size of their "
        "pictures, classes (a classifier's with names and accuracy), latents, the number of styles "
        "(num_ws) and which of them belong to "
        "which resolution, the kimg of the training where the file says so, the file's metadata, "
        "and what in it is ignored; or which feature networks (Inception-v3, VGG16, LPIPS) a file "
        "holds. --layers adds the networks' configs, layers and tensors. Exit "
        "status 1 when no network can be read from it.",
    .examples = "  stylegan info network.safetensors\n"
                "  stylegan info --layers stylegan2-ffhq-config-f.pkl\n"
                "  stylegan info --json network.safetensors > network.json\n"
                "  stylegan info vgg16.pkl",
    SG_TAKES(groups, info_options),
    .run = run,
};
