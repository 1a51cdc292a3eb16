// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import TestSupport
import Testing

/// Pages that have moved.
@Suite struct `Redirects` {
    @Test(arguments: Configuration.all)
    func `Relative and absolute redirects are followed to the page`(configuration: Configuration) throws {
        let (page, lines, url, accepted) = try configuration.run(
            { request in
                let host = request.head.split(separator: "\r\n")[1].dropFirst("Host: ".count)
                switch request.target {
                case "/a/b": return [.redirect("../c?d=e", status: "301 Moved Permanently")]
                case "/c?d=e": return [.redirect("http://\(host)/f#g")]
                case "/f": return [.redirect("//\(host)/h i", status: "307 Temporary Redirect")]
                case "/h%20i": return [.redirect("?j", status: "308 Permanent Redirect")]
                default: return [.page("found")]
                }
            },
            { server in
                let page = try await getPage(server.url("/a/b"))
                return (page, server.requests.map(\.target), server.url("/h%20i?j"), server.accepted)
            }
        )
        #expect(page.text == "found")
        #expect(page.url == url)
        #expect(lines == ["/a/b", "/c?d=e", "/f", "/h%20i", "/h%20i?j"])
        #expect(accepted == 1)
    }

    @Test(arguments: [
        (301, "POST", "GET"), (302, "POST", "GET"), (303, "POST", "GET"), (307, "POST", "POST"), (308, "POST", "POST"),
        (301, "PUT", "PUT"), (302, "PUT", "PUT"), (303, "PUT", "GET"), (301, "HEAD", "HEAD"), (303, "HEAD", "HEAD"),
    ])
    func `The status determines the next method`(status: Int, first: String, second: String) throws {
        let method = try #require(HTTPMethod.allCases.first { "\($0.name)" == first })
        let requests = try Configuration.all[0].run(
            { request in request.target == "/" ? [.redirect("/2", status: "\(status) x")] : [.page("")] },
            { server in
                let fields = [(name: "Content-Type", value: "text/plain"), (name: "Cookie", value: "c")]
                let body = Array((first == "HEAD" ? "" : "body").utf8)
                _ = try await HTTPClient.shared.request(method: method, url: server.url(), headers: fields, body: body)
                return server.requests
            }
        )
        #expect(requests.map(\.line) == ["\(first) /", "\(second) /2"])
        #expect(requests[1].body == (first == second ? requests[0].body : ""))
        #expect(requests[1].head.contains("\r\nContent-Type: ") == (first == second))
        #expect(requests[1].head.contains("\r\nCookie: c"))
    }

    @Test func `Credentials are not sent to another host`() throws {
        let heads = try Configuration.all[0].makeScheduler().run {
            let target = try await ScriptedServer.start { _ in [.page("there")] }
            let server = try await ScriptedServer.start { _ in [.redirect(target.url())] }
            defer {
                server.stop()
                target.stop()
            }
            let fields = [
                (name: "authorization", value: "a"), (name: "Cookie", value: "b"), (name: "Accept", value: "*/*"),
            ]
            _ = try await HTTPClient.shared.request(url: server.url(), headers: fields)
            return (server.requests + target.requests).map(\.head)
        }
        #expect(heads.map { $0.contains("authorization: a") } == [true, false])
        #expect(heads.map { $0.contains("Cookie: b") } == [true, false])
        #expect(heads.map { $0.contains("Accept: */*") } == [true, true])
    }

    @Test(arguments: Configuration.all)
    func `Ten redirects in a row are followed, and no more`(configuration: Configuration) throws {
        let (text, error, url, requests) = try configuration.run(
            { request in
                let left = Int(request.target.dropFirst()) ?? 0
                return left == 0 ? [.page("found")] : [.redirect("\(left - 1)")]
            },
            { server in
                let text = try await getPage(server.url("/10")).text
                let error = await clientError { _ = try await getPage(server.url("/11")) }
                return (text, error, server.url("/0"), server.requests.count)
            }
        )
        #expect(text == "found")
        #expect(error?.code == .tooManyRedirects)
        #expect(error?.url == url)
        #expect(error?.description.contains("stopped after 10 redirects") == true)
        #expect(requests == 22)
    }

    @Test(arguments: Configuration.all)
    func `A redirect loop ends`(configuration: Configuration) throws {
        let (error, requests) = try configuration.run(
            { _ in [.redirect("/")] },
            { server in (await clientError { _ = try await getPage(server.url()) }, server.requests.count) }
        )
        #expect(error?.code == .tooManyRedirects)
        #expect(requests == 11)
    }

    @Test(arguments: ["https://127.0.0.1/", "ftp://x/", "mailto:a@b", "http://", "http://u:p@x/", "http://x:0/"])
    func `A redirect to an invalid URL is named in the error`(location: String) throws {
        let (error, url) = try Configuration.all[0].run(
            { _ in [.redirect(location)] },
            { server in (await clientError { _ = try await getPage(server.url()) }, server.url()) }
        )
        #expect(error?.code == .unsupportedRedirect)
        #expect(error?.description.hasPrefix("cannot fetch '\(url)': it redirects to '\(location)': ") == true)
    }

    @Test func `A redirect without a location is a page`() throws {
        let page = try Configuration.all[0].run(
            { _ in [.page("where?", status: "302 Found")] },
            { server in try await getPage(server.url()) }
        )
        #expect(page.status == 302)
        #expect(page.text == "where?")
    }
}
