/*
 * Options of other StyleGAN programs, and what they mean here: one row each. Sources are the option
 * lists of stylegan2-ada-pytorch, stylegan3, StyleGAN2 in TensorFlow (NVlabs), stylegan3-fun
 * (PDillis), stylegan2-ada-pytorch (dvschultz), and both projects of the name stylegan2-pytorch
 * (rosinality, lucidrains).
 */
#ifndef SG_CLI_OPTIONS_FOREIGN_OPTIONS_H
#define SG_CLI_OPTIONS_FOREIGN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* What becomes of an option. */
typedef enum sg_foreign_kind {
    SG_FOREIGN_DROPPED, /* asks for what happens anyway */
    SG_FOREIGN_IGNORED, /* has no meaning here; `text` is the reason, which people are told */
    SG_FOREIGN_SAME,    /* is the option `text` of ours, or all of it: "loss=logistic" */
    SG_FOREIGN_PAIR,   /* one of two numbers that make "AxB" of the option `text`, in table order */
    SG_FOREIGN_COUNT,  /* a number N: "0-(N-1)" of the option `text` */
    SG_FOREIGN_REFUSED /* would change the result; `text` follows "OPTION " in the sentence */
} sg_foreign_kind;

/* The value of an option: none, one, or perhaps a word such as True. */
typedef enum sg_foreign_value { SG_TAKES_NONE, SG_TAKES_VALUE, SG_TAKES_SWITCH } sg_foreign_value;

typedef struct sg_foreign_option {
    const char *commands; /* names with blanks between; NULL: every command */
    const char *name;     /* in lower case with hyphens: "gpus" */
    sg_foreign_value takes;
    sg_foreign_kind kind;
    const char *text;
    const char *when; /* the value that the row is about, in lower case; NULL: any */
} sg_foreign_option;

/*
 * Returns the row for an option of a command with this value (NULL: none was given), or NULL. A row
 * with `when` may be about an option of ours.
 */
const sg_foreign_option *sg_foreign_option_find(const char *command, const char *name,
                                                const char *value);

/* Returns the other row of a pair. */
const sg_foreign_option *sg_foreign_option_partner(const sg_foreign_option *row);

/* Returns true for the first row of a pair. */
bool sg_foreign_option_leads(const sg_foreign_option *row);

enum { SG_FOREIGN_TEXT_BYTES = 2400 };

/*
 * Writes the options that a command takes for those of ours, and those that it ignores, as
 * sentences for its help to `text` of SG_FOREIGN_TEXT_BYTES; returns `text`.
 */
const char *sg_foreign_options_describe(const char *command, char *text);

#endif
