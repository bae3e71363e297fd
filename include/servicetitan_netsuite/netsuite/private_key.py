"""A private key as people paste it, and the signature algorithm it is for."""

from __future__ import annotations

import base64
import binascii
import re
import textwrap

from jwt.algorithms import get_default_algorithms
from jwt.exceptions import InvalidKeyError

_PEM = re.compile(
    r"-----BEGIN ([A-Z ]*PRIVATE KEY)-----(.*?)-----END \1-----", re.DOTALL | re.IGNORECASE
)
_EC_ALGORITHMS = ("ES256", "ES384", "ES512")


def normalise(text: str) -> str:
    """`text` as a well-formed PEM.

    Accepted are real newlines, the two characters `\\n`, spaces in place of newlines, and the
    base64 of the whole PEM.

    Raises:
        ValueError: no private key is in it, or one that needs a passphrase.
    """
    cleaned = text.strip().strip("\"'").replace("\\r", "").replace("\\n", "\n")
    if "-----BEGIN" not in cleaned:
        cleaned = _from_base64(cleaned)
    found = _PEM.search(cleaned)
    if not found:
        raise ValueError("is not a private key in PEM form (-----BEGIN PRIVATE KEY----- ...)")
    label, body = found.group(1).upper(), found.group(2)
    if "ENCRYPTED" in label or "ENCRYPTED" in body:
        raise ValueError("needs a passphrase; store the key without one")
    packed = "".join(body.split())
    lines = "\n".join(textwrap.wrap(packed, 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"


def signing_algorithm(pem: str) -> str:
    """The assertion's `alg`: PS256 for an RSA key, ES256, ES384 or ES512 for an elliptic curve.

    Raises:
        ValueError: the key cannot be read, or is of a kind NetSuite does not take.
    """
    algorithms = get_default_algorithms()
    for name in ("PS256", *_EC_ALGORITHMS):
        try:
            key = algorithms[name].prepare_key(pem)
        except (ValueError, TypeError, InvalidKeyError):
            continue
        if not hasattr(key, "private_numbers"):
            continue
        if name == "PS256" and key.key_size < 2048:
            raise ValueError(f"has {key.key_size} bits; NetSuite takes RSA keys from 2048 bits")
        return name
    raise ValueError("cannot be read: NetSuite takes RSA keys and the curves P-256, P-384, P-521")


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
