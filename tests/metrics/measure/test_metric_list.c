/* The table of metrics: its names, lists of them, and the one pass that equal metrics share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "metrics/measure.h"

static void lists_are_read(void **state)
{
    sg_error error = {0};
    sg_metric_list list;
    (void)state;
    assert_int_equal(sg_metric_list_codec.parse("eqr50k,eqt50k_int", &list, &error), SG_OK);
    for (size_t i = 0; i < sg_metric_count; i++) {
        const bool named = strcmp(sg_metrics[i].name, "eqr50k") == 0 ||
                           strcmp(sg_metrics[i].name, "eqt50k_int") == 0;
        assert_int_equal(sg_metric_is_wanted(&list, i), named);
    }
    assert_int_equal(list.thousands, 50);
    assert_int_equal(sg_metric_list_codec.parse("eqt3k_frac", &list, &error), SG_OK);
    assert_int_equal(list.thousands, 3);
    char name[SG_METRIC_NAME_BYTES];
    assert_string_equal(sg_metric_name(&list, 1, name), "eqt3k_frac");
    assert_int_equal(sg_metric_list_codec.parse("none", &list, &error), SG_OK);
    assert_int_equal(list.bits, 0);
}

static void unknown_names_are_refused(void **state)
{
    static const char *const mistakes[] = {
        "",        "fid",         "eqr50k,",
        ",eqr50k", "none,eqr50k", "eqt50k_int_and_a_name_that_is_far_too_long"};
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        sg_error error = {0};
        sg_metric_list list;
        assert_int_equal(sg_metric_list_codec.parse(mistakes[i], &list, &error), SG_ERROR_ARGUMENT);
        assert_non_null(strstr(error.message, "eqt50k_int, eqt50k_frac or eqr50k"));
    }
}

static void numbers_of_pictures_must_agree(void **state)
{
    sg_error error = {0};
    sg_metric_list list;
    (void)state;
    assert_int_equal(sg_metric_list_codec.parse("eqr1k,eqt1k_int", &list, &error), SG_OK);
    assert_int_equal(sg_metric_list_codec.parse("eqr1k,eqt2k_int", &list, &error),
                     SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "not 1k and 2k"));
}

/* A list holds a bit for each metric, and a pass numbers its metrics without gaps or doubles. */
static void rows_are_whole(void **state)
{
    (void)state;
    assert_true(sg_metric_count <= SG_MOST_METRICS);
    for (size_t i = 0; i < sg_metric_count; i++) {
        const sg_metric *metric = &sg_metrics[i];
        assert_true(metric->name && metric->meaning && metric->unit && metric->pass);
        assert_non_null(strstr(metric->name, "50k"));
        assert_true(metric->pass->accumulate && metric->pass->finish && metric->pass->untold);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(metric->name, sg_metrics[k].name);
            assert_true(metric->pass != sg_metrics[k].pass || metric->which != sg_metrics[k].which);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_read),
        cmocka_unit_test(unknown_names_are_refused),
        cmocka_unit_test(numbers_of_pictures_must_agree),
        cmocka_unit_test(rows_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
