/* The center of truncation; see truncation_center.h. Tested by: tests/cli/test_generate_w.c */
#include "pictures/truncation_center.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECTED "a seed or the path of a file of w"

enum { NOTE_BYTES = 2000 };

static sg_status parse(const char *text, void *value, sg_error *error)
{
    sg_picture_center *center = value;
    errno = 0;
    if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0') {
        *center = (sg_picture_center){.kind = SG_CENTER_FILE, .file = text};
        return SG_OK;
    }
    const unsigned long long seed = strtoull(text, NULL, 10);
    if (errno != 0 || seed > UINT32_MAX)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "takes a seed from 0 to %lu or the path of a file of w, not %s",
                       (unsigned long)UINT32_MAX, text);
    *center = (sg_picture_center){.kind = SG_CENTER_SEED, .seed = (uint32_t)seed};
    return SG_OK;
}

static bool from_json(const cJSON *json, void *value)
{
    sg_error unread = {0};
    const double number = json->valuedouble;
    if (cJSON_IsString(json))
        return json->valuestring[0] && !parse(json->valuestring, value, &unread);
    if (!cJSON_IsNumber(json) || !(number >= 0 && number <= UINT32_MAX) || number != floor(number))
        return false;
    *(sg_picture_center *)value =
        (sg_picture_center){.kind = SG_CENTER_SEED, .seed = (uint32_t)number};
    return true;
}

const sg_field_codec sg_center_codec = {
    .parse = parse, .from_json = from_json, .expected = EXPECTED};

sg_status sg_read_w_file(const char *path, const sg_picture_network *network, const sg_watch *watch,
                         sg_w_set *set, sg_error *error)
{
    char note[NOTE_BYTES];
    const size_t num_ws = (size_t)sg_generator_num_ws(network->generator);
    const size_t w_dim = (size_t)network->config.w_dim;
    SG_TRY(sg_w_file_read(path, num_ws, w_dim, set, error));
    if (set->taken_whole) {
        snprintf(note, sizeof note,
                 "%s: the shape (%zu, %zu) is read as one w for each of the %zu inputs; %zu w of "
                 "all inputs would be (%zu, 1, %zu)",
                 path, num_ws, w_dim, num_ws, num_ws, num_ws, w_dim);
        sg_watch_note(watch, note);
    }
    return SG_OK;
}

sg_status sg_center_load(sg_picture_center *center, const sg_picture_network *network,
                         const sg_watch *watch, sg_w_set *set, sg_error *error)
{
    if (center->kind != SG_CENTER_FILE)
        return SG_OK;
    SG_TRY(sg_read_w_file(center->file, network, watch, set, error));
    if (set->count != 1)
        return sg_fail(error, SG_ERROR_FORMAT, "%s holds %zu w, but a new center is a single one",
                       center->file, set->count);
    center->ws = set->values;
    return SG_OK;
}
