/* `stylegan sweep` from outside: plans, tables, and sweeps that are killed and go on. */
#define _GNU_SOURCE /* kill */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/files/input_file.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"

/* Networks of at most 4 channels, a snapshot every 16 images, and a metric of a second or less. */
#define TINY                                                                                       \
    "--cfg", "stylegan2", "--batch", "8", "--cbase", "32", "--cmax", "4", "--z-dim", "8",          \
        "--w-dim", "6", "--map-depth", "1", "--tick", "0.016", "--snap", "1", "--threads", "1"
#define MEASURED "--metrics", "pplpx_wend1k"
#define GRID "--vary", "gamma=0.1,1,10", "--vary", "seed=0-2", "--kimg", "0.032", MEASURED

static void assert_same_tables(const char *folder, const char *other)
{
    assert_same_file(folder, other, "table.csv");
    assert_same_file(folder, other, "table.json");
    assert_same_file(folder, other, "runs.csv");
}

/* How often a text stands in a file of a folder; 0 without the file. */
static int count_in(const char *folder, const char *name, const char *part)
{
    int count = 0;
    size_t size = 0;
    sg_error error = {0};
    unsigned char *bytes = NULL;
    char *path = sg_path_join(folder, name);
    if (!sg_read_file(path, 1 << 24, &bytes, &size, &error))
        for (const char *at = (const char *)bytes; (at = strstr(at, part)); at++)
            count++;
    free(bytes);
    free(path);
    return count;
}

/* Starts the sweep and ends it by a signal when so many trainings are over and the next is some way
 * on. */
static void start_and_kill(const char *const *arguments, const char *folder, int trainings,
                           const char *next, int signal_number)
{
    const struct timespec moment = {.tv_nsec = 2000000};
    conversation talk = conversation_start(arguments);
    char *run = sg_path_join(folder, next);
    for (int i = 0; i < 30000 && (count_in(folder, "runs.csv", ",done\n") < trainings ||
                                  count_in(run, "stats.jsonl", "Progress/kimg") < 1);
         i++)
        nanosleep(&moment, NULL);
    assert_int_equal(kill(talk.child, signal_number), 0);
    program_result result = conversation_end(&talk);
    assert_int_equal(result.status, 128 + signal_number);
    program_result_clear(&result);
    free(run);
}

/* Once by a kill that nobody can catch, once by a request to end, in the middle of trainings. */
static void a_killed_sweep_ends_as_an_undisturbed_one(void **state)
{
    char *data = tiny_run_data(state);
    char *whole = temporary_path(state, "whole");
    char *killed = temporary_path(state, "killed");
    const char *const line[] = {"sweep", data, "--outdir", killed, TINY, GRID, NULL};
    assert_done(RUN("sweep", data, "--outdir", whole, TINY, GRID, "--jobs", "2"), "Done: ");
    start_and_kill(line, killed, 1, "001-gamma1-seed0", SIGKILL);
    assert_true(count_in(killed, "runs.csv", ",done\n") < 9);
    start_and_kill(line, killed, 4, "004-gamma1-seed1", SIGTERM);
    assert_true(count_in(killed, "runs.csv", ",done\n") < 9);
    assert_done(RUN("sweep", "--resume", killed), "Done: ");
    assert_int_equal(count_in(killed, "runs.csv", ",done\n"), 9);
    assert_same_tables(whole, killed);
    assert_same_file(whole, killed, "sweep.png");
    assert_in_folder(killed, "compare/curves.png");
    assert_true(count_in(killed, "compare/compare.html", "Settings, the best first") > 0);
    assert_true(count_in(killed, "compare/compare.html", "gamma=10 seed=2") > 0);
    /* Nothing is left to do. */
    program_result again = RUN("sweep", "--resume", killed);
    assert_null(strstr(again.output, "begins"));
    assert_done(again, "place");
    free(killed);
    free(whole);
    free(data);
}

/* The better half of four settings trains twice as long, and the better one of these again. */
static void halving_leaves_the_worse_half_behind(void **state)
{
    char *data = tiny_run_data(state);
    char *folder = temporary_path(state, "halved");
    program_result result =
        RUN("sweep", data, "--outdir", folder, TINY, "--vary", "glr=0.001,0.002,0.004,0.008",
            "--kimg", "0.064", MEASURED, "--halving", "3", "--jobs", "2");
    assert_holds(result.output, "Round 2 of 3, 0.5 of the length");
    assert_done(result, "Done: ");
    assert_int_equal(count_in(folder, "runs.csv", ",1,left behind\n"), 2);
    assert_int_equal(count_in(folder, "runs.csv", ",2,left behind\n"), 1);
    assert_int_equal(count_in(folder, "runs.csv", ",3,done\n"), 1);
    free(folder);
    free(data);
}

