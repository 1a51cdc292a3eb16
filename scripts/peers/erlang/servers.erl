%% SPDX-License-Identifier: Apache-2.0
%%
%% Servers, with a process for each connection.
-module(servers).
-export([echo/0, page/0, fan_out/2]).
-import(tasks, [now_ns/0, sleep_until/1]).

%% So many packets come as messages before the process asks for more, which it does not have to do for each.
-define(ACTIVE, 100).
-define(MASK, 16#ffffffffffffffff).

%% Sends back what comes.
echo() -> listen(raw, fun send_back/1).

send_back(Socket) ->
    receive
        {tcp, Socket, Data} ->
            ok = gen_tcp:send(Socket, Data),
            send_back(Socket);
        {tcp_passive, Socket} ->
            ok = inet:setopts(Socket, [{active, ?ACTIVE}]),
            send_back(Socket);
        {tcp_closed, Socket} ->
            ok
    end.

%% Serves one page.
page() ->
    Page = http:page(<<"Hello, world!\n">>),
    listen(http_bin, fun(Socket) -> http:serve(Socket, ?ACTIVE, fun(<<"/">>) -> Page end) end).

%% A front end, which asks back ends. Each of its connections has a connection of its own to each of them.
fan_out(Width, Delay) ->
    Ports = [listen(http_bin, fun(Socket) -> serve_number(Socket, Back, Delay) end) || Back <- lists:seq(0, Width - 1)],
    listen(http_bin, fun(Socket) -> serve_sums(Socket, [http:connect(Port) || Port <- Ports]) end).

serve_number(Socket, Back, Delay) ->
    http:serve(Socket, ?ACTIVE, fun(<<"/", Request/binary>>) ->
        Received = now_ns(),
        Number = binary_to_integer(Request),
        sleep_until(Received + delay(Number, Back, Delay)),
        http:page(integer_to_binary(reply(Number, Back)))
    end).

serve_sums(Socket, Backs) ->
    http:serve(Socket, ?ACTIVE, fun(Path) ->
        [http:request(Back, Path) || Back <- Backs],
        Sum = lists:sum([binary_to_integer(http:reply(Back)) || Back <- Backs]),
        http:page(integer_to_binary(Sum band ?MASK))
    end).

reply(Request, Back) -> next((Request bsl 16) bor Back) bsr 8.

%% In nanoseconds.
delay(Request, Back, Mean) ->
    Share = (next((Request bsl 16) bor Back bor (1 bsl 62)) bsr 11) / (1 bsl 53),
    trunc(Mean * 1_000 * min(8, -math:log(1 - Share))).

%% The first number of the SplitMix64 generator with a seed.
next(Seed) ->
    Z1 = (Seed + 16#9e3779b97f4a7c15) band ?MASK,
    Z2 = ((Z1 bxor (Z1 bsr 30)) * 16#bf58476d1ce4e5b9) band ?MASK,
    Z3 = ((Z2 bxor (Z2 bsr 27)) * 16#94d049bb133111eb) band ?MASK,
    Z3 bxor (Z3 bsr 31).

%% Listens; returns the port. The packets of a connection come as messages to the process that serves it.
listen(Packet, Serve) ->
    Options = [binary, {packet, Packet}, {active, false}, {nodelay, true}, {backlog, 1024}, {ip, {127, 0, 0, 1}}],
    Self = self(),
    %% A listener closes when its process ends.
    spawn_link(fun() ->
        {ok, Listener} = gen_tcp:listen(0, Options),
        {ok, Port} = inet:port(Listener),
        Self ! {port, self(), Port},
        accept(Listener, Serve)
    end),
    receive
        {port, _, Port} -> Port
    end.

accept(Listener, Serve) ->
    {ok, Socket} = gen_tcp:accept(Listener),
    Pid = spawn(fun() ->
        receive
            yours -> inet:setopts(Socket, [{active, ?ACTIVE}]), Serve(Socket)
        end
    end),
    ok = gen_tcp:controlling_process(Socket, Pid),
    Pid ! yours,
    accept(Listener, Serve).
