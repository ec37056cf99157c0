/*
 * Small pictures within a terminal's text, by the protocols of kitty (also Ghostty, Konsole) and of
 * iTerm2 (also WezTerm, VS Code), which environment variables tell.
 */
#ifndef SG_CLI_TERMINAL_INLINE_PICTURE_H
#define SG_CLI_TERMINAL_INLINE_PICTURE_H

#include <stdbool.h>

#include "image/image.h"

/* A place for a picture that is shown again and again; zero it before use. */
typedef struct sg_inline_picture {
    bool reserved; /* its lines are there */
} sg_inline_picture;

/*
 * Shows a picture on standard error, eight lines high, in the place of the one before. The cursor
 * is at the start of the line after the picture then, as it must be before. Does nothing where
 * standard error is no terminal that is known to show pictures (terminal multiplexers do not pass
 * them on), or on lack of memory.
 */
void sg_inline_picture_show(sg_inline_picture *place, const sg_image *picture);

#endif
