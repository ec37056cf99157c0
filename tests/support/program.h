/* Runs the `stylegan` program, found by the environment variable STYLEGAN, and catches its output.
 */
#ifndef SUPPORT_PROGRAM_H
#define SUPPORT_PROGRAM_H

#include <stdio.h>

/* What a run left behind. */
typedef struct program_result {
    int status;   /* exit status; 128 + signal when one ended it */
    char *output; /* standard output, zero-terminated */
    char *errors; /* standard error, zero-terminated */
} program_result;

/* Runs it with these arguments (NULL at the end) to its end. Fails the test when it cannot. */
program_result run_program(const char *const *arguments);

/* The same with a terminal as standard error. */
program_result run_program_on_terminal(const char *const *arguments);

/* A run that is talked to while it goes on. */
typedef struct conversation {
    int child;       /* process id */
    FILE *to, *from; /* its standard input and output */
    FILE *errors;    /* a file with its standard error */
} conversation;

/* Starts it with pipes as standard input and output. */
conversation conversation_start(const char *const *arguments);

/* Writes the line with an end and waits for a line back, which the caller frees. */
char *conversation_ask(conversation *talk, const char *line);

/* Ends its input and waits for its end; `output` holds what was not read before. */
program_result conversation_end(conversation *talk);

/* Frees the texts. */
void program_result_clear(program_result *result);

/* Fails the test, showing the text, unless `part` is in it. */
void assert_holds(const char *text, const char *part);

/* The number after "KEY": in a line of JSON; ends the test when it is not there. */
double number_in(const char *json, const char *key);

/* The run must have ended well, with `part` in what it wrote to standard output; clears it. */
void assert_done(program_result result, const char *part);

/* The folder that a training which must have ended well names, on the heap; clears it. */
char *trained_folder(program_result result);

/*
 * The run must have failed with this status, one sentence with `part` in it on standard error and
 * nothing on standard output; clears it.
 */
void assert_fails(program_result result, int status, const char *part);

#define RUN(...) run_program((const char *const[]){__VA_ARGS__, NULL})

#endif
