/* Memory that is left, refusals of what exceeds it, and numbers of bytes in options. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/machine/memory.h"

static void available_memory_is_in_bytes(void **state)
{
    (void)state;
    const double available = sg_available_bytes();
    const double resident = sg_resident_bytes();
    assert_true(available > 1e6 && available < 1e15);
    assert_true(resident > 1e5 && resident < 1e12);
}

static void what_fits_passes(void **state)
{
    sg_error error = {0};
    (void)state;
    assert_int_equal(sg_memory_check(1e6, 0, "it", &error), SG_OK);
    assert_int_equal(sg_memory_check(-5, (uint64_t)1 << 40, "it", &error), SG_OK);
}

static void what_exceeds_the_machine_is_refused(void **state)
{
    sg_error error = {0};
    (void)state;
    assert_int_equal(sg_memory_check(1e18, 0, "a pass", &error), SG_ERROR_MEMORY);
    assert_ptr_equal(strstr(error.message, "a pass takes about 1.0 EB of memory, but "),
                     error.message);
}

static void what_exceeds_a_given_limit_is_refused(void **state)
{
    sg_error error = {0};
    (void)state;
    const uint64_t limit = (uint64_t)sg_resident_bytes() + 2000000;
    assert_int_equal(sg_memory_check(3e7, limit, "a pass", &error), SG_ERROR_MEMORY);
    assert_non_null(strstr(error.message, "takes about 30 MB of memory, but \"memory\" leaves"));
}

static void the_address_space_bounds_too(void **state)
{
    sg_error error = {0};
    struct rlimit before;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    struct rlimit low = before;
    low.rlim_cur = (rlim_t)1 << 44; /* above what the address sanitizer reserves or not */
    assert_int_equal(setrlimit(RLIMIT_AS, &low), 0);
    const sg_status status = sg_memory_check(1e17, 0, "a pass", &error);
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    assert_int_equal(status, SG_ERROR_MEMORY);
}

static void bytes_have_suffixes(void **state)
{
    static const struct {
        const char *text;
        uint64_t bytes; /* 0: refused */
    } cases[] = {{"1", 1},
                 {"512M", 512u << 20},
                 {"24g", (uint64_t)24 << 30},
                 {"1.5k", 1536},
                 {"8192T", (uint64_t)1 << 53},
                 {"8193T", 0},
                 {"", 0},
                 {"0", 0},
                 {"-1M", 0},
                 {"M", 0},
                 {"1MB", 0},
                 {"nan", 0},
                 {"inf", 0},
                 {"1e400", 0},
                 {" 1", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t bytes = 0;
        sg_error error = {0};
        const sg_status status = sg_bytes_codec.parse(cases[i].text, &bytes, &error);
        assert_int_equal(status, cases[i].bytes ? SG_OK : SG_ERROR_ARGUMENT);
        assert_true(bytes == cases[i].bytes);
    }
}

static void amounts_have_a_fitting_unit(void **state)
{
    char text[SG_BYTES_BYTES];
    (void)state;
    assert_string_equal(sg_print_bytes(text, 8.12e6), "8.1 MB");
    assert_string_equal(sg_print_bytes(text, 345.6e6), "346 MB");
    assert_string_equal(sg_print_bytes(text, 999.6e6), "1.0 GB");
    assert_string_equal(sg_print_bytes(text, 24e9), "24 GB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(available_memory_is_in_bytes),
                                       cmocka_unit_test(what_fits_passes),
                                       cmocka_unit_test(what_exceeds_the_machine_is_refused),
                                       cmocka_unit_test(what_exceeds_a_given_limit_is_refused),
                                       cmocka_unit_test(the_address_space_bounds_too),
                                       cmocka_unit_test(bytes_have_suffixes),
                                       cmocka_unit_test(amounts_have_a_fitting_unit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
