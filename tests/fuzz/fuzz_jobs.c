/*
 * Lines of `generate --jobs`, for a network of 8x8 pictures with two classes: each line has one
 * answer, which is JSON and says whether a picture was painted. Lines with absolute paths of
 * outputs are left out, so that nothing is written outside the folder of the fuzzer.
 */
#define _GNU_SOURCE
#include <cjson/cJSON.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "pictures/batch.h"

#define NETWORK "tests/fuzz/corpus/safetensors/skip-8-classes"

static sg_picture_network network;
static char folder[] = "/tmp/stylegan-jobs-XXXXXX";

static int remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
    (void)facts;
    (void)kind;
    return place->level > 0 ? remove(path) : 0;
}

static void empty_folder(void)
{
    nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void remove_folder(void)
{
    empty_folder();
    rmdir(folder);
}

/* Opens the network once, which takes longer than most lines. */
static void prepare(void)
{
    static const sg_context_options one_thread = {.threads = 1};
    sg_error error = {0};
    if (network.generator)
        return;
    if (!mkdtemp(folder) || sg_picture_network_open(&network, NETWORK, NULL, &error) ||
        sg_picture_network_load(&network, &one_thread, &error)) {
        fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
    atexit(remove_folder);
}

/* Whether the line's output would lie elsewhere. */
static bool leaves_folder(const char *line, size_t length)
{
    cJSON *job = cJSON_ParseWithLength(line, length);
    const cJSON *entry;
    bool leaves = false;
    cJSON_ArrayForEach(entry, job) leaves |= cJSON_IsString(entry) && entry->valuestring[0] == '/';
    cJSON_Delete(job);
    return leaves;
}

static size_t check_answers(char *answers)
{
    size_t count = 0;
    for (char *rest = answers, *line; (line = strsep(&rest, "\n")) && *line; count++) {
        cJSON *answer = cJSON_Parse(line);
        const cJSON *error = cJSON_GetObjectItem(answer, "error");
        const cJSON *output = cJSON_GetObjectItem(answer, "output");
        if (!cJSON_IsObject(answer) || (!error && !cJSON_IsString(output)))
            abort();
        cJSON_Delete(answer);
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sg_error error = {0};
    sg_batch_counts counts = {0};
    char *answers = NULL;
    size_t answers_size = 0;
    prepare();
    for (size_t begin = 0; begin < size;) {
        const uint8_t *end = memchr(data + begin, '\n', size - begin);
        const size_t length = (end ? (size_t)(end - data) : size) - begin;
        if (leaves_folder((const char *)data + begin, length))
            return 0;
        begin += length + 1;
    }
    FILE *lines = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
    FILE *out = open_memstream(&answers, &answers_size);
    if (lines && out) {
        const sg_batch_options options = {.stream = lines,
                                          .name = "the input",
                                          .answers = out,
                                          .defaults = SG_PICTURE_REQUEST(.folder = folder)};
        fuzz_check(sg_batch_run(&network, &options, &counts, &error), &error);
        fflush(out);
        if (check_answers(answers) != counts.jobs || counts.failed > counts.jobs)
            abort();
        empty_folder();
    }
    if (lines)
        fclose(lines);
    if (out)
        fclose(out);
    free(answers);
    return 0;
}
