/* Lines of bounded length: their ends, their limit, and streams that fail; and lines that are
 * appended, also behind one that was torn. */
#include "base/files/line_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/input_file.h"
#include "support/temporary_folder.h"

static FILE *stream_of(const char *bytes, size_t size)
{
    FILE *stream = tmpfile();
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, size, stream), size);
    rewind(stream);
    return stream;
}

static void check_line(sg_line_reader *reader, const char *line, size_t number)
{
    assert_int_equal(sg_line_read(reader), SG_LINE_READ);
    assert_string_equal(reader->line, line);
    assert_int_equal(reader->length, strlen(line));
    assert_int_equal(reader->number, number);
}

static void lines_end_in_every_way(void **state)
{
    (void)state;
    static const char text[] = "one\n\ntwo\r\n\r\nthr\ree\nlast";
    sg_line_reader reader = {.stream = stream_of(text, sizeof text - 1), .limit = 100};
    check_line(&reader, "one", 1);
    check_line(&reader, "", 2);
    check_line(&reader, "two", 3);
    check_line(&reader, "", 4);
    check_line(&reader, "thr\ree", 5);
    check_line(&reader, "last", 6);
    assert_int_equal(sg_line_read(&reader), SG_LINE_END);
    assert_int_equal(sg_line_read(&reader), SG_LINE_END);
    assert_int_equal(reader.number, 6);
    fclose(reader.stream);
    sg_line_reader_clear(&reader);
    assert_null(reader.line);
}

static void longer_lines_are_passed_over(void **state)
{
    (void)state;
    static const char text[] = "123456\n1234567\n12345678901234567890\nend\n1234567";
    sg_line_reader reader = {.stream = stream_of(text, sizeof text - 1), .limit = 6};
    check_line(&reader, "123456", 1);
    assert_int_equal(sg_line_read(&reader), SG_LINE_TOO_LONG);
    assert_int_equal(sg_line_read(&reader), SG_LINE_TOO_LONG);
    check_line(&reader, "end", 4);
    assert_int_equal(sg_line_read(&reader), SG_LINE_TOO_LONG);
    assert_int_equal(sg_line_read(&reader), SG_LINE_END);
    fclose(reader.stream);
    sg_line_reader_clear(&reader);
}

static void zero_bytes_are_kept(void **state)
{
    (void)state;
    sg_line_reader reader = {.stream = stream_of("a\0b\n", 4), .limit = 6};
    assert_int_equal(sg_line_read(&reader), SG_LINE_READ);
    assert_int_equal(reader.length, 3);
    assert_memory_equal(reader.line, "a\0b", 4);
    fclose(reader.stream);
    sg_line_reader_clear(&reader);
}

static void a_line_grows_as_far_as_its_limit(void **state)
{
    (void)state;
    enum { LENGTH = 100000 };
    FILE *stream = tmpfile();
    assert_non_null(stream);
    for (int i = 0; i < LENGTH; i++)
        fputc('a' + i % 26, stream);
    rewind(stream);
    sg_line_reader reader = {.stream = stream, .limit = LENGTH};
    assert_int_equal(sg_line_read(&reader), SG_LINE_READ);
    assert_int_equal(strlen(reader.line), LENGTH);
    for (int i = 0; i < LENGTH; i++)
        assert_int_equal(reader.line[i], 'a' + i % 26);
    fclose(stream);
    sg_line_reader_clear(&reader);
}

static void failing_streams_are_told(void **state)
{
    (void)state;
    FILE *folder = fopen(".", "r");
    assert_non_null(folder);
    sg_line_reader reader = {.stream = folder, .limit = 6};
    assert_int_equal(sg_line_read(&reader), SG_LINE_FAILED);
    fclose(folder);
    sg_line_reader_clear(&reader);
}

static void assert_content(const char *path, const char *expected)
{
    size_t size = 0;
    unsigned char *bytes = NULL;
    assert_int_equal(sg_read_file(path, 1000, &bytes, &size, NULL), SG_OK);
    assert_string_equal((char *)bytes, expected);
    free(bytes);
}

static void lines_follow_one_another(void **state)
{
    char *path = temporary_path(state, "log");
    assert_int_equal(sg_append_line(path, "one", NULL), SG_OK);
    assert_int_equal(sg_append_line(path, "two", NULL), SG_OK);
    assert_content(path, "one\ntwo\n");
    assert_int_equal(sg_write_file(path, "one\ntw", 6, NULL), SG_OK);
    assert_int_equal(sg_append_line(path, "three", NULL), SG_OK);
    assert_content(path, "one\ntw\nthree\n");
    free(path);
}

static void what_cannot_be_written_is_named(void **state)
{
    sg_error error = {0};
    char *path = temporary_path(state, "missing/log");
    assert_int_equal(sg_append_line(path, "one", &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, path));
    error = (sg_error){0};
    assert_int_equal(sg_append_line("/dev/full", "one", &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, "No space left"));
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_in_every_way),
        cmocka_unit_test(longer_lines_are_passed_over),
        cmocka_unit_test(zero_bytes_are_kept),
        cmocka_unit_test(a_line_grows_as_far_as_its_limit),
        cmocka_unit_test(failing_streams_are_told),
        cmocka_unit_test_setup_teardown(lines_follow_one_another, temporary_folder_setup,
                                        temporary_folder_teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_written_is_named, temporary_folder_setup,
                                        temporary_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
