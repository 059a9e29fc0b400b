"""How an account signs: the algorithms by name. Chosen on the command line, used by gateway."""

from __future__ import annotations

from enum import StrEnum


class SignatureAlgorithm(StrEnum):
    """How the signature secret and what is signed become a signature.

    MD5HASH is MD5 over the text with the secret behind it, what an account has unless support changed it; the
    others are HMACs (RFC 2104) with the secret as key.
    """

    MD5HASH = "md5hash"
    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    SHA512 = "sha512"
