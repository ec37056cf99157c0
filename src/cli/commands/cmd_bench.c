/* stylegan bench: how fast this machine runs each part, beside what it could do at most. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/parallel.h"
#include "cli/bench/bench.h"
#include "cli/bench/yardstick.h"
#include "cli/options/command.h"
#include "cli/options/legacy_options.h"
#include "models/config_rules.h"
#include "models/family.h"
#include "train/options/preset_resolve.h"

static const sg_usage usage = {
    .command = "bench",
    .synopsis = "limits|ops|generate|train [options]",
    .description =
        "Measures what the machine can do (limits), single operations (ops), one picture "
        "(generate)\n"
        "or the phases of a training step (train), on random networks. rate_fraction is the rate "
        "of\n"
        "the convolutions' multiply-adds over oneDNN's direct convolution in the same run.",
    .examples =
        "  stylegan bench limits\n"
        "  stylegan bench train --resolution 32 --cbase 16384 --cmax 512 --batch 16 --json\n"
        "  stylegan bench generate --resolution 256\n",
};

/* Linux forgets the peak on request; elsewhere the peak of the whole process is reported. */
void sg_bench_reset_peak(void)
{
    FILE *stream = fopen("/proc/self/clear_refs", "w");
    if (!stream)
        return;
    fputs("5", stream);
    fclose(stream);
}

double sg_bench_peak_bytes(void)
{
    double peak = sg_process_peak_bytes();
    FILE *stream = fopen("/proc/self/status", "r");
    char line[256];
    while (stream && fgets(line, sizeof line, stream))
        if (strncmp(line, "VmHWM:", 6) == 0)
            peak = 1024.0 * strtod(line + 6, NULL);
    if (stream)
        fclose(stream);
    return peak;
}

bool sg_bench_measure_limit(sg_bench *bench)
{
    sg_limit limit = sg_limit_convolution(bench->runs > 5 ? bench->runs : 5);
    if (limit.seconds <= 0) {
        fprintf(stderr, "stylegan: bench: oneDNN could not run the convolution to compare with\n");
        return false;
    }
    double rate = limit.multiply_adds / limit.seconds;
    if (rate > bench->limit_rate)
        bench->limit_rate = rate;
    return true;
}

static void report_json(const sg_bench *bench, const sg_bench_result *result)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "name", result->name);
    cJSON_AddNumberToObject(object, "seconds", result->seconds);
    if (result->multiply_adds > 0) {
        double rate = result->multiply_adds / result->seconds;
        cJSON_AddNumberToObject(object, "gmac", 1e-9 * result->multiply_adds);
        cJSON_AddNumberToObject(object, "gmac_per_second", 1e-9 * rate);
        if (bench->limit_rate > 0)
            cJSON_AddNumberToObject(object, "rate_fraction", rate / bench->limit_rate);
    }
    if (result->peak_bytes > 0)
        cJSON_AddNumberToObject(object, "peak_bytes", result->peak_bytes);
    if (result->error > 0)
        cJSON_AddNumberToObject(object, "error", result->error);
    if (result->total_seconds > 0)
        cJSON_AddNumberToObject(object, "total_seconds", result->total_seconds);
    cJSON_AddNumberToObject(object, "threads", sg_thread_count());
    char *text = cJSON_PrintUnformatted(object);
    printf("%s\n", text ? text : "{}");
    cJSON_free(text);
    cJSON_Delete(object);
}

void sg_bench_report(const sg_bench *bench, const sg_bench_result *result)
{
    if (bench->json) {
        report_json(bench, result);
    } else {
        printf("%-34s %10.4f s", result->name, result->seconds);
        if (result->multiply_adds > 0) {
            double rate = result->multiply_adds / result->seconds;
            printf("  %7.1f GMAC/s", 1e-9 * rate);
            if (bench->limit_rate > 0)
                printf("  rate_fraction %.3f", rate / bench->limit_rate);
        }
        if (result->peak_bytes > 0)
            printf("  %6.0f MB", 1e-6 * result->peak_bytes);
        if (result->error > 0)
            printf("  error %.1e of the range", result->error);
        if (result->total_seconds > 0)
            printf("  beyond the arithmetic of %.4f s in all", result->total_seconds);
        printf("\n");
    }
    fflush(stdout);
}

/* Takes a size that was given for the member of sg_run_options at `offset`. */
static void take(int size, size_t offset, sg_run_options *values, sg_given *given)
{
    if (size == SG_BENCH_DEFAULT)
        return;
    *(int *)(void *)((char *)values + offset) = size;
    sg_given_set_at(&sg_training_table, given, offset);
}

sg_status sg_bench_trainer_options(const sg_bench *bench, int resolution, int batch,
                                   sg_trainer_options *trainer, sg_error *error)
{
    const sg_preset *preset = sg_preset_find(bench->cfg);
    sg_run_options options = {.cfg = (int)(preset - sg_presets)};
    sg_given given = {0};
#define TAKE(value, member) take(value, offsetof(sg_run_options, trainer.member), &options, &given)
    TAKE(bench->batch == SG_BENCH_DEFAULT ? batch : bench->batch, batch);
    TAKE(bench->channel_base, generator.channel_base);
    TAKE(bench->channel_max, generator.channel_max);
    TAKE(bench->z_dim, generator.z_dim);
    if (sg_family_of(preset->family)->maps) {
        TAKE(bench->w_dim, generator.w_dim);
        TAKE(bench->map_depth, generator.mapping.num_layers);
    }
#undef TAKE
    SG_TRY(sg_preset_resolve(&options, &given,
                             bench->resolution == SG_BENCH_DEFAULT ? resolution : bench->resolution,
                             &options, error));
    *trainer = options.trainer;
    sg_generator_config_set_w(&trainer->generator);
    trainer->blur_init_sigma = 0;            /* of the beginning only */
    trainer->growing.initial_resolution = 0; /* the full picture's stage, which is the longest */
    return SG_OK;
}

