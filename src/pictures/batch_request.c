/* Reads lines of a batch; see batch_request.h. */
#include "pictures/batch_request.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest_name.h"
#include "base/utf8.h"
#include "nn/noise_mode.h"

#define LARGEST_ID 9007199254740992.0 /* 2^53: whole numbers up to here are exact */

/* ---- values ---- */

static sg_status fail_value(const cJSON *value, const char *expected, sg_error *error)
{
    return sg_fail(error, SG_ERROR_FORMAT, "\"%s\" must be %s", value->string, expected);
}

/* A whole number from 0 to `largest` in *number. */
static sg_status read_whole(const cJSON *value, double largest, double *number, sg_error *error)
{
    char expected[80];
    *number = cJSON_IsNumber(value) ? value->valuedouble : -1;
    if (*number >= 0 && *number <= largest && floor(*number) == *number)
        return SG_OK;
    snprintf(expected, sizeof expected, "a whole number from 0 to %.0f", largest);
    return fail_value(value, expected, error);
}

/* A text that is not empty, in *text. */
static sg_status read_text(const cJSON *value, const char *expected, const char **text,
                           sg_error *error)
{
    if (!cJSON_IsString(value) || value->valuestring[0] == '\0')
        return fail_value(value, expected, error);
    *text = value->valuestring;
    return SG_OK;
}

/* ---- keys ---- */

static sg_status read_id(const cJSON *value, sg_job *job, sg_error *error)
{
    const bool exact = cJSON_IsNumber(value) && fabs(value->valuedouble) <= LARGEST_ID;
    if (!cJSON_IsString(value) && !exact)
        return fail_value(value, "a text or a number of at most 2^53", error);
    job->id = value;
    return SG_OK;
}

static sg_status read_seed(const cJSON *value, sg_job *job, sg_error *error)
{
    double number = 0;
    const sg_status status = read_whole(value, UINT32_MAX, &number, error);
    if (!status)
        job->seed = (uint32_t)number;
    job->has_seed = true;
    return status;
}

static sg_status read_w(const cJSON *value, sg_job *job, sg_error *error)
{
    return read_text(value, "the path of an .npz or .npy file", &job->w, error);
}

static sg_status read_w_index(const cJSON *value, sg_job *job, sg_error *error)
{
    double number = 0;
    const sg_status status = read_whole(value, UINT32_MAX, &number, error);
    if (!status)
        job->w_index = (size_t)number;
    job->has_w_index = true;
    return status;
}

static sg_status read_class(const cJSON *value, sg_job *job, sg_error *error)
{
    double number = 0;
    const sg_status status = read_whole(value, INT_MAX, &number, error);
    if (!status)
        job->class_index = (int)number;
    return status;
}

static sg_status read_psi(const cJSON *value, sg_job *job, sg_error *error)
{
    if (!cJSON_IsNumber(value) || !isfinite(value->valuedouble))
        return fail_value(value, "a finite number", error);
    job->psi = value->valuedouble;
    return SG_OK;
}

static sg_status read_cutoff(const cJSON *value, sg_job *job, sg_error *error)
{
    double number = 0;
    const sg_status status = read_whole(value, INT_MAX, &number, error);
    if (!status)
        job->cutoff = (int)number;
    return status;
}

static sg_status read_noise_mode(const cJSON *value, sg_job *job, sg_error *error)
{
    const int mode = cJSON_IsString(value) ? sg_noise_mode_from_name(value->valuestring) : -1;
    if (mode < 0)
        return fail_value(value, "\"const\", \"random\" or \"none\"", error);
    job->noise_mode = (sg_noise_mode)mode;
    return SG_OK;
}

static sg_status read_center(const cJSON *value, sg_job *job, sg_error *error)
{
    double number = 0;
    if (!cJSON_IsNumber(value))
        return read_text(value, "a seed or the path of an .npz or .npy file", &job->center, error);
    const sg_status status = read_whole(value, UINT32_MAX, &number, error);
    if (!status)
        snprintf(job->center_seed, sizeof job->center_seed, "%.0f", number);
    job->center = job->center_seed;
    return status;
}

static sg_status read_translate(const cJSON *value, sg_job *job, sg_error *error)
{
    const cJSON *x = cJSON_GetArrayItem(value, 0);
    const cJSON *y = cJSON_GetArrayItem(value, 1);
    if (!cJSON_IsArray(value) || cJSON_GetArraySize(value) != 2 || !cJSON_IsNumber(x) ||
        !cJSON_IsNumber(y) || !isfinite(x->valuedouble) || !isfinite(y->valuedouble))
        return fail_value(value, "two numbers, such as [0.25, -0.1]", error);
    job->transform.x = x->valuedouble;
    job->transform.y = y->valuedouble;
    return SG_OK;
}

