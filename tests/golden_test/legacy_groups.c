/* What only the cases of other formats have: w itself, its average, and the generator that is not
 * averaged. */
#include <string.h>

#include "checkpoint/network/network_load.h"
#include "golden_test/network_case.h"
#include "ops/layout.h"
#include "ops/reduce.h"

/* ---- the average of w ---- */

/* The mean w of "z_mean64", [1, w_dim]. */
static sg_tensor *mean_style(network_case *test)
{
    sg_tensor *w = sg_generator_map(test->generator, case_tensor(&test->base, "z_mean64"), NULL);
    return w ? sg_mean(w, SG_SHAPE(1, w->shape.size[1])) : NULL;
}

static bool file_lacks_average(const network_case *test)
{
    sg_network_file *file = NULL;
    sg_error error = {0};
    if (sg_network_open(test->network, &file, &error))
        return false;
    bool lacks = sg_network_lacks_average(file, SG_PART_G_EMA);
    sg_network_close(file);
    return lacks;
}

static sg_tensor *average_of(network_case *test)
{
    return sg_parameter_find(sg_generator_parameters(test->generator), "mapping.w_avg")->tensor;
}

void set_average(network_case *test)
{
    bool latents = case_has(&test->base, "z_mean64");
    if (!test->generator || !file_lacks_average(test))
        return;
    if (!latents && !case_has(&test->base, "w_mean64")) {
        test->average_unknown = true;
        return;
    }
    size_t scope = sg_scope_open(test->base.context);
    sg_tensor *average = average_of(test);
    const sg_tensor *mean = latents ? mean_style(test) : case_tensor(&test->base, "w_mean64");
    if (mean && sg_tensor_count(mean) == sg_tensor_count(average)) {
        memcpy(sg_f32(average), sg_f32(mean), (size_t)sg_tensor_count(mean) * sizeof(float));
        sg_tensor_touch(average);
    } else {
        case_fail(&test->base, "w_mean64");
    }
    sg_scope_close(test->base.context, scope, NULL);
}

bool skip_without_average(network_case *test, const char *group, const golden_variant *variant)
{
    bool needed = variant->psi != 1.0 && !case_has(&test->base, variant->ws_name);
    if (needed && test->average_unknown)
        report_skip(test->base.report, test->base.name, group,
                    "no file holds the average of w that this was made with");
    return needed && test->average_unknown;
}

/* ---- groups ---- */

/* "w_psi0.6": w itself, truncated; all its layers are equal, and the first is taken. */
static sg_tensor *truncated_style(network_case *test, const golden_variant *variant)
{
    sg_tensor *ws = sg_generator_truncate(
        test->generator, sg_generator_broadcast(test->generator, network_styles(test, "w", "z")),
        NULL, variant->psi, variant->cutoff);
    if (!ws)
        return NULL;
    sg_tensor *first = sg_slice(ws, 1, 0, 1);
    return sg_reshape(first, SG_SHAPE(ws->shape.size[0], ws->shape.size[2]));
}

/* Computes what the name asks for; NULL without an error when the name is another. */
static sg_tensor *compute(network_case *test, const char *name, bool *known)
{
    golden_variant variant;
    *known = true;
    if (strcmp(name, "w") == 0 || strcmp(name, "w2") == 0) {
        sg_tensor *z = case_tensor(&test->base, name[1] == '\0' ? "z" : "z2");
        sg_tensor *c = network_labels(test, sg_generator_config_of(test->generator)->c_dim, 0);
        return sg_generator_map(test->generator, z, c);
    }
    if (strcmp(name, "w_mean64") == 0)
        return mean_style(test);
    if (strcmp(name, "latent_avg") == 0)
        return average_of(test);
    if (strncmp(name, "w_psi", 5) == 0 && variant_parse(name + 1, &variant) && variant.mix < 0)
        return truncated_style(test, &variant);
    if (strncmp(name, "ws_", 3) == 0 && variant_parse(name + 2, &variant) && variant.mix >= 0)
        return network_latents(test, &variant);
    *known = false;
    return NULL;
}

/* The input without which the name cannot be computed; NULL when all are there. */
static const char *missing_input(const network_case *test, const char *name)
{
    bool second = strcmp(name, "w2") == 0;
    if (strcmp(name, "latent_avg") == 0)
        return NULL;
    if (strcmp(name, "w_mean64") == 0)
        return case_has(&test->base, "z_mean64") ? NULL : "z_mean64";
    if (strcmp(name, "w") == 0 || second) {
        const char *input = second ? "z2" : "z";
        return case_has(&test->base, input) ? NULL : input;
    }
    if (strncmp(name, "ws_", 3) == 0 && test->mixes_batches && !has_styles(test, "w2", "z2"))
        return "z2";
    return has_styles(test, "w", "z") ? NULL : "z";
}

/* The picture of the generator that is not averaged, of the same latents. */
static void run_plain(network_case *test, const char *name)
{
    sg_network_file *file = NULL;
    sg_generator *plain = NULL;
    sg_error error = {0};
    if (skip_without(test, name, "z", NULL))
        return;
    if (sg_network_open(test->network, &file, &error) ||
        sg_network_load_generator(file, SG_PART_G, test->base.context, &plain, &error)) {
        report_failure(test->base.report, test->base.name, name, "%s", error.message);
        sg_network_close(file);
        return;
    }
    size_t scope = sg_scope_open(test->base.context);
    sg_tensor *c = network_labels(test, sg_generator_config_of(plain)->c_dim, 0);
    sg_tensor *w = sg_generator_map(plain, case_tensor(&test->base, "z"), c);
    sg_tensor *pictures = sg_generator_synthesize(plain, sg_generator_broadcast(plain, w),
                                                  (sg_synthesis_options){SG_NOISE_CONST});
    case_compare_pictures(&test->base, name, name, pictures, GOLDEN_OUTPUT_TOLERANCE);
    sg_scope_close(test->base.context, scope, NULL);
    sg_generator_destroy(plain);
    sg_network_close(file);
}

bool run_legacy(network_case *test, const char *name)
{
    if (strcmp(name, "G_nonema.img") == 0 || strcmp(name, "g_nonema.img") == 0) {
        run_plain(test, name);
        return true;
    }
    bool style = strcmp(name, "latent_avg") == 0 || name[0] == 'w';
    if (!style || skip_without_generator(test, name))
        return style;
    golden_variant variant;
    const char *missing = missing_input(test, name);
    if (missing)
        return skip_without(test, name, missing, NULL);
    if (strchr(name, '_') && variant_parse(strchr(name, '_'), &variant) &&
        skip_without_average(test, name, &variant))
        return true;
    bool known = false;
    size_t scope = sg_scope_open(test->base.context);
    sg_tensor *result = compute(test, name, &known);
    if (known)
        case_compare(&test->base, name, name, result, GOLDEN_OUTPUT_TOLERANCE);
    sg_scope_close(test->base.context, scope, NULL);
    return known;
}
