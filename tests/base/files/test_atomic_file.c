/* Files come to be whole or not at all, whether they can grow without a name or not. */
#include "base/files/atomic_file.h"
#include "base/files/input_file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "support/place.h"

/* Stands in for access(), by which files without a name are found to be possible. */
static bool nameless_forbidden;
int __real_access(const char *path, int mode);
int __wrap_access(const char *path, int mode);

int __wrap_access(const char *path, int mode)
{
    return nameless_forbidden ? -1 : __real_access(path, mode);
}

static int count_entries(const char *folder)
{
    int count = 0;
    DIR *listing = opendir(folder);
    assert_non_null(listing);
    while (readdir(listing))
        count++;
    closedir(listing);
    return count - 2;
}

static int make_place_of_names(void **state)
{
    nameless_forbidden = true;
    return make_place(state);
}

static int drop_place_of_names(void **state)
{
    nameless_forbidden = false;
    return drop_place(state);
}

static void test_a_file_appears_only_when_committed(void **state)
{
    place *here = *state;
    sg_atomic_file *file;
    assert_int_equal(sg_atomic_open(here->file, &file, NULL), SG_OK);
    assert_true(fputs("new", sg_atomic_stream(file)) >= 0);
    fflush(sg_atomic_stream(file));
    assert_content(here->file, "old");
    assert_int_equal(count_entries(here->folder), nameless_forbidden ? 2 : 1);
    assert_int_equal(sg_atomic_commit(file, NULL), SG_OK);
    assert_content(here->file, "new");
    assert_int_equal(count_entries(here->folder), 1);
}

static void test_an_abandoned_file_leaves_the_old_one(void **state)
{
    place *here = *state;
    sg_atomic_file *file;
    assert_int_equal(sg_atomic_open(here->file, &file, NULL), SG_OK);
    assert_true(fputs("new", sg_atomic_stream(file)) >= 0);
    sg_atomic_abandon(file);
    assert_content(here->file, "old");
    assert_int_equal(count_entries(here->folder), 1);
    sg_atomic_abandon(NULL);
}

static void test_two_files_grow_at_once(void **state)
{
    place *here = *state;
    sg_atomic_file *first;
    sg_atomic_file *second;
    assert_int_equal(sg_atomic_open(here->file, &first, NULL), SG_OK);
    assert_int_equal(sg_atomic_open(here->file, &second, NULL), SG_OK);
    assert_true(fputs("second", sg_atomic_stream(second)) >= 0);
    assert_int_equal(sg_atomic_commit(second, NULL), SG_OK);
    assert_content(here->file, "second");
    sg_atomic_abandon(first);
    assert_content(here->file, "second");
}

static void test_a_failed_commit_is_told_and_leaves_nothing(void **state)
{
    place *here = *state;
    char *path = sg_path_join(here->folder, "later");
    sg_atomic_file *file;
    assert_int_equal(sg_atomic_open(path, &file, NULL), SG_OK);
    assert_int_equal(mkdir(path, 0777), 0);
    sg_error error = {0};
    assert_int_equal(sg_atomic_commit(file, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, path));
    assert_int_equal(count_entries(here->folder), 2);
    free(path);
}

static void test_a_full_disk_is_told(void **state)
{
    place *here = *state;
    sg_atomic_file *file;
    assert_int_equal(sg_atomic_open(here->file, &file, NULL), SG_OK);
    /* The stream now leads to the device on which every write fails for lack of space. */
    assert_non_null(freopen("/dev/full", "wb", sg_atomic_stream(file)));
    assert_true(fputs("new", sg_atomic_stream(file)) >= 0);
    sg_error error = {0};
    assert_int_equal(sg_atomic_commit(file, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, "No space left"));
    assert_content(here->file, "old");
    assert_int_equal(count_entries(here->folder), 1);
}

static void assert_unwritable(const char *path, const char *reason)
{
    sg_error error = {0};
    assert_int_equal(sg_write_file(path, "x", 1, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, path));
    assert_non_null(strstr(error.message, reason));
}

static void test_targets_that_are_no_files_are_refused(void **state)
{
    place *here = *state;
    assert_unwritable(here->folder, "it is a folder");
    char *pipe_path = sg_path_join(here->folder, "pipe");
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    assert_unwritable(pipe_path, "not a regular file");
    free(pipe_path);
    assert_unwritable("", "its name is empty");
    char *missing = sg_path_join(here->folder, "missing/x");
    assert_unwritable(missing, "No such file");
    free(missing);
    char *slash = sg_path_join(here->folder, "missing/");
    assert_unwritable(slash, "names a folder");
    free(slash);
}

static void test_a_symbolic_link_is_followed(void **state)
{
    place *here = *state;
    char *link_path = sg_path_join(here->folder, "link");
    assert_int_equal(symlink(here->file, link_path), 0);
    assert_int_equal(sg_write_file(link_path, "new", 3, NULL), SG_OK);
    struct stat information;
    assert_int_equal(lstat(link_path, &information), 0);
    assert_true(S_ISLNK(information.st_mode));
    assert_content(here->file, "new");
    free(link_path);
}

static int permissions_of(const char *path)
{
    struct stat information;
    assert_int_equal(stat(path, &information), 0);
    return information.st_mode & 0777;
}

static void test_new_files_get_the_usual_permissions(void **state)
{
    place *here = *state;
    char *path = sg_path_join(here->folder, "new");
    mode_t mask = umask(027);
    assert_int_equal(sg_write_file(path, "new", 3, NULL), SG_OK);
    umask(mask);
    assert_int_equal(permissions_of(path), 0640);
    free(path);
}

static void test_a_replaced_file_keeps_its_permissions(void **state)
{
    place *here = *state;
    assert_int_equal(chmod(here->file, 0600), 0);
    assert_int_equal(sg_write_file(here->file, "new", 3, NULL), SG_OK);
    assert_int_equal(permissions_of(here->file), 0600);
    assert_int_equal(chmod(here->file, 0666), 0);
    assert_int_equal(sg_write_file(here->file, "new", 3, NULL), SG_OK);
    assert_int_equal(permissions_of(here->file), 0666);
}

static void test_a_file_in_the_working_folder(void **state)
{
    place *here = *state;
    char *before = getcwd(NULL, 0);
    assert_int_equal(chdir(here->folder), 0);
    assert_int_equal(sg_write_file("plain", "x", 1, NULL), SG_OK);
    assert_content("plain", "x");
    assert_int_equal(chdir(before), 0);
    free(before);
}

#define BOTH_WAYS(function)                                                                        \
    cmocka_unit_test_setup_teardown(function, make_place, drop_place),                             \
        cmocka_unit_test_setup_teardown(function, make_place_of_names, drop_place_of_names)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH_WAYS(test_a_file_appears_only_when_committed),
        BOTH_WAYS(test_an_abandoned_file_leaves_the_old_one),
        BOTH_WAYS(test_two_files_grow_at_once),
        BOTH_WAYS(test_a_failed_commit_is_told_and_leaves_nothing),
        BOTH_WAYS(test_a_full_disk_is_told),
        BOTH_WAYS(test_targets_that_are_no_files_are_refused),
        BOTH_WAYS(test_a_symbolic_link_is_followed),
        BOTH_WAYS(test_new_files_get_the_usual_permissions),
        BOTH_WAYS(test_a_replaced_file_keeps_its_permissions),
        BOTH_WAYS(test_a_file_in_the_working_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
