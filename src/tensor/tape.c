/*
 * Recording and the gradient pass.
 *
 * A pass collects the nodes reachable from the output, marks those that lead to a requested input,
 * and runs the backward of the marked ones by descending number. A node's gradient is complete when
 * its turn comes, since every node that uses it has a higher number.
 */
#include "tensor/tape.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "tensor/work.h"

static sg_node *node_retain(sg_node *node)
{
    if (node)
        node->references++;
    return node;
}

/* Frees the values that a node keeps for its backward. */
static void node_drop_values(sg_node *node)
{
    for (int i = 0; i < SG_MAX_INPUTS; i++) {
        sg_storage_release(node->inputs[i]);
        node->inputs[i] = NULL;
    }
    sg_storage_release(node->output);
    node->output = NULL;
}

/* Puts a node at the head of the list of dead nodes if this was the last reference to it. */
static void drop_reference(sg_node *node, sg_node **dead)
{
    if (!node || --node->references > 0)
        return;
    node->next_dead = *dead;
    *dead = node;
}

/*
 * A tape is as deep as the network is long, twice that after create_graph. Freeing parents by
 * recursion would go as deep on the C stack, so dead nodes wait in a list.
 */
void sg_node_release(sg_node *node)
{
    sg_node *dead = NULL;
    drop_reference(node, &dead);
    while (dead) {
        sg_node *last = dead;
        dead = last->next_dead;
        node_drop_values(last);
        for (int i = 0; i < SG_MAX_INPUTS; i++)
            drop_reference(last->parents[i], &dead);
        free(last);
    }
}

static sg_node *node_create(sg_context *context, const sg_op *op, const sg_tensor *tensor)
{
    sg_node *node = sg_allocate(1, sizeof *node);
    if (!node)
        return NULL;
    node->references = 1;
    node->number = ++context->node_count;
    node->op = op;
    node->context = context;
    node->dtype = tensor->dtype;
    node->shape = tensor->shape;
    return node;
}

void sg_tensor_require_gradient(sg_tensor *tensor, bool required)
{
    if (!tensor || required == (tensor->node != NULL))
        return;
    if (required) {
        tensor->node = node_create(tensor->context, NULL, tensor);
        if (!tensor->node)
            sg_context_fail_memory(tensor->context, "the tape");
        return;
    }
    sg_node_release(tensor->node);
    tensor->node = NULL;
}

/* True if any input is on the tape, so that the op must be recorded. */
static bool any_on_tape(const sg_op *op, sg_tensor *const *inputs)
{
    for (int i = 0; i < op->input_count; i++)
        if (inputs[i] && inputs[i]->node)
            return true;
    return false;
}

sg_tensor *sg_tape_record(const sg_op *op, const void *attributes, size_t attribute_bytes,
                          sg_tensor *const *inputs, sg_tensor *output)
{
    sg_work_note(op->name, attributes, attribute_bytes, inputs, op->input_count, output);
    if (!output || !output->context->recording || !any_on_tape(op, inputs))
        return output;
    sg_node *node = node_create(output->context, op, output);
    if (!node)
        return sg_context_fail_memory(output->context, "the tape");
    unsigned reads = 0;
    for (int i = 0; i < op->input_count; i++) {
        if (!inputs[i])
            continue;
        node->input_shapes[i] = inputs[i]->shape;
        node->input_dtypes[i] = inputs[i]->dtype;
        node->parents[i] = node_retain(inputs[i]->node);
        if (inputs[i]->node)
            reads |= op->reads[i];
    }
    for (int i = 0; i < op->input_count; i++)
        if (inputs[i] && (reads & SG_READS_INPUT(i)))
            node->inputs[i] = sg_storage_retain(inputs[i]->storage);
    if (reads & SG_READS_OUTPUT)
        node->output = sg_storage_retain(output->storage);
    if (attributes)
        memcpy(node->attributes, attributes, attribute_bytes);
    output->node = node;
    return output;
}

/* The nodes of one pass, by ascending number once they are collected. */
typedef struct node_list {
    sg_node **nodes;
    size_t count, capacity;
} node_list;

/* Appends a node that the pass reaches for the first time. */
static bool list_append(node_list *list, sg_node *node, uint64_t pass)
{
    node->pass = pass;
    node->needed = node->requested = false;
    if (!sg_grow(&list->nodes, &list->capacity, list->count, sizeof *list->nodes))
        return false;
    list->nodes[list->count++] = node;
    return true;
}

