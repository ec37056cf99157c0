/* Inputs are regular files: nothing waits for a pipe's other end, and a device has no end. */
#include "base/files/input_file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "support/temporary_folder.h"

static void assert_refused(const char *path, const char *part)
{
    sg_error error = {0};
    int descriptor = 7;
    FILE *stream = stdin;
    gzFile compressed = NULL;
    assert_int_equal(sg_input_open(path, &descriptor, &error), SG_ERROR_FILE);
    assert_int_equal(descriptor, -1);
    assert_non_null(strstr(error.message, path));
    assert_non_null(strstr(error.message, part));
    assert_int_equal(sg_input_stream(path, &stream, NULL), SG_ERROR_FILE);
    assert_null(stream);
    assert_int_equal(sg_input_gzip(path, &compressed, NULL), SG_ERROR_FILE);
    assert_null(compressed);
}

static void what_is_no_regular_file_is_refused(void **state)
{
    char *pipe_path = temporary_path(state, "pipe");
    char *link_path = temporary_path(state, "link");
    char *absent = temporary_path(state, "absent");
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    assert_int_equal(symlink(pipe_path, link_path), 0);
    assert_refused(pipe_path, "it is not a regular file");
    assert_refused(link_path, "it is not a regular file");
    assert_refused("/dev/zero", "it is not a regular file");
    assert_refused(*state, "it is a folder, not a file");
    assert_refused(absent, "No such file");
    free(pipe_path);
    free(link_path);
    free(absent);
}

static void files_are_read_through_links_too(void **state)
{
    char text[8] = "";
    int descriptor = -1;
    FILE *stream = NULL;
    gzFile plain = NULL;
    char *path = temporary_path(state, "file");
    char *link_path = temporary_path(state, "link");
    assert_int_equal(sg_write_file(path, "words", 5, NULL), SG_OK);
    assert_int_equal(symlink(path, link_path), 0);
    assert_int_equal(sg_input_open(link_path, &descriptor, NULL), SG_OK);
    assert_int_equal(read(descriptor, text, sizeof text), 5);
    assert_memory_equal(text, "words", 5);
    assert_true(fcntl(descriptor, F_GETFD) & FD_CLOEXEC);
    close(descriptor);
    assert_int_equal(sg_input_stream(path, &stream, NULL), SG_OK);
    assert_int_equal(fread(text, 1, sizeof text, stream), 5);
    fclose(stream);
    assert_int_equal(sg_input_gzip(path, &plain, NULL), SG_OK);
    assert_int_equal(gzread(plain, text, sizeof text), 5);
    gzclose(plain);
    free(path);
    free(link_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_no_regular_file_is_refused, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(files_are_read_through_links_too, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
