// SPDX-License-Identifier: Apache-2.0

import Mustache

/// The templates of the page, parsed once.
enum PageTemplates {
    /// The name of the template of the whole page; the others are parts of it.
    static let page = "page"

    /// The templates; an error if one cannot be parsed.
    static let library = Result {
        MustacheContentTypes.register(EscapedText(), named: "ESCAPED")
        return MustacheLibrary(templates: try sources.mapValues { try template(text($0)) })
    }

    /// The style sheet.
    static let style = text(PackageResources.report_css)
    /// The script.
    static let script = text(PackageResources.results_model_js) + text(PackageResources.results_view_js)

    /// Parses a template, which does not inherit the content type of the one that includes it.
    ///
    /// Without its last line feed, it can be a part of a line.
    private static func template(_ text: String) throws -> MustacheTemplate {
        try MustacheTemplate(string: "{{% CONTENT_TYPE:ESCAPED}}\n" + text.dropLast())
    }

    private static let sources = [
        page: PackageResources.page_mustache, "answer": PackageResources.answer_mustache,
        "questions": PackageResources.questions_mustache,
        "peers": PackageResources.peers_mustache, "workload": PackageResources.workload_mustache,
        "results": PackageResources.results_mustache,
        "table": PackageResources.table_mustache, "prose": PackageResources.prose_mustache,
        "figure": PackageResources.figure_mustache, "about": PackageResources.about_mustache,
    ]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// Escapes by scalars: the library's own type takes a "<" with a combining accent for another character.
private struct EscapedText: MustacheContentType {
    func escapeText(_ text: String) -> String { Markup.escaped(text) }
}
