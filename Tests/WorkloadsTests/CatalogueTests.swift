// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Testing
import Workloads

@Suite("Catalogue")
struct CatalogueTests {
    private let everything = Workloads.listed + Workloads.faults

    @Test("names are unique and in kebab case")
    func names() {
        let names = everything.map(\.name)
        #expect(Set(names).count == names.count)
        for name in names + everything.flatMap(\.parameters).map(\.name) {
            #expect(name.allSatisfy { $0.isLowercase || $0 == "-" }, "\(name)")
        }
    }

    @Test("faults are found by name but not listed")
    func faults() {
        #expect(Workloads.named("fault-crash") != nil)
        #expect(!Workloads.all.contains { $0.name.hasPrefix("fault") })
        #expect(Workloads.named("no-such-workload") == nil)
    }

    @Test("default and quick values are allowed")
    func values() {
        for workload in everything {
            for parameter in workload.parameters {
                let values = [parameter.defaultValue, parameter.quickValue, parameter.smallest] + parameter.sweep
                #expect(values.allSatisfy(parameter.allows), "\(workload.name) \(parameter.name)")
                #expect(parameter.smallest.number.map { $0 >= 0 } ?? true, "\(workload.name) \(parameter.name)")
            }
        }
    }

    @Test("the largest allowed values overflow neither the answer nor the number of operations")
    func extremes() {
        for workload in everything {
            let largest = workload.parameters.map { ($0.name, $0.largest) }
            let parameters = Parameters(Dictionary(uniqueKeysWithValues: largest))
            #expect(workload.operations(parameters) > 0)
            #expect(workload.expected(parameters) >= 0)
        }
    }

    @Test("a warm-up run is shorter than a run with the standard values, by parameters that the workload has")
    func warmUps() {
        for workload in everything {
            let standard = Parameters(
                Dictionary(uniqueKeysWithValues: workload.parameters.map { ($0.name, $0.defaultValue) })
            )
            let shortened = standard.shortened(to: workload.warmUp)
            for (name, value) in workload.warmUp {
                #expect(workload.parameters.first { $0.name == name }?.allows(.number(value)) == true, "\(name)")
                #expect(shortened[name] == value && value < standard[name], "\(workload.name) \(name)")
            }
            #expect(workload.warmUp.isEmpty == (shortened == standard), "\(workload.name)")
        }
    }

    @Test("a warm-up run is no longer than the run that the user asks for")
    func shortWarmUp() {
        let asked = Parameters(["requests": 3, "rate": 9])
        #expect(asked.shortened(to: ["requests": 50]) == asked)
    }
}
