/* The environment that a program outside has, for tests of how threads wait. */
#ifndef SUPPORT_PLAIN_ENVIRONMENT_H
#define SUPPORT_PLAIN_ENVIRONMENT_H

/*
 * Starts the test program again without the variables that keep OpenMP's threads from spinning,
 * which OpenMP reads when it is loaded and the suite sets; returns where there are none. To be
 * called first in main.
 */
void leave_wait_policy(char **argv);

#endif