int sg_bench_limits(sg_bench *bench)
{
    sg_bench_reset_peak();
    sg_limit convolution = sg_limit_convolution(bench->runs);
    double convolution_peak = sg_bench_peak_bytes();
    sg_bench_reset_peak();
    sg_limit fma = sg_limit_fma(bench->runs);
    double fma_peak = sg_bench_peak_bytes();
    if (convolution.seconds <= 0 || fma.seconds <= 0) {
        fprintf(stderr, "stylegan: bench: the limits could not be measured\n");
        return SG_EXIT_FAILED;
    }
    bench->limit_rate = convolution.multiply_adds / convolution.seconds;
    sg_bench_report(bench, &(sg_bench_result){.name = "limits/conv3x3",
                                              .seconds = convolution.seconds,
                                              .multiply_adds = convolution.multiply_adds,
                                              .peak_bytes = convolution_peak});
    sg_bench_report(bench, &(sg_bench_result){.name = "limits/fma",
                                              .seconds = fma.seconds,
                                              .multiply_adds = fma.multiply_adds,
                                              .peak_bytes = fma_peak});
    return SG_EXIT_DONE;
}

static sg_parsed parse(int argc, const char **argv, sg_bench *bench, const char **subject)
{
    int json = 0;
    const struct poptOption table[] = {
        {"cfg", 0, POPT_ARG_STRING, &bench->cfg, 0,
         "the kind of network, as train has it (stylegan2)", "NAME"},
        {"resolution", 0, POPT_ARG_INT, &bench->resolution, 0, "size of the pictures", "N"},
        {"batch", 0, POPT_ARG_INT, &bench->batch, 0, "pictures at a time", "N"},
        {"cbase", 0, POPT_ARG_INT, &bench->channel_base, 0, "channels times resolution", "N"},
        {"cmax", 0, POPT_ARG_INT, &bench->channel_max, 0, "most channels of a layer", "N"},
        {"z-dim", 0, POPT_ARG_INT, &bench->z_dim, 0, "width of the latents", "N"},
        {"w-dim", 0, POPT_ARG_INT, &bench->w_dim, 0, "width of the mapped latents", "N"},
        {"map-depth", 0, POPT_ARG_INT, &bench->map_depth, 0, "layers of the mapping network", "N"},
        {"threads", 0, POPT_ARG_INT, &bench->threads, 0, "threads (all processors)", "N"},
        {"runs", 0, POPT_ARG_INT, &bench->runs, 0, "repetitions, the fastest counts (3)", "N"},
        {"json", 0, POPT_ARG_NONE, &json, 0, "one JSON object a line", NULL},
        POPT_TABLEEND};
    sg_parsed parsed = sg_options_parse(&usage, table, argc, argv, subject, 1);
    bench->json = json != 0;
    return parsed;
}

/* The sentence for a name that is no preset; it stays as it is until the program ends. */
static const char *mistaken_preset(void)
{
    static char sentence[320];
    char names[256];
    snprintf(sentence, sizeof sentence, "--cfg must be %s",
             sg_choice_list(&sg_preset_choices, names, sizeof names));
    return sentence;
}

static const char *find_mistake(const sg_bench *bench)
{
    const int *const sizes[] = {&bench->resolution,  &bench->batch, &bench->channel_base,
                                &bench->channel_max, &bench->z_dim, &bench->w_dim,
                                &bench->map_depth};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (*sizes[i] != SG_BENCH_DEFAULT && (*sizes[i] < 1 || *sizes[i] > 1 << 20))
            return "sizes must lie between 1 and 1048576";
    if (!sg_preset_find(bench->cfg))
        return mistaken_preset();
    if (bench->runs < 1 || bench->runs > 1000)
        return "--runs must lie between 1 and 1000";
    if (bench->threads < 0 || bench->threads > 4096)
        return "--threads must lie between 1 and 4096 (0: all processors)";
    return NULL;
}

int sg_command_bench(int argc, const char **argv);
int sg_command_bench(int argc, const char **argv)
{
    static const struct {
        const char *name;
        int (*run)(sg_bench *bench);
    } subjects[] = {{"limits", sg_bench_limits},
                    {"ops", sg_bench_ops},
                    {"generate", sg_bench_generate},
                    {"train", sg_bench_train}};
    sg_bench bench = {.cfg = "stylegan2",
                      .resolution = SG_BENCH_DEFAULT,
                      .batch = SG_BENCH_DEFAULT,
                      .channel_base = SG_BENCH_DEFAULT,
                      .channel_max = SG_BENCH_DEFAULT,
                      .z_dim = SG_BENCH_DEFAULT,
                      .w_dim = SG_BENCH_DEFAULT,
                      .map_depth = SG_BENCH_DEFAULT,
                      .runs = 3};
    const char *subject = NULL;
    sg_parsed parsed = parse(argc, argv, &bench, &subject);
    if (parsed != SG_PARSED_GO)
        return parsed == SG_PARSED_HELP ? SG_EXIT_DONE : SG_EXIT_USAGE;
    const char *mistake = find_mistake(&bench);
    if (mistake)
        return sg_old_usage_error(&usage, "%s", mistake);
    sg_set_thread_count(bench.threads);
    for (size_t i = 0; subject && i < sizeof subjects / sizeof *subjects; i++)
        if (strcmp(subject, subjects[i].name) == 0)
            return subjects[i].run(&bench);
    return sg_old_usage_error(&usage, "expected limits, ops, generate or train, found %s",
                              subject ? subject : "nothing");
}
