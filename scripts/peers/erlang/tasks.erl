%% SPDX-License-Identifier: Apache-2.0
%%
%% A task is a process. One that is joined is monitored, and ends with its share of the sum as the reason, which comes
%% in the message that says that it ended.
-module(tasks).
-export([now_ns/0, task/1, join/1, join_all/1, wait_for_arrivals/1, sleep_until/1]).

now_ns() -> erlang:monotonic_time(nanosecond).

%% A process that can be joined.
task(Function) -> spawn_monitor(Function).

%% Waits until a process has ended; returns its share of the sum.
join({_, Monitor}) ->
    receive
        {'DOWN', Monitor, process, _, Share} -> Share
    end.

join_all(Tasks) -> lists:sum([join(Task) || Task <- Tasks]).

%% Waits until processes have said that they wait.
wait_for_arrivals(0) -> ok;
wait_for_arrivals(Count) ->
    receive
        arrived -> wait_for_arrivals(Count - 1)
    end.

%% Sleeps until a time in nanoseconds: until the next whole millisecond, the resolution of timers.
sleep_until(Deadline) ->
    Timer = erlang:start_timer(-(-Deadline div 1_000_000), self(), wake, [{abs, true}]),
    receive
        {timeout, Timer, wake} -> ok
    end.
