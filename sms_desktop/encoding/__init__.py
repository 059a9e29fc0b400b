"""How a message becomes octets, and back. Pure: no files, no network, no clock; every input has an answer.

gsm7             the GSM 7 bit default alphabet: encode, decode, pack, unpack, is_encodable, unsupported_spans
ucs2             UTF-16BE, as SMS carries it: encode, decode, code_unit_offsets
transliteration  what could stand for a character that is not in GSM-7: unsupported, suggest, transliterate
udh              the user data header: concatenation
segments         how many parts a text takes, and where they begin: count, segment
encode           a message as the parts that go over the air: encode

Import from the module that has it: nothing is loaded here, so that a caller waits only for what it uses.
"""
