// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite struct `Errors` {
    @Test func `Each has its own description`() {
        #expect(Set(HTTPError.allCases.map(\.description)).count == HTTPError.allCases.count)
    }

    @Test func `Each has a status that says who is at fault`() {
        for error in HTTPError.allCases {
            #expect([400, 408, 413, 414, 431, 501, 502, 505].contains(error.status.rawValue))
            #expect(error.status.reasonPhrase.utf8CodeUnitCount > 0)
        }
    }

    @Test(
        arguments: [
            (HTTPError.malformedHost, 400), (.contentLengthWithTransferEncoding, 400), (.timedOut, 408),
            (.bodyTooLong, 413),
            (.requestLineTooLong, 414), (.headTooLong, 431), (.tooManyFields, 431), (.methodTooLong, 501),
            (.unsupportedTransferEncoding, 501), (.unsupportedVersion, 505),
        ] as [(HTTPError, UInt16)]
    )
    func `Each has its status of RFC 9110`(error: HTTPError, status: UInt16) {
        #expect(error.status.rawValue == status)
    }

    @Test func `A status is written with its phrase`() {
        #expect(HTTPStatus.ok.description == "200 OK")
        #expect(HTTPStatus(rawValue: 299).description == "299")
    }
}
