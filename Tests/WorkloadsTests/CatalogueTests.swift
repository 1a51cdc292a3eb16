// SPDX-License-Identifier: Apache-2.0

import Testing
import Workloads

@Suite("Catalogue")
struct CatalogueTests {
    private let everything = Workloads.all + Workloads.faults

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

    @Test("default, quick and the suite's values are allowed")
    func values() {
        for workload in everything {
            for parameter in workload.parameters {
                #expect(parameter.range.contains(parameter.defaultValue), "\(workload.name) \(parameter.name)")
                #expect(parameter.range.contains(parameter.quickValue), "\(workload.name) \(parameter.name)")
                let values = parameter.suiteValues
                #expect(!values.isEmpty, "\(workload.name) \(parameter.name)")
                #expect(values.allSatisfy(parameter.range.contains), "\(workload.name) \(parameter.name)")
                #expect(parameter.range.lowerBound > 0, "\(workload.name) \(parameter.name)")
            }
        }
    }

    @Test("the largest allowed values overflow neither the answer nor the number of operations")
    func extremes() {
        for workload in everything {
            let largest = workload.parameters.map { ($0.name, $0.range.upperBound) }
            let parameters = Parameters(Dictionary(uniqueKeysWithValues: largest))
            #expect(workload.operations(parameters) > 0)
            #expect(workload.expected(parameters) >= 0)
        }
    }
}
