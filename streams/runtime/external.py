"""The broker and the store that `flowglass up` was told to use instead of its own: are they there, and made ready."""

from aiokafka.errors import KafkaError

from metrics.store.client import StoreUrl
from metrics.store.errors import StoreError, StoreUnavailable
from metrics.store.migrate import migrate_url
from streams.broker.declaring import declare_topics
from streams.broker.offsets import OffsetsUnknown
from streams.broker.probe import any_answers
from streams.runtime.stack import Addresses, StackOptions
from streams.topics import NotCopartitioned

ANSWER_SECONDS = 5.0


class ExternalUnusable(Exception):
    """An external part does not answer or refuses; the message says what to do."""


def prepare(options: StackOptions, addresses: Addresses) -> None:
    """Topics on the external broker, the schema in the external store. Raises ExternalUnusable."""
    if options.broker is not None:
        _prepare_broker(addresses.broker, options.partitions)
    if options.store is not None:
        _prepare_store(addresses.store)


def _prepare_broker(broker: str, partitions: int) -> None:
    if not any_answers(broker, ANSWER_SECONDS):
        raise ExternalUnusable(
            f"no Kafka broker answers at {broker}; "
            "start it, name another with --broker HOST:PORT, or leave --broker out for the embedded one"
        )
    try:
        declare_topics(broker, partitions)
    except (KafkaError, NotCopartitioned, OffsetsUnknown, OSError) as error:
        raise ExternalUnusable(f"the topics can't be declared on the Kafka broker at {broker}: {error}") from error


def _prepare_store(store: str) -> None:
    try:
        migrate_url(store)
    except StoreUnavailable as error:
        raise ExternalUnusable(
            f"no store answers at {_without_password(store)}; "
            "start it, name another with --store URL, or leave --store out for the embedded one"
        ) from error
    except StoreError as error:
        raise ExternalUnusable(f"the store's schema can't be brought up to date: {error}") from error


def _without_password(url: str) -> str:
    at = StoreUrl.parse(url)
    return f"{at.host}:{at.port}"
