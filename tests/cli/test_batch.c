/* `generate --jobs`: an answer for every line, good or bad, before the next one is read. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "support/generated.h"
#include "support/program.h"
#include "support/temporary_folder.h"

enum { MOST_ARGUMENTS = 16 };

/* Starts `generate --jobs -` with the arguments (NULL at the end) and the test's folder. */
static conversation start(void *const *state, const char *const *arguments)
{
    const char *all[MOST_ARGUMENTS] = {"generate", "--jobs", "-", "--outdir", *state};
    int count = 5;
    while (*arguments && count < MOST_ARGUMENTS - 1)
        all[count++] = *arguments++;
    return conversation_start(all);
}

#define START(...) start(state, (const char *const[]){__VA_ARGS__, NULL})

/* The answer to a line, which must be one JSON object; the caller deletes it. */
static cJSON *ask(conversation *talk, const char *line)
{
    char *text = conversation_ask(talk, line);
    cJSON *answer = cJSON_Parse(text);
    if (!cJSON_IsObject(answer))
        fail_msg("\"%s\" is no JSON object", text);
    free(text);
    return answer;
}

static double number_of(const cJSON *answer, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(answer, key);
    if (!cJSON_IsNumber(value))
        fail_msg("the answer lacks the number \"%s\"", key);
    return value->valuedouble;
}

static const char *text_of(const cJSON *answer, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(answer, key);
    if (!cJSON_IsString(value)) {
        char *whole = cJSON_PrintUnformatted(answer);
        fail_msg("%s lacks the text \"%s\"", whole, key);
    }
    return value->valuestring;
}

/* The job must succeed and write the file `name` in the test's folder. */
static void check_done(void *const *state, conversation *talk, const char *line, const char *name)
{
    cJSON *answer = ask(talk, line);
    char *path = temporary_path(state, name);
    assert_string_equal(text_of(answer, "output"), path);
    assert_true(sg_path_exists(path));
    assert_true(number_of(answer, "seconds") >= 0);
    assert_null(cJSON_GetObjectItem(answer, "error"));
    cJSON_Delete(answer);
    free(path);
}

/* The job must fail with a sentence that holds `part`. */
static void check_refused(conversation *talk, const char *line, const char *part)
{
    cJSON *answer = ask(talk, line);
    assert_holds(text_of(answer, "error"), part);
    assert_null(cJSON_GetObjectItem(answer, "output"));
    cJSON_Delete(answer);
}

static void check_end(conversation *talk, int status, const char *sentence)
{
    program_result result = conversation_end(talk);
    assert_int_equal(result.status, status);
    assert_string_equal(result.output, "");
    assert_holds(result.errors, sentence);
    if (status == 0)
        assert_string_equal(result.errors, "");
    program_result_clear(&result);
}

/* Every question waits for the answer before it. */
static void jobs_are_answered_one_by_one(void **state)
{
    conversation talk = START("--network", NETWORK);
    cJSON *answer = ask(&talk, "{\"id\": \"first\", \"seed\": 3}");
    assert_string_equal(text_of(answer, "id"), "first");
    assert_true(number_of(answer, "line") == 1);
    assert_true(number_of(answer, "width") == 32);
    assert_true(number_of(answer, "height") == 32);
    cJSON_Delete(answer);
    answer = ask(&talk, "{\"seed\": 4, \"id\": -2.5, \"output\": \"sub/folder/four.png\"}");
    assert_true(number_of(answer, "id") == -2.5);
    assert_true(number_of(answer, "line") == 2);
    cJSON_Delete(answer);
    check_done(state, &talk, "{\"seed\": 85, \"trunc\": 0.7, \"noise_mode\": \"random\"}",
               "seed0085.png");
    check_end(&talk, 0, "");
    rename_result(state, "seed0003.png", "three.png");
    rename_result(state, "seed0085.png", "truncated.png");
    assert_done(GENERATE("--network", NETWORK, "--seeds", "3,4"), "");
    assert_same_files(state, "seed0003.png", "three.png", true);
    assert_same_files(state, "seed0004.png", "sub/folder/four.png", true);
    assert_done(
        GENERATE("--network", NETWORK, "--seeds", "85", "--trunc", "0.7", "--noise-mode", "random"),
        "");
    assert_same_files(state, "seed0085.png", "truncated.png", true);
}

