/* Which layers train: those whose w move farthest, with all their tensors, and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "support/networks.h"
#include "support/tensors.h"
#include "train/step/nada_layers.h"

/* Fails the test unless the tensors on the tape are those of these layers. */
static void assert_train(sg_generator *generator, const double *moves, int count,
                         const char *const *layers)
{
    const sg_parameter_set *set = sg_generator_parameters(generator);
    assert_int_equal(sg_nada_train_layers(generator, moves, count, NULL), SG_OK);
    for (size_t i = 0; i < set->count; i++) {
        bool expected = false;
        for (const char *const *layer = layers; *layer; layer++)
            expected = expected || sg_has_prefix(set->items[i].name, *layer);
        if (set->items[i].trainable && (set->items[i].tensor->node != NULL) != expected)
            fail_msg("%s trains: %d", set->items[i].name, !expected);
    }
}

/* The inputs of an 8x8 generator: b4.conv1, b8.conv0, b8.conv1, and one that to-RGB alone reads. */
static void layers_follow_the_inputs(void **state)
{
    static const double moves[] = {0.1, 0.3, 0.2, 0.9};
    sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    sg_generator *generator = sg_generator_create(*state, &config, SG_F32, 1);
    assert_non_null(generator);
    assert_int_equal(sg_nada_layer_count(generator), 3);
    assert_train(generator, moves, 1, (const char *const[]){"synthesis.b8.conv0.", NULL});
    assert_train(generator, moves, 2,
                 (const char *const[]){"synthesis.b8.conv0.", "synthesis.b8.conv1.", NULL});
    assert_train(generator, moves, 3,
                 (const char *const[]){"synthesis.b8.conv0.", "synthesis.b8.conv1.",
                                       "synthesis.b4.conv1.", NULL});
    sg_generator_destroy(generator);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(layers_follow_the_inputs, context_setup, context_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
