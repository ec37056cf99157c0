/*
 * Hostile files: each must end in a sentence or in harmless values, within 5 seconds and 500 MB,
 * and nothing of it may run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files/file.h"
#include "support/cost.h"
#include "support/documents.h"
#include "support/execution_attempts.h"
#include "support/pickle_writer.h"
#include "support/temporary_folder.h"

/* ---- execution ---- */

static void test_nothing_runs(void **state)
{
    char *mark = temporary_path(state, "mark");
    sg_text command = {0};
    sg_text_append(&command, "touch %s", mark);
    for (const execution_attempt *attempt = execution_attempts; attempt->name; attempt++) {
        sg_text pickle = {0};
        attempt->write(&pickle, command.bytes);
        sg_document *document = open_pickle(&pickle);
        visit_value(sg_document_root(document), 8);
        close_document(document);
        if (sg_path_exists(mark))
            fail_msg("%s ran a command", attempt->name);
        sg_text_clear(&pickle);
    }
    sg_text_clear(&command);
    free(mark);
}

/* What would have been called is named, with the arguments that it would have had. */
static void test_calls_are_kept_as_data(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        sg_text pickle = {0};
        execution_attempts[i].write(&pickle, "touch nothing");
        sg_document *document = open_pickle(&pickle);
        const sg_value *root = sg_document_root(document);
        assert_int_equal(sg_value_kind_of(root), SG_VALUE_INERT);
        assert_string_equal(sg_value_class(root), "os.system");
        assert_int_equal(sg_value_count(sg_value_arguments(root)), 1);
        assert_true(sg_value_is_text(sg_value_item(sg_value_arguments(root), 0), "touch nothing"));
        close_document(document);
        sg_text_clear(&pickle);
    }
}

/* ---- bombs ---- */

/* Lists of two references to the list before: 2^60 leaves in a few hundred bytes. */
static void test_billion_laughs(void **state)
{
    (void)state;
    sg_text pickle = {0};
    PUT(&pickle, "\x80\x04]\x94");
    for (int i = 0; i < 60; i++) {
        PUT(&pickle, "(h");
        put_number(&pickle, (uint64_t)i, 1);
        PUT(&pickle, "h");
        put_number(&pickle, (uint64_t)i, 1);
        PUT(&pickle, "l\x94");
    }
    PUT(&pickle, ".");
    sg_document *document = open_pickle(&pickle);
    assert_int_equal(sg_value_count(sg_document_root(document)), 2);
    close_document(document);
    sg_text_clear(&pickle);
}

/* A dict of many pairs, copied over and over by a few bytes each time. */
static void test_copying_bomb(void **state)
{
    (void)state;
    sg_text pickle = {0};
    PUT(&pickle, "\x80\x02(");
    for (int i = 0; i < 100000; i++)
        PUT(&pickle, "NN\x86");
    PUT(&pickle, "lq\0");
    put_global(&pickle, "collections", "OrderedDict");
    PUT(&pickle, "q\1(");
    for (int i = 0; i < 10000; i++)
        PUT(&pickle, "h\1h\0\x85R");
    PUT(&pickle, "l.");
    assert_pickle_refused(&pickle, "larger than a file of its size can mean");
    sg_text_clear(&pickle);
}

/* A text that is decoded over and over. */
static void test_decoding_bomb(void **state)
{
    (void)state;
    enum { LENGTH = 1000000 };
    sg_text pickle = {0};
    PUT(&pickle, "\x80\x02X");
    put_number(&pickle, LENGTH, 4);
    for (int i = 0; i < LENGTH / 2; i++)
        PUT(&pickle, "\xc3\xbf");
    PUT(&pickle, "q\0");
    put_global(&pickle, "_codecs", "encode");
    PUT(&pickle, "q\1(");
    for (int i = 0; i < 10000; i++)
        PUT(&pickle, "h\1h\0X\6\0\0\0latin1\x86R");
    PUT(&pickle, "l.");
    assert_pickle_refused(&pickle, "larger than a file of its size can mean");
    sg_text_clear(&pickle);
}

/* Texts that need no decoding are looked at over and over, to find that out. */
static void test_looking_bomb(void **state)
{
    (void)state;
    enum { LENGTH = 10000000 };
    sg_text pickle = {0};
    PUT(&pickle, "\x80\x02X");
    put_number(&pickle, LENGTH, 4);
    for (int i = 0; i < LENGTH / 10; i++)
        PUT(&pickle, "0123456789");
    PUT(&pickle, "q\0");
    put_global(&pickle, "_codecs", "encode");
    PUT(&pickle, "q\1U\6latin1q\2");
    for (int i = 0; i < 1000000; i++)
        PUT(&pickle, "h\1h\0h\2\x86R0");
    PUT(&pickle, ".");
    assert_pickle_refused(&pickle, "larger than a file of its size can mean");
    sg_text_clear(&pickle);
}

