/* sweep.json; see sweep_file.h.
 * Tested by: tests/cli/test_sweep.c */
#include "sweep/sweep_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "train/run/run_folder.h"

enum { LARGEST_FILE = 1 << 26 };

static const char file_name[] = "sweep.json";

/* What is asked for besides options and what varies. */
static const sg_field request_rows[] = {
    {"plan", SG_CHOICE(sg_sweep_request, kind, &sg_sweep_kind_choices)},
    {"draws", SG_INT(sg_sweep_request, draws, 0, SG_SWEEP_MOST_RUNS)},
    {"rounds", SG_INT(sg_sweep_request, rounds, 1, SG_SWEEP_MOST_ROUNDS)},
    {"threads", SG_INT(sg_sweep_request, threads, 0, 4096)},
};
static const SG_FIELD_TABLE(request_rows, NULL);

/* How far a training is; the text is borrowed while it is read. */
typedef struct run_record {
    const char *folder, *failure;
    int rounds, out;
    double seconds;
} run_record;

static const sg_field run_rows[] = {
    {"folder", SG_TEXT(run_record, folder)},
    {"rounds", SG_INT(run_record, rounds, 0, SG_SWEEP_MOST_ROUNDS)},
    {"out", SG_INT(run_record, out, 0, SG_SWEEP_MOST_ROUNDS)},
    {"seconds", SG_NUMBER(run_record, seconds, 0, 1e12)},
    {"failure", SG_TEXT(run_record, failure)},
};
static const SG_FIELD_TABLE(run_rows, NULL);

/* ---- writing ---- */

/* Options that are no part of what was asked for: where, and what a sweep does itself. */
static bool is_apart(const sg_field *row)
{
    return row->offset == offsetof(sg_run_options, outdir) ||
           row->offset == offsetof(sg_run_options, dry_run) ||
           row->offset == offsetof(sg_run_options, resume);
}

/* Appends the value of a row; paths of files that are there as they are seen from everywhere. */
static void print_value(size_t index, const sg_field *row, const sg_run_options *options,
                        sg_text *text)
{
    const bool is_path = row->offset == offsetof(sg_run_options, data) ||
                         row->offset == offsetof(sg_run_options, init);
    const bool is_network = row->offset == offsetof(sg_run_options, network);
    const char *path = is_path      ? *(const char *const *)((const char *)options + row->offset)
                       : is_network ? options->network
                                    : NULL;
    char *place = path ? realpath(path, NULL) : NULL;
    if (place)
        sg_text_append(text, "%s", place);
    else
        sg_sweep_print_option(index, options, text);
    free(place);
}

static bool add_options(cJSON *object, const sg_sweep_request *request)
{
    const sg_field *row;
    bool whole = object;
    for (size_t i = 0; whole && (row = sg_field_at(&sg_training_table, i)); i++) {
        if (!sg_given_has(&request->given, i) || !row->option || is_apart(row))
            continue;
        sg_text text = {0};
        print_value(i, row, &request->options, &text);
        whole = !text.failed &&
                cJSON_AddStringToObject(object, row->option, text.bytes ? text.bytes : "");
        sg_text_clear(&text);
    }
    return whole;
}

/* Returns the request as an object; NULL on lack of memory. */
static cJSON *request_to_json(const sg_sweep_request *request)
{
    cJSON *object = cJSON_CreateObject();
    bool whole = add_options(cJSON_AddObjectToObject(object, "options"), request);
    whole = whole && sg_json_add(object, "vary",
                                 cJSON_CreateStringArray(request->vary, (int)request->vary_count));
    whole = whole && sg_fields_to_json(&request_rows_table, request, NULL, object);
    if (whole)
        return object;
    cJSON_Delete(object);
    return NULL;
}

static bool add_runs(cJSON *array, const sg_sweep_plan *plan)
{
    bool whole = array;
    for (size_t i = 0; whole && i < plan->run_count; i++) {
        const sg_sweep_run *run = &plan->runs[i];
        const run_record record = {run->name, run->failure, run->rounds, run->out, run->seconds};
        cJSON *object = cJSON_CreateObject();
        whole = object && sg_fields_to_json(&run_rows_table, &record, NULL, object) &&
                cJSON_AddItemToArray(array, object);
        if (!whole)
            cJSON_Delete(object);
    }
    return whole;
}

sg_status sg_sweep_file_write(const char *folder, const sg_sweep_request *request,
                              const sg_sweep_plan *plan, sg_error *error)
{
    char path[SG_PATH_BYTES];
    sg_run_folder_path(path, folder, "%s", file_name);
    cJSON *root = cJSON_CreateObject();
    const bool whole = sg_json_add(root, "request", request_to_json(request)) &&
                       add_runs(cJSON_AddArrayToObject(root, "runs"), plan);
    char *text = whole ? cJSON_Print(root) : NULL;
    cJSON_Delete(root);
    if (!text)
        return sg_fail_memory(error, "%s", path);
    const sg_status status = sg_write_file(path, text, strlen(text), error);
    cJSON_free(text);
    return status;
}

