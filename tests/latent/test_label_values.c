/* Labels as texts and JSON. */
#include "latent/label_values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *text, const float *expected)
{
    float values[3] = {9, 9, 9};
    sg_error error = {0};
    if (sg_label_values_parse(text, 3, values, &error))
        fail_msg("%s", error.message);
    assert_memory_equal(values, expected, sizeof values);
}

static void test_texts(void **state)
{
    (void)state;
    check("0.5,-1,2e1", (const float[]){0.5f, -1, 20});
    check(" 1 , 0 , 0 ", (const float[]){1, 0, 0});
    check("2=1", (const float[]){0, 0, 1});
    check("1=-0.5, 0=3", (const float[]){3, -0.5f, 0});
}

static void test_bad_texts(void **state)
{
    static const char *const texts[] = {"",      "1,2",     "1,2,3,4", "1,2,",    "1,,2",
                                        "a,b,c", "3=1",     "=1",      "1=",      "1=1,2",
                                        "-1=1",  "1,2,nan", "1;2;3",   "1,2,inf", "1=1,"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        float values[3];
        sg_error error = {0};
        if (sg_label_values_parse(texts[i], 3, values, &error) != SG_ERROR_ARGUMENT)
            fail_msg("'%s' was read", texts[i]);
        assert_non_null(strstr(error.message, "must be 3 numbers with commas between"));
    }
}

static void test_json(void **state)
{
    static const char *const texts[] = {"[1, 2]", "[1, 2, \"3\"]", "[1, 2, 3, 4]", "3", "[]"};
    float values[3];
    (void)state;
    cJSON *json = cJSON_Parse("[1, 0.5, -2]");
    assert_int_equal(sg_label_values_from_json(json, 3, values, NULL), SG_OK);
    assert_memory_equal(values, ((const float[]){1, 0.5f, -2}), sizeof values);
    cJSON_Delete(json);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json = cJSON_Parse(texts[i]);
        assert_int_equal(sg_label_values_from_json(json, 3, values, NULL), SG_ERROR_ARGUMENT);
        cJSON_Delete(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_bad_texts),
        cmocka_unit_test(test_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
