/* Mappers: groups are apart, results follow the definition, configs survive JSON. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "models/mapper/mapper.h"
#include "support/close.h"
#include "support/tensors.h"
#include "tensor/context.h"

static const sg_mapper_config small = {
    .num_ws = 5, .w_dim = 3, .coarse = 2, .middle = 3, .num_layers = 2};

static sg_mapper *create(sg_context *context, const sg_mapper_config *config)
{
    sg_mapper *mapper = sg_mapper_create(context, config, SG_F64, 1);
    if (!mapper)
        fail_msg("%s", context->error.message);
    return mapper;
}

static double value_of(const sg_mapper *mapper, const char *name, int64_t index)
{
    const sg_parameter *found = sg_parameter_find(sg_mapper_parameters((sg_mapper *)mapper), name);
    assert_non_null(found);
    return sg_tensor_value(found->tensor, index);
}

/* One layer on (w / its length) by hand: lrelu(x W 0.01 / sqrt(3)) sqrt(2) / 10. */
static void moves_follow_the_definition(void **state)
{
    sg_context *context = *state;
    sg_mapper_config config = small;
    config.num_layers = 1;
    sg_mapper *mapper = create(context, &config);
    const size_t scope = sg_scope_open(context);
    sg_tensor *ws = random_tensor(context, SG_F64, SG_SHAPE(2, 5, 3), 7);
    const sg_tensor *moves = sg_mapper_moves(mapper, ws);
    assert_int_equal(moves->shape.size[1], 5);
    for (int64_t input = 0; input < 5; input++) {
        const char *name = input < 2   ? "course_mapping.mapping.1.weight"
                           : input < 3 ? "medium_mapping.mapping.1.weight"
                                       : "fine_mapping.mapping.1.weight";
        const int64_t first = (5 + input) * 3; /* of the second sample */
        double square = 0;
        for (int64_t k = 0; k < 3; k++)
            square += pow(sg_tensor_value(ws, first + k), 2) / 3;
        for (int64_t out = 0; out < 3; out++) {
            double sum = 0;
            for (int64_t k = 0; k < 3; k++)
                sum += sg_tensor_value(ws, first + k) * value_of(mapper, name, out * 3 + k);
            sum *= 0.01 / sqrt(3) / sqrt(square + 1e-8);
            sum *= (sum < 0 ? 0.2 : 1) * sqrt(2) * 0.1;
            assert_close(sg_tensor_value(moves, first + out), sum, 1e-12);
        }
    }
    sg_scope_close(context, scope, NULL);
    sg_mapper_destroy(mapper);
}

/* Without coarse and middle inputs there is one group. */
static void empty_groups_have_no_layers(void **state)
{
    sg_mapper_config config = small;
    config.coarse = config.middle = 0;
    sg_mapper *mapper = create(*state, &config);
    assert_int_equal(sg_mapper_parameters(mapper)->count, 4);
    assert_int_equal(sg_parameter_set_count_values(sg_mapper_parameters(mapper)),
                     (int)sg_mapper_config_values(&config));
    assert_null(sg_parameter_find(sg_mapper_parameters(mapper), "course_mapping.mapping.1.weight"));
    sg_mapper_destroy(mapper);
}

static void configs_survive_json(void **state)
{
    sg_mapper_config read = sg_mapper_config_default();
    sg_error error = {0};
    (void)state;
    cJSON *json = sg_mapper_config_to_json(&small);
    assert_int_equal(sg_mapper_config_from_json(json, &read, &error), SG_OK);
    assert_memory_equal(&read, &small, sizeof small);
    cJSON_Delete(json);
    static const char *const wrong[] = {"{\"num_ws\":0}", "{\"w_dim\":-1}",      "{\"num_ws\":4}",
                                        "{\"coarse\":9}", "{\"num_layers\":99}", "{\"depth\":4}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        json = cJSON_Parse(wrong[i]);
        if (!sg_mapper_config_from_json(json, &read, &error))
            fail_msg("%s was read", wrong[i]);
        cJSON_Delete(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(moves_follow_the_definition, context_setup,
                                        context_teardown),
        cmocka_unit_test_setup_teardown(empty_groups_have_no_layers, context_setup,
                                        context_teardown),
        cmocka_unit_test(configs_survive_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
