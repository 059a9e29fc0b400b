"""The options of curl: which take a value, and what each is to us. Read by curl."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def _listed(names: str) -> frozenset[str]:
    return frozenset(names.split())


READ = frozenset(
    {
        "data",
        "data-ascii",
        "data-raw",
        "data-binary",
        "data-urlencode",
        "form",
        "form-string",
        "header",
        "json",
        "oauth2-bearer",
        "request",
        "url",
        "url-query",
        "user",
    }
)
"""Options with a value that say something about the request."""

VALUED = READ | _listed(
    """
    abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout
    connect-to continue-at cookie cookie-jar create-file-mode crlfile curves delegation dns-interface
    dns-ipv4-addr dns-ipv6-addr dns-servers doh-url dump-header egd-file engine etag-compare etag-save
    expect100-timeout ftp-account ftp-alternative-to-user ftp-method ftp-port ftp-ssl-ccc-mode
    happy-eyeballs-timeout-ms haproxy-clientip hostpubmd5 hostpubsha256 hsts interface ipfs-gateway
    keepalive-time key key-type krb limit-rate local-port login-options mail-auth mail-from mail-rcpt
    max-filesize max-redirs max-time netrc-file noproxy output output-dir parallel-max pass pinnedpubkey
    preproxy proto proto-default proto-redir proxy proxy-cacert proxy-capath proxy-cert proxy-cert-type
    proxy-ciphers proxy-crlfile proxy-header proxy-key proxy-key-type proxy-pass proxy-pinnedpubkey
    proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword proxy-tlsuser proxy-user
    proxy1.0 pubkey quote random-file range rate referer request-target resolve retry retry-delay
    retry-max-time sasl-authzid service-name socks4 socks4a socks5 socks5-gssapi-service socks5-hostname
    speed-limit speed-time stderr telnet-option tftp-blksize time-cond tls-max tls13-ciphers tlsauthtype
    tlspassword tlsuser trace trace-ascii trace-config unix-socket upload-file user-agent variable write-out
    """
)
"""Options that take the word behind them."""

PLAIN = _listed(
    """
    anyauth append basic ca-native cert-status compressed compressed-ssh create-dirs crlf digest
    disable disable-eprt disable-epsv disallow-username-in-url doh-cert-status doh-insecure fail fail-early
    fail-with-body false-start form-escape ftp-create-dirs ftp-pasv ftp-pret ftp-skip-pasv-ip ftp-ssl-ccc
    ftp-ssl-control get globoff haproxy-protocol head help http0.9 http1.0 http1.1 http2 http2-prior-knowledge
    http3 http3-only ignore-content-length include insecure ipv4 ipv6 junk-session-cookies list-only location
    location-trusted mail-rcpt-allowfails manual metalink negotiate netrc netrc-optional next no-alpn no-basic
    no-buffer no-clobber no-keepalive no-location no-npn no-progress-meter no-sessionid no-silent ntlm ntlm-wb
    parallel parallel-immediate path-as-is post301 post302 post303 progress-bar progress-meter proxy-anyauth
    proxy-basic proxy-digest proxy-insecure proxy-negotiate proxy-ntlm proxytunnel raw remote-header-name
    remote-name remote-name-all remote-time remove-on-error retry-all-errors retry-connrefused sasl-ir
    show-error show-headers silent skip-existing ssl ssl-allow-beast ssl-auto-client-cert ssl-no-revoke
    ssl-reqd ssl-revoke-best-effort sslv2 sslv3 styled-output suppress-connect-headers tcp-fastopen
    tcp-nodelay tftp-no-options tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 tr-encoding trace-ids trace-time
    use-ascii verbose version xattr
    """
)
"""Options that stand alone."""

SHORT: Mapping[str, str] = MappingProxyType(
    {
        "0": "http1.0",
        "1": "tlsv1",
        "2": "sslv2",
        "3": "sslv3",
        "4": "ipv4",
        "6": "ipv6",
        "a": "append",
        "A": "user-agent",
        "b": "cookie",
        "B": "use-ascii",
        "c": "cookie-jar",
        "C": "continue-at",
        "d": "data",
        "D": "dump-header",
        "e": "referer",
        "E": "cert",
        "f": "fail",
        "F": "form",
        "g": "globoff",
        "G": "get",
        "h": "help",
        "H": "header",
        "i": "include",
        "I": "head",
        "j": "junk-session-cookies",
        "J": "remote-header-name",
        "k": "insecure",
        "K": "config",
        "l": "list-only",
        "L": "location",
        "m": "max-time",
        "M": "manual",
        "n": "netrc",
        "N": "no-buffer",
        "o": "output",
        "O": "remote-name",
        "p": "proxytunnel",
        "P": "ftp-port",
        "q": "disable",
        "Q": "quote",
        "r": "range",
        "R": "remote-time",
        "s": "silent",
        "S": "show-error",
        "t": "telnet-option",
        "T": "upload-file",
        "u": "user",
        "U": "proxy-user",
        "v": "verbose",
        "V": "version",
        "w": "write-out",
        "x": "proxy",
        "X": "request",
        "y": "speed-time",
        "Y": "speed-limit",
        "z": "time-cond",
        "Z": "parallel",
        "#": "progress-bar",
        ":": "next",
    }
)
"""The letters, by the names that they stand for."""

QUIET = _listed(
    """
    silent show-error verbose include fail fail-with-body compressed globoff basic http1.1 http2 location
    no-buffer get no-progress-meter progress-bar output write-out max-time connect-timeout ipv4 ipv6
    user-agent location-trusted request url tlsv1.2 tlsv1.3 anyauth
    """
)
"""Options that change nothing about the message, so that nobody needs to hear that they were left out."""
