/* Ways of truncation, and clusters of w. */
#include "edit/centres.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void rows_have_truncations_of_their_own(void **state)
{
    (void)state;
    const double base[] = {1, 1};
    const double psis[] = {0.5, -1};
    double ws[] = {3, 1, 2, 1};
    sg_truncate_rows(ws, 2, 2, base, psis);
    assert_true(ws[0] == 2 && ws[1] == 1 && ws[2] == 0);
}

static void a_radius_is_kept_softly(void **state)
{
    (void)state;
    const double base[] = {1, 0};
    double ws[] = {1.001, 0, 101, 0, 1, 0};
    sg_truncate_radially(ws, 3, 2, base, 2);
    assert_true(fabs(ws[0] - 1.001) < 1e-6); /* near the base */
    assert_true(fabs(ws[2] - 3) < 1e-9);     /* far away: the radius */
    assert_true(ws[4] == 1 && ws[5] == 0);   /* the base itself */
}

static void components_are_clamped(void **state)
{
    (void)state;
    const double mean[] = {0, 10};
    const double deviation[] = {1, 2};
    double ws[] = {5, 10.5};
    sg_truncate_components(ws, 1, 2, mean, deviation, 1.5);
    assert_true(ws[0] == 1.5 && ws[1] == 10.5);
}

static void clusters_are_found_and_counted(void **state)
{
    (void)state;
    const double vectors[] = {0, 0, 0, 1, 1, 0, 100, 7, 101, 7, 100, 8};
    const size_t initial[] = {0, 1};
    sg_clusters clusters = {.count = 2, .width = 2};
    assert_int_equal(sg_clusters_find(&clusters, vectors, 6, initial, NULL), SG_OK);
    assert_int_not_equal(clusters.labels[0], clusters.labels[3]);
    for (int i = 0; i < 6; i++)
        assert_int_equal(clusters.labels[i], clusters.labels[i / 3 * 3]);
    const double *right = clusters.centres + 2 * clusters.labels[3];
    assert_true(fabs(right[0] - 301.0 / 3) < 1e-9 && fabs(right[1] - 22.0 / 3) < 1e-9);
    assert_true(clusters.margin > 0);
    const double w[] = {90, 6};
    assert_int_equal(sg_nearest_centre(clusters.centres, 2, 2, w), clusters.labels[3]);
    sg_clusters_clear(&clusters);
    assert_null(clusters.centres);
}

/* A component that never changes has no deviation to divide by. */
static void constant_components_stay(void **state)
{
    (void)state;
    const double vectors[] = {5, 0, 5, 1, 5, 9, 5, 10};
    const size_t initial[] = {0, 3};
    sg_clusters clusters = {.count = 2, .width = 2};
    assert_int_equal(sg_clusters_find(&clusters, vectors, 4, initial, NULL), SG_OK);
    assert_true(clusters.centres[0] == 5 && clusters.centres[2] == 5);
    assert_true(isfinite(clusters.inertia));
    sg_clusters_clear(&clusters);
}

static void initial_vectors_differ(void **state)
{
    (void)state;
    size_t initial[50];
    assert_int_equal(sg_clusters_choose(50, 7, 50, initial, NULL), SG_OK);
    for (int i = 0; i < 50; i++)
        for (int k = 0; k < i; k++)
            assert_int_not_equal(initial[i], initial[k]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_have_truncations_of_their_own),
        cmocka_unit_test(a_radius_is_kept_softly),
        cmocka_unit_test(components_are_clamped),
        cmocka_unit_test(clusters_are_found_and_counted),
        cmocka_unit_test(constant_components_stay),
        cmocka_unit_test(initial_vectors_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
