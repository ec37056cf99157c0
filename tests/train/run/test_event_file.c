/*
 * TensorBoard's event files, read back by a decoder of this test's own: a check sum by table and a
 * walk over protocol buffers that knows nothing of how the records were made.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "support/close.h"
#include "support/idx_file.h"
#include "support/temporary_folder.h"
#include "train/run/event_file.h"

enum { MOST_EVENTS = 16, MOST_VALUES = 16, LARGEST = 1 << 20 };

typedef struct decoded_event {
    double wall_time;
    uint64_t step, session_status;
    char version[32];
    size_t count;
    char tags[MOST_VALUES][40];
    float values[MOST_VALUES];
} decoded_event;

typedef struct decoded_file {
    size_t count;
    decoded_event events[MOST_EVENTS];
} decoded_file;

/* ---- the decoder ---- */

static uint32_t table_crc32c(const unsigned char *bytes, size_t size)
{
    uint32_t table[256];
    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++)
            table[i] = table[i] % 2 ? table[i] / 2 ^ 0x82F63B78u : table[i] / 2;
    }
    uint32_t crc = ~0u;
    for (size_t i = 0; i < size; i++)
        crc = table[(crc ^ bytes[i]) & 255] ^ crc >> 8;
    return ~crc;
}

static void assert_check_sum(const unsigned char *bytes, size_t size, const unsigned char *stored)
{
    uint32_t masked;
    memcpy(&masked, stored, sizeof masked);
    const uint32_t rotated = masked - 0xa282ead8u;
    assert_int_equal((rotated >> 17) | (rotated << 15), table_crc32c(bytes, size));
}

static uint64_t take_varint(const unsigned char **at)
{
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
        const unsigned char byte = *(*at)++;
        value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128)
            return value;
    }
}

/* One field of a message: its number, and its value or its bytes. */
typedef struct field {
    unsigned number;
    uint64_t value; /* or length */
    const unsigned char *bytes;
} field;

static field take_field(const unsigned char **at)
{
    const uint64_t key = take_varint(at);
    field f = {.number = (unsigned)(key >> 3)};
    size_t fixed = key % 8 == 1 ? 8 : key % 8 == 5 ? 4 : 0;
    if (key % 8 == 0) {
        f.value = take_varint(at);
    } else if (key % 8 == 2) {
        f.value = take_varint(at);
        f.bytes = *at;
        *at += f.value;
    } else {
        assert_true(fixed > 0);
        f.bytes = *at;
        *at += fixed;
    }
    return f;
}

static void decode_value(field message, decoded_event *event)
{
    const unsigned char *at = message.bytes;
    assert_true(event->count < MOST_VALUES);
    while (at < message.bytes + message.value) {
        const field f = take_field(&at);
        if (f.number == 1)
            memcpy(event->tags[event->count], f.bytes, f.value);
        else if (f.number == 2)
            memcpy(&event->values[event->count], f.bytes, sizeof(float));
    }
    event->count++;
}

static void decode_event(const unsigned char *record, size_t size, decoded_event *event)
{
    const unsigned char *at = record;
    while (at < record + size) {
        const field f = take_field(&at);
        const unsigned char *inner = f.bytes;
        if (f.number == 1)
            memcpy(&event->wall_time, f.bytes, sizeof event->wall_time);
        else if (f.number == 2)
            event->step = f.value;
        else if (f.number == 3)
            memcpy(event->version, f.bytes, f.value);
        else if (f.number == 7)
            event->session_status = take_field(&inner).value;
        else if (f.number == 5)
            while (inner < f.bytes + f.value)
                decode_value(take_field(&inner), event);
        else
            fail_msg("field %u is unknown", f.number);
    }
    assert_ptr_equal(at, record + size);
}

