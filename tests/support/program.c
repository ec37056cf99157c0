/* The program as a child process whose output goes to files without a name. */
#define _GNU_SOURCE
#include "support/program.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { MOST_ARGUMENTS = 64, TERMINAL_BYTES = 1 << 16 };

static char *read_back(FILE *file)
{
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    const long size = ftell(file);
    assert_true(size >= 0);
    rewind(file);
    char *text = calloc((size_t)size + 1, 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)size, file), size);
    fclose(file);
    return text;
}

/* Starts the program with these files as its standard input (-1: ours), output and error. */
static pid_t start(const char *const *arguments, int input, int output, int errors)
{
    const char *program = getenv("STYLEGAN");
    char *argv[MOST_ARGUMENTS + 2] = {(char *)program};
    if (!program)
        fail_msg("the environment variable STYLEGAN must hold the program's path");
    for (int i = 0; arguments[i]; i++) {
        assert_true(i < MOST_ARGUMENTS);
        argv[i + 1] = (char *)arguments[i];
    }
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (input >= 0)
            dup2(input, STDIN_FILENO);
        dup2(output, STDOUT_FILENO);
        dup2(errors, STDERR_FILENO);
        execv(program, argv);
        _exit(127);
    }
    return child;
}

static int wait_for(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        assert_int_equal(errno, EINTR);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

program_result run_program(const char *const *arguments)
{
    program_result result = {0, NULL, NULL};
    FILE *output = tmpfile();
    FILE *errors = tmpfile();
    assert_non_null(output);
    assert_non_null(errors);
    result.status = wait_for(start(arguments, -1, fileno(output), fileno(errors)));
    result.output = read_back(output);
    result.errors = read_back(errors);
    return result;
}

program_result run_program_on_terminal(const char *const *arguments)
{
    program_result result = {0, NULL, calloc(TERMINAL_BYTES + 1, 1)};
    FILE *output = tmpfile();
    assert_non_null(output);
    assert_non_null(result.errors);
    const int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(master >= 0);
    assert_int_equal(grantpt(master), 0);
    assert_int_equal(unlockpt(master), 0);
    const int terminal = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(terminal >= 0);
    const pid_t child = start(arguments, -1, fileno(output), terminal);
    close(terminal);
    /* Reading fails once the child, the last to hold the terminal, has ended. */
    size_t length = 0;
    ssize_t count = 0;
    while ((count = read(master, result.errors + length, TERMINAL_BYTES - length)) > 0)
        length += (size_t)count;
    close(master);
    result.status = wait_for(child);
    result.output = read_back(output);
    return result;
}

conversation conversation_start(const char *const *arguments)
{
    conversation talk = {.errors = tmpfile()};
    int to[2], from[2];
    assert_non_null(talk.errors);
    assert_int_equal(pipe2(to, O_CLOEXEC), 0);
    assert_int_equal(pipe2(from, O_CLOEXEC), 0);
    talk.child = start(arguments, to[0], from[1], fileno(talk.errors));
    close(to[0]);
    close(from[1]);
    talk.to = fdopen(to[1], "w");
    talk.from = fdopen(from[0], "r");
    assert_non_null(talk.to);
    assert_non_null(talk.from);
    return talk;
}

char *conversation_ask(conversation *talk, const char *line)
{
    char *answer = NULL;
    size_t capacity = 0;
    assert_true(fprintf(talk->to, "%s\n", line) > 0);
    assert_int_equal(fflush(talk->to), 0);
    assert_true(getline(&answer, &capacity, talk->from) > 0);
    return answer;
}

program_result conversation_end(conversation *talk)
{
    program_result result = {0, NULL, NULL};
    size_t capacity = 0;
    fclose(talk->to);
    if (getdelim(&result.output, &capacity, '\0', talk->from) < 0) {
        free(result.output);
        result.output = calloc(1, 1);
    }
    fclose(talk->from);
    result.status = wait_for(talk->child);
    result.errors = read_back(talk->errors);
    return result;
}

void program_result_clear(program_result *result)
{
    free(result->output);
    free(result->errors);
    *result = (program_result){0, NULL, NULL};
}

void assert_holds(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" was expected in:\n%s", part, text);
}

double number_in(const char *json, const char *key)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\":", key);
    const char *at = strstr(json, quoted);
    assert_non_null(at);
    return strtod(at + strlen(quoted), NULL);
}

void assert_done(program_result result, const char *part)
{
    if (result.status != 0)
        fail_msg("exit status %d: %s", result.status, result.errors);
    assert_holds(result.output, part);
    program_result_clear(&result);
}

char *trained_folder(program_result result)
{
    if (result.status != 0)
        fail_msg("exit status %d: %s", result.status, result.errors);
    const char *start = strstr(result.output, "Done: ");
    assert_non_null(start);
    start += strlen("Done: ");
    char *folder = strndup(start, strcspn(start, "\n"));
    program_result_clear(&result);
    return folder;
}

void assert_fails(program_result result, int status, const char *part)
{
    assert_holds(result.errors, part);
    if (result.status != status)
        fail_msg("exit status %d instead of %d: %s", result.status, status, result.errors);
    assert_int_equal(strncmp(result.errors, "stylegan: ", 10), 0);
    assert_string_equal(result.output, "");
    program_result_clear(&result);
}
