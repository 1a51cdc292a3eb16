// SPDX-License-Identifier: Apache-2.0
//
// The return address of signal handlers: the frame between the handler and the interrupted code.

#ifndef SWITCHYARD_TRAMPOLINE_H
#define SWITCHYARD_TRAMPOLINE_H

/// Returns the address that every signal handler of this process returns to, or null if no signal can be sent. Must not
/// be called in a signal handler, nor on two threads at a time.
///
/// On x86-64 that is a function of the C library, and on aarch64 one of the kernel's vDSO. Both use one for all
/// signals, so a handler that runs just for this finds it, on either.
const void *find_trampoline(void);

#endif
