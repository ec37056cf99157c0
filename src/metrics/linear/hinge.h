/* Support vector machines with a hinge that is not squared, by libsvm; a part of the linear module.
 */
#ifndef SG_METRICS_LINEAR_HINGE_H
#define SG_METRICS_LINEAR_HINGE_H

#include "metrics/formulas/linear_module.h"

/* sg_linear_module.train_hinge. */
bool sg_train_hinge(const sg_svm_samples *samples, double cost, double *weights, double *duals);

#endif
