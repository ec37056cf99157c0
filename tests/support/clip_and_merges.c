/* A filled CLIP with its merges; see clip_and_merges.h. */
#include "support/clip_and_merges.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/temporary_folder.h"

enum { NO_MERGES = 514 /* tokens of bytes, with and without an end, and of start and end */ };

char *write_clip_and_merges(void *const *state, const filled_clip *clip)
{
    sg_error error = {0};
    char *path = temporary_path(state, "clip.safetensors");
    char *merges = temporary_path(state, "merges.txt");
    if (write_filled_clip(path, clip, FILLED_CLIP_OPENAI, &error) ||
        write_filled_merges(merges, clip->vocabulary - NO_MERGES, &error))
        fail_msg("%s", error.message);
    free(merges);
    return path;
}
