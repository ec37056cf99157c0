/* The tokenizer: known texts, the rules of cleaning and cutting, hostile texts and merges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "features/clip/bpe.h"

enum { CONTEXT = 24, LETTER_A = 64 /* 'a' is the 65th printable byte from '!' on */ };

static const char few_merges[] = "version\n"
                                 "a b\n"
                                 "ab c</w>\n"
                                 "b c\n"
                                 "a bc\n"
                                 "\xc3\x83 \xc2\xa9\n"; /* the two bytes of e acute */

static sg_bpe *make(const char *text)
{
    sg_bpe *bpe = NULL;
    sg_error error = {0};
    if (sg_bpe_parse(text, strlen(text), "merges.txt", 0, &bpe, &error))
        fail_msg("%s", error.message);
    return bpe;
}

/* The text must become these tokens, up to -1, between start and end. */
static void expect_tokens(const sg_bpe *bpe, const char *text, const int *tokens)
{
    int32_t row[CONTEXT];
    const int32_t start = (int32_t)sg_bpe_vocabulary(bpe) - 2;
    sg_error error = {0};
    if (sg_bpe_row(bpe, text, CONTEXT, false, row, &error))
        fail_msg("%s", error.message);
    assert_int_equal(row[0], start);
    int i = 1;
    for (; tokens[i - 1] >= 0; i++)
        if (row[i] != tokens[i - 1])
            fail_msg("\"%s\": token %d is %d, expected %d", text, i, (int)row[i], tokens[i - 1]);
    assert_int_equal(row[i], start + 1);
    for (i++; i < CONTEXT; i++)
        assert_int_equal(row[i], 0);
}

static void test_the_lowest_rank_is_merged_first(void **state)
{
    (void)state;
    sg_bpe *bpe = make(few_merges);
    assert_int_equal(sg_bpe_vocabulary(bpe), 512 + 5 + 2);
    expect_tokens(bpe, "abc", (int[]){513, -1});
    expect_tokens(bpe, "abcx", (int[]){512, LETTER_A + 2, LETTER_A + 23 + 256, -1});
    expect_tokens(bpe, "bcab", (int[]){514, LETTER_A, LETTER_A + 1 + 256, -1});
    expect_tokens(bpe, "abababc", (int[]){512, 512, 513, -1});
    expect_tokens(bpe, "a", (int[]){LETTER_A + 256, -1});
    expect_tokens(bpe, "\xc3\xa9x", (int[]){516, LETTER_A + 23 + 256, -1});
    expect_tokens(bpe, "", (int[]){-1});
    sg_bpe_close(bpe);
}

/* A second merge with the same result gives its number to both. */
static void test_one_text_is_one_symbol(void **state)
{
    (void)state;
    sg_bpe *bpe = make("version\na b\nab c\nb c\na bc\n");
    expect_tokens(bpe, "abcd", (int[]){515, LETTER_A + 3 + 256, -1});
    sg_bpe_close(bpe);
}

static void test_texts_are_cleaned_and_cut(void **state)
{
    (void)state;
    static const int digit_one = '1' - '!' + 256;
    static const int bang = 256;
    sg_bpe *bpe = make(few_merges);
    expect_tokens(bpe, " \t ABC \n\xC2\xA0 abc ", (int[]){513, 513, -1});
    expect_tokens(bpe, "11", (int[]){digit_one, digit_one, -1});
    expect_tokens(bpe, "!!abc!", (int[]){0, bang, 513, bang, -1});
    expect_tokens(bpe, "abc's", (int[]){513, '\'' - '!', LETTER_A + 18 + 256, -1});
    expect_tokens(bpe, "&amp;#33;&#x21; &lt", (int[]){0, bang, '<' - '!' + 256, -1});
    expect_tokens(bpe, "&abc;&", (int[]){'&' - '!' + 256, 513, ';' - '!', '&' - '!' + 256, -1});
    /* The longest name counts, with a semicolon or, if it is old, without; "&#1;" is nothing, */
    expect_tokens(bpe, "&notin;&notit", (int[]){158, 230, 231, 126, 361, LETTER_A + 8, 339, -1});
    expect_tokens(bpe, "&#1;&#x0000021;&#128;", (int[]){0, 158, 224, 105 + 256, -1});
    /* a capital sigma at the end of a word is another letter, I with a dot two. */
    expect_tokens(bpe, "\xce\xa3\xce\xa3 \xc4\xb0", (int[]){139, 225, 139, 480, 328, 136, 485, -1});
    expect_tokens(bpe, "<|startoftext|>abc<|endoftext|>", (int[]){517, 513, 518, -1});
    expect_tokens(bpe, "&#0;&#xD800;&#99999999999;",
                  (int[]){171, 123, 121, 171, 123, 121, 171, 123, 121 + 256, -1});
    sg_bpe_close(bpe);
}

