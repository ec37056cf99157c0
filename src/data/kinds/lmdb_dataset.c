/*
 * LMDB databases whose values are picture files: LSUN (Yu et al. 2015), as WebP under the digests
 * of the pictures, and those that rosinality's prepare_data.py writes, under SIZE-NUMBER: of
 * several sizes the largest is taken. Other values, such as the number of pictures, are passed
 * over.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/lmdb_file.h"
#include "data/kinds/dataset_kind.h"
#include "image/files/picture_file.h"

#define DATA_FILE "data.mdb"

enum { START_BYTES = 64, LONGEST_NAME = 2 * SG_LMDB_LONGEST_KEY + 16 };

/* The place of a picture's file. */
typedef struct lmdb_picture {
    uint64_t offset;
    size_t size;
} lmdb_picture;

/* An open database. */
typedef struct lmdb_set {
    sg_lmdb_file *file;
    lmdb_picture *pictures;
    size_t count, capacity;
} lmdb_set;

/* Pictures being listed. */
typedef struct lmdb_listing {
    lmdb_set *set;
    sg_file_list *list;
    char ending[SG_PICTURE_ENDING_BYTES]; /* of the first long value that is a picture */
    unsigned long largest;                /* size in a key SIZE-NUMBER */
    bool sized;                           /* all keys are such */
} lmdb_listing;

static void destroy(void *state)
{
    lmdb_set *set = state;
    sg_lmdb_close(set->file);
    free(set->pictures);
    free(set);
}

static sg_status fetch(const void *state, const sg_picture *picture, size_t limit,
                       unsigned char **bytes, size_t *size, sg_error *error)
{
    const lmdb_set *set = state;
    const lmdb_picture *place = &set->pictures[picture->entry];
    *size = 0;
    *bytes = NULL;
    if (limit >= SG_PICTURE_LARGEST_FILE && place->size > SG_PICTURE_LARGEST_FILE)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: has %zu bytes, expected at most %zu",
                       picture->name, place->size, SG_PICTURE_LARGEST_FILE);
    const size_t wanted = place->size < limit ? place->size : limit;
    unsigned char *read = sg_allocate(wanted > 0 ? wanted : 1, 1);
    if (!read)
        return sg_fail_memory(error, "%s", picture->name);
    const sg_status status = sg_lmdb_read(set->file, place->offset, read, wanted, error);
    if (status) {
        free(read);
        return status;
    }
    *bytes = read;
    *size = wanted;
    return SG_OK;
}

/* ---- listing ---- */

/* Returns the size in a key SIZE-NUMBER, or 0. */
static unsigned long size_of_key(const char *key)
{
    char *end = NULL;
    const unsigned long size = isdigit((unsigned char)key[0]) ? strtoul(key, &end, 10) : 0;
    if (size == 0 || size > SG_IMAGE_LARGEST_SIDE || *end != '-' || strlen(end) < 5)
        return 0;
    for (end++; isdigit((unsigned char)*end);)
        end++;
    return *end == '\0' ? size : 0;
}

/* Writes the key as a name: as it is if it is printable, otherwise in hexadecimal. */
static void name_entry(const sg_lmdb_entry *entry, char name[LONGEST_NAME])
{
    bool printable = entry->key_size > 0 && entry->key[0] != '.';
    for (size_t i = 0; i < entry->key_size; i++)
        printable = printable && isgraph(entry->key[i]);
    for (size_t i = 0; i < entry->key_size; i++)
        snprintf(name + (printable ? i : 2 * i), 3, printable ? "%c" : "%02x", entry->key[i]);
}

/* Finds the ending that the value's content asks for, "" for a value that is no picture. */
static sg_status find_ending(lmdb_listing *listing, const sg_lmdb_entry *entry,
                             char ending[SG_PICTURE_ENDING_BYTES], sg_error *error)
{
    unsigned char start[START_BYTES];
    const size_t size = entry->size < START_BYTES ? entry->size : START_BYTES;
    /* reading the start of every long value would read half of a disk */
    if (entry->is_long && listing->ending[0] != '\0') {
        memcpy(ending, listing->ending, SG_PICTURE_ENDING_BYTES);
        return SG_OK;
    }
    SG_TRY(sg_lmdb_read(listing->set->file, entry->offset, start, size, error));
    sg_picture_ending_for(start, size, ending);
    if (entry->is_long)
        memcpy(listing->ending, ending, SG_PICTURE_ENDING_BYTES);
    return SG_OK;
}

