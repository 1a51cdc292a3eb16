%% SPDX-License-Identifier: Apache-2.0
%%
%% HTTP/1.1 on sockets whose packets are lines of HTTP, which Erlang's own decoder takes apart.
-module(http).
-export([serve/3, page/1, connect/1, request/2, reply/1]).

%% Replies to each request on a connection with what a function returns for its path.
serve(Socket, Active, Reply) -> serve(Socket, Active, Reply, none).

serve(Socket, Active, Reply, Path) ->
    receive
        {http, Socket, {http_request, 'GET', {abs_path, Requested}, _}} ->
            serve(Socket, Active, Reply, Requested);
        {http, Socket, {http_header, _, _, _, _}} ->
            serve(Socket, Active, Reply, Path);
        {http, Socket, http_eoh} ->
            ok = gen_tcp:send(Socket, Reply(Path)),
            serve(Socket, Active, Reply, none);
        {http, Socket, _} ->
            %% Another method, or no HTTP.
            gen_tcp:close(Socket);
        {tcp_passive, Socket} ->
            ok = inet:setopts(Socket, [{active, Active}]),
            serve(Socket, Active, Reply, Path);
        {tcp_closed, Socket} ->
            ok
    end.

%% A reply with a text.
page(Text) -> [<<"HTTP/1.1 200 OK\r\nContent-Length: ">>, integer_to_binary(byte_size(Text)), <<"\r\n\r\n">>, Text].

connect(Port) ->
    Options = [binary, {packet, http_bin}, {active, false}, {nodelay, true}],
    {ok, Socket} = gen_tcp:connect({127, 0, 0, 1}, Port, Options),
    Socket.

request(Socket, Path) ->
    ok = gen_tcp:send(Socket, [<<"GET ">>, Path, <<" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n">>]).

%% Waits for the text of a reply.
reply(Socket) ->
    {ok, {http_response, _, 200, _}} = gen_tcp:recv(Socket, 0),
    Length = content_length(Socket, 0),
    ok = inet:setopts(Socket, [{packet, raw}]),
    {ok, Text} = gen_tcp:recv(Socket, Length),
    ok = inet:setopts(Socket, [{packet, http_bin}]),
    Text.

content_length(Socket, Length) ->
    case gen_tcp:recv(Socket, 0) of
        {ok, {http_header, _, 'Content-Length', _, Value}} -> content_length(Socket, binary_to_integer(Value));
        {ok, {http_header, _, _, _, _}} -> content_length(Socket, Length);
        {ok, http_eoh} -> Length
    end.
