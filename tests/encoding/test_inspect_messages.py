from __future__ import annotations

import pytest

from sms_desktop.encoding.tpdu import Direction
from tests.encoding.inspections import outline, pdu

# Real ones, from the tests of python-messaging, ofono, python-gsmmodem and from tutorials.
HELLO = "07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37"
TIM = (
    "07919333852804000412D0F7FBDD454FB75D693A0000903002801153402BCD301E9F0605D9E971191483C140412A"
    "35690D52832063D2F9040599A058EE05A3BD6430580E"
)
NOT_OBTAINABLE = "07914306073011F006270B913426565711F7012081111345400120811174054043"
PUSH_1 = (
    "0791947122725014440C8500947122921105F5112042519582408C0B05040B8423F0000396020101060B03AE81EA"
    "C3958D01A2B48403056A0A20566F6461666F6E650045C60C037761702E6D65696E63616C6C79612E64652F000801"
    "035A756D206B6F7374656E6C6F73656E20506F7274616C20224D65696E0083000322202D2065696E666163682061"
    "75662064656E20666F6C67656E64656E204C696E6B206B6C69636B656E"
)
PUSH_2 = (
    "0791947122725014440C8500947122921105F5112042519592403C0B05040B8423F00003960202206F6465722064"
    "696520536569746520646972656B7420617566727566656E2E2049687200830003205465616D000101"
)
EMS = (
    "0041000B915121551532F40000631A0A031906200A032104100A032705040A032E05080A043807002B8ACD29A85D"
    "9ECFC3E7F21C340EBB41E3B79B1E4EBB41697A989D1EB340E2379BCC02B1C3F27399059AB7C36C3628EC2683C66F"
    "F65B5E2683E8653C1D"
)


