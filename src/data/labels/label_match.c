/*
 * Pictures are sorted by their keys, so that a name's pictures are found by bisection. How many
 * folders are left out of the entries' names is tried from 0 on, and the first number that matches
 * most entries counts for all of them: a rule for each entry could give a label to a picture of the
 * same name in another folder.
 */
#include "data/labels/label_match.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/allocate.h"
#include "data/labels/label_path.h"

/* The most folders that are left out. */
#define MOST_SKIPPED 16

/* A picture by its key. */
typedef struct keyed {
    const char *key; /* of the name without `skipped` folders */
    const char *name;
    size_t picture;
} keyed;

/* The entries and pictures of one matching. */
typedef struct matching {
    const sg_label_list *list;
    const char *const *names; /* of the pictures */
    size_t count;
    char **keys;       /* [count]: of whole names; owned */
    keyed *pictures;   /* [count], sorted by key */
    char **entry_keys; /* [list->count]; owned */
    size_t skipped;    /* folders left out of the entries' names */
    bool bare;         /* file names alone are compared */
} matching;

/* True if both paths begin with the same `parts` folders. */
static bool share_folders(const char *left, const char *right, size_t parts)
{
    const char *a = sg_path_after(left, parts);
    const char *b = sg_path_after(right, parts);
    return a && b && a - left == b - right && strncmp(left, right, (size_t)(a - left)) == 0;
}

size_t sg_common_folders(const char *const *names, size_t count)
{
    size_t parts = count > 0 ? sg_path_depth(names[0]) : 0;
    for (size_t i = 1; i < count; i++)
        while (parts > 0 && !share_folders(names[0], names[i], parts))
            parts--;
    return parts;
}

/* Returns what is compared of a picture's or an entry's path; NULL where nothing is left. */
static const char *compared_part(const matching *all, const char *path, size_t skipped)
{
    const char *last = strrchr(path, '/');
    if (all->bare)
        return last ? last + 1 : path;
    return sg_path_after(path, skipped);
}

static int compare_keyed(const void *left, const void *right)
{
    const keyed *a = left;
    const keyed *b = right;
    const int order = strcmp(a->key, b->key);
    return order != 0 ? order : (a->picture > b->picture) - (a->picture < b->picture);
}

/* Sorts the pictures by what is compared of them. */
static void sort_pictures(matching *all)
{
    const size_t common = sg_common_folders(all->names, all->count);
    for (size_t i = 0; i < all->count; i++)
        all->pictures[i] = (keyed){.key = compared_part(all, all->keys[i], common),
                                   .name = compared_part(all, all->names[i], common),
                                   .picture = i};
    qsort(all->pictures, all->count, sizeof *all->pictures, compare_keyed);
}

