/* Progress on a terminal: lines that fit 80 columns and end with a whole word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"

enum { COLUMNS = 80, LINE_BYTES = 512 };

/* Checks every drawing of the bar in what a terminal got; returns how many there are. */
static size_t check_lines(const char *text, const char *label)
{
    static const char end[] = "\033[K";
    size_t count = 0;
    char line[LINE_BYTES];
    for (const char *at = text; (at = strchr(at, '\r')); at++) {
        const char *stop = strstr(at, end);
        const size_t length = stop ? (size_t)(stop - at - 1) : 0;
        if (length == 0 || strncmp(at + 1, label, strlen(label)) != 0)
            continue;
        assert_true(length < sizeof line);
        snprintf(line, sizeof line, "%.*s", (int)length, at + 1);
        if (length >= COLUMNS)
            fail_msg("a line of %zu columns: %s", length, line);
        const char *comma = strrchr(line, ',');
        if (comma && !strstr(comma, " left") && !strstr(comma, " D ") && !strstr(comma, "/s"))
            fail_msg("a line that ends in the middle: %s", line);
        count++;
    }
    return count;
}

static void lines_of_pictures_fit(void **state)
{
    char *out = temporary_path(state, "out");
    program_result result = run_program_on_terminal(
        (const char *const[]){"generate", "tests/golden/sg3-t-32/network.safetensors", "--seeds",
                              "0-99", "--outdir", out, "--threads", "1", NULL});
    assert_true(check_lines(result.errors, "generating [") > 0);
    assert_done(result, "100 pictures are in");
    free(out);
}

static void lines_of_a_training_fit(void **state)
{
    char *data = tiny_run_data(state);
    char *out = temporary_path(state, "runs");
    program_result result = run_program_on_terminal((const char *const[]){
        "train",   data,      "--outdir",    out,      "--kimg",    "0.4",     "--batch",
        "8",       "--cbase", "32",          "--cmax", "4",         "--z-dim", "8",
        "--w-dim", "8",       "--map-depth", "1",      "--threads", "1",       NULL});
    assert_true(check_lines(result.errors, "training") > 0);
    assert_done(result, "Done");
    free(out);
    free(data);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, tiny_run_setup, tiny_run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(lines_of_pictures_fit),
        IN_FOLDER(lines_of_a_training_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