/* A long key that is looked up over and over. */
static void test_key_bomb(void **state)
{
    (void)state;
    enum { LENGTH = 1000000 };
    sg_text pickle = {0};
    put_stream_start(&pickle);
    PUT(&pickle, "(U\7storage");
    put_global(&pickle, "torch", "FloatStorage");
    PUT(&pickle, "X");
    put_number(&pickle, LENGTH, 4);
    for (int i = 0; i < LENGTH / 10; i++)
        PUT(&pickle, "0123456789");
    PUT(&pickle, "U\3cpuK\1tq\0");
    for (int i = 0; i < 1000000; i++)
        PUT(&pickle, "h\0Q0");
    PUT(&pickle, "N.\x80\x02].");
    assert_pickle_refused(&pickle, "short text");
    sg_text_clear(&pickle);
}

/* A torch stream of many values that take no memory. */
static void put_busy_stream(sg_text *stream, int values)
{
    put_stream_start(stream);
    for (int i = 0; i < values; i++)
        PUT(stream, "N0");
    PUT(stream, "N.\x80\x02].");
}

/* The same nested file loaded over and over: by way of the memo it is read once, in copies it is
 * read as often as a file of this size may ask for. */
static void test_nested_files_are_read_once(void **state)
{
    (void)state;
    enum { VALUES = 1000000, LOADS = 200000 };
    for (int copied = 0; copied < 2; copied++) {
        sg_text inner = {0};
        sg_text pickle = {0};
        put_busy_stream(&inner, VALUES);
        PUT(&pickle, "\x80\x02");
        put_bytes(&pickle, inner.bytes, inner.length);
        PUT(&pickle, "q\0");
        put_global(&pickle, "torch.storage", "_load_from_bytes");
        PUT(&pickle, "q\1");
        put_global(&pickle, "__builtin__", "bytearray");
        PUT(&pickle, "q\2");
        for (int i = 0; i < LOADS; i++)
            if (copied != 0)
                PUT(&pickle, "h\1h\2h\0\x85R\x85R0");
            else
                PUT(&pickle, "h\1h\0\x85R0");
        PUT(&pickle, "N.");
        if (copied != 0)
            assert_pickle_refused(&pickle, "larger than a file of its size can mean");
        else
            close_document(open_pickle(&pickle));
        sg_text_clear(&inner);
        sg_text_clear(&pickle);
    }
}

/* More values than fit: 15 million numbers, each of 5 bytes in the file. */
static void test_too_many_values(void **state)
{
    (void)state;
    enum { VALUES = 15000000 };
    static const unsigned char number[5] = {'J', 0, 0, 0, 0x7f};
    unsigned char *bytes = malloc(sizeof number * VALUES);
    assert_non_null(bytes);
    for (size_t i = 0; i < VALUES; i++)
        memcpy(bytes + sizeof number * i, number, sizeof number);
    sg_document *document = NULL;
    sg_error error = {0};
    assert_int_equal(
        sg_document_open_bytes(bytes, sizeof number * VALUES, "bytes", &document, &error),
        SG_ERROR_MEMORY);
    assert_non_null(strstr(error.message, "larger than"));
    free(bytes);
}

/* A zip archive of 2 million members, whose directory takes 46 bytes for each. */
static void test_archive_of_many_members(void **state)
{
    (void)state;
    enum { MEMBERS = 2000000, MEMBER_BYTES = 46 };
    static const unsigned char local[] =
        "PK\3\4\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    static const unsigned char member[MEMBER_BYTES] = "PK\1\2\x14\0\x14";
    sg_text archive = {0};
    sg_text_append_bytes(&archive, (const char *)local, sizeof local);
    size_t directory = archive.length;
    for (int i = 0; i < MEMBERS; i++)
        sg_text_append_bytes(&archive, (const char *)member, sizeof member);
    size_t record = archive.length;
    PUT(&archive, "PK\6\6");
    put_number(&archive, 44, 8);
    PUT(&archive, "\x2d\0\x2d\0\0\0\0\0\0\0\0\0");
    put_number(&archive, MEMBERS, 8);
    put_number(&archive, MEMBERS, 8);
    put_number(&archive, record - directory, 8);
    put_number(&archive, directory, 8);
    PUT(&archive, "PK\6\7\0\0\0\0");
    put_number(&archive, record, 8);
    PUT(&archive, "\1\0\0\0");
    PUT(&archive, "PK\5\6\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0");
    assert_pickle_refused(&archive, "more members");
    sg_text_clear(&archive);
}

