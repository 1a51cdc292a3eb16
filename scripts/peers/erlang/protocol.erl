%% SPDX-License-Identifier: Apache-2.0
%%
%% The protocol, in the first process. A workload returns what was measured and the answer; timers, besides, a list of
%% waits and the cost of a deadline.
-module(protocol).
-export([start/0]).

%% What `erl -run protocol` calls.
start() ->
    case init:get_plain_arguments() of
        ["announce"] -> announce();
        [Workload | Settings] -> answer_lines(Workload, maps:from_list([setting(Setting) || Setting <- Settings]))
    end,
    halt(0).

announce() ->
    Version = ["Erlang/OTP ", erlang:system_info(otp_release), ", ERTS ", erlang:system_info(version)],
    Names = lists:join(", ", [["\"", Name, "\""] || Name <- names()]),
    io:format(
        "{\"protocol\": 1, \"name\": \"erlang\", \"version\": \"~s\", \"workloads\": [~s], \"parallel\": true}~n",
        [Version, Names]
    ).

names() ->
    [
        "ping-pong", "yield", "ring", "spawn-join", "skynet", "parked", "timers", "echo", "http-server", "fan-out-http",
        "hog"
    ].

setting(Text) ->
    [Name, Value] = string:split(Text, "="),
    {Name, list_to_integer(Value)}.

answer_lines(Workload, Parameters) ->
    case io:get_line("") of
        eof ->
            ok;
        Line ->
            io:put_chars(reply(Workload, Parameters, Line)),
            answer_lines(Workload, Parameters)
    end.

reply(Workload, Parameters, Line) ->
    try
        answer(Workload, Parameters, string:lexemes(Line, " \n"))
    catch
        _:Reason -> io_lib:format("{\"error\": \"the workload failed: ~w\"}~n", [Reason])
    end.

answer(Workload, Parameters, ["listen"]) ->
    io_lib:format("{\"port\": ~b}~n", [listen(Workload, Parameters)]);
answer(Workload, Parameters, ["run", Times]) ->
    Outcomes = [run(Workload, Parameters) || _ <- lists:seq(1, list_to_integer(Times))],
    Measured = lists:sum([element(1, Outcome) || Outcome <- Outcomes]),
    [Answer] = lists:usort([element(2, Outcome) || Outcome <- Outcomes]),
    Waits = waits([{Lateness, ArmCancel} || {_, _, Lateness, ArmCancel} <- Outcomes]),
    io_lib:format("{\"~s\": ~b, \"answer\": ~b~s}~n", [unit(Workload), Measured, Answer, Waits]).

unit("parked") -> "bytes";
unit(_) -> "nanoseconds".

%% The fields that only timers has.
waits([]) ->
    "";
waits(Runs) ->
    {Lateness, Costs} = lists:unzip(Runs),
    Numbers = lists:join(", ", [integer_to_list(Late) || Late <- lists:append(Lateness)]),
    io_lib:format(", \"lateness\": [~s], \"arm-cancel\": ~f", [Numbers, lists:sum(Costs) / length(Costs)]).

run("ping-pong", #{"messages" := Messages}) -> workloads:ping_pong(Messages);
run("yield", #{"tasklets" := Tasklets, "yields" := Yields}) -> workloads:yield(Tasklets, Yields);
run("ring", #{"nodes" := Nodes, "hops" := Hops}) -> workloads:ring(Nodes, Hops);
run("spawn-join", #{"count" := Count}) -> workloads:spawn_join(Count);
run("skynet", #{"leaves" := Leaves, "fan-out" := FanOut}) -> workloads:skynet(Leaves, FanOut);
run("parked", #{"count" := Count}) -> workloads:parked(Count);
run("timers", #{"count" := Count, "spread" := Spread, "cancelled" := X}) -> timers:run(Count, Spread, X);
run("hog", #{"hogs" := Hogs, "work" := Work}) -> hogs:run(Hogs, Work).

listen("echo", _) -> servers:echo();
listen("hog", _) -> servers:echo();
listen("http-server", _) -> servers:page();
listen("fan-out-http", #{"fan-out" := Width, "delay" := Delay}) -> servers:fan_out(Width, Delay).
