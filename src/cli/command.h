/* The commands of the `stylegan` program. */
#ifndef SG_CLI_COMMAND_H
#define SG_CLI_COMMAND_H

/* Exit statuses: done, the work failed, bad usage. */
enum { SG_EXIT_DONE = 0, SG_EXIT_FAILED = 1, SG_EXIT_USAGE = 2 };

/* A command: argv[0] is its name, its options follow. Returns the exit status. */
typedef struct sg_command {
    const char *name;
    const char *summary; /* one line for `stylegan --help` */
    int (*run)(int argc, const char **argv);
} sg_command;

/* One per cmd_NAME.c. */
int sg_command_train(int argc, const char **argv);
int sg_command_generate(int argc, const char **argv);
int sg_command_mix(int argc, const char **argv);
int sg_command_truncate(int argc, const char **argv);
int sg_command_variation(int argc, const char **argv);
int sg_command_spectra(int argc, const char **argv);
int sg_command_interpolate(int argc, const char **argv);
int sg_command_dataset(int argc, const char **argv);
int sg_command_convert(int argc, const char **argv);
int sg_command_metrics(int argc, const char **argv);
int sg_command_info(int argc, const char **argv);
int sg_command_bench(int argc, const char **argv);

#endif
