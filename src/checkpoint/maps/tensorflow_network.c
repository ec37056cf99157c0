/*
 * The options of a TensorFlow network, which are spread over the network and its components.
 *
 * Tested by: tests/checkpoint/maps/test_map_tensorflow.c
 */
#include "checkpoint/maps/tensorflow_network.h"

const sg_value *sg_tensorflow_keywords_at(const sg_tensorflow_network *network, size_t index)
{
    const sg_value *components = sg_value_find(network->state, "components");
    const sg_value *state = network->state;
    if (index > 0)
        state = index <= sg_value_count(components)
                    ? sg_value_state(sg_value_item(components, index - 1))
                    : NULL;
    return sg_value_find(state, "static_kwargs");
}

const sg_value *sg_tensorflow_keyword(const sg_tensorflow_network *network, const char *key)
{
    const sg_value *found = NULL;
    for (size_t i = 0; !found && i <= SG_TENSORFLOW_MOST_COMPONENTS; i++)
        found = sg_value_find(sg_tensorflow_keywords_at(network, i), key);
    return found;
}
