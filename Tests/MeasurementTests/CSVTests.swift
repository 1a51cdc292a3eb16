// SPDX-License-Identifier: Apache-2.0

import Measurement
import Testing

@Suite("CSV")
struct CSVTests {
    @Test(
        "a field is quoted only if necessary",
        arguments: [
            ("plain", "plain"), ("", ""), ("0,1", "\"0,1\""), ("say \"go\"", "\"say \"\"go\"\"\""),
            ("two\nlines", "\"two\nlines\""), ("two\r\nlines", "\"two\r\nlines\""), ("a=1;b=2", "a=1;b=2"),
        ]
    )
    func quoting(text: String, expected: String) {
        #expect(CSV.field(text) == expected)
    }

    @Test("a line has its fields, commas between them and a line feed")
    func line() {
        #expect(CSV.line(["a", "", "0,1"]) == "a,,\"0,1\"\n")
    }
}
