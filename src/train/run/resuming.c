/* Runs to continue: found by their training states, compared with given options, and with what they
 * were made with. See resuming.h and run_state.h. Tested by: tests/cli/test_train_resume.c */
#include "train/run/resuming.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/file.h"
#include "base/files/lock_file.h"
#include "base/text.h"
#include "checkpoint/network/network_path.h"
#include "data/kinds/open_dataset.h"
#include "train/nada/nada_setup.h"
#include "train/options/preset_resolve.h"
#include "train/options/training_fields.h"
#include "train/run/run_folder.h"
#include "train/run/run_state.h"
#include "train/run/snapshots.h"

/* ---- what is there ---- */

static bool has_state(const char *folder)
{
    static const char prefix[] = "training-state-";
    bool found = false;
    DIR *directory = opendir(folder);
    if (!directory)
        return false;
    for (const struct dirent *entry; !found && (entry = readdir(directory));)
        found = strncmp(entry->d_name, prefix, sizeof prefix - 1) == 0;
    closedir(directory);
    return found;
}

/* Finds the run with the highest number in a folder of runs; false without any. */
static bool find_newest_run(const char *outdir, char *run)
{
    char path[SG_PATH_BYTES];
    long newest = -1;
    DIR *directory = opendir(outdir);
    if (!directory)
        return false;
    for (const struct dirent *entry; (entry = readdir(directory));) {
        char *end = NULL;
        const long number = strtol(entry->d_name, &end, 10);
        sg_run_folder_path(path, outdir, "%s", entry->d_name);
        if (end == entry->d_name || *end != '-' || number <= newest || !has_state(path))
            continue;
        newest = number;
        memcpy(run, path, sizeof path);
    }
    closedir(directory);
    return newest >= 0;
}

sg_resumable sg_resumable_find(const char *path, char *run)
{
    char *network = NULL;
    snprintf(run, SG_PATH_BYTES, "%s", path);
    if (!sg_path_is_folder(path))
        return SG_RESUMABLE_NETWORK;
    if (has_state(path) || find_newest_run(path, run))
        return SG_RESUMABLE_RUN;
    const bool found = !sg_network_locate(path, &network, NULL);
    free(network);
    return found ? SG_RESUMABLE_NETWORK : SG_RESUMABLE_NOTHING;
}

/* ---- options ---- */

/* Tells whether the run lies in the folder `outdir`. */
static bool lies_in(const char *run, const char *outdir)
{
    char *parent = sg_path_folder(run);
    char *found = parent ? realpath(parent, NULL) : NULL;
    char *asked = realpath(outdir, NULL);
    const bool same = found && asked && strcmp(found, asked) == 0;
    free(parent);
    free(found);
    free(asked);
    return same;
}

/* Tells whether the run has the value of a row already. */
static bool has_value(const sg_field *row, const sg_run_options *asked, const sg_run_options *saved)
{
    static const size_t paths[] = {offsetof(sg_run_options, network),
                                   offsetof(sg_run_options, words.classifier),
                                   offsetof(sg_run_options, words.templates)};
    if (row->offset == offsetof(sg_run_options, outdir))
        return lies_in(asked->resume, asked->outdir);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (row->offset == paths[i])
            return sg_path_is_same((const char *)asked + paths[i], (const char *)saved + paths[i]);
    if (row->offset == offsetof(sg_run_options, resolution))
        return asked->resolution == saved->trainer.generator.img_resolution;
    return row->kind != SG_FIELD_TEXT &&
           memcmp((const char *)asked + row->offset, (const char *)saved + row->offset,
                  sg_field_bytes(row)) == 0;
}

/* Lists the given rows whose values the run lacks and does not take; returns how many there are. */
static size_t list_differences(const sg_given *given, const sg_run_options *asked,
                               const sg_run_options *saved, sg_text *names)
{
    char name[SG_FIELD_SPELLING_BYTES];
    const sg_field *row;
    size_t count = 0;
    for (size_t i = 0; (row = sg_field_at(&sg_training_table, i)); i++)
        if (sg_given_has(given, i) && row->audience && !has_value(row, asked, saved))
            sg_text_append(names, "%s\"%s\"", count++ ? ", " : "",
                           sg_field_spell(row, SG_SPELL_MEMBER, name));
    return count;
}

/* Counts the row of a member as given: in `taken` too where it comes from the run. */
static void take_row(size_t offset, const sg_given *given, sg_given *taken, sg_given *all)
{
    if (!sg_given_at(&sg_training_table, given, offset))
        sg_given_set_at(&sg_training_table, taken, offset);
    sg_given_set_at(&sg_training_table, all, offset);
}

/* Takes what decides which options there are from the run, unless it is asked for; *all gets what
 * is given then. */
