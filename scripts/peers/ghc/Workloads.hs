-- SPDX-License-Identifier: Apache-2.0
{-# LANGUAGE BangPatterns #-}

-- | The workloads of threads and channels.
module Workloads (pingPong, yielding, ring, spawnJoin, skynet, parked) where

import Control.Concurrent (forkIO, yield)
import Control.Concurrent.MVar
import Control.Exception (evaluate)
import Control.Monad
import Data.IORef
import GHC.Clock (getMonotonicTimeNSec)
import System.Mem (performMajorGC)

import Tasks

pingPong :: Int -> IO Result
pingPong messages = do
    there <- newEmptyMVar
    back <- newEmptyMVar
    arrived <- newIORef 0
    joinPeer <- spawn $ add arrived 1 >> returnIncremented messages there back
    letOthersWait arrived 1
    begin <- getMonotonicTimeNSec
    counter <- play messages there back
    elapsed <- since begin
    joinPeer
    return $ result elapsed counter

play :: Int -> Channel -> Channel -> IO Int
play messages there back = go messages 0
  where
    go :: Int -> Int -> IO Int
    go 0 !counter = return counter
    go left !counter = do
        putMVar there counter
        takeMVar back >>= go (left - 1)

returnIncremented :: Int -> Channel -> Channel -> IO ()
returnIncremented messages there back = times messages $ do
    counter <- takeMVar there
    putMVar back $! counter + 1

yielding :: Int -> Int -> IO Result
yielding threads yields = do
    gate <- newEmptyMVar
    arrived <- newIORef 0
    yielded <- newIORef 0
    joins <- replicateM threads . spawn $ do
        add arrived 1
        readMVar gate
        yieldRepeatedly yields >>= add yielded
    letOthersWait arrived threads
    begin <- getMonotonicTimeNSec
    putMVar gate ()
    sequence_ joins
    elapsed <- since begin
    result elapsed <$> readIORef yielded

yieldRepeatedly :: Int -> IO Int
yieldRepeatedly yields = go 0
  where
    go !count
        | count < yields = yield >> go (count + 1)
        | otherwise = return count

ring :: Int -> Int -> IO Result
ring nodes hops = do
    links <- replicateM nodes newEmptyMVar
    finish <- newEmptyMVar
    arrived <- newIORef 0
    made <- newIORef 0
    joins <- forM (zip3 [0 ..] links (tail links ++ take 1 links)) $ \(number, incoming, outgoing) ->
        spawn $ add arrived 1 >> passOn number incoming outgoing finish >>= add made
    letOthersWait arrived nodes
    begin <- getMonotonicTimeNSec
    putMVar (head links) hops
    lastHolder <- takeMVar finish
    elapsed <- since begin
    forM_ links $ \link -> putMVar link (-1)
    sequence_ joins
    counted <- readIORef made
    return $ result elapsed (counted * nodes + lastHolder)

-- | A node, until it receives a negative value. Returns the number of hops that it made.
passOn :: Int -> Channel -> Channel -> Channel -> IO Int
passOn number incoming outgoing finish = go 0
  where
    go !made = do
        remaining <- takeMVar incoming
        case compare remaining 0 of
            LT -> return made
            EQ -> putMVar finish number >> go made
            GT -> (putMVar outgoing $! remaining - 1) >> go (made + 1)

spawnJoin :: Int -> IO Result
spawnJoin count = do
    total <- newIORef 0
    begin <- getMonotonicTimeNSec
    -- Unshared: the join returns only after the addition.
    forM_ [0 .. count - 1] $ \number -> join . spawn $ modifyIORef' total (+ number)
    elapsed <- since begin
    result elapsed <$> readIORef total

skynet :: Int -> Int -> IO Result
skynet leaves fanOut = do
    total <- newIORef 0
    begin <- getMonotonicTimeNSec
    join $ spawnSubtree fanOut total 0 leaves
    elapsed <- since begin
    result elapsed <$> readIORef total

-- | Spawns a leaf, or a node with children, which adds its sum to the total.
spawnSubtree :: Int -> Sum -> Int -> Int -> IO (IO ())
spawnSubtree _ total !first 1 = spawn $ add total first
spawnSubtree fanOut total first leaves = spawn $ do
    own <- newIORef 0
    spawnChildren fanOut own first leaves >>= sequence_
    readIORef own >>= add total

spawnChildren :: Int -> Sum -> Int -> Int -> IO [IO ()]
spawnChildren fanOut own first leaves = go 0 first
  where
    count = min fanOut leaves
    (least, rest) = leaves `quotRem` count
    go child next
        | child == count = return []
        | otherwise = do
            -- The first children take the remainder.
            let share = if child < rest then least + 1 else least
            joinChild <- spawnSubtree fanOut own next share
            (joinChild :) <$> go (child + 1) (next + share)

parked :: Int -> IO Result
parked count = do
    gate <- newEmptyMVar
    arrived <- newIORef 0
    received <- newIORef 0
    finished <- newIORef 0
    performMajorGC
    before <- residentBytes
    times count . void . forkIO $ do
        add arrived 1
        takeMVar gate >>= add received
        add finished 1
    letOthersWait arrived count
    occupied <- subtract before <$> residentBytes
    forM_ [0 .. count - 1] $ putMVar gate
    letOthersWait finished count
    result occupied <$> readIORef received

-- | The second number in statm, which is in pages, in a unit that does not depend on the machine.
residentBytes :: IO Int
residentBytes = do
    status <- readFile "/proc/self/status"
    _ <- evaluate $ length status
    return $! head [read kilobytes * 1024 | ["VmRSS:", kilobytes, "kB"] <- map words $ lines status]
