/* Lines of jobs to pictures and answers; see batch.h. */
#include "pictures/batch.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/files/file.h"
#include "base/files/line_reader.h"
#include "base/utf8.h"
#include "pictures/picture_request.h"
#include "pictures/truncation_center.h"

enum { NAME_BYTES = 64, EXTENSION_BYTES = 4 /* of ".png" */ };

/* What became of a job. */
typedef struct outcome {
    char *output, *w_output; /* paths of the files, owned; w_output NULL without one */
    size_t width, height;
    double seconds;
} outcome;

/* What a job paints from, while it does. */
typedef struct supplies {
    sg_w_set set;
    sg_center center;
    sg_painting painting;
} supplies;

/* ---- where to ---- */

/* Whether a part of the path leads upwards. */
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
static sg_status find_paths(const sg_batch_options *options, const sg_job *job, outcome *result,
                            sg_error *error)
{
    char name[NAME_BYTES];
    if (job->w)
        snprintf(name, sizeof name, "proj%02zu.png", job->w_index);
    else
        snprintf(name, sizeof name, "seed%04" PRIu32 ".png", job->seed);
    const char *output = job->output ? job->output : name;
    const sg_status status = check_output(output, error);
    if (status)
        return status;
    result->output = sg_path_join(output[0] == '/' ? "" : options->folder, output);
    if (result->output && job->save_w)
        result->w_output = strdup(result->output);
    if (!result->output || (job->save_w && !result->w_output))
        return sg_fail_memory(error, "the path of %s", output);
    if (job->save_w)
        memcpy(result->w_output + strlen(result->w_output) - EXTENSION_BYTES, ".npz",
               EXTENSION_BYTES);
    return sg_make_parent_folder(result->output, error);
}

/* ---- what from ---- */

static sg_status check_class(const sg_picture_network *network, const sg_job *job, sg_error *error)
{
    const int classes = network->config.c_dim;
    const bool mapped = !job->w || (job->center && sg_center_is_seed(job->center));
    if (classes == 0 || !mapped || (job->class_index >= 0 && job->class_index < classes))
        return SG_OK;
    if (job->class_index < 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the network is conditional, so \"class\" must be there, from 0 to %d",
                       classes - 1);
    return sg_fail(error, SG_ERROR_ARGUMENT, "\"class\" is %d, but must be from 0 to %d",
                   job->class_index, classes - 1);
}

/* Reads the job's file of w, if there is one. */
static sg_status read_w(const sg_picture_network *network, const sg_job *job, supplies *from,
                        sg_error *error)
{
    sg_painting *painting = &from->painting;
    painting->source = (sg_style_source){
        .seed = job->seed, .class_index = job->class_index >= 0 ? job->class_index : 0};
    if (!job->w)
        return SG_OK;
    const sg_status status = sg_read_w_file(job->w, network, &from->set, error);
    if (status)
        return status;
    if (job->w_index >= from->set.count)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"w_index\" is %zu, but %s holds %zu w, counted from 0", job->w_index,
                       job->w, from->set.count);
    painting->source.ws = sg_w_set_at(&from->set, job->w_index);
    painting->w_index = job->w_index;
    painting->w_file = job->w;
    return SG_OK;
}

static sg_status find_center(const sg_picture_network *network, const sg_job *job, supplies *from,
                             sg_error *error)
{
    sg_painting *painting = &from->painting;
    painting->truncation = (sg_truncation){.psi = job->psi, .cutoff = job->cutoff};
    if (!job->center)
        return SG_OK;
    const sg_status status = sg_center_read(job->center, network, &from->center, error);
    from->center.source.class_index = painting->source.class_index;
    painting->truncation.center = &from->center.source;
    painting->center_file = from->center.file;
    return status;
}

static sg_status gather(const sg_picture_network *network, const sg_job *job, supplies *from,
                        sg_error *error)
{
    from->painting.noise_mode = job->noise_mode;
    from->painting.transform = job->transform;
    sg_status status = check_class(network, job, error);
    if (!status && !sg_transform_is_identity(&job->transform))
        status = sg_picture_network_check_movable(network, error);
    if (!status)
        status = read_w(network, job, from, error);
    return status ? status : find_center(network, job, from, error);
}

/* ---- a job ---- */

