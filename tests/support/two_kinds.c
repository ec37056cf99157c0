/* Dark and light pictures. */
#include "support/two_kinds.h"

#include <stdint.h>
#include <stdio.h>

#include "support/picture_files.h"
#include "support/temporary_folder.h"

char *two_kinds_write(void *const *state)
{
    for (int i = 0; i < 2 * TWO_KINDS_EACH; i++) {
        char name[64];
        const int number = i / 2;
        const uint8_t grey = (uint8_t)(i % 2 ? 150 + 12 * number : 10 + 12 * number);
        snprintf(name, sizeof name, "set/%s/%d.png", i % 2 ? "dog" : "cat", number);
        flat_png_write(state, name, TWO_KINDS_SIDE, 1, &grey);
    }
    return temporary_path(state, "set");
}
