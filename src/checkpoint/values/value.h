/*
 * What a foreign file says, as plain data: a tree of values, read from a pickle, a torch zip
 * archive or a torch stream without executing anything in it.
 *
 * The tree belongs to its document, which also holds the mapped file: everything returned here is
 * borrowed and valid until sg_document_close. Values may be shared, so the tree is a graph without
 * promises of its own size: whoever walks it bounds the depth. Every function accepts NULL, answers
 * for it as for an absent value, and never fails.
 */
#ifndef SG_CHECKPOINT_VALUES_VALUE_H
#define SG_CHECKPOINT_VALUES_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "checkpoint/safetensors/safetensors.h"

typedef enum sg_value_kind {
    SG_VALUE_NONE,
    SG_VALUE_BOOL,
    SG_VALUE_INTEGER, /* 64 bits; larger ones are reals */
    SG_VALUE_REAL,
    SG_VALUE_TEXT,  /* UTF-8, followed by a zero byte; may hold zero bytes within */
    SG_VALUE_BYTES, /* also bytearrays */
    SG_VALUE_LIST,
    SG_VALUE_TUPLE,
    SG_VALUE_SET,    /* also frozen sets */
    SG_VALUE_DICT,   /* also OrderedDict, EasyDict, defaultdict, Counter */
    SG_VALUE_ARRAY,  /* a NumPy array or scalar of numbers, or a torch tensor or parameter */
    SG_VALUE_OBJECT, /* an instance of a known class: its state is data, its methods unknown */
    SG_VALUE_INERT   /* a class, a function, or what an unknown callable would have returned */
} sg_value_kind;

typedef struct sg_value sg_value;

/* An opened file. */
typedef struct sg_document sg_document;

/* The containers that sg_document_open tells apart. */
typedef enum sg_container { SG_PICKLE, SG_TORCH_ZIP, SG_TORCH_STREAM } sg_container;

/*
 * Opens a pickle (protocols 0 to 5), a torch zip archive or an old torch stream, maps it and reads
 * the whole tree; numbers of tensors stay in the mapped file. Fails with a sentence that names the
 * file, the byte offset, what was found and what was expected. *document (NULL on failure) must be
 * closed.
 */
sg_status sg_document_open(const char *path, sg_document **document, sg_error *error);

/* The same from bytes in memory, borrowed until close; `name` serves the sentences. */
sg_status sg_document_open_bytes(const unsigned char *bytes, size_t size, const char *name,
                                 sg_document **document, sg_error *error);

/* Frees the document and all its values; NULL is allowed. */
void sg_document_close(sg_document *document);

/* The path as given; the container; the value at the root. */
const char *sg_document_path(const sg_document *document);
sg_container sg_document_container(const sg_document *document);
const sg_value *sg_document_root(const sg_document *document);

/* SG_VALUE_NONE for NULL. */
sg_value_kind sg_value_kind_of(const sg_value *value);

/* Scalars: false when the value is of another kind. A bool counts as an integer, an integer as a
 * real; a 0-d array or NumPy scalar counts as a number of its type. */
bool sg_value_bool(const sg_value *value, bool *result);
bool sg_value_integer(const sg_value *value, int64_t *result);
bool sg_value_real(const sg_value *value, double *result);

/* The text, or NULL when the value is none, holds a zero byte or is longer than 64 KiB; such long
 * ones are had by sg_value_bytes. */
const char *sg_value_text(const sg_value *value);

/* Whether the value is exactly this text. */
bool sg_value_is_text(const sg_value *value, const char *text);

/* The raw bytes of a text or of bytes with their number; NULL for other kinds. */
const unsigned char *sg_value_bytes(const sg_value *value, size_t *size);

/* Items of a list, tuple or set; pairs of a dict; 0 for other kinds. */
size_t sg_value_count(const sg_value *value);
const sg_value *sg_value_item(const sg_value *value, size_t index); /* a dict's: the pair's value */
const sg_value *sg_value_key(const sg_value *value, size_t index); /* of a dict's pair, else NULL */

/* The most pairs of a dict in which a key is looked for, one after the other: a small file can have
 * a huge dict be searched any number of times. */
enum { SG_VALUE_MOST_SEARCHED = 1 << 14 };

/* The value under a text key in a dict; the last where a key occurs twice; NULL when absent, or
 * when the dict has more than SG_VALUE_MOST_SEARCHED pairs. */
const sg_value *sg_value_find(const sg_value *value, const char *key);

/*
 * Objects and inert values: "dnnlib.tflib.network.Network"; NULL for other kinds. An inert value's
 * class is the callable that it would have come from. The state is what BUILD gave (a dict, as a
 * rule), or NULL; a dict has one too when it was given attributes, such as _metadata. The arguments
 * are a tuple, or NULL.
 *
 * A persistent object of the official PyTorch programs has the class name that it was saved under
 * ("Generator", without a module), its saved state as state, and as its one argument the dict that
 * it was made of ("type", "version", "module_src", "class_name", "state").
 */
const char *sg_value_class(const sg_value *value);
const sg_value *sg_value_state(const sg_value *value);
const sg_value *sg_value_arguments(const sg_value *value);

/* An array's elements in memory. */
typedef struct sg_value_array {
    sg_stored_type type;
    bool big_endian;
    int rank;
    int64_t size[SG_STORED_MAX_RANK];   /* outermost first; entries from `rank` on are 1 */
    int64_t stride[SG_STORED_MAX_RANK]; /* in elements, never negative */
    size_t count;                       /* elements */
    bool dense;                         /* row-major without gaps */
} sg_value_array;

/* False when the value is no array. Every element that the shape and strides reach was checked to
 * lie in the file. */
bool sg_value_array_of(const sg_value *value, sg_value_array *array);

/* The elements in row-major order as numbers, `array.count` of them; false when the value is no
 * array. Numbers too large for a float become infinite. */
bool sg_value_read_floats(const sg_value *value, float *numbers);

/* A short description for sentences, such as "a list of 3 items", into `text` (at least 200
 * bytes); returns text. */
char *sg_value_describe(const sg_value *value, char *text);

#endif
