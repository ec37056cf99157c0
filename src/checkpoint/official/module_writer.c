/*
 * Modules as persistent objects. The tree follows from the names of the tensors; the state has what
 * torch.nn.Module.__setstate__ asks for in every version since 1.7, the tensors, and the
 * attributes that the rows of the classes put.
 *
 * Tested by: tests/checkpoint/official/test_official_write.c
 */
#include "checkpoint/official/module_writer.h"

#include <ctype.h>
#include <string.h>

#define PERSISTENCE_VERSION 6 /* of torch_utils/persistence.py */

/* The modules of both official programs: stylegan3's, otherwise stylegan2-ada-pytorch's. */
static const char blocks_source[] = "try:\n"
                                    "    from training.networks_stylegan2 import *\n"
                                    "except ImportError:\n"
                                    "    from training.networks import *\n";
static const char alias_free_source[] = "from training.networks_stylegan3 import *\n";

/* ---- the tree ---- */

/* True if `path` has the form of the pattern, where '#' is any number; sets the first number. */
static bool fits(const char *pattern, const char *path, int *number)
{
    bool first = true;
    for (; *pattern; pattern++) {
        if (*pattern != '#') {
            if (*path++ != *pattern)
                return false;
            continue;
        }
        int value = 0;
        if (!isdigit((unsigned char)*path))
            return false;
        for (; isdigit((unsigned char)*path); path++)
            value = value * 10 + (*path - '0');
        if (first)
            *number = value;
        first = false;
    }
    return *path == '\0';
}

static const sg_module_row *rows_of(const sg_written_network *network)
{
    if (network->discriminator)
        return sg_blocks_discriminator_rows;
    return network->generator->family == SG_STYLEGAN3 ? sg_alias_free_generator_rows
                                                      : sg_blocks_generator_rows;
}

static const sg_module_row *find_row(const sg_written_network *network, const char *path,
                                     int *number)
{
    const sg_module_row *row = rows_of(network);
    while (row->pattern && !fits(row->pattern, path, number))
        row++;
    return row->pattern ? row : NULL;
}

/* Returns the rest of a tensor's name after "PATH."; NULL if it is elsewhere. */
static const char *name_within(const char *path, const char *name)
{
    const size_t length = strlen(path);
    if (length == 0)
        return name;
    return strncmp(name, path, length) == 0 && name[length] == '.' ? name + length + 1 : NULL;
}

int sg_module_size(const sg_written_module *module, const char *tensor, int axis)
{
    char name[SG_PARAMETER_NAME_BYTES];
    snprintf(name, sizeof name, "%s%s%s", module->path, module->path[0] ? "." : "", tensor);
    const sg_parameter *found = sg_parameter_find(module->network->set, name);
    return found && axis < found->tensor->shape.rank ? (int)found->tensor->shape.size[axis] : 0;
}

/* ---- tensors ---- */

void sg_snapshot_flush(sg_snapshot *snapshot)
{
    sg_text *pickle = &snapshot->pickle;
    if (pickle->length > 0 && !snapshot->failed)
        snapshot->failed =
            fwrite(pickle->bytes, 1, pickle->length, snapshot->stream) != pickle->length;
    pickle->length = 0;
}

/* The five pickles of a torch stream that holds one storage of floats, and their number. */
static void put_stream_start(sg_text *stream, int64_t count)
{
    static const char magic[] = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
    static const char key[] = "0";
    sg_put_protocol(stream, 2);
    sg_text_append_bytes(stream, magic, sizeof magic - 1);
    sg_put_opcode(stream, SG_OP_STOP);
    sg_put_protocol(stream, 2);
    sg_put_integer(stream, 1001);
    sg_put_opcode(stream, SG_OP_STOP);
    sg_put_protocol(stream, 2);
    sg_put_opcode(stream, SG_OP_EMPTY_DICT);
    sg_put_opcode(stream, SG_OP_MARK);
    sg_put_pair_integer(stream, "protocol_version", 1001);
    sg_put_pair_bool(stream, "little_endian", true);
    sg_put_opcode(stream, SG_OP_SET_ITEMS);
    sg_put_opcode(stream, SG_OP_STOP);
    sg_put_protocol(stream, 2);
    sg_put_opcode(stream, SG_OP_MARK);
    sg_put_text(stream, "storage");
    sg_put_global(stream, "torch", "FloatStorage");
    sg_put_text(stream, key);
    sg_put_text(stream, "cpu");
    sg_put_integer(stream, count);
    sg_put_opcode(stream, SG_OP_NONE);
    sg_put_opcode(stream, SG_OP_TUPLE);
    sg_put_opcode(stream, SG_OP_PERSISTENT);
    sg_put_opcode(stream, SG_OP_STOP);
    sg_put_protocol(stream, 2);
    sg_put_opcode(stream, SG_OP_EMPTY_LIST);
    sg_put_opcode(stream, SG_OP_MARK);
    sg_put_text(stream, key);
    sg_put_opcode(stream, SG_OP_APPEND_ITEMS);
    sg_put_opcode(stream, SG_OP_STOP);
    sg_text_append_bytes(stream, (const char *)&count, sizeof count);
}

