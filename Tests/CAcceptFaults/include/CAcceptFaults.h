// SPDX-License-Identifier: Apache-2.0

#ifndef CACCEPTFAULTS_H
#define CACCEPTFAULTS_H

/// Makes accept4(2) fail on the calling thread, as often as told and with that errno, before it succeeds again.
///
/// The test program's own accept4 takes the place of the C library's, so that calls by libraries fail, too.
void fail_accepts(int code, int times);

/// How many calls on the calling thread have failed that way.
int failed_accepts(void);

#endif
