/* Prompts: texts in the places of a list or a file, and files that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/text.h"
#include "features/clip/prompts.h"
#include "support/temporary_folder.h"

static char *write_lines(void *const *state, const char *text)
{
    char *path = temporary_path(state, "templates.txt");
    assert_int_equal(sg_write_file(path, text, strlen(text), NULL), SG_OK);
    return path;
}

static void texts_stand_in_their_places(void **state)
{
    char *path = write_lines(state, "a {} on paper\r\n\n{}\nlast {}!");
    sg_prompts prompts;
    assert_int_equal(sg_prompts_make(path, "cat", &prompts, NULL), SG_OK);
    assert_int_equal(prompts.count, 3);
    assert_string_equal(prompts.texts[0], "a cat on paper");
    assert_string_equal(prompts.texts[1], "cat");
    assert_string_equal(prompts.texts[2], "last cat!");
    sg_prompts_clear(&prompts);
    /* A text is put once, whatever it holds. */
    assert_int_equal(sg_prompts_make(path, "{} %s", &prompts, NULL), SG_OK);
    assert_string_equal(prompts.texts[0], "a {} %s on paper");
    sg_prompts_clear(&prompts);
    free(path);
}

static void a_byte_order_mark_is_no_text(void **state)
{
    char *path = write_lines(state, "\xef\xbb\xbf{} here");
    sg_prompts prompts;
    assert_int_equal(sg_prompts_make(path, "cat", &prompts, NULL), SG_OK);
    assert_string_equal(prompts.texts[0], "cat here");
    sg_prompts_clear(&prompts);
    free(path);
}

static void the_own_list_has_several(void **state)
{
    sg_prompts prompts;
    (void)state;
    assert_int_equal(sg_prompts_make("", "a sketch", &prompts, NULL), SG_OK);
    assert_true(prompts.count > 5);
    for (size_t i = 0; i < prompts.count; i++)
        assert_non_null(strstr(prompts.texts[i], "a sketch"));
    sg_prompts_clear(&prompts);
}

static void other_files_are_refused(void **state)
{
    sg_text many = {0};
    sg_text_append(&many, "{}");
    for (int i = 0; i < SG_MOST_PROMPTS; i++)
        sg_text_append(&many, "\n{}");
    const struct {
        const char *text, *part;
    } cases[] = {{"", "has no lines with {}"},
                 {"\n\n", "has no lines with {}"},
                 {"a cat", "has the line \"a cat\", but each must have one {}"},
                 {"{} and {}", "has the line \"{} and {}\""},
                 {"{", "has the line \"{\""},
                 {"{} \xff", "templates.txt: its lines are not UTF-8"},
                 {many.bytes, "has more than 256 lines"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sg_prompts prompts;
        sg_error error = {0};
        char *path = write_lines(state, cases[i].text);
        assert_int_equal(sg_prompts_make(path, "cat", &prompts, &error), SG_ERROR_FORMAT);
        if (!strstr(error.message, cases[i].part))
            fail_msg("%s", error.message);
        sg_prompts_clear(&prompts);
        free(path);
    }
    sg_text_clear(&many);
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(texts_stand_in_their_places),
        TEST(the_own_list_has_several),
        TEST(a_byte_order_mark_is_no_text),
        TEST(other_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
