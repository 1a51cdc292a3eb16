// SPDX-License-Identifier: Apache-2.0

/// What generated messages are composed of; odd parts are picked rarely.
enum Corpus {
    static let methods = ["GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"]
    static let oddMethods = ["CONNECT", "PROPFIND", "PURGE", "M-SEARCH", "PRI", "SOURCE", "FOO", "get", "GE", "PLAY"]
    static let targets = ["/", "/", "/index.html", "/a/b?c=d&e=%20f", "/%41", "//x//", "http://example.com/a?b", "/?"]
    static let oddTargets = [
        "*", "/a|b", "/\"<>\\^`{}", "/é", "/a#b", "http://example.com", "http://example.com?a", "http:///x", "/%zz",
        "a",
        "ftp://user@example.com:21/", "http://[::1]:80/", "http://a b/", "/\t", "/\u{7F}", "https://x:y@z/",
        "http://x:/",
        "a-b+c.1://h/", "http://h/?a?b", "http://h%41/", "http://h:80:80/", "?a", "",
    ]
    static let oddVersions = [
        "HTTP/1.2", "HTTP/1.9", "HTTP/2.0", "HTTP/0.9", "HTTP/1.", "HTTP/11.1", "http/1.1", "HTTP/1.1 ", "HTTP1.1",
        "RTSP/1.0",
        "ICE/1.0", "HTTP/3.1", "HTTP/1.10", "",
    ]
    static let hosts = ["localhost:8080", "example.com", "127.0.0.1", "[::1]:8080", "[2001:db8::1]"]
    static let oddHosts = [
        "", "Host: a\r\nHost: b\r\n", "Host:\r\n", "Host: a b\r\n", "Host: a:b\r\n", "Host: [::1\r\n", "Host: a/b\r\n",
        "Host: u@h\r\n", "Host: :80\r\n", "Host: a:\r\n", "Host: %41\r\n", "Host: %4\r\n", "Host: [v1.a]\r\n",
        "Host: é\r\n",
        "Host: a\r\nHost: a\r\n", "Host: []\r\n", "Host: []:80\r\n", "Host: a,b\r\n",
    ]
    static let statuses = ["200 OK", "200 OK", "200 OK", "404 Not Found", "204 No Content", "304 Not Modified", "500 "]
    static let oddStatuses = [
        "200", "101 Switching Protocols", "099 Low", "999 High", "1000 Long", "20 Short", "2OO", "200 \u{1}", "200 é",
        "200\t", "200  x", "205 Reset Content", "199 x", "600", " 200 OK", "000 x", "102 Processing",
    ]
    static let names = ["Accept", "User-Agent", "X-A", "Cookie", "Referer", "x", "Expect", "Transfer", "Content-Type"]
    static let oddNames = [
        "", "X A", "X\"", "X(", "é", "X\u{1}", "!#$%&'*+-.^_`|~", "X\0", "@", "Content-Length", "Host",
    ]
    static let values = [
        "*/*", "", "a, b", "100-continue", "text/html;q=0.9", "\"quoted\"", "ü", "a\tb", "a  b", "a:b",
    ]
    static let oddValues = [
        "a\u{1}b", "\0", "\u{7F}", "a\r\n b", "a\r\n\tb", "a\rb", "a\nb", "\u{B}", "\u{C}", "\u{1F}",
    ]
    static let connections = [
        "close", "keep-alive", "Keep-Alive", "Close", "close, keep-alive", "x, close", "closed", "upgrade",
        "keep-alive, Upgrade",
        "", ",", "close,", ",close", "clo se", "keep-alive , close", "close\t,x", "close\t", "close ", "\tclose",
        "x close",
        "close;x",
    ]
    static let bodies = [
        "hello", "", "a=b&c=d", "0\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "a somewhat longer body",
    ]
    static let oddLengths = [
        "+5", "-1", "5 ", "0x5", "5,5", "5, 5", "99999999999999999999", "18446744073709551615", "9223372036854775807",
        "005", "",
        "5 5", "1e1", "5;a", "٥", "0", "1", "1000", "\t5", "5\t", "00000000000000000000000000000000005",
        "9223372036854775808",
    ]
    static let oddCodings = [
        "gzip, chunked", "chunked, gzip", "identity", "chunked, chunked", "xchunked", ", chunked", "chunked,",
        "chunked;a=b",
        "gzip", "chunked ", "\tchunked", "chunked, identity", "", "chunkedx", "chun ked", "\"chunked\"", "gzip,chunked",
        "chunked , x", "x , chunked", "gzip chunked", "chunked\t",
    ]
    static let oddSizes = [
        "", "g", "-1", "+1", "0x1", " 5", "5 ", "5\t", "fffffffffffffffff", "ffffffffffffffff", "8000000000000000",
    ]
    static let extensions = [
        ";a", ";a=b", ";a=\"b c\"", ";a=b;c=d", " ;a", "; a", ";a = b", ";", ";=", ";a=", ";a=\"b", ";a=\"b\\\"c\"",
        ";;",
        ";a\u{1}", ";é", ";a=\u{7F}", ";a=\"\u{1}\"", " ", "\t;a", ";a=\"b\"c", ";a=\"b\";d", ";a\tb", ";a ",
        ";a=\"\té\"",
        ";a=\"\\\u{1}\"",
    ]
    static let insertions = [
        "\r\n", "\n", "\r\n\r\n", "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "chunked", "HTTP/1.1", " ",
        "\r\n ",
        "Host: x\r\n", "0\r\n", "GET / HTTP/1.1\r\n", "Connection: close\r\n",
    ]
}