static void take_deciding(const sg_run_options *saved, const sg_given *given, sg_run_options *asked,
                          sg_given *all)
{
    static const size_t deciding[] = {
        offsetof(sg_run_options, trainer.loss), offsetof(sg_run_options, trainer.optimiser),
        offsetof(sg_run_options, trainer.augment.mode), offsetof(sg_run_options, conditional)};
    sg_given taken = {0};
    *all = *given;
    if (!SG_TRAINING_GIVEN(given, cfg))
        asked->cfg = saved->cfg;
    /* A single network has no use for the first, the loss of a pair. */
    for (size_t i = sg_trainer_trains_one(&saved->trainer); i < sizeof deciding / sizeof *deciding;
         i++)
        take_row(deciding[i], given, &taken, all);
    /* A loss that needs it has no value of its own in every family. */
    if (saved->trainer.clip_weights > 0 && !SG_TRAINING_GIVEN(given, trainer.loss))
        take_row(offsetof(sg_run_options, trainer.clip_weights), given, &taken, all);
    static const size_t of_network[] = {
        offsetof(sg_run_options, network),          offsetof(sg_run_options, words.source),
        offsetof(sg_run_options, words.target),     offsetof(sg_run_options, words.towards),
        offsetof(sg_run_options, words.classifier), offsetof(sg_run_options, words.templates),
        offsetof(sg_run_options, words.text)};
    /* Only those that the run was given belong to its kind. */
    for (size_t i = 0; i < sizeof of_network / sizeof *of_network; i++)
        if (((const char *)saved)[of_network[i]])
            take_row(of_network[i], given, &taken, all);
    if (!sg_trainer_sees_data(&saved->trainer) && !SG_TRAINING_GIVEN(given, data))
        sg_given_set_at(&sg_training_table, &taken, offsetof(sg_run_options, data));
    sg_fields_copy_given(&sg_training_table, &taken, saved, asked);
}

sg_status sg_resuming_check(const sg_run_options *options, const sg_given *given, sg_error *error)
{
    sg_saved_options saved;
    sg_run_options asked = *options;
    sg_text names = {0};
    SG_TRY(sg_run_folder_read_options(options->resume, &saved, error));
    const int resolution = saved.options.trainer.generator.img_resolution;
    sg_given all;
    take_deciding(&saved.options, given, &asked, &all);
    SG_TRY(sg_preset_resolve(&asked, &all, resolution, &asked, error));
    asked.resume = options->resume;
    asked.outdir = options->outdir;
    const size_t count = list_differences(given, &asked, &saved.options, &names);
    const sg_status status =
        count == 0 ? SG_OK
                   : sg_fail(error, SG_ERROR_ARGUMENT,
                             "%s cannot change in a resumed run, whose own values are in "
                             "%s/training_options.json: leave %s out, or start another run from "
                             "its network by \"init\"",
                             names.bytes ? names.bytes : "options", options->resume,
                             count == 1 ? "it" : "them");
    sg_text_clear(&names);
    return status;
}

/* ---- the run goes on as it was ---- */

/* Makes a path of SG_PATH_BYTES absolute, if it is one of something and fits. */
static void make_absolute(char *path)
{
    char *found = path[0] ? realpath(path, NULL) : NULL;
    if (found && strlen(found) < SG_PATH_BYTES)
        memcpy(path, found, strlen(found) + 1);
    free(found);
}

/* Lists the files of "features" by absolute paths, except those that a list cannot have. */
static sg_status list_features(const char *features, sg_text *text, sg_error *error)
{
    sg_feature_list list;
    SG_TRY(sg_feature_list_split(features, &list, error));
    for (size_t i = 0; i < list.count; i++) {
        char *found = realpath(list.files[i], NULL);
        const bool fits = found && !strchr(found, ',');
        sg_text_append(text, "%s%s", i > 0 ? "," : "", fits ? found : list.files[i]);
        free(found);
    }
    return text->failed ? sg_fail_memory(error, "\"features\"") : SG_OK;
}

sg_status sg_run_write_options(sg_run_state *run, sg_error *error)
{
    /* A run may be resumed from another folder than it was started in. */
    sg_run_options saved = run->options;
    sg_text features = {0};
    char *place = saved.data[0] ? realpath(saved.data, NULL) : NULL;
    if (place && strlen(place) < SG_PATH_BYTES)
        saved.data = place;
    char *const paths[] = {saved.held_out.path, saved.network, saved.words.classifier,
                           saved.words.templates};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        make_absolute(paths[i]);
    /* Those of other trainings measure, which is no part of a run. */
    sg_status status = saved.network[0] ? list_features(saved.features, &features, error) : SG_OK;
    saved.features = features.bytes;
    if (!status)
        status = sg_run_folder_write_options(run->folder, &saved, error);
    if (!status)
        status = sg_run_identity_set(&run->identity, &saved, error);
    sg_text_clear(&features);
    free(place);
    return status;
}

