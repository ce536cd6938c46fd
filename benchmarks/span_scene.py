"""The scene of the span job: OTLP protobuf as the Collector's Kafka exporter writes it, by a seed."""

from benchmarks.spans_decode import written


def messages(count: int) -> list[bytes]:
    """Messages of 300 spans, five attributes each, of which two have ever new values and one names an object."""
    return written(count).proto