/* Takes the trainings in sweep.json back from the second round to the first, as a kill in the
 * second one leaves them. */
static void take_back_second_round(const char *folder)
{
    static const char after[] = "\"rounds\":\t2";
    size_t size = 0;
    sg_error error = {0};
    unsigned char *bytes = NULL;
    char *path = sg_path_join(folder, "sweep.json");
    assert_int_equal(sg_read_file(path, 1 << 24, &bytes, &size, &error), SG_OK);
    char *at = strstr((char *)bytes, "\"runs\"");
    assert_non_null(at);
    while ((at = strstr(at, after)))
        at[sizeof after - 2] = '1';
    assert_int_equal(sg_write_file(path, bytes, size, &error), SG_OK);
    free(bytes);
    free(path);
}

/* Settings that failed in the first round are the half that it left behind. */
static void a_round_is_halved_once(void **state)
{
    char *data = tiny_run_data(state);
    char *folder = temporary_path(state, "once");
    assert_done(RUN("sweep", data, "--outdir", folder, TINY, "--vary", "subset=8,16,100000,100001",
                    "--kimg", "0.032", MEASURED, "--halving", "2"),
                "Done: ");
    assert_int_equal(count_in(folder, "runs.csv", ",2,done\n"), 2);
    take_back_second_round(folder);
    assert_done(RUN("sweep", "--resume", folder), "Done: ");
    assert_int_equal(count_in(folder, "runs.csv", ",2,done\n"), 2);
    free(folder);
    free(data);
}

/* Trainings that draw their options, and end by time. */
static void draws_may_end_by_time(void **state)
{
    char *data = tiny_run_data(state);
    char *folder = temporary_path(state, "drawn");
    assert_done(RUN("sweep", data, "--outdir", folder, TINY, "--plan", "random", "--draws", "2",
                    "--vary", "glr=log:0.001..0.01", "--hours", "0.0003", MEASURED, "--halving",
                    "1"),
                "Done: ");
    assert_int_equal(count_in(folder, "runs.csv", ",1,done\n"), 2);
    assert_int_equal(count_in(folder, "table.json", "\"seeds\":\t1"), 2);
    free(folder);
    free(data);
}

/* A training that cannot go on is left behind; the others are compared. */
static void failures_do_not_end_a_sweep(void **state)
{
    char *data = tiny_run_data(state);
    char *folder = temporary_path(state, "failing");
    program_result result = RUN("sweep", data, "--outdir", folder, TINY, "--vary",
                                "subset=8,100000", "--kimg", "0.016", MEASURED);
    assert_holds(result.output, "subset=100000: ");
    assert_done(result, "Done: ");
    assert_int_equal(count_in(folder, "runs.csv", ",failed\n"), 1);
    assert_int_equal(count_in(folder, "runs.csv", ",done\n"), 1);
    assert_fails(RUN("sweep", data, "--outdir", folder, TINY, "--vary", "subset=8,16", "--kimg",
                     "0.016", MEASURED),
                 2, "holds another sweep");
    free(folder);
    free(data);
}

/* A folder that another process works in is left alone. */
static void a_sweep_runs_once_at_a_time(void **state)
{
    char *data = tiny_run_data(state);
    char *path = temporary_path(state, "taken/sweep.lock");
    char *folder = sg_path_folder(path);
    sg_error error = {0};
    assert_int_equal(sg_make_parent_folder(path, &error), SG_OK);
    const int lock = open(path, O_CREAT | O_RDWR, 0666);
    assert_int_equal(flock(lock, LOCK_EX), 0);
    assert_fails(RUN("sweep", data, "--outdir", folder, TINY, "--vary", "gamma=1", "--kimg", "1"),
                 1, "another process runs the sweep");
    close(lock);
    free(folder);
    free(path);
    free(data);
}