static decoded_file decode(const char *path)
{
    decoded_file file = {0};
    unsigned char *bytes;
    size_t size;
    assert_int_equal(sg_read_file(path, LARGEST, &bytes, &size, NULL), SG_OK);
    for (size_t at = 0; at < size;) {
        uint64_t length;
        assert_true(size - at >= 16 && file.count < MOST_EVENTS);
        memcpy(&length, bytes + at, sizeof length);
        assert_true(length <= size - at - 16);
        assert_check_sum(bytes + at, 8, bytes + at + 8);
        assert_check_sum(bytes + at + 12, length, bytes + at + 12 + length);
        decode_event(bytes + at + 12, length, &file.events[file.count++]);
        at += length + 16;
    }
    free(bytes);
    return file;
}

/* ---- tests ---- */

static const sg_scalar scalars[] = {{"Loss/G/loss", 1.25f}, {"Loss/D/loss", -0.5f}};

static sg_event event_at(int64_t step)
{
    return (sg_event){.wall_time = 1700000000.5 + (double)step,
                      .step = step,
                      .scalars = scalars,
                      .scalar_count = 2};
}

static void append(void **state, int64_t step)
{
    sg_error error = {0};
    const sg_event event = event_at(step);
    if (sg_event_file_append(*state, &event, &error))
        fail_msg("%s", error.message);
}

static char *event_path(void **state)
{
    return temporary_path(state, "events.out.tfevents.1700000128.stylegan");
}

static void assert_scalars(const decoded_event *event, uint64_t step)
{
    assert_int_equal(event->step, step);
    assert_close(event->wall_time, 1700000000.5 + (double)step, 0);
    assert_int_equal(event->count, 2);
    assert_string_equal(event->tags[0], "Loss/G/loss");
    assert_string_equal(event->tags[1], "Loss/D/loss");
    assert_close(event->values[0], 1.25, 0);
    assert_close(event->values[1], -0.5, 0);
    assert_int_equal(event->session_status, 0);
}

static void test_decoder_knows_the_check_sum(void **state)
{
    (void)state;
    assert_int_equal(table_crc32c((const unsigned char *)"123456789", 9), 0xE3069283);
}

static void test_events_are_read_back(void **state)
{
    append(state, 128);
    append(state, 70000);
    char *path = event_path(state);
    const decoded_file file = decode(path);
    assert_int_equal(file.count, 3);
    assert_string_equal(file.events[0].version, "brain.Event:2");
    assert_scalars(&file.events[1], 128);
    assert_scalars(&file.events[2], 70000);
    free(path);
}

static void test_going_back_starts_a_session(void **state)
{
    append(state, 128);
    append(state, 256);
    append(state, 384);
    append(state, 256);
    append(state, 384);
    char *path = event_path(state);
    const decoded_file file = decode(path);
    assert_int_equal(file.count, 7);
    assert_int_equal(file.events[4].step, 256);
    assert_int_equal(file.events[4].session_status, 1);
    assert_int_equal(file.events[4].count, 0);
    assert_scalars(&file.events[5], 256);
    assert_scalars(&file.events[6], 384);
    free(path);
}

/* However much of the last record is missing, the file is whole again after the next one. */
static void test_torn_record_is_cut_off(void **state)
{
    unsigned char *bytes;
    size_t size;
    append(state, 128);
    append(state, 256);
    char *path = event_path(state);
    assert_int_equal(sg_read_file(path, LARGEST, &bytes, &size, NULL), SG_OK);
    for (size_t missing = 1; missing < 60; missing += 7) {
        raw_write(path, bytes, size - missing);
        append(state, 512);
        const decoded_file file = decode(path);
        assert_int_equal(file.count, 3);
        assert_scalars(&file.events[1], 128);
        assert_scalars(&file.events[2], 512);
    }
    bytes[size - 10] ^= 1;
    raw_write(path, bytes, size);
    append(state, 512);
    assert_int_equal(decode(path).count, 3);
    free(bytes);
    free(path);
}

