// SPDX-License-Identifier: Apache-2.0

/// The first number of the SplitMix64 generator with a seed.
func splitMix64(_ seed: UInt64) -> UInt64 {
    var mixed = seed &+ 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
}
