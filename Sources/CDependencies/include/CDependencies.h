// SPDX-License-Identifier: Apache-2.0

#pragma once

/// The names and exact versions of the package's dependencies, as the manifest has them: "swift-nio=2.101.2 ...".
/// The string is static.
const char *dependency_versions(void);
