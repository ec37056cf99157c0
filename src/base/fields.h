/*
 * Tables of fields: one row says what a member of a struct is called, holds and means, and from it
 * come command-line options, JSON in and out, range checks, help, manual pages and sentences.
 *
 * A limit, a default or a spelling stands in one row and nowhere else. "Given" is a bit per row, so
 * that no value is needed to stand for "not given".
 */
#ifndef SG_BASE_FIELDS_H
#define SG_BASE_FIELDS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/choices.h"
#include "base/error.h"
#include "base/text.h"

/* What a member is, with its type in C. */
typedef enum sg_field_kind {
    SG_FIELD_FLAG,     /* bool */
    SG_FIELD_INT,      /* int */
    SG_FIELD_UINT64,   /* uint64_t, at most 2^53: JSON's numbers are doubles */
    SG_FIELD_NUMBER,   /* double, finite */
    SG_FIELD_TEXT,     /* const char *, borrowed from where the value was read */
    SG_FIELD_CHOICE,   /* an enum (int), spelled by `choices` */
    SG_FIELD_INTS,     /* int[count] */
    SG_FIELD_NUMBERS,  /* double[count] */
    SG_FIELD_FLOATS,   /* float[count], of which the int at `count_offset` says how many count */
    SG_FIELD_OBJECT,   /* a struct, by the rows of `nested` */
    SG_FIELD_CODED,    /* anything, read and written by `codec` */
    SG_FIELD_CONSTANT, /* no member: read and ignored, written as the number `null_value` */
    SG_FIELD_IGNORED   /* no member: read and ignored, never written */
} sg_field_kind;

enum {
    SG_FIELD_NULLABLE = 1,   /* JSON's null is a value: `null_value`, no float count */
    SG_FIELD_CHANGED = 2,    /* written to JSON only where it differs from the defaults */
    SG_FIELD_UNSAVED = 4,    /* never in JSON */
    SG_FIELD_READ_ONLY = 8,  /* read from JSON, never written */
    SG_FIELD_OPTIONAL = 16,  /* may be missing in JSON of which all fields are needed */
    SG_FIELD_REQUIRED = 32,  /* a command cannot do without the option; a text must not be empty */
    SG_FIELD_ABOVE = 64,     /* `least` itself is out of range */
    SG_FIELD_REPEATED = 128, /* an option that may be given several times, each parsed in turn */
    SG_FIELD_POSITIONAL = 256, /* also the value of an argument that is no option */
    SG_FIELD_INVERTED = 512,   /* a flag's option sets it to false: --no-loop */
    SG_FIELD_ZERO_NONE = 1024  /* 0 in structs and JSON is "none", which no text can say */
};

typedef struct sg_field_table sg_field_table;

/* How a value of no common kind is read and written. All but `parse` may be NULL. */
typedef struct sg_field_codec {
    /* Reads a text; fails with the part of a sentence that follows "NAME " ("takes WIDTHxHEIGHT
     * ..., not \"%s\"") or, when it begins with a colon, "NAME". */
    sg_status (*parse)(const char *text, void *value, sg_error *error);
    /* The same for JSON; false for a value that is not as `expected` says. */
    bool (*from_json)(const cJSON *json, void *value);
    const char *expected; /* "true, false or \"auto\"" */
    /* A new item; NULL on lack of memory. */
    cJSON *(*to_json)(const void *value);
    /* Appends what `parse` reads; NULL: the text that `to_json` gives. */
    void (*print)(const void *value, sg_text *text);
    /* Frees what an option's value owns, and zeroes it, after the command has run. */
    void (*clear)(void *value);
} sg_field_codec;

