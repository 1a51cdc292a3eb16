%% SPDX-License-Identifier: Apache-2.0
%%
%% Processes that compute, and do not give way. The scheduler takes the processor away from them.
-module(hogs).
-export([run/2]).
-import(tasks, [now_ns/0, task/1, join_all/1]).

run(Hogs, Work) ->
    Begin = now_ns(),
    Tasks = [task(fun() -> exit(compute(Work * 1_000_000)) end) || _ <- lists:seq(1, Hogs)],
    Finished = join_all(Tasks),
    {now_ns() - Begin, Finished}.

%% Computes for a time; returns 1 if it did what it computed.
compute(Time) -> compute(now_ns() + Time, 1, 0, 0).

compute(End, State, Steps, Rounds) ->
    {Next, Made} = steps(1_000, State, Steps),
    case now_ns() < End of
        true -> compute(End, Next, Made, Rounds + 1);
        false when Made =:= (Rounds + 1) * 1_000 -> 1
    end.

%% Steps of a generator that fits into small integers.
steps(0, State, Steps) -> {State, Steps};
steps(Left, State, Steps) -> steps(Left - 1, (State * 69069 + 1) band 16#ffffffff, Steps + 1 + (State bsr 32)).
