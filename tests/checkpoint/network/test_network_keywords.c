/* Keywords that people give beside a file: how they are read, and where they go. */
#include "checkpoint/network/network_keywords.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_read(const char *text, const char *expected)
{
    cJSON *keywords = NULL;
    sg_error error = {0};
    if (sg_network_keywords_parse(text, &keywords, &error))
        fail_msg("%s: %s", text, error.message);
    char *found = cJSON_PrintUnformatted(keywords);
    assert_string_equal(found, expected);
    free(found);
    cJSON_Delete(keywords);
}

static void test_values(void **state)
{
    (void)state;
    assert_read("z_dim=32", "{\"z_dim\":32}");
    assert_read("conv_clamp=None,use_noise=False", "{\"conv_clamp\":null,\"use_noise\":false}");
    assert_read("resample_filter=[1,3,3,1],architecture=orig",
                "{\"resample_filter\":[1,3,3,1],\"architecture\":\"orig\"}");
    assert_read("mapping_kwargs.num_layers=4,mapping_kwargs.lr_multiplier=0.1",
                "{\"mapping_kwargs\":{\"num_layers\":4,\"lr_multiplier\":0.1}}");
    assert_read("z_dim=1,z_dim=2", "{\"z_dim\":2}");
    assert_read("a.b.c.d.e.f.g=1", "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":1}}}}}");
    assert_read("a=1,a.b=2", "{\"a\":2}");
}

static void test_texts_that_are_no_keywords(void **state)
{
    static const char *const refused[] = {"z_dim", "=3", "z dim=3", "1=2", "z_dim=1,,", ",a=1"};
    char long_text[20000];
    cJSON *keywords = NULL;
    sg_error error = {0};
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const bool kept = i == 4; /* a comma without a key belongs to the value */
        assert_int_equal(sg_network_keywords_parse(refused[i], &keywords, &error),
                         kept ? SG_OK : SG_ERROR_ARGUMENT);
        cJSON_Delete(keywords);
    }
    memset(long_text, 'a', sizeof long_text);
    long_text[sizeof long_text - 1] = '\0';
    assert_int_equal(sg_network_keywords_parse(long_text, &keywords, &error), SG_ERROR_ARGUMENT);
    assert_null(keywords);
}

static void test_parts(void **state)
{
    (void)state;
    cJSON *keywords = NULL;
    cJSON *config = cJSON_Parse("{\"G_ema\":{\"init_kwargs\":{\"z_dim\":8,\"mapping_kwargs\":"
                                "{\"num_layers\":2}}},\"D\":{\"init_kwargs\":{\"c_dim\":0}}}");
    assert_int_equal(sg_network_keywords_parse("z_dim=16,mapping_kwargs.w_avg_beta=0.9,"
                                               "D.epilogue_kwargs.mbstd_group_size=2",
                                               &keywords, NULL),
                     SG_OK);
    assert_int_equal(sg_network_keywords_apply(keywords, config, "a file", NULL), SG_OK);
    char *found = cJSON_PrintUnformatted(config);
    assert_string_equal(found,
                        "{\"G_ema\":{\"init_kwargs\":{\"mapping_kwargs\":{\"num_layers\":2,"
                        "\"w_avg_beta\":0.9},\"z_dim\":16}},\"D\":{\"init_kwargs\":{\"c_dim\":0,"
                        "\"epilogue_kwargs\":{\"mbstd_group_size\":2}}}}");
    free(found);
    cJSON_Delete(keywords);
    cJSON_Delete(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_texts_that_are_no_keywords),
        cmocka_unit_test(test_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
