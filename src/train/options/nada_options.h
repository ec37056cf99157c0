/* Options of trainings towards words: of StyleGAN-NADA (Gal et al. 2022), by which a copy of a
 * generator is moved to another domain, and of mappers. */
#ifndef SG_TRAIN_OPTIONS_NADA_OPTIONS_H
#define SG_TRAIN_OPTIONS_NADA_OPTIONS_H

#include "base/choices.h"
#include "base/fields.h"
#include "models/mapper/mapper_config.h"
#include "train/losses/nada.h"

/* Bytes of a text that says what pictures are moved to, and of a path in the options of a run. */
enum { SG_WORDS_BYTES = 1024, SG_PATH_BYTES = 4096 };

/* What a generator is moved from and to. A text is empty where there is none. */
typedef struct sg_nada_words {
    char source[SG_WORDS_BYTES], target[SG_WORDS_BYTES];
    char text[SG_WORDS_BYTES];      /* of a mapper */
    char towards[SG_WORDS_BYTES];   /* attributes of the classifier, "smile" or "smile=2,hat" */
    char classifier[SG_PATH_BYTES]; /* its network file */
    char templates[SG_PATH_BYTES];  /* file of prompts with {} for the texts; empty: our own */
} sg_nada_words;

/* All zero: no generator is moved. */
typedef struct sg_nada_options {
    bool moves;         /* a copy of a generator is trained, in place of a pair */
    double directional; /* weights of the losses; SG_FOLLOWS: by what pictures are moved to */
    double global;
    double manifold;
    int distance;    /* sg_nada_distance of directions */
    int layers;      /* layers that train in each step; 0: all */
    int layer_steps; /* steps of w by which they are chosen */
    int layer_batch; /* latents by which they are chosen */
} sg_nada_options;

/* Options of a mapper's training (Patashnik et al. 2021, section 5). All zero: none is trained. */
typedef struct sg_mapper_options {
    bool maps;               /* a mapper is trained, in place of a pair */
    sg_mapper_config mapper; /* sizes, which follow from the generator's file */
    double l2;               /* weight of the mean square of the moves of w */
} sg_mapper_options;

/* Reads a text of words, char[SG_WORDS_BYTES], for a row of fields. */
extern const sg_field_codec sg_words_codec;

/* "cosine", "mse", "mae". */
extern const sg_choices sg_nada_distance_choices;

#endif
