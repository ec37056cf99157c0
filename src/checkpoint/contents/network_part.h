/* The networks within a file of networks. */
#ifndef SG_CHECKPOINT_CONTENTS_NETWORK_PART_H
#define SG_CHECKPOINT_CONTENTS_NETWORK_PART_H

#include <stddef.h>

struct sg_generator;
struct sg_discriminator;
struct sg_encoder;
struct sg_mapper;

/* The generator, the discriminator, the moving average of the generator, an encoder of its w, a
 * mapper that moves them. */
typedef enum sg_network_part {
    SG_PART_G,
    SG_PART_D,
    SG_PART_G_EMA,
    SG_PART_E,
    SG_PART_M
} sg_network_part;

enum { SG_PART_COUNT = 5 };

/* Returns "G", "D", "G_ema", "E" or "M". */
const char *sg_network_part_name(sg_network_part part);

/* Finds the part of that name, which has `length` bytes; SG_PART_COUNT if there is none. */
int sg_network_part_find(const char *name, size_t length);

/* The networks of a file in memory; any may be NULL. */
typedef struct sg_network_parts {
    struct sg_generator *generator;         /* G */
    struct sg_discriminator *discriminator; /* D */
    struct sg_generator *generator_ema;     /* G_ema */
    struct sg_encoder *encoder;             /* E */
    struct sg_mapper *mapper;               /* M */
} sg_network_parts;

#endif
