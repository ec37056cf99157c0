/* Names of the pictures of directions; see strip_files.h. */
#include "pictures/directions/strip_files.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/allocate.h"

enum { LONGEST_STEM = 200 };

/* Writes the name without ".png"; returns true if it differs from the direction's. */
static bool write_stem(const char *name, char *stem)
{
    snprintf(stem, LONGEST_STEM + 1, "%s", name);
    for (char *at = stem; *at != '\0'; at++)
        if (*at == '/' || *at == '\\' || (unsigned char)*at < ' ')
            *at = '_';
    if (stem[0] == '.')
        stem[0] = '_';
    return strcmp(stem, name) != 0;
}

/* True if another direction, or the figure of answers, has the file. Some file systems do not tell
 * capitals from small letters. */
static bool is_taken(char (*files)[SG_STRIP_FILE_BYTES], size_t count, const char *file)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(files[i], file) == 0)
            return true;
    return strcasecmp(file, "answers.png") == 0;
}

static void name_file(const char *stem, size_t count, char (*files)[SG_STRIP_FILE_BYTES],
                      size_t index)
{
    char file[SG_STRIP_FILE_BYTES];
    snprintf(file, sizeof file, "%s.png", stem);
    for (size_t number = 2; is_taken(files, count, file); number++)
        snprintf(file, sizeof file, "%s-%zu.png", stem, number);
    memcpy(files[index], file, sizeof file);
}

sg_status sg_strip_files_name(const char *const *names, size_t count,
                              char (**files)[SG_STRIP_FILE_BYTES], sg_error *error)
{
    char stem[LONGEST_STEM + 1];
    *files = sg_allocate(count, sizeof **files); /* zeros: no file has an empty name */
    if (!*files)
        return sg_fail_memory(error, "the names of %zu pictures", count);
    for (int changed = 0; changed < 2; changed++)
        for (size_t i = 0; i < count; i++)
            if (write_stem(names[i], stem) == (changed == 1))
                name_file(stem, count, *files, i);
    return SG_OK;
}
