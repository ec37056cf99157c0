/*
 * The files of a run folder: the first byte chooses which one the rest of the input is, and the
 * others are those of a run as it should be. Options, the identity in a training state and the
 * record of the run's history are read.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "runs/run_record.h"
#include "train/run/run_folder.h"
#include "train/run/training_state.h"

enum { OPTIONS, STATE, STATISTICS, FILES };

static const char *const names[FILES] = {"training_options.json",
                                         "training-state-000000032.safetensors", "stats.jsonl"};

/* What a run as it should be has, in short. */
static const char *const usual[FILES] = {
    "{\"cfg\":\"stylegan2\",\"data\":\"/nowhere\",\"batch\":8,\"total_kimg\":1}", "",
    "{\"Progress/kimg\":{\"num\":1,\"mean\":0.032,\"std\":0},\"timestamp\":1}\n"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const char *paths[FILES];
    for (int i = 0; i < FILES; i++)
        paths[i] = data[0] % FILES == i
                       ? fuzz_file(names[i], data + 1, size - 1)
                       : fuzz_file(names[i], (const uint8_t *)usual[i], strlen(usual[i]));
    char folder[512];
    const size_t length = (size_t)(strrchr(paths[0], '/') - paths[0]);
    if (length >= sizeof folder)
        abort();
    memcpy(folder, paths[0], length);
    folder[length] = '\0';

    sg_error error = {0};
    sg_saved_options saved;
    fuzz_check(sg_run_folder_read_options(folder, &saved, &error), &error);
    sg_run_identity identity = {0};
    fuzz_check(sg_training_state_identify(paths[STATE], &identity, &error), &error);
    sg_run_identity_clear(&identity);
    sg_run_record run;
    fuzz_check(sg_run_record_open(folder, &run, &error), &error);
    sg_run_record_close(&run);
    return 0;
}
