/* The networks of other programs. A new one takes a table of names and a row here. */
#ifndef SG_CHECKPOINT_PROGRAMS_PROGRAM_TABLE_H
#define SG_CHECKPOINT_PROGRAMS_PROGRAM_TABLE_H

#include "checkpoint/programs/program_network.h"

/* In the order in which a list of tensors is compared with them. */
#define SG_PROGRAM_NETWORKS(NETWORK)                                                               \
    NETWORK(genforce_stylegan2)                                                                    \
    NETWORK(genforce_stylegan2_discriminator)                                                      \
    NETWORK(genforce_stylegan)                                                                     \
    NETWORK(genforce_stylegan_discriminator)                                                       \
    NETWORK(genforce_progan)                                                                       \
    NETWORK(genforce_progan_discriminator)                                                         \
    NETWORK(hammer_stylegan2)                                                                      \
    NETWORK(interfacegan_stylegan)                                                                 \
    NETWORK(interfacegan_progan)                                                                   \
    NETWORK(huangzh13_generator)                                                                   \
    NETWORK(huangzh13_unblurred_generator)                                                         \
    NETWORK(huangzh13_discriminator)                                                               \
    NETWORK(lernapparat_generator)                                                                 \
    NETWORK(studiogan_discriminator)                                                               \
    NETWORK(basicsr_generator)                                                                     \
    NETWORK(mmgeneration_generator)

#define SG_DECLARE_NETWORK(name) extern const sg_program_network sg_##name##_names;
SG_PROGRAM_NETWORKS(SG_DECLARE_NETWORK)
#undef SG_DECLARE_NETWORK

#endif
