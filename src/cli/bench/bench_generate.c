/*
 * bench generate: pictures of random networks, in a warm process and in cold ones.
 * Tested by: tests/cli/test_bench.c
 */
#include <math.h>
#include <stdio.h>

#include "checkpoint/network/network_load.h"
#include "cli/bench/bench.h"
#include "cli/terminal/report.h"
#include "models/generator.h"

/* One batch of pictures of fixed latents, owned by the innermost scope; NULL on failure. */
static sg_tensor *paint(sg_generator *generator, int batch)
{
    sg_context *context = sg_generator_parameters(generator)->context;
    const sg_generator_config *config = sg_generator_config_of(generator);
    sg_tensor *z = sg_tensor_full(context, SG_F32, SG_SHAPE(batch, config->z_dim), 0);
    for (int64_t i = 0; z && i < sg_tensor_count(z); i++)
        sg_tensor_set_value(z, i, (double)(i % 13) / 6 - 1);
    sg_tensor *ws = sg_generator_broadcast(generator, sg_generator_map(generator, z, NULL));
    return sg_generator_synthesize(generator, ws,
                                   (sg_synthesis_options){.noise_mode = SG_NOISE_CONST});
}

typedef struct painting {
    sg_generator *generator;
    int batch;
} painting;

static bool run_painting(const void *argument)
{
    const painting *one = argument;
    return paint(one->generator, one->batch);
}

/*
 * How far the fast path's pictures are from those of direct convolutions: the largest difference,
 * as a part of the range of the latter.
 */
static bool compare(sg_generator *fast, sg_generator *exact, int batch, double *error)
{
    sg_context *contexts[] = {sg_generator_parameters(fast)->context,
                              sg_generator_parameters(exact)->context};
    size_t scopes[] = {sg_scope_open(contexts[0]), sg_scope_open(contexts[1])};
    const sg_tensor *found = paint(fast, batch);
    const sg_tensor *wanted = paint(exact, batch);
    float least = INFINITY;
    float most = -INFINITY;
    float difference = 0;
    for (int64_t i = 0; found && wanted && i < sg_tensor_count(wanted); i++) {
        least = fminf(least, sg_f32(wanted)[i]);
        most = fmaxf(most, sg_f32(wanted)[i]);
        difference = fmaxf(difference, fabsf(sg_f32(found)[i] - sg_f32(wanted)[i]));
    }
    *error = most > least ? (double)(difference / (most - least)) : 0;
    bool done = found && wanted;
    sg_scope_close(contexts[0], scopes[0], NULL);
    sg_scope_close(contexts[1], scopes[1], NULL);
    return done;
}

/* The generator of the file in a context of its own. */
static sg_status load(const char *path, const sg_bench *bench, bool exact, sg_context **context,
                      sg_generator **generator, sg_error *error)
{
    sg_network_file *file = NULL;
    *generator = NULL;
    *context = sg_context_create_with(&bench->compute);
    if (!*context)
        return sg_fail_memory(error, "a context");
    (*context)->exact = exact;
    sg_status status = sg_network_open(path, &file, error);
    if (!status)
        status = sg_network_load_generator(file, SG_PART_G_EMA, *context, generator, error);
    sg_network_close(file);
    return status;
}

static void unload(sg_context *context, sg_generator *generator)
{
    sg_generator_destroy(generator);
    sg_context_destroy(context);
}

static sg_status compare_with_exact(const sg_bench *bench, const char *path, sg_generator *fast,
                                    int batch, double *difference, sg_error *error)
{
    sg_context *context;
    sg_generator *exact;
    sg_status status = load(path, bench, true, &context, &exact, error);
    if (!status && !compare(fast, exact, batch, difference))
        status = sg_context_take_error(context, error);
    unload(context, exact);
    return status;
}

/* Times the file's pictures and reports them, then those of cold processes. */
static sg_status run(sg_bench *bench, const char *folder, const char *path, sg_error *error)
{
    int batch = sg_bench_batch(bench, 1);
    char name[64];
    sg_bench_result result = {.name = name};
    sg_context *context;
    sg_generator *generator;
    sg_status status = load(path, bench, false, &context, &generator, error);
    if (!status && !sg_bench_time_operation(bench, context, run_painting,
                                            &(painting){generator, batch}, &result))
        status = sg_context_take_error(context, error);
    if (!status)
        status = compare_with_exact(bench, path, generator, batch, &result.error, error);
    if (!status) {
        snprintf(name, sizeof name, "generate/%s/%d", sg_bench_cfg(bench),
                 sg_generator_config_of(generator)->img_resolution);
        status = sg_bench_measure_limit(bench) ? SG_OK : SG_ERROR_LIBRARY;
    }
    int resolution = generator ? sg_generator_config_of(generator)->img_resolution : 0;
    unload(context, generator);
    if (status)
        return status;
    sg_bench_report(bench, &result);
    return batch == 1 ? sg_bench_cold(bench, folder, path, resolution, result.seconds, error)
                      : SG_OK;
}

int sg_bench_generate(sg_bench *bench)
{
    sg_error error = {0};
    char folder[SG_BENCH_PATH_BYTES];
    char path[SG_BENCH_PATH_BYTES];
    sg_trainer_options options;
    if (sg_bench_trainer_options(bench, 256, 1, &options, &error))
        return sg_report_failure("bench", &error);
    sg_status status = sg_bench_make_network(&options.generator, folder, path, &error);
    if (!status) {
        sg_bench_reset_peak();
        status = run(bench, folder, path, &error);
    }
    sg_bench_remove_network(folder, path);
    if (error.message[0])
        sg_report_failure("bench", &error);
    return status ? SG_EXIT_FAILED : SG_EXIT_DONE;
}
