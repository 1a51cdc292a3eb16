// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite struct `Dates` {
    private func text(_ seconds: Int) throws -> String {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 1)
        defer { buffer.deallocate() }
        var writer = HeadWriter(buffer)
        writer.date(HTTPDate(seconds: seconds))
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<(try writer.finish())])
        return String(decoding: bytes.dropFirst(6).dropLast(2), as: UTF8.self)
    }

    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (951_868_799, "Tue, 29 Feb 2000 23:59:59 GMT"), (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
        (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"), (2_147_483_648, "Tue, 19 Jan 2038 03:14:08 GMT"),
        (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"), (-62_135_596_800, "Mon, 01 Jan 0001 00:00:00 GMT"),
    ])
    func `They are written in the format of RFC 9110`(seconds: Int, date: String) throws {
        #expect(try text(seconds) == date)
    }

    /// Counts from day to day, without a formula.
    @Test func `Each day of 400 years follows the previous one`() throws {
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        var (year, month, day) = (1970, 1, 1)
        for number in 0..<146_097 {
            let date = "\(weekdays[number % 7]), \(day < 10 ? "0" : "")\(day) \(months[month - 1]) \(year) 12:34:56 GMT"
            if number % 7 == 0 || day == 1 || day > 27 { try #require(try text(number * 86_400 + 45_296) == date) }
            day += 1
            if day > Self.length(of: month, year) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(year == 2370)
    }

    private static func length(of month: Int, _ year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }
}
