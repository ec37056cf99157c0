/* The table of commands; a new one is a row here and a file cmd_NAME.c. */
#include "cli/commands/commands.h"

#include <string.h>

int sg_command_train(int argc, const char **argv);
int sg_command_generate(int argc, const char **argv);
int sg_command_mix(int argc, const char **argv);
int sg_command_truncate(int argc, const char **argv);
int sg_command_variation(int argc, const char **argv);
int sg_command_spectra(int argc, const char **argv);
int sg_command_interpolate(int argc, const char **argv);
extern const sg_command sg_dataset_command;
int sg_command_convert(int argc, const char **argv);
extern const sg_command sg_metrics_command;
extern const sg_command sg_info_command;
int sg_command_bench(int argc, const char **argv);

static const sg_command train_command = {
    .name = "train", .summary = "Train a network on a set of pictures", .legacy = sg_command_train};
static const sg_command generate_command = {.name = "generate",
                                            .summary = "Write pictures from a trained network",
                                            .legacy = sg_command_generate};
static const sg_command mix_command = {
    .name = "mix", .summary = "Mix the styles of pictures", .legacy = sg_command_mix};
static const sg_command truncate_command = {.name = "truncate",
                                            .summary = "Show pictures at several truncations",
                                            .legacy = sg_command_truncate};
static const sg_command variation_command = {.name = "variation",
                                             .summary = "Show what noise changes in a picture",
                                             .legacy = sg_command_variation};
static const sg_command spectra_command = {.name = "spectra",
                                           .summary = "Show the average power spectrum of pictures",
                                           .legacy = sg_command_spectra};
static const sg_command interpolate_command = {.name = "interpolate",
                                               .summary = "Animate the way from picture to picture",
                                               .legacy = sg_command_interpolate};
static const sg_command convert_command = {.name = "convert",
                                           .summary = "Write a network file in another format",
                                           .legacy = sg_command_convert};
static const sg_command bench_command = {
    .name = "bench", .summary = "Measure how fast this machine is", .legacy = sg_command_bench};

const sg_command *const sg_commands[] = {
    &train_command,     &generate_command,   &mix_command,         &truncate_command,
    &variation_command, &spectra_command,    &interpolate_command, &sg_dataset_command,
    &convert_command,   &sg_metrics_command, &sg_info_command,     &bench_command,
};
const size_t sg_command_count = sizeof sg_commands / sizeof *sg_commands;

const sg_command *sg_command_find(const char *name)
{
    for (size_t i = 0; i < sg_command_count; i++)
        if (strcmp(sg_commands[i]->name, name) == 0)
            return sg_commands[i];
    return NULL;
}