static int compare_numbers(const void *a, const void *b)
{
    const sg_node *x = *(sg_node *const *)a;
    const sg_node *y = *(sg_node *const *)b;
    return (x->number > y->number) - (x->number < y->number);
}

/* Collects the nodes reachable from `root` in ascending order; the list serves as its own queue. */
static bool collect(sg_node *root, uint64_t pass, node_list *list)
{
    if (!list_append(list, root, pass))
        return false;
    for (size_t at = 0; at < list->count; at++) {
        for (int i = 0; i < SG_MAX_INPUTS; i++) {
            sg_node *parent = list->nodes[at]->parents[i];
            if (parent && parent->pass != pass && !list_append(list, parent, pass))
                return false;
        }
    }
    qsort(list->nodes, list->count, sizeof(sg_node *), compare_numbers);
    return true;
}

/* Marks the requested nodes and those that lead to one: parents precede their users in the list. */
static void mark_needed(const node_list *list, uint64_t pass, sg_tensor *const *inputs,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sg_node *node = inputs[i]->node;
        if (node && node->pass == pass)
            node->needed = node->requested = true;
    }
    for (size_t at = 0; at < list->count; at++) {
        sg_node *node = list->nodes[at];
        for (int i = 0; i < SG_MAX_INPUTS && !node->needed; i++)
            node->needed = node->parents[i] && node->parents[i]->needed;
    }
}

/* Returns kept values as a tensor of their node, for a backward that may be recorded. */
static sg_tensor *kept_tensor(sg_context *context, sg_dtype dtype, sg_shape shape,
                              sg_storage *storage, sg_node *node)
{
    sg_tensor borrowed = {.context = context, .dtype = dtype, .shape = shape, .storage = storage};
    sg_tensor *tensor = sg_tensor_view(&borrowed, shape);
    if (tensor)
        tensor->node = node_retain(node);
    return tensor;
}

/* Adds `term` to a node's gradient. */
static void node_accumulate(sg_node *node, sg_tensor *term, bool create_graph,
                            sg_accumulate_function accumulate)
{
    sg_tensor *sum = term;
    if (node->gradient) {
        bool owned = !create_graph && node->gradient->references == 1 &&
                     node->gradient->storage->references == 1;
        sum = accumulate(node->gradient, term, owned);
    }
    sg_tensor_retain(sum);
    sg_tensor_release(node->gradient);
    node->gradient = sum;
}

static bool check_gradient_shapes(const sg_node *node, const sg_backward *call)
{
    for (int i = 0; i < node->op->input_count; i++) {
        if (!call->results[i] || sg_shape_equal(&call->results[i]->shape, &node->input_shapes[i]))
            continue;
        char found[160];
        char expected[160];
        sg_context_fail(node->context, SG_ERROR_SHAPE,
                        "the gradient of input %d of %s has shape %s, its input has %s", i,
                        node->op->name, sg_shape_print(&call->results[i]->shape, found),
                        sg_shape_print(&node->input_shapes[i], expected));
        return false;
    }
    return true;
}

/* Runs one node's backward and hands the results to its parents. */
static void node_backward(sg_node *node, bool create_graph, sg_accumulate_function accumulate)
{
    sg_context *context = node->context;
    size_t scope = sg_scope_open(context);
    sg_backward call = {
        .context = context, .attributes = node->attributes, .gradient = node->gradient};
    unsigned reads = 0;
    for (int i = 0; i < node->op->input_count; i++) {
        call.input_shapes[i] = node->input_shapes[i];
        call.wanted[i] = node->parents[i] && node->parents[i]->needed;
        if (call.wanted[i])
            reads |= node->op->reads[i];
    }
    for (int i = 0; i < node->op->input_count; i++)
        if (node->inputs[i] && (reads & SG_READS_INPUT(i)))
            call.inputs[i] = kept_tensor(context, node->input_dtypes[i], node->input_shapes[i],
                                         node->inputs[i], node->parents[i]);
    if (node->output && (reads & SG_READS_OUTPUT))
        call.output = kept_tensor(context, node->dtype, node->shape, node->output, node);
    if (!context->error.status)
        node->op->backward(&call);
    if (!context->error.status && check_gradient_shapes(node, &call))
        for (int i = 0; i < node->op->input_count; i++)
            if (call.results[i])
                node_accumulate(node->parents[i], call.results[i], create_graph, accumulate);
    sg_scope_close(context, scope, NULL);
}