static sg_status paint(const sg_picture_network *network, const sg_painting *painting,
                       outcome *result, sg_error *error)
{
    sg_remarks remarks;
    sg_image *image = NULL;
    sg_status status = sg_painting_paint(network, painting, result->w_output, &image, error);
    if (status)
        return status;
    sg_painting_remark(network, painting, NULL, &remarks);
    status = sg_write_picture("", result->output, image, &remarks, error);
    result->width = image->width;
    result->height = image->height;
    sg_image_destroy(image);
    return status;
}

static sg_status do_job(const sg_picture_network *network, const sg_batch_options *options,
                        const sg_job *job, outcome *result, sg_error *error)
{
    const double started = sg_clock_seconds();
    supplies from = {0};
    sg_status status = gather(network, job, &from, error);
    if (!status)
        status = find_paths(options, job, result, error);
    if (!status)
        status = paint(network, &from.painting, result, error);
    sg_w_set_clear(&from.set);
    sg_center_clear(&from.center);
    result->seconds = sg_clock_seconds() - started;
    return status;
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

static bool add_outcome(cJSON *answer, const outcome *result)
{
    return add_text(answer, "output", result->output) &&
           (!result->w_output || add_text(answer, "w_output", result->w_output)) &&
           cJSON_AddNumberToObject(answer, "width", (double)result->width) &&
           cJSON_AddNumberToObject(answer, "height", (double)result->height) &&
           cJSON_AddNumberToObject(answer, "seconds", round(result->seconds * 1e6) / 1e6);
}

/* The answer on the heap; NULL for lack of memory. */
static char *make_answer(const sg_job *job, size_t line, const outcome *result,
                         const sg_error *failure)
{
    cJSON *answer = cJSON_CreateObject();
    bool whole =
        answer && add_id(answer, job->id) && cJSON_AddNumberToObject(answer, "line", (double)line);
    if (failure->status)
        whole = whole && add_text(answer, "error", failure->message);
    else
        whole = whole && add_outcome(answer, result);
    char *text = whole ? cJSON_PrintUnformatted(answer) : NULL;
    cJSON_Delete(answer);
    return text;
}

static sg_status write_answer(const sg_job *job, size_t line, const outcome *result,
                              const sg_error *failure, sg_error *error)
{
    char *text = make_answer(job, line, result, failure);
    errno = 0;
    if (text)
        printf("%s\n", text);
    else
        printf("{\"line\":%zu,\"error\":\"out of memory for the answer\"}\n", line);
    cJSON_free(text);
    if (fflush(stdout) != 0 || ferror(stdout))
        return sg_fail(error, SG_ERROR_FILE, "cannot write the answer to line %zu: %s", line,
                       strerror(errno));
    return SG_OK;
}

/* ---- the batch ---- */

/* Reads the job on the reader's line, does it and answers. */
static sg_status answer_line(const sg_picture_network *network, const sg_batch_options *options,
                             const sg_line_reader *reader, sg_line_state state,
                             sg_batch_counts *counts, sg_error *error)
{
    sg_job job = options->defaults;
    outcome result = {0};
    sg_error failure = {0};
    if (state == SG_LINE_TOO_LONG)
        sg_fail(&failure, SG_ERROR_FORMAT, "the line has more than %zu bytes",
                SG_BATCH_LONGEST_LINE);
    else if (state == SG_LINE_NO_MEMORY)
        sg_fail_memory(&failure, "the line");
    else if (!sg_job_read(reader->line, reader->length, &job, &failure))
        (void)do_job(network, options, &job, &result, &failure);
    counts->jobs++;
    counts->failed += failure.status != SG_OK;
    const sg_status status = write_answer(&job, reader->number, &result, &failure, error);
    free(result.output);
    free(result.w_output);
    sg_job_clear(&job);
    return status;
}

sg_status sg_batch_run(const sg_picture_network *network, const sg_batch_options *options,
                       sg_batch_counts *counts, sg_error *error)
{
    sg_line_reader reader = {.stream = options->stream, .limit = SG_BATCH_LONGEST_LINE};
    sg_status status = SG_OK;
    *counts = (sg_batch_counts){0};
    while (!status) {
        const sg_line_state state = sg_line_read(&reader);
        if (state == SG_LINE_END)
            break;
        if (state == SG_LINE_FAILED)
            status =
                sg_fail(error, SG_ERROR_FILE, "cannot read %s: %s", options->name, strerror(errno));
        else
            status = answer_line(network, options, &reader, state, counts, error);
    }
    sg_line_reader_clear(&reader);
    return status;
}
