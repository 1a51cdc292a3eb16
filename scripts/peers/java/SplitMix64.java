// SPDX-License-Identifier: Apache-2.0

final class SplitMix64 {
    private SplitMix64() {}

    /** The first number of the generator with a seed. */
    static long next(long seed) {
        long mixed = seed + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
