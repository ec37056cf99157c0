/* Options of foreign files as JSON. */
#include "checkpoint/values/value_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/document.h"
#include "support/foreign_pickle.h"

/* The JSON of a pickle, or NULL; clears the pickle. */
static char *print_json(sg_text *pickle)
{
    sg_document *document = NULL;
    sg_error error = {0};
    if (sg_document_open_bytes((const unsigned char *)pickle->bytes, pickle->length, "pickle",
                               &document, &error))
        fail_msg("%s", error.message);
    cJSON *json = sg_value_to_json(sg_document_root(document));
    char *text = json ? cJSON_PrintUnformatted(json) : NULL;
    cJSON_Delete(json);
    sg_document_close(document);
    sg_text_clear(pickle);
    return text;
}

static void test_every_kind(void **state)
{
    static const float values[] = {1, 3, 3, 1};
    static const int64_t size = 4;
    sg_text pickle = {0};
    (void)state;
    PUT(&pickle, "\x80\x03}(");
    put_number_option(&pickle, "whole", 16);
    put_number_option(&pickle, "real", 0.5);
    put_text_option(&pickle, "text", "skip");
    put_text(&pickle, "none");
    PUT(&pickle, "N");
    put_text(&pickle, "flags");
    PUT(&pickle, "(\x88\x89t");
    put_text(&pickle, "filter");
    put_array(&pickle, &size, 1, values);
    put_text(&pickle, "scalar");
    put_array(&pickle, &size, 0, values);
    put_text(&pickle, "whole"); /* set again */
    put_integer(&pickle, 17);
    put_text(&pickle, "unknown");
    put_global(&pickle, "os", "system");
    PUT(&pickle, "u.");
    char *text = print_json(&pickle);
    assert_non_null(text);
    if (!strstr(text, "\"real\":0.5,\"text\":\"skip\",\"none\":null,\"flags\":[true,false],"
                      "\"filter\":[1,3,3,1],\"scalar\":1"))
        fail_msg("%s", text);
    assert_non_null(strstr(text, "\"whole\":17"));
    assert_null(strstr(text, "\"whole\":16"));
    assert_non_null(strstr(text, "\"unknown\":\"<"));
    cJSON_free(text);
}

/* Lists that each hold the one before twice: 2 to the 40 values. */
static void test_huge_trees_are_refused(void **state)
{
    sg_text pickle = {0};
    (void)state;
    PUT(&pickle, "\x80\x02]q\x01");
    for (int i = 0; i < 40; i++)
        PUT(&pickle, "0(h\x01h\x01lq\x01");
    PUT(&pickle, ".");
    assert_null(print_json(&pickle));
}

/* A list in itself. */
static void test_cycles_are_refused(void **state)
{
    sg_text pickle = {0};
    (void)state;
    PUT(&pickle, "\x80\x02]q\x01h\x01"
                 "a.");
    assert_null(print_json(&pickle));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind),
        cmocka_unit_test(test_huge_trees_are_refused),
        cmocka_unit_test(test_cycles_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
