/* Names in the golden network files. */
#include "support/golden_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

const char *const golden_networks[] = {"sg2-skip-32", "sg2-cond-gray-16", "sg2-orig-16",
                                       "sg2-resnet-16", NULL};

sg_network_file *open_golden_network(const char *name)
{
    char path[200];
    sg_error error = {0};
    sg_network_file *file = NULL;
    snprintf(path, sizeof path, "tests/golden/%s/network.safetensors", name);
    if (sg_network_open(path, &file, &error))
        fail_msg("%s", error.message);
    return file;
}

static void assert_shape_of(const sg_parameter *parameter, const sg_network_tensor *stored)
{
    const sg_shape *shape = &parameter->tensor->shape;
    char text[200];
    bool same = shape->rank == stored->rank;
    for (int d = 0; d < shape->rank && same; d++)
        same = shape->size[d] == stored->size[d];
    if (!same)
        fail_msg("%s has %s in the file", parameter->name,
                 sg_network_tensor_print_shape(stored, text));
}

void assert_names_of_part(const sg_parameter_set *set, sg_network_file *file, sg_network_part part)
{
    for (size_t i = 0; i < sg_network_tensor_count(file, part); i++) {
        const sg_network_tensor *stored = sg_network_tensor_at(file, part, i);
        const sg_parameter *parameter = sg_parameter_find(set, stored->name);
        if (!parameter)
            fail_msg("the network has no %s", stored->name);
        assert_shape_of(parameter, stored);
    }
    assert_int_equal(sg_network_tensor_count(file, part), set->count);
}
