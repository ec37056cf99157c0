/* Draws: which arrays are asked for, in which order, where they go, and reproducible streams. */
#include "train/augment/augment_draws.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Notes each array as "nCOUNT " or "uCOUNT " and numbers all values through. */
typedef struct notes {
    char text[400];
    int next;
} notes;

static void note_draw(void *argument, bool normal, size_t count, float *values)
{
    notes *n = argument;
    const size_t length = strlen(n->text);
    snprintf(n->text + length, sizeof n->text - length, "%c%zu ", normal ? 'n' : 'u', count);
    for (size_t i = 0; i < count; i++)
        values[i] = (float)n->next++;
}

static void make_draws(const char *pipe, int64_t channels, notes *n, sg_augment_draws *draws)
{
    sg_augment_spec spec;
    assert_int_equal(sg_augment_spec_parse(pipe, "pipe", &spec, NULL), SG_OK);
    *n = (notes){"", 0};
    assert_int_equal(sg_augment_draws_make(&spec, (sg_augment_size){2, channels, 3, 5}, note_draw,
                                           n, draws, NULL),
                     SG_OK);
}

static void assert_order(const char *pipe, int64_t channels, const char *expected)
{
    notes n;
    sg_augment_draws draws;
    make_draws(pipe, channels, &n, &draws);
    assert_string_equal(n.text, expected);
    sg_augment_draws_free(&draws);
    assert_null(draws.rows);
}

static void test_order_is_the_published_one(void **state)
{
    (void)state;
    assert_order("blit", 3, "u2 u2 u2 u2 u4 u2 ");
    assert_order("geom", 3, "n2 u2 u2 u2 n2 u2 u2 u2 n4 u2 ");
    assert_order("color", 3, "n2 u2 n2 u2 u2 u2 u2 u2 n2 u2 ");
    assert_order("color", 4, "n2 u2 n2 u2 u2 u2 u2 u2 n2 u2 ");
    assert_order("color", 2, "n2 u2 n2 u2 u2 u2 ");
    assert_order("color", 1, "n2 u2 n2 u2 u2 u2 ");
    assert_order("filter", 3, "n2 u2 n2 u2 n2 u2 n2 u2 ");
    assert_order("noise", 3, "n2 u2 n90 ");
    assert_order("cutout", 3, "u2 u4 ");
    assert_order("cutout,noise,xflip", 1, "u2 u2 n2 u2 n30 u2 u4 ");
    assert_order("hue", 1, "");
}

static void test_values_go_to_their_pictures(void **state)
{
    notes n;
    sg_augment_draws draws;
    (void)state;
    make_draws("xint,cutout", 3, &n, &draws);
    const sg_augment_draw shift = draws.rows[1][SG_DRAW_XINT];
    const sg_augment_draw cut = draws.rows[1][SG_DRAW_CUTOUT];
    assert_true(shift.value[0] == 2 && shift.value[1] == 3 && shift.gate == 5);
    assert_true(cut.gate == 7 && cut.value[0] == 10 && cut.value[1] == 11);
    assert_true(draws.rows[1][SG_DRAW_HUE].gate == 0);
    assert_null(draws.noise);
    sg_augment_draws_free(&draws);
}

/* A stream gives the same draws again, and goes on afterwards. */
static void test_streams(void **state)
{
    const sg_augment_size size = {4, 3, 8, 8};
    sg_random first = sg_random_stream(3, 9);
    sg_random second = first;
    sg_augment_spec spec;
    sg_augment_draws a;
    sg_augment_draws b;
    sg_augment_draws c;
    (void)state;
    assert_int_equal(sg_augment_spec_parse("bgcfnc", "pipe", &spec, NULL), SG_OK);
    assert_int_equal(sg_augment_draws_random(&spec, size, &first, &a, NULL), SG_OK);
    assert_int_equal(sg_augment_draws_random(&spec, size, &second, &b, NULL), SG_OK);
    assert_int_equal(sg_augment_draws_random(&spec, size, &second, &c, NULL), SG_OK);
    assert_memory_equal(a.rows, b.rows, 4 * sizeof *a.rows);
    assert_memory_equal(a.noise, b.noise, 4 * 192 * sizeof *a.noise);
    assert_memory_not_equal(a.rows, c.rows, 4 * sizeof *a.rows);
    for (int64_t i = 0; i < 4; i++)
        for (int slot = 0; slot < SG_AUGMENT_SLOTS; slot++)
            assert_true(a.rows[i][slot].gate >= 0 && a.rows[i][slot].gate < 1);
    sg_augment_draws_free(&a);
    sg_augment_draws_free(&b);
    sg_augment_draws_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_is_the_published_one),
        cmocka_unit_test(test_values_go_to_their_pictures),
        cmocka_unit_test(test_streams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