static sg_status read_rotate(const cJSON *value, sg_job *job, sg_error *error)
{
    if (!cJSON_IsNumber(value) || !isfinite(value->valuedouble))
        return fail_value(value, "a finite number", error);
    job->transform.degrees = value->valuedouble;
    return SG_OK;
}

static sg_status read_output(const cJSON *value, sg_job *job, sg_error *error)
{
    return read_text(value, "the path of a .png file", &job->output, error);
}

static sg_status read_save_w(const cJSON *value, sg_job *job, sg_error *error)
{
    if (!cJSON_IsBool(value))
        return fail_value(value, "true or false", error);
    job->save_w = cJSON_IsTrue(value);
    return SG_OK;
}

static const char *const key_names[] = {
    "id",         "seed",       "w",      "w_index", "class",     "trunc", "trunc_cutoff",
    "noise_mode", "new_center", "output", "save_w",  "translate", "rotate"};

static sg_status (*const key_readers[])(const cJSON *, sg_job *, sg_error *) = {
    read_id,     read_seed,      read_w,          read_w_index, read_class,
    read_psi,    read_cutoff,    read_noise_mode, read_center,  read_output,
    read_save_w, read_translate, read_rotate};

enum { KEY_COUNT = sizeof key_names / sizeof key_names[0] };

_Static_assert(sizeof key_readers / sizeof key_readers[0] == KEY_COUNT, "a reader for every key");

/* ---- the line ---- */

static sg_status fail_key(const char *key, sg_error *error)
{
    const char *nearest = sg_nearest_name(key, key_names, KEY_COUNT);
    if (nearest)
        return sg_fail(error, SG_ERROR_FORMAT, "there is no key \"%.80s\"; did you mean \"%s\"?",
                       key, nearest);
    return sg_fail(error, SG_ERROR_FORMAT, "there is no key \"%.80s\"", key);
}

/* Reads the values; `seen` has a bit for every key that was there before. */
static sg_status read_values(sg_job *job, sg_error *error)
{
    unsigned seen = 0;
    for (const cJSON *value = job->line->child; value; value = value->next) {
        int key = 0;
        while (key < KEY_COUNT && strcmp(key_names[key], value->string) != 0)
            key++;
        if (key == KEY_COUNT)
            return fail_key(value->string, error);
        if (seen & 1u << key)
            return sg_fail(error, SG_ERROR_FORMAT, "the key \"%s\" is there twice", value->string);
        seen |= 1u << key;
        const sg_status status = key_readers[key](value, job, error);
        if (status)
            return status;
    }
    return SG_OK;
}

static sg_status check_source(const sg_job *job, sg_error *error)
{
    if (job->has_seed == (job->w != NULL))
        return sg_fail(error, SG_ERROR_FORMAT, "a job has either \"seed\" or \"w\"%s",
                       job->w ? ", not both" : "");
    if (job->has_w_index && !job->w)
        return sg_fail(error, SG_ERROR_FORMAT, "\"w_index\" goes with \"w\"");
    return SG_OK;
}

static sg_status parse(const char *line, size_t length, cJSON **object, sg_error *error)
{
    const char *end = NULL;
    if (line[strspn(line, " \t")] == '\0' && strlen(line) == length)
        return sg_fail(error, SG_ERROR_FORMAT, "the line is empty, not a JSON object");
    if (strlen(line) != length || !sg_is_utf8(line, length, SG_UTF8_STRICT))
        return sg_fail(error, SG_ERROR_FORMAT, "the line is no JSON: it is not a text in UTF-8");
    *object = cJSON_ParseWithLengthOpts(line, length + 1, &end, true);
    if (!*object)
        return sg_fail(error, SG_ERROR_FORMAT, "the line is no JSON: see its byte %zu",
                       end ? (size_t)(end - line) : 0);
    if (!cJSON_IsObject(*object))
        return sg_fail(error, SG_ERROR_FORMAT, "the line is no JSON object, such as {\"seed\": 1}");
    return SG_OK;
}

sg_status sg_job_read(const char *line, size_t length, sg_job *job, sg_error *error)
{
    sg_status status = parse(line, length, &job->line, error);
    if (status)
        return status;
    /* first of all, so that an answer to a bad line has it */
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(job->line, "id");
    status = id ? read_id(id, job, error) : SG_OK;
    if (!status)
        status = read_values(job, error);
    return status ? status : check_source(job, error);
}

void sg_job_clear(sg_job *job)
{
    cJSON_Delete(job->line);
    job->line = NULL;
    job->id = NULL;
}