static sg_status add_picture(lmdb_listing *listing, const char *name, const sg_lmdb_entry *entry,
                             sg_error *error)
{
    lmdb_set *set = listing->set;
    if (!sg_grow(&set->pictures, &set->capacity, set->count, sizeof *set->pictures) ||
        !sg_file_list_add(listing->list, name, set->count))
        return sg_fail_memory(error, "%zu pictures", set->count);
    set->pictures[set->count++] = (lmdb_picture){.offset = entry->offset, .size = entry->size};
    return SG_OK;
}

static sg_status visit(void *user, const sg_lmdb_entry *entry, sg_error *error)
{
    lmdb_listing *listing = user;
    char name[LONGEST_NAME] = "";
    char ending[SG_PICTURE_ENDING_BYTES];
    SG_TRY(find_ending(listing, entry, ending, error));
    if (ending[0] == '\0')
        return SG_OK;
    name_entry(entry, name);
    const unsigned long size = size_of_key(name);
    listing->largest = size > listing->largest ? size : listing->largest;
    listing->sized = listing->sized && size > 0;
    const sg_rare_kind *kind = NULL;
    if (sg_picture_ending_of(name, &kind) == SG_ENDING_OTHER)
        strcat(name, ending);
    return add_picture(listing, name, entry, error);
}

/* Leaves out the pictures of smaller sizes than the largest, and says so in the notes. */
static void keep_largest(lmdb_listing *listing, sg_text *notes)
{
    sg_file_list *list = listing->list;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (strtoul(list->files[i].name, NULL, 10) == listing->largest)
            list->files[kept++] = list->files[i];
        else
            free(list->files[i].name);
    if (kept < list->count)
        sg_text_append(
            notes, "Of the pictures under keys SIZE-NUMBER, the %zu of the size %lu are taken\n",
            kept, listing->largest);
    list->count = kept;
}

static sg_status list_pictures(const char *path, lmdb_set *set, sg_file_list *list, sg_text *notes,
                               sg_error *error)
{
    lmdb_listing listing = {.set = set, .list = list, .sized = true};
    char *inner = sg_path_is_folder(path) ? sg_path_join(path, DATA_FILE) : sg_duplicate_text(path);
    if (!inner)
        return sg_fail_memory(error, "%s", path);
    sg_status status = sg_lmdb_open(inner, &set->file, error);
    if (!status)
        status = sg_lmdb_walk(set->file, visit, &listing, error);
    if (!status && listing.sized)
        keep_largest(&listing, notes);
    free(inner);
    return status;
}

/* ---- the kind ---- */

static sg_status open_source(const char *path, bool follows_links, sg_picture_source **source,
                             sg_error *error)
{
    (void)follows_links; /* a database has none */
    static const sg_picture_source_functions functions = {.fetch = fetch, .destroy = destroy};
    *source = NULL;
    sg_file_list list = {0};
    lmdb_set *set = sg_allocate(1, sizeof *set);
    if (!set)
        return sg_fail_memory(error, "%s", path);
    *set = (lmdb_set){0};
    sg_text notes = {0};
    sg_status status = list_pictures(path, set, &list, &notes, error);
    if (!status) {
        status = sg_picture_source_create(path, &functions, set, &list, source, error);
    } else {
        sg_file_list_clear(&list);
        destroy(set);
    }
    if (!status && notes.bytes)
        sg_text_append(&(*source)->notes, "%s", notes.bytes);
    sg_text_clear(&notes);
    return status;
}

static bool recognises(const char *path)
{
    if (!sg_path_is_folder(path))
        return sg_lmdb_recognises(path);
    char *inner = sg_path_join(path, DATA_FILE);
    const bool found = inner && sg_lmdb_recognises(inner);
    free(inner);
    return found;
}

const sg_dataset_kind sg_lmdb_dataset_kind = {
    .expected = "an LMDB database of pictures such as LSUN's (a folder with data.mdb)",
    .recognises = recognises,
    .open_source = open_source,
};
