/* A folder for a test's files, removed with all that is in it. */
#ifndef SUPPORT_TEMPORARY_FOLDER_H
#define SUPPORT_TEMPORARY_FOLDER_H

/* cmocka's setup and teardown: *state is the folder's path on the heap. */
int temporary_folder_setup(void **state);
int temporary_folder_teardown(void **state);

/* The same, with the user's folders of caches and data within it: neither of the machine's count.
 */
int user_folders_setup(void **state);

/* "folder/name" on the heap; ends the test on failure. */
char *temporary_path(void *const *state, const char *name);

#endif
