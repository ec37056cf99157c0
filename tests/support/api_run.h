/* Trainings of a second or less through the public interface, for tests. */
#ifndef SUPPORT_API_RUN_H
#define SUPPORT_API_RUN_H

#include "stylegan.h"

/* Options of a run over 64 pictures in batches of 8 with tiny networks, on tests/support/tiny_run's
 * data; `data` and `outdir` are borrowed. */
sg_training_options api_run_options(const char *data, const char *outdir);

#endif
