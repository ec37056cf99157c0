/* Tables of fields: texts, ranges, given members, sentences and JSON. */
#include "base/fields.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct inner {
    int layers;
    double rate;
} inner;

typedef struct sample {
    bool flag;
    int count, colour, pair[2];
    uint64_t seed;
    double share, above, limits[2];
    const char *title;
    int tap_count;
    float taps[3];
    inner inner;
    int size[2];
} sample;

static const char *const colour_names[] = {"red", "green", "blue"};
static const sg_choices colours = SG_CHOICES(colour_names);

/* A size is WIDTHxHEIGHT as a text, and one number for both in JSON. */
static sg_status parse_size(const char *text, void *value, sg_error *error)
{
    int *size = value;
    char end;
    return sscanf(text, "%dx%d%c", &size[0], &size[1], &end) == 2
               ? SG_OK
               : sg_fail(error, SG_ERROR_ARGUMENT, "takes WIDTHxHEIGHT, not \"%s\"", text);
}

static bool size_from_json(const cJSON *json, void *value)
{
    int *size = value;
    size[0] = size[1] = json->valueint;
    return cJSON_IsNumber(json);
}

static cJSON *size_to_json(const void *value)
{
    return cJSON_CreateNumber(*(const int *)value);
}

static const sg_field_codec size_codec = {.parse = parse_size,
                                          .from_json = size_from_json,
                                          .expected = "a side",
                                          .to_json = size_to_json};

static const sg_field inner_rows[] = {
    {"layers", SG_INT(inner, layers, 1, 8), SG_FLAGS(SG_FIELD_CHANGED)},
    {"rate", SG_NUMBER(inner, rate, 0, 0), SG_FLAGS(SG_FIELD_CHANGED | SG_FIELD_ABOVE)},
};
static const SG_FIELD_TABLE(inner_rows, NULL);

static const sg_field more_rows[] = {
    {"taps", SG_MEMBER(FLOATS, sample, taps), .count = 3,
     .count_offset = offsetof(sample, tap_count), .null_value = 1,
     SG_FLAGS(SG_FIELD_NULLABLE | SG_FIELD_CHANGED)},
    {"inner", SG_OBJECT(sample, inner, &inner_rows_table), SG_FLAGS(SG_FIELD_CHANGED)},
    {"size", SG_CODED(sample, size, &size_codec), .count = sizeof(int[2]), .option = "size"},
    {.name = "version", .kind = SG_FIELD_CONSTANT, .null_value = 2},
    {.name = "speed", .kind = SG_FIELD_IGNORED},
};
static const SG_FIELD_TABLE(more_rows, NULL);

static const sg_field rows[] = {
    {"flag", SG_FLAG(sample, flag), .option = "flag"},
    {"count", SG_INT(sample, count, 1, 10), .null_value = -1, SG_FLAGS(SG_FIELD_NULLABLE),
     .option = "how-many", .member = "count_of_all"},
    {"colour", SG_CHOICE(sample, colour, &colours), .option = "colour"},
    {"pair", SG_MEMBER(INTS, sample, pair), .count = 2, .most = 9, SG_FLAGS(SG_FIELD_OPTIONAL)},
    {"seed", SG_UINT64(sample, seed, 0)},
    {"share", SG_NUMBER(sample, share, 0, 1)},
    {"above", SG_NUMBER(sample, above, 0, 0), SG_FLAGS(SG_FIELD_ABOVE | SG_FIELD_READ_ONLY)},
    {"limits", SG_MEMBER(NUMBERS, sample, limits), .count = 2, .most = 2,
     SG_FLAGS(SG_FIELD_UNSAVED)},
    {"title", SG_TEXT(sample, title), SG_FLAGS(SG_FIELD_CHANGED)},
};
static const SG_FIELD_TABLE(rows, &more_rows_table);
static const sg_field_table *const table = &rows_table;

static const sample defaults = {.count = 3,
                                .above = 0.5,
                                .title = "plain",
                                .tap_count = 2,
                                .taps = {1, 2},
                                .inner = {4, 0.25},
                                .size = {5, 5}};

static const sg_field *row_of(const char *name)
{
    const sg_field *row;
    for (size_t i = 0; (row = sg_field_at(table, i)); i++)
        if (strcmp(row->name, name) == 0)
            return row;
    fail_msg("no row %s", name);
    return NULL;
}

static void check_refused(sg_status status, sg_status expected, const sg_error *error,
                          const char *sentence)
{
    assert_int_equal(status, expected);
    assert_string_equal(error->message, sentence);
}

/* ---- texts ---- */

