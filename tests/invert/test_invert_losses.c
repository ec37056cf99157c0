/* Weights of losses by name: lists, defaults, and sentences about wrong ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "invert/invert_losses.h"

static void test_lists(void **state)
{
    (void)state;
    sg_invert_weights weights = {{9, 9, 9, 9, 9}};
    assert_int_equal(sg_invert_weights_parse("pixel=0.5,lpips", &weights, NULL), SG_OK);
    assert_true(weights.of[SG_INVERT_PIXEL] == 0.5);
    assert_true(weights.of[SG_INVERT_LPIPS] == 1);
    assert_true(weights.of[SG_INVERT_OWN] == 0);
    assert_false(sg_invert_weights_are_empty(&weights));
}

static void test_wrong_lists(void **state)
{
    (void)state;
    static const char *const lists[][2] = {
        {"", "must name lpips, discriminator, pyramid, pixel or own"},
        {"lpisp", "\"lpisp\""},
        {"pixel,pixel=2", "twice"},
        {"pixel=0,own=0", "every loss the weight 0"},
        {"pixel=", "the weight \"\""},
        {"pixel=-1", "from 0 to 1e6"},
        {"pixel=nan", "from 0 to 1e6"},
        {"pixel=1x", "the weight \"1x\""},
        {"pixel=1,", "the loss \"\""},
        {"pixel=00000000000000000000000000000000000000000001", "takes NAME=WEIGHT"},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        sg_invert_weights weights;
        sg_error error = {0};
        assert_int_equal(sg_invert_weights_parse(lists[i][0], &weights, &error), SG_ERROR_ARGUMENT);
        if (!strstr(error.message, lists[i][1]))
            fail_msg("\"%s\" lacks \"%s\"", error.message, lists[i][1]);
    }
}

/* What is there decides: LPIPS alone, else the discriminator beside the pyramid. */
static void test_defaults(void **state)
{
    (void)state;
    char something;
    sg_invert_networks networks = {.generator = NULL};
    sg_invert_weights weights = sg_invert_weights_default(&networks);
    assert_true(weights.of[SG_INVERT_PYRAMID] > 0 && weights.of[SG_INVERT_DISCRIMINATOR] == 0);
    networks.discriminator = (void *)&something;
    weights = sg_invert_weights_default(&networks);
    assert_true(weights.of[SG_INVERT_PYRAMID] > 0 && weights.of[SG_INVERT_DISCRIMINATOR] > 0);
    networks.lpips = (void *)&something;
    weights = sg_invert_weights_default(&networks);
    assert_true(weights.of[SG_INVERT_PYRAMID] == 0 && weights.of[SG_INVERT_LPIPS] == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_wrong_lists),
        cmocka_unit_test(test_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
