/* Forms of picture names; see label_path.h. */
#include "data/labels/label_path.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#ifdef SG_HAVE_UTF8PROC
#include <utf8proc.h>
#endif

#include "base/allocate.h"
#include "base/utf8.h"
#include "image/files/picture_file.h"

static bool is_separator(char byte)
{
    return byte == '/' || byte == '\\';
}

/* Returns the length of a path whose last part, with the slash before it, is taken away. */
static size_t parent_length(const char *path, size_t length)
{
    while (length > 0 && path[length - 1] != '/')
        length--;
    return length > 0 ? length - 1 : 0;
}

char *sg_portable_path(const char *name)
{
    char *path = sg_allocate(strlen(name) + 1, 1);
    size_t length = 0;
    while (path && *name) {
        size_t part = 0;
        while (name[part] && !is_separator(name[part]))
            part++;
        if (part == 2 && strncmp(name, "..", 2) == 0) {
            length = parent_length(path, length);
        } else if (part > 0 && !(part == 1 && name[0] == '.')) {
            if (length > 0)
                path[length++] = '/';
            memcpy(path + length, name, part);
            length += part;
        }
        name += part + (name[part] ? 1 : 0);
    }
    if (path)
        path[length] = '\0';
    return path;
}

/* Folds the case of A to Z. */
static void fold_ascii(char *text)
{
    for (; *text; text++)
        *text = (char)tolower((unsigned char)*text);
}

/* Returns composed Unicode with its case folded on the heap; NULL where `text` must stay. */
static char *fold_unicode(const char *text)
{
#ifdef SG_HAVE_UTF8PROC
    utf8proc_uint8_t *folded = NULL;
    if (!sg_is_utf8(text, strlen(text), SG_UTF8_STRICT) ||
        utf8proc_map((const utf8proc_uint8_t *)text, 0, &folded,
                     UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD) <
            0)
        return NULL;
    return (char *)folded;
#else
    (void)text;
    return NULL;
#endif
}

char *sg_label_key(const char *name)
{
    char *key = sg_portable_path(name);
    if (!key)
        return NULL;
    char *folded = fold_unicode(key);
    if (folded) {
        free(key);
        key = folded;
    } else {
        fold_ascii(key);
    }
    char *dot = strrchr(key, '.');
    if (dot && sg_picture_ending_of(key, NULL) != SG_ENDING_OTHER)
        *dot = '\0';
    return key;
}

const char *sg_path_after(const char *path, size_t parts)
{
    for (; parts > 0; parts--) {
        path = strchr(path, '/');
        if (!path)
            return NULL;
        path++;
    }
    return path;
}

size_t sg_path_depth(const char *path)
{
    size_t depth = 0;
    for (path = strchr(path, '/'); path; path = strchr(path + 1, '/'))
        depth++;
    return depth;
}

/* Compares numbers of any length at the begin of both texts, and moves the texts past them. */
static int compare_numbers(const char **left, const char **right)
{
    *left += strspn(*left, "0");
    *right += strspn(*right, "0");
    const size_t left_length = strspn(*left, "0123456789");
    const size_t right_length = strspn(*right, "0123456789");
    int order = (left_length > right_length) - (left_length < right_length);
    if (order == 0)
        order = memcmp(*left, *right, left_length);
    *left += left_length;
    *right += right_length;
    return order;
}

int sg_compare_naturally(const char *left, const char *right)
{
    const char *a = left;
    const char *b = right;
    while (*a && *b) {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            const int order = compare_numbers(&a, &b);
            if (order != 0)
                return order;
        } else if (*a == *b) {
            a++;
            b++;
        } else {
            break;
        }
    }
    const int order = (unsigned char)*a - (unsigned char)*b;
    return order != 0 ? order : strcmp(left, right);
}