static void test_texts_are_parsed(void **state)
{
    (void)state;
    sample s = defaults;
    static const struct {
        const char *name, *text;
    } cases[] = {
        {"flag", "true"},   {"count", "10"},   {"colour", "blue"}, {"seed", "9007199254740992"},
        {"share", "0.125"}, {"above", "1e-3"}, {"title", "a b"},   {"size", "7x3"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(
            sg_field_parse(row_of(cases[i].name), cases[i].text, &s, SG_SPELL_OPTION, NULL), SG_OK);
    assert_true(s.flag && s.count == 10 && s.colour == 2 && s.seed == (uint64_t)1 << 53);
    assert_true(s.share == 0.125 && s.above == 1e-3 && s.size[0] == 7 && s.size[1] == 3);
    assert_string_equal(s.title, "a b");
}

static void print_size(const void *value, sg_text *text)
{
    const int *size = value;
    sg_text_append(text, "%dx%d", size[0], size[1]);
}

/* What is printed parses to the same value, of codecs by their own function or as JSON's text. */
static void test_values_are_printed(void **state)
{
    (void)state;
    const sample s = {.flag = true,
                      .count = 7,
                      .colour = 1,
                      .seed = 12,
                      .share = 0.1,
                      .title = "a b",
                      .size = {4, 9}};
    sg_field_codec printing = size_codec;
    sg_field size = *row_of("size");
    printing.print = print_size;
    size.codec = &printing;
    sg_text text = {0};
    static const char *const names[] = {"flag", "count", "colour", "seed", "share", "title"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        sg_field_print(row_of(names[i]), &s, &text);
        sg_text_append(&text, ";");
    }
    sg_field_print(&size, &s, &text);
    assert_string_equal(text.bytes, "true;7;green;12;0.1;a b;4x9");
    sg_text_clear(&text);
    sg_field_print(row_of("size"), &s, &text); /* JSON has a number */
    sg_field_print(row_of("pair"), &s, &text);
    assert_null(text.bytes);
    assert_false(text.failed);
}

static void test_refused_texts_get_a_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        sg_spelling spelling;
        const char *sentence;
    } cases[] = {
        {"count", "11", SG_SPELL_OPTION,
         "--how-many is 11, but must be a whole number from 1 to 10"},
        {"count", "0", SG_SPELL_MEMBER,
         "count_of_all is 0, but must be a whole number from 1 to 10"},
        {"count", "1.5", SG_SPELL_KEYWORD, "count is 1.5, but must be a whole number from 1 to 10"},
        {"count", "-1", SG_SPELL_KEYWORD, "count is -1, but must be a whole number from 1 to 10"},
        {"count", "2x", SG_SPELL_KEYWORD,
         "count is \"2x\", but must be a whole number from 1 to 10"},
        {"count", "", SG_SPELL_KEYWORD, "count is \"\", but must be a whole number from 1 to 10"},
        {"seed", "-1", SG_SPELL_OPTION, "seed is -1, but must be a whole number 0 or more"},
        {"share", "nan", SG_SPELL_KEYWORD, "share is nan, but must be a number from 0 to 1"},
        {"above", "0", SG_SPELL_KEYWORD, "above is 0, but must be a number above 0"},
        {"above", "inf", SG_SPELL_KEYWORD, "above is inf, but must be a number above 0"},
        {"flag", "yes", SG_SPELL_OPTION, "--flag is \"yes\", but must be true or false"},
        {"colour", "Red", SG_SPELL_OPTION, "--colour is \"Red\", but must be red, green or blue"},
        {"size", "7", SG_SPELL_OPTION, "--size takes WIDTHxHEIGHT, not \"7\""},
        {"pair", "1", SG_SPELL_KEYWORD,
         "pair is a text, but must be a list of 2 whole numbers from 0 to 9"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sample s = defaults;
        sg_error error = {0};
        const sg_status status =
            sg_field_parse(row_of(cases[i].name), cases[i].text, &s, cases[i].spelling, &error);
        check_refused(status, SG_ERROR_ARGUMENT, &error, cases[i].sentence);
    }
}

static void test_sentences_are_respelled(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after;
    } cases[] = {
        {"\"count_of_all\" and \"colour\" differ", "--how-many and --colour differ"},
        {"\"count\" is JSON's", "\"count\" is JSON's"}, /* the member is count_of_all */
        {"\"share\" is no option", "\"share\" is no option"},
        {"an open \"colour", "an open \"colour"},
        {"\"\" and \"a colour\"", "\"\" and \"a colour\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sg_error error = {0};
        sg_fail(&error, SG_ERROR_ARGUMENT, "%s", cases[i].before);
        sg_fields_respell(table, error.message, sizeof error.message);
        assert_string_equal(error.message, cases[i].after);
    }
}

/* ---- members ---- */

static void test_members_are_checked(void **state)
{
    (void)state;
    sg_error error = {0};
    sample s = defaults;
    assert_int_equal(sg_fields_check(table, &s, NULL, SG_SPELL_MEMBER, &error), SG_OK);
    s.count = -1; /* null's value */
    assert_int_equal(sg_fields_check(table, &s, NULL, SG_SPELL_MEMBER, &error), SG_OK);
    s.pair[1] = 10;
    check_refused(sg_fields_check(table, &s, NULL, SG_SPELL_MEMBER, &error), SG_ERROR_ARGUMENT,
                  &error, "pair is 10, but must be a list of 2 whole numbers from 0 to 9");
    s = defaults;
    error = (sg_error){0};
    s.inner.rate = 0;
    check_refused(sg_fields_check(table, &s, NULL, SG_SPELL_MEMBER, &error), SG_ERROR_ARGUMENT,
                  &error, "rate is 0, but must be a number above 0");
    s.colour = 3;
    const sg_given nothing = {0};
    assert_int_equal(sg_fields_check(table, &s, &nothing, SG_SPELL_MEMBER, NULL), SG_OK);
    assert_int_equal(sg_field_check(row_of("colour"), &s, SG_SPELL_MEMBER, NULL),
                     SG_ERROR_ARGUMENT);
}

static void test_given_members_are_copied(void **state)
{
    (void)state;
    const sample from = {.count = 9, .share = 0.5, .title = "other", .size = {1, 2}};
    sample to = defaults;
    sg_given given = {0};
    sg_given_set(&given, (size_t)sg_field_find(table, "count"));
    sg_given_set_at(table, &given, offsetof(sample, size));
    assert_true(SG_IS_GIVEN(table, &given, sample, count));
    assert_true(sg_given_has(&given, (size_t)sg_field_find_option(table, "size")));
    assert_false(SG_IS_GIVEN(table, &given, sample, share));
    sg_fields_copy_given(table, &given, &from, &to);
    assert_true(to.count == 9 && to.size[1] == 2 && to.share == 0);
    assert_string_equal(to.title, "plain");
    sg_given_clear(&given, (size_t)sg_field_find(table, "count"));
    assert_false(SG_IS_GIVEN(table, &given, sample, count));
    assert_int_equal(sg_field_find(table, "nothing"), -1);
    assert_int_equal(sg_field_find(table, "limits"), -1); /* never in JSON */
    assert_int_equal(sg_field_find_option(table, "count"), -1);
}

/* ---- JSON ---- */

static sg_status read_sample(const char *text, sg_fields_reading reading, sample *s,
                             sg_given *given, sg_error *error)
{
    cJSON *json = cJSON_Parse(text);
    assert_non_null(json);
    *s = defaults;
    reading.subject = "the file";
    reading.name = "sample";
    const sg_status status = sg_fields_from_json(table, &reading, json, s, given, error);
    s->title = NULL; /* borrowed from `json` */
    cJSON_Delete(json);
    return status;
}

static void test_objects_are_read(void **state)
{
    (void)state;
    sample s;
    sg_given given = {0};
    sg_error error = {0};
    const char *text = "{\"flag\": true, \"count\": null, \"colour\": \"green\", \"pair\": [0, 9],"
                       "\"seed\": 9007199254740992, \"above\": 1e-9, \"taps\": [1, 2, 3],"
                       "\"inner\": {\"layers\": 8}, \"size\": 6, \"version\": \"any\","
                       "\"speed\": {}}";
    if (read_sample(text, (sg_fields_reading){0}, &s, &given, &error))
        fail_msg("%s", error.message);
    assert_true(s.flag && s.count == -1 && s.colour == 1 && s.pair[1] == 9);
    assert_true(s.seed == (uint64_t)1 << 53 && s.above == 1e-9 && s.tap_count == 3);
    assert_true(s.taps[2] == 3 && s.inner.layers == 8 && s.inner.rate == 0.25 && s.size[1] == 6);
    assert_true(SG_IS_GIVEN(table, &given, sample, inner));
    assert_false(SG_IS_GIVEN(table, &given, sample, share));
    assert_int_equal(read_sample("{\"taps\": null}", (sg_fields_reading){0}, &s, NULL, NULL),
                     SG_OK);
    assert_true(s.tap_count == 1 && s.taps[0] == 1);
    assert_int_equal(
        read_sample("{\"other\": 1}", (sg_fields_reading){.skip_unknown = true}, &s, NULL, NULL),
        SG_OK);
}

static void test_refused_objects_get_a_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"[]", "the file has a \"sample\" that is not an object"},
        {"{\"inner\": 3}", "the file has a \"inner\" that is not an object"},
        {"{\"count\": -1}",
         "the file has a \"count\" that is not a whole number from 1 to 10 or null"},
        {"{\"count\": \"3\"}",
         "the file has a \"count\" that is not a whole number from 1 to 10 or null"},
        {"{\"share\": null}", "the file has a \"share\" that is not a number from 0 to 1"},
        {"{\"flag\": 1}", "the file has a \"flag\" that is not true or false"},
        {"{\"colour\": 1}", "the file has a \"colour\" that is not \"red\", \"green\" or \"blue\""},
        {"{\"pair\": [1]}",
         "the file has a \"pair\" that is not a list of 2 whole numbers from 0 to 9"},
        {"{\"pair\": [1, 1.5]}",
         "the file has a \"pair\" that is not a list of 2 whole numbers from 0 to 9"},
        {"{\"taps\": []}", "the file has a \"taps\" that is not a list of 1 to 3 numbers or null"},
        {"{\"taps\": [1, 2, 3, 4]}",
         "the file has a \"taps\" that is not a list of 1 to 3 numbers or null"},
        {"{\"title\": 1}", "the file has a \"title\" that is not a text"},
        {"{\"size\": \"6\"}", "the file has a \"size\" that is not a side"},
        {"{\"count\": 1, \"count\": 1}", "the file has two \"count\" in \"sample\""},
        {"{\"limits\": [1, 2]}",
         "the file has a \"limits\" in \"sample\", which this program does not know"},
        {"{\"colours\": 1}",
         "the file has a \"colours\" in \"sample\", which this program does not "
         "know; did you mean \"colour\"?"},
        {"{\"inner\": {\"depth\": 1}}",
         "the file has a \"depth\" in \"inner\", which this program does not know"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sample s;
        sg_error error = {0};
        const sg_status status =
            read_sample(cases[i].text, (sg_fields_reading){0}, &s, NULL, &error);
        check_refused(status, SG_ERROR_FORMAT, &error, cases[i].sentence);
    }
}

