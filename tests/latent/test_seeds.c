/* Seed lists, and the latents of seeds. */
#include "latent/seeds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_seeds(const char *text, const uint32_t *expected, size_t count)
{
    sg_error error = {0};
    sg_seed_list seeds = {NULL, 0};
    assert_int_equal(sg_seeds_parse(text, &seeds, &error), SG_OK);
    assert_int_equal(seeds.count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(seeds.values[i], expected[i]);
    sg_seeds_clear(&seeds);
    assert_null(seeds.values);
    assert_int_equal(seeds.count, 0);
}

static void lists_are_read_in_order(void **state)
{
    (void)state;
    assert_seeds("7", (uint32_t[]){7}, 1);
    assert_seeds("0,1,4-6", (uint32_t[]){0, 1, 4, 5, 6}, 5);
    assert_seeds("5-5,3,3", (uint32_t[]){5, 3, 3}, 3);
    assert_seeds(" 1 , 2 - 3 ", (uint32_t[]){1, 2, 3}, 3);
    assert_seeds("0007", (uint32_t[]){7}, 1);
}

static void the_largest_seeds_are_read(void **state)
{
    (void)state;
    assert_seeds("4294967295", (uint32_t[]){UINT32_MAX}, 1);
    assert_seeds("4294967294-4294967295", (uint32_t[]){UINT32_MAX - 1, UINT32_MAX}, 2);
}

static void a_million_seeds_are_the_limit(void **state)
{
    (void)state;
    sg_seed_list seeds = {NULL, 0};
    assert_int_equal(sg_seeds_parse("1-1000000", &seeds, NULL), SG_OK);
    assert_int_equal(seeds.count, SG_SEEDS_LIMIT);
    assert_int_equal(seeds.values[SG_SEEDS_LIMIT - 1], 1000000);
    sg_seeds_clear(&seeds);
    assert_int_equal(sg_seeds_parse("0-1000000", &seeds, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(sg_seeds_parse("1-1000000,5", &seeds, NULL), SG_ERROR_ARGUMENT);
    assert_int_equal(sg_seeds_parse("0-4294967295,0-4294967295", &seeds, NULL), SG_ERROR_ARGUMENT);
    assert_null(seeds.values);
}

/* The sentence must quote `quoted`. */
static void assert_mistake(const char *text, const char *quoted)
{
    sg_error error = {0};
    sg_seed_list seeds = {NULL, 5};
    assert_int_equal(sg_seeds_parse(text, &seeds, &error), SG_ERROR_ARGUMENT);
    assert_null(seeds.values);
    assert_int_equal(seeds.count, 0);
    if (!strstr(error.message, quoted))
        fail_msg("\"%s\" gave \"%s\", which does not hold %s", text, error.message, quoted);
}

static void mistakes_are_quoted(void **state)
{
    (void)state;
    assert_mistake("", "empty");
    assert_mistake("  ", "empty");
    assert_mistake("a", "\"a\"");
    assert_mistake("1,two,3", "\"two\"");
    assert_mistake("1,,3", "\"\"");
    assert_mistake("1,", "\"\"");
    assert_mistake(",1", "\"\"");
    assert_mistake("-1", "\"-1\"");
    assert_mistake("1-", "\"1-\"");
    assert_mistake("1-2-3", "\"1-2-3\"");
    assert_mistake("1 2", "\"1 2\"");
    assert_mistake("1.5", "\"1.5\"");
    assert_mistake("0x10", "\"0x10\"");
    assert_mistake("4294967296", "\"4294967296\"");
    assert_mistake("99999999999999999999999999", "\"99999999999999999999999999\"");
    assert_mistake("6-4", "\"6-4\"");
    assert_mistake("1,6-4,2", "\"6-4\"");
}

/* The first numbers of NumPy's RandomState(0).randn and RandomState(1).randn. */
static void latents_are_those_of_numpy(void **state)
{
    (void)state;
    float z[3];
    sg_seed_latent(0, 3, z);
    assert_true(z[0] == 1.764052345967664f && z[1] == 0.4001572083672233f &&
                z[2] == 0.9787379841057392f);
    sg_seed_latent(1, 3, z);
    assert_true(z[0] == 1.6243453636632417f && z[1] == -0.6117564136500754f &&
                z[2] == -0.5281717522634557f);
}

static void a_latent_does_not_depend_on_its_width(void **state)
{
    (void)state;
    float narrow[5];
    float wide[512];
    sg_seed_latent(UINT32_MAX, 5, narrow);
    sg_seed_latent(UINT32_MAX, 512, wide);
    assert_memory_equal(narrow, wide, sizeof narrow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_read_in_order),
        cmocka_unit_test(the_largest_seeds_are_read),
        cmocka_unit_test(a_million_seeds_are_the_limit),
        cmocka_unit_test(mistakes_are_quoted),
        cmocka_unit_test(latents_are_those_of_numpy),
        cmocka_unit_test(a_latent_does_not_depend_on_its_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
