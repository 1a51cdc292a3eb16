-- SPDX-License-Identifier: Apache-2.0

-- | What the workloads share.
module Tasks (Channel, Result (..), result, Sum, add, spawn, letOthersWait, times, since) where

import Control.Concurrent (forkIO, yield)
import Control.Concurrent.MVar
import Control.Monad
import Data.IORef
import Data.Word (Word64)
import GHC.Clock (getMonotonicTimeNSec)

-- | A channel is an MVar: room for one message, and two fair queues of threads. A thread that puts into an empty one
-- goes on; one that takes hands over to the first that waits.
type Channel = MVar Int

-- | What one run measures, and its answer; of timers, also how late each thread wakes, and what a deadline costs.
data Result = Result
    { measured :: !Int
    , answered :: !Int
    , waits :: !(Maybe ([Int], Double))
    }

-- | That of a workload without timers.
result :: Int -> Int -> Result
result nanoseconds number = Result nanoseconds number Nothing

-- | A sum that threads add to.
type Sum = IORef Int

add :: Sum -> Int -> IO ()
add total number = atomicModifyIORef' total $ \old -> (old + number, ())

-- | Starts a thread, and returns what joins it.
spawn :: IO () -> IO (IO ())
spawn body = do
    done <- newEmptyMVar
    _ <- forkIO $ body >> putMVar done ()
    return $ takeMVar done

-- | Lets others run until so many have arrived, which wait right after.
letOthersWait :: Sum -> Int -> IO ()
letOthersWait arrived count = do
    now <- readIORef arrived
    yield
    when (now < count) $ letOthersWait arrived count

-- | Repeats an action.
times :: Int -> IO () -> IO ()
times count action = go count
  where
    go 0 = return ()
    go left = action >> go (left - 1)
{-# INLINE times #-}

-- | The nanoseconds since a time.
since :: Word64 -> IO Int
since begin = do
    end <- getMonotonicTimeNSec
    return $! fromIntegral (end - begin)