static void test_needed_fields_must_be_there(void **state)
{
    (void)state;
    sample s;
    sg_error error = {0};
    const sg_fields_reading reading = {.all_needed = true};
    const char *text =
        "{\"flag\": false, \"count\": 1, \"colour\": \"red\", \"seed\": 0, \"share\": 0,"
        "\"above\": 1, \"size\": 1}";
    assert_int_equal(read_sample(text, reading, &s, NULL, &error), SG_OK);
    check_refused(read_sample("{\"flag\": false}", reading, &s, NULL, &error), SG_ERROR_FORMAT,
                  &error, "the file has no \"count\"");
}

static void check_written(const sample *s, const char *expected)
{
    cJSON *object = cJSON_CreateObject();
    assert_true(sg_fields_to_json(table, s, &defaults, object));
    char *text = cJSON_PrintUnformatted(object);
    assert_string_equal(text, expected);
    cJSON_free(text);
    cJSON_Delete(object);
}

static void test_objects_are_written(void **state)
{
    (void)state;
    sample s = defaults;
    check_written(&s, "{\"flag\":false,\"count\":3,\"colour\":\"red\",\"pair\":[0,0],\"seed\":0,"
                      "\"share\":0,\"size\":5,\"version\":2}");
    s.count = -1;
    s.title = "changed";
    s.taps[1] = 2.0000002f;
    s.inner.rate = nextafter(0.25, 1); /* written as 0.25, but written */
    check_written(&s,
                  "{\"flag\":false,\"count\":null,\"colour\":\"red\",\"pair\":[0,0],"
                  "\"seed\":0,\"share\":0,\"title\":\"changed\",\"taps\":[1,2.0000002384185791],"
                  "\"inner\":{\"rate\":0.25},\"size\":5,\"version\":2}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_are_parsed),
        cmocka_unit_test(test_values_are_printed),
        cmocka_unit_test(test_refused_texts_get_a_sentence),
        cmocka_unit_test(test_sentences_are_respelled),
        cmocka_unit_test(test_members_are_checked),
        cmocka_unit_test(test_given_members_are_copied),
        cmocka_unit_test(test_objects_are_read),
        cmocka_unit_test(test_refused_objects_get_a_sentence),
        cmocka_unit_test(test_needed_fields_must_be_there),
        cmocka_unit_test(test_objects_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
