/*
 * The options of a recorded run, as texts: whatever the version that wrote them.
 * Tested by: tests/runs/test_run_record.c
 */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "runs/record_parts.h"
#include "runs/run_record.h"

enum { LARGEST = 1 << 20, NAME_BYTES = 256, MOST_OPTIONS = 2000, DEEPEST = 8 };

/* Returns a value as people read it, on the heap; NULL on lack of memory. */
static char *value_text(const cJSON *item)
{
    if (cJSON_IsString(item))
        return sg_duplicate_text(item->valuestring);
    if (cJSON_IsBool(item))
        return sg_duplicate_text(cJSON_IsTrue(item) ? "yes" : "no");
    char *printed = cJSON_PrintUnformatted(item);
    char *copy = sg_duplicate_text(printed);
    cJSON_free(printed);
    return copy;
}

static bool add(sg_run_record *run, const char *name, const cJSON *item)
{
    if (run->option_count >= MOST_OPTIONS)
        return true;
    if (!sg_grow(&run->options, &run->option_capacity, run->option_count, sizeof *run->options))
        return false;
    const sg_record_option option = {sg_duplicate_text(name), value_text(item)};
    run->options[run->option_count++] = option;
    return option.name && option.value;
}

/* Adds the members of an object, and of the objects in it; `before` is the name so far. */
static bool add_members(sg_run_record *run, const cJSON *object, const char *before, int depth)
{
    const cJSON *item = NULL;
    bool whole = true;
    cJSON_ArrayForEach(item, object)
    {
        char name[NAME_BYTES];
        snprintf(name, sizeof name, "%s%s%s", before, *before ? "." : "", item->string);
        if (whole)
            whole = cJSON_IsObject(item) && depth < DEEPEST
                        ? add_members(run, item, name, depth + 1)
                        : add(run, name, item);
    }
    return whole;
}

sg_status sg_record_read_options(sg_run_record *run, sg_error *error)
{
    char *path = sg_path_join(run->folder, "training_options.json");
    unsigned char *bytes = NULL;
    size_t size = 0;
    sg_status status = path ? SG_OK : sg_fail_memory(error, "the options of %s", run->folder);
    if (!status && !sg_path_exists(path)) {
        free(path);
        return SG_OK;
    }
    if (!status)
        status = sg_read_file(path, LARGEST, &bytes, &size, error);
    cJSON *root = status ? NULL : cJSON_ParseWithLength((const char *)bytes, size);
    if (!status && !cJSON_IsObject(root))
        status =
            sg_fail(error, SG_ERROR_FORMAT, "%s does not hold the options of a training run", path);
    if (!status && !add_members(run, root, "", 0))
        status = sg_fail_memory(error, "the options in %s", path);
    cJSON_Delete(root);
    free(bytes);
    free(path);
    return status;
}

const char *sg_record_option_value(const sg_run_record *run, const char *name)
{
    for (size_t i = 0; i < run->option_count; i++)
        if (strcmp(run->options[i].name, name) == 0)
            return run->options[i].value;
    return NULL;
}
