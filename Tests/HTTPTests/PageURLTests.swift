// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite struct `URLs of pages` {
    @Test(arguments: [
        ("http://x", "x", 80, "x", "/"), ("http://x/", "x", 80, "x", "/"),
        ("HTTP://Example.COM/a/b", "Example.COM", 80, "Example.COM", "/a/b"),
        ("http://x:8080/a?b=c", "x", 8080, "x:8080", "/a?b=c"), ("http://x?b", "x", 80, "x", "/?b"),
        ("http://x:/a", "x", 80, "x", "/a"), ("http://x:80/", "x", 80, "x", "/"), ("http://x:080/", "x", 80, "x", "/"),
        ("http://x/a#b", "x", 80, "x", "/a"), ("http://x#b?c/d", "x", 80, "x", "/"),
        ("http://x?a#b", "x", 80, "x", "/?a"),
        ("http://127.0.0.1:1/", "127.0.0.1", 1, "127.0.0.1:1", "/"), ("http://[::1]", "::1", 80, "[::1]", "/"),
        ("http://[2001:db8::1]:65535/a", "2001:db8::1", 65_535, "[2001:db8::1]:65535", "/a"),
        ("http://[::ffff:1.2.3.4]:/", "::ffff:1.2.3.4", 80, "[::ffff:1.2.3.4]", "/"),
        ("http://x/%41%zz".replacing("%zz", with: "%2f"), "x", 80, "x", "/%41%2f"),
        ("http://x//a@b:c[d]", "x", 80, "x", "//a@b:c[d]"),
        ("http://a-b_c.d/?q=http://y/", "a-b_c.d", 80, "a-b_c.d", "/?q=http://y/"),
    ])
    func `A URL has a host, a port and a target`(
        text: String,
        host: String,
        port: Int,
        authority: String,
        target: String
    ) throws {
        let url = try PageURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.authority == authority)
        #expect(url.target == target)
    }

    @Test(arguments: [
        ("", InvalidURL.Reason.scheme), ("x", .scheme), ("/a", .scheme), ("http:/x", .scheme), ("https://x/", .scheme),
        ("ftp://x/", .scheme), ("://x", .scheme), ("x:80", .scheme), ("httpx://y", .scheme),
        ("http://u@x/", .user), ("http://u:p@x/", .user),
        ("http://", .host), ("http:///a", .host), ("http://:80/", .host), ("http://?a", .host), ("http://[]/", .host),
        ("http://[::1/", .host), ("http://[x]/", .host), ("http://[1.2.3.4]/", .host), ("http://[::1]80/", .host),
        ("http://[::1%25eth0]/", .host), ("http://[1:2:3]/", .host), ("http://[::1::2]/", .host),
        ("http://%41/", .host),
        ("http://a,b/", .host), ("http://a\\b/", .host), ("http://a|b/", .host),
        ("http://x:0/", .port), ("http://x:65536/", .port), ("http://x:-1/", .port), ("http://x:+1/", .port),
        ("http://x:a/", .port), ("http://::1/", .host), ("http://x:80:80/", .port), ("http://[::1]:x/", .port),
        ("http://x:99999999999999999999/", .port),
        ("http://x/%", .escape), ("http://x/%4", .escape), ("http://x/%4g", .escape), ("http://x/?a=%%41", .escape),
        ("http://x/a b", .notEncoded), ("http://x/ü", .notEncoded), ("http://ü/", .notEncoded),
        ("http://x/\r\nA: b", .notEncoded),
        (" http://x/", .notEncoded), ("http://x/\u{7F}", .notEncoded),
    ])
    func `Anything else is rejected with an error that names it`(text: String, reason: InvalidURL.Reason) {
        let error = #expect(throws: InvalidURL.self) { try PageURL(text) }
        #expect(error?.reason == reason)
        #expect(error?.description.hasPrefix("cannot fetch '\(text)': ") == true)
    }
}
