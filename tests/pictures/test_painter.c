/* Plans: every picture is painted from its own request, in order, until somebody asks to stop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pictures/painter.h"
#include "support/generated.h"
#include "tensor/context.h"

enum { MOST = 8 };

/* A plan's pictures as they were delivered, and what its watcher was told. */
typedef struct record {
    size_t delivered, steps, stop_after;
    uint64_t seeds[MOST];
    double done, total;
    uint8_t first_pixels[MOST];
} record;

static sg_picture_request request_at(void *user, size_t index)
{
    (void)user;
    sg_picture_request request = SG_PICTURE_REQUEST(.folder = "");
    request.seed = 10 + index % 3;
    return request;
}

static sg_status deliver(void *user, size_t index, const sg_picture_request *request,
                         const sg_image *image, sg_error *error)
{
    record *found = user;
    (void)error;
    assert_int_equal(index, found->delivered);
    found->seeds[index] = request->seed;
    found->first_pixels[index] = image->pixels[0];
    found->delivered++;
    return SG_OK;
}

static bool step(void *user, double done, double total, const char *remark)
{
    record *found = user;
    (void)remark;
    found->done = done;
    found->total = total;
    return ++found->steps > found->stop_after;
}

static sg_picture_network open_network(void)
{
    sg_picture_network network = {0};
    const sg_context_options options = {.threads = 1};
    assert_int_equal(sg_picture_network_open(&network, NETWORK, NULL, NULL), SG_OK);
    assert_int_equal(sg_picture_network_load(&network, &options, NULL), SG_OK);
    return network;
}

static void all_pictures_are_delivered_in_order(void **state)
{
    (void)state;
    sg_picture_network network = open_network();
    record found = {.stop_after = MOST};
    const sg_picture_plan plan = {
        .count = 6, .frame = 2, .user = &found, .request = request_at, .deliver = deliver};
    const sg_watch watch = {.user = &found, .step = step};
    assert_int_equal(sg_paint_pictures(&network, &plan, &watch, NULL), SG_OK);
    assert_int_equal(found.delivered, 6);
    assert_int_equal(found.steps, 4); /* before the first frame and after each */
    assert_true(found.done == 3 && found.total == 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(found.seeds[i], 10 + i);
        assert_int_equal(found.first_pixels[i], found.first_pixels[i + 3]);
    }
    sg_picture_network_close(&network);
}

static void a_watcher_stops_the_work(void **state)
{
    (void)state;
    sg_picture_network network = open_network();
    record found = {.stop_after = 2};
    sg_picture_plan plan = {.count = 5, .user = &found, .request = request_at, .deliver = deliver};
    const sg_watch watch = {.user = &found, .step = step};
    sg_error error = {0};
    assert_int_equal(sg_paint_pictures(&network, &plan, &watch, &error), SG_ERROR_CANCELLED);
    assert_int_equal(found.delivered, 2);
    assert_string_equal(error.message, "stopped after 2 of 5 pictures");
    found = (record){.stop_after = 1};
    error = (sg_error){0};
    plan.frame = 1;
    plan.subject = "walk.png";
    assert_int_equal(sg_paint_pictures(&network, &plan, &watch, &error), SG_ERROR_CANCELLED);
    assert_string_equal(error.message, "walk.png: stopped after 1 of 5 frames");
    sg_picture_network_close(&network);
}

static void a_failure_ends_the_plan(void **state)
{
    (void)state;
    sg_picture_network network = open_network();
    sg_picture_request request = SG_PICTURE_REQUEST(.folder = "/dev/null", .output = "a.png");
    sg_image *image = NULL;
    sg_error error = {0};
    assert_int_equal(sg_paint_picture(&network, &request, NULL, &image, NULL), SG_OK);
    assert_int_equal(sg_picture_write(&network, &request, image, &error), SG_ERROR_FILE);
    assert_non_null(strstr(error.message, "/dev/null/a.png"));
    sg_image_destroy(image);
    request.save_w = true;
    error = (sg_error){0};
    assert_int_equal(sg_paint_picture(&network, &request, NULL, &image, &error), SG_ERROR_FILE);
    assert_null(image);
    assert_non_null(strstr(error.message, "/dev/null"));
    sg_picture_network_close(&network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_pictures_are_delivered_in_order),
        cmocka_unit_test(a_watcher_stops_the_work),
        cmocka_unit_test(a_failure_ends_the_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
