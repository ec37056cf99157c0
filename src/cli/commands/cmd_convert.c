/* `stylegan convert`: a network file of any format in another.
 * Tested by: tests/cli/test_convert.c */
#include <stdio.h>
#include <string.h>

#include "base/files/file.h"
#include "base/files/folders.h"
#include "checkpoint/export/network_convert.h"
#include "cli/options/option_groups.h"

typedef struct convert_options {
    const char *network, *keywords, *output;
    int layout;              /* of sg_network_layouts; -1: the usual one of the output's name */
    sg_network_choice parts; /* all that the file has unless any was given */
    sg_given given;
    sg_context_options compute;
} convert_options;

/* Reads "G_ema,D" into an sg_network_choice. */
static sg_status parse_parts(const char *text, void *value, sg_error *error)
{
    sg_network_choice *choice = value;
    for (const char *at = text; at;) {
        const size_t length = strcspn(at, ",");
        const int part = sg_network_part_find(at, length);
        if (part == SG_PART_COUNT)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "takes a list of G, D, G_ema and E, not \"%s\"", text);
        choice->part[part] = true;
        at = at[length] == ',' ? at + length + 1 : NULL;
    }
    return SG_OK;
}

static const sg_field_codec parts_codec = {.parse = parse_parts};

static const sg_field convert_fields[] = {
    {SG_TEXT(convert_options, network), SG_OPTION("network", "FILE", "the file to read"),
     SG_FLAGS(SG_FIELD_POSITIONAL | SG_FIELD_REQUIRED), SG_GROUP("Network")},
    {SG_CODED(convert_options, keywords, &sg_keywords_codec), SG_CONFIG_OPTION},
    {SG_CODED(convert_options, parts, &parts_codec),
     SG_OPTION("parts", "LIST", "which networks, of G, D, G_ema and E"),
     SG_USUAL("all that the file has and that can be read")},
    {SG_TEXT(convert_options, output),
     SG_OPTION("output", "FILE",
               "the file to write, whose name ends in .safetensors, .pkl or .pt; one that exists "
               "is replaced"),
     SG_FLAGS(SG_FIELD_POSITIONAL | SG_FIELD_REQUIRED), SG_GROUP("Output")},
    {SG_CHOICE(convert_options, layout, &sg_network_layouts),
     SG_OPTION("layout", "NAME",
               "whose names and structure the file has: native, official or stylegan2-pytorch"),
     SG_USUAL("native in .safetensors, official in .pkl, stylegan2-pytorch in .pt")},
};
static const SG_FIELD_TABLE(convert_fields, NULL);

static sg_status choose_parts(convert_options *options, const sg_network_file *file,
                              sg_error *error)
{
    if (!SG_IS_GIVEN(&convert_fields_table, &options->given, convert_options, parts))
        options->parts = sg_network_choose_all(file);
    for (int part = 0; part < SG_PART_COUNT; part++)
        if (options->parts.part[part] && !sg_network_has(file, (sg_network_part)part))
            return sg_fail(error, SG_ERROR_ARGUMENT, "%s holds no %s", sg_network_path(file),
                           sg_network_part_name((sg_network_part)part));
    return SG_OK;
}

/* "OUT holds G_ema and D of FILE." */
static void say_what_was_written(const convert_options *options, const char *network)
{
    const char *names[SG_PART_COUNT] = {NULL};
    int count = 0;
    for (int part = 0; part < SG_PART_COUNT; part++)
        if (options->parts.part[part])
            names[count++] = sg_network_part_name((sg_network_part)part);
    printf("%s holds ", options->output);
    for (int i = 0; i < count; i++)
        printf("%s%s", i == 0 ? "" : i + 1 == count ? " and " : ", ", names[i]);
    printf(" of %s.\n", network);
}

