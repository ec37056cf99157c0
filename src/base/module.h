/*
 * Modules: parts of the library in shared objects of their own, opened when they are first needed,
 * because the libraries that they link would slow down the start of every program.
 */
#ifndef SG_BASE_MODULE_H
#define SG_BASE_MODULE_H

#include "base/error.h"

/* How the sentence ends where the build was configured without the module. */
#define SG_MODULE_LEFT_OUT "this build was made without them"

/*
 * Opens the module stylegan-NAME.so and returns the address of its variable `symbol` in *address, a
 * struct that begins with a function `const char *version(void)`: the module must be of this
 * version. The file is beside the program (in a build), or in LIBDIR/stylegan of the program's
 * prefix or beside the shared library (installed). The module stays open until the program ends.
 * Fails with SG_ERROR_LIBRARY and a sentence that begins with `purpose`, "... needs LIBRARIES", and
 * goes on with ", and stylegan-NAME.so cannot be opened: REASON", or with SG_MODULE_LEFT_OUT;
 * *address is NULL then.
 */
sg_status sg_module_open(const char *name, const char *symbol, const char *purpose,
                         const void **address, sg_error *error);

#endif