/* A storage: the torch stream of it as bytes, as torch pickles storages within other files. */
static void put_storage(sg_snapshot *to, const float *values, int64_t count)
{
    sg_text *pickle = &to->pickle;
    sg_text stream = {0};
    const size_t bytes = (size_t)count * sizeof *values;
    put_stream_start(&stream, count);
    sg_put_global(pickle, "torch.storage", "_load_from_bytes");
    sg_put_bytes_start(pickle, (uint32_t)(stream.length + bytes));
    sg_text_append_bytes(pickle, stream.bytes, stream.length);
    pickle->failed = pickle->failed || stream.failed;
    sg_text_clear(&stream);
    sg_snapshot_flush(to);
    to->failed = to->failed || fwrite(values, 1, bytes, to->stream) != bytes;
    sg_put_opcode(pickle, SG_OP_TUPLE_OF_ONE);
    sg_put_opcode(pickle, SG_OP_CALL);
}

static void put_tensor(sg_snapshot *to, const sg_parameter *parameter)
{
    sg_text *pickle = &to->pickle;
    const sg_tensor *tensor = parameter->tensor;
    if (parameter->trainable) {
        sg_put_global(pickle, "torch._utils", "_rebuild_parameter");
        sg_put_opcode(pickle, SG_OP_MARK);
    }
    sg_put_tensor_start(pickle);
    put_storage(to, sg_f32(tensor), sg_tensor_count(tensor));
    sg_put_tensor_end(pickle, tensor->shape.size, tensor->shape.rank);
    if (parameter->trainable) {
        sg_put_bool(pickle, false);
        sg_put_ordered_dict(pickle);
        sg_put_opcode(pickle, SG_OP_TUPLE);
        sg_put_opcode(pickle, SG_OP_CALL);
    }
}

/* The module's own parameters, or its buffers, as an OrderedDict. */
static void put_tensors(const sg_written_module *module, bool trainable)
{
    const sg_parameter_set *set = module->network->set;
    sg_snapshot *to = module->network->to;
    sg_put_ordered_dict(&to->pickle);
    sg_put_opcode(&to->pickle, SG_OP_MARK);
    for (size_t i = 0; i < set->count; i++) {
        const char *name = name_within(module->path, set->items[i].name);
        if (name && !strchr(name, '.') && set->items[i].trainable == trainable) {
            sg_put_text(&to->pickle, name);
            put_tensor(to, &set->items[i]);
        }
    }
    sg_put_opcode(&to->pickle, SG_OP_SET_ITEMS);
}

/* ---- modules ---- */

static void put_module(const sg_written_network *network, const char *path);

/* Puts the module "PATH.NAME", whose name has `length` bytes, as a pair of its parent's. */
static void put_child(const sg_written_module *module, const char *name, size_t length)
{
    char path[SG_PARAMETER_NAME_BYTES];
    const int before =
        snprintf(path, sizeof path, "%s%s", module->path, module->path[0] ? "." : "");
    snprintf(path + before, sizeof path - (size_t)before, "%.*s", (int)length, name);
    sg_put_text(&module->network->to->pickle, path + before);
    put_module(module->network, path);
}

/* The modules within this one, in the order of their first tensors. */
static void put_children(const sg_written_module *module)
{
    const sg_parameter_set *set = module->network->set;
    const sg_discriminator_config *discriminator = module->network->discriminator;
    const bool has_statistics =
        discriminator && strcmp(module->path, "b4") == 0 && discriminator->mbstd_num_channels > 0;
    const char *last = "";
    size_t last_length = 0;
    sg_put_ordered_dict(&module->network->to->pickle);
    sg_put_opcode(&module->network->to->pickle, SG_OP_MARK);
    for (size_t i = 0; i < set->count; i++) {
        const char *name = name_within(module->path, set->items[i].name);
        const char *end = name ? strchr(name, '.') : NULL;
        const size_t length = end ? (size_t)(end - name) : 0;
        if (length > 0 && (length != last_length || strncmp(name, last, length) != 0)) {
            if (has_statistics && length == strlen("conv") && strncmp(name, "conv", length) == 0)
                put_child(module, "mbstd", strlen("mbstd")); /* which has no tensors */
            put_child(module, name, length);
            last = name;
            last_length = length;
        }
    }
    sg_put_opcode(&module->network->to->pickle, SG_OP_SET_ITEMS);
}

static void put_pair_empty_dict(sg_text *pickle, const char *key)
{
    sg_put_text(pickle, key);
    sg_put_ordered_dict(pickle);
}

/* What torch.nn.Module keeps. */
static void put_module_state(const sg_written_module *module)
{
    sg_text *pickle = &module->network->to->pickle;
    sg_put_pair_bool(pickle, "training", false);
    sg_put_text(pickle, "_parameters");
    put_tensors(module, true);
    sg_put_text(pickle, "_buffers");
    put_tensors(module, false);
    sg_put_text(pickle, "_non_persistent_buffers_set");
    sg_put_global(pickle, "builtins", "set");
    sg_put_opcode(pickle, SG_OP_EMPTY_TUPLE);
    sg_put_opcode(pickle, SG_OP_CALL);
    put_pair_empty_dict(pickle, "_backward_hooks");
    sg_put_pair_none(pickle, "_is_full_backward_hook");
    put_pair_empty_dict(pickle, "_forward_hooks");
    put_pair_empty_dict(pickle, "_forward_pre_hooks");
    put_pair_empty_dict(pickle, "_state_dict_hooks");
    put_pair_empty_dict(pickle, "_load_state_dict_pre_hooks");
    sg_put_text(pickle, "_modules");
    put_children(module);
}

