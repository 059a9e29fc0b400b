"""Names of what WSP push headers say in numbers (WAP-230 Appendix A, WINA). Called by wsp."""

from __future__ import annotations

PDU_TYPES = {
    0x01: "Connect",
    0x02: "ConnectReply",
    0x03: "Redirect",
    0x04: "Reply",
    0x05: "Disconnect",
    0x06: "Push",
    0x07: "ConfirmedPush",
    0x08: "Suspend",
    0x09: "Resume",
    0x40: "Get",
    0x41: "Options",
    0x42: "Head",
    0x43: "Delete",
    0x44: "Trace",
    0x60: "Post",
    0x61: "Put",
}
"""WAP-230 table 34."""

_HEADERS = """
    Accept Accept-Charset Accept-Encoding Accept-Language Accept-Ranges Age Allow Authorization Cache-Control
    Connection Content-Base Content-Encoding Content-Language Content-Length Content-Location Content-MD5
    Content-Range Content-Type Date Etag Expires From Host If-Modified-Since If-Match If-None-Match If-Range
    If-Unmodified-Since Location Last-Modified Max-Forwards Pragma Proxy-Authenticate Proxy-Authorization
    Public Range Referer Retry-After Server Transfer-Encoding Upgrade User-Agent Vary Via Warning
    WWW-Authenticate Content-Disposition X-Wap-Application-Id X-Wap-Content-URI X-Wap-Initiator-URI
    Accept-Application Bearer-Indication Push-Flag Profile Profile-Diff Profile-Warning Expect TE Trailer
    Accept-Charset Accept-Encoding Cache-Control Content-Range X-Wap-Tod Content-ID Set-Cookie Cookie
    Encoding-Version Profile-Warning Content-Disposition X-WAP-Security Cache-Control
"""

HEADERS = tuple(_HEADERS.split())
"""WAP-230 table 39, from 00."""

DATES = frozenset(
    {"Date", "Expires", "If-Modified-Since", "If-Unmodified-Since", "Last-Modified", "X-Wap-Tod"}
)
"""Headers whose long integer counts seconds from 1970 (WAP-230 8.4.2.3)."""

NUMBERS = DATES | {"Age", "Bearer-Indication", "Content-Length", "Max-Forwards", "X-Wap-Application-Id"}
"""Headers whose value may be a long integer, dates included; elsewhere a length begins a structure."""

PARAMETERS = {
    0x00: "q",
    0x01: "charset",
    0x02: "level",
    0x03: "type",
    0x05: "name",
    0x06: "filename",
    0x07: "differences",
    0x08: "padding",
    0x09: "type",
    0x0A: "start",
    0x0B: "start-info",
    0x0C: "comment",
    0x0D: "domain",
    0x0E: "max-age",
    0x0F: "path",
    0x10: "secure",
    0x11: "SEC",
    0x12: "MAC",
    0x13: "creation-date",
    0x14: "modification-date",
    0x15: "read-date",
    0x16: "size",
    0x17: "name",
    0x18: "filename",
    0x19: "start",
    0x1A: "start-info",
    0x1B: "comment",
    0x1C: "domain",
    0x1D: "path",
}
"""WAP-230 table 38."""

_CONTENT_TYPES = """
    */* text/* text/html text/plain text/x-hdml text/x-ttml text/x-vCalendar text/x-vCard text/vnd.wap.wml
    text/vnd.wap.wmlscript text/vnd.wap.wta-event multipart/* multipart/mixed multipart/form-data
    multipart/byteranges multipart/alternative application/* application/java-vm
    application/x-www-form-urlencoded application/x-hdmlc application/vnd.wap.wmlc
    application/vnd.wap.wmlscriptc application/vnd.wap.wta-eventc application/vnd.wap.uaprof
    application/vnd.wap.wtls-ca-certificate application/vnd.wap.wtls-user-certificate
    application/x-x509-ca-cert application/x-x509-user-cert image/* image/gif image/jpeg image/tiff image/png
    image/vnd.wap.wbmp application/vnd.wap.multipart.* application/vnd.wap.multipart.mixed
    application/vnd.wap.multipart.form-data application/vnd.wap.multipart.byteranges
    application/vnd.wap.multipart.alternative application/xml text/xml application/vnd.wap.wbxml
    application/x-x968-cross-cert application/x-x968-ca-cert application/x-x968-user-cert text/vnd.wap.si
    application/vnd.wap.sic text/vnd.wap.sl application/vnd.wap.slc text/vnd.wap.co application/vnd.wap.coc
    application/vnd.wap.multipart.related application/vnd.wap.sia text/vnd.wap.connectivity-xml
    application/vnd.wap.connectivity-wbxml application/pkcs7-mime application/vnd.wap.hashed-certificate
    application/vnd.wap.signed-certificate application/vnd.wap.cert-response application/xhtml+xml
    application/wml+xml text/css application/vnd.wap.mms-message application/vnd.wap.rollover-certificate
    application/vnd.wap.locc+wbxml application/vnd.wap.loc+xml application/vnd.syncml.dm+wbxml
    application/vnd.syncml.dm+xml application/vnd.syncml.notification application/vnd.wap.xhtml+xml
    application/vnd.wv.csp.cir application/vnd.oma.dd+xml application/vnd.oma.drm.message
    application/vnd.oma.drm.content application/vnd.oma.drm.rights+xml application/vnd.oma.drm.rights+wbxml
"""

CONTENT_TYPES = tuple(_CONTENT_TYPES.split())
"""WAP-230 table 40 and WINA's later numbers, from 00."""

SIC = CONTENT_TYPES.index("application/vnd.wap.sic")
SLC = CONTENT_TYPES.index("application/vnd.wap.slc")

WBXML_TYPES = frozenset(
    {name for name in CONTENT_TYPES if name.endswith("wbxml")}
    | {
        "application/vnd.wap.sic",
        "application/vnd.wap.slc",
        "application/vnd.wap.coc",
        "application/vnd.wap.wmlc",
    }
)
"""The content types whose body is WBXML."""

APPLICATIONS = {
    0x00: "any application",
    0x01: "push.sia",
    0x02: "wml.ua",
    0x03: "wta.ua",
    0x04: "mms.ua",
    0x05: "push.syncml",
    0x06: "loc.ua",
    0x07: "syncml.dm",
    0x08: "drm.ua",
    0x09: "emn.ua",
    0x0A: "wv.ua",
}
"""X-Wap-Application-Id (WINA push application identifiers)."""

PUSH_FLAGS = ((1, "initiator authenticated"), (2, "content trusted"), (4, "last push message"))
"""Bits of Push-Flag (WAP-251 8.4.1.5)."""

XML_TYPES = frozenset({"text/vnd.wap.si", "text/vnd.wap.sl"})
"""Content types whose body is a Service Indication or Loading as XML."""
