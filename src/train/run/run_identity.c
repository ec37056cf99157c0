/* Identities of runs; see run_identity.h. Tested by: tests/cli/test_train_resume.c */
#include "train/run/run_identity.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/sha256.h"
#include "base/text.h"
#include "train/options/training_fields.h"
#include "train/run/run_folder.h"

/* Removes the options that a resumed run may change: rows that are not about new runs alone. */
static void remove_changeable(cJSON *options)
{
    const sg_field *row;
    for (size_t i = 0; (row = sg_field_at(&sg_saved_training_table, i)); i++)
        if (!row->audience)
            cJSON_DeleteItemFromObjectCaseSensitive(options, row->name);
}

sg_status sg_run_identity_set(sg_run_identity *identity, const sg_run_options *options,
                              sg_error *error)
{
    cJSON *root = sg_run_folder_options(options);
    if (root)
        remove_changeable(root);
    cJSON_free(identity->options);
    identity->options = root ? cJSON_PrintUnformatted(root) : NULL;
    cJSON_Delete(root);
    return identity->options ? SG_OK : sg_fail_memory(error, "the options of a run");
}

/* Appends "beta2 (0.19 instead of 0.99)" for each member that differs, also within objects. */
static void list_differences(const cJSON *then, const cJSON *now, sg_text *list)
{
    const cJSON *member = NULL;
    cJSON_ArrayForEach(member, then)
    {
        const cJSON *other = cJSON_GetObjectItemCaseSensitive(now, member->string);
        if (cJSON_IsObject(member) && cJSON_IsObject(other)) {
            list_differences(member, other, list);
            continue;
        }
        if (!other || cJSON_Compare(member, other, true))
            continue;
        char *old_value = cJSON_PrintUnformatted(member);
        char *new_value = cJSON_PrintUnformatted(other);
        sg_text_append(list, "%s%s (%.60s instead of %.60s)", list->bytes ? ", " : "",
                       member->string, new_value ? new_value : "?", old_value ? old_value : "?");
        cJSON_free(old_value);
        cJSON_free(new_value);
    }
}

sg_status sg_run_identity_check_options(const sg_run_identity *then, const sg_run_identity *now,
                                        const char *folder, sg_error *error)
{
    sg_text list = {0};
    cJSON *old_options = then->options ? cJSON_Parse(then->options) : NULL;
    cJSON *new_options = now->options ? cJSON_Parse(now->options) : NULL;
    list_differences(old_options, new_options, &list);
    cJSON_Delete(old_options);
    cJSON_Delete(new_options);
    const sg_status status =
        list.bytes ? sg_fail(error, SG_ERROR_FORMAT,
                             "%s/training_options.json was changed since the run was trained with "
                             "it: %s; \"accept_changes\" goes on with what it says now",
                             folder, sg_text_make_safe(list.bytes))
                   : SG_OK;
    sg_text_clear(&list);
    return status;
}

sg_status sg_run_identity_check_data(const sg_run_identity *then, const sg_run_identity *now,
                                     const char *folder, const char *path, sg_error *error)
{
    if (then->data[0] == '\0' || strcmp(then->data, now->data) == 0)
        return SG_OK;
    const int count = (int)strcspn(then->data, ",");
    const int now_count = (int)strcspn(now->data, ",");
    if (count == now_count && strncmp(then->data, now->data, (size_t)count) == 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "the images at %s are not those that the run in %s was trained on, though "
                       "as many: some were added, removed or replaced; \"accept_changes\" goes on "
                       "with them",
                       path, folder);
    return sg_fail(error, SG_ERROR_FORMAT,
                   "the images at %s are not those that the run in %s was trained on: they were "
                   "%.*s, and are %.*s; \"accept_changes\" goes on with them",
                   path, folder, count, then->data, now_count, now->data);
}

sg_status sg_run_identity_add_file(sg_run_identity *identity, const char *name, const char *path,
                                   sg_error *error)
{
    char text[SG_SHA256_TEXT_BYTES];
    sg_sha256 hash;
    const size_t length = strlen(identity->files);
    sg_sha256_begin(&hash);
    SG_TRY(sg_sha256_add_file(&hash, path, error));
    sg_sha256_end(&hash, text);
    snprintf(identity->files + length, sizeof identity->files - length, "%s %s;", name, text);
    return SG_OK;
}

/* Returns the hash of a file, followed by a semicolon; NULL: not known. */
static const char *hash_of(const sg_run_identity *identity, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = identity->files; at && *at; at = strchr(at, ';'), at += at ? 1 : 0)
        if (strncmp(at, name, length) == 0 && at[length] == ' ')
            return at + length;
    return NULL;
}

sg_status sg_run_identity_check_file(const sg_run_identity *then, const sg_run_identity *now,
                                     const char *name, const char *path, const char *folder,
                                     sg_error *error)
{
    const char *before = hash_of(then, name);
    const char *after = hash_of(now, name);
    if (!before || !after || strncmp(before, after, SG_SHA256_TEXT_BYTES) == 0)
        return SG_OK;
    return sg_fail(error, SG_ERROR_FORMAT,
                   "%s is not the file (%s) that the run in %s was trained with; "
                   "\"accept_changes\" goes on with it",
                   path, name, folder);
}

void sg_run_identity_clear(sg_run_identity *identity)
{
    cJSON_free(identity->options);
    *identity = (sg_run_identity){0};
}