/* Overwrites the start of a file in place, or cuts it to nothing. */
static void spoil(const char *path, bool cut)
{
    FILE *stream = fopen(path, cut ? "w" : "r+");
    assert_non_null(stream);
    for (int i = 0; i < 400000 && !cut; i++)
        fputc(i & 0xFF, stream);
    fclose(stream);
}

/* Whatever happens to the network's file, the one that was loaded goes on painting. */
static void a_network_does_not_change_while_it_is_served(void **state)
{
    static const char *const networks[] = {NETWORK, "tests/golden/sg2-skip-32/network.pkl"};
    for (int i = 0; i < 4; i++) {
        size_t size = 0;
        unsigned char *bytes = NULL;
        char *copy = temporary_path(state, i % 2 ? "network.pkl" : "network.safetensors");
        assert_int_equal(sg_read_file(networks[i % 2], 1 << 28, &bytes, &size, NULL), SG_OK);
        assert_int_equal(sg_write_file(copy, bytes, size, NULL), SG_OK);
        conversation talk = START("--network", copy);
        check_done(state, &talk, "{\"seed\": 4}", "seed0004.png"); /* so that it is loaded */
        spoil(copy, i < 2);
        check_done(state, &talk, "{\"seed\": 3}", "seed0003.png");
        check_end(&talk, 0, "");
        rename_result(state, "seed0003.png", "three.png");
        assert_done(GENERATE("--network", NETWORK, "--seeds", "3"), "");
        assert_same_pictures(state, "seed0003.png", "three.png", true);
        free(copy);
        free(bytes);
    }
}

static void bad_lines_are_survived(void **state)
{
    conversation talk = START("--network", NETWORK);
    check_refused(&talk, "", "empty");
    check_refused(&talk, "{\"seed\": 1", "no JSON");
    check_refused(&talk, "{\"seed\": 1} {}", "no JSON");
    check_refused(&talk, "\xff\xfe", "UTF-8");
    check_refused(&talk, "[{\"seed\": 1}]", "no JSON object");
    check_refused(&talk, "null", "no JSON object");
    check_refused(&talk, "{}", "either \"seed\" or \"w\"");
    check_refused(&talk, "{\"seed\": 1, \"w\": \"a.npz\"}", "not both");
    check_refused(&talk, "{\"seed\": 1, \"w_index\": 0}", "\"w_index\" goes with \"w\"");
    check_refused(&talk, "{\"seed\": 1, \"psi\": 1}", "\"psi\", which this program does not know");
    check_refused(&talk, "{\"seed\": 1, \"ouput\": \"a.png\"}", "did you mean \"output\"?");
    check_refused(&talk, "{\"seed\": 1, \"seed\": 2}", "the job has two \"seed\"");
    check_done(state, &talk, "{\"seed\": 1}\r", "seed0001.png");
    check_end(&talk, 1, "12 of 13 jobs failed");
}

static void bad_values_are_survived(void **state)
{
    static const char *const lines[][2] = {
        {"{\"seed\": -1}", "\"seed\" that is not a whole number from 0 to 4294967295"},
        {"{\"seed\": 4294967296}", "\"seed\" that is not a whole number from 0 to 4294967295"},
        {"{\"seed\": 1.5}", "\"seed\" that is not a whole number from 0 to 4294967295"},
        {"{\"seed\": \"1\"}", "\"seed\" that is not a whole number from 0 to 4294967295"},
        {"{\"seed\": null}", "\"seed\" that is not a whole number from 0 to 4294967295"},
        {"{\"seed\": 1, \"class\": -1}", "\"class\" that is not a whole number 0 or more"},
        {"{\"seed\": 1, \"trunc\": \"0.5\"}", "\"trunc\" that is not a finite number"},
        {"{\"seed\": 1, \"trunc\": 1e999}", "\"trunc\" that is not a finite number"},
        {"{\"seed\": 1, \"trunc_cutoff\": -1}",
         "\"trunc_cutoff\" that is not a whole number 0 or more"},
        {"{\"seed\": 1, \"noise_mode\": \"loud\"}",
         "\"noise_mode\" that is not \"const\", \"random\" or \"none\""},
        {"{\"seed\": 1, \"noise_mode\": 0}",
         "\"noise_mode\" that is not \"const\", \"random\" or \"none\""},
        {"{\"seed\": 1, \"output\": 3}", "\"output\" that is not a text"},
        {"{\"seed\": 1, \"output\": \"\"}", "\"output\" must end in .png, not be "},
        {"{\"seed\": 1, \"output\": \"a.jpg\"}", "\"output\" must end in .png"},
        {"{\"seed\": 1, \"output\": \".png\"}", "\"output\" must end in .png"},
        {"{\"seed\": 1, \"output\": \"../a.png\"}", "must not lead out of the folder"},
        {"{\"seed\": 1, \"output\": \"a/../../a.png\"}", "must not lead out of the folder"},
        {"{\"seed\": 1, \"output\": \"/proc/none/a.png\"}", "/proc/none"},
        {"{\"seed\": 1, \"save_w\": 1}", "\"save_w\" that is not true or false"},
        {"{\"seed\": 1, \"new_center\": true}", "\"new_center\" that is not a seed or"},
        {"{\"seed\": 1, \"new_center\": -1}", "\"new_center\" that is not a seed or"},
        {"{\"seed\": 1, \"new_center\": \"absent.npy\"}", "absent.npy"},
        {"{\"w\": \"absent.npz\"}", "absent.npz"},
        {"{\"w\": 4}", "\"w\" that is not a text"},
        {"{\"w\": \"absent.npz\", \"w_index\": 0.5}",
         "\"w_index\" that is not a whole number from 0 to 4294967295"},
        {"{\"seed\": 1, \"id\": {}}", "\"id\" that is not a text or a number"},
        {"{\"seed\": 1, \"id\": 1e300}", "\"id\" that is not a text or a number"},
    };
    conversation talk = START("--network", NETWORK);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        check_refused(&talk, lines[i][0], lines[i][1]);
    assert_absent(state, "seed0001.png");
    assert_absent(state, "../a.png");
    check_end(&talk, 1, "27 of 27 jobs failed");
}

