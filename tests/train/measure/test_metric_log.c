/* Lines of metric-NAME.jsonl: their keys, the order of snapshots, and the best one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "support/temporary_folder.h"
#include "train/measure/metric_log.h"

static const char *folder;

static sg_metric_item item_of(const char *name)
{
    sg_metric_list list = {0};
    assert_true(sg_metric_list_add(&list, name));
    return list.items[0];
}

static void add(const char *name, uint64_t images, double value)
{
    sg_error error = {0};
    const sg_metric_result result = {
        .item = item_of(name), .values = {value, 0.5}, .seconds = 3723};
    assert_int_equal(sg_metric_log_append(folder, images, &result, &error), SG_OK);
}

/* Makes an empty network file after `images` images. */
static void make_snapshot(uint64_t images)
{
    char name[SG_SNAPSHOT_NAME_BYTES];
    char *path = sg_path_join(folder, sg_snapshot_name(images, name));
    assert_int_equal(sg_write_file(path, "", 0, NULL), SG_OK);
    free(path);
}

static void remove_snapshot(uint64_t images)
{
    char name[SG_SNAPSHOT_NAME_BYTES];
    char *path = sg_path_join(folder, sg_snapshot_name(images, name));
    assert_int_equal(remove(path), 0);
    free(path);
}

static void lines_have_the_official_keys(void **state)
{
    unsigned char *text;
    size_t size;
    (void)state;
    add("pr5k3_full", 4000, 0.75);
    char *path = sg_path_join(folder, "metric-pr5k3_full.jsonl");
    assert_int_equal(sg_read_file(path, 4096, &text, &size, NULL), SG_OK);
    assert_non_null(strstr((char *)text,
                           "{\"results\":{\"pr5k3_full_precision\":0.75,\"pr5k3_full_recall\":0.5},"
                           "\"metric\":\"pr5k3_full\",\"total_time\":3723,\"total_time_str\":\"1h "
                           "02m 03s\",\"num_gpus\":1,\"snapshot_pkl\":\"network-snapshot-000004000."
                           "safetensors\",\"timestamp\":"));
    free(text);
    free(path);
}

static void points_are_in_the_order_of_snapshots(void **state)
{
    const sg_metric_item item = item_of("fid5k");
    sg_metric_point *points;
    size_t count;
    (void)state;
    add("fid5k", 2000, 40);
    add("fid5k", 6000, 20);
    add("fid5k", 4000, 10);
    add("fid5k", 2000, 30); /* measured once more */
    assert_int_equal(sg_metric_log_read(folder, &item, &points, &count, NULL), SG_OK);
    assert_int_equal(count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(points[i].images, 2000 * (i + 1));
    assert_true(points[0].values[0] == 30 && points[1].values[0] == 10);
    free(points);
}

/* Files of networks that are gone are no candidates; "eqr" is better when there is more of it. */
static void the_best_is_one_that_is_there(void **state)
{
    const sg_metric_item fid = item_of("fid5k");
    const sg_metric_item eqr = item_of("eqr1k");
    const sg_metric_item pairs = item_of("msssim1k");
    sg_metric_point best;
    (void)state;
    assert_false(sg_metric_log_best(folder, &fid, &best));
    make_snapshot(2000);
    make_snapshot(4000);
    make_snapshot(6000);
    assert_true(sg_metric_log_best(folder, &fid, &best));
    assert_int_equal(best.images, 4000);
    remove_snapshot(4000);
    assert_true(sg_metric_log_best(folder, &fid, &best));
    assert_int_equal(best.images, 6000);
    add("eqr1k", 2000, 30);
    add("eqr1k", 6000, 20);
    assert_true(sg_metric_log_best(folder, &eqr, &best));
    assert_int_equal(best.images, 2000);
    add("msssim1k", 2000, 0.3);
    assert_false(sg_metric_log_best(folder, &pairs, &best));
}

static void torn_lines_are_passed_over(void **state)
{
    const sg_metric_item item = item_of("swd1k");
    sg_metric_point *points;
    size_t count;
    (void)state;
    char *path = sg_path_join(folder, "metric-swd1k.jsonl");
    static const char text[] = "{\"results\": {\"swd1k\"\n[]\n{\"snapshot_pkl\": 3}\n";
    assert_int_equal(sg_write_file(path, text, sizeof text - 1, NULL), SG_OK);
    add("swd1k", 1000, 7);
    assert_int_equal(sg_metric_log_read(folder, &item, &points, &count, NULL), SG_OK);
    assert_int_equal(count, 1);
    assert_true(points[0].values[0] == 7);
    free(points);
    free(path);
}

static int make_folder(void **state)
{
    const int failed = temporary_folder_setup(state);
    folder = *state;
    return failed;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_have_the_official_keys),
        cmocka_unit_test(points_are_in_the_order_of_snapshots),
        cmocka_unit_test(the_best_is_one_that_is_there),
        cmocka_unit_test(torn_lines_are_passed_over),
    };
    return cmocka_run_group_tests(tests, make_folder, temporary_folder_teardown);
}
