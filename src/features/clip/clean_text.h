/* Texts as CLIP's tokenizer takes them. */
#ifndef SG_FEATURES_CLIP_CLEAN_TEXT_H
#define SG_FEATURES_CLIP_CLEAN_TEXT_H

#include "base/error.h"
#include "base/text.h"

/*
 * Appends `text` with references of HTML resolved twice ("&amp;lt;" is "<"), white space at both
 * ends removed and elsewhere one space, in lower case. Fails for texts that are no UTF-8 and for
 * more than SG_LONGEST_CLEAN_TEXT bytes. The caller clears `clean`, also after a failure.
 */
enum { SG_LONGEST_CLEAN_TEXT = 1 << 16 };
sg_status sg_clean_text(const char *text, sg_text *clean, sg_error *error);

#endif
