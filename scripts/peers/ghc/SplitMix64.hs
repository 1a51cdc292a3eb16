-- SPDX-License-Identifier: Apache-2.0

module SplitMix64 (next) where

import Data.Bits
import Data.Word (Word64)

-- | The first number of the generator with a seed.
next :: Word64 -> Word64
next seed = mixed `xor` (mixed `shiftR` 31)
  where
    start = seed + 0x9e3779b97f4a7c15
    half = (start `xor` (start `shiftR` 30)) * 0xbf58476d1ce4e5b9
    mixed = (half `xor` (half `shiftR` 27)) * 0x94d049bb133111eb
{-# INLINE next #-}