/* ---- shape of the tree ---- */

enum { NESTED = 2000000 };

static void test_nested_tuples(void **state)
{
    (void)state;
    sg_text pickle = {0};
    PUT(&pickle, "\x80\x02)");
    for (int i = 0; i < NESTED; i++)
        PUT(&pickle, "\x85");
    PUT(&pickle, ".");
    sg_document *document = open_pickle(&pickle);
    const sg_value *value = sg_document_root(document);
    int depth = 0;
    while (sg_value_count(value) == 1) {
        value = sg_value_item(value, 0);
        depth++;
    }
    assert_int_equal(depth, NESTED);
    close_document(document);
    sg_text_clear(&pickle);
}

static void test_nested_marks(void **state)
{
    (void)state;
    sg_text pickle = {0};
    for (int i = 0; i < NESTED; i++)
        PUT(&pickle, "(");
    for (int i = 0; i < NESTED; i++)
        PUT(&pickle, "t");
    PUT(&pickle, ".");
    sg_document *document = open_pickle(&pickle);
    assert_int_equal(sg_value_count(sg_document_root(document)), 1);
    close_document(document);
    sg_text_clear(&pickle);
}

/* Calls of calls of calls, by callables that hand on to others. */
static void test_nested_calls(void **state)
{
    (void)state;
    sg_text pickle = {0};
    put_global(&pickle, "copyreg", "__newobj__");
    PUT(&pickle, "q\0(");
    for (int i = 0; i < NESTED; i++)
        PUT(&pickle, "h\0");
    PUT(&pickle, "tR.");
    sg_document *document = open_pickle(&pickle);
    assert_int_equal(sg_value_kind_of(sg_document_root(document)), SG_VALUE_INERT);
    close_document(document);
    sg_text_clear(&pickle);
}

static void test_cycles(void **state)
{
    (void)state;
    static const char *const pickles[] = {
        "]q\1h\1a.",                              /* a list in itself */
        "}q\1U\1ah\1s.",                          /* a dict as its own value */
        "}q\1h\1h\1s.",                           /* and as its own key */
        "cargparse\nNamespace\n)\x81q\1h\1b.",    /* an object as its own state */
        "ccollections\nOrderedDict\n)Rq\1h\1b.",  /* a dict as its own attributes */
        "]q\1c__builtin__\nlist\nh\1\x85Rh\1a.",  /* a list of a list of it */
        "cnumpy\ndtype\nU\2f4\x85Rq\1(K\1h\1tb.", /* a dtype in its own state */
        "]q\1(h\1h\1h\1h\1h\1h\1h\1h\1h\1h\1e.",
    };
    for (size_t i = 0; i < sizeof pickles / sizeof pickles[0]; i++)
        assert_true(survives((const unsigned char *)pickles[i], strlen(pickles[i])));
}

/* ---- lengths ---- */

static void test_lengths_beyond_the_end(void **state)
{
    (void)state;
    static const struct {
        const char *operation; /* and the bytes of its length follow, all 0xff or 0x7f */
        size_t bytes;
    } cases[] = {{"NU", 1}, {"NT", 4},    {"NX", 4},    {"N\x8c", 1}, {"N\x8d", 8}, {"NC", 1},
                 {"NB", 4}, {"N\x8e", 8}, {"N\x96", 8}, {"N\x8a", 1}, {"N\x8b", 4}, {"N\x95", 8}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int fill = 0; fill < 3; fill++) {
            static const char last[] = {'\xff', '\x7f', '\x80'};
            sg_text pickle = {0};
            sg_text_append(&pickle, "%s", cases[i].operation);
            for (size_t byte = 0; byte + 1 < cases[i].bytes; byte++)
                PUT(&pickle, "\xff");
            sg_text_append_bytes(&pickle, &last[fill], 1);
            PUT(&pickle, "abc.");
            assert_pickle_refused(&pickle, "");
            sg_text_clear(&pickle);
        }
    }
}

