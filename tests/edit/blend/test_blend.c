/* Which layers are the second network's, and what a blend keeps. */
#include "edit/blend/blend.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/networks.h"

/* Two networks with the same config and other values. */
typedef struct pair {
    sg_context *context;
    sg_generator *first, *second;
} pair;

static pair make_pair(const sg_generator_config *config)
{
    pair made = {.context = sg_context_create(1)};
    made.first = tiny_generator(made.context, config, SG_F32, 1);
    made.second = tiny_generator(made.context, config, SG_F32, 2);
    return made;
}

static void destroy_pair(pair *made)
{
    sg_generator_destroy(made->first);
    sg_generator_destroy(made->second);
    sg_context_destroy(made->context);
}

static double share(const pair *made, const sg_blend_rule *rule, const char *name)
{
    return sg_blend_share(rule, made->first, name);
}

/* A hard switch comes one position late, and the convolution of 4x4 never moves. */
static void the_published_rule_has_its_traps(void **state)
{
    (void)state;
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_RESNET, 3, 0);
    pair made = make_pair(&config);
    const sg_blend_rule hard = {.resolution = 4, .share = 1};
    const sg_blend_rule soft = {.resolution = 4, .width = 1, .share = 1};
    assert_true(share(&made, &hard, "synthesis.b4.const") == 0);
    assert_true(share(&made, &hard, "synthesis.b4.torgb.bias") == 0);
    assert_true(share(&made, &hard, "synthesis.b4.conv1.weight") == 0);
    assert_true(share(&made, &hard, "synthesis.b8.conv0.affine.weight") == 1);
    assert_true(share(&made, &hard, "synthesis.b8.skip.weight") == 0);
    assert_true(share(&made, &soft, "synthesis.b4.const") == 0.5);
    assert_true(share(&made, &soft, "synthesis.b4.conv1.bias") == 0);
    assert_true(fabs(share(&made, &soft, "synthesis.b8.conv1.bias") - 1 / (1 + exp(-3))) < 1e-12);
    assert_true(share(&made, &soft, "mapping.fc0.weight") == 0);
    destroy_pair(&made);
}

static void the_plain_rule_switches_whole_blocks(void **state)
{
    (void)state;
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    pair made = make_pair(&config);
    const sg_blend_rule rule = {.kind = SG_BLEND_PLAIN, .resolution = 8, .share = 0.75};
    assert_true(share(&made, &rule, "synthesis.b4.conv1.weight") == 0);
    assert_true(share(&made, &rule, "synthesis.b8.conv0.weight") == 0.75);
    destroy_pair(&made);
}

static void a_blend_keeps_the_mapping_and_buffers(void **state)
{
    (void)state;
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    pair made = make_pair(&config);
    const sg_blend_rule rule = {.share = 1};
    const sg_parameter_set *set = sg_generator_parameters(made.first);
    const sg_parameter_set *others = sg_generator_parameters(made.second);
    const char *const kept[] = {"mapping.fc0.weight", "mapping.w_avg",
                                "synthesis.b8.conv0.noise_const"};
    double before[3];
    for (int i = 0; i < 3; i++)
        before[i] = sg_tensor_value(sg_parameter_find(set, kept[i])->tensor, 1);
    assert_int_equal(sg_blend(&rule, made.first, made.second, NULL), SG_OK);
    for (int i = 0; i < 3; i++)
        assert_true(sg_tensor_value(sg_parameter_find(set, kept[i])->tensor, 1) == before[i]);
    const char *const taken = "synthesis.b8.conv0.weight";
    assert_true(sg_tensor_value(sg_parameter_find(set, taken)->tensor, 3) ==
                sg_tensor_value(sg_parameter_find(others, taken)->tensor, 3));
    destroy_pair(&made);
}

static void assert_refused(const sg_generator_config *a, const sg_generator_config *b,
                           sg_blend_rule rule, const char *part)
{
    sg_error error = {0};
    sg_context *context = sg_context_create(1);
    sg_generator *first = tiny_generator(context, a, SG_F32, 1);
    sg_generator *second = tiny_generator(context, b, SG_F32, 1);
    assert_int_not_equal(sg_blend(&rule, first, second, &error), SG_OK);
    assert_non_null(strstr(error.message, part));
    sg_generator_destroy(first);
    sg_generator_destroy(second);
    sg_context_destroy(context);
}

static void what_cannot_be_blended_is_a_sentence(void **state)
{
    (void)state;
    const sg_generator_config skip = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    const sg_generator_config grey = tiny_generator_config(SG_ARCHITECTURE_SKIP, 1, 0);
    const sg_generator_config resnet = tiny_generator_config(SG_ARCHITECTURE_RESNET, 3, 0);
    const sg_generator_config third = tiny_stylegan3_config(false, 3, 0);
    const sg_blend_rule rule = {.resolution = 8, .share = 1};
    assert_refused(&skip, &grey, rule, "torgb.weight is [3, ");
    assert_refused(&resnet, &skip, rule, "the second network has no synthesis.b8.skip.weight");
    assert_refused(&skip, &skip, (sg_blend_rule){.resolution = 6, .share = 1}, "\"at\" is 6");
    assert_refused(&skip, &skip, (sg_blend_rule){.resolution = 16, .share = 1}, "from 4 to 8");
    assert_refused(&third, &third, rule, "\"rule\" must be \"plain\"");
}

/* StyleGAN3's layers have the resolution of their signal. */
static void stylegan3_follows_the_plain_rule(void **state)
{
    (void)state;
    const sg_generator_config config = tiny_stylegan3_config(false, 3, 0);
    pair made = make_pair(&config);
    const sg_blend_rule rule = {.kind = SG_BLEND_PLAIN, .resolution = 8, .share = 1};
    const sg_parameter_set *set = sg_generator_parameters(made.first);
    double least = 1;
    double most = 0;
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].trainable && strncmp(set->items[i].name, "synthesis.", 10) == 0) {
            least = fmin(least, share(&made, &rule, set->items[i].name));
            most = fmax(most, share(&made, &rule, set->items[i].name));
        }
    assert_true(share(&made, &rule, "synthesis.input.weight") == 0);
    assert_true(least == 0 && most == 1);
    assert_int_equal(sg_blend(&rule, made.first, made.second, NULL), SG_OK);
    destroy_pair(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_rule_has_its_traps),
        cmocka_unit_test(the_plain_rule_switches_whole_blocks),
        cmocka_unit_test(a_blend_keeps_the_mapping_and_buffers),
        cmocka_unit_test(what_cannot_be_blended_is_a_sentence),
        cmocka_unit_test(stylegan3_follows_the_plain_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
