-- SPDX-License-Identifier: Apache-2.0
{-# LANGUAGE BangPatterns #-}
-- A loop that allocates nothing has no other place where the runtime can preempt it.
{-# OPTIONS_GHC -fno-omit-yields #-}

-- | Threads that compute, and do not give way.
module Hogs (hogs) where

import Control.Monad
import Data.Bits (shiftR)
import Data.IORef
import Data.Word (Word64)
import GHC.Clock (getMonotonicTimeNSec)

import SplitMix64
import Tasks

hogs :: Int -> Int -> IO Result
hogs count work = do
    finished <- newIORef 0
    begin <- getMonotonicTimeNSec
    joins <- replicateM count . spawn $ do
        right <- compute $ fromIntegral work * 1000000
        when right $ add finished 1
    sequence_ joins
    elapsed <- since begin
    result elapsed <$> readIORef finished

-- | Computes for a time; returns whether it did what it computed.
compute :: Word64 -> IO Bool
compute time = do
    begin <- getMonotonicTimeNSec
    let go !state !made !rounds = do
            let (later, counted) = steps 1000 state made
            now <- counted `seq` getMonotonicTimeNSec
            if now - begin < time then go later counted (rounds + 1) else return $ counted == (rounds + 1) * 1000
    go 1 0 (0 :: Word64)

-- | Steps of work, each of which counts 1, which the compiler cannot prove.
steps :: Int -> Word64 -> Word64 -> (Word64, Word64)
steps 0 !state !made = (state, made)
steps left state made = steps (left - 1) later (made + max 1 (later `shiftR` 63))
  where
    later = next state
