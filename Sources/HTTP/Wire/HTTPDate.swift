// SPDX-License-Identifier: Apache-2.0

/// A time in HTTP's format: `Sun, 06 Nov 1994 08:49:37 GMT`.
///
/// A server formats it once a second and reuses it until then.
package struct HTTPDate: Sendable {
    /// Seconds since the start of 1970, without leap seconds.
    package let seconds: Int
    /// The 29 characters.
    let text: InlineArray<29, UInt8>

    /// Formats a time.
    ///
    /// - Parameter seconds: since the start of 1970, as the system's real-time clock counts them; the year must be from
    ///   0 to 9999, so that the length is constant.
    package init(seconds: Int) {
        self.seconds = seconds
        let days = Self.floor(seconds, 86_400)
        let time = seconds - days * 86_400
        let (year, month, day) = Self.date(days)
        precondition((0...9999).contains(year), "the year \(year) does not have four digits")
        var text = InlineArray<29, UInt8>(repeating: Ascii.space)
        Self.put("Thu, Fri, Sat, Sun, Mon, Tue, Wed, ", 5 * Self.modulo(days, 7), 4, into: &text, at: 0)
        Self.put(day, into: &text, at: 5)
        Self.put("JanFebMarAprMayJunJulAugSepOctNovDec", 3 * (month - 1), 3, into: &text, at: 8)
        Self.put(year / 100, into: &text, at: 12)
        Self.put(year % 100, into: &text, at: 14)
        Self.put(time / 3600, into: &text, at: 17)
        Self.put(":", 0, 1, into: &text, at: 19)
        Self.put(time / 60 % 60, into: &text, at: 20)
        Self.put(":", 0, 1, into: &text, at: 22)
        Self.put(time % 60, into: &text, at: 23)
        Self.put("GMT", 0, 3, into: &text, at: 26)
        self.text = text
    }

    /// The date of a day, counted from the start of 1970.
    ///
    /// Years begin in March, so that the leap day comes last, and 400 of them always have the same length: Howard
    /// Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = floor(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func floor(_ number: Int, _ divisor: Int) -> Int {
        (number - modulo(number, divisor)) / divisor
    }

    private static func modulo(_ number: Int, _ divisor: Int) -> Int {
        let rest = number % divisor
        return rest < 0 ? rest + divisor : rest
    }

    /// Writes two digits.
    private static func put(_ number: Int, into text: inout InlineArray<29, UInt8>, at index: Int) {
        text[index] = Ascii.zero + UInt8(number / 10)
        text[index + 1] = Ascii.zero + UInt8(number % 10)
    }

    /// Writes part of a constant.
    private static func put(
        _ constant: StaticString,
        _ start: Int,
        _ count: Int,
        into text: inout InlineArray<29, UInt8>,
        at index: Int
    ) {
        for offset in 0..<count { text[index + offset] = constant.byte(start + offset) }
    }
}
