/* Lines of jobs to pictures and answers; see batch.h. Tested by: tests/cli/test_batch.c */
#include "pictures/batch.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/files/line_reader.h"
#include "base/utf8.h"
#include "edit/request/edit_store.h"
#include "pictures/batch_request.h"
#include "pictures/painter.h"
#include "pictures/picture_fields.h"
#include "pictures/truncation_center.h"

enum { EXTENSION_BYTES = 4 /* of ".png" */ };

/* What a job led to. */
typedef struct result {
    char *output, *w_output; /* paths of the files, owned; w_output NULL without one */
    size_t width, height;
    double seconds;
    char warning[SG_FAR_W_BYTES]; /* empty: none */
} result;

/* What the jobs of a batch share. */
typedef struct sharing {
    sg_edit_store *edits;
    sg_far_w far;
} sharing;

/* ---- the files of a job ---- */

/* Tells whether a part of the path leads upwards. */
static bool leads_upwards(const char *path)
{
    for (const char *part = path; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
            return true;
    }
    return false;
}

static sg_status check_output(const char *output, sg_error *error)
{
    const size_t length = strlen(output);
    if (length <= EXTENSION_BYTES || strcasecmp(output + length - EXTENSION_BYTES, ".png") != 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"output\" must end in .png, not be %s", output);
    if (output[0] != '/' && leads_upwards(output))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"output\" is %s, but a relative path must not lead out of the folder for "
                       "the pictures",
                       output);
    return SG_OK;
}

/* The paths of the job's files, whose folders are made. */
static sg_status find_paths(const sg_picture_request *picture, result *done, sg_error *error)
{
    SG_TRY(check_output(picture->output, error));
    done->output = sg_picture_path(picture, NULL);
    if (picture->save_w)
        done->w_output = sg_picture_path(picture, ".npz");
    if (!done->output || (picture->save_w && !done->w_output))
        return sg_fail_memory(error, "the path of %s", picture->output);
    return sg_make_missing_parent(done->output, error);
}

/* ---- a job ---- */

/* Reads the job's file of w, if there is one. */
static sg_status read_w(const sg_picture_network *network, sg_picture_request *picture,
                        sg_w_set *set, sg_error *error)
{
    if (!picture->w_file)
        return SG_OK;
    SG_TRY(sg_read_w_file(picture->w_file, network, NULL, set, error));
    if (picture->w_index >= set->count)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"w_index\" is %llu, but %s holds %zu w, counted from 0",
                       (unsigned long long)picture->w_index, picture->w_file, set->count);
    picture->ws = sg_w_set_at(set, (size_t)picture->w_index);
    return SG_OK;
}

static sg_status paint(const sg_picture_network *network, const sg_picture_request *picture,
                       sg_far_w *far, result *done, sg_error *error)
{
    sg_image *image = NULL;
    SG_TRY(sg_paint_picture(network, picture, far, &image, error));
    (void)sg_far_w_describe(far, picture, done->warning);
    const sg_status status = sg_picture_write(network, picture, image, error);
    done->width = image->width;
    done->height = image->height;
    sg_image_destroy(image);
    return status;
}

/* What a job owns besides its line. */
typedef struct job_parts {
    sg_w_set w, center;
    float *label; /* the numbers of a label */
} job_parts;

static void clear_parts(job_parts *parts)
{
    sg_w_set_clear(&parts->w);
    sg_w_set_clear(&parts->center);
    free(parts->label);
}

static sg_status do_job(const sg_picture_network *network, sharing *shared, sg_batch_request *job,
                        job_parts *parts, result *done, sg_error *error)
{
    sg_picture_request *picture = &job->picture;
    char name[SG_PICTURE_NAME_BYTES];
    SG_TRY(read_w(network, picture, &parts->w, error));
    if (picture->label.json) /* a text is the common label, which is read */
        SG_TRY(sg_picture_label_read(&picture->label, network, SG_SPELL_KEYWORD, &parts->label,
                                     error));
    SG_TRY(sg_picture_request_check(network, picture, SG_SPELL_KEYWORD, error));
    SG_TRY(sg_center_load(&picture->center, network, NULL, &parts->center, error));
    if (job->edits)
        SG_TRY(sg_picture_edit_find(shared->edits, picture, error));
    if (!picture->output)
        picture->output = sg_picture_name(picture, false, false, name);
    SG_TRY(find_paths(picture, done, error));
    return paint(network, picture, &shared->far, done, error);
}

/* ---- answers ---- */

