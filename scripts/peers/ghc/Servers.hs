-- SPDX-License-Identifier: Apache-2.0
{-# LANGUAGE OverloadedStrings #-}

-- | Servers, with a thread for each connection.
module Servers (serveEcho, servePage, serveSums) where

import Control.Concurrent (forkFinally, forkIO, threadDelay)
import Control.Concurrent.Async (mapConcurrently)
import Control.Exception (SomeException)
import Control.Monad
import Data.Bits
import qualified Data.ByteString.Builder as Builder
import qualified Data.ByteString.Char8 as Bytes
import qualified Data.ByteString.Lazy.Char8 as Lazy
import Data.Word (Word64, Word8)
import Foreign.Marshal.Alloc (allocaBytes)
import Foreign.Ptr (Ptr, plusPtr)
import qualified Network.HTTP.Client as Client
import Network.HTTP.Types (status200, status404)
import Network.Socket
import Network.Wai (Application, Response, rawPathInfo, responseBuilder)
import Network.Wai.Handler.Warp (defaultSettings, runSettingsSocket, setOnException)

import SplitMix64

-- | Sends back what comes.
serveEcho :: Int -> IO Int
serveEcho size = do
    (listener, port) <- open
    _ <- forkIO . forever $ do
        (connection, _) <- accept listener
        setSocketOption connection NoDelay 1
        forkFinally (allocaBytes size $ sendBack connection size) . const $ close connection
    return port

sendBack :: Socket -> Int -> Ptr Word8 -> IO ()
sendBack connection size buffer = do
    count <- recvBuf connection buffer size
    when (count > 0) $ send buffer count >> sendBack connection size buffer
  where
    send from left = do
        sent <- sendBuf connection from left
        when (sent < left) $ send (from `plusPtr` sent) (left - sent)

-- | Serves one page.
servePage :: IO Int
servePage = serve $ \request respond ->
    respond $ if rawPathInfo request == "/" then page "Hello, world!\n" else responseBuilder status404 [] mempty

-- | A front end that asks several back ends.
serveSums :: Int -> Int -> IO Int
serveSums width delay = do
    ports <- forM [0 .. fromIntegral width - 1] $ serve . serveNumber delay
    backs <- forM ports $ \port -> Client.parseRequest ("http://127.0.0.1:" ++ show port)
    -- By default, it keeps 10 connections to a server.
    manager <- Client.newManager Client.defaultManagerSettings { Client.managerConnCount = 1024 }
    serve $ \request respond -> do
        let get back = Client.httpLbs back { Client.path = rawPathInfo request } manager
        replies <- mapConcurrently (fmap (read . Lazy.unpack . Client.responseBody) . get) backs
        respond . page . Bytes.pack . show $ sum (replies :: [Word64])

-- | A back end, which sleeps, and replies with a number.
serveNumber :: Int -> Word64 -> Application
serveNumber delay back request respond = do
    let number = read . Bytes.unpack . Bytes.drop 1 $ rawPathInfo request
    threadDelay $ delayOf number back delay
    respond . page . Bytes.pack . show $ next (number `shiftL` 16 .|. back) `shiftR` 8

-- | In whole microseconds, rounded up.
delayOf :: Word64 -> Word64 -> Int -> Int
delayOf number back mean = ceiling $ fromIntegral mean * min 8 (negate . log $ 1 - share)
  where
    share = fromIntegral (next (number `shiftL` 16 .|. back .|. bit 62) `shiftR` 11) / 2 ^ (53 :: Int) :: Double

page :: Bytes.ByteString -> Response
page text = responseBuilder status200 [("Content-Length", size)] $ Builder.byteString text
  where
    size = Bytes.pack . show $ Bytes.length text

-- | Starts a server of HTTP; returns its port.
serve :: Application -> IO Int
serve application = do
    (listener, port) <- open
    _ <- forkIO $ runSettingsSocket (setOnException ignore defaultSettings) listener application
    return port
  where
    ignore _ failure = const (return ()) (failure :: SomeException)

-- | Listens on a port of 127.0.0.1.
open :: IO (Socket, Int)
open = do
    listener <- socket AF_INET Stream defaultProtocol
    bind listener $ SockAddrInet 0 (tupleToHostAddress (127, 0, 0, 1))
    listen listener 1024
    port <- socketPort listener
    return (listener, fromIntegral port)
