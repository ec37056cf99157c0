/* What killed programs left half written is removed; what is being written stays. */
#include "base/files/leftovers.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/folders.h"
#include "support/temporary_folder.h"

/* The number of a process that has ended. */
static long gone(void)
{
    const pid_t child = fork();
    if (child == 0)
        _exit(0);
    assert_true(child > 0 && waitpid(child, NULL, 0) == child);
    return (long)child;
}

static char *name_in(void **state, const char *format, long process)
{
    char name[64];
    snprintf(name, sizeof name, format, process);
    return temporary_path(state, name);
}

static void make_file(const char *path)
{
    const int descriptor = open(path, O_WRONLY | O_CREAT, 0600);
    assert_true(descriptor >= 0);
    close(descriptor);
}

static void what_the_dead_left_is_removed(void **state)
{
    const long dead = gone();
    char *file = name_in(state, ".stylegan-%ld-3.tmp", dead);
    char *folder = name_in(state, ".stylegan-%ld-4.tmp", dead);
    char *inner = name_in(state, ".stylegan-%ld-4.tmp/a/b.png", dead);
    make_file(file);
    assert_int_equal(sg_make_parent_folder(inner, NULL), SG_OK);
    make_file(inner);
    sg_sweep_leftovers(*state);
    assert_false(sg_path_exists(file));
    assert_false(sg_path_exists(folder));
    /* Folders that a command writes to are swept when they are made sure of. */
    make_file(file);
    assert_int_equal(sg_make_folders(*state, NULL), SG_OK);
    assert_false(sg_path_exists(file));
    free(file);
    free(folder);
    free(inner);
}

static void what_may_be_in_use_stays(void **state)
{
    const long dead = gone();
    char *const kept[] = {
        name_in(state, ".stylegan-%ld-1.tmp", (long)getpid()),
        name_in(state, ".stylegan-%ld-1.tmp.png", dead),
        name_in(state, "stylegan-%ld-1.tmp", dead),
        name_in(state, ".stylegan-%ld-x.tmp", dead),
        name_in(state, ".stylegan-%ld-2.tmp", dead), /* locked, as from another machine */
    };
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        make_file(kept[i]);
    const int descriptor = open(kept[4], O_RDONLY);
    sg_temporary_lock(descriptor);
    sg_sweep_leftovers(*state);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        assert_true(sg_path_exists(kept[i]));
    close(descriptor);
    sg_sweep_leftovers(*state);
    assert_false(sg_path_exists(kept[4]));
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        free(kept[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_the_dead_left_is_removed, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(what_may_be_in_use_stays, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
