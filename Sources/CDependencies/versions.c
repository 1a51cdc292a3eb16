// SPDX-License-Identifier: Apache-2.0

#include "CDependencies.h"

// Package.swift defines it from its table of versions; Swift settings cannot carry a value, C settings can.
#ifndef DEPENDENCY_VERSIONS
#define DEPENDENCY_VERSIONS ""
#endif

const char *dependency_versions(void) { return DEPENDENCY_VERSIONS; }
