/* Prompts; see prompts.h. */
#include "features/clip/prompts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "base/text.h"
#include "base/utf8.h"

enum { LARGEST_FILE = 1 << 20, MOST_SHOWN = 100 /* bytes of a line in a sentence */ };

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* What is said around a text without a change of its meaning. */
static const char usual[] = "{}\n"
                            "an image of {}\n"
                            "a picture of {}\n"
                            "a picture showing {}\n"
                            "this is {}\n"
                            "a close view of {}\n"
                            "a clear image of {}\n"
                            "a small picture of {}\n"
                            "one {} seen from the front\n"
                            "there is {} in the picture\n";

/* Returns `line` of `length` bytes with `text` in place of the {} at `place`. */
static char *put(const char *line, size_t length, const char *place, const char *text)
{
    const size_t before = (size_t)(place - line);
    const size_t size = length - 2 + strlen(text) + 1;
    char *prompt = sg_allocate(size, 1);
    if (prompt)
        snprintf(prompt, size, "%.*s%s%.*s", (int)before, line, text, (int)(length - before - 2),
                 place + 2);
    return prompt;
}

/* Finds the only {} of a line; NULL where there is none or more than one. */
static const char *find_place(const char *line, size_t length)
{
    const char *found = NULL;
    for (size_t i = 0; i + 1 < length; i++) {
        if (line[i] != '{' || line[i + 1] != '}')
            continue;
        if (found)
            return NULL;
        found = line + i;
    }
    return found;
}

/* Adds a prompt for each line that is not empty. */
static sg_status add_lines(const char *lines, const char *name, const char *text,
                           sg_prompts *prompts, sg_error *error)
{
    prompts->texts = sg_allocate(SG_MOST_PROMPTS, sizeof *prompts->texts);
    if (!prompts->texts)
        return sg_fail_memory(error, "prompts");
    for (const char *line = lines; *line;) {
        const size_t whole = strcspn(line, "\n");
        const size_t length = whole > 0 && line[whole - 1] == '\r' ? whole - 1 : whole;
        const char *place = find_place(line, length);
        if (length > 0 && !place)
            return sg_fail(error, SG_ERROR_FORMAT,
                           "%s has the line \"%.*s\", but each must have one {}, the place of a "
                           "text",
                           name, (int)sg_utf8_cut(line, length < MOST_SHOWN ? length : MOST_SHOWN),
                           line);
        if (place && prompts->count == SG_MOST_PROMPTS)
            return sg_fail(error, SG_ERROR_FORMAT, "%s has more than %d lines", name,
                           SG_MOST_PROMPTS);
        if (place && !(prompts->texts[prompts->count++] = put(line, length, place, text)))
            return sg_fail_memory(error, "prompts");
        line += whole + (line[whole] ? 1 : 0);
    }
    return prompts->count > 0 ? SG_OK
                              : sg_fail(error, SG_ERROR_FORMAT, "%s has no lines with {}", name);
}

sg_status sg_prompts_make(const char *templates, const char *text, sg_prompts *prompts,
                          sg_error *error)
{
    unsigned char *bytes = NULL;
    size_t size;
    *prompts = (sg_prompts){0};
    if (!templates[0])
        return add_lines(usual, "the list of prompts", text, prompts, error);
    SG_TRY(sg_read_file(templates, LARGEST_FILE, &bytes, &size, error));
    const char *lines = (const char *)bytes;
    if (sg_has_prefix(lines, byte_order_mark))
        lines += strlen(byte_order_mark);
    const sg_status status =
        sg_is_utf8(bytes, size, SG_UTF8_STRICT)
            ? add_lines(lines, templates, text, prompts, error)
            : sg_fail(error, SG_ERROR_FORMAT, "%s: its lines are not UTF-8", templates);
    free(bytes);
    return status;
}

void sg_prompts_clear(sg_prompts *prompts)
{
    for (size_t i = 0; prompts->texts && i < prompts->count; i++)
        free(prompts->texts[i]);
    free(prompts->texts);
    *prompts = (sg_prompts){0};
}
