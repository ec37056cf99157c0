/* Nearest neighbours in tiles against all distances in doubles, also where floats cannot tell. */
#include "metrics/formulas/neighbours.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "base/random.h"
#include "metrics/formulas/distance_tiles.h"
#include "support/near.h"

static sg_manifold manifold_of(const float *values, size_t count, size_t features, size_t k)
{
    const sg_rows rows = {values, count, features};
    sg_manifold manifold;
    sg_error error = {0};
    if (sg_manifold_create(&rows, k, NULL, &manifold, &error))
        fail_msg("%s", error.message);
    return manifold;
}

/* On a line: 0, 1, 3, 7 and, of the other set, 1, 4, 20. */
static void test_by_hand(void **state)
{
    (void)state;
    static const float real[] = {0, 1, 3, 7};
    static const float fake[] = {1, 4, 20};
    static const double radii[] = {1, 1, 2, 4};
    sg_manifold a = manifold_of(real, 4, 1, 1);
    sg_manifold b = manifold_of(fake, 3, 1, 1);
    sg_manifold_shares shares;
    for (int i = 0; i < 4; i++)
        ASSERT_NEAR(a.radii[i], radii[i], 0);
    assert_int_equal(sg_manifold_compare(&b, &a, NULL, &shares, NULL), SG_OK);
    /* 1 is on the ball around 0, in that around 1 and on that around 3; 4 is in those of 3 and 7 */
    ASSERT_NEAR(shares.precision, 2 / 3.0, 1e-15);
    ASSERT_NEAR(shares.inner_precision, 2 / 3.0, 1e-15);
    ASSERT_NEAR(shares.density, (1 + 2) / 3.0, 1e-15);
    ASSERT_NEAR(shares.coverage, 3 / 4.0, 1e-15);
    /* radii of the fakes: 3, 3, 16 */
    ASSERT_NEAR(shares.recall, 1, 1e-15);
    ASSERT_NEAR(shares.inner_recall, 1, 1e-15);
    sg_manifold_clear(&a);
    sg_manifold_clear(&b);
}

/* Points on edges count for precision and not for density. */
static void test_edges(void **state)
{
    (void)state;
    static const float real[] = {0, 0, 0, 2};
    static const float fake[] = {2, 0, 8, 8};
    sg_manifold a = manifold_of(real, 2, 2, 1);
    sg_manifold b = manifold_of(fake, 2, 2, 1);
    sg_manifold_shares shares;
    assert_int_equal(sg_manifold_compare(&b, &a, NULL, &shares, NULL), SG_OK);
    assert_true(shares.precision == 0.5 && shares.inner_precision == 0);
    assert_true(shares.density == 0 && shares.coverage == 0);
    sg_manifold_clear(&a);
    sg_manifold_clear(&b);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Compares radii with those of all distances, sorted. */
static void check_radii(const float *values, size_t count, size_t features, size_t k)
{
    sg_manifold found = manifold_of(values, count, features, k);
    double *row = malloc(count * sizeof *row);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++)
            row[j] = sg_exact_distance(values + i * features, values + j * features, features);
        qsort(row, count, sizeof *row, ascending);
        if (found.squares[i] != row[k])
            fail_msg("k %zu: square %zu is %.17g, expected %.17g", k, i, found.squares[i], row[k]);
    }
    free(row);
    sg_manifold_clear(&found);
}

enum { MANY = SG_TILE + 300, FEATURES = 9 };

/* Two tiles, near the origin and so far from it that products of floats tell nothing. */
static void test_radii_are_exact(void **state)
{
    (void)state;
    float *values = malloc(MANY * FEATURES * sizeof *values);
    sg_random random = sg_random_stream(1, 2);
    sg_random_normal_fill(&random, values, MANY * FEATURES);
    sg_set_thread_count(2);
    check_radii(values, MANY, FEATURES, 3);
    check_radii(values, 200, FEATURES, 40);
    /* two far clusters: the centre is near neither */
    for (int i = 0; i < MANY * FEATURES; i++)
        values[i] = values[i] / 1000 + (i / FEATURES % 2 ? 3000 : -3000);
    check_radii(values, MANY, FEATURES, 5);
    free(values);
}

