-- SPDX-License-Identifier: Apache-2.0

-- | Deadlines that expire, and then deadlines that are armed and cancelled.
module Timers (timers) where

import Control.Concurrent (forkIO, killThread, threadDelay)
import Control.Concurrent.MVar
import Control.Monad
import Data.IORef
import Data.List (sort)
import GHC.Clock (getMonotonicTimeNSec)
import System.Timeout (timeout)

import SplitMix64
import Tasks

timers :: Int -> Int -> Int -> IO Result
timers count spread cancelled = do
    gate <- newEmptyMVar
    arrived <- newIORef 0
    sleepers <- forM (shuffled count) $ \number -> do
        late <- newEmptyMVar
        _ <- forkIO $ do
            add arrived 1
            first <- readMVar gate
            sleepUntil (first + number * spread * 1000000 `quot` count) >>= putMVar late
        return late
    letOthersWait arrived count
    begin <- getMonotonicTimeNSec
    -- Time for all to fall asleep before the first deadline.
    putMVar gate $ fromIntegral begin + 10000000 + 20000 * count
    lateness <- mapM takeMVar sleepers
    (received, cost) <- armAndCancel cancelled count
    elapsed <- since begin
    let inTime = length $ filter (>= 0) lateness
    return $ Result elapsed (inTime + received) (Just (map (max 0) lateness, cost))

shuffled :: Int -> [Int]
shuffled count = map snd $ sort [(next $ fromIntegral number, number) | number <- [0 .. count - 1]]

-- | Sleeps until a time in nanoseconds; returns how late it is then.
sleepUntil :: Int -> IO Int
sleepUntil deadline = do
    now <- getMonotonicTimeNSec
    threadDelay $ (deadline - fromIntegral now + 999) `quot` 1000
    woken <- getMonotonicTimeNSec
    return $! fromIntegral woken - deadline

-- | Receives with deadlines, and as many without, beside threads that sleep. Returns how many complete before their
-- deadline, and how much longer one takes.
armAndCancel :: Int -> Int -> IO (Int, Double)
armAndCancel messages count = do
    sleepers <- forM (farOff count) $ forkIO . threadDelay
    batches <- forM [0 .. 9] $ \batch -> do
        let size = messages * (batch + 1) `quot` 10 - messages * batch `quot` 10
        (with, received) <- exchange size . cycle $ map timeout (farOff 256)
        (without, _) <- exchange size $ repeat (fmap Just)
        return (with - without, received)
    mapM_ killThread sleepers
    let (differences, received) = unzip batches
    return (sum received, fromIntegral (sum differences) / fromIntegral messages)

-- | Times of an hour or two, in microseconds.
farOff :: Int -> [Int]
farOff count = [3600000000 + fromIntegral (next number `rem` 3600000000) | number <- [1 .. fromIntegral count]]

-- | Receives messages, each in its own way; returns how long it takes, and how many come.
exchange :: Int -> [IO Int -> IO (Maybe Int)] -> IO (Int, Int)
exchange size ways = do
    channel <- newEmptyMVar :: IO Channel
    joinSender <- spawn . forM_ [1 .. size] $ putMVar channel
    begin <- getMonotonicTimeNSec
    received <- foldM (receive channel) 0 $ zip [1 .. size] ways
    elapsed <- since begin
    joinSender
    return (elapsed, received)
  where
    receive channel received (number, way) = do
        message <- way $ takeMVar channel
        return $! if message == Just number then received + 1 else received
