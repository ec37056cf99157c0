/*
 * Pictures in terminals. kitty's protocol sends base64 in chunks of 4096 bytes, each an application
 * command ESC _ G ... ESC \; iTerm2's sends all of it in one operating system command,
 * ESC ] 1337 ; File = ... BEL. The cursor is saved and restored around both, since they move it
 * differently. Tested by: tests/cli/test_project.c
 */
#include "cli/terminal/inline_picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files/base64.h"
#include "image/files/png_file.h"

enum { LINES = 8, CHUNK = 4096 /* characters of base64 */ };

typedef enum protocol { PROTOCOL_NONE, PROTOCOL_KITTY, PROTOCOL_ITERM } protocol;

static bool has_value(const char *name, const char *value)
{
    const char *found = getenv(name);
    return found && (!value || strcmp(found, value) == 0);
}

static protocol find_protocol(void)
{
    static const char *const iterm[] = {"iTerm.app", "WezTerm", "vscode"};
    const char *terminal = getenv("TERM");
    if (!isatty(STDERR_FILENO) || !terminal || has_value("TMUX", NULL) ||
        strncmp(terminal, "screen", 6) == 0 || strncmp(terminal, "tmux", 4) == 0)
        return PROTOCOL_NONE;
    if (has_value("KITTY_WINDOW_ID", NULL) || has_value("TERM_PROGRAM", "ghostty") ||
        has_value("KONSOLE_VERSION", NULL))
        return PROTOCOL_KITTY;
    for (size_t i = 0; i < sizeof iterm / sizeof *iterm; i++)
        if (has_value("TERM_PROGRAM", iterm[i]))
            return PROTOCOL_ITERM;
    return has_value("LC_TERMINAL", "iTerm2") ? PROTOCOL_ITERM : PROTOCOL_NONE;
}

/* Writes `size` bytes in base64 (RFC 4648). */
static void write_base64(const unsigned char *bytes, size_t size)
{
    char digits[SG_BASE64_GROUP + 1];
    for (size_t i = 0; i < size; i += SG_BASE64_GROUP) {
        sg_base64_group(bytes + i, size - i, digits);
        fwrite(digits, 1, sizeof digits, stderr);
    }
}

/* The same image and placement numbers each time make kitty replace the picture. */
static void send_kitty(const unsigned char *png, size_t size)
{
    const size_t step = (size_t)CHUNK / 4 * SG_BASE64_GROUP;
    for (size_t i = 0; i < size; i += step) {
        const size_t left = size - i;
        fprintf(stderr, "\033_G");
        if (i == 0)
            fprintf(stderr, "a=T,f=100,i=303,p=1,q=2,C=1,r=%d,", LINES);
        fprintf(stderr, "m=%d;", left > step);
        write_base64(png + i, left < step ? left : step);
        fprintf(stderr, "\033\\");
    }
}

static void send_iterm(const unsigned char *png, size_t size)
{
    fprintf(stderr, "\033]1337;File=inline=1;size=%zu;height=%d;preserveAspectRatio=1:", size,
            LINES);
    write_base64(png, size);
    fputc('\a', stderr);
}

void sg_inline_picture_show(sg_inline_picture *place, const sg_image *picture)
{
    const protocol found = find_protocol();
    unsigned char *png = NULL;
    size_t size = 0;
    if (found == PROTOCOL_NONE ||
        sg_png_encode("a picture", picture, NULL, 0, &png, &size, NULL) != SG_OK)
        return;
    fputs("\r\033[K", stderr); /* a progress bar may stand there */
    for (int i = 0; i < LINES && !place->reserved; i++)
        fputc('\n', stderr);
    place->reserved = true;
    fprintf(stderr, "\033[%dA\0337", LINES);
    if (found == PROTOCOL_KITTY)
        send_kitty(png, size);
    else
        send_iterm(png, size);
    fprintf(stderr, "\0338\033[%dB\r", LINES);
    fflush(stderr);
    free(png);
}
