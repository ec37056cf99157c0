/* Finds the sets of a folder and opens their files; see progressive_set.h. */
#include "golden_test/progressive_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

enum { PATH_BYTES = 4096 };

char *progressive_path(const golden_case *test, const char *entry, char *path)
{
    snprintf(path, PATH_BYTES, "%s/%s", test->folder, entry);
    return path;
}

/* ---- names ---- */

static bool ends_with(const char *text, size_t length, const char *suffix)
{
    size_t suffix_length = strlen(suffix);
    return length > suffix_length &&
           strncmp(text + length - suffix_length, suffix, suffix_length) == 0;
}

/* Whether text[0..length) ends with `word` and a number: takes both off, and gives the number. */
static bool take_level(const char *text, size_t *length, const char *word, double *lod)
{
    size_t digits = *length;
    char number[32];
    while (digits > 0 && strchr("0123456789.", text[digits - 1]))
        digits--;
    size_t count = *length - digits;
    if (count == 0 || count >= sizeof number || !ends_with(text, digits, word))
        return false;
    memcpy(number, text + digits, count);
    number[count] = '\0';
    *lod = strtod(number, NULL);
    *length = digits - strlen(word);
    return true;
}

static progressive_file parse_entry(const char *entry)
{
    progressive_file file = {.kind = PROGRESSIVE_OTHER, .length = strlen(entry)};
    static const char tensors[] = ".safetensors";
    static const struct {
        const char *suffix;
        progressive_kind kind;
    } suffixes[] = {{".pkl", PROGRESSIVE_NETWORK},
                    {".json", PROGRESSIVE_SETTINGS},
                    {".weights.safetensors", PROGRESSIVE_WEIGHTS},
                    {".inputs.safetensors", PROGRESSIVE_INPUTS}};
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (ends_with(entry, file.length, suffixes[i].suffix)) {
            file.kind = suffixes[i].kind;
            file.length -= strlen(suffixes[i].suffix);
            return file;
        }
    }
    if (ends_with(entry, file.length, tensors)) {
        file.length -= strlen(tensors);
        if (take_level(entry, &file.length, ".gs_lod", &file.lod))
            file.kind = PROGRESSIVE_AVERAGED;
        else if (take_level(entry, &file.length, ".lod", &file.lod))
            file.kind = PROGRESSIVE_OUTPUTS;
        else
            file.kind = PROGRESSIVE_WHOLE;
    }
    return file;
}

static bool has_tensors(progressive_kind kind)
{
    return kind != PROGRESSIVE_NETWORK && kind != PROGRESSIVE_SETTINGS && kind != PROGRESSIVE_OTHER;
}

static bool same_set(const progressive_file *a, const progressive_file *b)
{
    return a->length == b->length && strncmp(a->entry, b->entry, a->length) == 0;
}

/* A pickle with a name of its own is another form of the network of the set that its name begins
 * with: "tiny8_proto2.pkl" is of "tiny8". */
static void adopt_networks(progressive_file *files, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        progressive_file *network = &files[i];
        size_t longest = 0;
        bool alone = network->kind == PROGRESSIVE_NETWORK;
        for (size_t k = 0; alone && k < count; k++) {
            size_t length = files[k].length;
            if (!has_tensors(files[k].kind))
                continue;
            alone = !same_set(network, &files[k]);
            if (length > longest && length < network->length &&
                strchr("_-.", network->entry[length]) &&
                strncmp(network->entry, files[k].entry, length) == 0)
                longest = length;
        }
        if (alone && longest > 0)
            network->length = longest;
    }
}

/* ---- files ---- */

static bool open_file(const golden_case *test, progressive_file *file)
{
    char path[PATH_BYTES];
    sg_error error = {0};
    if (!has_tensors(file->kind))
        return true;
    bool whole =
        !sg_safetensors_open(progressive_path(test, file->entry, path), &file->tensors, &error);
    if (!whole)
        report_failure(test->report, test->name, file->entry, "%s", error.message);
    return whole;
}

/* Whether a file's tensors are named as those of a network that grows. */
static bool is_progressive(const progressive_file *file)
{
    if (file->kind != PROGRESSIVE_WHOLE)
        return has_tensors(file->kind);
    bool known = false;
    for (size_t i = 0; file->tensors && i < sg_safetensors_count(file->tensors); i++) {
        const char *name = sg_safetensors_at(file->tensors, i)->name;
        known = known || strchr(name, '/') || strncmp(name, "image", 5) == 0 ||
                strncmp(name, "dlatent_avg", 11) == 0 || strncmp(name, "scores_", 7) == 0 ||
                strcmp(name, "ws_trunc") == 0 || strcmp(name, "ws_mix") == 0;
    }
    return known;
}

/* ---- running ---- */

static void run_files(const golden_case *test, const progressive_set *set)
{
    bool tensors = false;
    bool known = false;
    bool network = false;
    for (size_t i = 0; i < set->count; i++) {
        progressive_file *file = &set->files[i];
        if (!open_file(test, file)) {
            known = true;
        } else if (file->kind == PROGRESSIVE_WHOLE && is_progressive_ops(file->tensors)) {
            golden_case ops = *test;
            ops.expected = file->tensors;
            run_progressive_ops(&ops);
            file->kind = PROGRESSIVE_OTHER;
            tensors = known = true;
        }
        tensors = tensors || has_tensors(file->kind);
        network = network || file->kind == PROGRESSIVE_NETWORK;
    }
    bool progressive = false;
    for (size_t i = 0; i < set->count; i++)
        progressive = progressive || is_progressive(&set->files[i]);
    if (progressive)
        run_progressive_case(test, set);
    else if (tensors && !known)
        report_skip(test->report, test->name, "all", "what these files are is not known");
    else if (network && !tensors && strncmp(set->files[0].entry, "network.", 8) == 0)
        report_skip(test->report, test->name, "network", "there are no expected values");
}

static void run_set(const golden_case *test, const progressive_set *set)
{
    char name[2 * PATH_BYTES];
    const progressive_file *first = &set->files[0];
    bool top = strcmp(test->name, ".") == 0;
    golden_case named = *test;
    snprintf(name, sizeof name, "%s%s%.*s", top ? "" : test->name, top ? "" : "/",
             (int)first->length, first->entry);
    named.name = name;
    run_files(&named, set);
    for (size_t i = 0; i < set->count; i++)
        sg_safetensors_close(set->files[i].tensors);
}

/* Moves the files of the set of files[0] to the front, keeping their order; returns their number.
 */
static size_t gather_set(progressive_file *files, size_t count)
{
    size_t gathered = 1;
    for (size_t i = 1; i < count; i++) {
        if (same_set(&files[0], &files[i])) {
            progressive_file file = files[i];
            memmove(&files[gathered + 1], &files[gathered], (i - gathered) * sizeof *files);
            files[gathered++] = file;
        }
    }
    return gathered;
}

void run_progressive_sets(const golden_case *test, const char *const *entries, size_t count)
{
    progressive_file *files = sg_allocate(count + 1, sizeof *files);
    size_t known = 0;
    for (size_t i = 0; files && i < count; i++) {
        files[known] = parse_entry(entries[i]);
        files[known].entry = entries[i];
        known += files[known].kind != PROGRESSIVE_OTHER;
    }
    if (!files) {
        report_failure(test->report, test->name, "all", "no memory left");
        return;
    }
    adopt_networks(files, known);
    for (size_t at = 0; at < known;) {
        progressive_set set = {files + at, 0};
        set.count = gather_set(set.files, known - at);
        run_set(test, &set);
        at += set.count;
    }
    free(files);
}
