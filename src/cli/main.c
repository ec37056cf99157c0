/* The `stylegan` program: finds the command and runs it.
 * Tested by: tests/cli/test_cli.c */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest_name.h"
#include "cli/commands/commands.h"
#include "cli/commands/programs.h"
#include "cli/options/manual.h"
#include "cli/options/options.h"
#include "cli/terminal/report.h"
#include "stylegan.h"

/* How a command was called. */
typedef struct call {
    const sg_command *command;
    const sg_program *program; /* the row of another program's name; NULL: the name is ours */
    bool with_word;            /* the first argument belongs to the name */
} call;

/*
 * Finds the command of that name, of another program's name ("gen_images"), or of ours as a file of
 * Python ("train.py"). Both members are NULL for an unknown name.
 */
static call find_call(const char *name, const char *word)
{
    char stem[64];
    const size_t length = strlen(name);
    const bool script = length > 3 && length < sizeof stem && strcmp(name + length - 3, ".py") == 0;
    call found = {.program = sg_program_find(name, word)};
    snprintf(stem, sizeof stem, "%.*s", (int)(script ? length - 3 : length), name);
    if (found.program)
        found.command = found.program->command ? sg_command_find(found.program->command) : NULL;
    else
        found.command = sg_command_find(stem);
    found.with_word = found.program && found.program->word;
    return found;
}

/* Says what to type instead of another program that has no command here. */
static int refuse_program(const char *name, const sg_program *program, const char *word)
{
    fprintf(stderr, "stylegan: %s%s%s: %s\nTry \"stylegan --help\".\n", name,
            program->word ? " " : "", program->word ? word : "", program->sentence);
    return SG_EXIT_USAGE;
}

static void print_overview(FILE *stream)
{
    fprintf(stream, "Trains and runs style-based GANs on CPUs.\n\n"
                    "Usage: stylegan COMMAND [options]\n\n"
                    "Commands:\n");
    for (size_t i = 0; i < sg_command_count; i++)
        fprintf(stream, "  %-11s %s\n", sg_commands[i]->name, sg_commands[i]->summary);
    fprintf(stream, "  %-11s %s\n", "help", "Show the help of a command");
    fprintf(stream,
            "\nThe names of the official programs, such as gen_images.py, are understood too.\n"
            "\"stylegan COMMAND --help\" shows a command's options and examples;\n"
            "\"stylegan --version\" shows the version.\n");
}

static int refuse_command(const char *name)
{
    enum { MOST_NAMES = 96 };
    const char *names[MOST_NAMES] = {"help"};
    size_t count = 1;
    for (; count <= sg_command_count && count < MOST_NAMES; count++)
        names[count] = sg_commands[count - 1]->name;
    count += sg_program_list(names + count, MOST_NAMES - count);
    const char *nearest = sg_nearest_name(name, names, count);
    const char *what = name[0] == '-' ? "option" : "command";
    if (nearest && name[0] != '-')
        fprintf(stderr, "stylegan: there is no command \"%s\"; did you mean \"%s\"?\n", name,
                nearest);
    else
        fprintf(stderr, "stylegan: there is no %s \"%s\"\n", what, name);
    fprintf(stderr, "Try \"stylegan --help\".\n");
    return SG_EXIT_USAGE;
}

/* Prints the pages and completions that are installed: `help --manual [COMMAND]`, `help
 * --completions SHELL`. */
static int print_page(const char *what, const char *name)
{
    const sg_command *command = name ? sg_command_find(name) : NULL;
    if (strcmp(what, "--completions") == 0)
        return name && sg_completions_print(name, sg_commands, sg_command_count, stdout)
                   ? SG_EXIT_DONE
                   : refuse_command(what);
    if (strcmp(what, "--manual") != 0 || (name && !command))
        return refuse_command(command ? what : name ? name : what);
    if (command)
        sg_manual_print(command, stdout);
    else
        sg_manual_print_commands(sg_commands, sg_command_count, stdout);
    return SG_EXIT_DONE;
}

/* `stylegan help` and `stylegan help COMMAND`. */
static int help(const char *name, const char *next)
{
    if (!name) {
        print_overview(stdout);
        return SG_EXIT_DONE;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        printf("Usage: stylegan help [COMMAND]\n\n"
               "Shows the commands, or the options and examples of one.\n");
        return SG_EXIT_DONE;
    }
    if (name[0] == '-')
        return print_page(name, next);
    const call found = find_call(name, next);
    if (!found.command)
        return found.program ? refuse_program(name, found.program, next) : refuse_command(name);
    const bool with_part = found.command->part_count > 0 && next;
    const char *arguments[] = {found.command->name, with_part ? next : "--help", "--help", NULL};
    return sg_command_run(found.command, with_part ? 3 : 2, arguments);
}

static int run(int argc, const char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "stylegan: a command is missing\n\n");
        print_overview(stderr);
        return SG_EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return help(argc > 2 && name[0] != '-' ? argv[2] : NULL, argc > 3 ? argv[3] : NULL);
    if (strcmp(name, "--version") == 0) {
        printf("stylegan %s\n", sg_version());
        return SG_EXIT_DONE;
    }
    const char *word = argc > 2 ? argv[2] : NULL;
    const call found = find_call(name, word);
    if (!found.command)
        return found.program ? refuse_program(name, found.program, word) : refuse_command(name);
    const char *option = found.program ? found.program->option : NULL;
    const int skipped = found.with_word && !option ? 2 : 1;
    if (option)
        argv[2] = option; /* in the place of the word */
    return sg_command_run(found.command, argc - skipped, argv + skipped);
}

/*
 * OpenMP's threads spin for about ten milliseconds wherever they wait for each other, which slows a
 * machine that runs anything else beside us many times over. How long they spin is read from the
 * environment before main, so the program starts itself again with a shorter time, unless the user
 * has chosen one.
 */
static void wait_patiently(char **argv)
{
    static const char spins[] = "2000";
    if (getenv("OMP_WAIT_POLICY") || getenv("GOMP_SPINCOUNT") ||
        setenv("GOMP_SPINCOUNT", spins, 1) != 0)
        return;
    execv("/proc/self/exe", argv); /* where this is not to be had, we go on as we are */
}

/* Opens standard streams that are closed, since files opened later would take their places: in the
 * wrong direction, so that their use still fails. */
static void open_standard_streams(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++)
        if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF)
            (void)open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
    open_standard_streams();
    wait_patiently(argv);
    /* A reader that has seen enough, such as head, ends the program quietly. */
    (void)signal(SIGPIPE, SIG_DFL);
    const int status = run(argc, (const char **)argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "stylegan: standard output cannot be written: %s\n", strerror(errno));
        return status == SG_EXIT_DONE ? SG_EXIT_FAILED : status;
    }
    return status;
}
