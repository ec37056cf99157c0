/* Labels as texts and JSON; see label_values.h. */
#include "latent/label_values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static sg_status fail_form(const char *text, size_t width, sg_error *error)
{
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "is \"%.100s\", but must be %zu number%s with commas between, or INDEX=NUMBER "
                   "from 0=... to %zu=... for those that are not 0",
                   text, width, width == 1 ? "" : "s", width - 1);
}

/* Reads a finite number up to a comma or the end; moves *at past it. */
static bool read_number(const char **at, float *value)
{
    char *end = NULL;
    const double number = strtod(*at, &end);
    if (end == *at || !(fabs(number) <= 3e38))
        return false;
    end += strspn(end, " ");
    if (*end != '\0' && *end != ',')
        return false;
    *at = end + (*end == ',' ? 1 : 0);
    *value = (float)number;
    return *end == '\0' || **at != '\0'; /* no comma at the end */
}

/* Reads "3=" as an index below `width`; moves *at past it. */
static bool read_index(const char **at, size_t width, size_t *index)
{
    char *end = NULL;
    const size_t blanks = strspn(*at, " ");
    if (strspn(*at + blanks, "0123456789") == 0)
        return false;
    const unsigned long number = strtoul(*at, &end, 10);
    *index = number;
    *at = end + 1;
    return *end == '=' && number < width;
}

sg_status sg_label_values_parse(const char *text, size_t width, float *values, sg_error *error)
{
    const bool indexed = strchr(text, '=');
    const char *at = text;
    size_t index = 0;
    bool good = *text;
    memset(values, 0, width * sizeof *values);
    for (size_t count = 0; good && *at; count++) {
        float value = 0;
        index = count;
        good = (!indexed || read_index(&at, width, &index)) && index < width &&
               read_number(&at, &value);
        if (good)
            values[index] = value;
    }
    return good && (indexed || index + 1 == width) ? SG_OK : fail_form(text, width, error);
}

sg_status sg_label_values_from_json(const cJSON *json, size_t width, float *values, sg_error *error)
{
    size_t count = 0;
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, json)
    {
        if (count < width && cJSON_IsNumber(item) && fabs(item->valuedouble) <= 3e38)
            values[count] = (float)item->valuedouble;
        else
            break;
        count++;
    }
    return !item && count == width
               ? SG_OK
               : sg_fail(error, SG_ERROR_ARGUMENT, "must be a list of %zu number%s", width,
                         width == 1 ? "" : "s");
}