/* One row. What is left out is zero or NULL. */
typedef struct sg_field {
    const char *name; /* in JSON */
    sg_field_kind kind;
    size_t offset;             /* of the member in the table's struct */
    double least, most;        /* of numbers, both included; both 0: from 0 to the kind's largest */
    const sg_choices *choices; /* SG_FIELD_CHOICE; of a flag with a value: the words for false and
                                  true, NULL for a flag that is merely given or not */
    const sg_field_table *nested; /* SG_FIELD_OBJECT */
    const sg_field_codec *codec;  /* SG_FIELD_CODED */
    size_t count;                 /* of arrays: how many elements, or at most */
    size_t count_offset;          /* SG_FIELD_FLOATS */
    double null_value;            /* what null stands for, or the constant */
    unsigned flags;               /* SG_FIELD_NULLABLE ... */
    /* How people know it. */
    const char *option;   /* on the command line, without dashes; NULL: it is no option */
    char letter;          /* its short form, "-n"; 0: none */
    const char *member;   /* in the public header's struct; NULL: as in JSON */
    size_t public_offset; /* of that member plus one; 0: the public struct has none */
    const char *value;    /* "N", for help; NULL for a flag */
    const char *help;     /* a phrase in lower case, without its default */
    const char *usual;    /* the default as help shows it: "32; dcgan 64"; NULL: none is shown */
    const char *group;    /* the heading in help: "Data"; NULL: as the row before */
    unsigned audience;    /* bits of those that read it, in the table's own meaning; 0: everybody */
} sg_field;

/*
 * Parts of a row, so that it takes two lines: kind, member and range; then what people see of it.
 *
 *     {"batch", SG_INT(sg_run_options, trainer.batch, 1, 65536),
 *      SG_OPTION("batch", "N", "images per step"), SG_USUAL("32"), SG_GROUP("Data")},
 */
#define SG_MEMBER(kind_, type, member_) .kind = SG_FIELD_##kind_, .offset = offsetof(type, member_)
#define SG_FLAG(type, member_) SG_MEMBER(FLAG, type, member_)
#define SG_INT(type, member_, least_, most_)                                                       \
    SG_MEMBER(INT, type, member_), .least = (least_), .most = (most_)
#define SG_UINT64(type, member_, most_) SG_MEMBER(UINT64, type, member_), .most = (most_)
#define SG_NUMBER(type, member_, least_, most_)                                                    \
    SG_MEMBER(NUMBER, type, member_), .least = (least_), .most = (most_)
#define SG_TEXT(type, member_) SG_MEMBER(TEXT, type, member_)
#define SG_CHOICE(type, member_, choices_) SG_MEMBER(CHOICE, type, member_), .choices = (choices_)
#define SG_CODED(type, member_, codec_) SG_MEMBER(CODED, type, member_), .codec = (codec_)
#define SG_OBJECT(type, member_, nested_) SG_MEMBER(OBJECT, type, member_), .nested = (nested_)
#define SG_FLAGS(flags_) .flags = (flags_)
#define SG_OPTION(option_, value_, help_) .option = (option_), .value = (value_), .help = (help_)
#define SG_USUAL(usual_) .usual = (usual_)
#define SG_GROUP(group_) .group = (group_)

struct sg_field_table {
    const sg_field *rows;
    size_t count;
    const sg_field_table *also; /* more rows for the same struct, or NULL */
};

/* Defines a table NAME_table of an array of rows NAME. */
#define SG_FIELD_TABLE(name, more)                                                                 \
    const sg_field_table name##_table = {name, sizeof(name) / sizeof((name)[0]), more}

/* Which rows of a table (its own, then those of `also`) were given a value. */
typedef struct sg_given {
    uint64_t bits[2];
} sg_given;

enum { SG_MOST_FIELDS = 128 };

/* Marks the row at `index`; takes the mark away; tells whether it is marked. */
void sg_given_set(sg_given *given, size_t index);
void sg_given_clear(sg_given *given, size_t index);
bool sg_given_has(const sg_given *given, size_t index);

/* Returns the row at `index`, counted through `also`; NULL after the last. */
const sg_field *sg_field_at(const sg_field_table *table, size_t index);

/* Returns the bytes of a plain member; 0 for structs, lists of floats and rows without one. */
size_t sg_field_bytes(const sg_field *field);

/* Tells whether a row whose member lies at `offset` was given; marks the rows with that member. */
bool sg_given_at(const sg_field_table *table, const sg_given *given, size_t offset);
void sg_given_set_at(const sg_field_table *table, sg_given *given, size_t offset);
#define SG_IS_GIVEN(table, given, type, member) sg_given_at(table, given, offsetof(type, member))

/* Copies the members that were given from one struct to another of the same type. */
void sg_fields_copy_given(const sg_field_table *table, const sg_given *given, const void *from,
                          void *to);

