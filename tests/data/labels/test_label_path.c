/* Forms of picture names: portable paths, keys, depths, natural order. */
#include "data/labels/label_path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void check_path(const char *name, const char *expected)
{
    char *path = sg_portable_path(name);
    assert_string_equal(path, expected);
    free(path);
}

static void check_key(const char *name, const char *expected)
{
    char *key = sg_label_key(name);
    assert_string_equal(key, expected);
    free(key);
}

static void test_portable_paths(void **state)
{
    (void)state;
    check_path("cat/0.png", "cat/0.png");
    check_path("./cat//0.png", "cat/0.png");
    check_path("cat\\deep\\0.png", "cat/deep/0.png");
    check_path("../photos/a.png", "photos/a.png");
    check_path("../../a.png", "a.png");
    check_path("a/../b.png", "b.png");
    check_path("/home/me/a.png", "home/me/a.png");
    check_path("C:\\sets\\a.png", "C:/sets/a.png");
    check_path("a/...b/..png", "a/...b/..png");
    check_path("", "");
    check_path("..", "");
}

static void test_keys(void **state)
{
    (void)state;
    check_key(".\\Cat\\IMG_1.JPG", "cat/img_1");
    check_key("cat/img_1", "cat/img_1");
    check_key("cat.2/img.0001", "cat.2/img.0001");
    check_key("a.webp", "a");
    check_key("\xff\xfe"
              "A.png",
              "\xff\xfe"
              "a");
#ifdef SG_TEST_UTF8PROC
    /* e with an acute accent: decomposed, as a Mac writes it, and composed, in capitals */
    check_key("caf"
              "e\xcc\x81"
              ".png",
              "caf\xc3\xa9");
    check_key("CAF\xc3\x89.PNG", "caf\xc3\xa9");
#endif
}

static void test_parts(void **state)
{
    (void)state;
    assert_int_equal(sg_path_depth("a.png"), 0);
    assert_int_equal(sg_path_depth("a/b/c.png"), 2);
    assert_string_equal(sg_path_after("a/b/c.png", 0), "a/b/c.png");
    assert_string_equal(sg_path_after("a/b/c.png", 2), "c.png");
    assert_null(sg_path_after("a/b/c.png", 3));
}

static void test_natural_order(void **state)
{
    static const char *const sorted[] = {"", "0", "2", "02", "10", "a1b", "a2", "a10", "b"};
    (void)state;
    enum { COUNT = sizeof sorted / sizeof sorted[0] };
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < COUNT; j++) {
            const int order = sg_compare_naturally(sorted[i], sorted[j]);
            /* "02" and "2" have one value: the order of their bytes counts */
            const size_t a = i == 2 || i == 3 ? 5 - i : i;
            const size_t b = j == 2 || j == 3 ? 5 - j : j;
            assert_int_equal((order > 0) - (order < 0), (a > b) - (a < b));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_portable_paths),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_natural_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
