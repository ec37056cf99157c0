/*
 * The table of formats; the first row of a suffix is its usual one.
 *
 * Tested by: tests/checkpoint/export/test_network_convert.c
 */
#include "checkpoint/export/network_format.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "checkpoint/maps/rosinality.h"
#include "checkpoint/official/official_write.h"
#include "checkpoint/torch/torch_file.h"

typedef enum network_layout { NATIVE, OFFICIAL, STYLEGAN2_PYTORCH } network_layout;

static const char *const layout_names[] = {"native", "official", "stylegan2-pytorch"};
const sg_choices sg_network_layouts = SG_CHOICES(layout_names);

static sg_status write_official(const char *path, const sg_network_parts *parts,
                                const char **left_out, sg_error *error)
{
    *left_out = NULL;
    return sg_official_write(path, parts, error);
}

static sg_status write_official_states(const char *path, const sg_network_parts *parts,
                                       const char **left_out, sg_error *error)
{
    *left_out = NULL;
    return sg_official_write_states(path, parts, sg_torch_write, error);
}

static sg_status write_rosinality(const char *path, const sg_network_parts *parts,
                                  const char **left_out, sg_error *error)
{
    return sg_rosinality_write(path, parts, sg_torch_write, left_out, error);
}

#define OFFICIAL_PROGRAMS "stylegan2-ada-pytorch and stylegan3"

static const sg_network_format formats[] = {
    {".safetensors", NATIVE, NULL, NULL},
    {".pkl", OFFICIAL, OFFICIAL_PROGRAMS, write_official},
    {".pt", STYLEGAN2_PYTORCH, "stylegan2-pytorch", write_rosinality},
    {".pt", OFFICIAL, OFFICIAL_PROGRAMS, write_official_states},
};

enum { FORMAT_COUNT = sizeof formats / sizeof formats[0] };

const sg_network_format *sg_network_format_find(const char *path, int layout)
{
    const char *suffix = strrchr(path, '.');
    for (size_t i = 0; suffix && suffix != path && i < FORMAT_COUNT; i++)
        if (strcasecmp(suffix, formats[i].suffix) == 0 &&
            (layout < 0 || layout == formats[i].layout))
            return &formats[i];
    return NULL;
}

char *sg_network_format_suffixes(char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < FORMAT_COUNT && length < size; i++)
        if (!strstr(text, formats[i].suffix))
            length += (size_t)snprintf(text + length, size - length, "%s%s", i > 0 ? " or " : "",
                                       formats[i].suffix);
    return text;
}
