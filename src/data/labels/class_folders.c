/* Classes from folders; see class_folders.h. */
#include "data/labels/class_folders.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/allocate.h"
#include "base/text.h"
#include "data/labels/label_list.h"
#include "data/labels/label_match.h"
#include "data/labels/label_path.h"

/* A part of a path: its bytes are borrowed. */
typedef struct part {
    const char *text;
    size_t length;
} part;

/* Returns the first folder of a path, of length 0 for a bare name. */
static part first_folder(const char *path)
{
    const char *slash = strchr(path, '/');
    return (part){path, slash ? (size_t)(slash - path) : 0};
}

static int compare_parts(const void *left, const void *right)
{
    const part *a = left;
    const part *b = right;
    const int order = memcmp(a->text, b->text, a->length < b->length ? a->length : b->length);
    return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

static bool are_digits(const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isdigit((unsigned char)text[i]))
            return false;
    return count > 0;
}

/* True for names such as 00012/img00012345.png, whose folder only splits a long list. */
static bool is_numbered(const char *name)
{
    return are_digits(name, 5) && strncmp(name + 5, "/img", 4) == 0 && are_digits(name + 9, 8) &&
           name[17] == '.' && strncmp(name, name + 9, 5) == 0;
}

/* Sorts parts and leaves each once; returns how many are left. */
static size_t sort_once(part *parts, size_t count)
{
    size_t left = 0;
    if (count > 0)
        qsort(parts, count, sizeof *parts, compare_parts);
    for (size_t i = 0; i < count; i++)
        if (left == 0 || compare_parts(&parts[i], &parts[left - 1]) != 0)
            parts[left++] = parts[i];
    return left;
}

/* ---- parts of a set ---- */

static bool is_split_word(const char *name)
{
    static const char *const words[] = {"train",    "training", "val",    "valid", "validation",
                                        "test",     "testing",  "dev",    "eval",  "evaluation",
                                        "trainset", "testset",  "holdout"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(name, words[i]) == 0)
            return true;
    return false;
}

/* Lists the folders within folder `class_index`, sorted; returns how many, 0 where a picture lies
 * in none. `inner` has room for all pictures. */
static size_t list_inner(const sg_class_folders *found, const char *const *relative, size_t count,
                         int class_index, part *inner)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        if (found->classes[i] != class_index)
            continue;
        inner[size] = first_folder(sg_path_after(relative[i], 1));
        if (inner[size++].length == 0)
            return 0;
    }
    return sort_once(inner, size);
}

/* Sets *same to whether all folders hold the same folders, at least two. False on lack of memory.
 */
static bool compare_inner(const sg_class_folders *found, const char *const *relative, size_t count,
                          bool *same)
{
    part *first = sg_allocate(count, sizeof *first);
    part *other = sg_allocate(count, sizeof *other);
    const bool complete = first && other;
    const size_t size = complete ? list_inner(found, relative, count, 0, first) : 0;
    *same = size > 1;
    /* beyond a few folders they are no parts of a set */
    for (size_t i = 1; i < found->count && *same; i++) {
        *same = found->count <= 8 && list_inner(found, relative, count, (int)i, other) == size;
        for (size_t j = 0; j < size && *same; j++)
            *same = compare_parts(&first[j], &other[j]) == 0;
    }
    free(first);
    free(other);
    return complete;
}

/* Sets found->doubt where folders are parts of a set; false on lack of memory. */
static bool doubt(sg_class_folders *found, const char *const *relative, size_t count)
{
    bool same = false;
    bool words = true;
    for (size_t i = 0; i < found->count && words; i++)
        words = is_split_word(found->names[i]);
    if (!compare_inner(found, relative, count, &same))
        return false;
    if (!words && !same)
        return true;
    sg_text text = {0};
    sg_text_append(&text, "the folders");
    for (size_t i = 0; i < found->count; i++)
        sg_text_append(&text, "%s%.100s", i == 0 ? " " : ", ", found->names[i]);
    sg_text_append(&text,
                   " look like parts of a data set%s, but count as classes; where that is not "
                   "meant, the data should be one of them",
                   same ? ", since they hold the same folders" : "");
    found->doubt = text.bytes;
    return !text.failed;
}

