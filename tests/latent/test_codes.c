/* Batches of w against single ones, and moments. */
#include "latent/codes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/networks.h"

/* The first of randn(count, z_dim) is the latent of the seed itself. */
static void the_first_code_is_the_seeds_own(void **state)
{
    (void)state;
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 2);
    sg_context *context = sg_context_create(1);
    sg_generator *generator = tiny_generator(context, &config, SG_F32, 1);
    const sg_style_label label = {.class_index = 1};
    const sg_style_source source = {.seed = 9, .label = label};
    const size_t scope = sg_scope_open(context);
    const sg_tensor *ws = sg_styles(generator, &source, &(sg_truncation){.psi = 1, .cutoff = -1});
    double *codes = NULL;
    assert_int_equal(sg_draw_codes(generator, 9, 300, label, 1, &codes, NULL), SG_OK);
    for (int i = 0; i < config.w_dim; i++)
        assert_true(fabs(codes[i] - (double)sg_f32(ws)[i]) < 1e-5);
    assert_true(codes[299 * config.w_dim] != codes[0]);
    free(codes);
    sg_scope_close(context, scope, NULL);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
}

static void moments_are_those_of_all_vectors(void **state)
{
    (void)state;
    sg_moments moments = {0};
    assert_int_equal(sg_moments_start(&moments, 2, NULL), SG_OK);
    sg_moments_add(&moments, (double[]){1, 10});
    sg_moments_add(&moments, (double[]){2, 10});
    sg_moments_add(&moments, (double[]){6, 10});
    sg_moments_finish(&moments);
    assert_true(moments.mean[0] == 3 && moments.mean[1] == 10);
    assert_true(fabs(moments.deviation[0] - sqrt(14.0 / 3)) < 1e-12);
    assert_true(moments.deviation[1] == 0);
    sg_moments_clear(&moments);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_code_is_the_seeds_own),
        cmocka_unit_test(moments_are_those_of_all_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
