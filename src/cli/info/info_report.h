/* The two ways in which `info` tells what a network file holds. */
#ifndef SG_CLI_INFO_INFO_REPORT_H
#define SG_CLI_INFO_INFO_REPORT_H

#include "cli/info/network_summary.h"

/* Prints the file, of that many bytes, and its networks to standard output, for people. */
void sg_info_print_text(const sg_network_file *file, uint64_t bytes,
                        const sg_network_summary *summaries, size_t count);

/*
 * Prints the same as one JSON object: "file", "format", "dialect" (null for the native format),
 * "bytes", "metadata", "ignored" and "networks", an object with an entry per network: "family",
 * "init_kwargs", "w_avg_estimated" (whether the file has no average of w), "parameters", "buffers"
 * and "layers" (each with "name", "parameters", "buffers", "output" and "tensors"). A network that
 * cannot be built has "error", and "init_kwargs" when its family is known. Fails with
 * SG_ERROR_MEMORY.
 */
sg_status sg_info_print_json(const sg_network_file *file, uint64_t bytes,
                             const sg_network_summary *summaries, size_t count, sg_error *error);

#endif
