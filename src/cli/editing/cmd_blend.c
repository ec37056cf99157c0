/* `stylegan blend`: two networks of equal shapes as one.
 * Tested by: tests/cli/test_blend.c */
#include <stdio.h>

#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/text.h"
#include "cli/options/option_groups.h"
#include "cli/options/usage.h"
#include "edit/blend/blend_file.h"

/* Options and state of the command. */
typedef struct blending {
    sg_text_list networks;
    sg_blend_rule rule;
    const char *output;
    sg_context_options compute;
    sg_network_file *files[2];
    sg_given given;
} blending;

static const blending defaults = {.rule = {.share = 1}};

static const sg_field blend_fields[] = {
    {SG_CODED(blending, networks, &sg_text_list_codec),
     SG_FLAGS(SG_FIELD_REPEATED | SG_FIELD_POSITIONAL),
     SG_OPTION("network", "FILE", "a network file, two in all, also without --network"),
     SG_GROUP("Networks")},
    {SG_INT(blending, rule.resolution, 4, 65536),
     SG_OPTION("at", "RESOLUTION",
               "where the second network takes over: a power of two such as 32"),
     SG_GROUP("Blend")},
    {SG_CHOICE(blending, rule.kind, &sg_blend_kinds),
     SG_OPTION("rule", "RULE",
               "published, with its traps, or plain: every layer from the resolution on is the "
               "second network's"),
     SG_USUAL("published")},
    {SG_INT(blending, rule.level, 0, 1),
     SG_OPTION("level", "N",
               "of the published rule: 1 switches at the second convolution of the resolution"),
     SG_USUAL("0")},
    {SG_NUMBER(blending, rule.width, 0, 1000), SG_FLAGS(SG_FIELD_ABOVE),
     SG_OPTION("soft", "WIDTH",
               "change over softly, within about so many layers (plain: doublings of the size)"),
     SG_USUAL("a hard switch")},
    {SG_NUMBER(blending, rule.share, -10, 10),
     SG_OPTION("linear", "X",
               "a share of the second network where it counts, in place of the whole; without --at "
               "of every layer"),
     SG_USUAL("1")},
    {SG_TEXT(blending, output), SG_FLAGS(SG_FIELD_REQUIRED),
     SG_OPTION("output", "FILE",
               "the file to write, whose name ends in .safetensors; one that exists is replaced"),
     SG_GROUP("Output")},
};
static const SG_FIELD_TABLE(blend_fields, NULL);

#define IS_GIVEN(member) SG_IS_GIVEN(&blend_fields_table, &all->given, blending, member)

static sg_status check_options(const blending *all, sg_error *error)
{
    if (all->networks.count != 2)
        return sg_fail(error, SG_ERROR_ARGUMENT, "a blend is of two network files, not of %zu",
                       all->networks.count);
    if (!IS_GIVEN(rule.resolution) && !IS_GIVEN(rule.share))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the option --at (where the second network takes over) or --linear (a share "
                       "of it everywhere) is missing");
    if (!IS_GIVEN(rule.resolution) && (IS_GIVEN(rule.width) || IS_GIVEN(rule.level)))
        return sg_fail(error, SG_ERROR_ARGUMENT, "--%s needs --at",
                       IS_GIVEN(rule.width) ? "soft" : "level");
    if (IS_GIVEN(rule.level) && all->rule.kind == SG_BLEND_PLAIN)
        return sg_fail(error, SG_ERROR_ARGUMENT, "--level goes with --rule published");
    return sg_check_network_output(all->output, all->networks.texts, all->networks.count, error);
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    blending *all = state;
    (void)watch;
    SG_TRY(check_options(all, error));
    for (int i = 0; i < 2; i++)
        SG_TRY(sg_network_open(all->networks.texts[i], &all->files[i], error));
    return SG_OK;
}

static sg_status blend(void *state, const sg_watch *watch, sg_error *error)
{
    const blending *all = state;
    (void)watch;
    SG_TRY(sg_make_parent_folder(all->output, error));
    sg_context *context = sg_context_create_with(&all->compute);
    if (!context)
        return sg_fail_memory(error, "a context");
    const sg_status status =
        sg_blend_files(all->files[0], all->files[1], &all->rule, all->output, context, error);
    sg_context_destroy(context);
    if (!status)
        printf("%s is %s with layers of %s\n", all->output, sg_network_path(all->files[0]),
               sg_network_path(all->files[1]));
    return status;
}

static int run(const sg_command *command, void *options)
{
    blending *all = options;
    const int status = sg_command_work(command, "blending", "networks", prepare, blend, all);
    sg_network_close(all->files[0]);
    sg_network_close(all->files[1]);
    return status;
}

static const sg_option_group groups[] = {
    {&blend_fields_table, 0, offsetof(blending, given), NULL},
    SG_GROUP_AT(sg_memory_fields_table, blending, compute),
};

const sg_command sg_blend_command = {
    .name = "blend",
    .summary = "Join two networks of equal shapes, layer by layer",
    .synopsis = "A B --at RESOLUTION --output FILE [options]",
    .description =
        "Writes a network with the coarse layers of A and the fine layers of B, which was usually "
        "fine-tuned from A (stylegan train --init A --finetune): A's shapes with B's look. The "
        "mapping network, the average w and constant noise are A's, so a w of A keeps its meaning. "
        "Both must be of one family and equal shapes.\n\n"
        "The published rule (Pinkney and Adler 2020, stylegan2's blend_models.py) has three traps, "
        "which are kept so that results are the same: a hard switch comes two convolutions late, "
        "so that --at 32 leaves all of 32 to A; the convolution of 4x4 pixels is "
        "always A's, and so are the skips of residual blocks. It knows the layers of StyleGAN2 and "
        "StyleGAN. --rule plain switches every layer from the resolution on, in StyleGAN3 and "
        "other families too.",
    .examples =
        "  stylegan blend faces.safetensors finetuned.safetensors --at 16 --output "
        "look.safetensors\n"
        "  stylegan blend A.safetensors B.pkl --at 32 --rule plain --soft 0.5 \\\n"
        "      --output soft.safetensors\n"
        "  stylegan blend A.safetensors B.safetensors --linear 0.5 --output half.safetensors",
    SG_TAKES(groups, blending),
    .defaults = &defaults,
    .run = run,
};
