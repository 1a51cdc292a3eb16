// SPDX-License-Identifier: Apache-2.0
//
// Where a signal handler returns to: the frame between the handler's and those of what it has interrupted.

#ifndef SWITCHYARD_TRAMPOLINE_H
#define SWITCHYARD_TRAMPOLINE_H

/// The address that every signal handler of this process returns to. Not to be called by a signal handler, nor by two
/// threads at a time.
///
/// On x86-64 that is a function of the C library, and on aarch64 one of the kernel's vDSO. Both have one for all
/// signals; so a handler that is called for the purpose says where it is, and nothing has to know which it is.
/// Null where no signal can be sent.
const void *find_trampoline(void);

#endif
