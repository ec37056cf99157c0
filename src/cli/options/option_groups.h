/*
 * Options that several commands share: tables for their groups, kinds of values that no common kind
 * covers, and checks. A table's struct is named beside it.
 */
#ifndef SG_CLI_OPTIONS_OPTION_GROUPS_H
#define SG_CLI_OPTIONS_OPTION_GROUPS_H

#include "api/context_fields.h" /* --threads and --exact */
#include "cli/options/options.h"
#include "pictures/picture_set.h"

/* Lists as values: seeds and classes in an sg_number_list, truncations and lengths of training in
 * an sg_decimal_list. The
 * classes are only a text until sg_picture_work_prepare reads them against the network. */
extern const sg_field_codec sg_seeds_codec, sg_classes_codec, sg_psis_codec, sg_lengths_codec;

/* Whole numbers and ranges such as 0-15,40: an sg_number_list. */
extern const sg_field_codec sg_numbers_codec;

/* Tables whose struct is sg_picture_work. */
extern const sg_field_table sg_network_fields_table; /* FILE, required; --config */
extern const sg_field_table sg_seeds_fields_table;   /* --seeds LIST */
extern const sg_field_table sg_class_fields_table;   /* --class N: one for all pictures */
extern const sg_field_table sg_classes_fields_table; /* --class LIST */
extern const sg_field_table sg_outdir_fields_table;  /* --outdir DIR */
extern const sg_field_table sg_figure_fields_table;  /* --plain and --singles */
extern const sg_field_table sg_sheet_fields_table;   /* --plain and --scale */
extern const sg_field_table sg_scale_fields_table;   /* --scale N */
extern const sg_field_table sg_motion_fields_table;  /* --anchor and --move-constant */

/* Keywords of networks, checked and kept as a text: const char *. */
extern const sg_field_codec sg_keywords_codec;

/* What --config is, for the commands with a struct of their own. */
#define SG_CONFIG_OPTION                                                                           \
    SG_OPTION("config", "KEY=VALUE,...",                                                           \
              "keywords of the network that the file cannot tell, such as z_dim=512; D.KEY for "   \
              "the discriminator's")

/* Calls sg_command_work with a state that begins with an sg_picture_work, whose network and center
 * it frees afterwards. */
int sg_picture_work_run(const sg_command *command, const char *label, const char *unit,
                        sg_command_part prepare, sg_command_part work, void *state);

/* "4x2": an sg_grid_size; also "auto", which both numbers SG_GRID_AUTO stand for. */
enum { SG_GRID_AUTO = -1 };
typedef struct sg_grid_size {
    int columns, rows;
} sg_grid_size;
extern const sg_field_codec sg_grid_codec, sg_auto_grid_codec;

/* An option that may be given several times: an sg_text_list. */
enum { SG_MOST_TEXTS = 1000 };
typedef struct sg_text_list {
    const char *texts[SG_MOST_TEXTS];
    size_t count;
} sg_text_list;
extern const sg_field_codec sg_text_list_codec;

/* Fails with SG_ERROR_ARGUMENT when the option was not given (NULL) or is empty. */
sg_status sg_option_needed(const char *option, const char *value, sg_error *error);

/* Reads a list of whole numbers; sentences begin with the option. The caller clears the list. */
sg_status sg_option_numbers(const char *option, const char *text, const char *noun,
                            uint32_t largest, sg_number_list *list, sg_error *error);

#endif