/* A text that must be refused with a sentence that holds `part`. */
static void expect_refusal(const sg_bpe *bpe, const char *text, const char *part)
{
    int32_t row[CONTEXT];
    sg_error error = {0};
    assert_int_equal(sg_bpe_row(bpe, text, CONTEXT, false, row, &error), SG_ERROR_ARGUMENT);
    if (!strstr(error.message, part))
        fail_msg("\"%s\" lacks \"%s\"", error.message, part);
}

/* Returns a text of `count` copies of a piece, to be freed. */
static char *repeat(const char *piece, size_t count)
{
    const size_t length = strlen(piece);
    char *text = malloc(length * count + 1);
    assert_non_null(text);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * length, piece, length);
    text[length * count] = '\0';
    return text;
}

static void test_hostile_texts_are_refused(void **state)
{
    (void)state;
    sg_bpe *bpe = make(few_merges);
    static const char *const invalid[] = {"\xff", "a\xc3", "\xed\xa0\x80", "\xf5\x80\x80\x80",
                                          "\xc0\x80"};
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++)
        expect_refusal(bpe, invalid[i], "a text is not UTF-8");
    char *text = repeat("!", 10 << 20);
    expect_refusal(bpe, text, "a text is 10485760 bytes long, but must be at most 65536");
    free(text);
    text = repeat("x", 5000);
    expect_refusal(bpe, text, "a word of 5000 bytes, but words must be at most 4096");
    free(text);
    text = repeat("x", 4096);
    expect_refusal(bpe, text, "has 4096 tokens, but the network takes at most 22");
    free(text);
    text = repeat("\xc3\xa9 ", 30);
    expect_refusal(bpe, text, "...\" has 60 tokens");
    free(text);
    sg_bpe_close(bpe);
}

static void test_a_long_text_is_cut_when_that_is_asked_for(void **state)
{
    (void)state;
    int32_t row[4];
    sg_bpe *bpe = make(few_merges);
    assert_int_equal(sg_bpe_row(bpe, "abc abc abc", 4, true, row, NULL), SG_OK);
    assert_int_equal(row[2], 513);
    assert_int_equal(row[3], 518);
    assert_int_equal(sg_bpe_row(bpe, "abc abc", 4, false, row, NULL), SG_OK);
    assert_int_equal(sg_bpe_row(bpe, "", 1, true, row, NULL), SG_ERROR_ARGUMENT);
    sg_bpe_close(bpe);
}

/* Merges that must be refused for a vocabulary, with a sentence that holds `part`. */
static void expect_bad_merges(const char *text, size_t size, size_t vocabulary, const char *part)
{
    sg_bpe *bpe = NULL;
    sg_error error = {0};
    assert_int_equal(sg_bpe_parse(text, size, "merges.txt", vocabulary, &bpe, &error),
                     SG_ERROR_FORMAT);
    assert_null(bpe);
    if (!strstr(error.message, part))
        fail_msg("\"%s\" lacks \"%s\"", error.message, part);
}

static void test_merges_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    char *line = repeat("x", 2000);
    char *text = malloc(4000);
    assert_non_null(text);
    snprintf(text, 4000, "version\n%s y\n", line);
    expect_bad_merges(text, strlen(text), 515, "after 0 merges there is a line");
    expect_bad_merges("version\na b\n", 12, 600,
                      "has 1 merges, but the network's vocabulary has 86");
    expect_bad_merges("version\na b\nab\n", 15, 516, "after 1 merges there is a line");
    expect_bad_merges("version\na  b\n", 13, 515, "after 0 merges there is a line");
    expect_bad_merges("version\nnone\n", 13, 0, "line 2 is no merge");
    expect_bad_merges("", 0, 515, "has 0 merges");
    expect_bad_merges("version\na b\n", 12, 100, "a vocabulary of 100 tokens");
    free(text);
    free(line);
}

/* The published file has more merges than the vocabulary, which takes the first. */
static void test_the_vocabulary_takes_the_first_merges(void **state)
{
    (void)state;
    sg_bpe *bpe = NULL;
    assert_int_equal(sg_bpe_parse(few_merges, strlen(few_merges), "merges.txt", 516, &bpe, NULL),
                     SG_OK);
    assert_int_equal(sg_bpe_vocabulary(bpe), 516);
    expect_tokens(bpe, "bcab", (int[]){LETTER_A + 1, LETTER_A + 2, LETTER_A, LETTER_A + 257, -1});
    sg_bpe_close(bpe);
    assert_int_equal(sg_bpe_parse(few_merges, strlen(few_merges), "merges.txt", 514, &bpe, NULL),
                     SG_OK); /* bytes alone */
    assert_int_equal(sg_bpe_merges(bpe), 0);
    sg_bpe_close(bpe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_lowest_rank_is_merged_first),
        cmocka_unit_test(test_one_text_is_one_symbol),
        cmocka_unit_test(test_texts_are_cleaned_and_cut),
        cmocka_unit_test(test_hostile_texts_are_refused),
        cmocka_unit_test(test_a_long_text_is_cut_when_that_is_asked_for),
        cmocka_unit_test(test_merges_that_do_not_fit_are_refused),
        cmocka_unit_test(test_the_vocabulary_takes_the_first_merges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