/* ---- keywords ---- */

static void put_json(sg_text *pickle, const cJSON *json);

static void put_json_items(sg_text *pickle, const cJSON *json)
{
    const bool object = cJSON_IsObject(json);
    const cJSON *item;
    sg_put_opcode(pickle, object ? SG_OP_EMPTY_DICT : SG_OP_EMPTY_LIST);
    sg_put_opcode(pickle, SG_OP_MARK);
    cJSON_ArrayForEach(item, json)
    {
        if (object)
            sg_put_text(pickle, item->string);
        put_json(pickle, item);
    }
    sg_put_opcode(pickle, object ? SG_OP_SET_ITEMS : SG_OP_APPEND_ITEMS);
}

static void put_json(sg_text *pickle, const cJSON *json)
{
    if (cJSON_IsObject(json) || cJSON_IsArray(json))
        put_json_items(pickle, json);
    else if (cJSON_IsString(json))
        sg_put_text(pickle, json->valuestring);
    else if (cJSON_IsBool(json))
        sg_put_bool(pickle, cJSON_IsTrue(json));
    else if (!cJSON_IsNumber(json))
        sg_put_opcode(pickle, SG_OP_NONE);
    else if (json->valuedouble == (double)json->valueint)
        sg_put_integer(pickle, json->valueint);
    else
        sg_put_real(pickle, json->valuedouble);
}

/* The arguments that the class was called with; only a network's own are of use. */
static void put_arguments(const sg_written_module *module)
{
    sg_text *pickle = &module->network->to->pickle;
    sg_put_text(pickle, "_init_args");
    sg_put_opcode(pickle, SG_OP_EMPTY_TUPLE);
    sg_put_text(pickle, "_init_kwargs");
    if (module->path[0])
        sg_put_opcode(pickle, SG_OP_EMPTY_DICT);
    else
        put_json(pickle, module->network->init_kwargs);
}

/* ---- persistent objects ---- */

/* Puts a value that was kept; returns false if it has to be put, and is kept by keep(). */
static bool put_kept(sg_snapshot *to, sg_snapshot_memo memo)
{
    if (to->kept[memo])
        sg_put_again(&to->pickle, (uint32_t)memo);
    return to->kept[memo];
}

static void keep(sg_snapshot *to, sg_snapshot_memo memo)
{
    sg_put_memo(&to->pickle, (uint32_t)memo);
    to->kept[memo] = true;
}

static void put_source(const sg_written_network *network)
{
    const bool alias_free = network->generator && network->generator->family == SG_STYLEGAN3;
    const sg_snapshot_memo memo = alias_free ? SG_MEMO_SOURCE3 : SG_MEMO_SOURCE;
    if (put_kept(network->to, memo))
        return;
    sg_put_text(&network->to->pickle, alias_free ? alias_free_source : blocks_source);
    keep(network->to, memo);
}

/* _reconstruct_persistent_obj({"type": "class", ..., "state": {...}}) */
static void put_module(const sg_written_network *network, const char *path)
{
    sg_snapshot *to = network->to;
    sg_text *pickle = &to->pickle;
    sg_written_module module = {.network = network, .path = path};
    const sg_module_row *row = find_row(network, path, &module.number);
    if (!row) {
        to->failed = true; /* a tensor of a module that no class has */
        return;
    }
    module.features = row->features;
    if (!put_kept(to, SG_MEMO_CALL)) {
        sg_put_global(pickle, "torch_utils.persistence", "_reconstruct_persistent_obj");
        keep(to, SG_MEMO_CALL);
    }
    sg_put_opcode(pickle, SG_OP_EMPTY_DICT);
    sg_put_opcode(pickle, SG_OP_MARK);
    sg_put_pair_text(pickle, "type", "class");
    sg_put_pair_integer(pickle, "version", PERSISTENCE_VERSION);
    sg_put_text(pickle, "module_src");
    put_source(network);
    sg_put_pair_text(pickle, "class_name", row->class_name);
    sg_put_text(pickle, "state");
    sg_put_opcode(pickle, SG_OP_EMPTY_DICT);
    sg_put_opcode(pickle, SG_OP_MARK);
    put_module_state(&module);
    row->put(&module);
    put_arguments(&module);
    sg_put_opcode(pickle, SG_OP_SET_ITEMS);
    sg_put_opcode(pickle, SG_OP_SET_ITEMS);
    sg_put_opcode(pickle, SG_OP_TUPLE_OF_ONE);
    sg_put_opcode(pickle, SG_OP_CALL);
}

void sg_put_network(const sg_written_network *network)
{
    put_module(network, "");
}
