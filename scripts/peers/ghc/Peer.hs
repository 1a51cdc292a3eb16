-- SPDX-License-Identifier: Apache-2.0

-- | The workloads on GHC's threads. See ../README.md for the protocol.
module Main (main) where

import Control.Concurrent (runInUnboundThread)
import Control.Monad
import Data.List (intercalate, nub, stripPrefix)
import Data.Maybe (mapMaybe)
import Data.Version (showVersion)
import System.Environment (getArgs)
import System.Exit (exitFailure)
import System.IO
import System.Info (fullCompilerVersion)

import Hogs
import Servers
import Tasks
import Timers
import Workloads

data Workload = Workload
    { name :: String
    , parameters :: [String]
    , measure :: String
    , run :: [Int] -> IO Result
    , listen :: [Int] -> IO Int
    }

workloads :: [Workload]
workloads =
    [ timed "ping-pong" ["messages"] $ \[messages] -> pingPong messages
    , timed "yield" ["tasklets", "yields"] $ \[threads, yields] -> yielding threads yields
    , timed "ring" ["nodes", "hops"] $ \[nodes, hops] -> ring nodes hops
    , timed "spawn-join" ["count"] $ \[count] -> spawnJoin count
    , timed "skynet" ["leaves", "fan-out"] $ \[leaves, fanOut] -> skynet leaves fanOut
    , (timed "parked" ["count"] $ \[count] -> parked count) { measure = "bytes" }
    , timed "timers" ["count", "spread", "cancelled"] $ \[count, spread, cancelled] -> timers count spread cancelled
    , server "echo" ["bytes"] $ \[bytes] -> serveEcho bytes
    , server "http-server" [] $ \_ -> servePage
    , server "fan-out-http" ["fan-out", "delay"] $ \[width, delay] -> serveSums width delay
    , (server "hog" ["hogs", "work"] $ \_ -> serveEcho 64) { run = \[count, work] -> hogs count work }
    ]

timed :: String -> [String] -> ([Int] -> IO Result) -> Workload
timed wanted names action = Workload wanted names "nanoseconds" action (const $ fail "this is no server")

server :: String -> [String] -> ([Int] -> IO Int) -> Workload
server wanted names = Workload wanted names "nanoseconds" (const $ fail "this is only a server")

announce :: IO ()
announce = putStrLn $ "{\"protocol\": 1, \"name\": \"ghc\", \"version\": \"GHC " ++ showVersion fullCompilerVersion
    ++ "\", \"workloads\": [" ++ intercalate ", " (map (show . name) workloads) ++ "], \"parallel\": true}"

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
            ["run", number] -> replicateM (read number) (run workload values) >>= putStrLn . answer (measure workload)
            ["listen"] -> listen workload values >>= \port -> putStrLn $ "{\"port\": " ++ show port ++ "}"
            _ -> putStrLn "{\"error\": \"the line is not understood\"}"
        hFlush stdout
        answerLines workload values

answer :: String -> [Result] -> String
answer unit results = case nub $ map answered results of
    [same] -> "{" ++ intercalate ", " (field unit total : field "answer" same : more) ++ "}"
    _ -> "{\"error\": \"the answers of the runs differ\"}"
  where
    total = sum $ map measured results
    field key value = show key ++ ": " ++ show value
    more = case unzip $ mapMaybe waits results of
        ([], _) -> []
        (lateness, costs) ->
            [field "lateness" $ concat lateness, field "arm-cancel" $ sum costs / fromIntegral (length costs)]

-- | All is done in a thread that is not bound to one of the kernel, as those of the workloads.
main :: IO ()
main = runInUnboundThread $ do
    arguments <- getArgs
    case arguments of
        ["announce"] -> announce
        (wanted : rest)
            | [workload] <- filter ((== wanted) . name) workloads -> answerLines workload $ parse workload rest
        _ -> hPutStrLn stderr "usage: peer announce | peer WORKLOAD NAME=VALUE ..." >> exitFailure