static void plans_are_shown(void **state)
{
    char *data = tiny_run_data(state);
    program_result result = RUN("sweep", data, "--outdir", "/nowhere/sweep", TINY, "--vary",
                                "no-noise=true,false", "--vary", "seed=4-5", "--kimg", "1", "-n");
    assert_holds(result.output, "4 trainings: 2 settings, 2 seeds");
    assert_holds(result.output, "000-no-noisetrue-seed4  no-noise=true seed=4  about ");
    assert_holds(result.output, "003-no-noisefalse-seed5  no-noise=false seed=5\n");
    assert_done(result, " in all, 1 at a time");
    free(data);
}

static void wrong_use_gets_a_sentence(void **state)
{
    char *data = tiny_run_data(state);
    char *folder = temporary_path(state, "none");
    assert_fails(RUN("sweep", data, "--outdir", folder, "--kimg", "1"), 2,
                 "--vary names 0 options");
    assert_fails(RUN("sweep", data, "--vary", "gamma=1", "--kimg", "1"), 2, "--outdir is missing");
    assert_fails(RUN("sweep", data, "--outdir", folder, "--vary", "gamma=1"), 2,
                 "--kimg is missing");
    assert_fails(RUN("sweep", "--outdir", folder, "--vary", "gamma=1", "--kimg", "1"), 2,
                 "--data is missing");
    assert_fails(RUN("sweep", data, "--outdir", folder, "--vary", "gama=1", "--kimg", "1"), 2,
                 "did you mean gamma?");
    assert_fails(RUN("sweep", data, "--outdir", folder, "--vary", "gamma=1..2", "--kimg", "1"), 2,
                 "belongs to --plan random");
    assert_fails(RUN("sweep", data, "--outdir", folder, "--vary", "cfg=dcgan,progan", "--w-dim",
                     "8", "--kimg", "1"),
                 2, "cfg=dcgan: --w-dim needs a mapping network");
    assert_fails(RUN("sweep", "--resume", folder), 2, "it holds no sweep.json");
    static const char *const others[][2] = {
        {"--vary", "gamma=1"},  {"--outdir", "a"},  {"--kimg", "800"}, {"--halving", "1"},
        {"--metrics", "kid5k"}, {"--threads", "8"}, {"--hours", "1"},  {"--seed", "0"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char part[64];
        snprintf(part, sizeof part, "leave out %s", others[i][0]);
        assert_fails(RUN("sweep", "--resume", folder, others[i][0], others[i][1]), 2, part);
    }
    assert_fails(RUN("sweep", data, "--resume", folder), 2, "leave out --data");
    assert_fails(RUN("sweep", data, "--outdir", folder, "--vary", "gamma=1", "--desc", "a"), 2,
                 "there is no option --desc");
    free(folder);
    free(data);
}

/* Foreign or torn files are refused, not believed. */
static void torn_files_get_a_sentence(void **state)
{
    static const char *const texts[] = {
        "{", "{\"request\": 3}", "{\"request\": {\"vary\": [\"gamma=1\"]}}",
        "{\"request\": {\"vary\": [\"gamma=1\"], \"plan\": \"grid\", \"draws\": 0, \"rounds\": 1, "
        "\"threads\": 1, \"options\": {\"data\": \"a\", \"kimg\": \"1\"}}, \"runs\": []}",
        "{\"request\": {\"vary\": [\"gamma=1\"], \"plan\": \"grid\", \"draws\": 0, \"rounds\": 1, "
        "\"threads\": 1, \"options\": {\"data\": \"a\", \"kimg\": \"-1\"}}, \"runs\": []}"};
    sg_error error = {0};
    char *path = temporary_path(state, "torn/sweep.json");
    char *folder = sg_path_folder(path);
    assert_int_equal(sg_make_parent_folder(path, &error), SG_OK);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(sg_write_file(path, texts[i], strlen(texts[i]), &error), SG_OK);
        assert_fails(RUN("sweep", "--resume", folder), 1, "torn/sweep.json");
    }
    free(folder);
    free(path);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, tiny_run_setup, tiny_run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_killed_sweep_ends_as_an_undisturbed_one),
        IN_FOLDER(halving_leaves_the_worse_half_behind),
        IN_FOLDER(a_round_is_halved_once),
        IN_FOLDER(draws_may_end_by_time),
        IN_FOLDER(failures_do_not_end_a_sweep),
        IN_FOLDER(a_sweep_runs_once_at_a_time),
        IN_FOLDER(plans_are_shown),
        IN_FOLDER(wrong_use_gets_a_sentence),
        IN_FOLDER(torn_files_get_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
