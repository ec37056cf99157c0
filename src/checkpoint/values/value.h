/*
 * The content of a foreign file as plain data: a tree of values, read from a pickle, a torch zip
 * archive or a torch stream without executing anything in it.
 *
 * The tree belongs to its document, which also holds the mapped file: everything returned here is
 * borrowed and valid until sg_document_close. Values may be shared, so the tree is a graph of any
 * unfolded size: code that walks it must bound depth and count. Every function accepts NULL, treats
 * it as an absent value, and never fails.
 */
#ifndef SG_CHECKPOINT_VALUES_VALUE_H
#define SG_CHECKPOINT_VALUES_VALUE_H

#include "base/error.h"
#include "checkpoint/values/strided_array.h"

typedef enum sg_value_kind {
    SG_VALUE_NONE,
    SG_VALUE_BOOL,
    SG_VALUE_INTEGER, /* 64 bits; larger integers are reals */
    SG_VALUE_REAL,
    SG_VALUE_TEXT,  /* UTF-8, followed by a zero byte; may contain zero bytes */
    SG_VALUE_BYTES, /* also bytearrays */
    SG_VALUE_LIST,
    SG_VALUE_TUPLE,
    SG_VALUE_SET,    /* also frozen sets */
    SG_VALUE_DICT,   /* also OrderedDict, EasyDict, defaultdict, Counter */
    SG_VALUE_ARRAY,  /* a NumPy array or scalar of numbers, or a torch tensor or parameter */
    SG_VALUE_OBJECT, /* an instance of a known class: its state, without methods */
    SG_VALUE_INERT   /* a class, a function, or the unmade result of an unknown callable */
} sg_value_kind;

typedef struct sg_value sg_value;

/* Returns the kind; SG_VALUE_NONE for NULL. */
sg_value_kind sg_value_kind_of(const sg_value *value);

/*
 * Read a scalar; false if the value is of another kind. A bool counts as an integer, an integer as
 * a real; a 0-d array or NumPy scalar counts as a number of its type.
 */
bool sg_value_bool(const sg_value *value, bool *result);
bool sg_value_integer(const sg_value *value, int64_t *result);
bool sg_value_real(const sg_value *value, double *result);

/*
 * Returns the text; NULL if the value is no text, contains a zero byte or is longer than 64 KiB,
 * where sg_value_bytes serves.
 */
const char *sg_value_text(const sg_value *value);

/* True if the value is exactly this text. */
bool sg_value_is_text(const sg_value *value, const char *text);

/* Returns the raw bytes of a text or of bytes, and their number; NULL for other kinds. */
const unsigned char *sg_value_bytes(const sg_value *value, size_t *size);

/* Counts the items of a list, tuple or set, the pairs of a dict; 0 for other kinds. */
size_t sg_value_count(const sg_value *value);

/* Returns item `index` of a list, tuple or set, or the value of a dict's pair; the pair's key. NULL
 * beyond the end and for other kinds. */
const sg_value *sg_value_item(const sg_value *value, size_t index);
const sg_value *sg_value_key(const sg_value *value, size_t index);

/*
 * The most pairs of a dict that sg_value_find searches. It compares one key after the other, and a
 * small file can have a huge dict searched any number of times.
 */
enum { SG_VALUE_MOST_SEARCHED = 1 << 14 };

/*
 * Returns the value under a text key of a dict, the last one if the key occurs twice; NULL if it is
 * absent or the dict has more than SG_VALUE_MOST_SEARCHED pairs.
 */
const sg_value *sg_value_find(const sg_value *value, const char *key);

/*
 * The class of an object or inert value ("dnnlib.tflib.network.Network"), its state and its
 * arguments; NULL for other kinds. The class of an inert value is the callable that would have made
 * it. The state is the operand of BUILD, usually a dict, or NULL; a dict has a state too if it was
 * given attributes such as _metadata. The arguments are a tuple, or NULL.
 *
 * A persistent object of the official PyTorch programs has the class name under which it was saved
 * ("Generator", without a module), its saved state as state, and one argument: the dict that it was
 * made of ("type", "version", "module_src", "class_name", "state").
 */
const char *sg_value_class(const sg_value *value);
const sg_value *sg_value_state(const sg_value *value);
const sg_value *sg_value_arguments(const sg_value *value);

/*
 * Returns an array's layout; false if the value is no array. Every element that shape and strides
 * reach lies in the file: that was checked when the value was made.
 */
bool sg_value_array_of(const sg_value *value, sg_value_array *array);

/*
 * Reads the elements in row-major order as numbers, `array.count` of them; false if the value is no
 * array, or one of floats of 8 bits. Numbers too large for a float become infinite.
 */
bool sg_value_read_floats(const sg_value *value, float *numbers);

/*
 * Returns the elements of an array of unsigned bytes that lie in row-major order without gaps, in
 * the file; NULL for other arrays and other values.
 */
const uint8_t *sg_value_array_bytes(const sg_value *value);

/*
 * Prints a short description for sentences, such as "a list of 3 items", into `text` (at least 200
 * bytes); returns text.
 */
char *sg_value_describe(const sg_value *value, char *text);

#endif