sg_status sg_run_lock_folder(sg_run_state *run, sg_error *error)
{
    char path[SG_PATH_BYTES];
    char busy[SG_PATH_BYTES + 64];
    sg_run_folder_path(path, run->folder, "run.lock");
    snprintf(busy, sizeof busy, "another process trains the run in %s already", run->folder);
    return sg_lock_take(path, busy, &run->lock, error);
}

sg_status sg_run_identify_data(sg_run_state *run, sg_error *error)
{
    const sg_run_options *options = &run->options;
    sg_dataset *goal = NULL;
    if (run->dataset)
        return sg_dataset_fingerprint(run->dataset, run->identity.data, error);
    if (!options->network[0] || !options->data[0])
        return SG_OK;
    /* What a generator is moved to is not what the run is trained on, and not open. */
    SG_TRY(sg_dataset_open_unlabelled(options->data, &goal, error));
    const sg_status status = sg_dataset_fingerprint(goal, run->identity.data, error);
    sg_dataset_destroy(goal);
    return status;
}

/* What a state says of a file, if there is one; `then` is what it said when the run was saved. */
static sg_status identify_file(sg_run_state *run, const sg_run_identity *then, const char *name,
                               const char *path, sg_error *error)
{
    if (!path || !path[0])
        return SG_OK;
    SG_TRY(sg_run_identity_add_file(&run->identity, name, path, error));
    return sg_run_identity_check_file(then, &run->identity, name, path, run->folder, error);
}

/* The same for a network, whose path may be that of a folder of them. */
static sg_status identify_network(sg_run_state *run, const sg_run_identity *then, const char *name,
                                  const char *path, sg_error *error)
{
    char *found = NULL;
    if (!path[0])
        return SG_OK;
    SG_TRY(sg_network_locate(path, &found, error));
    const sg_status status = identify_file(run, then, name, found, error);
    free(found);
    return status;
}

/* Reads what the newest state of a run that is resumed says; the caller clears it. */
static sg_status recall(const sg_run_state *run, sg_run_identity *then, sg_error *error)
{
    *then = (sg_run_identity){0};
    return run->options.resume && !run->options.accept_changes
               ? sg_snapshot_identify(run->folder, then, error)
               : SG_OK;
}

sg_status sg_run_identify_files(sg_run_state *run, sg_error *error)
{
    const sg_run_options *options = &run->options;
    sg_run_identity then;
    if (!options->network[0])
        return SG_OK;
    SG_TRY(recall(run, &then, error));
    sg_status status = identify_network(run, &then, "network", options->network, error);
    if (!status)
        status = identify_network(run, &then, "classifier", options->words.classifier, error);
    if (!status)
        status = identify_file(run, &then, "templates", options->words.templates, error);
    sg_run_identity_clear(&then);
    return status;
}

sg_status sg_run_identify_goal(sg_run_state *run, sg_error *error)
{
    sg_run_identity then;
    const sg_nada_words *words = &run->options.words;
    const sg_nada_files files = sg_nada_setup_files(run->trainer);
    const bool reads = words->text[0] || words->target[0];
    SG_TRY(recall(run, &then, error));
    sg_status status = identify_file(run, &then, "CLIP", files.clip, error);
    if (!status && reads)
        status = identify_file(run, &then, "merges", files.merges, error);
    sg_run_identity_clear(&then);
    return status;
}

sg_status sg_run_check_identity(sg_run_state *run, sg_error *error)
{
    sg_run_identity then = {0};
    SG_TRY(sg_snapshot_identify(run->folder, &then, error));
    sg_status status = SG_OK;
    if (!run->options.accept_changes)
        status = sg_run_identity_check_options(&then, &run->identity, run->folder, error);
    if (!status && !run->options.accept_changes)
        status = sg_run_identity_check_data(&then, &run->identity, run->folder, run->options.data,
                                            error);
    sg_run_identity_clear(&then);
    return status;
}

static void say_line(void *user, const char *line)
{
    sg_run_say(user, "%s", line);
}

sg_status sg_run_load_snapshot(sg_run_state *run, bool *loaded, sg_error *error)
{
    const sg_watch watch = {.user = run, .note = say_line};
    return sg_snapshot_load(run->trainer, run->folder, &watch, loaded, error);
}

sg_status sg_run_load_resumed(sg_run_state *run, sg_error *error)
{
    bool loaded = false;
    SG_TRY(sg_run_load_snapshot(run, &loaded, error));
    return loaded ? SG_OK
                  : sg_fail(error, SG_ERROR_FILE,
                            "%s holds no training state that can be resumed "
                            "(training-state-*.safetensors with its "
                            "network-snapshot-*.safetensors)",
                            run->folder);
}