/* Returns the first picture with that key, or the count; *after is the first with another one. */
static size_t find_range(const matching *all, const char *key, size_t *after)
{
    size_t low = 0;
    size_t high = all->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(all->pictures[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *after = low;
    while (*after < all->count && strcmp(all->pictures[*after].key, key) == 0)
        ++*after;
    return *after > low ? low : all->count;
}

static size_t count_matches(const matching *all)
{
    size_t matches = 0;
    size_t after;
    for (size_t i = 0; i < all->list->count; i++) {
        const char *key = compared_part(all, all->entry_keys[i], all->skipped);
        matches += key && find_range(all, key, &after) < all->count ? 1 : 0;
    }
    return matches;
}

/* Chooses all->skipped and all->bare, and sorts the pictures accordingly. */
static void choose_comparison(matching *all)
{
    size_t best = 0;
    size_t most = 0;
    sort_pictures(all);
    for (all->skipped = 0; all->skipped <= MOST_SKIPPED && most < all->list->count;
         all->skipped++) {
        const size_t matches = count_matches(all);
        if (matches > most) {
            most = matches;
            best = all->skipped;
        }
    }
    all->skipped = best;
    if (most > 0)
        return;
    all->bare = true;
    sort_pictures(all);
}

/* ---- of several pictures, the one that is spelled alike ---- */

/* Rates how alike two spellings with one key are. */
static int rate(const char *left, const char *right)
{
    const char *left_dot = strrchr(left, '.');
    const char *right_dot = strrchr(right, '.');
    const size_t left_stem = left_dot ? (size_t)(left_dot - left) : strlen(left);
    const size_t right_stem = right_dot ? (size_t)(right_dot - right) : strlen(right);
    const bool same_stem = left_stem == right_stem && strncmp(left, right, left_stem) == 0;
    if (strcmp(left, right) == 0)
        return 4;
    return (same_stem ? 2 : 0) + (strcasecmp(left, right) == 0 ? 1 : 0);
}

/* Chooses among the pictures `first` .. `after` - 1 for entry `index`. */
static sg_status choose(const matching *all, size_t index, size_t first, size_t after,
                        size_t *picture, sg_error *error)
{
    const sg_label_entry *entry = &all->list->entries[index];
    char *path = sg_portable_path(entry->name);
    const char *spelled = path ? compared_part(all, path, all->skipped) : NULL;
    size_t best = first;
    size_t other = first; /* the last one that is as good */
    int most = -1;
    if (!path)
        return sg_fail_memory(error, "the labels in %s", all->list->file);
    for (size_t i = first; i < after; i++) {
        const int rating = spelled ? rate(spelled, all->pictures[i].name) : 0;
        best = rating > most ? i : best;
        other = rating >= most ? i : other;
        most = rating > most ? rating : most;
    }
    free(path);
    *picture = all->pictures[best].picture;
    return best == other
               ? SG_OK
               : sg_fail(error, SG_ERROR_FORMAT,
                         "%s: the label of \"%.200s\" could be for %.200s or %.200s",
                         all->list->file, entry->name, all->names[all->pictures[best].picture],
                         all->names[all->pictures[other].picture]);
}

static sg_status find_all(const matching *all, size_t *found, sg_error *error)
{
    for (size_t i = 0; i < all->list->count; i++) {
        size_t after = 0;
        const char *key = compared_part(all, all->entry_keys[i], all->skipped);
        const size_t first = key ? find_range(all, key, &after) : all->count;
        found[i] = first < all->count ? all->pictures[first].picture : SG_UNMATCHED;
        if (first < all->count && after - first > 1)
            SG_TRY(choose(all, i, first, after, &found[i], error));
    }
    return SG_OK;
}

/* ---- memory ---- */

static bool prepare(matching *all)
{
    bool complete = true;
    all->keys = sg_allocate(all->count, sizeof *all->keys);
    all->pictures = sg_allocate(all->count, sizeof *all->pictures);
    all->entry_keys = sg_allocate(all->list->count, sizeof *all->entry_keys);
    if (!all->keys || !all->pictures || !all->entry_keys)
        return false;
    for (size_t i = 0; i < all->count && complete; i++) {
        all->keys[i] = sg_label_key(all->names[i]);
        complete = all->keys[i];
    }
    for (size_t i = 0; i < all->list->count && complete; i++) {
        all->entry_keys[i] = sg_label_key(all->list->entries[i].name);
        complete = all->entry_keys[i];
    }
    return complete;
}

static void free_texts(char **texts, size_t count)
{
    for (size_t i = 0; i < count && texts; i++)
        free(texts[i]);
    free(texts);
}

sg_status sg_label_match(const sg_label_list *list, const char *const *names, size_t count,
                         size_t *found, sg_error *error)
{
    matching all = {.list = list, .names = names, .count = count};
    sg_status status = SG_OK;
    if (prepare(&all)) {
        choose_comparison(&all);
        status = find_all(&all, found, error);
    } else {
        status = sg_fail_memory(error, "the labels in %s", list->file);
    }
    free_texts(all.keys, count);
    free_texts(all.entry_keys, list->count);
    free(all.pictures);
    return status;
}
