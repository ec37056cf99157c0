/* The table of metrics, names with numbers of samples, and lists of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "metrics/measure/metric_list.h"

static void names_have_any_number(void **state)
{
    static const struct {
        const char *text;
        const char *names[3];
        size_t samples[3];
    } lists[] = {
        {"fid50k_full,kid5k", {"fid50k_full", "kid5k"}, {50000, 5000}},
        {"pr2k3_full,prdc1k5,swd1k", {"pr2k3_full", "prdc1k5", "swd1k"}, {2000, 1000, 1000}},
        {"ls,ppl2_wend,ppl_zfull3k", {"ls", "ppl2_wend", "ppl_zfull3k"}, {200000, 50000, 3000}},
        {"fid5k,fid7k,fid5k", {"fid5k", "fid7k"}, {5000, 7000}},
        {"eqt1k_frac,fd_own2k", {"eqt1k_frac", "fd_own2k"}, {1000, 2000}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        sg_error error = {0};
        sg_metric_list list;
        char name[SG_METRIC_NAME_BYTES];
        size_t count = 0;
        assert_int_equal(sg_metric_list_codec.parse(lists[i].text, &list, &error), SG_OK);
        for (; count < 3 && lists[i].names[count]; count++) {
            assert_string_equal(sg_metric_name(&list.items[count], name), lists[i].names[count]);
            assert_int_equal(sg_metric_samples(&list.items[count]), lists[i].samples[count]);
        }
        assert_int_equal(list.count, count);
    }
}

static void lists_are_written(void **state)
{
    sg_error error = {0};
    sg_metric_list list;
    (void)state;
    assert_int_equal(sg_metric_list_codec.parse("eqr50k,fid5k", &list, &error), SG_OK);
    cJSON *text = sg_metric_list_codec.to_json(&list);
    assert_string_equal(text->valuestring, "eqr50k,fid5k");
    cJSON_Delete(text);
    assert_int_equal(sg_metric_list_codec.parse("none", &list, &error), SG_OK);
    assert_int_equal(list.count, 0);
}

static void unknown_names_are_refused(void **state)
{
    static const char *const mistakes[] = {
        "",     "fid",   "eqr50k,", ",eqr50k", "none,eqr50k", "eqt50k_int_and_a_name_too_long",
        "fidk", "fid0k", "pr5k4",   "fid5",    "ls5"};
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        sg_error error = {0};
        sg_metric_list list;
        assert_int_equal(sg_metric_list_codec.parse(mistakes[i], &list, &error), SG_ERROR_ARGUMENT);
        assert_non_null(strstr(error.message, "names of metrics, such as fid50k_full"));
    }
}

static void a_near_name_is_offered(void **state)
{
    sg_error error = {0};
    sg_metric_list list;
    (void)state;
    assert_int_equal(sg_metric_list_codec.parse("fid50k_ful", &list, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "did you mean fid50k_full?"));
}

/* Every row says what it needs, has one way to its values, and a name of its own. */
static void rows_are_whole(void **state)
{
    char name[SG_METRIC_NAME_BYTES];
    (void)state;
    for (size_t i = 0; i < sg_metric_count; i++) {
        const sg_metric *metric = &sg_metrics[i];
        sg_metric_list list = {0};
        assert_true(metric->name && metric->meaning && metric->unit && metric->needs);
        assert_non_null(strchr(metric->name, '%'));
        assert_true(sg_metric_value_count(metric) > 0);
        assert_true(!metric->finish != !metric->pass);
        assert_true(sg_metric_list_add(&list, sg_metric_official_name(metric, name)));
        assert_int_equal(list.items[0].row, i);
        assert_int_equal(list.items[0].thousands, metric->thousands);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_any_number),
        cmocka_unit_test(lists_are_written),
        cmocka_unit_test(unknown_names_are_refused),
        cmocka_unit_test(a_near_name_is_offered),
        cmocka_unit_test(rows_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
