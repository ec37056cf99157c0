/* A folder of a test's own with one file in it. */
#ifndef SUPPORT_PLACE_H
#define SUPPORT_PLACE_H

/* The folder, and "old.txt" in it, which holds "old". */
typedef struct place {
    char folder[64];
    char file[80];
} place;

/* cmocka's setup and teardown: *state is the place. */
int make_place(void **state);
int drop_place(void **state);

/* Fails the test unless the file holds this text. */
void assert_content(const char *path, const char *expected);

#endif
