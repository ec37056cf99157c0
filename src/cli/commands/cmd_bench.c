/* `stylegan bench`: how fast this machine runs each part, beside what it could do at most.
 * Tested by: tests/cli/test_bench.c */
#include <string.h>

#include "base/parallel.h"
#include "cli/bench/bench.h"
#include "cli/options/option_groups.h"

static const struct subject {
    const char *name;
    int (*run)(sg_bench *bench);
} subjects[] = {{"limits", sg_bench_limits},     {"ops", sg_bench_ops},
                {"generate", sg_bench_generate}, {"train", sg_bench_train},
                {"features", sg_bench_features}, {"project", sg_bench_project}};
static const sg_choices subject_choices = SG_CHOICES(subjects);

static const sg_field bench_fields[] = {
    {SG_TEXT(sg_bench, subject),
     SG_OPTION("subject", "NAME",
               "what to measure: limits, ops, generate, train, features or project"),
     SG_FLAGS(SG_FIELD_POSITIONAL | SG_FIELD_REQUIRED), SG_GROUP("Measuring")},
    {SG_INT(sg_bench, runs, 1, 1000),
     SG_OPTION("runs", "N", "repetitions, of which the fastest counts"), SG_USUAL("3")},
    {SG_TEXT(sg_bench, augment),
     SG_OPTION("aug", "SPEC", "train: measure too what augmentation costs (bgc, xflip,color ...)")},
    {SG_NUMBER(sg_bench, augment_p, 0, 1), SG_OPTION("p", "P", "its probability"), SG_USUAL("0.6")},
    {SG_FLAG(sg_bench, json), SG_OPTION("json", NULL, "print one JSON object a line"),
     SG_GROUP("Output")},
    {SG_INT(sg_bench, resolution, 1, 1 << 20), SG_OPTION("resolution", "N", "size of the pictures"),
     SG_GROUP("Network")},
};
static const SG_FIELD_TABLE(bench_fields, NULL);

static const char *const network_options[] = {"cfg",   "batch", "cbase",     "cmax",
                                              "z-dim", "w-dim", "map-depth", NULL};

static int run(const sg_command *command, void *given)
{
    char names[80];
    sg_bench *bench = given;
    const int found = sg_choice_find(&subject_choices, bench->subject);
    if (found < 0)
        return sg_usage_error(command, "expected %s, found %s",
                              sg_choice_list(&subject_choices, names, sizeof names),
                              bench->subject);
    sg_set_thread_count(bench->compute.threads);
    return subjects[found].run(bench);
}

static const sg_bench defaults = {.runs = 3, .augment_p = 0.6};
static const sg_option_group groups[] = {
    SG_GROUP_OF_ALL(bench_fields_table),
    {&sg_training_table, offsetof(sg_bench, run), offsetof(sg_bench, given), network_options},
    SG_GROUP_AT(sg_memory_fields_table, sg_bench, compute),
};

const sg_command sg_bench_command = {
    .name = "bench",
    .summary = "Measure how fast this machine is",
    .synopsis = "limits|ops|generate|train|features|project [options]",
    .description =
        "Measures what the machine can do (limits), single operations (ops), one picture "
        "(generate), the phases of a training step (train), the networks that metrics see "
        "pictures with (features) or a step of a projection with LPIPS (project), on random "
        "networks. rate_fraction is the rate of the convolutions' "
        "multiply-adds over oneDNN's direct convolution in the same "
        "run.",
    .examples =
        "  stylegan bench limits\n"
        "  stylegan bench train --resolution 32 --cbase 16384 --cmax 512 --batch 16 --json\n"
        "  stylegan bench train --resolution 64 --cmax 128 --batch 8 --aug bgc\n"
        "  stylegan bench generate --resolution 256\n"
        "  stylegan bench project --resolution 256",
    SG_TAKES(groups, sg_bench),
    .defaults = &defaults,
    .run = run,
};
