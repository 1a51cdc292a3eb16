// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

/// References in pages: the examples of RFC 3986, section 5.4, and some more.
@Suite struct `References in pages` {
    @Test(arguments: [
        ("g", "/b/c/g"), ("./g", "/b/c/g"), ("g/", "/b/c/g/"), ("/g", "/g"), ("?y", "/b/c/d;p?y"),
        ("g?y", "/b/c/g?y"), ("#s", "/b/c/d;p?q"), ("g#s", "/b/c/g"), ("g?y#s", "/b/c/g?y"), (";x", "/b/c/;x"),
        ("g;x", "/b/c/g;x"), ("g;x?y#s", "/b/c/g;x?y"), ("", "/b/c/d;p?q"), (".", "/b/c/"), ("./", "/b/c/"),
        ("..", "/b/"), ("../", "/b/"), ("../g", "/b/g"), ("../..", "/"), ("../../", "/"), ("../../g", "/g"),
        ("../../../g", "/g"), ("../../../../g", "/g"), ("/./g", "/g"), ("/../g", "/g"), ("g.", "/b/c/g."),
        (".g", "/b/c/.g"), ("g..", "/b/c/g.."), ("..g", "/b/c/..g"), ("./../g", "/b/g"), ("./g/.", "/b/c/g/"),
        ("g/./h", "/b/c/g/h"), ("g/../h", "/b/c/h"), ("g;x=1/./y", "/b/c/g;x=1/y"), ("g;x=1/../y", "/b/c/y"),
        ("g?y/./x", "/b/c/g?y/./x"), ("g?y/../x", "/b/c/g?y/../x"), ("g#s/../x", "/b/c/g"),
        ("./a:b/c", "/b/c/a:b/c"), ("g?x:y", "/b/c/g?x:y"),
        ("é ", "/b/c/%C3%A9%20"), ("\u{1}", "/b/c/%01"),
    ])
    func `A relative reference is resolved from the page`(reference: String, target: String) throws {
        let page = try PageURL("http://a:1/b/c/d;p?q")
        #expect(try page.resolve(reference).text == "http://a:1\(target)")
    }

    @Test(arguments: [
        ("//g", "http://g/"), ("//g:2/x", "http://g:2/x"), ("http://g", "http://g/"), ("HTTP://g/?x", "http://g/?x"),
        ("http://[::1]:8/", "http://[::1]:8/"),
    ])
    func `A reference with a host is resolved from there`(reference: String, text: String) throws {
        #expect(try PageURL("http://a/b/c/d;p?q").resolve(reference).text == text)
    }

    @Test(arguments: ["https://g/", "g:h", "http:g", "//", "//u@g/", "%zz", "a:1"])
    func `A reference to no page is rejected`(reference: String) throws {
        let page = try PageURL("http://a/b")
        #expect(throws: InvalidURL.self) { try page.resolve(reference) }
    }
}
