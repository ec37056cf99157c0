/* Folders that this program made within a folder of pictures. */
#ifndef SG_DATA_SOURCES_MADE_FOLDERS_H
#define SG_DATA_SOURCES_MADE_FOLDERS_H

#include "data/sources/picture_collection.h"

/*
 * Takes files out of the list that lie in folders of training runs (which hold
 * training_options.json) and in sets in the official layout (which hold dataset.json and
 * 00000/img00000000.*), sorts the rest by name, and notes in `notes` what was passed over. Folders
 * around all pictures stay. False on lack of memory.
 */
bool sg_pass_over_made_folders(sg_file_list *list, sg_text *notes);

#endif
