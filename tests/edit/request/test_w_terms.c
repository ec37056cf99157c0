/* Names of w, and sums of them. */
#include "edit/request/w_terms.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/latents/w_file.h"
#include "support/networks.h"
#include "support/temporary_folder.h"

static sg_context *context;
static sg_generator *generator;
static sg_w_term terms[SG_MOST_TERMS];

static int setup(void **state)
{
    const sg_generator_config config = tiny_generator_config(SG_ARCHITECTURE_SKIP, 3, 0);
    context = sg_context_create(1);
    generator = tiny_generator(context, &config, SG_F32, 1);
    return temporary_folder_setup(state);
}

static int teardown(void **state)
{
    sg_generator_destroy(generator);
    sg_context_destroy(context);
    return temporary_folder_teardown(state);
}

static void clear_terms(size_t count)
{
    for (size_t i = 0; i < count; i++)
        sg_w_term_clear(&terms[i]);
}

/* The sum must have these factors and seeds. */
static void assert_sum(const char *text, size_t count, const double *factors, const uint32_t *seeds)
{
    size_t found = 0;
    assert_int_equal(sg_w_terms_read(text, generator, terms, &found, NULL), SG_OK);
    assert_int_equal(found, count);
    for (size_t i = 0; i < count; i++) {
        assert_true(terms[i].factor == factors[i]);
        assert_int_equal(terms[i].seed, seeds[i]);
    }
    clear_terms(found);
}

static void sums_have_signs_and_factors(void **state)
{
    (void)state;
    const double factors[] = {1, -1, 0.5};
    const uint32_t seeds[] = {1, 2, 3};
    assert_sum("seed:1 - seed:2 + 0.5*seed:3", 3, factors, seeds);
    assert_sum("seed:1-seed:2+0.5 * seed:3", 3, factors, seeds);
    assert_sum(" 1 - 2 +  0.5* 3 ", 3, factors, seeds);
    assert_sum("-4294967295", 1, (double[]){-1}, (uint32_t[]){UINT32_MAX});
}

static void files_have_numbers(void **state)
{
    enum { NUMBERS = 4 * 5 };
    float values[2 * NUMBERS];
    size_t count = 0;
    char text[4200];
    char *path = temporary_path(state, "a-b+c.npz");
    for (int i = 0; i < 2 * NUMBERS; i++)
        values[i] = (float)i;
    assert_int_equal(sg_w_file_write(path, values, 2, 4, 5, NULL), SG_OK);
    snprintf(text, sizeof text, "%s#1 - average", path);
    assert_int_equal(sg_w_terms_read(text, generator, terms, &count, NULL), SG_OK);
    assert_int_equal(count, 2);
    assert_true(terms[0].values[0] == (float)NUMBERS);
    assert_true(terms[1].average && terms[1].factor == -1);
    assert_true(terms[1].values[0] == terms[1].values[5]); /* for every input */
    clear_terms(count);
    sg_error error = {0};
    snprintf(text, sizeof text, "%s#2", path);
    assert_int_equal(sg_w_terms_read(text, generator, terms, &count, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "holds 2 w, counted from 0"));
    clear_terms(count);
    free(path);
}

static void assert_refused(const char *text, const char *part)
{
    sg_error error = {0};
    size_t count = 0;
    assert_int_not_equal(sg_w_terms_read(text, generator, terms, &count, &error), SG_OK);
    assert_non_null(strstr(error.message, part));
    clear_terms(count);
}

static void mistakes_are_sentences(void **state)
{
    (void)state;
    char many[8 * SG_MOST_TERMS] = "1";
    for (int i = 0; i < SG_MOST_TERMS; i++)
        strcat(many, " + 1");
    assert_refused(" ", "is empty");
    assert_refused("seed:1 seed:2", "a plus or a minus before \"seed:2\"");
    assert_refused("seed:1 -", "\"\" is no w");
    assert_refused("seed:x", "\"seed:x\" is no w");
    assert_refused("smile", "\"smile\" is no w");
    assert_refused("4294967296", "must be from 0 to 4294967295");
    assert_refused("1e9*seed:1", "must be from -1000 to 1000");
    assert_refused("nan*seed:1", "a factor of a sum of w is");
    assert_refused("absent.npz", "absent.npz");
    assert_refused(many, "more than 64 terms");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_have_signs_and_factors),
        cmocka_unit_test(files_have_numbers),
        cmocka_unit_test(mistakes_are_sentences),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
