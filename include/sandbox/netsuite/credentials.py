"""What an integration signs in with, made once and kept in files.

The private key is written with mode 0600; the stand-in itself only ever reads the certificate.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Tba:
    """The four secrets of token-based authentication (OAuth 1.0a)."""

    consumer_key: str
    consumer_secret: str
    token_id: str
    token_secret: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """One integration's access to one account.

    `certificate` is PEM text: an X.509 certificate or a bare public key.
    """

    account_id: str
    client_id: str
    certificate_id: str
    certificate: str
    private_key_path: str
    tba: Tba

    def shown(self) -> dict[str, Any]:
        """What a client needs, as `.run/sandbox.json` holds it."""
        return {
            "account_id": self.account_id,
            "client_id": self.client_id,
            "certificate_id": self.certificate_id,
            "private_key_path": self.private_key_path,
            "tba": asdict(self.tba),
        }


def _certificate(key: PrivateKey, account_id: str) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"sandbox {account_id}")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=730))
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _write_private(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def create(folder: Path, account_id: str, elliptic: bool = True) -> Credentials:
    """Make a key pair (EC P-256, or RSA 3072) and the ids that go with it, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    key: PrivateKey = (
        ec.generate_private_key(ec.SECP256R1())
        if elliptic
        else rsa.generate_private_key(public_exponent=65537, key_size=3072)
    )
    stem = f"netsuite-{account_id.lower()}"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _write_private(folder / f"{stem}.key", private)
    certificate = _certificate(key, account_id)
    (folder / f"{stem}.crt").write_text(certificate, "utf-8")
    credentials = Credentials(
        account_id=account_id,
        client_id=secrets.token_hex(32),
        certificate_id=secrets.token_urlsafe(32),
        certificate=certificate,
        private_key_path=str((folder / f"{stem}.key").resolve()),
        tba=Tba(*(secrets.token_hex(32) for _ in range(4))),
    )
    _write_private(folder / f"{stem}.json", json.dumps(asdict(credentials)).encode())
    return credentials


def load_or_create(folder: Path, account_id: str) -> Credentials:
    """The credentials made earlier in `folder`, or new ones."""
    kept = folder / f"netsuite-{account_id.lower()}.json"
    if not kept.exists():
        return create(folder, account_id)
    data = json.loads(kept.read_text("utf-8"))
    return Credentials(**{**data, "tba": Tba(**data["tba"])})