static void test_memo_indices(void **state)
{
    (void)state;
    static const struct {
        const char *pickle;
        size_t size;
        const char *complaint;
    } cases[] = {
        {"Nr\xff\xff\xff\xff.", 7, "memo's index"},
        {"Np99999999999999999\n.", 20, "memo's index"},
        {"Np-1\n.", 6, "memo's index"},
        {"Np999999999999999999999999\n.", 28, "memo's index"},
        {"Ng5\n.", 5, "holds nothing"},
        {"Nj\xff\xff\xff\xff.", 7, "holds nothing"},
        {"Nh\0.", 4, "holds nothing"},
        {"q\0.", 3, "no pickle"},
        {"(q\0.", 4, "needs 1 values"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_bytes_refused((const unsigned char *)cases[i].pickle, cases[i].size,
                             cases[i].complaint);
}

static void test_operations_without_operands(void **state)
{
    (void)state;
    for (int code = 0; code < 256; code++) {
        for (int marked = 0; marked < 3; marked++) {
            static const char *const starts[] = {"N0", "(", "N("};
            sg_text pickle = {0};
            char byte = (char)code;
            sg_text_append(&pickle, "%s", starts[marked]);
            sg_text_append_bytes(&pickle, &byte, 1);
            survives((const unsigned char *)pickle.bytes, pickle.length);
            PUT(&pickle, ".");
            survives((const unsigned char *)pickle.bytes, pickle.length);
            PUT(&pickle, "\1\0\0\0\0\0\0\0a\nb\n.");
            survives((const unsigned char *)pickle.bytes, pickle.length);
            sg_text_clear(&pickle);
        }
    }
}

/* Every known callable with every kind of argument. */
static void test_calls_with_odd_arguments(void **state)
{
    (void)state;
    static const char *const callables[] = {"_codecs\nencode",
                                            "__builtin__\nbytearray",
                                            "__builtin__\nbytes",
                                            "__builtin__\ncomplex",
                                            "__builtin__\ndict",
                                            "__builtin__\nfrozenset",
                                            "__builtin__\nlist",
                                            "__builtin__\ntuple",
                                            "collections\nOrderedDict",
                                            "collections\ndefaultdict",
                                            "copyreg\n__newobj__",
                                            "copy_reg\n_reconstructor",
                                            "numpy.core.multiarray\n_reconstruct",
                                            "numpy.core.multiarray\nscalar",
                                            "numpy.core.numeric\n_frombuffer",
                                            "numpy\ndtype",
                                            "torch\nSize",
                                            "torch._tensor\n_rebuild_from_type_v2",
                                            "torch._utils\n_rebuild_parameter",
                                            "torch._utils\n_rebuild_tensor",
                                            "torch._utils\n_rebuild_tensor_v2",
                                            "torch._utils\n_rebuild_tensor_v3",
                                            "torch.storage\n_load_from_bytes",
                                            "torch_utils.persistence\n_reconstruct_persistent_obj",
                                            "dnnlib.util\nEasyDict",
                                            "torch.nn.modules.linear\nLinear"};
    static const char *const values[] = {"N",
                                         "I01\n",
                                         "I-1\n",
                                         "F1\n",
                                         "U\1a",
                                         "U\0",
                                         "X\0\0\0\0",
                                         "B\0\0\0\0",
                                         ")",
                                         "]",
                                         "}",
                                         "(I1\nI2\nt",
                                         "cos\nsystem\n",
                                         "cnumpy\nndarray\n",
                                         "cnumpy\ndtype\nU\2f4\x85R"};
    static const size_t sizes[] = {1, 4, 4, 3, 3, 2, 5, 5, 1, 1, 1, 8, 11, 15, 18};
    enum { VALUES = sizeof values / sizeof values[0] };
    for (size_t i = 0; i < sizeof callables / sizeof callables[0]; i++) {
        for (int first = 0; first < VALUES * VALUES * 4; first++) {
            sg_text pickle = {0};
            sg_text_append(&pickle, "c%s\n(", callables[i]);
            for (int argument = 0; argument <= first % 4 * 2; argument++) {
                int value = (argument % 2 == 0 ? first / 4 : first / 4 / VALUES) % VALUES;
                sg_text_append_bytes(&pickle, values[value], sizes[value]);
            }
            PUT(&pickle, "tR(NNtb.");
            survives((const unsigned char *)pickle.bytes, pickle.length);
            sg_text_clear(&pickle);
        }
    }
}

#define HOSTILE(test) cmocka_unit_test_setup_teardown(test, cost_setup, cost_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_runs),
        HOSTILE(test_calls_are_kept_as_data),
        HOSTILE(test_billion_laughs),
        HOSTILE(test_copying_bomb),
        HOSTILE(test_decoding_bomb),
        HOSTILE(test_looking_bomb),
        HOSTILE(test_key_bomb),
        HOSTILE(test_nested_files_are_read_once),
        HOSTILE(test_archive_of_many_members),
        HOSTILE(test_too_many_values),
        HOSTILE(test_nested_tuples),
        HOSTILE(test_nested_marks),
        HOSTILE(test_nested_calls),
        HOSTILE(test_cycles),
        HOSTILE(test_lengths_beyond_the_end),
        HOSTILE(test_memo_indices),
        HOSTILE(test_operations_without_operands),
        cmocka_unit_test(test_calls_with_odd_arguments),
    };
    return cmocka_run_group_tests(tests, temporary_folder_setup, temporary_folder_teardown);
}
