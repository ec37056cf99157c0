/* Keywords of forks: which values leave a network as it is. */
#include "models/fork_options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct option_case {
    const char *keyword, *value;
    bool harmless;
} option_case;

static const option_case cases[] = {
    {"freeze_layers", "0", true},
    {"freeze_layers", "3", true},
    {"freeze_embed", "true", true},
    {"impl", "\"cuda\"", true},
    {"demodulate", "true", true},
    {"demodulate", "false", false}, /* turning it off is another network */
    {"demodulate", "null", true},
    {"resolution_w", "512", true}, /* shapes tell */
    {"blur_kernel", "[1, 3, 3, 1]", true},
    {"blur_kernel", "[1, 2, 1]", false},
    {"attention", "false", true}, /* nobody has heard of it, and it is off */
    {"attention", "true", false},
    {"attention_layers", "[]", true},
    {"attention_layers", "[32]", false},
    {"extra_width", "0", true},
    {"extra_width", "8", false},
    {"head", "\"\"", true},
    {"head", "\"clip\"", false},
};

static void test_values_decide(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cJSON *value = cJSON_Parse(cases[i].value);
        if (sg_fork_option_is_harmless(cases[i].keyword, value) != cases[i].harmless)
            fail_msg("%s = %s", cases[i].keyword, cases[i].value);
        cJSON_Delete(value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_values_decide)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