/* ---- classes ---- */

static int compare_numbers(const void *left, const void *right)
{
    return sg_compare_naturally(*(const char *const *)left, *(const char *const *)right);
}

/* Copies the folders' names in the order of their classes; false on lack of memory. */
static bool name_classes(sg_class_folders *found, const part *folders, size_t count)
{
    bool numbers = true;
    found->names = sg_allocate(count, sizeof *found->names);
    if (!found->names)
        return false;
    for (size_t i = 0; i < count; i++) {
        char *name = sg_allocate(folders[i].length + 1, 1);
        if (!name)
            return false;
        memcpy(name, folders[i].text, folders[i].length);
        numbers = numbers && are_digits(name, folders[i].length);
        found->names[found->count++] = name;
    }
    if (numbers)
        qsort(found->names, count, sizeof *found->names, compare_numbers);
    return true;
}

/* A folder with its class, in the order of names. */
typedef struct numbered_folder {
    part folder;
    int class_index;
} numbered_folder;

/* Fills in the classes of the pictures; false on lack of memory. */
static bool number_pictures(sg_class_folders *found, const char *const *relative, size_t count)
{
    numbered_folder *sorted = sg_allocate(found->count, sizeof *sorted);
    found->classes = sg_allocate(count, sizeof *found->classes);
    const bool complete = sorted && found->classes;
    for (size_t i = 0; i < found->count && complete; i++)
        sorted[i] = (numbered_folder){{found->names[i], strlen(found->names[i])}, (int)i};
    if (complete)
        qsort(sorted, found->count, sizeof *sorted, compare_parts);
    for (size_t i = 0; i < count && complete; i++) {
        const numbered_folder sought = {first_folder(relative[i]), 0};
        const numbered_folder *is =
            bsearch(&sought, sorted, found->count, sizeof *sorted, compare_parts);
        found->classes[i] = is ? is->class_index : -1;
    }
    free(sorted);
    return complete;
}

/* Lists the outermost folders; returns how many, 0 where they are no classes. */
static size_t list_folders(const char *const *relative, size_t count, part *folders)
{
    bool numbered = true;
    for (size_t i = 0; i < count; i++) {
        folders[i] = first_folder(relative[i]);
        numbered = numbered && is_numbered(relative[i]);
        if (folders[i].length == 0)
            return 0;
    }
    const size_t different = numbered ? 0 : sort_once(folders, count);
    return different > 1 && different <= SG_LARGEST_LABEL ? different : 0;
}

sg_status sg_class_folders_find(const char *const *names, size_t count, sg_class_folders *found,
                                sg_error *error)
{
    const size_t common = sg_common_folders(names, count);
    const char **relative = sg_allocate(count, sizeof *relative);
    part *folders = sg_allocate(count, sizeof *folders);
    bool complete = relative && folders;
    *found = (sg_class_folders){0};
    for (size_t i = 0; i < count && complete; i++)
        relative[i] = sg_path_after(names[i], common);
    const size_t different = complete ? list_folders(relative, count, folders) : 0;
    if (different > 0)
        complete = name_classes(found, folders, different) &&
                   number_pictures(found, relative, count) && doubt(found, relative, count);
    free(relative);
    free(folders);
    if (complete)
        return SG_OK;
    sg_class_folders_clear(found);
    return sg_fail_memory(error, "the classes of %zu pictures", count);
}

void sg_class_folders_clear(sg_class_folders *folders)
{
    for (size_t i = 0; i < folders->count; i++)
        free(folders->names[i]);
    free(folders->names);
    free(folders->classes);
    free(folders->doubt);
    *folders = (sg_class_folders){0};
}