static void failures_carry_the_id(void **state)
{
    conversation talk = START("--network", NETWORK);
    cJSON *answer = ask(&talk, "{\"seed\": 1, \"bogus\": 2, \"id\": \"\\u00e4 \\\"x\\\"\"}");
    assert_string_equal(text_of(answer, "id"), "\xc3\xa4 \"x\"");
    assert_holds(text_of(answer, "error"), "bogus");
    assert_true(number_of(answer, "line") == 1);
    cJSON_Delete(answer);
    check_end(&talk, 1, "1 of 1 jobs failed");
}

static void overlong_lines_are_survived(void **state)
{
    const size_t limit = (size_t)1 << 20;
    char *line = malloc(4 * limit);
    assert_non_null(line);
    conversation talk = START("--network", NETWORK);
    memset(line, 'a', 4 * limit);
    line[4 * limit - 1] = '\0';
    check_refused(&talk, line, "more than 1048576 bytes");
    line[limit + 1] = '\0';
    check_refused(&talk, line, "more than 1048576 bytes");
    line[limit] = '\0';
    check_refused(&talk, line, "no JSON");
    memset(line, '[', limit);
    check_refused(&talk, line, "no JSON");
    memset(line, ' ', limit);
    memcpy(line, "{\"seed\": 2}", 11);
    check_done(state, &talk, line, "seed0002.png");
    check_end(&talk, 1, "4 of 5 jobs failed");
    free(line);
}

static void jobs_take_what_the_options_say(void **state)
{
    conversation talk = START("--network", CONDITIONAL, "--class", "2", "--trunc", "0.5",
                              "--noise-mode", "none", "--new-center", "9");
    check_done(state, &talk, "{\"seed\": 1}", "seed0001.png");
    check_done(state, &talk,
               "{\"seed\": 1, \"class\": 3, \"trunc\": -1, \"trunc_cutoff\": 2, \"noise_mode\": "
               "\"const\", \"new_center\": 4, \"output\": \"own.png\"}",
               "own.png");
    check_refused(&talk, "{\"seed\": 1, \"class\": 5}", "\"class\" is 5");
    check_end(&talk, 1, "1 of 3 jobs failed");
    rename_result(state, "seed0001.png", "options.png");
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "1", "--class", "2", "--trunc", "0.5",
                         "--noise-mode", "none", "--new-center", "9"),
                "");
    assert_same_files(state, "seed0001.png", "options.png", true);
    assert_done(GENERATE("--network", CONDITIONAL, "--seeds", "1", "--class", "3", "--trunc", "-1",
                         "--trunc-cutoff", "2", "--new-center", "4"),
                "");
    assert_same_files(state, "seed0001.png", "own.png", true);
}

