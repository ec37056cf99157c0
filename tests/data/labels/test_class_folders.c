/* Classes from folders: their order, their names, and parts of sets. */
#include "data/labels/class_folders.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static sg_class_folders find(const char *const *names)
{
    size_t count = 0;
    sg_class_folders found;
    while (names[count])
        count++;
    assert_int_equal(sg_class_folders_find(names, count, &found, NULL), SG_OK);
    return found;
}

#define FIND(...) find((const char *const[]){__VA_ARGS__, NULL})

static void test_numbers_are_in_their_order(void **state)
{
    (void)state;
    sg_class_folders found = FIND("0/a.png", "1/a.png", "10/a.png", "2/a.png");
    assert_int_equal(found.count, 4);
    assert_string_equal(found.names[2], "2");
    assert_string_equal(found.names[3], "10");
    assert_memory_equal(found.classes, ((const int[]){0, 1, 3, 2}), 4 * sizeof(int));
    assert_null(found.doubt);
    sg_class_folders_clear(&found);
}

static void test_folders_around_all_do_not_count(void **state)
{
    (void)state;
    sg_class_folders found = FIND("my/set/cat/a.png", "my/set/cat/b.png", "my/set/dog/a.png");
    assert_int_equal(found.count, 2);
    assert_string_equal(found.names[0], "cat");
    assert_int_equal(found.classes[2], 1);
    sg_class_folders_clear(&found);
    found = FIND("my/a.png", "my/b.png");
    assert_int_equal(found.count, 0);
    found = FIND("a.png", "cat/b.png");
    assert_int_equal(found.count, 0);
    found = FIND("x/00000/img00000000.png", "x/00001/img00001000.png");
    assert_int_equal(found.count, 0);
}

static void test_parts_of_a_set_are_doubted(void **state)
{
    (void)state;
    sg_class_folders found = FIND("test/a.png", "train/b.png");
    assert_int_equal(found.count, 2);
    assert_non_null(strstr(found.doubt, "the folders test, train look like parts of a data set"));
    sg_class_folders_clear(&found);
    found = FIND("one/0/a.png", "one/1/a.png", "two/0/a.png", "two/1/a.png");
    assert_non_null(strstr(found.doubt, "since they hold the same folders"));
    sg_class_folders_clear(&found);
    found = FIND("one/0/a.png", "one/1/a.png", "two/0/a.png", "two/2/a.png");
    assert_null(found.doubt);
    sg_class_folders_clear(&found);
    found = FIND("test/a.png", "toast/a.png");
    assert_null(found.doubt);
    sg_class_folders_clear(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_in_their_order),
        cmocka_unit_test(test_folders_around_all_do_not_count),
        cmocka_unit_test(test_parts_of_a_set_are_doubted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
