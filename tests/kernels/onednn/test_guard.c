/* What is thrown under a call from C becomes a status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>

#include "kernels/onednn/guard.h"

/* std::__throw_bad_alloc() and std::__throw_logic_error(const char *) of libstdc++, which throw
 * what their names say. */
void throw_bad_alloc(void) __asm__("_ZSt17__throw_bad_allocv");
void throw_logic_error(const char *what) __asm__("_ZSt19__throw_logic_errorPKc");

typedef struct attempt {
    bool lacks_memory, fails;
    int made; /* before it throws */
} attempt;

static sg_status try_it(void *argument)
{
    attempt *a = argument;
    a->made = 1;
    if (a->lacks_memory)
        throw_bad_alloc();
    if (a->fails)
        throw_logic_error("a test");
    a->made = 2;
    return SG_ERROR_SHAPE;
}

static void test_statuses(void **state)
{
    (void)state;
    attempt attempts[] = {{.lacks_memory = true}, {.fails = true}, {0}};
    assert_int_equal(sg_guarded_call(try_it, &attempts[0]), SG_ERROR_MEMORY);
    assert_int_equal(attempts[0].made, 1);
    assert_int_equal(sg_guarded_call(try_it, &attempts[1]), SG_ERROR_LIBRARY);
    assert_int_equal(attempts[1].made, 1);
    assert_int_equal(sg_guarded_call(try_it, &attempts[2]), SG_ERROR_SHAPE);
    assert_int_equal(attempts[2].made, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
