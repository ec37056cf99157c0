/* Lists of edits in texts and JSON, and layers. */
#include "edit/request/edit_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static sg_edit_item items[SG_MOST_EDITS];

static void assert_item(size_t index, const char *name, double amount, const char *layers)
{
    assert_string_equal(items[index].name, name);
    assert_true(items[index].amount == amount);
    assert_string_equal(items[index].layers, layers);
}

static void texts_add_up(void **state)
{
    (void)state;
    sg_edit_list list = {0};
    size_t count = 0;
    assert_true(sg_edit_list_is_empty(&list));
    assert_int_equal(sg_edit_list_codec.parse("smile=2@0-7", &list, NULL), SG_OK);
    assert_int_equal(sg_edit_list_codec.parse(" age=-1.5 ; ;a=b@c=1e1", &list, NULL), SG_OK);
    assert_int_equal(sg_edit_list_read(&list, "move", items, &count, NULL), SG_OK);
    assert_int_equal(count, 3);
    assert_item(0, "smile", 2, "0-7");
    assert_item(1, "age", -1.5, "");
    assert_item(2, "a=b@c", 10, ""); /* a name may hold both signs */
}

static void json_has_three_forms(void **state)
{
    (void)state;
    const char *const forms[] = {"\"smile=2;age=1\"", "[\"smile=2\", \"age=1\"]",
                                 "{\"smile\": 2, \"age\": 1}"};
    for (int i = 0; i < 3; i++) {
        sg_edit_list list = {0};
        size_t count = 0;
        cJSON *json = cJSON_Parse(forms[i]);
        assert_true(sg_edit_list_codec.from_json(json, &list));
        assert_int_equal(sg_edit_list_read(&list, "move", items, &count, NULL), SG_OK);
        assert_int_equal(count, 2);
        assert_item(0, "smile", 2, "");
        assert_item(1, "age", 1, "");
        cJSON_Delete(json);
    }
}

static void other_json_is_refused(void **state)
{
    (void)state;
    const char *const forms[] = {"3", "true", "[1]", "{\"smile\": \"2\"}", "[[\"smile=2\"]]"};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        sg_edit_list list = {0};
        cJSON *json = cJSON_Parse(forms[i]);
        assert_false(sg_edit_list_codec.from_json(json, &list));
        cJSON_Delete(json);
    }
}

static void assert_refused(const char *text, const char *part)
{
    const sg_edit_list list = {.texts = {text}, .count = 1};
    sg_error error = {0};
    size_t count = 0;
    assert_int_equal(sg_edit_list_read(&list, "move", items, &count, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, part));
}

static void mistakes_are_sentences(void **state)
{
    (void)state;
    char many[SG_MOST_EDITS * 5 + 10] = "";
    char longest[2 * SG_EDIT_TEXT_BYTES];
    memset(longest, 'x', sizeof longest);
    memcpy(longest + sizeof longest - 3, "=1", 3);
    for (int i = 0; i <= SG_MOST_EDITS; i++)
        strcat(many, "a=1;");
    assert_refused("smile", "takes NAME=AMOUNT or NAME=AMOUNT@LAYERS");
    assert_refused("=2", "empty or too long");
    assert_refused("smile=", "not \"smile=\"");
    assert_refused("smile=2x", "not \"smile=2x\"");
    assert_refused("smile=2@", "no layers follow the @");
    assert_refused("smile=nan", "the amount of \"smile\" is nan");
    assert_refused("smile=-inf", "must be from -1000 to 1000");
    assert_refused("smile=1e4", "the amount of \"smile\" is 10000");
    assert_refused(longest, "empty or too long");
    assert_refused(many, "more than 64 edits");
}

static void options_are_bounded(void **state)
{
    (void)state;
    sg_edit_list list = {0};
    sg_error error = {0};
    for (int i = 0; i < SG_MOST_EDIT_TEXTS; i++)
        assert_int_equal(sg_edit_list_codec.parse("a=1", &list, NULL), SG_OK);
    assert_int_equal(sg_edit_list_codec.parse("a=1", &list, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "more than 16 times"));
}

static void layers_are_those_of_the_network(void **state)
{
    (void)state;
    bool chosen[4];
    sg_error error = {0};
    sg_edit_item item = {.layers = "1,3"};
    assert_int_equal(sg_edit_layers_read(&item, "move", 4, chosen, NULL), SG_OK);
    assert_true(!chosen[0] && chosen[1] && !chosen[2] && chosen[3]);
    snprintf(item.layers, sizeof item.layers, "2-4");
    assert_int_equal(sg_edit_layers_read(&item, "move", 4, chosen, &error), SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "4 inputs"));
    item.layers[0] = '\0';
    assert_int_equal(sg_edit_layers_read(&item, "move", 4, chosen, NULL), SG_OK);
    assert_true(chosen[0] && chosen[3]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_add_up),          cmocka_unit_test(json_has_three_forms),
        cmocka_unit_test(other_json_is_refused), cmocka_unit_test(mistakes_are_sentences),
        cmocka_unit_test(options_are_bounded),   cmocka_unit_test(layers_are_those_of_the_network),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