static void conditional_networks_need_a_class(void **state)
{
    conversation talk = START("--network", CONDITIONAL);
    check_refused(&talk, "{\"seed\": 1}", "\"class\" must be there, from 0 to 4");
    check_done(state, &talk, "{\"seed\": 1, \"class\": 4}", "seed0001.png");
    check_end(&talk, 1, "1 of 2 jobs failed");
}

static void w_are_saved_and_painted(void **state)
{
    char line[512];
    char *path = temporary_path(state, "a.npz");
    conversation talk = START("--network", NETWORK);
    cJSON *answer = ask(&talk, "{\"seed\": 6, \"output\": \"a.png\", \"save_w\": true}");
    assert_string_equal(text_of(answer, "w_output"), path);
    cJSON_Delete(answer);
    snprintf(line, sizeof line, "{\"w\": \"%s\"}", path);
    check_done(state, &talk, line, "proj00.png");
    assert_same_pictures(state, "a.png", "proj00.png", true);
    snprintf(line, sizeof line, "{\"w\": \"%s\", \"w_index\": 1}", path);
    check_refused(&talk, line, "holds 1 w, counted from 0");
    snprintf(line, sizeof line,
             "{\"seed\": 7, \"trunc\": 0, \"new_center\": \"%s\", \"output\": \"%s/c.png\"}", path,
             (const char *)*state);
    check_done(state, &talk, line, "c.png");
    assert_same_pictures(state, "a.png", "c.png", true);
    check_end(&talk, 1, "1 of 4 jobs failed");
    free(path);
}

static void jobs_come_from_a_file(void **state)
{
    static const char lines[] = "{\"seed\": 1}\n{\"seed\": 2}";
    char *path = temporary_path(state, "jobs.jsonl");
    assert_int_equal(sg_write_file(path, lines, sizeof lines - 1, NULL), SG_OK);
    assert_done(GENERATE("--network", NETWORK, "--jobs", path), "seed0002.png");
    assert_int_equal(sg_write_file(path, "", 0, NULL), SG_OK);
    assert_done(GENERATE("--network", NETWORK, "--jobs", path), "");
    assert_fails(GENERATE("--network", NETWORK, "--jobs", "absent.jsonl"), 1,
                 "cannot open absent.jsonl");
    assert_fails(GENERATE("--network", NETWORK, "--jobs", *state), 1, "cannot read");
    free(path);
}

static void options_that_fit_no_batch_are_refused(void **state)
{
    assert_fails(GENERATE("--network", NETWORK, "--jobs", "-", "--seeds", "1"), 2,
                 "--jobs and --seeds exclude each other");
    assert_fails(GENERATE("--network", NETWORK, "--jobs", "-", "--grid", "2x2"), 2, "--grid");
    assert_fails(GENERATE("--network", NETWORK, "--jobs", "-", "--projected-w", "w.npz"), 2,
                 "--projected-w");
    assert_fails(GENERATE("--network", NETWORK, "--jobs", "-", "--trunc", "0,1"), 2, "--trunc");
    assert_fails(GENERATE("--network", CONDITIONAL, "--jobs", "-", "--class", "0,1"), 2,
                 "--class takes one class");
}

/* A full disk under the answers ends the batch. */
static void unwritable_answers_are_noticed(void **state)
{
    char command[512];
    snprintf(command, sizeof command,
             "echo '{\"seed\": 1}' | \"%s\" generate --network " NETWORK
             " --jobs - --outdir \"%s\" > /dev/full 2> \"%s/errors\"",
             getenv("STYLEGAN"), (const char *)*state, (const char *)*state);
    assert_int_equal(system(command), 1 << 8);
    size_t size = 0;
    unsigned char *errors = read_result(state, "errors", &size);
    assert_holds((const char *)errors, "cannot write the answer to line 1");
    free(errors);
}

#define IN_FOLDER(test)                                                                            \
    cmocka_unit_test_setup_teardown(test, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(jobs_are_answered_one_by_one),
        IN_FOLDER(a_network_does_not_change_while_it_is_served),
        IN_FOLDER(bad_lines_are_survived),
        IN_FOLDER(bad_values_are_survived),
        IN_FOLDER(failures_carry_the_id),
        IN_FOLDER(overlong_lines_are_survived),
        IN_FOLDER(jobs_take_what_the_options_say),
        IN_FOLDER(conditional_networks_need_a_class),
        IN_FOLDER(w_are_saved_and_painted),
        IN_FOLDER(jobs_come_from_a_file),
        IN_FOLDER(options_that_fit_no_batch_are_refused),
        IN_FOLDER(unwritable_answers_are_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
