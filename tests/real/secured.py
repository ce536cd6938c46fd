"""A Kafka that encrypts and asks who one is: one node with an authority, certificates and a user of its own."""

import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from streams.broker.embedded import last_lines
from streams.runtime.ports import HOST, free_port
from tests.real.kafka import CLUSTER, START_SECONDS, Kafka, KafkaNotStarted, Node, settings_of

USER, PASSWORD = "flowglass", "a-word-of-this-test"
Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


class SecuredKafka(Kafka):
    """Signs on with SCRAM over TLS at one port, and by the client's certificate at another."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.papers = folder / "papers"
        self.sasl_port, self.tls_port = free_port(), free_port()

    def _format(self, node: Node) -> None:
        self.papers.mkdir(parents=True)
        write_papers(self.papers)
        node.folder.mkdir(parents=True)
        settings = {**settings_of(node, self.nodes), **self._security(node)}
        node.settings_file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        user = f"SCRAM-SHA-512=[name={USER},password={PASSWORD}]"
        arguments = ["format", "--cluster-id", CLUSTER, "--config", str(node.settings_file), "--add-scram", user]
        if self._run(node, "kafka.tools.StorageTool", *arguments).wait(START_SECONDS):
            raise KafkaNotStarted(f"Kafka's storage was not formatted:\n{last_lines(node.log_file)}")

    def _security(self, node: Node) -> dict[str, str]:
        plain = f"PLAINTEXT://{HOST}:{node.port}"
        encrypted = f"SASL_SSL://{HOST}:{self.sasl_port},SSL://{HOST}:{self.tls_port}"
        login = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        return {
            "listeners": f"{plain},{encrypted},CONTROLLER://{HOST}:{node.controller_port}",
            "advertised.listeners": f"{plain},{encrypted}",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL",
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": login,
            "listener.name.ssl.ssl.client.auth": "required",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self.papers / "server.pem"),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.papers / "ca.pem"),
        }


def write_papers(folder: Path) -> None:
    """ca.pem, and server.pem and client.pem with key and certificate."""
    authority = _made("authority", None)
    (folder / "ca.pem").write_bytes(_pem(authority[0]))
    for name in ("server", "client"):
        certificate, key = _made(name, authority)
        (folder / f"{name}.pem").write_bytes(_pem_key(key) + _pem(certificate))


def _made(name: str, issuer: Pair | None) -> Pair:
    """A certificate with its key; without an issuer it signs itself and may sign others."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(_addresses()), critical=False)
    )
    return built.sign(issuer[1] if issuer else key, hashes.SHA256()), key


def _addresses() -> Sequence[x509.GeneralName]:
    return [x509.IPAddress(ipaddress.ip_address(HOST))]


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _pem_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    form, no_password = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, no_password)
