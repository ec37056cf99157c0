/* Specs: names of groups, pipes and transforms, strengths and multipliers, and what is refused. */
#include "train/augment/augment_spec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The transforms that are on, as bits. */
static unsigned enabled(const char *text)
{
    sg_augment_spec spec;
    unsigned bits = 0;
    assert_int_equal(sg_augment_spec_parse(text, "pipe", &spec, NULL), SG_OK);
    for (int i = 0; i < SG_AUGMENT_TRANSFORMS; i++)
        bits |= (unsigned)(spec.multiplier[i] == 1) << i;
    return bits;
}

static void test_published_names(void **state)
{
    (void)state;
    assert_int_equal(enabled("blit"), 0x7);
    assert_int_equal(enabled("geom"), 0x78);
    assert_int_equal(enabled("color"), 0xf80);
    assert_int_equal(enabled("filter"), 0x1000);
    assert_int_equal(enabled("noise"), 0x2000);
    assert_int_equal(enabled("cutout"), 0x4000);
    assert_int_equal(enabled("bg"), 0x7f);
    assert_int_equal(enabled("bgc"), 0xfff);
    assert_int_equal(enabled("bgcf"), 0x1fff);
    assert_int_equal(enabled("bgcfn"), 0x3fff);
    assert_int_equal(enabled("bgcfnc"), 0x7fff);
    assert_int_equal(enabled("bgfnc"), 0x707f);
    assert_int_equal(enabled("xflip,hue,cutout"), 0x4401);
}

static void test_published_strengths(void **state)
{
    static const double strengths[] = {1,   1, 0.125, 0.2, 1, 0.2, 0.125, 0.2,
                                       0.5, 1, 1,     1,   1, 0.1, 0.5};
    sg_augment_spec spec;
    (void)state;
    assert_int_equal(sg_augment_spec_parse("bgcfnc", "pipe", &spec, NULL), SG_OK);
    assert_memory_equal(spec.strength, strengths, sizeof strengths);
}

static void test_numbers_after_names(void **state)
{
    sg_augment_spec spec;
    (void)state;
    assert_int_equal(sg_augment_spec_parse("bg:0.5,scale=0.4,noise=0.3:0.25", "pipe", &spec, NULL),
                     SG_OK);
    assert_true(spec.multiplier[SG_AUGMENT_XFLIP] == 0.5);
    assert_true(spec.multiplier[SG_AUGMENT_SCALE] == 1 && spec.strength[SG_AUGMENT_SCALE] == 0.4);
    assert_true(spec.multiplier[SG_AUGMENT_NOISE] == 0.25);
    assert_true(spec.strength[SG_AUGMENT_NOISE] == 0.3);
    assert_true(spec.multiplier[SG_AUGMENT_HUE] == 0);
}

static void test_what_is_on(void **state)
{
    sg_augment_spec spec = {{0}, {0}};
    (void)state;
    assert_false(sg_augment_spec_is_on(&spec));
    assert_int_equal(sg_augment_spec_parse("hue", "pipe", &spec, NULL), SG_OK);
    assert_true(sg_augment_spec_is_on(&spec));
    assert_true(sg_augment_spec_has(&spec, SG_AUGMENT_BRIGHTNESS, SG_AUGMENT_SATURATION));
    assert_false(sg_augment_spec_has(&spec, SG_AUGMENT_XFLIP, SG_AUGMENT_XFRAC));
}

static void test_refusals_say_what_is_wrong(void **state)
{
    static const char *const wrong[][2] = {
        {"bgx", "\"bgx\" is unknown"},   {"", "\"\" is unknown"},
        {"bg,,hue", "\"\" is unknown"},  {"Hue", "the transforms xflip"},
        {"scale=", "needs a number"},    {"scale=x", "needs a number"},
        {"scale=-1", "needs a number"},  {"scale=nan", "needs a number"},
        {"hue:0.5x", "needs a number"},  {"bg=0.3", "one strength to several transforms"},
        {"xflip=0.5", "\"xflip:X\""},    {"bg,lumaflip=1", "gives a strength to lumaflip"},
        {"scale=99", "must be 0 to 10"}, {"cutout=3", "must be 0 to 2"},
    };
    char longest[200];
    sg_augment_spec spec;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        sg_error error = {0};
        assert_int_equal(sg_augment_spec_parse(wrong[i][0], "pipe", &spec, &error),
                         SG_ERROR_ARGUMENT);
        if (!strstr(error.message, wrong[i][1]) || strncmp(error.message, "pipe: ", 6) != 0)
            fail_msg("\"%s\" gives: %s", wrong[i][0], error.message);
    }
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(sg_augment_spec_parse(longest, "pipe", &spec, NULL), SG_ERROR_ARGUMENT);
    longest[80] = '\0';
    assert_int_equal(sg_augment_spec_parse(longest, "pipe", &spec, NULL), SG_ERROR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_names),
        cmocka_unit_test(test_published_strengths),
        cmocka_unit_test(test_numbers_after_names),
        cmocka_unit_test(test_what_is_on),
        cmocka_unit_test(test_refusals_say_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
