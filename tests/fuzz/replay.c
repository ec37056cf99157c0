/*
 * Runs a fuzz target over the files named on the command line, and over those in the folders named
 * there: the seeds in every test, or the findings of a fuzzer.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "fuzz/fuzz.h"

#define LARGEST_INPUT ((size_t)64 << 20)

/* Gives the target a block of exactly the input's size, so that sanitizers see reads beyond it. */
static bool replay_file(const char *path)
{
    sg_error error = {0};
    unsigned char *bytes = NULL;
    size_t size = 0;
    if (sg_read_file(path, LARGEST_INPUT, &bytes, &size, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    uint8_t *input = malloc(size);
    if (input || size == 0) {
        fprintf(stderr, "%s\n", path);
        if (size > 0)
            memcpy(input, bytes, size);
        (void)LLVMFuzzerTestOneInput(input, size);
    }
    const bool done = input || size == 0;
    free(input);
    free(bytes);
    return done;
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Returns the number of inputs that were replayed, or -1 after a failure. */
static long replay_folder(const char *folder)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, is_shown, alphasort);
    bool done = count >= 0;
    for (int i = 0; i < count; i++) {
        char *path = sg_path_join(folder, entries[i]->d_name);
        done = done && path && replay_file(path);
        free(path);
        free(entries[i]);
    }
    free(entries);
    return done ? count : -1;
}

int main(int argc, char **argv)
{
    long total = 0;
    for (int i = 1; i < argc; i++) {
        const long count =
            sg_path_is_folder(argv[i]) ? replay_folder(argv[i]) : (replay_file(argv[i]) ? 1 : -1);
        if (count < 0) {
            fprintf(stderr, "%s cannot be replayed\n", argv[i]);
            return 1;
        }
        total += count;
    }
    if (total == 0) {
        fprintf(stderr, "usage: %s FILE_OR_FOLDER..., with at least one input\n", argv[0]);
        return 2;
    }
    printf("%ld inputs replayed\n", total);
    return 0;
}