/* What a run goes back behind is gone, whatever order it was written in. */
static void test_later_steps_are_cut_off(void **state)
{
    unsigned char *bytes;
    size_t size;
    assert_int_equal(sg_event_file_cut(*state, 5, NULL), SG_OK); /* there is nothing yet */
    append(state, 128);
    append(state, 256);
    append(state, 384);
    append(state, 200);
    char *path = event_path(state);
    assert_int_equal(sg_event_file_cut(*state, 256, NULL), SG_OK);
    decoded_file file = decode(path);
    assert_int_equal(file.count, 5);
    assert_scalars(&file.events[1], 128);
    assert_scalars(&file.events[2], 256);
    assert_scalars(&file.events[4], 200);
    assert_int_equal(sg_read_file(path, LARGEST, &bytes, &size, NULL), SG_OK);
    raw_write(path, bytes, size - 3);
    assert_int_equal(sg_event_file_cut(*state, 256, NULL), SG_OK);
    file = decode(path);
    assert_int_equal(file.count, 4);
    free(bytes);
    free(path);
}

static void write_ticks(void **state, const char *text)
{
    char *path = temporary_path(state, "stats.jsonl");
    raw_write(path, text, strlen(text));
    free(path);
}

static void test_tick_becomes_an_event(void **state)
{
    static const char text[] =
        "{\"Progress/kimg\":{\"num\":1,\"mean\":0.032,\"std\":0},\"timestamp\":1700000007}\n"
        "{\"Loss/G/loss\":{\"num\":3,\"mean\":0.75,\"std\":0.1},\"Loss/D/loss\":{\"num\":3,"
        "\"mean\":null,\"std\":null},\"Progress/kimg\":{\"num\":1,\"mean\":0.07,\"std\":0},"
        "\"timestamp\":1700000128.25}\n";
    sg_error error = {0};
    write_ticks(state, text);
    assert_int_equal(sg_event_file_append_tick(*state, &error), SG_OK);
    char *path = event_path(state);
    const decoded_file file = decode(path);
    assert_int_equal(file.count, 2);
    assert_int_equal(file.events[1].step, 70);
    assert_close(file.events[1].wall_time, 1700000128.25, 0);
    assert_int_equal(file.events[1].count, 2);
    assert_string_equal(file.events[1].tags[0], "Loss/G/loss");
    assert_close(file.events[1].values[0], 0.75, 0);
    assert_string_equal(file.events[1].tags[1], "Progress/kimg");
    free(path);
}

static void test_bad_ticks_are_refused(void **state)
{
    const char *const texts[] = {"",
                                 "\n",
                                 "{",
                                 "null\n",
                                 "[1,2]\n",
                                 "{\"timestamp\":1}\n",
                                 "{\"Progress/kimg\":{\"mean\":1}}\n",
                                 "{\"Progress/kimg\":{\"mean\":-1},\"timestamp\":1}\n",
                                 "{\"Progress/kimg\":{\"mean\":1e30},\"timestamp\":1}\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sg_error error = {0};
        write_ticks(state, texts[i]);
        assert_int_equal(sg_event_file_append_tick(*state, &error), SG_ERROR_FORMAT);
        assert_non_null(strstr(error.message, "stats.jsonl"));
    }
}

static void test_missing_folder_is_a_sentence(void **state)
{
    sg_error error = {0};
    const sg_event event = event_at(1);
    char *folder = temporary_path(state, "nowhere");
    assert_int_equal(sg_event_file_append(folder, &event, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, "nowhere/events.out.tfevents.1700000001.stylegan"));
    free(folder);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, temporary_folder_setup, temporary_folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decoder_knows_the_check_sum),
        TEST(test_events_are_read_back),
        TEST(test_going_back_starts_a_session),
        TEST(test_torn_record_is_cut_off),
        TEST(test_later_steps_are_cut_off),
        TEST(test_tick_becomes_an_event),
        TEST(test_bad_ticks_are_refused),
        TEST(test_missing_folder_is_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