@pytest.mark.parametrize(
    "octets, direction, text, expected",
    [
        (
            HELLO,
            None,
            "hellohello",
            """
            Service Centre Address: +27381000015
            First Octet: SMS-DELIVER
            Originating Address (TP-OA): 27838890001
            Protocol Identifier (TP-PID): short message
            Data Coding Scheme (TP-DCS): GSM 7-bit default alphabet
            Service Centre Time Stamp (TP-SCTS): 1999-03-29T15:16:59+02:00
            User Data Length (TP-UDL): 10 septets
            User Data (TP-UD): 9 octets
              Text: hellohello
            """,
        ),
        (
            TIM,
            "mt",
            "Maxxi Alice 100 ATTIVATA FINO AL 19/04/2009",
            """
            Service Centre Address: +393358824000
            First Octet: SMS-DELIVER
            Originating Address (TP-OA): www.tim.it
            Protocol Identifier (TP-PID): short message
            Data Coding Scheme (TP-DCS): GSM 7-bit default alphabet
            Service Centre Time Stamp (TP-SCTS): 2009-03-20T08:11:35+01:00
            User Data Length (TP-UDL): 43 septets
            User Data (TP-UD): 38 octets
              Text: Maxxi Alice 100 ATTIVATA FINO AL 19/04/2009
            """,
        ),
        (
            "0011000B916407281553F80000AA0AE8329BFD4697D9EC37",
            "mo",
            "hellohello",
            """
            Service Centre Address: none
            First Octet: SMS-SUBMIT
            Message Reference (TP-MR): 0
            Destination Address (TP-DA): +46708251358
            Protocol Identifier (TP-PID): short message
            Data Coding Scheme (TP-DCS): GSM 7-bit default alphabet
            Validity Period (TP-VP): 4 days (170)
            User Data Length (TP-UDL): 10 septets
            User Data (TP-UD): 9 octets
              Text: hellohello
            """,
        ),
        (
            "0019000B914316565811F900100170520251930004E8373B0C",  # flash, until a moment
            None,
            "hola",
            """
            Service Centre Address: none
            First Octet: SMS-SUBMIT
            Message Reference (TP-MR): 0
            Destination Address (TP-DA): +34616585119
            Protocol Identifier (TP-PID): short message
            Data Coding Scheme (TP-DCS): GSM 7-bit default alphabet, class 0 (flash: shown at once)
            Validity Period (TP-VP): 2010-07-25T20:15:39+00:00
            User Data Length (TP-UDL): 4 septets
            User Data (TP-UD): 4 octets
              Text: hola
            """,
        ),
        (
            NOT_OBTAINABLE,
            None,
            None,
            """
            Service Centre Address: +34607003110
            First Octet: SMS-STATUS-REPORT
            Message Reference (TP-MR): 39
            Recipient Address (TP-RA): +43626575117
            Service Centre Time Stamp (TP-SCTS): 2010-02-18T11:31:54+01:00
            Discharge Time (TP-DT): 2010-02-18T11:47:50+01:00
            Status (TP-ST): not obtainable (permanent error, given up)
            """,
        ),
        (
            "07913366002020F8040B913366600600F100C83180706174148000",  # a voicemail waits
            None,
            "",
            """
            Service Centre Address: +33660002028
            First Octet: SMS-DELIVER
            Originating Address (TP-OA): +33660660001
            Protocol Identifier (TP-PID): short message
            Data Coding Scheme (TP-DCS): GSM 7-bit default alphabet, voicemail waiting, text discarded
            Service Centre Time Stamp (TP-SCTS): 2013-08-07T16:47:41+02:00
            User Data Length (TP-UDL): 0 septets
            """,
        ),
        (
            EMS,
            None,
            "EMS messages can contain italic, bold, large, small and colored text",
            """
            Service Centre Address: none
            First Octet: SMS-SUBMIT
            Message Reference (TP-MR): 0
            Destination Address (TP-DA): +15125551234
            Protocol Identifier (TP-PID): short message
            Data Coding Scheme (TP-DCS): GSM 7-bit default alphabet
            User Data Length (TP-UDL): 99 septets
            User Data (TP-UD): 87 octets
              User Data Header: 27 octets
                User Data Header Length: 26 octets
                Text formatting: 6 characters from 25: italic, left
                Text formatting: 4 characters from 33: bold, left
                Text formatting: 5 characters from 39: large, left
                Text formatting: 5 characters from 46: small, left
                Text formatting: 7 characters from 56: left, bright yellow on dark red
              Text: EMS messages can contain italic, bold, large, small and colored text
            """,
        ),
        (
            PUSH_1,
            None,
            None,
            """
            Service Centre Address: +491722270541
            First Octet: SMS-DELIVER
            Originating Address (TP-OA): 004917222911
            Protocol Identifier (TP-PID): short message, SM-AL protocol 5
            Data Coding Scheme (TP-DCS): 8-bit data, class 1 (phone memory)
            Service Centre Time Stamp (TP-SCTS): 2011-02-24T15:59:28+01:00
            User Data Length (TP-UDL): 140 octets
            User Data (TP-UD): 140 octets
              User Data Header: 12 octets
                User Data Header Length: 11 octets
                Port addressing, 16-bit: to 2948 (WAP Push), from 9200 (WSP)
                Concatenation, 8-bit reference: part 1 of 2, reference 150
              WAP Push: part 1 of 2, read as far as it goes
                WSP Push: application/vnd.wap.sic
                  Transaction Identifier: 1
                  PDU Type: Push
                  Headers Length: 11 octets
                  Content Type: application/vnd.wap.sic; charset=UTF-8
                  Encoding-Version: 1.5
                  Content-Length: 162
                  Push-Flag: last push message
                WBXML: si
                  Version: WBXML 1.3
                  Public Identifier: Service Indication 1.0
                  Character Set: UTF-8
                  String Table Length: 10 octets
                  String Table
                  si
            """,
        ),
        (
            PUSH_2,
            None,
            None,
            """
            Service Centre Address: +491722270541
            First Octet: SMS-DELIVER
            Originating Address (TP-OA): 004917222911
            Protocol Identifier (TP-PID): short message, SM-AL protocol 5
            Data Coding Scheme (TP-DCS): 8-bit data, class 1 (phone memory)
            Service Centre Time Stamp (TP-SCTS): 2011-02-24T15:59:29+01:00
            User Data Length (TP-UDL): 60 octets
            User Data (TP-UD): 60 octets
              User Data Header: 12 octets
                User Data Header Length: 11 octets
                Port addressing, 16-bit: to 2948 (WAP Push), from 9200 (WSP)
                Concatenation, 8-bit reference: part 2 of 2, reference 150
              WAP Push: part 2 of 2, 48 octets
            """,
        ),
        (
            "0000D0050000",  # the answer of a phone whose storage is full
            "mo",
            "",
            """
            Service Centre Address: none
            First Octet: SMS-DELIVER-REPORT
            Failure Cause (TP-FCS): (U)SIM storage full
            Parameter Indicator (TP-PI): TP-PID, TP-UD
            Protocol Identifier (TP-PID): short message
            User Data Length (TP-UDL): 0 septets
            """,
        ),
        (
            "00010011119071951200",
            "mt",
            None,
            """
            Service Centre Address: none
            First Octet: SMS-SUBMIT-REPORT
            Parameter Indicator (TP-PI): nothing follows
            Service Centre Time Stamp (TP-SCTS): 2011-11-09T17:59:21+00:00
            """,
        ),
        (
            "0022070002060B911316325476F800",
            "mo",
            None,
            """
            Service Centre Address: none
            First Octet: SMS-COMMAND
            Message Reference (TP-MR): 7
            Protocol Identifier (TP-PID): short message
            Command Type (TP-CT): delete an earlier message
            Message Number (TP-MN): 6
            Destination Address (TP-DA): +31612345678
            Command Data Length (TP-CDL): 0 octets
            """,
        ),
        (
            # A command packet for a SIM application: element 70, protocol identifier 7F, class 2.
            "07911326040000F0440B911346610089F67FF6208062917314480D02700000081122334455667788",
            "mt",
            None,
            """
            Service Centre Address: +31624000000
            First Octet: SMS-DELIVER
            Originating Address (TP-OA): +31641600986
            Protocol Identifier (TP-PID): (U)SIM data download
            Data Coding Scheme (TP-DCS): 8-bit data, class 2 (SIM)
            Service Centre Time Stamp (TP-SCTS): 2002-08-26T19:37:41-01:00
            User Data Length (TP-UDL): 13 octets
            User Data (TP-UD): 13 octets
              User Data Header: 3 octets
                User Data Header Length: 2 octets
                (U)SIM toolkit command packet
              (U)SIM Data: 10 octets
            """,
        ),
    ],
)
def test_real_messages(octets: str, direction: Direction | None, text: str | None, expected: str) -> None:
    found = pdu(octets, direction=direction)
    lines = expected.strip("\n").split("\n")
    margin = len(lines[0]) - len(lines[0].lstrip())
    assert outline(found.fields) == [line[margin:] for line in lines if line.strip()]
    assert found.text == text
    assert found.problems == ()


def test_a_part_of_a_push_is_read_as_far_as_it_goes() -> None:
    first, second = (pdu(octets) for octets in (PUSH_1, PUSH_2))
    assert first.content is not None
    assert first.content.as_dict()["href"] == "http://wap.meincallya.de/"
    assert second.content is None
    broken = bytearray(bytes.fromhex(PUSH_1))
    broken[40] = 0x07  # no push: what is wrong in the part itself is said all the same
    assert [problem.message for problem in pdu(bytes(broken)).problems] == [
        "This is not a push: its PDU type is not 06."
    ]
