%% SPDX-License-Identifier: Apache-2.0
%%
%% The workloads of tasks and channels. There are no channels: a message goes into the mailbox of a process, a buffer
%% without a limit, and the sender goes on.
-module(workloads).
-export([ping_pong/1, yield/2, ring/2, spawn_join/1, skynet/2, parked/1]).
-import(tasks, [now_ns/0, task/1, join/1, join_all/1, wait_for_arrivals/1]).

ping_pong(Messages) ->
    Main = self(),
    Peer = {Pid, _} = task(fun() -> Main ! arrived, return_incremented(Main, Messages) end),
    wait_for_arrivals(1),
    Begin = now_ns(),
    Counter = play(Pid, Messages, 0),
    Nanoseconds = now_ns() - Begin,
    0 = join(Peer),
    {Nanoseconds, Counter}.

play(_, 0, Counter) ->
    Counter;
play(Peer, Messages, Counter) ->
    Peer ! Counter,
    receive
        Next when is_integer(Next) -> play(Peer, Messages - 1, Next)
    end.

return_incremented(_, 0) ->
    exit(0);
return_incremented(Main, Messages) ->
    receive
        Counter when is_integer(Counter) -> Main ! Counter + 1
    end,
    return_incremented(Main, Messages - 1).

yield(Tasklets, Yields) ->
    Main = self(),
    Tasks = [task(fun() -> yield_when_released(Main, Yields) end) || _ <- lists:seq(1, Tasklets)],
    wait_for_arrivals(Tasklets),
    Begin = now_ns(),
    [Pid ! go || {Pid, _} <- Tasks],
    Sum = join_all(Tasks),
    {now_ns() - Begin, Sum}.

yield_when_released(Main, Yields) ->
    Main ! arrived,
    receive
        go -> exit(yield_repeatedly(Yields, 0))
    end.

yield_repeatedly(Yields, Yields) ->
    Yields;
yield_repeatedly(Yields, Count) ->
    erlang:yield(),
    yield_repeatedly(Yields, Count + 1).

ring(Nodes, Hops) ->
    Main = self(),
    Tasks = [task(fun() -> enter_circle(Main, Node) end) || Node <- lists:seq(0, Nodes - 1)],
    Pids = [Pid || {Pid, _} <- Tasks],
    lists:zipwith(fun(Pid, Next) -> Pid ! {next, Next} end, Pids, tl(Pids) ++ [hd(Pids)]),
    wait_for_arrivals(Nodes),
    Begin = now_ns(),
    hd(Pids) ! Hops,
    LastHolder = receive {finish, Node} -> Node end,
    Nanoseconds = now_ns() - Begin,
    [Pid ! -1 || Pid <- Pids],
    {Nanoseconds, join_all(Tasks) * Nodes + LastHolder}.

enter_circle(Main, Node) ->
    receive
        {next, Next} ->
            Main ! arrived,
            pass(Main, Node, Next, 0)
    end.

%% A node: passes the token on, less 1, until it receives the stop token.
pass(Main, Node, Next, Made) ->
    receive
        Remaining when Remaining > 0 ->
            Next ! Remaining - 1,
            pass(Main, Node, Next, Made + 1);
        0 ->
            Main ! {finish, Node},
            pass(Main, Node, Next, Made);
        -1 ->
            exit(Made)
    end.

spawn_join(Count) ->
    Begin = now_ns(),
    Sum = spawn_and_join(0, Count, 0),
    {now_ns() - Begin, Sum}.

spawn_and_join(Count, Count, Sum) ->
    Sum;
spawn_and_join(Number, Count, Sum) ->
    Share = join(task(fun() -> exit(Number) end)),
    spawn_and_join(Number + 1, Count, Sum + Share).

skynet(Leaves, FanOut) ->
    Begin = now_ns(),
    Sum = join(subtree(0, Leaves, FanOut)),
    {now_ns() - Begin, Sum}.

subtree(First, 1, _) -> task(fun() -> exit(First) end);
subtree(First, Leaves, FanOut) -> task(fun() -> exit(join_all(children(First, Leaves, FanOut))) end).

children(First, Leaves, FanOut) ->
    Count = min(FanOut, Leaves),
    children(First, Leaves div Count, Leaves rem Count, Count, FanOut).

%% The first children take the remainder.
children(_, _, _, 0, _) ->
    [];
children(First, Share, Remainder, Count, FanOut) when Remainder > 0 ->
    [subtree(First, Share + 1, FanOut) | children(First + Share + 1, Share, Remainder - 1, Count - 1, FanOut)];
children(First, Share, 0, Count, FanOut) ->
    [subtree(First, Share, FanOut) | children(First + Share, Share, 0, Count - 1, FanOut)].

parked(Count) ->
    Main = self(),
    erlang:garbage_collect(),
    Before = resident(),
    Pids = [spawn(fun() -> receive_one(Main) end) || _ <- lists:seq(1, Count)],
    wait_for_arrivals(Count),
    Bytes = resident() - Before,
    send_numbers(Pids, 0),
    {Bytes, sum_of_shares(Count, 0)}.

receive_one(Main) ->
    Main ! arrived,
    receive
        Number when is_integer(Number) -> Main ! {share, Number}
    end.

send_numbers([], _) -> ok;
send_numbers([Pid | Others], Number) ->
    Pid ! Number,
    send_numbers(Others, Number + 1).

sum_of_shares(0, Sum) -> Sum;
sum_of_shares(Count, Sum) ->
    receive
        {share, Number} -> sum_of_shares(Count - 1, Sum + Number)
    end.

%% The resident memory in bytes; Erlang does not tell the size of a page, which is 4 KiB on x86-64.
resident() ->
    {ok, Text} = file:read_file("/proc/self/statm"),
    [_, Pages | _] = string:lexemes(Text, " "),
    binary_to_integer(Pages) * 4096.
