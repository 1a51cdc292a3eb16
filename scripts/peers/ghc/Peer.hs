-- SPDX-License-Identifier: Apache-2.0
{-# LANGUAGE BangPatterns #-}

-- | The workloads on GHC's threads. See ../README.md for the protocol.
module Main (main) where

import Control.Concurrent (forkIO, yield)
import Control.Concurrent.MVar
import Control.Exception (evaluate)
import Control.Monad
import Data.IORef
import Data.List (intercalate, stripPrefix)
import Data.Maybe (mapMaybe)
import Data.Version (showVersion)
import Data.Word (Word64)
import GHC.Clock (getMonotonicTimeNSec)
import System.Environment (getArgs)
import System.Exit (exitFailure)
import System.IO
import System.Info (fullCompilerVersion)
import System.Mem (performMajorGC)

-- | A channel is an MVar: room for one message, and two fair queues of threads. A thread that puts into an empty one
-- goes on; one that takes hands over to the first that waits.
type Channel = MVar Int

-- | What one run measures, and its answer.
data Result = Result !Int !Int

data Workload = Workload
    { name :: String
    , parameters :: [String]
    , measure :: String
    , run :: [Int] -> IO Result
    }

workloads :: [Workload]
workloads =
    [ Workload "ping-pong" ["messages"] "nanoseconds" $ \[messages] -> pingPong messages
    , Workload "yield" ["tasklets", "yields"] "nanoseconds" $ \[threads, yields] -> yielding threads yields
    , Workload "ring" ["nodes", "hops"] "nanoseconds" $ \[nodes, hops] -> ring nodes hops
    , Workload "spawn-join" ["count"] "nanoseconds" $ \[count] -> spawnJoin count
    , Workload "skynet" ["leaves", "fan-out"] "nanoseconds" $ \[leaves, fanOut] -> skynet leaves fanOut
    , Workload "parked" ["count"] "bytes" $ \[count] -> parked count
    ]

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

-- | Runs all others until they wait: there is one capability, and what counts in the sum waits right after.
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
    return $ Result elapsed counter

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
    Result elapsed <$> readIORef yielded

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
    return $ Result elapsed (counted * nodes + lastHolder)

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
    Result elapsed <$> readIORef total

skynet :: Int -> Int -> IO Result
skynet leaves fanOut = do
    total <- newIORef 0
    begin <- getMonotonicTimeNSec
    join $ spawnSubtree fanOut total 0 leaves
    elapsed <- since begin
    Result elapsed <$> readIORef total

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
    Result occupied <$> readIORef received

-- | The second number in statm, which is in pages, in a unit that does not depend on the machine.
residentBytes :: IO Int
residentBytes = do
    status <- readFile "/proc/self/status"
    _ <- evaluate $ length status
    return $! head [read kilobytes * 1024 | ["VmRSS:", kilobytes, "kB"] <- map words $ lines status]

announce :: IO ()
announce = putStrLn $ "{\"protocol\": 1, \"name\": \"ghc\", \"version\": \"GHC " ++ showVersion fullCompilerVersion
    ++ "\", \"workloads\": [" ++ intercalate ", " (map (show . name) workloads) ++ "]}"

-- | The values of the arguments NAME=VALUE, in the order of the workload's parameters.
parse :: Workload -> [String] -> [Int]
parse workload arguments = map value $ parameters workload
  where
    value parameter = case mapMaybe (stripPrefix $ parameter ++ "=") arguments of
        given : _ -> read given
        [] -> error $ parameter ++ " is missing"

answerLines :: Workload -> [Int] -> IO ()
answerLines workload values = do
    atEnd <- isEOF
    unless atEnd $ do
        line <- getLine
        case words line of
            ["run", number] -> performed (read number) >>= answer
            _ -> putStrLn "{\"error\": \"the line is not understood\"}"
        hFlush stdout
        answerLines workload values
  where
    performed :: Int -> IO Result
    performed number = foldM (\(Result total _) _ -> plus total <$> run workload values) (Result 0 0) [1 .. number]
    plus total (Result measured answered) = Result (total + measured) answered
    answer (Result total answered) = putStrLn $
        "{\"" ++ measure workload ++ "\": " ++ show total ++ ", \"answer\": " ++ show answered ++ "}"

main :: IO ()
main = do
    arguments <- getArgs
    case arguments of
        ["announce"] -> announce
        (wanted : rest)
            | [workload] <- filter ((== wanted) . name) workloads -> answerLines workload $ parse workload rest
        _ -> hPutStrLn stderr "usage: peer announce | peer WORKLOAD NAME=VALUE ..." >> exitFailure