/*
 * Copies the members of the public struct `source` that differ from those of `initial` to `target`,
 * and marks their rows in `given`. Choices and coded values are texts in public structs, of which
 * NULL is as good as the initial value; other members have the type of their kind. Fails with
 * SG_ERROR_ARGUMENT for a value out of range.
 */
sg_status sg_fields_from_public(const sg_field_table *table, const void *source,
                                const void *initial, void *target, sg_given *given,
                                sg_error *error);

/* Copies members to a public struct, except choices and coded values. */
void sg_fields_to_public(const sg_field_table *table, const void *source, void *target);

/* How a sentence spells a field: as the library's callers, the command line or JSON know it. */
typedef enum sg_spelling { SG_SPELL_MEMBER, SG_SPELL_OPTION, SG_SPELL_KEYWORD } sg_spelling;

enum { SG_FIELD_SPELLING_BYTES = 64 };

/* Writes the field's name to `text` of SG_FIELD_SPELLING_BYTES; returns `text`. */
const char *sg_field_spell(const sg_field *field, sg_spelling spelling, char *text);

/* Returns the index of the row with this JSON keyword (of this option), or -1. */
int sg_field_find(const sg_field_table *table, const char *keyword);
int sg_field_find_option(const sg_field_table *table, const char *option);

/*
 * Reads a text into the member of a struct, checking kind and range. Texts are borrowed. Fails with
 * SG_ERROR_ARGUMENT and "NAME is VALUE, but must be from LEAST to MOST" or the like.
 */
sg_status sg_field_parse(const sg_field *field, const char *text, void *target,
                         sg_spelling spelling, sg_error *error);

/*
 * Appends the value of a member as sg_field_parse reads it, numbers in the fewest digits that give
 * them back; nothing for values that no text can say. text->failed notes lack of memory.
 */
void sg_field_print(const sg_field *field, const void *source, sg_text *text);

/*
 * Checks the value of a member against kind and range, with the same sentences; the members of a
 * nested struct one by one. The value of a null is in range.
 */
sg_status sg_field_check(const sg_field *field, const void *target, sg_spelling spelling,
                         sg_error *error);

/* Checks all members that were given; `given` NULL: all. */
sg_status sg_fields_check(const sg_field_table *table, const void *target, const sg_given *given,
                          sg_spelling spelling, sg_error *error);

/*
 * Puts the command line's spelling into a sentence of the library, which names fields in double
 * quotes: "batch_part" becomes --batch-gpu where a row says so. Changes `text` of `size` bytes.
 */
void sg_fields_respell(const sg_field_table *table, char *text, size_t size);

/* What is expected of a value: "a whole number from 1 to 65536". Returns `text` of `size` bytes. */
const char *sg_field_expected(const sg_field *field, char *text, size_t size);

/* How a JSON object is read. */
typedef struct sg_fields_reading {
    const char *subject; /* in sentences: "the network's config" */
    const char *name;    /* of the object within it: "init_kwargs"; NULL: the subject itself */
    bool all_needed;     /* a field that is missing is an error, unless it is optional */
    bool skip_unknown;   /* a keyword that no row knows is passed over, not an error */
    /* Tells whether an unknown keyword of this value is passed over; NULL: none is. */
    bool (*skips)(const char *keyword, const cJSON *value);
} sg_fields_reading;

/*
 * Reads an object into a struct that holds the defaults. Marks in `given` (NULL: nobody asks) the
 * rows that it has. Fails with SG_ERROR_FORMAT for another kind of value, a value out of range, an
 * unknown keyword, or one that stands twice; the struct is half filled then. Nesting is bounded by
 * the tables. Texts are borrowed from `object`.
 */
sg_status sg_fields_from_json(const sg_field_table *table, const sg_fields_reading *reading,
                              const cJSON *object, void *target, sg_given *given, sg_error *error);

/*
 * Adds the struct's fields to `object` in the table's order; rows that are SG_FIELD_CHANGED only
 * where they differ from `defaults`, nested objects of such rows only where they hold anything.
 * False when memory ran out; what was added so far stays.
 */
bool sg_fields_to_json(const sg_field_table *table, const void *source, const void *defaults,
                       cJSON *object);

/* Adds an item to an object, which owns it from now on; false, with the item deleted, on lack of
 * memory, for which a NULL item or object stands as well. */
bool sg_json_add(cJSON *object, const char *key, cJSON *item);

#endif
