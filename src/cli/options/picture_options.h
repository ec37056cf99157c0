/*
 * What the picture commands share: options of the same name and meaning, and the network that they
 * name. Whatever returns an int returns an exit status, and has said on standard error what is
 * wrong when that is not SG_EXIT_DONE.
 */
#ifndef SG_CLI_OPTIONS_PICTURE_OPTIONS_H
#define SG_CLI_OPTIONS_PICTURE_OPTIONS_H

#include "base/number_list.h"
#include "cli/options/legacy_options.h"
#include "latent/transform.h"
#include "pictures/picture_network.h"

enum {
    SG_MOST_PICTURES = SG_LIST_LIMIT, /* that one call paints */
    SG_LARGEST_GRID_SIDE = 10000      /* pictures */
};

/* How the arithmetic is done: the options --threads and --exact. */
typedef struct sg_compute_options {
    int threads; /* 0: all processors */
    int exact;   /* direct convolutions only */
} sg_compute_options;

/* Their rows in a command's table. */
#define SG_COMPUTE_TABLE(compute)                                                                  \
    {"exact",                                                                                      \
     0,                                                                                            \
     POPT_ARG_NONE,                                                                                \
     &(compute)->exact,                                                                            \
     0,                                                                                            \
     "convolve directly, without the faster algorithms whose results differ by rounding",          \
     NULL},                                                                                        \
    {                                                                                              \
        "threads", 0, POPT_ARG_INT, &(compute)->threads, 0, "threads (all processors)", "N"        \
    }

/* Where the pictures of a StyleGAN3 are: the options --translate, --rotate and --anchor; with
 * --move-constant, the first two are for a StyleGAN2 as well. */
typedef struct sg_place_options {
    char *translate; /* "X,Y"; NULL: not given */
    double rotate;   /* degrees */
    int anchor, move_constant;
    sg_transform transform; /* what the first two say, once checked */
} sg_place_options;

/* The row of --anchor in a command's table. */
#define SG_ANCHOR_ROW(place)                                                                       \
    {                                                                                              \
        "anchor", 0, POPT_ARG_NONE, &(place)->anchor, 0,                                           \
            "place all pictures of a StyleGAN3 as the average one is, where each w moves and "     \
            "turns its own",                                                                       \
            NULL                                                                                   \
    }

/* The row of --move-constant. */
#define SG_MOVE_CONSTANT_ROW(place)                                                                \
    {                                                                                              \
        "move-constant", 0, POPT_ARG_NONE, &(place)->move_constant, 0,                             \
            "let --translate and --rotate move the constant of a StyleGAN2, read as waves, to "    \
            "see how its details stick to the pixels",                                             \
            NULL                                                                                   \
    }

/* An option that the command cannot do without. */
typedef struct sg_required_option {
    const char *name; /* "--seeds" */
    const char *value;
} sg_required_option;

/* Refuses options without a value, and folders or files of no name, which come last. */
int sg_check_required(const sg_usage *usage, const sg_required_option *options, size_t count);

/* Refuses a number of threads that is not 0 (all) or a reasonable one. */
int sg_check_threads(const sg_usage *usage, int threads);

/* Refuses a truncation that is not a finite number. */
int sg_check_psi(const sg_usage *usage, double psi);

/* Reads "WxH", such as "4x2", of --grid. */
int sg_check_grid(const sg_usage *usage, const char *text, int *columns, int *rows);

/* Reads --noise-mode; `name` NULL: const. */
int sg_check_noise_mode(const sg_usage *usage, const char *name, sg_noise_mode *mode);

/* Reads the seeds of an option, such as "--seeds"; the caller clears them. */
int sg_check_seeds(const sg_usage *usage, const char *option, const char *text,
                   sg_number_list *seeds);

/* Says what is wrong with the list of an option. */
int sg_list_failure(const sg_usage *usage, const char *option, const sg_error *error);

/* Reads --translate and --rotate. */
int sg_check_place(const sg_usage *usage, sg_place_options *place);

/* Opens the file at `path`, which must outlive the network, and reads its config. */
int sg_open_network(const sg_usage *usage, const char *path, sg_picture_network *network);

/*
 * Reads --class (NULL: not given) against the opened network's classes; the caller clears the list.
 * An unconditional network takes none: its list is one number that counts for nothing.
 */
int sg_check_classes(const sg_usage *usage, const sg_picture_network *network, const char *text,
                     sg_number_list *classes);

/* Builds the generator. */
sg_status sg_load_network(sg_picture_network *network, const sg_compute_options *compute,
                          sg_error *error);

/* Prints a library's note as a warning of the command whose usage `owner` is. */
void sg_print_note(const void *owner, const char *sentence);

/* Anchors the loaded network when that is asked for; refuses a place for a network that has none.
 */
int sg_place_pictures(const sg_usage *usage, const sg_picture_network *network,
                      const sg_place_options *place);

#endif
