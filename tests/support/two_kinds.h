/* A set of pictures of two kinds that a tiny classifier tells apart, for tests. */
#ifndef SUPPORT_TWO_KINDS_H
#define SUPPORT_TWO_KINDS_H

enum { TWO_KINDS_SIDE = 8, TWO_KINDS_EACH = 8 };

/* Writes "folder/set/cat/N.png" and "folder/set/dog/N.png": dark and light grey pictures, eight of
 * each. Returns "folder/set" on the heap. */
char *two_kinds_write(void *const *state);

#endif
