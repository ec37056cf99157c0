/*
 * Decides what a folder is by what lies in it: expected values beside a network, expected values of
 * single operations, files of one case each, or sets of files of networks that grow; names of
 * folders mean nothing.
 */
#define _GNU_SOURCE
#include "golden_test/walk.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "golden_test/editing_files.h"
#include "golden_test/network_case.h"
#include "golden_test/ops_case.h"
#include "golden_test/progressive_set.h"

enum { DEEPEST = 8, PATH_BYTES = 4096 };

/* The entries of a folder, sorted. */
typedef struct listing {
    struct dirent **entries;
    int count;
} listing;

static listing list_folder(const char *folder)
{
    listing list = {NULL, 0};
    list.count = scandir(folder, &list.entries, NULL, alphasort);
    return list;
}

static void free_listing(listing *list)
{
    for (int i = 0; i < list->count; i++)
        free(list->entries[i]);
    free(list->entries);
}

static bool has_suffix(const char *name, const char *suffix)
{
    size_t length = strlen(name);
    return length > strlen(suffix) && strcmp(name + length - strlen(suffix), suffix) == 0;
}

/* The first file that a name ends so, or NULL. */
static const char *find_suffix(const listing *list, const char *suffix)
{
    for (int i = 0; i < list->count; i++)
        if (has_suffix(list->entries[i]->d_name, suffix))
            return list->entries[i]->d_name;
    return NULL;
}

/* Whether the folder has an entry of that name. */
static bool holds(const listing *list, const char *name)
{
    for (int i = 0; i < list->count; i++)
        if (strcmp(list->entries[i]->d_name, name) == 0)
            return true;
    return false;
}

/* A network in a foreign format, in any of their customary names; NULL when there is none. */
static const char *find_foreign(const listing *list)
{
    static const char *const suffixes[] = {".pkl", ".pt", ".pth"};
    const char *found = holds(list, "network.pkl") ? "network.pkl" : NULL;
    for (size_t i = 0; !found && i < sizeof suffixes / sizeof suffixes[0]; i++)
        found = find_suffix(list, suffixes[i]);
    return found;
}

/* Opens a file of tensors when it is there; a damaged one is a failure. */
static sg_safetensors *open_values(const golden_case *test, const char *name)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", test->folder, name);
    if (!sg_path_exists(path))
        return NULL;
    sg_safetensors *file = NULL;
    sg_error error = {0};
    if (sg_safetensors_open(path, &file, &error))
        report_failure(test->report, test->name, name, "%s", error.message);
    return file;
}

/* Takes the foreign file when there is one; a native one beside it must hold the same. */
static void run_with_network(const golden_case *test, const listing *list, sg_safetensors *expected,
                             sg_safetensors *seeds)
{
    char foreign_path[PATH_BYTES];
    char native_path[PATH_BYTES];
    const char *foreign = find_foreign(list);
    bool native = holds(list, "network.safetensors");
    snprintf(native_path, sizeof native_path, "%s/network.safetensors", test->folder);
    snprintf(foreign_path, sizeof foreign_path, "%s/%s", test->folder, foreign ? foreign : "");
    if (foreign && native)
        compare_network_files(test, foreign_path, native_path);
    if (foreign || native)
        run_network_case(test, foreign ? foreign_path : native_path, expected, seeds);
    else
        report_skip(test->report, test->name, "network", "there is no network file");
}

static void run_expected(const golden_case *test, const listing *list)
{
    golden_case loaded = *test;
    loaded.expected = open_values(test, "expected.safetensors");
    sg_safetensors *seeds = open_values(test, "seeds.safetensors");
    bool ops = loaded.expected && is_ops_case(&loaded);
    bool network = find_foreign(list) || holds(list, "network.safetensors");
    if (ops)
        run_ops_case(&loaded);
    if ((network || !ops) && (loaded.expected || seeds))
        run_with_network(test, list, ops ? NULL : loaded.expected, seeds);
    sg_safetensors_close(loaded.expected);
    sg_safetensors_close(seeds);
}

/* ---- sets of files of networks that grow ---- */

/* Whether the folder's own case, beside whose files sets may lie, has an entry. */
static bool is_of_folder(const listing *list, const char *entry)
{
    bool expected = holds(list, "expected.safetensors") || holds(list, "seeds.safetensors");
    return expected &&
           (strcmp(entry, "expected.safetensors") == 0 || strcmp(entry, "seeds.safetensors") == 0 ||
            strcmp(entry, "network.safetensors") == 0 || has_suffix(entry, ".pkl"));
}

static void run_sets(const golden_case *test, const listing *list)
{
    const char **entries = sg_allocate((size_t)list->count + 1, sizeof *entries);
    size_t count = 0;
    for (int i = 0; entries && i < list->count; i++) {
        const char *entry = list->entries[i]->d_name;
        if (entry[0] != '.' && !is_of_folder(list, entry) && !is_editing_file(entry))
            entries[count++] = entry;
    }
    run_progressive_sets(test, entries, count);
    free(entries);
}

/* ---- walking ---- */

static void run_folder(const golden_case *test, const listing *list)
{
    if (holds(list, "expected.safetensors") || holds(list, "seeds.safetensors"))
        run_expected(test, list);
    for (int i = 0; i < list->count; i++)
        if (is_editing_file(list->entries[i]->d_name))
            run_editing_file(test, list->entries[i]->d_name);
    run_sets(test, list);
}

static bool walk(const char *folder, const char *name, const golden_case *top, int depth)
{
    listing list = list_folder(folder);
    if (list.count < 0)
        return false;
    golden_case test = *top;
    test.name = name[0] != '\0' ? name : ".";
    test.folder = folder;
    run_folder(&test, &list);
    for (int i = 0; i < list.count; i++) {
        char path[PATH_BYTES];
        char inner[PATH_BYTES];
        const char *entry = list.entries[i]->d_name;
        snprintf(path, sizeof path, "%s/%s", folder, entry);
        snprintf(inner, sizeof inner, "%s%s%s", name, name[0] != '\0' ? "/" : "", entry);
        if (entry[0] != '.' && depth < DEEPEST && sg_path_is_folder(path))
            walk(path, inner, top, depth + 1);
    }
    free_listing(&list);
    return true;
}

bool walk_folder(const char *folder, golden_report *report)
{
    const golden_case top = {.report = report, .root = folder};
    return walk(folder, "", &top, 0);
}
