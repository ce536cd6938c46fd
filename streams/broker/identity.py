"""An idempotent aiokafka producer that the embedded broker accepts too.

aiokafka asks for a producer id with InitProducerId version 0; the embedded broker answers only version 3 and later,
which name the id and epoch held so far (-1: none): https://kafka.apache.org/protocol.html#The_Messages_InitProducerId
The version is negotiated, so Apache Kafka gets what it supports. The sender is not public API of aiokafka; what
reaches into it is in this file.
"""

import asyncio
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.producer.sender import InitPIDHandler, Sender
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.transaction import InitProducerIdRequest_v0
from aiokafka.protocol.types import CompactString, Int16, Int32, Int64, Schema, TaggedFields

_INIT_PRODUCER_ID = 22
_NONE_YET = -1


class InitProducerIdResponseV3(Response):  # type: ignore[misc]
    API_KEY = _INIT_PRODUCER_ID
    API_VERSION = 3
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        ("producer_id", Int64),
        ("producer_epoch", Int16),
        ("tags", TaggedFields),
    )


class InitProducerIdRequestV3(RequestStruct):  # type: ignore[misc]
    API_KEY = _INIT_PRODUCER_ID
    API_VERSION = 3
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = InitProducerIdResponseV3
    SCHEMA = Schema(
        ("transactional_id", CompactString("utf-8")),
        ("transaction_timeout_ms", Int32),
        ("producer_id", Int64),
        ("producer_epoch", Int16),
        ("tags", TaggedFields),
    )


class InitProducerId(Request[InitProducerIdRequest_v0 | InitProducerIdRequestV3]):  # type: ignore[misc]
    """Ask for a producer id; `timeout_ms` matters to transactions only."""

    API_KEY = _INIT_PRODUCER_ID

    def __init__(self, timeout_ms: int) -> None:
        self._timeout_ms = timeout_ms

    def build(self, request_struct_class: type[Any]) -> Any:
        if request_struct_class is InitProducerIdRequest_v0:
            return InitProducerIdRequest_v0(None, self._timeout_ms)
        return InitProducerIdRequestV3(None, self._timeout_ms, _NONE_YET, _NONE_YET, {})


class _Handler(InitPIDHandler):  # type: ignore[misc]
    def create_request(self) -> InitProducerId:
        return InitProducerId(self._sender._txn_manager.transaction_timeout_ms)


class _Sender(Sender):  # type: ignore[misc]
    async def _do_init_pid(self, node_id: int) -> bool:
        return bool(await _Handler(self).do(node_id))


class IdempotentProducer(AIOKafkaProducer):  # type: ignore[misc]
    """An AIOKafkaProducer with acks=all and idempotence: a retry inside it never doubles or reorders a record."""

    _sender: Any

    def __init__(self, **settings: Any) -> None:
        super().__init__(acks="all", enable_idempotence=True, **settings)
        plain = self._sender
        self._sender = _Sender(
            plain.client,
            acks=plain._acks,
            txn_manager=plain._txn_manager,
            message_accumulator=plain._message_accumulator,
            retry_backoff_ms=plain._retry_backoff * 1000,
            request_timeout_ms=plain._request_timeout_ms,
        )

    async def abandon(self) -> None:
        """Stop at once. aiokafka's own `stop` waits for unacknowledged batches, for ever while the broker is away."""
        self._closed = True
        task = self._sender.sender_task
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        await self.client.close()