/* ---- reading ---- */

bool sg_sweep_file_exists(const char *folder)
{
    char path[SG_PATH_BYTES];
    sg_run_folder_path(path, folder, "%s", file_name);
    return sg_path_exists(path);
}

static sg_status read_options(const cJSON *object, const char *path, sg_sweep_request *request,
                              sg_error *error)
{
    sg_error own = {0};
    request->options = sg_run_options_default();
    for (const cJSON *item = object ? object->child : NULL; item; item = item->next) {
        const int row = sg_field_find_option(&sg_training_table, item->string);
        if (row < 0 || !cJSON_IsString(item))
            return sg_fail(error, SG_ERROR_FORMAT,
                           "%s has an option \"%.100s\" that is none of a "
                           "training, or no text",
                           path, item->string);
        if (sg_sweep_set_option((size_t)row, item->valuestring, &request->options, &request->given,
                                &own))
            return sg_fail(error, SG_ERROR_FORMAT, "%s: %s", path, own.message);
    }
    return SG_OK;
}

static sg_status read_request(const cJSON *object, const char *path, sg_sweep_request *request,
                              sg_error *error)
{
    const sg_fields_reading reading = {
        .subject = path, .name = "request", .all_needed = true, .skip_unknown = true};
    const cJSON *vary = cJSON_GetObjectItemCaseSensitive(object, "vary");
    const cJSON *item;
    if (!cJSON_IsObject(object) || !cJSON_IsArray(vary))
        return sg_fail(error, SG_ERROR_FORMAT, "%s does not hold a sweep", path);
    cJSON_ArrayForEach(item, vary)
    {
        if (!cJSON_IsString(item) || request->vary_count == SG_SWEEP_MOST_AXES)
            return sg_fail(error, SG_ERROR_FORMAT, "%s has a \"vary\" that is no list of texts",
                           path);
        request->vary[request->vary_count++] = item->valuestring;
    }
    SG_TRY(sg_fields_from_json(&request_rows_table, &reading, object, request, NULL, error));
    return read_options(cJSON_GetObjectItemCaseSensitive(object, "options"), path, request, error);
}

sg_status sg_sweep_file_read(const char *folder, sg_sweep_file *file, sg_error *error)
{
    char path[SG_PATH_BYTES];
    unsigned char *bytes = NULL;
    size_t size = 0;
    *file = (sg_sweep_file){0};
    sg_run_folder_path(path, folder, "%s", file_name);
    SG_TRY(sg_read_file(path, LARGEST_FILE, &bytes, &size, error));
    file->root = cJSON_ParseWithLength((const char *)bytes, size);
    free(bytes);
    return read_request(cJSON_GetObjectItemCaseSensitive(file->root, "request"), path,
                        &file->request, error);
}

static sg_status take_progress(const cJSON *object, const char *path, sg_sweep_run *run,
                               sg_error *error)
{
    run_record record = {0};
    const sg_fields_reading reading = {
        .subject = path, .name = "runs", .all_needed = true, .skip_unknown = true};
    if (!cJSON_IsObject(object))
        return sg_fail(error, SG_ERROR_FORMAT, "%s has \"runs\" that are no objects", path);
    SG_TRY(sg_fields_from_json(&run_rows_table, &reading, object, &record, NULL, error));
    if (strcmp(record.folder, run->name) != 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s names the folder \"%.100s\" where its plan has "
                       "\"%s\"",
                       path, record.folder, run->name);
    run->rounds = record.rounds;
    run->out = record.out;
    run->seconds = record.seconds;
    snprintf(run->failure, sizeof run->failure, "%s", record.failure);
    return SG_OK;
}

sg_status sg_sweep_file_progress(const sg_sweep_file *file, const char *folder, sg_sweep_plan *plan,
                                 sg_error *error)
{
    char path[SG_PATH_BYTES];
    const cJSON *runs = cJSON_GetObjectItemCaseSensitive(file->root, "runs");
    const cJSON *item;
    size_t index = 0;
    sg_run_folder_path(path, folder, "%s", file_name);
    if (!cJSON_IsArray(runs) || (size_t)cJSON_GetArraySize(runs) != plan->run_count)
        return sg_fail(error, SG_ERROR_FORMAT, "%s has %d trainings, but its plan has %zu", path,
                       cJSON_GetArraySize(runs), plan->run_count);
    cJSON_ArrayForEach(item, runs) SG_TRY(take_progress(item, path, &plan->runs[index++], error));
    return SG_OK;
}

bool sg_sweep_file_matches(const sg_sweep_file *file, const sg_sweep_request *request)
{
    cJSON *asked = request_to_json(request);
    const cJSON *saved = cJSON_GetObjectItemCaseSensitive(file->root, "request");
    const bool same = asked && cJSON_Compare(asked, saved, true);
    cJSON_Delete(asked);
    return same;
}

void sg_sweep_file_clear(sg_sweep_file *file)
{
    cJSON_Delete(file->root);
    *file = (sg_sweep_file){0};
}
