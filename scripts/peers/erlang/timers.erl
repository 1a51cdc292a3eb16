%% SPDX-License-Identifier: Apache-2.0
%%
%% Deadlines that expire, and then deadlines that are armed and cancelled.
-module(timers).
-export([run/3]).
-import(tasks, [now_ns/0, task/1, join/1, wait_for_arrivals/1, sleep_until/1]).

-define(BATCHES, 10).

run(Count, Spread, Cancelled) ->
    Main = self(),
    Offsets = [Number * Spread * 1_000_000 div Count || Number <- shuffled(Count)],
    Sleepers = [task(fun() -> sleep_when_released(Main, Offset) end) || Offset <- Offsets],
    wait_for_arrivals(Count),
    Begin = now_ns(),
    %% Time for all to fall asleep before the first deadline.
    First = Begin + 10_000_000 + 20_000 * Count,
    [Pid ! {first, First} || {Pid, _} <- Sleepers],
    Lateness = [join(Sleeper) || Sleeper <- Sleepers],
    {Received, Difference} = arm_and_cancel(Cancelled, Count),
    Nanoseconds = now_ns() - Begin,
    InTime = length([Late || Late <- Lateness, Late >= 0]),
    {Nanoseconds, InTime + Received, [max(0, Late) || Late <- Lateness], Difference / Cancelled}.

shuffled(Count) ->
    [Number || {_, Number} <- lists:sort([{rand:uniform(), Number} || Number <- lists:seq(0, Count - 1)])].

%% A sleeper: ends with its lateness.
sleep_when_released(Main, Offset) ->
    Main ! arrived,
    receive
        {first, First} ->
            Deadline = First + Offset,
            sleep_until(Deadline),
            exit(now_ns() - Deadline)
    end.

%% Receives with deadlines, and as many without, beside processes that sleep. Returns how many complete before their
%% deadline, and how much longer they take together.
arm_and_cancel(Messages, Count) ->
    Sleepers = [task(fun() -> receive after far_off() -> ok end end) || _ <- lists:seq(1, Count)],
    Batches = [batch(Messages * (Batch + 1) div ?BATCHES - Messages * Batch div ?BATCHES)
        || Batch <- lists:seq(0, ?BATCHES - 1)],
    [exit(Pid, kill) || {Pid, _} <- Sleepers],
    [killed = join(Sleeper) || Sleeper <- Sleepers],
    {Received, Differences} = lists:unzip(Batches),
    {lists:sum(Received), lists:sum(Differences)}.

batch(Size) ->
    {Received, With} = exchange(Size, list_to_tuple([far_off() || _ <- lists:seq(1, 256)])),
    {Size, Without} = exchange(Size, infinity),
    {Received, With - Without}.

%% An hour or two, in milliseconds.
far_off() -> 3_600_000 + rand:uniform(3_600_000).

exchange(Size, Timeouts) ->
    Sender = {Pid, _} = task(fun send_when_asked/0),
    Begin = now_ns(),
    Received = receive_all(Pid, Size, Timeouts, 0),
    Nanoseconds = now_ns() - Begin,
    Pid ! stop,
    normal = join(Sender),
    {Received, Nanoseconds}.

%% Sends a message for each request, so that no receive finds one in the mailbox already.
send_when_asked() ->
    receive
        {ask, From, Number} ->
            From ! {message, Number},
            send_when_asked();
        stop ->
            ok
    end.

receive_all(_, 0, _, Received) ->
    Received;
receive_all(Sender, Left, infinity, Received) ->
    Sender ! {ask, self(), Left},
    receive
        {message, Left} -> receive_all(Sender, Left - 1, infinity, Received + 1)
    end;
receive_all(Sender, Left, Timeouts, Received) ->
    Sender ! {ask, self(), Left},
    receive
        {message, Left} -> receive_all(Sender, Left - 1, Timeouts, Received + 1)
    after element(Left rem tuple_size(Timeouts) + 1, Timeouts) ->
        receive_all(Sender, Left - 1, Timeouts, Received)
    end.
