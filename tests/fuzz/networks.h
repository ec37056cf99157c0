/* Reading of the networks in a file of any format. */
#ifndef FUZZ_NETWORKS_H
#define FUZZ_NETWORKS_H

/*
 * Opens the file, reads every tensor, and loads the networks in it. A network that would take all
 * the time to make is only configured.
 */
void fuzz_read_networks(const char *path);

#endif