/* Points that are many times the same fill every list with equal candidates. */
static void test_equal_points(void **state)
{
    (void)state;
    float *values = malloc(MANY * FEATURES * sizeof *values);
    for (int i = 0; i < MANY * FEATURES; i++)
        values[i] = (float)(i / FEATURES % 7 * (i % FEATURES)) * 0.1F;
    check_radii(values, MANY, FEATURES, 3);
    check_radii(values, MANY, FEATURES, 250);
    free(values);
}

/* Decisions on the edge of balls: the fakes are the reals, so that every distance occurs twice. */
static void test_decisions_are_exact(void **state)
{
    (void)state;
    float *values = malloc(2 * MANY * FEATURES * sizeof *values);
    sg_random random = sg_random_stream(1, 3);
    sg_random_normal_fill(&random, values, 2 * MANY * FEATURES);
    for (int i = 0; i < MANY / 2 * FEATURES; i++)
        values[MANY * FEATURES + i] = values[i];
    sg_manifold real = manifold_of(values, MANY, FEATURES, 3);
    sg_manifold fake = manifold_of(values + MANY * FEATURES, MANY, FEATURES, 3);
    size_t precise = 0;
    size_t balls = 0;
    for (size_t i = 0; i < MANY; i++) {
        bool inside = false;
        for (size_t k = 0; k < MANY; k++) {
            const double distance =
                sg_exact_distance(values + (MANY + i) * FEATURES, values + k * FEATURES, FEATURES);
            inside = inside || distance <= real.squares[k];
            balls += distance < real.squares[k];
        }
        precise += inside;
    }
    sg_manifold_shares shares;
    assert_int_equal(sg_manifold_compare(&fake, &real, NULL, &shares, NULL), SG_OK);
    ASSERT_NEAR(shares.precision, (double)precise / MANY, 1e-15);
    ASSERT_NEAR(shares.density, (double)balls / (3.0 * MANY), 1e-15);
    sg_manifold_clear(&real);
    sg_manifold_clear(&fake);
    free(values);
}

static bool stop(void *user, double done, double total, const char *remark)
{
    (void)user;
    (void)done;
    (void)total;
    (void)remark;
    return true;
}

static void test_a_watcher_stops_the_search(void **state)
{
    (void)state;
    static const float values[] = {1, 2, 3, 5};
    const sg_watch watch = {.step = stop};
    const sg_rows rows = {values, 4, 1};
    sg_manifold manifold;
    assert_int_equal(sg_manifold_create(&rows, 1, &watch, &manifold, NULL), SG_ERROR_CANCELLED);
    assert_null(manifold.radii);
    sg_manifold whole = manifold_of(values, 4, 1, 1);
    sg_manifold_shares shares;
    assert_int_equal(sg_manifold_compare(&whole, &whole, &watch, &shares, NULL),
                     SG_ERROR_CANCELLED);
    sg_manifold_clear(&whole);
}

static void test_wrong_use(void **state)
{
    (void)state;
    static const float values[] = {1, 2, 3, NAN};
    sg_manifold manifold;
    sg_error error = {0};
    const sg_rows few = {values, 3, 1};
    assert_int_equal(sg_manifold_create(&few, 3, NULL, &manifold, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "the neighbour number 3 of each picture is asked for, but "
                                       "there are 3 pictures");
    error = (sg_error){0};
    const sg_rows bad = {values, 4, 1};
    assert_int_equal(sg_manifold_create(&bad, 3, NULL, &manifold, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "features of pictures are not finite");
    assert_null(manifold.radii);
    sg_manifold a = manifold_of(values, 3, 1, 1);
    sg_manifold b = manifold_of(values, 1 + 1, 1, 1);
    b.rows.features = 2;
    sg_manifold_shares shares;
    error = (sg_error){0};
    assert_int_equal(sg_manifold_compare(&a, &b, NULL, &shares, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "sets with 1 and 2 features cannot be compared");
    sg_manifold_clear(&a);
    sg_manifold_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_radii_are_exact),
        cmocka_unit_test(test_equal_points),
        cmocka_unit_test(test_decisions_are_exact),
        cmocka_unit_test(test_a_watcher_stops_the_search),
        cmocka_unit_test(test_wrong_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
