/* Reads the networks in a file of any format. */
#ifndef FUZZ_NETWORKS_H
#define FUZZ_NETWORKS_H

/*
 * Opens the file, reads every tensor, and loads the networks in it. Of a network that
 * would take too long to build, only the config is read.
 */
void fuzz_read_networks(const char *path);

#endif
