"""How a message becomes octets, and back. Pure: no files, no network, no clock; every input has an answer.

Texts
gsm7             the default alphabet and national tables: encode, decode, doubts, pack, unpack, is_encodable
national         the national tables that hold a text most cheaply: cheapest
ucs2             UTF-16BE, as SMS carries it: encode, decode, code_unit_offsets
transliteration  what could stand for a character that is not in GSM-7: unsupported, suggest, transliterate
segments         how many parts a text or octets take, and where they begin: count, segment, count_octets
segment_map      for each character its part, what it costs, and why: segment_map

Messages
encode           a message of any kind as the parts that go over the air: encode, as_binary
inspect          any octets as a tree of fields, with problems: inspect_user_data, inspect_pdu
reassembly       several parts as one content: join, part_of_pdu
tpdu             SMS-SUBMIT, SMS-DELIVER, SMS-STATUS-REPORT: build, parse

What stands in them
udh              the user data header and its elements; concatenation and ports beside it
dcs, pid         data coding and protocol identifier, both ways, in words
addresses, timestamps, validity   as a TPDU holds them
wap_push, push_reading   Service Indication and Service Loading, both ways, with wsp and wbxml beneath
vcard, vcal      contacts and events for phones
hexadecimal      octets as people write them: parse, show

Import from the module that has it: nothing is loaded here, so that a caller waits only for what it uses.
"""
