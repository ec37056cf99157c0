/* Opens a case's networks, and makes the inputs that its groups share. */
#include "golden_test/network_case.h"
#include "checkpoint/network/network_load.h"

#include <string.h>

#include "ops/layout.h"

const char *path_name(int path)
{
    return path == GOLDEN_TAPE ? "tape" : "inference";
}

void choose_path(network_case *test, int path)
{
    const bool on_tape = path == GOLDEN_TAPE;
    test->base.context->recording = on_tape;
    if (test->generator)
        sg_parameter_set_require_gradient(sg_generator_parameters(test->generator), on_tape);
    if (test->discriminator)
        sg_parameter_set_require_gradient(sg_discriminator_parameters(test->discriminator),
                                          on_tape);
}

bool skip_without_generator(network_case *test, const char *group)
{
    if (!test->generator)
        report_skip(test->base.report, test->base.name, group, "%s", test->generator_reason);
    return !test->generator;
}

bool skip_without_discriminator(network_case *test, const char *group)
{
    if (!test->discriminator)
        report_skip(test->base.report, test->base.name, group, "%s", test->discriminator_reason);
    return !test->discriminator;
}

bool skip_without(network_case *test, const char *group, const char *first, const char *second)
{
    const char *names[] = {first, second};
    for (int i = 0; i < 2; i++) {
        if (names[i] && !case_has(&test->base, names[i])) {
            report_skip(test->base.report, test->base.name, group, "%s is absent", names[i]);
            return true;
        }
    }
    return false;
}

sg_tensor *network_labels(network_case *test, int c_dim, int64_t samples)
{
    if (c_dim == 0)
        return NULL;
    sg_tensor *labels = case_tensor(&test->base, test->labels);
    return labels && samples > 0 ? sg_slice(labels, 0, 0, samples) : labels;
}

static bool is_conditional(const network_case *test)
{
    return sg_generator_config_of(test->generator)->c_dim > 0;
}

bool has_styles(const network_case *test, const char *w, const char *z)
{
    return case_has(&test->base, w) ||
           (case_has(&test->base, z) &&
            (!is_conditional(test) || case_has(&test->base, test->labels)));
}

sg_tensor *network_styles(network_case *test, const char *w, const char *z)
{
    if (case_has(&test->base, w))
        return case_tensor(&test->base, w);
    sg_tensor *c = network_labels(test, sg_generator_config_of(test->generator)->c_dim, 0);
    return sg_generator_map(test->generator, case_tensor(&test->base, z), c);
}

/* From the file when it holds them, so that the synthesis is judged by itself; else from z. */
static sg_tensor *unmixed_latents(network_case *test, const golden_variant *variant)
{
    if (case_has(&test->base, variant->ws_name))
        return case_tensor(&test->base, variant->ws_name);
    return sg_generator_truncate(
        test->generator, sg_generator_broadcast(test->generator, network_styles(test, "w", "z")),
        NULL, variant->psi, variant->cutoff);
}

/* What the layers from variant->mix on are made from: a second batch of latents when there is one,
 * else the sample before each. */
static sg_tensor *other_latents(network_case *test, const golden_variant *variant, sg_tensor *ws)
{
    if (test->mixes_batches)
        return sg_generator_truncate(
            test->generator,
            sg_generator_broadcast(test->generator, network_styles(test, "w2", "z2")), NULL,
            variant->psi, variant->cutoff);
    int64_t samples = ws->shape.size[0];
    return sg_concatenate(sg_slice(ws, 0, samples - 1, 1), sg_slice(ws, 0, 0, samples - 1), 0);
}

bool has_mix(const network_case *test, const golden_variant *variant)
{
    return variant->mix < 0 || !test->mixes_batches || case_has(&test->base, variant->mix_name) ||
           has_styles(test, "w2", "z2");
}

sg_tensor *network_latents(network_case *test, const golden_variant *variant)
{
    sg_tensor *ws = unmixed_latents(test, variant);
    if (!ws || variant->mix < 0 || ws->shape.rank != 3)
        return ws;
    int64_t layers = ws->shape.size[1];
    sg_tensor *other = other_latents(test, variant, ws);
    return sg_concatenate(sg_slice(ws, 1, 0, variant->mix),
                          sg_slice(other, 1, variant->mix, layers - variant->mix), 1);
}

/* Why a part is not there; reports a part that is there but cannot be read. */
static void explain_part(network_case *test, sg_network_file *file, sg_network_part part,
                         const sg_error *error, char reason[300])
{
    const char *name = sg_network_part_name(part);
    if (!sg_network_has(file, part)) {
        snprintf(reason, 300, "the network file has no %s", name);
    } else {
        report_failure(test->base.report, test->base.name, name, "%s", error->message);
        snprintf(reason, 300, "%s could not be read", name);
    }
}

static void load_parts(network_case *test, const char *path)
{
    sg_network_file *file = NULL;
    sg_error error = {0};
    if (sg_network_open(path, &file, &error)) {
        report_failure(test->base.report, test->base.name, "network", "%s", error.message);
        snprintf(test->generator_reason, sizeof test->generator_reason,
                 "the network could not be read");
        memcpy(test->discriminator_reason, test->generator_reason,
               sizeof test->discriminator_reason);
        return;
    }
    const char *dialect = sg_network_dialect(file);
    sg_context *context = test->base.context;
    test->mixes_batches = dialect && strstr(dialect, "rosinality");
    if (sg_network_load_generator(file, SG_PART_G_EMA, context, &test->generator, &error))
        explain_part(test, file, SG_PART_G_EMA, &error, test->generator_reason);
    sg_error_clear(&error);
    if (sg_network_load_discriminator(file, context, &test->discriminator, &error))
        explain_part(test, file, SG_PART_D, &error, test->discriminator_reason);
    sg_network_close(file);
}

void run_network_case(const golden_case *base, const char *network, sg_safetensors *expected,
                      sg_safetensors *seeds)
{
    network_case test = {.base = *base, .network = network, .labels = "c"};
    test.base.context = sg_context_create(0);
    if (!test.base.context) {
        report_failure(base->report, base->name, "network", "no memory left");
        return;
    }
    load_parts(&test, network);
    test.base.expected = expected;
    if (expected) {
        set_average(&test);
        run_outputs(&test);
        run_losses(&test);
    }
    test.base.expected = seeds;
    if (seeds)
        run_seeds(&test);
    sg_generator_destroy(test.generator);
    sg_discriminator_destroy(test.discriminator);
    sg_context_destroy(test.base.context);
}
