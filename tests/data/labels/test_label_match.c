/* Which pictures the names of label files mean. */
#include "data/labels/label_match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 8 };

/* Matches entries of these names, up to NULL, with the pictures; fails the test if that fails. */
static void match(const char *const *pictures, const char *const *entries, size_t *found,
                  sg_error *error)
{
    sg_label_list list = {.file = "dataset.json"};
    size_t count = 0;
    while (pictures[count])
        count++;
    for (; *entries; entries++)
        assert_true(sg_label_list_add(&list, *entries, NULL, 1, 0));
    assert_in_range(list.count, 1, MOST);
    const sg_status status = sg_label_match(&list, pictures, count, found, error);
    if (status && error->status == SG_OK)
        fail_msg("it failed without a sentence");
    sg_label_list_clear(&list);
}

#define TEXTS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The entries must mean these pictures; -1 for none. */
static void check(const char *const *pictures, const char *const *entries, const int *expected)
{
    size_t found[MOST];
    sg_error error = {0};
    match(pictures, entries, found, &error);
    if (error.status)
        fail_msg("%s", error.message);
    for (size_t i = 0; entries[i]; i++)
        if (found[i] != (expected[i] < 0 ? SG_UNMATCHED : (size_t)expected[i]))
            fail_msg("%s means picture %zu, not %d", entries[i], found[i], expected[i]);
}

#define MEAN(...) ((const int[]){__VA_ARGS__})

static const char *const two[] = {"cat/0.png", "dog/0.png", NULL};

static void test_spellings(void **state)
{
    (void)state;
    check(two, TEXTS("dog/0.png", "cat/0.png"), MEAN(1, 0));
    check(two, TEXTS("dog\\0.png", ".\\cat\\0.png"), MEAN(1, 0));
    check(two, TEXTS("./Dog/0.JPG", "CAT/0", "cat/1.png"), MEAN(1, 0, -1));
}

static void test_folders_around(void **state)
{
    (void)state;
    check(two, TEXTS("set/dog/0.png", "set/cat/0.png"), MEAN(1, 0));
    check(two, TEXTS("C:\\my sets\\dog\\0.png", "C:\\my sets\\cat\\0.png"), MEAN(1, 0));
    check(two, TEXTS("/home/me/set/dog/0.png"), MEAN(1));
    check(TEXTS("mine/cat/0.png", "mine/dog/0.png"), two, MEAN(0, 1));
    check(TEXTS("mine/cat/0.png", "mine/dog/0.png"), TEXTS("mine/dog/0.png", "0.png"), MEAN(1, -1));
    check(TEXTS("img/1.jpg", "img/2.jpg"), TEXTS("2.jpg", "1.jpg", "3.jpg"), MEAN(1, 0, -1));
    check(TEXTS("a/1.jpg", "b/2.jpg"), TEXTS("2.jpg", "1.jpg"), MEAN(1, 0));
}

/* One rule counts for all entries: that of most. */
static void test_no_label_strays_to_another_folder(void **state)
{
    (void)state;
    check(TEXTS("0.png", "cat/1.png"), TEXTS("0.png", "cat/1.png", "dog/0.png"), MEAN(0, 1, -1));
}

static void test_the_same_spelling_is_preferred(void **state)
{
    (void)state;
    check(TEXTS("A.png", "a.jpg", "a.png"), TEXTS("a.png", "A.png", "a.jpg", "A.PNG"),
          MEAN(2, 0, 1, 0));
}

static void test_ambiguous_names_are_refused(void **state)
{
    size_t found[MOST];
    sg_error error = {0};
    (void)state;
    match(TEXTS("a.jpg", "a.png"), TEXTS("a"), found, &error);
    assert_int_equal(error.status, SG_ERROR_FORMAT);
    assert_string_equal(error.message,
                        "dataset.json: the label of \"a\" could be for a.jpg or a.png");
    error = (sg_error){0};
    match(two, TEXTS("0.png"), found, &error);
    assert_non_null(strstr(error.message, "could be for cat/0.png or dog/0.png"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spellings),
        cmocka_unit_test(test_folders_around),
        cmocka_unit_test(test_no_label_strays_to_another_folder),
        cmocka_unit_test(test_the_same_spelling_is_preferred),
        cmocka_unit_test(test_ambiguous_names_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
