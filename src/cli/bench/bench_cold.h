/* Random networks in temporary files, and pictures by processes that start cold. */
#ifndef SG_CLI_BENCH_BENCH_COLD_H
#define SG_CLI_BENCH_BENCH_COLD_H

#include "checkpoint/network/network_file.h"
#include "cli/bench/bench.h"

enum { SG_BENCH_PATH_BYTES = 4096 };

/*
 * Writes a random network into a new folder under $TMPDIR (or /tmp); both paths have room for
 * SG_BENCH_PATH_BYTES bytes. To be removed in any case.
 */
sg_status sg_bench_make_network(const sg_generator_config *config, char *folder, char *path,
                                sg_error *error);
void sg_bench_remove_network(const char *folder, const char *path);

/*
 * Times `stylegan generate` of one picture by processes of their own, and reports as
 * cold/CFG/RESOLUTION what the fastest spends beyond `arithmetic` seconds: start, reading and
 * packing the network, first use of memory, writing the picture.
 */
sg_status sg_bench_cold(const sg_bench *bench, const char *folder, const char *path, int resolution,
                        double arithmetic, sg_error *error);

#endif