/* Adds a text, which may hold a path of any bytes; those beyond ASCII are lost unless UTF-8. */
static bool add_text(cJSON *answer, const char *key, const char *text)
{
    char *copy = strdup(text);
    if (copy && !sg_is_utf8(copy, strlen(copy), SG_UTF8_STRICT))
        for (char *at = copy; *at; at++)
            *at = (unsigned char)*at < 128 ? *at : '?';
    const bool added = copy && cJSON_AddStringToObject(answer, key, copy);
    free(copy);
    return added;
}

static bool add_id(cJSON *answer, const cJSON *id)
{
    if (!id)
        return true;
    cJSON *copy = cJSON_Duplicate(id, false);
    return copy && cJSON_AddItemToObject(answer, "id", copy);
}

static bool add_result(cJSON *answer, const result *done)
{
    return add_text(answer, "output", done->output) &&
           (!done->w_output || add_text(answer, "w_output", done->w_output)) &&
           cJSON_AddNumberToObject(answer, "width", (double)done->width) &&
           cJSON_AddNumberToObject(answer, "height", (double)done->height) &&
           cJSON_AddNumberToObject(answer, "seconds", round(done->seconds * 1e6) / 1e6) &&
           (!done->warning[0] || add_text(answer, "warning", done->warning));
}

/* Returns the answer on the heap; NULL for lack of memory. */
static char *make_answer(const sg_batch_request *job, size_t line, const result *done,
                         const sg_error *failure)
{
    cJSON *answer = cJSON_CreateObject();
    bool whole =
        answer && add_id(answer, job->id) && cJSON_AddNumberToObject(answer, "line", (double)line);
    if (failure->status)
        whole = whole && add_text(answer, "error", failure->message);
    else
        whole = whole && add_result(answer, done);
    char *text = whole ? cJSON_PrintUnformatted(answer) : NULL;
    cJSON_Delete(answer);
    return text;
}

static sg_status write_answer(FILE *answers, const sg_batch_request *job, size_t line,
                              const result *done, const sg_error *failure, sg_error *error)
{
    char *text = make_answer(job, line, done, failure);
    sg_error memory = {0};
    sg_fail_memory(&memory, "the answer");
    errno = 0;
    if (text)
        fprintf(answers, "%s\n", text);
    else
        fprintf(answers, "{\"line\":%zu,\"error\":\"%s\"}\n", line, memory.message);
    cJSON_free(text);
    if (fflush(answers) != 0 || ferror(answers))
        return sg_fail(error, SG_ERROR_FILE, "cannot write the answer to line %zu: %s", line,
                       strerror(errno));
    return SG_OK;
}

/* ---- the batch ---- */

/* Reads the job on the reader's line, does it and answers. */
static sg_status answer_line(const sg_picture_network *network, const sg_batch_options *options,
                             sharing *shared, const sg_line_reader *reader, sg_line_state state,
                             sg_batch_counts *counts, sg_error *error)
{
    const double started = sg_clock_seconds();
    sg_batch_request job = {.picture = options->defaults};
    job_parts parts = {0};
    result done = {0};
    sg_error failure = {0};
    if (state == SG_LINE_TOO_LONG)
        sg_fail(&failure, SG_ERROR_FORMAT, "the line has more than %zu bytes",
                SG_BATCH_LONGEST_LINE);
    else if (state == SG_LINE_NO_MEMORY)
        sg_fail_memory(&failure, "the line");
    else if (!sg_batch_request_read(reader->line, reader->length, &job, &failure))
        (void)do_job(network, shared, &job, &parts, &done, &failure);
    counts->jobs++;
    counts->failed += failure.status != SG_OK;
    done.seconds = sg_clock_seconds() - started;
    const sg_status status =
        write_answer(options->answers, &job, reader->number, &done, &failure, error);
    free(done.output);
    free(done.w_output);
    clear_parts(&parts);
    sg_batch_request_clear(&job);
    return status;
}

sg_status sg_batch_run(const sg_picture_network *network, const sg_batch_options *options,
                       sg_batch_counts *counts, sg_error *error)
{
    sg_line_reader reader = {.stream = options->stream, .limit = SG_BATCH_LONGEST_LINE};
    sharing shared = {0};
    sg_status status = sg_edit_store_create(network->generator, &shared.edits, error);
    *counts = (sg_batch_counts){0};
    while (!status) {
        const sg_line_state state = sg_line_read(&reader);
        if (state == SG_LINE_END)
            break;
        if (state == SG_LINE_FAILED)
            status =
                sg_fail(error, SG_ERROR_FILE, "cannot read %s: %s", options->name, strerror(errno));
        else
            status = answer_line(network, options, &shared, &reader, state, counts, error);
    }
    sg_line_reader_clear(&reader);
    sg_edit_store_destroy(shared.edits);
    sg_far_w_clear(&shared.far);
    return status;
}
