/*
 * The names of the networks within a file.
 *
 * Tested by: tests/checkpoint/network/test_network_file.c
 */
#include "checkpoint/contents/network_part.h"

#include <string.h>

static const char *const names[SG_PART_COUNT] = {"G", "D", "G_ema", "E", "M"};

const char *sg_network_part_name(sg_network_part part)
{
    return names[part];
}

int sg_network_part_find(const char *name, size_t length)
{
    int part = 0;
    while (part < SG_PART_COUNT &&
           (strlen(names[part]) != length || strncmp(names[part], name, length) != 0))
        part++;
    return part;
}
