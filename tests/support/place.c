/* A folder with one file; see place.h. */
#include "support/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/input_file.h"

static int remove_tree(const char *path)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", path);
    return system(command);
}

int make_place(void **state)
{
    place *here = calloc(1, sizeof *here);
    if (!here)
        return -1;
    strcpy(here->folder, "/tmp/stylegan-test-XXXXXX");
    if (!mkdtemp(here->folder))
        return -1;
    snprintf(here->file, sizeof here->file, "%s/old.txt", here->folder);
    *state = here;
    return !sg_write_file(here->file, "old", 3, NULL) ? 0 : -1;
}

int drop_place(void **state)
{
    place *here = *state;
    int result = remove_tree(here->folder);
    free(here);
    return result;
}

void assert_content(const char *path, const char *expected)
{
    unsigned char *bytes;
    size_t size;
    sg_error error = {0};
    assert_int_equal(sg_read_file(path, 1000, &bytes, &size, &error), SG_OK);
    assert_int_equal(size, strlen(expected));
    assert_string_equal((char *)bytes, expected);
    free(bytes);
}
