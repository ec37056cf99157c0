/* Levels of detail: halvings and shares, and the buffer. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/level.h"
#include "support/close.h"
#include "support/networks.h"
#include "support/parameters.h"
#include "support/tensors.h"

static void levels_halve_and_blend(void **state)
{
    (void)state;
    static const struct {
        double lod;
        int halvings;
        double share;
        int resolution;
    } cases[] = {{0, 0, 0, 32},
                 {0.25, 0, 0.25, 32},
                 {1, 1, 0, 16},
                 {1.75, 1, 0.75, 16},
                 {3, 3, 0, 4},
                 {2.5, 2, 0.5, 8},
                 {7, 3, 0, 4},
                 {-1, 0, 0, 32},
                 {(double)NAN, 0, 0, 32},
                 {(double)INFINITY, 3, 0, 4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const sg_level level = sg_level_of(32, cases[i].lod);
        assert_int_equal(level.halvings, cases[i].halvings);
        assert_close(level.share, cases[i].share, 0);
        assert_int_equal(sg_level_resolution(32, cases[i].lod), cases[i].resolution);
    }
    assert_int_equal(sg_block_count(4), 1);
    assert_int_equal(sg_block_count(1024), 9);
}

static void networks_that_grow_carry_it(void **state)
{
    static const sg_family families[] = {SG_STYLEGAN1, SG_PROGAN};
    for (int i = 0; i < 2; i++) {
        const sg_generator_config g_config = tiny_growing_config(families[i], 16, 3, 0);
        const sg_discriminator_config d_config =
            tiny_growing_discriminator_config(families[i], 16, 3, 0);
        sg_generator *g = tiny_generator(*state, &g_config, SG_F32, 1);
        sg_generator *copy = tiny_generator(*state, &g_config, SG_F32, 2);
        sg_discriminator *d = tiny_discriminator(*state, &d_config, SG_F32, 3);
        assert_close(sg_level_get(sg_generator_parameters(g), "synthesis.lod"), 0, 0);
        sg_generator_set_lod(g, 1.5);
        sg_discriminator_set_lod(d, 0.75);
        assert_close(sg_level_get(sg_discriminator_parameters(d), "lod"), 0.75, 0);
        assert_true(copy_parameters(sg_generator_parameters(copy), sg_generator_parameters(g)));
        assert_close(sg_level_get(sg_generator_parameters(copy), "synthesis.lod"), 1.5, 0);
        sg_generator_destroy(g);
        sg_generator_destroy(copy);
        sg_discriminator_destroy(d);
    }
}

static void others_ignore_it(void **state)
{
    const sg_generator_config g_config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    const sg_discriminator_config d_config = tiny_discriminator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_generator *g = tiny_generator(*state, &g_config, SG_F32, 1);
    sg_discriminator *d = tiny_discriminator(*state, &d_config, SG_F32, 3);
    sg_generator_set_lod(g, 1);
    sg_discriminator_set_lod(d, 1);
    assert_close(sg_level_get(sg_generator_parameters(g), "synthesis.lod"), 0, 0);
    assert_close(sg_level_get(sg_discriminator_parameters(d), "lod"), 0, 0);
    sg_generator_destroy(g);
    sg_discriminator_destroy(d);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_halve_and_blend),
        WITH_CONTEXT(networks_that_grow_carry_it),
        WITH_CONTEXT(others_ignore_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
