/* Headers as POSIX.1 describes them, of the form "ustar". */
#include "support/tar_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "support/temporary_folder.h"

enum { BLOCK = 512 };

static void put(gzFile file, const void *bytes, size_t size)
{
    if (size > 0)
        assert_int_equal(gzwrite(file, bytes, (unsigned)size), size);
}

static void put_header(gzFile file, const tar_member *member)
{
    unsigned sum = 0;
    char header[BLOCK] = {0};
    snprintf(header, 100, "%s", member->name);
    snprintf(header + 100, 8, "%07o", 0644U);
    snprintf(header + 124, 12, "%011zo", member->size);
    snprintf(header + 136, 12, "%011o", 0U);
    memset(header + 148, ' ', 8);
    header[156] = member->type;
    memcpy(header + 257, "ustar\00000", 8);
    snprintf(header + 345, 155, "%s", member->prefix ? member->prefix : "");
    for (size_t i = 0; i < BLOCK; i++)
        sum += (unsigned char)header[i];
    snprintf(header + 148, 8, "%06o", sum);
    put(file, header, BLOCK);
}

void tar_write(void *const *state, const char *name, const tar_member *members, size_t count,
               bool compressed)
{
    static const uint8_t zeros[2 * BLOCK];
    char *path = temporary_path(state, name);
    gzFile file = gzopen(path, compressed ? "wb1" : "wbT");
    assert_non_null(file);
    for (size_t i = 0; i < count; i++) {
        put_header(file, &members[i]);
        put(file, members[i].bytes, members[i].size);
        put(file, zeros, (BLOCK - members[i].size % BLOCK) % BLOCK);
    }
    put(file, zeros, 2 * BLOCK);
    assert_int_equal(gzclose(file), Z_OK);
    free(path);
}
