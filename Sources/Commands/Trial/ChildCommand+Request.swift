// SPDX-License-Identifier: Apache-2.0

import Harness
import Reports

extension ChildCommand {
    /// Decodes the request of a hidden subcommand.
    ///
    /// - Throws: ``UsageError`` if the text is not such a request, or this build may not measure.
    func request<Request: Decodable>(_ type: Request.Type, from text: String) throws -> Request {
        guard BuildMode.mayRunTrials else { throw UsageError("a debug build does not measure") }
        guard let request = try? JSONText.value(type, from: text) else {
            throw UsageError("the argument of '\(rawValue)' is not a JSON trial from '\(sender)'")
        }
        return request
    }
}
