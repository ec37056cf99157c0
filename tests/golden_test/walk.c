/*
 * Decides what a folder is by what lies in it: expected values beside a network, expected values of
 * single operations, or sets of files of the first StyleGAN; names of folders mean nothing.
 */
#define _GNU_SOURCE
#include "golden_test/walk.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "golden_test/network_case.h"
#include "golden_test/ops_case.h"

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
    for (int i = 0; i < list->count; i++) {
        free(list->entries[i]);
    }
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
    for (int i = 0; i < list->count; i++) {
        if (has_suffix(list->entries[i]->d_name, suffix)) {
            return list->entries[i]->d_name;
        }
    }
    return NULL;
}

/* Whether the folder has an entry of that name. */
static bool holds(const listing *list, const char *name)
{
    for (int i = 0; i < list->count; i++) {
        if (strcmp(list->entries[i]->d_name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* A network in a foreign format, in any of their customary names; NULL when there is none. */
static const char *find_foreign(const listing *list)
{
    static const char *const suffixes[] = {".pkl", ".pt", ".pth"};
    const char *found = holds(list, "network.pkl") ? "network.pkl" : NULL;
    for (size_t i = 0; found == NULL && i < sizeof suffixes / sizeof suffixes[0]; i++) {
        found = find_suffix(list, suffixes[i]);
    }
    return found;
}

/* Opens a file of tensors when it is there; a damaged one is a failure. */
static sg_safetensors *open_values(const golden_case *test, const char *name)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", test->folder, name);
    if (!sg_path_exists(path)) {
        return NULL;
    }
    sg_safetensors *file = NULL;
    sg_error error = {0};
    if (sg_safetensors_open(path, &file, &error) != SG_OK) {
        report_failure(test->report, test->name, name, "%s", error.message);
    }
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
    snprintf(foreign_path, sizeof foreign_path, "%s/%s", test->folder,
             foreign != NULL ? foreign : "");
    if (foreign != NULL && native) {
        compare_network_files(test, foreign_path, native_path);
    }
    if (foreign != NULL || native) {
        run_network_case(test, foreign != NULL ? foreign_path : native_path, expected, seeds);
    } else {
        report_skip(test->report, test->name, "network", "there is no network file");
    }
}

static void run_expected(const golden_case *test, const listing *list)
{
    golden_case loaded = *test;
    loaded.expected = open_values(test, "expected.safetensors");
    sg_safetensors *seeds = open_values(test, "seeds.safetensors");
    bool ops = loaded.expected != NULL && is_ops_case(&loaded);
    bool network = find_foreign(list) != NULL || holds(list, "network.safetensors");
    if (ops) {
        run_ops_case(&loaded);
    }
    if ((network || !ops) && (loaded.expected != NULL || seeds != NULL)) {
        run_with_network(test, list, ops ? NULL : loaded.expected, seeds);
    }
    sg_safetensors_close(loaded.expected);
    sg_safetensors_close(seeds);
}

/* ---- the first StyleGAN: several sets "NAME.json", "NAME.KIND.safetensors" in one folder ---- */

/* Whether a file's tensors are named as the first StyleGAN's, with slashes, or are its averages. */
static bool is_first_stylegan(const sg_safetensors *file)
{
    for (size_t i = 0; i < sg_safetensors_count(file); i++) {
        const char *name = sg_safetensors_at(file, i)->name;
        if (strchr(name, '/') != NULL || strstr(name, "dlatent_avg") != NULL ||
            strncmp(name, "stylemod.", strlen("stylemod.")) == 0) {
            return true;
        }
    }
    return false;
}

/* The set's name ends at the first dot. */
static bool same_set(const char *a, const char *b)
{
    size_t length = strcspn(a, ".");
    return length == strcspn(b, ".") && strncmp(a, b, length) == 0;
}

/* Skips the set that entries `begin` .. `end`-1 are of. */
static void skip_set(const golden_case *test, const listing *list, int begin, int end)
{
    char name[2 * PATH_BYTES];
    const char *first = list->entries[begin]->d_name;
    bool known = false;
    bool any = false;
    snprintf(name, sizeof name, "%s/%.*s", test->name, (int)strcspn(first, "."), first);
    golden_case set = *test;
    set.name = name;
    for (int i = begin; i < end; i++) {
        if (has_suffix(list->entries[i]->d_name, ".safetensors")) {
            sg_safetensors *file = open_values(&set, list->entries[i]->d_name);
            any = true;
            known = known || (file != NULL && is_first_stylegan(file));
            sg_safetensors_close(file);
        }
    }
    if (any) {
        report_skip(test->report, name, "all", "%s",
                    known ? "the first StyleGAN is not built yet"
                          : "what these files are is not known");
    }
}

static void skip_sets(const golden_case *test, const listing *list)
{
    int begin = 0;
    for (int i = 1; i <= list->count; i++) {
        if (i == list->count || !same_set(list->entries[begin]->d_name, list->entries[i]->d_name)) {
            skip_set(test, list, begin, i);
            begin = i;
        }
    }
}

/* ---- walking ---- */

static void run_folder(const golden_case *test, const listing *list)
{
    if (holds(list, "expected.safetensors") || holds(list, "seeds.safetensors")) {
        run_expected(test, list);
    } else if (holds(list, "network.safetensors") || holds(list, "network.pkl")) {
        report_skip(test->report, test->name, "network", "there are no expected values");
    } else {
        skip_sets(test, list);
    }
}

static bool walk(const char *folder, const char *name, int depth, golden_report *report)
{
    listing list = list_folder(folder);
    if (list.count < 0) {
        return false;
    }
    golden_case test = {.report = report, .name = name[0] != '\0' ? name : ".", .folder = folder};
    run_folder(&test, &list);
    for (int i = 0; i < list.count; i++) {
        char path[PATH_BYTES];
        char inner[PATH_BYTES];
        const char *entry = list.entries[i]->d_name;
        snprintf(path, sizeof path, "%s/%s", folder, entry);
        snprintf(inner, sizeof inner, "%s%s%s", name, name[0] != '\0' ? "/" : "", entry);
        if (entry[0] != '.' && depth < DEEPEST && sg_path_is_folder(path)) {
            walk(path, inner, depth + 1, report);
        }
    }
    free_listing(&list);
    return true;
}

bool walk_folder(const char *folder, golden_report *report)
{
    return walk(folder, "", 0, report);
}
