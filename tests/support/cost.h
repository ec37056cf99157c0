/* Bounds on time and memory of tests that read hostile files. */
#ifndef SUPPORT_COST_H
#define SUPPORT_COST_H

/* Whether memory and time are the program's: those of the address sanitizer are not. */
#ifdef __SANITIZE_ADDRESS__
enum { COST_IS_OURS = 0 };
#else
enum { COST_IS_OURS = 1 };
#endif

/*
 * cmocka's setup and teardown: the test fails when it took more than 5 seconds of the processor's
 * time, or the process more than 500 MB so far. Under the address sanitizer nothing is measured.
 */
int cost_setup(void **state);
int cost_teardown(void **state);

#endif
