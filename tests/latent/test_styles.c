/* Styles of seeds, latents and w, and their truncation towards the average or another w. */
#include "latent/styles.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "latent/seeds.h"
#include "support/networks.h"

enum { CLASSES = 3, LARGEST = 64 };

/* A network and a scope for what is computed with it. */
typedef struct fixture {
    sg_context *context;
    sg_generator *generator;
    size_t scope;
    size_t num_ws, w_dim;
} fixture;

static fixture start_with(sg_generator_config config)
{
    fixture made = {.context = sg_context_create(1)};
    assert_non_null(made.context);
    made.generator = tiny_generator(made.context, &config, SG_F32, 7);
    assert_non_null(made.generator);
    made.scope = sg_scope_open(made.context);
    made.num_ws = (size_t)sg_generator_num_ws(made.generator);
    made.w_dim = (size_t)config.w_dim;
    assert_true(made.num_ws * made.w_dim <= LARGEST);
    return made;
}

static fixture start(int classes)
{
    return start_with(tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, classes));
}

static void finish(fixture *made)
{
    sg_scope_close(made->context, made->scope, NULL);
    sg_generator_destroy(made->generator);
    sg_context_destroy(made->context);
}

/* The styles in `values` [num_ws, w_dim]. */
static void find(const fixture *made, sg_style_source source, sg_truncation truncation,
                 float *values)
{
    sg_tensor *ws = sg_styles(made->generator, &source, &truncation);
    assert_non_null(ws);
    assert_int_equal(ws->shape.rank, 3);
    assert_int_equal(ws->shape.size[0], 1);
    assert_int_equal(ws->shape.size[1], made->num_ws);
    assert_int_equal(ws->shape.size[2], made->w_dim);
    memcpy(values, sg_f32(ws), made->num_ws * made->w_dim * sizeof *values);
}

static void seeds_stand_for_their_latents(void **state)
{
    (void)state;
    fixture made = start(CLASSES);
    float z[LARGEST], of_seed[LARGEST], of_latent[LARGEST], of_other_class[LARGEST];
    const sg_truncation none = {.psi = 1};
    sg_seed_latent(5, (size_t)sg_generator_config_of(made.generator)->z_dim, z);
    find(&made, (sg_style_source){.seed = 5, .label = {2, NULL}}, none, of_seed);
    find(&made, (sg_style_source){.z = z, .label = {2, NULL}}, none, of_latent);
    find(&made, (sg_style_source){.seed = 5, .label = {1, NULL}}, none, of_other_class);
    const size_t bytes = made.num_ws * made.w_dim * sizeof *of_seed;
    assert_memory_equal(of_seed, of_latent, bytes);
    assert_memory_not_equal(of_seed, of_other_class, bytes);
    assert_memory_equal(of_seed, of_seed + made.w_dim, made.w_dim * sizeof *of_seed);
    finish(&made);
}

static void given_styles_stay(void **state)
{
    (void)state;
    fixture made = start(0);
    float ws[LARGEST], found[LARGEST];
    for (size_t i = 0; i < LARGEST; i++)
        ws[i] = (float)i - 9;
    find(&made, (sg_style_source){.ws = ws, .seed = 3}, (sg_truncation){.psi = 1}, found);
    assert_memory_equal(found, ws, made.num_ws * made.w_dim * sizeof *ws);
    finish(&made);
}

/* Every value must be center + psi * (w - center) below the cutoff, and w from there on. */
static void check_truncated(const fixture *made, const float *ws, const float *center,
                            size_t center_step, double psi, size_t cutoff, const float *found)
{
    for (size_t i = 0; i < made->num_ws; i++)
        for (size_t k = 0; k < made->w_dim; k++) {
            const double w = (double)ws[i * made->w_dim + k];
            const double middle = (double)center[i * center_step + k];
            const double expected = i < cutoff ? middle + psi * (w - middle) : w;
            assert_true(fabs((double)found[i * made->w_dim + k] - expected) < 1e-5);
        }
}

static void truncation_leads_to_the_average_or_to_a_new_center(void **state)
{
    (void)state;
    fixture made = start(0);
    float ws[LARGEST], center[LARGEST], found[LARGEST];
    for (size_t i = 0; i < LARGEST; i++) {
        ws[i] = sinf((float)i);
        center[i] = cosf((float)i * 3);
    }
    const sg_style_source source = {.ws = ws};
    const sg_style_source middle = {.ws = center};
    const float *average =
        sg_f32(sg_parameter_find(sg_generator_parameters(made.generator), "mapping.w_avg")->tensor);
    find(&made, source, (sg_truncation){.psi = 0.5, .cutoff = -1}, found);
    check_truncated(&made, ws, average, 0, 0.5, made.num_ws, found);
    find(&made, source, (sg_truncation){.psi = -0.25, .cutoff = 2}, found);
    check_truncated(&made, ws, average, 0, -0.25, 2, found);
    find(&made, source, (sg_truncation){.psi = 0.5, .cutoff = -1, .center = &middle}, found);
    check_truncated(&made, ws, center, made.w_dim, 0.5, made.num_ws, found);
    find(&made, source, (sg_truncation){.psi = 1.5, .cutoff = 1, .center = &middle}, found);
    check_truncated(&made, ws, center, made.w_dim, 1.5, 1, found);
    finish(&made);
}

/* StyleGAN's own program truncates the first inputs only, unless told otherwise. */
static void a_growing_network_has_a_usual_cutoff(void **state)
{
    (void)state;
    sg_generator_config config = tiny_growing_config(SG_STYLEGAN1, 8, 3, 0);
    assert_int_equal(config.growing.truncation_cutoff, 8);
    config.growing.truncation_cutoff = 3;
    fixture made = start_with(config);
    float ws[LARGEST], found[LARGEST];
    for (size_t i = 0; i < LARGEST; i++)
        ws[i] = sinf((float)i);
    const sg_style_source source = {.ws = ws};
    const float *average =
        sg_f32(sg_parameter_find(sg_generator_parameters(made.generator), "mapping.w_avg")->tensor);
    find(&made, source, (sg_truncation){.psi = 0.5, .cutoff = -1}, found);
    check_truncated(&made, ws, average, 0, 0.5, 3, found);
    find(&made, source, (sg_truncation){.psi = 0.5, .cutoff = 1}, found);
    check_truncated(&made, ws, average, 0, 0.5, 1, found);
    find(&made, source, (sg_truncation){.psi = 0.5, .cutoff = SG_ALL_INPUTS}, found);
    check_truncated(&made, ws, average, 0, 0.5, made.num_ws, found);
    finish(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seeds_stand_for_their_latents),
        cmocka_unit_test(given_styles_stay),
        cmocka_unit_test(truncation_leads_to_the_average_or_to_a_new_center),
        cmocka_unit_test(a_growing_network_has_a_usual_cutoff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