/* Writes the file and says what it holds. */
static sg_status convert(convert_options *options, const sg_network_file *file,
                         const sg_network_format *format, sg_context *context, sg_error *error)
{
    const char *left_out = NULL;
    SG_TRY(choose_parts(options, file, error));
    SG_TRY(sg_make_parent_folder(options->output, error));
    SG_TRY(sg_network_convert(file, &options->parts, format, options->output, context, &left_out,
                              error));
    for (int part = 0; part < SG_PART_COUNT; part++)
        if (options->parts.refusal[part].status)
            sg_report_warning("convert", "%s is left out: %s",
                              sg_network_part_name((sg_network_part)part),
                              options->parts.refusal[part].message);
    if (left_out) {
        sg_report_warning("convert", "D is left out: it %s, which %s cannot build", left_out,
                          format->program);
        options->parts.part[SG_PART_D] = false;
    }
    say_what_was_written(options, sg_network_path(file));
    return SG_OK;
}

static sg_status open_and_convert(convert_options *options, const sg_network_format *format,
                                  sg_error *error)
{
    sg_network_file *file = NULL;
    SG_TRY(sg_network_open_given(options->network, options->keywords, &file, error));
    sg_context *context = sg_context_create_with(&options->compute);
    const sg_status status = context ? convert(options, file, format, context, error)
                                     : sg_fail_memory(error, "a context");
    sg_context_destroy(context);
    sg_network_close(file);
    return status;
}

static int run(const sg_command *command, void *given)
{
    char suffixes[100];
    convert_options *options = given;
    sg_error error = {0};
    const sg_network_format *format = sg_network_format_find(options->output, options->layout);
    if (!format && sg_network_format_find(options->output, -1))
        return sg_usage_error(command, "%s is not written in the layout %s", options->output,
                              sg_choice_name(&sg_network_layouts, (size_t)options->layout));
    if (!format)
        return sg_usage_error(command, "--output takes a name that ends in %s, not \"%s\"",
                              sg_network_format_suffixes(suffixes, sizeof suffixes),
                              options->output);
    if (open_and_convert(options, format, &error))
        return sg_report_failure(command->name, &error);
    return SG_EXIT_DONE;
}

static const convert_options defaults = {.layout = -1};

static const sg_option_group groups[] = {
    {&convert_fields_table, 0, offsetof(convert_options, given), NULL},
    SG_GROUP_AT(sg_memory_fields_table, convert_options, compute),
};

const sg_command sg_convert_command = {
    .name = "convert",
    .summary = "Write a network file in another format",
    .synopsis = "--network FILE --output FILE [options]",
    .description =
        "Writes the networks of any file that this program reads (snapshots of "
        "stylegan2-ada-pytorch and stylegan3, StyleGANs in TensorFlow, stylegan2-pytorch by "
        "rosinality, state dicts of other programs, safetensors) to a file of its own. The "
        "output's name decides on "
        "the format: .safetensors, the native one; .pkl, a snapshot that stylegan2-ada-pytorch "
        "and stylegan3 load; or .pt, a checkpoint for stylegan2-pytorch, which takes G_ema, and D "
        "and G where they are there, if that program can build them. With --layout official, .pt "
        "has the state dicts of the official modules instead.\n\n"
        "The official programs ask for G, D and G_ema: in a .pkl without one of the generators, "
        "the other stands for it, and without D an empty module.\n\n"
        "Nothing in the file that is read is executed, and equal files give equal bytes.",
    .examples =
        "  stylegan convert --network stylegan2-ffhq-config-f.pkl --output ffhq.safetensors\n"
        "  stylegan convert --network network.pkl --parts G_ema --output small.safetensors\n"
        "  stylegan convert --network network.safetensors --output checkpoint.pt\n"
        "  stylegan convert --network digits.safetensors --output digits.pkl\n"
        "  stylegan convert --network network.pkl --layout official --output states.pt",
    SG_TAKES(groups, convert_options),
    .defaults = &defaults,
    .run = run,
};
