// SPDX-License-Identifier: Apache-2.0

// The header is all there is; a target needs a source file.
#include "CLinux.h"
