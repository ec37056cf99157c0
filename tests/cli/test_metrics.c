/* The command `metrics`: figures, their repetition, and mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/program.h"

#define T "tests/golden/sg3-t-32/network.safetensors"
#define STYLEGAN2 "tests/golden/sg2-skip-32/network.safetensors"

/* The decibels on the metric's line. */
static double decibels(const char *output, const char *metric)
{
    const char *line = strstr(output, metric);
    assert_non_null(line);
    return strtod(line + strlen(metric), NULL);
}

static void moves_are_followed(void **state)
{
    program_result first =
        RUN("metrics", "--network", T, "--num", "8", "--metrics", "eqt50k_int,eqt50k_frac,eqr50k");
    program_result again =
        RUN("metrics", "--network", T, "--num", "8", "--metrics", "eqr50k,eqt50k_int,eqt50k_frac");
    program_result alone = RUN("metrics", "--network", T, "--num", "8", "--metrics", "eqr50k");
    program_result other =
        RUN("metrics", "--network", T, "--num", "8", "--metrics", "eqr50k", "--seed", "1");
    (void)state;
    assert_int_equal(first.status, 0);
    assert_true(decibels(first.output, "eqt50k_int ") > 30);
    assert_true(decibels(first.output, "eqt50k_frac ") > 20);
    assert_true(decibels(first.output, "eqt50k_int ") > decibels(first.output, "eqr50k ") + 5);
    assert_string_equal(first.output, again.output);
    assert_holds(first.output, alone.output);
    assert_string_not_equal(alone.output, other.output);
    program_result_clear(&first);
    program_result_clear(&again);
    program_result_clear(&alone);
    program_result_clear(&other);
}

/* Its pixels know where they are. */
static void stylegan2_hardly_follows(void **state)
{
    program_result result = RUN("metrics", "--network", STYLEGAN2, "--num", "8", "--metrics",
                                "eqt50k_int,eqt50k_frac,eqr50k");
    (void)state;
    assert_int_equal(result.status, 0);
    assert_true(decibels(result.output, "eqt50k_int ") < 30);
    assert_true(decibels(result.output, "eqr50k ") < 30);
    program_result_clear(&result);
}

static void json_holds_the_results(void **state)
{
    (void)state;
    assert_done(RUN("metrics", "--network", T, "--num", "2", "--metrics", "eqt50k_int", "--json"),
                "\"num\":2,\"seed\":0,\"results\":{\"eqt50k_int\":");
}

static void mistakes_are_sentences(void **state)
{
    (void)state;
    assert_fails(RUN("metrics", "--network", T, "--metrics", "eqt50k_int,fid"), 2, "not \"fid\"");
    assert_fails(RUN("metrics", "--network", T), 2, "the option --metrics is missing");
    assert_fails(RUN("metrics", "--network", T, "--metrics", "eqr50k", "--num", "0"), 2,
                 "--num is 0, but must be a whole number 1 or more");
    assert_fails(RUN("metrics", "--network", T, "--metrics", "eqr50k", "--seed", "-1"), 2,
                 "--seed is -1, but must be a whole number 0 or more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_are_followed),
        cmocka_unit_test(stylegan2_hardly_follows),
        cmocka_unit_test(json_holds_the_results),
        cmocka_unit_test(mistakes_are_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