/* True if a needed node can still run; fails if an earlier pass freed its values. */
static bool node_is_usable(const sg_node *node)
{
    if (!node->spent)
        return true;
    sg_context_fail(node->context, SG_ERROR_ARGUMENT,
                    "a second gradient through %s: its values were freed by the first, which was "
                    "not asked to retain the graph",
                    node->op->name);
    return false;
}

/* True if a requested node lies below this one, which may itself be requested. */
static bool leads_on(const sg_node *node)
{
    for (int i = 0; i < SG_MAX_INPUTS; i++)
        if (node->parents[i] && node->parents[i]->needed)
            return true;
    return false;
}

/* Runs all backwards from output to inputs. Requested nodes keep their gradients for gather(). */
static void run_backwards(const node_list *list, sg_gradient_options options,
                          sg_accumulate_function accumulate)
{
    for (size_t at = list->count; at-- > 0;) {
        sg_node *node = list->nodes[at];
        sg_context *context = node->context;
        if (!leads_on(node) || !node->gradient || context->error.status)
            continue;
        if (node_is_usable(node))
            node_backward(node, options.create_graph, accumulate);
        if (!options.create_graph && !options.retain_graph) {
            node_drop_values(node);
            node->spent = true;
        }
        if (!node->requested) {
            sg_tensor_release(node->gradient);
            node->gradient = NULL;
        }
    }
}

/* Moves the gradients of the inputs to results[] and clears what is left on the nodes. */
static void gather(const node_list *list, sg_tensor *const *inputs, size_t count,
                   sg_tensor **results)
{
    for (size_t i = 0; i < count; i++) {
        sg_node *node = inputs[i]->node;
        results[i] = NULL;
        if (node && node->gradient && !node->context->error.status)
            results[i] = sg_scope_own(node->context, sg_tensor_retain(node->gradient));
    }
    for (size_t at = 0; at < list->count; at++) {
        sg_tensor_release(list->nodes[at]->gradient);
        list->nodes[at]->gradient = NULL;
    }
}

/* Gives the output its gradient; false with an error in the context. */
static bool seed_gradient(sg_tensor *output, sg_tensor *output_gradient)
{
    sg_context *context = output->context;
    if (!output_gradient)
        output_gradient = sg_tensor_full(context, output->dtype, output->shape, 1);
    if (!output_gradient)
        return false;
    if (!sg_shape_equal(&output_gradient->shape, &output->shape)) {
        sg_context_fail(context, SG_ERROR_SHAPE,
                        "the gradient given for an output differs from it in shape");
        return false;
    }
    output->node->gradient = sg_tensor_retain(output_gradient);
    return true;
}

static void run_pass(sg_tensor *output, sg_tensor *output_gradient, sg_tensor *const *inputs,
                     size_t count, sg_gradient_options options, sg_accumulate_function accumulate,
                     sg_tensor **results)
{
    sg_context *context = output->context;
    node_list list = {0};
    uint64_t pass = ++context->pass_count;
    if (!collect(output->node, pass, &list)) {
        sg_context_fail_memory(context, "a gradient pass");
    } else if (seed_gradient(output, output_gradient)) {
        mark_needed(&list, pass, inputs, count);
        run_backwards(&list, options, accumulate);
        gather(&list, inputs, count, results);
    }
    free(list.nodes);
}

sg_status sg_tape_gradient(sg_tensor *output, sg_tensor *output_gradient, sg_tensor *const *inputs,
                           size_t count, sg_gradient_options options,
                           sg_accumulate_function accumulate, sg_tensor **results)
{
    for (size_t i = 0; i < count; i++)
        results[i] = NULL;
    if (!output)
        return SG_ERROR_ARGUMENT; /* the context has its failure already */
    sg_context *context = output->context;
    bool recording = context->recording;
    if (!output->node || context->error.status)
        return context->error.status;
    context->recording = options.create_graph;
    run_pass(output, output_gradient, inputs, count, options, accumulate, results);
    context->recording = recording;
    return context->error.status;
}
